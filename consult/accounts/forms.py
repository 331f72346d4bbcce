"""What people type about themselves and their organisations."""

from __future__ import annotations

from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields import EmailField

from consult.core.doors import me
from consult.core.forms import Form, Given, Longest, options
from consult.core.ids import whole
from consult.core.traps import StrangersForm

from . import passwords, queries
from .countries import COUNTRIES
from .models import CATEGORIES, CATEGORY_MEANINGS, Organisation, Person

COUNTRY_CHOICES = [("", "Not said"), *COUNTRIES.items()]
ORGANISATION_CHOICES = [(key, name) for key, name in CATEGORIES.items() if key != "individual"]
SIZE_CHOICES = [
    ("", "Not said"),
    ("micro", "Fewer than 10 people"),
    ("small", "10 to 49 people"),
    ("medium", "50 to 249 people"),
    ("large", "250 people or more"),
]


class GoodPassword:
    """Validator: long enough, not what others try first, not the person's own name or address."""

    def __call__(self, form: PasswordOwner, field: PasswordField) -> None:
        weakness = passwords.weakness(field.data or "", *form.own_words())
        if weakness:
            raise ValidationError(weakness)


class PasswordOwner(Form):
    """A base of forms with a new password."""

    def own_words(self) -> tuple[str, str]:
        """Name and address of the person, which others know and try."""
        return me().name, me().email


class KnownCategory:
    """Validator: one of the choices, asked for in a full sentence."""

    def __call__(self, form: Form, field: RadioField) -> None:
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError("Choose the one that fits best.")


class CategoryForm(Form):
    """A base of forms that ask for an interest category; `meanings` explains each."""

    meanings = CATEGORY_MEANINGS


class RegistrationForm(StrangersForm, CategoryForm, PasswordOwner):
    """Make an account."""

    name = StringField("Your name", [Given("Tell us your name, so that people know who speaks."), Longest(120)])
    email = EmailField("E-mail", [Given("We need an address to send you the answers."), Longest(254)])
    password = PasswordField("Password", [GoodPassword()])
    category = RadioField(
        "What are you here as?", [KnownCategory()], choices=options(CATEGORIES), validate_choice=False
    )
    country = SelectField("Country", choices=options(COUNTRY_CHOICES))
    interest = TextAreaField("Interests to declare", [Longest(300)])

    def own_words(self) -> tuple[str, str]:
        return str(self.name.data or ""), str(self.email.data or "")


class SignInForm(Form):
    """E-mail and password."""

    email = EmailField("E-mail", [Given("Type the address of your account."), Longest(254)])
    password = PasswordField("Password", [Given("Type your password."), Longest(passwords.LONGEST)])
    stay = BooleanField("Stay signed in on this device for 14 days")


class PasskeyForm(Form):
    """What a passkey signed; a small program in the page fills it in."""

    passkey_asked = HiddenField()
    passkey_answer = HiddenField()


class NewPasskeyForm(PasskeyForm):
    """A passkey that the browser has just made, and what to call it."""

    name = StringField("Name of this passkey", [Given("Give it a name, so that you know it in the list."), Longest(60)])


class PasskeyEntryForm(PasskeyForm):
    """A passkey in place of a password."""

    stay = HiddenField()


class ProofForm(Form):
    """The password once more."""

    password = PasswordField("Your password", [Given("Type your password."), Longest(passwords.LONGEST)])


class SecondStepForm(PasskeyForm):
    """What comes after the password: a passkey, a code of the app, or a recovery code. All were typed elsewhere, so neither is asked for."""

    half_way = HiddenField()
    stay = HiddenField()
    app_code = StringField("Code from your app", [Longest(40)])
    recovery_code = StringField("Recovery code", [Longest(80)])


class AuthenticatorForm(Form):
    """The first code of an app that has just been given its key."""

    sealed = HiddenField()
    app_code = StringField("Code that the app shows now", [Longest(40)])


class AddressForm(Form):
    """Where to mail a link for a new password."""

    email = EmailField("E-mail", [Given("Type the address of your account."), Longest(254)])


