"""Reports, decisions, appeals, the desk."""

from __future__ import annotations

from typing import Any

from wtforms import (
    Field,
    HiddenField,
    RadioField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.validators import StopValidation

from consult.core.forms import Form, Given, Longest, Worded, options
from consult.core.text import normalise
from consult.core.traps import StrangersNote
from consult.debate.composing import LONGEST

from ..models import MEANINGS, RULES

VERBS = {
    "keep": "Keep it on show", "ask": "Ask its author to change it", "redact": "Remove the words, show the rest",
    "withhold": "Withhold the name over it", "hide": "Hide it", "suspend": "Its author posts nothing new for some time",
    "restore": "Show it again",
}  # fmt: skip
STATED = ("hide", "redact", "ask", "suspend", "withhold")  # that name a rule
WITH_PASSAGE = ("hide", "redact", "ask", "suspend")
UNDO = "undo-"  # followed by the number of the act that is taken back
TAKING_BACK = {
    "redact": "Put the words back that were removed", "suspend": "Let its author post again",
    "withhold": "Show the name again",
}  # fmt: skip
OUTCOMES = {"upheld": "The decision stays", "restored": "Take the decision back"}
ANSWERS = {"accepted": "Show it again with the new words", "refused": "It stays hidden"}
SUSPENSIONS = {"7": "7 days", "30": "30 days", "90": "90 days"}
DAYS = {"3": "3 days", "7": "7 days", "14": "14 days"}
REASON = 2_000
RULE_CHOICES = [(rule, f"{name}. {MEANINGS[rule]}") for rule, name in RULES.items()]


def number_in(field: Field) -> int:
    """The number a hidden field holds; 0 when somebody has meddled with it."""
    data = str(field.data or "")
    return int(data) if data.isascii() and data.isdecimal() and len(data) < 19 else 0


class ReportForm(StrangersNote):
    """A reader's notice."""

    rule = RadioField(
        "What is wrong with it?",
        choices=options(RULE_CHOICES),
        validate_choice=False,
        validators=[Given("Choose one.")],
    )
    text = TextAreaField(
        "What should the moderators know? (you may leave this empty)",
        default="",
        validators=[Longest(REASON, "Shorten it.")],
    )


class DecisionForm(Form):
    """A moderator's decision; rule and passage only where something is hidden."""

    verb = RadioField(
        "Your decision", choices=options(VERBS), validate_choice=False, validators=[Given("Choose what to do.")]
    )
    rule = RadioField("Which rule does it break?", choices=options(RULES), validate_choice=False)
    passage = TextAreaField("The words that break it", validators=[Longest(REASON, "Shorten it.")])
    reason = TextAreaField(
        "Why", validators=[Given("Give the reason. Everybody can read it."), Longest(REASON, "Shorten it.")]
    )
    facts = TextAreaField(
        "What else you rely on (you may leave this empty)", default="", validators=[Longest(REASON, "Shorten it.")]
    )
    days = RadioField("How long the author has to change it", choices=options(DAYS), default="7", validate_choice=False)
    suspend_days = RadioField(
        "For how long its author posts nothing new", choices=options(SUSPENSIONS), default="7", validate_choice=False
    )
    seen_act = HiddenField()

    def validate_verb(self, field: Field) -> None:
        if field.data not in VERBS and self.undone_act_id is None:
            raise StopValidation("Choose what to do.")

    def validate_rule(self, field: Field) -> None:
        if self.verb.data in STATED and field.data not in RULES:
            raise StopValidation("Choose the rule it breaks.")

    def validate_passage(self, field: Field) -> None:
        if self.verb.data in WITH_PASSAGE and not (field.data or "").strip():
            raise StopValidation("Copy the words that break the rule.")

    def validate_days(self, field: Field) -> None:
        if self.verb.data == "ask" and field.data not in DAYS:
            raise StopValidation("Choose how long the author has.")

    def validate_suspend_days(self, field: Field) -> None:
        if self.verb.data == "suspend" and field.data not in SUSPENSIONS:
            raise StopValidation("Choose for how long.")

    @property
    def undone_act_id(self) -> int | None:
        """The number of the act that is to be taken back, where that was chosen."""
        number = str(self.verb.data or "").removeprefix(UNDO)
        is_number = number != self.verb.data and number.isascii() and number.isdecimal() and len(number) < 19
        return int(number) if is_number else None

    @property
    def seen_act_id(self) -> int:
        return number_in(self.seen_act)

    def values(self) -> dict[str, Any]:
        """What the decision's operation takes."""
        given = {
            "reason": self.reason.data, "facts": self.facts.data or "", "seen_act_id": self.seen_act_id, "key": self.key
        }  # fmt: skip
        if self.verb.data in STATED:
            given["rule"] = self.rule.data
        if self.verb.data in WITH_PASSAGE:
            given["passage"] = self.passage.data
        more = {"ask": ("days", self.days), "suspend": ("suspend_days", self.suspend_days)}.get(self.verb.data)
        return given | ({more[0]: int(more[1].data)} if more else {})

    def look_at(self, item: Any) -> DecisionForm:
        """Offer what can be decided about `item` now, and remember what has been seen."""
        offered = {verb: VERBS[verb] for verb in item.verbs}
        for act in item.in_force:
            offered[f"{UNDO}{act.id}"] = f"{TAKING_BACK[act.verb]} (decision {act.id})"
        self.verb.choices = options(offered)
        if self.verb.data not in offered:
            self.verb.data = next(iter(offered)) if len(offered) == 1 or "restore" in offered else None
        self.seen_act.data = str(item.newest_act_id)
        return self


class ReleaseForm(Form):
    """Put on show what waited for a look: a button that knows what was decided when it was made."""

    seen_act = HiddenField()

    @property
    def seen_act_id(self) -> int:
        return number_in(self.seen_act)


class ReleasesForm(Form):
    """The same for many."""

    things = SelectMultipleField(
        "What goes on show", choices=[], validate_choice=False, validators=[Given("Tick what goes on show.")]
    )

    @property
    def addresses(self) -> list[tuple[str, str]]:
        """Kind and key of each."""
        found = (normalise(name)[:80].partition(" ") for name in self.things.data or ())
        return [(kind, key) for kind, _, key in found]


class ClaimItemForm(Form):
    """Look at something; `holder`: who is known to have it, from whom it is taken over."""

    holder = HiddenField()

    @property
    def holder_id(self) -> int:
        return number_in(self.holder)


class AppealForm(Form):
    """The author's reasons for a second look."""

    text = TextAreaField(
        "Why is the decision wrong?",
        validators=[Given("Say why the decision is wrong."), Longest(4_000, "Shorten it.")],
    )


class CorrectionForm(Form):
    """Better words for what is hidden."""

    body = TextAreaField(
        "The words", validators=[Given("Write what it should say."), Longest(LONGEST, "Shorten it."), Worded()]
    )


class CorrectionAnswerForm(Form):
    """What becomes of better words."""

    outcome = RadioField(
        "Your decision", choices=options(ANSWERS), validate_choice=False, validators=[Given("Choose what to do.")]
    )
    reason = TextAreaField(
        "Why", validators=[Given("Give the reason. Everybody can read it."), Longest(REASON, "Shorten it.")]
    )
    seen_act = HiddenField()

    def values(self) -> dict[str, Any]:
        """What the operation takes."""
        return {
            "outcome": self.outcome.data, "reason": self.reason.data, "seen_act_id": number_in(self.seen_act),
            "key": self.key,
        }  # fmt: skip


class AppealDecisionForm(Form):
    """The second look."""

    outcome = RadioField(
        "Your decision", choices=options(OUTCOMES), validate_choice=False, validators=[Given("Choose what to do.")]
    )
    reason = TextAreaField(
        "Why", validators=[Given("Give the reason. Everybody can read it."), Longest(REASON, "Shorten it.")]
    )


class PlaceForm(Form):
    """Which positions a comment from outside argues from; `seen`: the mark of those it had on the page."""

    seen = HiddenField(default="")
    positions = SelectMultipleField(
        "What does it argue from?", choices=[], validate_choice=False, validators=[Given("Choose at least one.")]
    )
