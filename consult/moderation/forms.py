"""Forms of moderation."""

from __future__ import annotations

from typing import Any

from wtforms import Field, HiddenField, RadioField, SelectMultipleField, TextAreaField
from wtforms.validators import StopValidation

from consult.core.forms import Form, Given, Longest, options

from .models import MEANINGS, RULES

VERBS = {"hide": "Hide it", "keep": "Keep it on show", "restore": "Show it again"}
OUTCOMES = {"upheld": "It stays hidden", "restored": "Show it again"}
REASON = 2_000
RULE_CHOICES = [(rule, f"{name}. {MEANINGS[rule]}") for rule, name in RULES.items()]


class ReportForm(Form):
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
    seen_act = HiddenField()

    def validate_verb(self, field: Field) -> None:
        if field.data not in VERBS:
            raise StopValidation("Choose what to do.")

    def validate_rule(self, field: Field) -> None:
        if self.verb.data == "hide" and field.data not in RULES:
            raise StopValidation("Choose the rule it breaks.")

    def validate_passage(self, field: Field) -> None:
        if self.verb.data == "hide" and not (field.data or "").strip():
            raise StopValidation("Copy the words that break the rule.")

    @property
    def seen_act_id(self) -> int:
        data = str(self.seen_act.data or "")
        return int(data) if data.isascii() and data.isdecimal() and len(data) < 19 else 0

    def values(self) -> dict[str, Any]:
        """What the decision's operation takes."""
        given = {"reason": self.reason.data, "seen_act_id": self.seen_act_id, "key": self.key}
        if self.verb.data != "hide":
            return given
        return given | {"rule": self.rule.data, "passage": self.passage.data}

    def look_at(self, item: Any) -> DecisionForm:
        """Offer what can be decided about `item` now, and remember what has been seen."""
        self.verb.choices = options((verb, VERBS[verb]) for verb in item.verbs)
        if self.verb.data not in item.verbs:
            self.verb.data = item.verbs[0] if len(item.verbs) == 1 else None
        self.seen_act.data = str(item.newest_act_id)
        return self


class AppealForm(Form):
    """The author's reasons for a second look."""

    text = TextAreaField(
        "Why should it be shown again?",
        validators=[Given("Say why it should be shown again."), Longest(4_000, "Shorten it.")],
    )


class AppealDecisionForm(Form):
    """The second look."""

    outcome = RadioField(
        "Your decision", choices=options(OUTCOMES), validate_choice=False, validators=[Given("Choose what to do.")]
    )
    reason = TextAreaField(
        "Why", validators=[Given("Give the reason. Everybody can read it."), Longest(REASON, "Shorten it.")]
    )


class PlaceForm(Form):
    """Which positions a comment from outside argues from."""

    positions = SelectMultipleField(
        "What does it argue from?", choices=[], validate_choice=False, validators=[Given("Choose at least one.")]
    )