class NewPasswordForm(PasswordOwner):
    """A new password, by mailed link."""

    password = PasswordField("New password", [GoodPassword()])
    owner: Person | None = None

    @classmethod
    def of(cls, person: Person) -> NewPasswordForm:
        """The form as sent, for the account of `person`."""
        form = cls()
        form.owner = person
        return form

    def own_words(self) -> tuple[str, str]:
        return (self.owner.name, self.owner.email) if self.owner else ("", "")


class PasswordForm(PasswordOwner):
    """Another password, by whoever knows the present one."""

    current_password = PasswordField("Your present password", [Given("Type your present password.")])
    password = PasswordField("New password", [GoodPassword()])


class EmailForm(Form):
    """Another address."""

    email = EmailField("New e-mail address", [Given("Type the new address."), Longest(254)])
    current_password = PasswordField("Your password", [Given("Type your password, so that nobody else can do this.")])


class ProfileForm(CategoryForm):
    """What is shown with what one writes."""

    name = StringField("Your name", [Given("Tell us your name, so that people know who speaks."), Longest(120)])
    category = RadioField(
        "What are you here as?", [KnownCategory()], choices=options(CATEGORIES), validate_choice=False
    )
    country = SelectField("Country", choices=options(COUNTRY_CHOICES))


class InterestForm(Form):
    """One declared interest."""

    interest = StringField("What should people know?", [Given("Say what people should know."), Longest(300)])
    source = StringField("Where can one check it?", [Longest(500, "Shorten it.")])


class MemberInvitationForm(Form):
    """Invite an address into an organisation."""

    email = EmailField("E-mail address", [Given("Write their e-mail address."), Longest(254)])
    role = SelectField(
        "As", choices=options({"member": "Member", "signatory": "Signatory: signs for the others"}), default="member"
    )


class DomainForm(Form):
    """An address at the domain of an organisation."""

    email = EmailField("An address of your organisation", [Given("Type an address at its domain."), Longest(254)])


class PartForm(Form):
    """A base of forms that ask of which organisation another one is a part."""

    parent = StringField("Part of", [Longest(200)])
    found: Organisation | None = None

    def validate_parent(self, field: StringField) -> None:
        """The parent is named as it is on the list."""
        self.found = queries.organisation_named(viewer=me(), name=field.data) if field.data else None
        if field.data and self.found is None:
            raise ValidationError("No organisation of this name is on the list. Leave it empty, or add that one first.")


class KindForm(CategoryForm):
    """Of which kind an organisation is."""

    category = RadioField(
        "What kind is it?", [KnownCategory()], choices=options(ORGANISATION_CHOICES), validate_choice=False
    )


class ParentForm(PartForm):
    """Of which organisation another one is a part, and nothing else."""

    parent = StringField("Part of", [Given("Name the larger organisation."), Longest(200)])


class OtherForm(Form):
    """With which other organisation one is the same."""

    into = StringField("Which one is it the same as?", [Given("Name the other organisation."), Longest(200)])
    found: Organisation | None = None

    def validate_into(self, field: StringField) -> None:
        """It is named as it is on the list."""
        self.found = queries.organisation_named(viewer=me(), name=field.data)
        if self.found is None:
            raise ValidationError("No organisation of this name is on the list. Write it as it is there.")


class MergeForm(Form):
    """Merge an organisation into another one."""

    signing = SelectMultipleField("Who signs for it from now on", coerce=whole, choices=[], validate_choice=False)
    reason = TextAreaField(
        "Why are they the same?",
        [Given("Say why they are the same; everybody can read it."), Longest(500, "Shorten it.")],
    )


class OrganisationForm(PartForm, CategoryForm):
    """Put an organisation on the list."""

    name = StringField("Name of the organisation", [Given("Give its full name."), Longest(200)])
    category = RadioField(
        "What kind is it?", [KnownCategory()], choices=options(ORGANISATION_CHOICES), validate_choice=False
    )
    country = SelectField("Country", choices=options(COUNTRY_CHOICES))
    size = SelectField("Size", choices=options(SIZE_CHOICES))
    register_number = StringField("Register number", [Longest(80)])
