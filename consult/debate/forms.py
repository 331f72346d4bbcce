"""What people fill in: comments, replies, votes, and the choice of which comments to see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)

from consult.accounts.models import CATEGORIES
from consult.consultations.models import Position
from consult.core import clock, text
from consult.core.forms import Form, Given, Longest, options
from consult.core.ids import new_key
from consult.documents import redline

from .composing import LONGEST
from .models import DISPOSITIONS, STANCES, TYPES
from .queries import Filters

STANCE_CHOICES = [
    ("support", "Support"),
    ("support_with_changes", "With changes"),
    ("object", "Object"),
    ("neutral", "Neutral"),
    ("question", "Question"),
]


SENT_BEFORE = (
    "This form was sent once already, with other words: that is {number}. If this is a second one, send it again."
)


class SentOnce(Form):
    """A form whose submission key may come back from the browser's history with other words in it."""

    @property
    def key(self) -> str:
        """The same whatever is on it: what came before is found, and its author is asked."""
        return self.sheet

    def is_what_was_sent(self, kept: str, number: str) -> bool:
        """Whether the words kept under this key are these; if not, say so and take a fresh key."""
        if kept == text.normalise(str(self.data["body"] or "")):
            return True
        self.form_errors.append(SENT_BEFORE.format(number=number))
        self.submission.data = new_key()
        return False


KEPT = ("body", "positions", "costs", "stance", "also", "type", "must_be_satisfied")  # of a draft, beside new words


class CommentForm(SentOnce):
    """A comment: words, positions, stance; the rest has its defaults."""

    body = TextAreaField(
        "What should change, and why?", [Given("Write what should change, and why."), Longest(LONGEST)]
    )
    positions = SelectMultipleField("What do you argue from? One or more.", choices=[], validate_choice=False)
    costs = SelectMultipleField("At the cost of", choices=[], validate_choice=False)
    stance = RadioField("Where do you stand on this?", choices=options(STANCE_CHOICES), validate_choice=False)
    new_text = TextAreaField("Your wording", [Longest(200_000)])
    also = StringField("Other clauses it is about", [Longest(400, "Name the most important ones.")])
    type = RadioField("What kind of comment?", choices=options(TYPES.items()), default="general", validate_choice=False)
    must_be_satisfied = BooleanField("We cannot accept the draft without this change")
    draft = IntegerField("Edit number of the draft", default=0)

    def __init__(self, known: Sequence[Position], **given: Any) -> None:
        super().__init__(**given)
        self.costs.choices = options((position.key, position.name) for position in known)

    @property
    def also_names(self) -> list[str]:
        """The other clauses as they were typed, each once."""
        return list(dict.fromkeys(name for part in (self.also.data or "").split(",") if (name := part.strip())))

    def values(self, old_text: str) -> dict[str, Any]:
        """What `post_comment` takes; `old_text` are the words of the clause, which propose nothing."""
        return {
            "body": self.body.data or "",
            "positions": frozenset(self.positions.data or ()),
            "costs": frozenset(self.costs.data or ()),
            "stance": self.stance.data or "",
            "type": self.type.data or "general",
            "must_be_satisfied": self.must_be_satisfied.data,
            "new_text": self.new_text.data if self.is_proposing(old_text) else None,
            "key": self.key,
        }

    def begun(self, old_text: str) -> dict[str, Any]:
        """What is kept of it as a draft, by the names of its fields; nothing that was left as it was."""
        typed = {name: self.data[name] for name in KEPT if self.data[name] and self.data[name] != self[name].default}
        return typed | ({"new_text": self.new_text.data} if self.is_proposing(old_text) else {})

    def is_proposing(self, old_text: str) -> bool:
        """Whether other words than the draft's are typed."""
        typed = self.new_text.data or ""
        return bool(typed) and typed != text.normalise(old_text)

    def redline(self, old_text: str) -> str:
        """How the proposed words differ from the clause; "" when nothing is proposed."""
        new_text = self.new_text.data or ""
        return redline.html(old_text, new_text) if old_text and self.is_proposing(old_text) else ""

    @property
    def is_more(self) -> bool:
        """Whether something behind "more" was chosen or is wrong."""
        wrong = self.type.errors or self.costs.errors or self.must_be_satisfied.errors or self.also.errors
        return bool(
            wrong or self.also.data or self.costs.data or self.must_be_satisfied.data or self.type.data != "general"
        )


