"""What can be asked for; a GET form, kept in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from consult.accounts.models import CATEGORIES
from consult.consultations.models import Consultation
from consult.core.text import normalise

from .models import KINDS
from .queries import Filters
from .words import LONGEST_QUERY

ANSWERS = {"open": "Not answered yet", "answered": "Answered"}

# What a language is called in itself, so that who reads it finds it.
LANGUAGES = {
    "ar": "العربية", "ckb": "کوردیی ناوەندی", "da": "Dansk", "de": "Deutsch", "el": "Ελληνικά", "en": "English",
    "es": "Español", "fi": "Suomi", "fr": "Français", "he": "עברית", "hi": "हिन्दी", "hu": "Magyar", "it": "Italiano",
    "ja": "日本語", "ko": "한국어", "ku": "Kurdî", "nl": "Nederlands", "pl": "Polski", "pt": "Português", "ro": "Română",
    "ru": "Русский", "sv": "Svenska", "th": "ไทย", "tr": "Türkçe", "uk": "Українська", "zh": "中文",
}  # fmt: skip


class SearchForm:
    """The words and the filters of an address; what does not exist is left out."""

    def __init__(self, args: Any, consultation: Consultation | None = None) -> None:
        self.positions: Mapping[str, str] = {p.key: p.name for p in consultation.positions} if consultation else {}
        self.q = normalise(args.get("q", ""))[:LONGEST_QUERY]
        self.kinds = [kind for kind in KINDS if kind in args.getlist("kind")]
        self.position = _known(args.get("position"), self.positions)
        self.category = _known(args.get("category"), CATEGORIES)
        self.answer = _known(args.get("answer"), ANSWERS)
        self.language = "" if consultation else normalise(args.get("language", ""))[:35]
        page = args.get("page", "")
        self.page = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1

    def filters(self) -> Filters:
        """What was chosen."""
        return Filters(self.q, frozenset(self.kinds), self.position, self.category, self.language, self.answer)

    @property
    def chosen(self) -> list[str]:
        """The filters in words."""
        single = (
            self.positions.get(self.position), CATEGORIES.get(self.category), ANSWERS.get(self.answer),
            *self.languages([self.language] if self.language else []).values(),
        )  # fmt: skip
        return [*(KINDS[kind] for kind in self.kinds), *(word for word in single if word)]

    def languages(self, tags: Sequence[str]) -> dict[str, str]:
        """The languages one can choose, by their tags."""
        return {tag: LANGUAGES.get(tag.split("-")[0].lower(), tag) for tag in tags}

    def args(self, **changed: Any) -> dict[str, Any]:
        """The address's arguments for what is chosen, with changes; empty ones are left out."""
        values = {
            "q": self.q, "kind": self.kinds, "position": self.position, "category": self.category,
            "language": self.language, "answer": self.answer,
        } | changed  # fmt: skip
        return {name: value for name, value in values.items() if value}


def _known(value: str | None, words: Mapping[str, str]) -> str:
    return value if value is not None and value in words else ""
