"""Forms of the consultations room: one for each page of the guided form, one for each step in the life."""

from __future__ import annotations

from typing import Any, ClassVar

from wtforms import (
    DateField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)

from consult.accounts import queries as accounts
from consult.accounts.models import ROLES, Organisation
from consult.core.clock import ZONES
from consult.core.doors import me
from consult.core.errors import Invalid
from consult.core.forms import Form, Given, Longest, options
from consult.core.text import normalise

from .models import ACCESS, PRE_MODERATION
from .naming import LEAST
from .operations import PositionText
from .operations.settings import MOST_POSITIONS
from .queries import Opening
from .wall_clock import to_moment, to_wall

SHORT = Longest(200, "Shorten it.")
LINES = Longest(6_000, "Shorten it.")
TEXT = Longest(20_000, "Shorten it, and leave the details to the draft.")
ZONE_CHOICES = [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in sorted(ZONES) if "/" in name)]
ROLE_WORDS = {
    "organiser": "Organiser: settings, dates, people",
    "moderator": "Moderator: reports, answers, the summary",
    "editor": "Editor: brings in the draft and its versions",
    "observer": "Observer: named here, sees what everybody sees",
    "appeals_panel": "Appeals panel: decides when somebody appeals",
    "participant": "Participant: reads it and takes part",
}


def _cleaned(field: Any, valuelist: list[str]) -> list[str]:
    """What was typed, without control characters: it is shown again when it cannot be read."""
    field.raw_data = [text for text in map(normalise, valuelist) if text]
    field.data = None
    return list(field.raw_data)


class MomentField(DateTimeLocalField):
    """A day and time as a clock on the wall shows it; without a picker one can type it."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"], **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(_cleaned(self, valuelist))
        except ValueError:
            raise ValueError("Write the day and the time like 2026-12-04 18:00.") from None


class DayField(DateField):
    """A day, or none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(_cleaned(self, valuelist))
        except ValueError:
            raise ValueError("Write the day like 2026-12-04.") from None


