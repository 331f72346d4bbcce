"""Forms of the room: each knows what was saved, so that a stale page can show what changed meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField, URLField

from consult.core.forms import Form, Given, Longest, options
from consult.core.media import ENDINGS
from consult.core.store import Kept, files
from consult.core.text import article, markdown, normalise

from .models import KINDS, LANGUAGES, LICENCES, Guide, GuideQuestion, Resource, Term
from .operations import explaining, shelf

SHORTER = "Shorten it."
Row = Guide | GuideQuestion | Term | Resource


class KeptForm(Form):
    """A form about something that may be saved already. `seen` is its edit number when the page was opened."""

    seen = HiddenField(default="0")
    kept: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def of(cls, row: Row | None, **known: Any) -> KeptForm:
        """The form filled with what is saved; empty for something new."""
        if row is None:
            return cls(formdata=None, **known)
        return cls(formdata=None, seen=str(row.edit_number), **cls.saved(row) | known)

    @classmethod
    def saved(cls, row: Row) -> dict[str, Any]:
        """What is saved, by field."""
        return {name: getattr(row, name) for name in cls.kept}

    def typed(self) -> dict[str, Any]:
        """What was typed, as the operations take it."""
        return {name: self._fields[name].data or "" for name in self.kept}

    @property
    def seen_number(self) -> int:
        number = str(self.seen.data or "")
        return int(number[:9]) if number.isascii() and number.isdigit() else -1

    def meanwhile(self, row: Row | None, **known: Any) -> Sequence[tuple[str, str]]:
        """If somebody saved since the page was opened: field and saved text wherever it differs from what was typed.

        The form then counts as having seen it, so that saving again is a decision.
        """
        if row is None or self.seen_number == row.edit_number:
            return ()
        self.seen.data = str(row.edit_number)
        fresh = self.saved(row) | known
        return [
            (self._fields[name].label.text, fresh[name] or "(empty)")
            for name in self.kept
            if fresh[name] != (self._fields[name].data or "")
        ]


class GuideForm(KeptForm):
    """The guide."""

    kept = ("text",)
    text = TextAreaField("The guide", [Longest(explaining.LONGEST_GUIDE, SHORTER)])

    def preview(self) -> str:
        """How it will look."""
        return article(self.text.data or "")


class QuestionForm(KeptForm):
    """A question with its answer."""

    kept = ("question", "answer")
    question = StringField(
        "Question",
        [Given("Write the question as a reader would ask it."), Longest(explaining.LONGEST_QUESTION, SHORTER)],
    )
    answer = TextAreaField("Answer", [Given("Write the answer."), Longest(explaining.LONGEST_ANSWER, SHORTER)])

    def preview(self) -> str:
        """How the answer will look."""
        return markdown(self.answer.data or "")


class TermForm(KeptForm):
    """A term of the draft."""

    kept = ("name", "variants", "explanation", "clause")
    name = StringField(
        "Term", [Given("Write the term as the draft has it."), Longest(explaining.LONGEST_NAME, SHORTER)]
    )
    variants = TextAreaField("Other forms of it in the draft, one a line", [Longest(2_000, SHORTER)])
    explanation = TextAreaField(
        "What it means", [Given("Say in plain words what it means."), Longest(explaining.LONGEST_EXPLANATION, SHORTER)]
    )
    clause = StringField("Clause that defines it", [Longest(200, SHORTER)])

    @classmethod
    def saved(cls, row: Row) -> dict[str, Any]:
        return {name: getattr(row, name) for name in cls.kept if name != "clause"} | {"clause": ""}

    def preview(self) -> str:
        """How the explanation will look."""
        return markdown(self.explanation.data or "")


class LabelForm(KeptForm):
    """What is said of a thing on the shelf."""

    kept: ClassVar[tuple[str, ...]] = ("kind", "title", "url", "licence", "licence_words", "language", "description")
    kind = RadioField("What is it?", choices=options(KINDS), default="document", validate_choice=False)
    title = StringField("Title", [Given("Say what it is called."), Longest(shelf.LONGEST_TITLE, SHORTER)])
    url = URLField("Address", [Given("Write the address of a web page."), Longest(2_000, SHORTER)])
    licence = SelectField("Licence", choices=options(LICENCES), default="unknown", validate_choice=False)
    licence_words = StringField("Which other licence?", [Longest(shelf.LONGEST_LICENCE, SHORTER)])
    language = SelectField("Language", choices=options(LANGUAGES), default="en", validate_choice=False)
    description = TextAreaField(
        "What does one find there?",
        [Given("Say what one finds there."), Longest(shelf.LONGEST_DESCRIPTION, SHORTER)],
    )

    def label(self) -> shelf.Label:
        """What was typed, as the operations take it."""
        return shelf.Label(**self.typed())


class FileLabelForm(LabelForm):
    """What is said of a file on the shelf; the file itself stays as it is."""

    kept = tuple(name for name in LabelForm.kept if name != "url")
    url = None


class NewFileForm(FileLabelForm):
    """A file, and what is said of it."""

    file = FileField("The file", render_kw={"accept": ",".join(e for all_of in ENDINGS.values() for e in all_of)})

    def validate(self, extra_validators: object = None) -> bool:
        """A file must be chosen; what it holds is looked at when it is kept."""
        is_sound = super().validate(extra_validators)
        if not self.file.data:
            self.file.errors = [*self.file.errors, "Choose the file."]
        return is_sound and bool(self.file.data)

    @property
    def most(self) -> int:
        """The largest file this site takes, in MB."""
        return files().largest // 1_048_576

    def keep(self) -> Kept | None:
        """Put it into the store; None with a sentence at the field when it is not taken."""
        kept: Kept | None = self.accept(
            files().put, data=self.file.data.read(), name=normalise(self.file.data.filename or "")
        )
        return kept


class ReasonForm(Form):
    """Why something is declined or taken off."""

    reason = TextAreaField("Reason", [Given("Say why."), Longest(shelf.LONGEST_REASON, SHORTER)])


class MoveForm(Form):
    """One place up or down."""

    direction = HiddenField()


class OfferForm(Form):
    """A definition of the draft to take over."""

    clause = HiddenField()
