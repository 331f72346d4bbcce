"""The library of standards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField

from consult.core.forms import Form, Given, Longest, options
from consult.learning.models import LICENCES

from ..models import StandardVersion
from ..operations import REVIEW_YEARS, Terms
from .answering import ID, LONGEST_LINE, LONGEST_SENTENCE

REVIEW_WORDS = {
    "confirm": "It stays as it is",
    "revise": "It is to be revised, by a new consultation",
    "withdraw": "It holds no more",
}
LONGEST_NAMES = 4_000
YEARS = {"1": "1 year", "2": "2 years", "3": "3 years", "5": "5 years", "10": "10 years"}


class AdoptionForm(Form):
    """What a text enters the library with."""

    title = StringField("Title", validators=[Given("Give it a title."), Longest(LONGEST_LINE, "Shorten it.")])
    designation = StringField("Number or short name", validators=[Longest(80, "Shorten it.")])
    revises = SelectField("Is it a new standard?", validate_choice=False)
    bodies = TextAreaField(
        "Adopted by, one name a line",
        validators=[Given("Say who adopts it."), Longest(LONGEST_NAMES, "Shorten the names.")],
    )
    editors = TextAreaField("Edited by, one name a line", validators=[Longest(LONGEST_NAMES, "Shorten the names.")])
    licence = SelectField("Licence", choices=options(LICENCES), default="unknown")
    licence_words = StringField("Which other licence?", validators=[Longest(LONGEST_LINE, "Shorten it.")])
    review_years = SelectField("Look at it again in", choices=options(YEARS), default=str(REVIEW_YEARS))
    seen = HiddenField()

    def offer(self, kept: Sequence[StandardVersion]) -> None:
        """The standards whose next version it may be."""
        older = [(row.standard.slug, f"The next version of: {row.title}") for row in kept]
        self.revises.choices = [("", "A new standard"), *older]

    def values(self) -> dict[str, Any]:
        """What the operation takes."""
        names = ("title", "designation", "revises", "bodies", "editors", "licence", "licence_words")
        terms = Terms(
            **{name: self._fields[name].data or "" for name in names}, review_years=int(self.review_years.data)
        )
        seen = int(self.seen.data) if ID.fullmatch(self.seen.data or "") else 0
        return {"terms": terms, "seen": seen, "key": self.key}


class ReviewForm(Form):
    """What becomes of a standard that is looked at again."""

    decision = RadioField(
        "What do you decide?", choices=options(REVIEW_WORDS), validators=[Given("Choose what you decide.")]
    )
    years = SelectField("If it stays: look at it again in", choices=options(YEARS), default=str(REVIEW_YEARS))
    reason = TextAreaField(
        "Why (everybody can read it)",
        validators=[Given("Write the reason."), Longest(LONGEST_SENTENCE, "Shorten it.")],
    )

    def values(self) -> dict[str, Any]:
        """What the operation takes."""
        return {
            "decision": self.decision.data,
            "reason": self.reason.data,
            "years": int(self.years.data),
            "key": self.key,
        }
