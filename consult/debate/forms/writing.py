"""What one writes: comments, replies, names, votes, and what goes with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)

from consult.consultations.models import Position
from consult.consultations.naming import LEVELS
from consult.core import text
from consult.core.forms import Form, Given, Longest, Worded, options
from consult.core.ids import new_key
from consult.documents import redline

from ..composing import LONGEST
from ..models import TYPES

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


class Named(Form):
    """A form that asks whose name is shown; what is offered is decided when it is shown, see views/naming."""

    named = RadioField("Whose name is shown?", choices=options(LEVELS.items()), default="name", validate_choice=False)


class SentOnce(Named):
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


KEPT = (
    "body",
    "positions",
    "costs",
    "stance",
    "also",
    "type",
    "must_be_satisfied",
    "named",
)  # of a draft, beside new words


class CommentForm(SentOnce):
    """A comment: words, positions, stance; the rest has its defaults."""

    body = TextAreaField(
        "What should change, and why?", [Given("Write what should change, and why."), Longest(LONGEST), Worded()]
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
            "named": self.named.data or "",
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
    body = TextAreaField("Your reply", [Given("Write your reply."), Longest(LONGEST), Worded()])
    positions = SelectMultipleField("What do you argue from?", choices=[], validate_choice=False)

    def __init__(self, known: Sequence[Position], *, quotation: str = "", **given: Any) -> None:
        super().__init__(**given)
        self.positions.choices = options((position.key, position.name) for position in known)
        if quotation:  # past the filters: the empty line at its end divides it from what is typed next
            self.body.data = quotation

    def values(self) -> dict[str, Any]:
        """What `post_reply` takes beside its comment and parent."""
        return {
            "body": self.body.data or "", "positions": frozenset(self.positions.data or ()),
            "named": self.named.data or "", "key": self.key,
        }  # fmt: skip


class CosignForm(Named):
    """One's name under a comment; `seen` is the edit number of what was on the page."""

    seen = IntegerField("Edit number", default=0)
    draft = IntegerField("Edit number of the draft", default=0)
    addition = TextAreaField("What you want to add (you may leave it empty)", [Longest(LONGEST), Worded()])

    def values(self) -> dict[str, Any]:
        """What `cosign` takes beside its comment."""
        return {
            "seen_edit_number": self.seen.data or 0, "addition": self.addition.data or "", "begun_on": self.sheet,
            "seen_draft": self.draft.data or 0, "named": self.named.data or "", "key": self.key,
        }  # fmt: skip


class WordingForm(Form):
    """Other words for a comment or a reply; `seen` is the edit number of what was on the page."""

    seen = IntegerField("Edit number", default=0)
    body = TextAreaField("Your words", [Given("Write something, or withdraw it instead."), Longest(LONGEST), Worded()])


class NamingForm(Named):
    """How much of one's name is shown from now on."""


class NoteForm(Form):
    """What a member says to the others about a shared draft."""

    body = TextAreaField("Your note", [Given("Write your note."), Longest(LONGEST)])


class SigningForm(Named):
    """A signature under what was read; `seen` is its edit number."""

    seen = IntegerField("Edit number", default=0)


class ReturnForm(Form):
    """Not like this, and why."""

    reason = TextAreaField("What has to change?", [Given("Say what has to change before you sign."), Longest(LONGEST)])


class WithdrawalForm(Form):
    """Take something back."""

    reason = StringField("Why (optional, shown in its place)", [Longest(500)])


class PlacingForm(Form):
    """What a comment from outside argues from; `seen`: the mark of what it was on the page."""

    seen = HiddenField(default="")
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
