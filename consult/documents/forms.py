"""Forms of the documents room."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField

from consult.core.errors import Invalid
from consult.core.forms import Form, Given, Longest, options
from consult.core.text import normalise

from . import reshaping
from .importers.formats import ENDINGS
from .preview import NAMES
from .structure import Opened

PASTED = "pasted-text.md"
KINDS = {kind: f"Heading: {NAMES[kind]}" for kind in reshaping.HEADINGS} | {
    kind: f"Text: {NAMES[kind]}" for kind in reshaping.TEXTS
}
NUMBER = re.compile(r"[0-9]{1,9}")
UNCLEAR = "It is not clear which clauses are meant. Press one of the buttons on this page."
DECISIONS = ("same", "different", "back")
PAIRS = re.compile(r"[0-9]{1,18}-[0-9]{1,18}(?: [0-9]{1,18}-[0-9]{1,18})*")


class Source(NamedTuple):
    """What was sent: its bytes, a name, and the field it came by."""

    data: bytes
    name: str
    field: str


class DraftForm(Form):
    """A file, or pasted text."""

    file = FileField("A file with the draft", render_kw={"accept": ",".join(ENDINGS)})
    text = TextAreaField("Or paste the text here")

    def validate(self, extra_validators: object = None) -> bool:
        """One of the two must be there, and only one."""
        is_sound = super().validate(extra_validators)
        has_file, has_text = bool(self.file.data), bool((self.text.data or "").strip())
        if has_file and has_text:
            self._blame(
                "You chose a file and pasted a text. Empty the one you do not mean, so that nothing is mixed up."
            )
        elif not (has_file or has_text):
            self._blame("Choose a file, or paste the text of the draft below.")
        return is_sound and not self.file.errors

    def _blame(self, sentence: str) -> None:
        self.file.errors = [*self.file.errors, sentence]

    @property
    def source(self) -> Source:
        """What was sent; call it only when the form is valid."""
        if self.file.data:
            name = normalise(self.file.data.filename).replace("\\", "/").rpartition("/")[2]
            return Source(self.file.data.read(), name[-120:], "file")
        return Source(self.text.data.encode(), PASTED, "text")


class KeepForm(Form):
    """The text that was looked at becomes the draft."""

    sha256 = HiddenField(default="")
    name = StringField(
        "What do you call this version?", default="", validators=[Longest(80)], render_kw={"autocomplete": "off"}
    )
    change_note = TextAreaField("What is new in it?", default="", validators=[Longest(2_000)], render_kw={"rows": "3"})


class CorrectionForm(Form):
    """One correction of the structure; which of the fields count depends on `act`."""

    act = HiddenField(default="")
    unit = HiddenField(default="")
    seen = HiddenField(default="")  # StagedDraft.mark of the page it was made on
    at = RadioField("The new part begins at", choices=[], validate_choice=False)
    number = StringField("Number", default="", render_kw={"autocomplete": "off"})
    kind = SelectField("Kind", choices=options(KINDS), validate_choice=False)

    def suit(self, opened: Opened | None) -> None:
        """Offer what fits the part that is opened; what was sent stays."""
        if opened is None:
            return
        self.at.choices = options((str(place.at), place.words) for place in opened.places)
        if not self.number.raw_data:
            self.number.data = opened.number
        if not self.kind.raw_data:
            self.kind.data = opened.unit.kind

    def read(self) -> reshaping.Edit:
        """What was asked for; Invalid at the field that says nothing."""
        unit, act = self.unit.data or "", self.act.data
        if act == "split":
            return reshaping.Split(unit, self._place())
        if act == "renumber":
            return reshaping.Renumber(unit, self.number.data)
        if act == "rekind":
            return reshaping.Rekind(unit, self.kind.data or "")
        if act in ("deeper", "up"):
            return reshaping.Move(unit, act == "deeper")
        if act in ("merge", "omit"):
            return reshaping.Merge(unit) if act == "merge" else reshaping.Omit(unit)
        raise Invalid("Choose what to correct.")

    def _place(self) -> int:
        digits = self.at.data or ""
        if not (digits.isascii() and digits.isdecimal() and len(digits) < 10):
            raise Invalid("Choose where the new part begins.", field="at")
        return int(digits)


class UndoForm(Form):
    """The last correction is taken back, or all of them."""

    seen = HiddenField(default="")
    what = HiddenField(default="last")


class DecisionForm(Form):
    """What somebody says of one or several pairs of clauses: "12-345 12-346", an old and a new one each."""

    pairs = HiddenField(default="")
    decision = HiddenField(default="")  # which button
    decided = HiddenField(default="")  # what is taken back

    def validate(self, extra_validators: object = None) -> bool:
        """Both must be as a button of the page sends them."""
        is_sound = super().validate(extra_validators)
        if not PAIRS.fullmatch(self.pairs.data or "") or self.decision.data not in DECISIONS:
            self.form_errors.append(UNCLEAR)
        return is_sound and not self.form_errors

    @property
    def values(self) -> dict[str, Any]:
        """What the operation behind the button takes; call it only when the form is valid."""
        taken_back = {"decided": self.decided.data} if self.decision.data == "back" else {}
        return {"pairs": self.found, **taken_back}

    @property
    def found(self) -> list[tuple[int, int]]:
        """The pairs; call it only when the form is valid."""
        both = (pair.split("-") for pair in self.pairs.data.split(" "))
        return [(int(old), int(new)) for old, new in both]


class LinkForm(Form):
    """The clause of the version before that one of this version is."""

    name = StringField(
        "Which clause was it before?",
        validators=[Given("Write the number of the clause in the version before."), Longest(200, "Shorten it.")],
        render_kw={"autocomplete": "off"},
    )


class AlikeForm(Form):
    """All pairs that are at least so alike, and how many they were on the page."""

    at_least = HiddenField(default="")
    count = HiddenField(default="")

    def validate(self, extra_validators: object = None) -> bool:
        """Both must be as the page sends them."""
        is_sound = super().validate(extra_validators)
        if not all(NUMBER.fullmatch(field.data or "") for field in (self.at_least, self.count)):
            self.form_errors.append(UNCLEAR)
        return is_sound and not self.form_errors

    @property
    def numbers(self) -> dict[str, int]:
        """Both as numbers; call it only when the form is valid."""
        return {"at_least": int(self.at_least.data), "count": int(self.count.data)}
