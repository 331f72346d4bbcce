"""Comments that share a text."""

from __future__ import annotations

from typing import Any

from wtforms import (
    EmailField,
    Field,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import StopValidation

from consult.core.forms import Form, Given, Longest, options
from consult.core.text import normalise
from consult.core.traps import StrangersNote

from ..models import Campaign
from .deciding import REASON, number_in

CAMPAIGN_VERBS = {
    "confirm": "Count them as one argument", "dismiss": "Count each by itself", "reopen": "Take the decision back",
}  # fmt: skip


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
        given = {"reason": self.reason.data, "seen_act_id": number_in(self.seen_act), "key": self.key}
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


def _numbers(field: SelectMultipleField) -> list[str]:
    return [normalise(number)[:80] for number in field.data or ()]


class DisownForm(StrangersNote):
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
