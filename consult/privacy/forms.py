"""What people type about their own data."""

from __future__ import annotations

from wtforms import PasswordField, RadioField, StringField, ValidationError

from consult.core.forms import Form, Given, options

PHRASE = "erase me"
WORDS = {
    "stay": "They stay under “Name withdrawn”, with their answers",
    "go": "They go, and numbered tombstones stay in their place",
}


class ErasureForm(Form):
    """Erase me: what becomes of my words, said in words, with the password."""

    words = RadioField("What becomes of your comments, replies and objections?", choices=options(WORDS), default="stay")
    phrase = StringField(f"Type “{PHRASE}”", [Given(f"Type “{PHRASE}”, so that this does not happen by mistake.")])
    current_password = PasswordField("Your password", [Given("Type your password, so that nobody else can do this.")])

    def validate_phrase(self, field: StringField) -> None:
        """In any case, but these words."""
        if " ".join(str(field.data).lower().split()) != PHRASE:
            raise ValidationError(f"Type “{PHRASE}”, so that this does not happen by mistake.")
