"""What those who run the site type."""

from __future__ import annotations

from typing import Any

from wtforms import RadioField, SelectField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.fields import EmailField

from consult.accounts.forms import COUNTRY_CHOICES, ORGANISATION_CHOICES, SIZE_CHOICES
from consult.accounts.models import Organisation
from consult.accounts.operations import GROUNDS
from consult.core.administered import LONGEST_REASON
from consult.core.forms import Form, Given, Longest, options

PHRASE = "erase this account"
SHORTER = "Shorten it."
ROLE_NAMES = {
    "organiser": "Organiser: runs it",
    "moderator": "Moderator: keeps the debate fair and answers",
    "editor": "Editor: keeps the draft",
    "observer": "Observer: sees what staff sees, changes nothing",
    "appeals_panel": "Appeals panel: takes the second look",
}


class ReasonForm(Form):
    """Why an administrator does what she does."""

    reason = TextAreaField("Why", [Given("Say why. It is kept in the list of acts."), Longest(LONGEST_REASON, SHORTER)])


class VerificationForm(Form):
    """What an organisation was checked by, of what it has; all of it is public."""

    grounds = SelectMultipleField("What did you go by?", validate_choice=False)
    reason = TextAreaField(
        "What did you see?", [Given("Say what you saw. It stands on its page."), Longest(LONGEST_REASON, SHORTER)]
    )

    def __init__(self, organisation: Organisation, **given: Any) -> None:
        super().__init__(**given)
        self.grounds.choices = options({key: said for key, said in GROUNDS.items() if getattr(organisation, key)})


class ErasureForm(ReasonForm):
    """Erase somebody else: what becomes of her words, and once more in words."""

    words = RadioField(
        "What becomes of her comments, replies and objections?",
        choices=options(
            {
                "stay": "They stay under “Name withdrawn”, with their answers",
                "go": "They go, and numbered tombstones stay",
            }
        ),
        default="stay",
    )
    phrase = StringField(
        f"Type “{PHRASE}”", [Given(f"Type “{PHRASE}”, so that this does not happen by mistake."), Longest(80, SHORTER)]
    )

    def validate_phrase(self, field: StringField) -> None:
        """In any case, but these words."""
        if " ".join(str(field.data).lower().split()) != PHRASE:
            raise ValidationError(f"Type “{PHRASE}”, so that this does not happen by mistake.")


class AppointmentForm(ReasonForm):
    """Give somebody a role on a consultation."""

    email = EmailField(
        "E-mail address of her account", [Given("Type the address of an account."), Longest(254, SHORTER)]
    )
    role = SelectField("Role", choices=options(ROLE_NAMES), default="organiser")


class DescriptionForm(ReasonForm):
    """Correct what is said of an organisation."""

    name = StringField("Name", [Given("Give its full name."), Longest(200, SHORTER)])
    category = SelectField("Kind", choices=options(ORGANISATION_CHOICES))
    country = SelectField("Country", choices=options(COUNTRY_CHOICES))
    size = SelectField("Size", choices=options(SIZE_CHOICES))
    register_number = StringField("Register number", [Longest(80, SHORTER)])
    note = TextAreaField("Note", [Longest(500, SHORTER)])
