"""Forms of the documents room."""

from __future__ import annotations

from typing import NamedTuple

from flask_wtf.file import FileField
from wtforms import HiddenField, StringField, TextAreaField

from consult.core.forms import Form, Longest
from consult.core.text import normalise

from .importers.formats import ENDINGS

PASTED = "pasted-text.md"


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
