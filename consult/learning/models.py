"""What helps to understand a draft: a guide in plain language, questions and answers, terms, and a shelf."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from consult.accounts.models import Person, one_of
from consult.consultations.models import Consultation, StoredFile
from consult.core import clock
from consult.core.db import Base, link

KINDS = {"document": "Document", "data": "Data", "model": "Model", "code": "Code", "link": "Web page"}
STATES = ("proposed", "accepted", "declined", "withdrawn", "removed")
# Keys are SPDX identifiers, but for the last four. "other" is said in the organiser's own words.
LICENCES = {
    "CC0-1.0": "CC0 1.0 (no rights reserved)",
    "CC-BY-4.0": "CC BY 4.0",
    "CC-BY-SA-4.0": "CC BY-SA 4.0",
    "CC-BY-NC-4.0": "CC BY-NC 4.0",
    "CC-BY-NC-ND-4.0": "CC BY-NC-ND 4.0",
    "ODbL-1.0": "Open Database License 1.0",
    "Apache-2.0": "Apache License 2.0",
    "MIT": "MIT License",
    "BSD-3-Clause": "BSD 3-Clause",
    "EUPL-1.2": "European Union Public Licence 1.2",
    "GPL-3.0-or-later": "GNU GPL 3.0 or later",
    "AGPL-3.0-or-later": "GNU AGPL 3.0 or later",
    "public-domain": "Public domain",
    "reserved": "All rights reserved",
    "unknown": "Licence not stated",
    "other": "Another licence",
}
LANGUAGES = {
    "ar": "العربية", "bg": "Български", "ca": "Català", "cs": "Čeština", "da": "Dansk", "de": "Deutsch",
    "el": "Ελληνικά", "en": "English", "es": "Español", "et": "Eesti", "fa": "فارسی", "fi": "Suomi", "fr": "Français",
    "ga": "Gaeilge", "he": "עברית", "hi": "हिन्दी", "hr": "Hrvatski", "hu": "Magyar", "id": "Bahasa Indonesia",
    "it": "Italiano", "ja": "日本語", "ko": "한국어", "lt": "Lietuvių", "lv": "Latviešu", "mt": "Malti",
    "nl": "Nederlands", "no": "Norsk", "pl": "Polski", "pt": "Português", "ro": "Română", "ru": "Русский",
    "sk": "Slovenčina", "sl": "Slovenščina", "sv": "Svenska", "sw": "Kiswahili", "th": "ไทย", "tr": "Türkçe",
    "uk": "Українська", "ur": "اردو", "vi": "Tiếng Việt", "zh": "中文", "mul": "Several languages",
}  # fmt: skip


class Guide(Base):
    """What a draft is about, for somebody who has never heard of it; one per consultation."""

    __tablename__ = "guide"

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), unique=True)
    text: Mapped[str] = mapped_column(default="")  # Markdown
    html: Mapped[str] = mapped_column(default="")  # made when it is saved
    seconds: Mapped[int] = mapped_column(default=0)  # that reading it takes
    edit_number: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)


class GuideQuestion(Base):
    """A question people ask about a draft, with its answer."""

    __tablename__ = "guide_question"
    __table_args__ = (Index("ix_guide_question_rank", "consultation_id", "rank"),)

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    question: Mapped[str]
    answer: Mapped[str]  # Markdown
    html: Mapped[str]
    seconds: Mapped[int] = mapped_column(default=0)
    rank: Mapped[int]
    edit_number: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)


class Term(Base):
    """A word of the draft explained in plain language."""

    __tablename__ = "term"
    __table_args__ = (UniqueConstraint("consultation_id", "key"),)

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    key: Mapped[str]  # its address on the guide's page; stays when the name changes
    name: Mapped[str]
    variants: Mapped[str] = mapped_column(default="")  # other forms of it in the draft, one a line
    explanation: Mapped[str]  # Markdown
    html: Mapped[str]
    lineage_id: Mapped[str] = mapped_column(default="")  # of the clause that defines it; empty when none does
    edit_number: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)

    @property
    def forms(self) -> tuple[str, ...]:
        """Every way it is written."""
        return (self.name, *self.variants.splitlines())


class Resource(Base):
    """Something worth reading or using beside the draft: on the shelf once it is accepted."""

    __tablename__ = "resource"
    __table_args__ = (
        one_of("kind", KINDS),
        one_of("state", STATES),
        CheckConstraint("(url = '') = (file_id IS NOT NULL)", name="an_address_or_a_file"),
        Index("ix_resource_shelf", "consultation_id", "state", "rank"),
        Index(
            "uq_resource_address", "consultation_id", "url", unique=True,
            sqlite_where=sql("state = 'accepted' AND url <> ''"), postgresql_where=sql("state = 'accepted' AND url <> ''"),
        ),
    )  # fmt: skip

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    kind: Mapped[str]
    title: Mapped[str]
    url: Mapped[str]  # "": it is a file
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), index=True)  # kept here, never changed
    licence: Mapped[str]  # a key of LICENCES
    licence_words: Mapped[str] = mapped_column(default="")  # of another one
    description: Mapped[str]
    language: Mapped[str]
    state: Mapped[str] = mapped_column(default="proposed")
    reason: Mapped[str] = mapped_column(default="")  # why it was declined or taken off
    rank: Mapped[int] = mapped_column(default=0)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    added_by_name: Mapped[str]
    added_at: Mapped[datetime] = mapped_column(default=clock.now)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    decided_at: Mapped[datetime | None]
    edit_number: Mapped[int] = mapped_column(default=0)

    consultation: Mapped[Consultation] = link()
    file: Mapped[StoredFile | None] = link()
    added_by: Mapped[Person] = link(foreign_keys=[added_by_id])

    @property
    def licence_name(self) -> str:
        """The licence as people read it."""
        return self.licence_words if self.licence == "other" else LICENCES[self.licence]

    @property
    def kind_name(self) -> str:
        return KINDS[self.kind]
