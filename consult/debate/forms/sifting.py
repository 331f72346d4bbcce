"""Which comments to see, and in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import (
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
)

from consult.accounts.models import CATEGORIES
from consult.consultations.models import Position
from consult.core import clock
from consult.core.forms import Form, options

from ..models import DISPOSITIONS, STANCES, TYPES
from ..queries import Filters
from .known import known
from .writing import STANCE_CHOICES

ANSWERS = [("", "All"), ("open", "Not answered yet"), ("answered", "Answered"), *list(DISPOSITIONS.items())[1:]]
SORT_NAMES = {
    "text": "As in the text",
    "newest": "Newest",
    "oldest": "Oldest",
    "unanswered": "Not answered yet",
    "discussed": "Most argued",
    "bridging": "Agreed across groups",
    "random": "In random order",
}
# What an order means, said above the list.
SORT_REASONS = {
    "text": "In the order of the text. Votes and replies do not move a comment.",
    "newest": "The last ones come first.",
    "oldest": "The first ones come first.",
    "unanswered": "Those that wait for an answer come first.",
    "discussed": "Those with most replies come first. Many replies do not mean that a comment is right.",
    "bridging": "Those that different kinds of people, and groups of opinion, agree on come first, however many or few of each there are.",
    "random": "Shuffled, so that nobody comes first by rank, place or time. This address shows everybody the same order.",
}


class SiftForm(Form):
    """Which comments to see; a GET form, kept in the address."""

    class Meta(Form.Meta):
        csrf = False

    submission = None  # it changes nothing, so that one need not be told from the next
    q = StringField("Words")
    clause = SelectField("Clause", choices=[], validate_choice=False, default="")
    position = SelectMultipleField("Argues from", choices=[], validate_choice=False)
    stance = SelectMultipleField("Stance", choices=options(STANCE_CHOICES), validate_choice=False)
    type = SelectField("Kind", choices=options([("", "Every kind"), *TYPES.items()]), validate_choice=False, default="")
    answer = SelectField("Answer", choices=[], validate_choice=False, default="")
    category = SelectField(
        "Who", choices=options([("", "Everybody"), *CATEGORIES.items()]), validate_choice=False, default=""
    )
    organisation = SelectField("Organisation", choices=[], validate_choice=False, default="")
    sort = HiddenField(default="text")
    seed = HiddenField(default="")
    round = HiddenField(default="")
    new = HiddenField(default="")

    def __init__(self, known: Sequence[Position], **given: Any) -> None:
        super().__init__(**given)
        self.names = {position.key: position.name for position in known} | {"none": "Not placed"}
        self.answer.choices = options(ANSWERS)

    @property
    def order(self) -> str:
        """The sort, "text" when somebody made one up."""
        return self.sort.data if self.sort.data in SORT_NAMES else "text"

    @property
    def number(self) -> int:
        """The seed of the random order."""
        return _number(self.seed.data, otherwise=1)

    @property
    def round_number(self) -> int:
        """The round somebody chose; 0: the newest."""
        return _number(self.round.data, otherwise=0)

    @property
    def next_seed(self) -> int:
        """The seed behind "In random order": today's, or another one for who sees a random order already."""
        return self.number + 1 if self.order == "random" else clock.now().toordinal()

    def filters(self) -> Filters:
        """What was chosen, without what does not exist."""
        wanted = set(self.position.data or ())
        return Filters(
            words=(self.q.data or "")[:200],
            clause=self.clause.data or "",
            positions=frozenset(wanted & (self.names.keys() - {"none"})),
            stances=frozenset(self.stance.data or ()) & frozenset(STANCES),
            type=known(self.type.data, TYPES),
            category=known(self.category.data, CATEGORIES),
            organisation=self.organisation.data or "",
            answer=known(self.answer.data, dict(ANSWERS)),
            is_unplaced="none" in wanted,
            is_new=self.new.data == "1",
        )

    def args(self, **changed: Any) -> dict[str, Any]:
        """The address's arguments for what is chosen, with changes; empty ones are left out."""
        chosen = self.filters()
        values = {
            "q": chosen.words, "clause": chosen.clause, "position": [k for k in self.names if k in (self.position.data or ())],
            "stance": sorted(chosen.stances), "type": chosen.type, "answer": chosen.answer, "category": chosen.category,
            "organisation": chosen.organisation, "sort": "" if self.order == "text" else self.order,
            "seed": self.number if self.order == "random" else "", "round": self.round_number, "new": "1" if chosen.is_new else "",
        } | changed  # fmt: skip
        return {name: value for name, value in values.items() if value}

    def chips(self, clauses: Mapping[str, str], organisations: Mapping[str, str]) -> list[tuple[str, dict[str, Any]]]:
        """What is chosen, each with the arguments of the address without it."""
        chosen = self.filters()
        single = {
            "q": f"“{chosen.words}”" if chosen.words else "", "clause": clauses.get(chosen.clause, chosen.clause),
            "type": TYPES.get(chosen.type, ""), "answer": dict(ANSWERS[1:]).get(chosen.answer, ""),
            "category": CATEGORIES.get(chosen.category, ""),
            "organisation": organisations.get(chosen.organisation, chosen.organisation),
            "new": "New since your last visit" if chosen.is_new else "",
        }  # fmt: skip
        found = [(text, self.args(**{name: ""})) for name, text in single.items() if text]
        for name, names in (("position", self.names), ("stance", dict(STANCE_CHOICES))):
            kept = self.args().get(name, [])
            found += [(names[key], self.args(**{name: [k for k in kept if k != key]})) for key in kept]
        return found


def _number(value: str | None, otherwise: int) -> int:
    digits = value or ""
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else otherwise
