"""Forms for tokens and machines."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from wtforms import IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import NumberRange

from consult.accounts.models import Organisation
from consult.core.administered import LONGEST_REASON
from consult.core.forms import Form, Given, Longest, options

from .operations import LONGEST_NAME
from .scopes import DAYS, SCOPES, USUAL_DAYS


class TokenForm(Form):
    """A new token: its name, what it may do, how long."""

    name = StringField(
        "What is it for?", [Given("Give it a name, so that you know it again."), Longest(LONGEST_NAME, "Shorten it.")]
    )
    scopes = SelectMultipleField("What may it do?", choices=[], validate_choice=False, default=["read"])
    days = IntegerField(
        "For how many days?",
        [NumberRange(*DAYS, message=f"Write a whole number between {DAYS[0]} and {DAYS[1]}.")], default=USUAL_DAYS,
    )  # fmt: skip

    def __init__(self, offered: Collection[str], **given: Any) -> None:
        super().__init__(**given)
        self.scopes.choices = options((key, SCOPES[key]) for key in offered)

    def values(self) -> dict[str, Any]:
        """What `make_token` takes beside the digest."""
        return {
            "name": self.name.data or "", "scopes": frozenset(self.scopes.data or ()), "days": self.days.data or 0,
            "key": self.key,
        }  # fmt: skip


class MachineForm(Form):
    """A new machine: its name, and to whom it belongs."""

    name = StringField("What is it called?", [Given("Give the machine a name."), Longest(LONGEST_NAME, "Shorten it.")])
    organisation = SelectField("It belongs to", choices=[], validate_choice=False, default="")

    def __init__(self, organisations: Sequence[Organisation], *, is_for_site: bool, **given: Any) -> None:
        super().__init__(**given)
        named = [("", "This site"), *((row.slug, row.name) for row in organisations)]
        self.organisation.choices = options(named if is_for_site else named[1:])


class ClosingForm(Form):
    """Why a machine is closed."""

    reason = TextAreaField(
        "Why", [Given("Say why. It is kept in the list of acts."), Longest(LONGEST_REASON, "Shorten it.")]
    )
