"""Forms that strangers may send, with two quiet questions that people answer without noticing.

A field that nobody sees must stay empty, and nobody fills a form in no time. Who is caught is never turned away: see
what each form does with it.
"""

from __future__ import annotations

from flask import current_app
from itsdangerous import BadSignature, Signer
from wtforms import Field, HiddenField, StringField, ValidationError

from . import clock
from .forms import Form, Longest

FASTEST = 2  # seconds from page to answer; a password manager and a quick hand need more for five fields
FILLED = (
    "This field is not shown to people, and it came back with words in it. Did a program of yours fill it in? Empty it,"
    " and send again. Everything else is below as you typed it."
)


def _moment() -> str:
    return _signer().sign(str(int(clock.now().timestamp()))).decode()


def _signer() -> Signer:
    return Signer(str(current_app.config["SECRET_KEY"]), salt="consult.forms.served")


class StrangersForm(Form):
    """Base of forms that need no account. `leave_empty` is hidden from everybody; its name is none that browsers fill in."""

    leave_empty = StringField("Leave this field empty", [Longest(2_000, "Empty it.")])
    served = HiddenField(default=_moment)

    @property
    def is_like_a_program(self) -> bool:
        """Whether the hidden field was filled in, or the form came back faster than a person is, or with no page before it."""
        if self.leave_empty.data:
            return True
        try:
            since = int(_signer().unsign(str(self.served.data or "")))
        except (BadSignature, ValueError):
            return True
        return clock.now().timestamp() - since < FASTEST


class StrangersNote(StrangersForm):
    """One that people read anyway: who is caught sees the field, and a sentence what to do."""

    def validate_leave_empty(self, field: Field) -> None:
        if field.data:
            raise ValidationError(FILLED)
