"""Forms of moderation."""

from __future__ import annotations

from typing import Any

from wtforms import EmailField, Field, HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import StopValidation

from consult.core.forms import Form, Given, Longest, options
from consult.core.text import normalise

from .models import MEANINGS, RULES, Campaign

VERBS = {"hide": "Hide it", "ask": "Ask its author to change it", "keep": "Keep it on show", "restore": "Show it again"}
OUTCOMES = {"upheld": "It stays hidden", "restored": "Show it again"}
CAMPAIGN_VERBS = {
    "confirm": "Count them as one argument", "dismiss": "Count each by itself", "reopen": "Take the decision back",
}  # fmt: skip
DAYS = {"3": "3 days", "7": "7 days", "14": "14 days"}
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
    facts = TextAreaField(
        "What else you rely on (you may leave this empty)", default="", validators=[Longest(REASON, "Shorten it.")]
    )
    days = RadioField("How long the author has to change it", choices=options(DAYS), default="7", validate_choice=False)
    seen_act = HiddenField()

    def validate_verb(self, field: Field) -> None:
        if field.data not in VERBS:
            raise StopValidation("Choose what to do.")

    def validate_rule(self, field: Field) -> None:
        if self.verb.data in ("hide", "ask") and field.data not in RULES:
            raise StopValidation("Choose the rule it breaks.")

    def validate_passage(self, field: Field) -> None:
        if self.verb.data in ("hide", "ask") and not (field.data or "").strip():
            raise StopValidation("Copy the words that break the rule.")

    def validate_days(self, field: Field) -> None:
        if self.verb.data == "ask" and field.data not in DAYS:
            raise StopValidation("Choose how long the author has.")

    @property
    def seen_act_id(self) -> int:
        return _id_in(self.seen_act)

    def values(self) -> dict[str, Any]:
        """What the decision's operation takes."""
        given = {
            "reason": self.reason.data, "facts": self.facts.data or "", "seen_act_id": self.seen_act_id, "key": self.key
        }  # fmt: skip
        if self.verb.data not in ("hide", "ask"):
            return given
        given |= {"rule": self.rule.data, "passage": self.passage.data}
        return given | {"days": int(self.days.data)} if self.verb.data == "ask" else given

    def look_at(self, item: Any) -> DecisionForm:
        """Offer what can be decided about `item` now, and remember what has been seen."""
        self.verb.choices = options((verb, VERBS[verb]) for verb in item.verbs)
        if self.verb.data not in item.verbs:
            self.verb.data = item.verbs[0] if len(item.verbs) == 1 else None
        self.seen_act.data = str(item.newest_act_id)
        return self


class ReleaseForm(Form):
    """Put on show what waited for a look: a button that knows what was decided when it was made."""

    seen_act = HiddenField()

    @property
    def seen_act_id(self) -> int:
        return _id_in(self.seen_act)


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


class ClaimForm(Form):
    """Look at something; `holder`: who is known to have it, from whom it is taken over."""

    holder = HiddenField()

    @property
    def holder_id(self) -> int:
        return _id_in(self.holder)


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


class SearchForm(Form):
    """Have the comments looked through for shared texts: a button."""


class CampaignForm(Form):
    """A moderator's decision about comments that share a text."""

    verb = RadioField(
        "Your decision",
        choices=options(CAMPAIGN_VERBS),
        validate_choice=False,
        validators=[Given("Choose what to do.")],
    )
    name = StringField("What do they ask for?", validators=[Longest(200, "Shorten it.")])
    organiser = StringField(
        "Who asked people to send it? (only where that was declared)", validators=[Longest(200, "Shorten it.")]
    )
    reason = TextAreaField(
        "Why", validators=[Given("Give the reason. Everybody can read it."), Longest(REASON, "Shorten it.")]
    )
    left_out = SelectMultipleField("Does not belong to it", choices=[], validate_choice=False)
    listed = SelectMultipleField("Listed", choices=[], validate_choice=False)
    seen_act = HiddenField()

    def validate_verb(self, field: Field) -> None:
        if field.data not in CAMPAIGN_VERBS:
            raise StopValidation("Choose what to do.")

    def validate_name(self, field: Field) -> None:
        if self.verb.data == "confirm" and not (field.data or "").strip():
            raise StopValidation("Give it a name that says what they ask for.")

    @classmethod
    def about(cls, campaign: Campaign) -> CampaignForm:
        """The form as it stands before anything was decided anew."""
        form = cls(formdata=None)
        form.name.data, form.organiser.data = campaign.name, campaign.organiser
        return form

    def values(self) -> dict[str, Any]:
        """What the decision's operation takes."""
        data = str(self.seen_act.data or "")
        seen = int(data) if data.isascii() and data.isdecimal() and len(data) < 19 else 0
        given = {"reason": self.reason.data, "seen_act_id": seen, "key": self.key}
        if self.verb.data != "confirm":
            return given
        return given | {
            "name": self.name.data, "organiser": self.organiser.data or "", "listed": _numbers(self.listed),
            "left_out": _numbers(self.left_out),
        }  # fmt: skip

    def look_at(self, page: Any) -> CampaignForm:
        """Offer what can be decided now, tick what was left out, and remember what has been seen."""
        offered = ["confirm"] + (["dismiss"] if page.campaign.state != "dismissed" else [])
        offered += ["reopen"] if page.campaign.state != "proposed" else []
        self.verb.choices = options((verb, CAMPAIGN_VERBS[verb]) for verb in offered)
        self.seen_act.data = str(page.newest_act_id)
        if not self.is_submitted():
            self.left_out.data = [row.number for row in page.members.rows if row.standing == "left_out"]
        return self


def _id_in(field: Field) -> int:
    """The id a hidden field holds; 0 when somebody has meddled with it."""
    data = str(field.data or "")
    return int(data) if data.isascii() and data.isdecimal() and len(data) < 19 else 0


def _numbers(field: SelectMultipleField) -> list[str]:
    return [normalise(number)[:80] for number in field.data or ()]


class DisownForm(Form):
    """Somebody says that a comment in their name is not theirs."""

    name = StringField("Your name", validators=[Given("Say who you are."), Longest(200, "Shorten it.")])
    email = EmailField(
        "Your e-mail address",
        validators=[Given("Say how the moderators can reach you."), Longest(254, "Shorten it.")],
    )
    text = TextAreaField("Your statement", validators=[Given("Say what is wrong."), Longest(REASON, "Shorten it.")])

    def values(self) -> dict[str, Any]:
        """What the operation takes."""
        return {"name": self.name.data, "email": self.email.data, "text": self.text.data, "key": self.key}
