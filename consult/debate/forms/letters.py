"""A whole letter, and how it is cut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_wtf.file import FileField
from wtforms import (
    HiddenField,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)

from consult.consultations.models import Position
from consult.core import text
from consult.core.forms import Form, Longest, options
from consult.documents.importers.formats import LETTER_ENDINGS

from .. import letters
from ..models import STANCES, TYPES
from .known import among, known
from .writing import STANCE_CHOICES, Named

CUT_BY = [
    ("me", "I cut it myself, now or later"),
    ("moderators", "The moderators may cut it for me: the comments are mine, and it is shown who placed them"),
]
BOTH = "You chose a file and wrote a text. Empty the one you do not mean, so that nothing is mixed up."
NEITHER = "Choose a file, or write or paste your letter below."


class LetterForm(Named):
    """A whole letter: a file, or its words; and who cuts it into comments."""

    title = StringField("What do you call it? (optional)", [Longest(200)])
    file = FileField("A file with your letter", render_kw={"accept": ",".join(LETTER_ENDINGS)})
    body = TextAreaField("Or write or paste it here", [Longest(letters.LONGEST, "Send it as two letters.")])
    cut_by = RadioField("Who cuts it into comments?", choices=options(CUT_BY), default="me", validate_choice=False)

    def validate(self, extra_validators: object = None) -> bool:
        """One of the two must be there, and only one."""
        is_sound = super().validate(extra_validators)
        has_file, has_text = bool(self.file.data), bool((self.body.data or "").strip())
        if has_file == has_text:
            self.file.errors = [*self.file.errors, BOTH if has_file else NEITHER]
        return is_sound and has_file != has_text

    @property
    def file_name(self) -> str:
        """What the sender calls the file."""
        return text.normalise(self.file.data.filename or "").replace("\\", "/").rpartition("/")[2][-120:]


class CutForm(Form):
    """A letter being cut; `seen` is the number of the cut that was on the page. Its pieces have forms of their own."""

    seen = IntegerField("Number of the cut", default=0)


class PieceForm(Form):
    """What a piece of a letter needs to become a comment."""

    class Meta(Form.Meta):
        csrf = False

    given = HiddenField(default="")
    clauses = StringField("Clauses it is about")
    positions = SelectMultipleField("Argues from", choices=[], validate_choice=False)
    costs = SelectMultipleField("At the cost of", choices=[], validate_choice=False)
    stance = RadioField("Stance", choices=options(STANCE_CHOICES), validate_choice=False)
    type = RadioField("Kind", choices=options(TYPES.items()), default="general", validate_choice=False)

    def __init__(self, known: Sequence[Position], **given: Any) -> None:
        super().__init__(**given)
        self.positions.choices = self.costs.choices = options((position.key, position.name) for position in known)

    def fields(self) -> letters.Fields:
        """What was typed and chosen, without what does not exist."""
        there = {choice.value for choice in self.positions.choices}
        return letters.Fields(
            clauses=self.clauses.data or "", positions=among(self.positions.data, there),
            costs=among(self.costs.data, there), stance=known(self.stance.data, STANCES),
            type=known(self.type.data, TYPES) or "general",
        )  # fmt: skip