class ReplyForm(SentOnce):
    """A reply; positions are welcome but not asked for."""

    to = IntegerField("The reply you answer", default=0)
    body = TextAreaField("Your reply", [Given("Write your reply."), Longest(LONGEST)])
    positions = SelectMultipleField("What do you argue from?", choices=[], validate_choice=False)

    def __init__(self, known: Sequence[Position], *, quotation: str = "", **given: Any) -> None:
        super().__init__(**given)
        self.positions.choices = options((position.key, position.name) for position in known)
        if quotation:  # past the filters: the empty line at its end divides it from what is typed next
            self.body.data = quotation

    def values(self) -> dict[str, Any]:
        """What `post_reply` takes beside its comment and parent."""
        return {"body": self.body.data or "", "positions": frozenset(self.positions.data or ()), "key": self.key}


class CosignForm(Form):
    """One's name under a comment; `seen` is the edit number of what was on the page."""

    seen = IntegerField("Edit number", default=0)
    draft = IntegerField("Edit number of the draft", default=0)
    addition = TextAreaField("What you want to add (you may leave it empty)", [Longest(LONGEST)])

    def values(self) -> dict[str, Any]:
        """What `cosign` takes beside its comment."""
        return {
            "seen_edit_number": self.seen.data or 0, "addition": self.addition.data or "", "begun_on": self.sheet,
            "seen_draft": self.draft.data or 0, "key": self.key,
        }  # fmt: skip


class WordingForm(Form):
    """Other words for a comment or a reply; `seen` is the edit number of what was on the page."""

    seen = IntegerField("Edit number", default=0)
    body = TextAreaField("Your words", [Given("Write something, or withdraw it instead."), Longest(LONGEST)])


class NoteForm(Form):
    """What a member says to the others about a shared draft."""

    body = TextAreaField("Your note", [Given("Write your note."), Longest(LONGEST)])


class SigningForm(Form):
    """A signature under what was read; `seen` is its edit number."""

    seen = IntegerField("Edit number", default=0)


class ReturnForm(Form):
    """Not like this, and why."""

    reason = TextAreaField("What has to change?", [Given("Say what has to change before you sign."), Longest(LONGEST)])


class WithdrawalForm(Form):
    """Take something back."""

    reason = StringField("Why (optional, shown in its place)", [Longest(500)])


class PlacingForm(Form):
    """What a comment from outside argues from."""

    positions = SelectMultipleField("What does it argue from? One or more.", choices=[], validate_choice=False)
    costs = SelectMultipleField("At the cost of", choices=[], validate_choice=False)

    def __init__(self, known: Sequence[Position], **given: Any) -> None:
        super().__init__(**given)
        self.costs.choices = options((position.key, position.name) for position in known)


class VoteForm(Form):
    """Agree, disagree or pass, and the page to go back to."""

    choice = StringField("Your vote")
    back = HiddenField("Where you were")

    def way_back(self, slug: str, otherwise: str) -> str:
        """The page within this consultation the vote came from; anything else is `otherwise`."""
        path = self.back.data or ""
        is_ours = path.startswith(f"/c/{slug}/") and not set(path) & set("\\\n\t")
        return path if is_ours else otherwise


class JudgementForm(Form):
    """What became of a comment in the next draft; with a clause: it belongs there."""

    said = StringField("What became of it")
    clause = StringField("It belongs to clause", [Longest(100, "Write its number as printed, such as 5.2.")])


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
    "bridging": "Those that different kinds of people agree on come first, however many or few of each kind there are.",
    "random": "Shuffled, so that nobody comes first by rank, place or time. This address shows everybody the same order.",
}


class SiftForm(Form):
    """Which comments to see; a GET form, kept in the address."""

    class Meta(Form.Meta):
        csrf = False

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
            type=_known(self.type.data, TYPES),
            category=_known(self.category.data, CATEGORIES),
            organisation=self.organisation.data or "",
            answer=_known(self.answer.data, dict(ANSWERS)),
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


def _known(value: str | None, words: Mapping[str, str]) -> str:
    return value if value is not None and value in words else ""
