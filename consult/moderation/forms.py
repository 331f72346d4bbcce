"""Forms of moderation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_wtf.file import MultipleFileField
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import StopValidation

from consult.accounts.countries import COUNTRIES
from consult.accounts.models import CATEGORIES
from consult.consultations.models import Position
from consult.core.forms import Form, Given, Longest, options
from consult.core.text import normalise
from consult.debate.composing import LONGEST
from consult.debate.models import TYPES
from consult.learning.models import LANGUAGES

from .models import INTAKE_SOURCES, MEANINGS, RULES, Campaign, IntakeEntry

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
CAMPAIGN_VERBS = {
    "confirm": "Count them as one argument", "dismiss": "Count each by itself", "reopen": "Take the decision back",
}  # fmt: skip
DAYS = {"3": "3 days", "7": "7 days", "14": "14 days"}
REASON = 2_000
RULE_CHOICES = [(rule, f"{name}. {MEANINGS[rule]}") for rule, name in RULES.items()]


def number_in(field: Field) -> int:
    """The number a hidden field holds; 0 when somebody has meddled with it."""
    data = str(field.data or "")
    return int(data) if data.isascii() and data.isdecimal() and len(data) < 19 else 0


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


class ClaimItemForm(Form):
    """Look at something; `holder`: who is known to have it, from whom it is taken over."""

    holder = HiddenField()

    @property
    def holder_id(self) -> int:
        return _id_in(self.holder)


class AppealForm(Form):
    """The author's reasons for a second look."""

    text = TextAreaField(
        "Why is the decision wrong?",
        validators=[Given("Say why the decision is wrong."), Longest(4_000, "Shorten it.")],
    )


class CorrectionForm(Form):
    """Better words for what is hidden."""

    body = TextAreaField("The words", validators=[Given("Write what it should say."), Longest(LONGEST, "Shorten it.")])


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


CONSENT = {"yes": "Yes, it may stand over the contribution", "no": "No, or not asked: the name is withheld"}
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
        said = {True: "yes", False: "no"}[entry.is_name_public] if entry.state != "begun" else None
        values = {name: getattr(entry, name) for name in COPIED}
        return cls(
            known, formdata=None, seen=entry.edit_number, positions=entry.positions.split(), consent=said, **values
        )

    def fields(self) -> dict[str, Any]:
        """What the operations take as `fields`."""
        values = {name: self.data[name] for name in COPIED}
        return values | {
            "is_name_public": self.consent.data == "yes", "positions": " ".join(self.positions.data or ()),
        }  # fmt: skip


class AsideForm(Form):
    """Why something becomes no comment."""

    reason = TextAreaField("Why it becomes no comment", [Longest(REASON, "Shorten it.")])


class ClaimForm(Form):
    """The code of a receipt."""

    code = StringField("The code on your receipt", [Given("Type the code."), Longest(60, "It has sixteen signs.")])
