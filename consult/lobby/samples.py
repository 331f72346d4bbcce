"""What the style guide shows: every macro in every state, on made-up values."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField

from consult.consultations.models import DEFAULT_POSITIONS, SIGNS
from consult.consultations.queries import Step
from consult.core import clock
from consult.core.forms import Form, options
from consult.core.paging import Listing


class SampleForm(Form):
    """One field of each kind."""

    name = StringField("Your name")
    text = TextAreaField("What should change, and why?", default="The words as they were typed.")
    country = SelectField("Country", choices=options([("", "Not said"), ("EE", "Estonia"), ("PT", "Portugal")]))
    stance = RadioField(
        "Where do you stand?", choices=options([("support", "Support"), ("object", "Object")]), default="object"
    )
    positions = SelectMultipleField(
        "What do you argue from?", choices=options([]), validate_choice=False, default=["access"]
    )
    agree = BooleanField("I have read the rules")


def everything() -> dict[str, Any]:
    """The values of the style guide's page."""
    names = {key: (name, definition) for key, name, definition in DEFAULT_POSITIONS}
    positions = [
        SimpleNamespace(
            key=sign, sign=sign, name=names.get(sign, (f"Further {sign}", ""))[0],
            definition=names.get(sign, ("", "A position an organiser added."))[1],
        )
        for sign in SIGNS
    ]  # fmt: skip
    wrong = SampleForm(formdata=None, name="")
    wrong.name.errors = ["Tell us your name, so that people know who speaks."]
    wrong.text.errors = ["This is 20,400 characters long; 20,000 is the most."]
    wrong.positions.errors = ["Choose at least one."]
    moment = clock.now()
    steps = [
        Step("Announced", moment - timedelta(days=30), moment - timedelta(days=20), 6, True, False, 6, ""),
        Step("Open for comments", moment - timedelta(days=20), moment + timedelta(days=11), 19, False, True, 13, "Today: 11 days left"),
        Step("Every comment answered", moment + timedelta(days=11), moment + timedelta(days=60), 25, False, False, 0, ""),
        Step("You check the answers", moment + timedelta(days=60), moment + timedelta(days=74), 8, False, False, 0, ""),
        Step("Published", moment + timedelta(days=74), None, 4, False, False, 0, ""),
    ]  # fmt: skip
    return {
        "form": SampleForm(formdata=None),
        "wrong": wrong,
        "positions": positions,
        "counts": [(position, count) for position, count in zip(positions, (96, 71, 138, 12, 3, 1), strict=True)],
        "steps_header": SimpleNamespace(steps=steps, timezone="UTC", round=""),
        "listing": Listing(rows=["one", "two"], total=247, next_cursor="next", previous_cursor="previous"),
    }