class DaysField(IntegerField):
    """A number of days."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(_cleaned(self, valuelist))
        except ValueError:
            raise ValueError("Write a number of days, like 14.") from None


class NewForm(Form):
    """What a consultation begins with."""

    title = StringField("What should it be called?", [Given("Give it a title. You can change it later."), SHORT])


class StageForm(Form):
    """A page of the guided form. Knows what was saved, so that a stale page can show what changed meanwhile."""

    edit_number = HiddenField()
    compared: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def of(cls, page: Opening) -> StageForm:
        """The form filled with what is saved."""
        return cls(formdata=None, edit_number=str(page.row.edit_number), **cls.saved(page))

    @classmethod
    def saved(cls, page: Opening) -> dict[str, Any]:
        """What is saved, by field."""
        return {name: getattr(page.row, name) for name in cls.compared}

    def values(self) -> dict[str, Any]:
        """What the operation takes."""
        number = str(self.edit_number.data or "")
        return {"edit_number": int(number[:9]) if number.isascii() and number.isdigit() else -1} | self.typed()

    def typed(self) -> dict[str, Any]:
        """What was typed, as the operation takes it."""
        return {name: self._fields[name].data or "" for name in self.compared}

    def meanwhile(self, page: Opening) -> list[tuple[str, str]]:
        """If somebody saved since this page was opened: field and saved text wherever it differs from what was typed.

        The form then counts as having seen it, so that saving again is a decision.
        """
        if self.edit_number.data == str(page.row.edit_number):
            return []
        self.edit_number.data = str(page.row.edit_number)
        fresh = type(self).of(page)
        return [
            (field.label.text, _shown(fresh[field.name]) or "(empty)")
            for field in self
            if field.type not in ("HiddenField", "CSRFTokenField") and _shown(field) != _shown(fresh[field.name])
        ]


class WordsForm(StageForm):
    """Title and scope."""

    compared = ("title", "summary", "scope")
    title = StringField("Title", [Given("Give it a title."), SHORT])
    summary = TextAreaField("What is it about, in plain words?", [TEXT])
    scope = TextAreaField("What is up for comment, and what is not?", [TEXT])


class BodiesForm(StageForm):
    """Who calls."""

    compared = ("organiser_name", "co_organisers")
    organiser_name = StringField("Who calls for comments?", [Given("Say who calls for comments."), SHORT])
    co_organisers = TextAreaField("Together with", [LINES])

    def typed(self) -> dict[str, Any]:
        return super().typed() | {"co_organisers": _lines(self.co_organisers.data)}


class QuestionsForm(StageForm):
    """What the organisers ask."""

    questions = TextAreaField("Your questions, one a line", [Longest(20_000, "Shorten the questions.")])
    topics = TextAreaField("Topics, one a line", [Longest(2_000, "Fewer or shorter words, please.")])

    @classmethod
    def saved(cls, page: Opening) -> dict[str, Any]:
        return {"questions": "\n".join(page.about.questions), "topics": "\n".join(page.about.topics)}

    def typed(self) -> dict[str, Any]:
        return {"questions": _lines(self.questions.data), "topics": _lines(self.topics.data)}


class PositionsForm(StageForm):
    """Up to six positions: name and definition; a row left empty is no position."""

    @classmethod
    def saved(cls, page: Opening) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for place, row in enumerate(page.row.positions, start=1):
            values |= {f"key_{place}": row.key, f"name_{place}": row.name, f"definition_{place}": row.definition}
        return values

    @property
    def rows(self) -> list[tuple[Any, Any, Any]]:
        """The fields of each row: key, name, definition."""
        return [
            (self[f"key_{n}"], self[f"name_{n}"], self[f"definition_{n}"]) for n in range(1, MOST_POSITIONS + 1)
        ]  # fmt: skip

    def typed(self) -> dict[str, Any]:
        texts = [PositionText(*((field.data or "").strip() for field in row)) for row in self.rows]
        return {"positions": [text for text in texts if text.name or text.definition]}

    def validate(self, extra_validators: Any = None) -> bool:
        is_fine = super().validate(extra_validators)
        for _key, name, definition in self.rows:
            if definition.data and not name.data:
                name.errors = [*name.errors, "Give this position a name, or empty both fields to remove it."]
            if name.data and not definition.data:
                definition.errors = [*definition.errors, f"Say what “{name.data}” means here."]
        return is_fine and not self.errors


for _n in range(1, MOST_POSITIONS + 1):
    setattr(PositionsForm, f"key_{_n}", HiddenField())
    setattr(PositionsForm, f"name_{_n}", StringField(f"Position {_n}", [Longest(40, "A word or two is enough.")]))
    setattr(
        PositionsForm,
        f"definition_{_n}",
        StringField("What it means here", [Longest(300, "One sentence is enough.")]),
    )


class Dates(Form):
    """When a round opens and closes, and when the answers come, as a clock on the wall shows it."""

    opens = MomentField("Opens")
    closes = MomentField("Closes")
    response_day = DayField("Every comment is answered by")
    review_days = DaysField("Days for commenters to check the answers")

    def validate(self, extra_validators: Any = None) -> bool:
        is_fine = super().validate(extra_validators)
        lacking = (
            (self.opens, "Say when it opens."),
            (self.closes, "Say when it closes."),
            (self.review_days, "Write a number of days, like 14."),
        )
        is_given = [_is_given(field, sentence) for field, sentence in lacking]  # each says its own sentence
        return all(is_given) and is_fine

    def typed(self) -> dict[str, Any]:
        """What was typed, as the operations take it."""
        return {
            "opens": self.opens.data, "closes": self.closes.data, "response_day": self.response_day.data,
            "review_days": self.review_days.data,
        }  # fmt: skip


class DatesForm(Dates, StageForm):
    """The dates of a consultation that is being prepared."""

    timezone = SelectField("Time zone", choices=options(ZONE_CHOICES), validate_choice=False)
    appeal_days = DaysField("Days to ask for a second look at a moderator's decision")

    def validate(self, extra_validators: Any = None) -> bool:
        return super().validate(extra_validators) and _is_given(self.appeal_days, "Write a number of days, like 30.")

    @classmethod
    def saved(cls, page: Opening) -> dict[str, Any]:
        row = page.row
        wall = {
            name: to_wall(moment, row.timezone) if moment else None
            for name, moment in (("opens", row.opens_at), ("closes", row.closes_at), ("day", row.response_due_at))
        }
        day = wall["day"].date() if wall["day"] else None
        return {
            "timezone": row.timezone, "opens": wall["opens"], "closes": wall["closes"], "response_day": day,
            "review_days": row.review_days, "appeal_days": row.appeal_days,
        }  # fmt: skip

    def typed(self) -> dict[str, Any]:
        return super().typed() | {"timezone": self.timezone.data or "", "appeal_days": self.appeal_days.data}


class LooksForm(StageForm):
    """What a moderator looks at before it is on show."""

    compared = ("pre_moderation", "least_named")
    pre_moderation = RadioField("What is looked at first?", choices=options(PRE_MODERATION), validate_choice=False)
    least_named = RadioField(
        "What may people show over what they write?", choices=options(LEAST), default="nobody", validate_choice=False
    )


class AccessForm(StageForm):
    """Who reads it, and who takes part."""

    compared = ("access",)
    access = RadioField("Who can read it, and who can take part?", choices=options(ACCESS), validate_choice=False)


STAGE_FORMS: dict[str, type[StageForm]] = {
    "words": WordsForm,
    "bodies": BodiesForm,
    "questions": QuestionsForm,
    "positions": PositionsForm,
    "dates": DatesForm,
    "access": AccessForm,
    "looks": LooksForm,
}


class InvitationForm(Form):
    """Invite somebody to a role."""

    email = StringField("E-mail address", [Given("Write their e-mail address."), SHORT])
    role = SelectField("Role", choices=options((role, ROLE_WORDS[role]) for role in ROLES), default="moderator")


class GuestForm(Form):
    """Invite an organisation to take part."""

    name = StringField("Name of the organisation", [Given("Write its name as it is on the list."), SHORT])
    found: Organisation | None = None

    def validate_name(self, field: Any) -> None:
        """It is on the list of organisations."""
        self.found = accounts.organisation_named(viewer=me(), name=field.data) if field.data else None
        if field.data and self.found is None:
            raise ValidationError("No organisation of this name is on the list. Write it as it is there, or add it.")


class ReasonForm(Form):
    """A step with its reason."""

    reason = TextAreaField("Reason", [Longest(2_000, "Say it shorter.")])

    def check(self, zone_name: str) -> dict[str, Any] | None:
        """What the operation takes; None when something on the form needs another look."""
        return {"reason": self.reason.data or ""} if self.validate() else None


class PlainForm(Form):
    """A step that needs no reason."""

    def check(self, zone_name: str) -> dict[str, Any] | None:
        """What the operation takes: nothing."""
        return {} if self.validate() else None


class RoundForm(Dates):
    """The dates of a further round, in the consultation's time zone."""

    def check(self, zone_name: str) -> dict[str, Any] | None:
        """What the operation takes; None when something on the form needs another look."""
        return self.typed() if self.validate() else None


class ExtensionForm(ReasonForm):
    """A later closing time, as a clock on the wall at the consultation's place shows it, with its reason."""

    closes_at = MomentField("New closing time")

    def check(self, zone_name: str) -> dict[str, Any] | None:
        """What the operation takes; None when something on the form needs another look."""
        if not (self.validate() and _is_given(self.closes_at, "Say when it closes.")):
            return None
        try:
            moment = to_moment(self.closes_at.data, zone_name, field="closes_at", is_second=True)
        except Invalid as error:
            self.blame(error)
            return None
        return {"reason": self.reason.data or "", "closes_at": moment}


def _is_given(field: Any, sentence: str) -> bool:
    if field.data is None and not field.errors:
        field.errors = [sentence]
    return not field.errors


def _shown(field: Any) -> str:
    return str(field._value() if hasattr(field, "_value") else field.data or "")


def _lines(text: str | None) -> list[str]:
    return (text or "").splitlines()
