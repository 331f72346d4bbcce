"""What comes by mail, on paper and at meetings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_wtf.file import MultipleFileField
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)

from consult.accounts.countries import COUNTRIES
from consult.accounts.models import CATEGORIES
from consult.consultations.models import Position
from consult.core.forms import Form, Given, Longest, options
from consult.debate.composing import LONGEST
from consult.debate.models import TYPES
from consult.learning.models import LANGUAGES

from ..models import INTAKE_SOURCES, IntakeEntry
from .deciding import REASON

CONSENT = {
    "yes": "Yes, it may stand over the contribution", "category": "No, only the category",
    "no": "No, or not asked: the name is withheld",
}  # fmt: skip
LEVELS = {"yes": "name", "category": "category", "no": "nobody"}  # as everybody chooses who writes here
STANCES = {
    "": "Not said", "support": "Support", "support_with_changes": "With changes", "object": "Object",
    "neutral": "Neutral", "question": "Question",
}  # fmt: skip
CUT = "Enter it as several contributions, one for each point."
COPIED = ("source", "received_on", "sender", "organisation", "category", "country", "email", "address", "language",
          "are_scans_public", "stance", "type", "clauses", "body", "note")  # fmt: skip


class MailsForm(Form):
    """Mails to be taken in; `.eml` or mbox, several at once."""

    mails = MultipleFileField("Mails (.eml or mbox)", render_kw={"accept": ".eml,.mbox,message/rfc822"})

    def validate(self, extra_validators: object = None) -> bool:
        """At least one file."""
        is_sound: bool = super().validate(extra_validators)
        if not any(self.mails.data or ()):
            self.mails.errors = [*self.mails.errors, "Choose at least one file."]
            return False
        return is_sound


class IntakeForm(Form):
    """A contribution as it is entered, and as it is compared; `seen` is the edit number of what was on the page."""

    seen = IntegerField("Edit number", default=0)
    source = RadioField("How did it come?", choices=options(INTAKE_SOURCES), validate_choice=False, default="paper")
    received_on = DateField("Received on", [Given("Enter the day it was received.")])
    sender = StringField("Name of the sender", [Longest(200, "Shorten it.")])
    organisation = StringField("Organisation, in the sender’s words (if any)", [Longest(200, "Shorten it.")])
    category = SelectField("Category", choices=options(CATEGORIES.items()), default="individual", validate_choice=False)
    country = SelectField(
        "Country", choices=options([("", "Not said"), *COUNTRIES.items()]), default="", validate_choice=False
    )
    email = EmailField("E-mail address", [Longest(254, "Shorten it.")])
    address = TextAreaField("Postal address", [Longest(500, "Shorten it.")])
    consent = RadioField(
        "May the name be public?", [Given("Choose. Without consent the name is withheld.")], choices=options(CONSENT),
        validate_choice=False,
    )  # fmt: skip
    language = SelectField("Language", choices=options(LANGUAGES), default="en", validate_choice=False)
    body = TextAreaField("The text, word for word", [Given("Enter the words."), Longest(LONGEST, CUT)])
    clauses = StringField("Clauses it is about", [Longest(400, "Name the most important ones.")])
    positions = SelectMultipleField("What does it argue from?", choices=[], validate_choice=False)
    stance = RadioField("Where does it stand?", choices=options(STANCES), default="", validate_choice=False)
    type = RadioField("What kind of comment?", choices=options(TYPES.items()), default="general", validate_choice=False)
    scans = MultipleFileField("Scans and other files")
    are_scans_public = BooleanField("There is consent to show the files to everybody")
    note = TextAreaField("Note for your colleagues", [Longest(REASON, "Shorten it.")])

    def __init__(self, known: Sequence[Position], **given: Any) -> None:
        super().__init__(**given)
        self.positions.choices = options((position.key, position.name) for position in known)

    @classmethod
    def about(cls, known: Sequence[Position], entry: IntakeEntry) -> IntakeForm:
        """The form with what is entered so far; consent is asked anew until somebody has said."""
        said = {level: said for said, level in LEVELS.items()}[entry.named] if entry.state != "begun" else None
        values = {name: getattr(entry, name) for name in COPIED}
        return cls(
            known, formdata=None, seen=entry.edit_number, positions=entry.positions.split(), consent=said, **values
        )

    def fields(self) -> dict[str, Any]:
        """What the operations take as `fields`."""
        values = {name: self.data[name] for name in COPIED}
        return values | {
            "named": LEVELS.get(self.consent.data or "", "nobody"), "positions": " ".join(self.positions.data or ()),
        }  # fmt: skip


class AsideForm(Form):
    """Why something becomes no comment."""

    reason = TextAreaField("Why it becomes no comment", [Longest(REASON, "Shorten it.")])


class UnclaimForm(Form):
    """Why a claim is taken back."""

    reason = TextAreaField("Why it is taken back", [Longest(REASON, "Shorten it.")])


class ClaimForm(Form):
    """The code of a receipt."""

    code = StringField("The code on your receipt", [Given("Type the code."), Longest(60, "It has sixteen signs.")])
