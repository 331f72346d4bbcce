"""What can be chosen about notices."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from wtforms import HiddenField, SelectField

from consult.core.forms import Form, options

from .models import KINDS
from .wishes import modes_of


class FollowForm(Form):
    """The button that begins and ends following: what is wanted is said, so that pressing twice is pressing once."""

    follow = HiddenField(default="")
    back = HiddenField(default="")

    @property
    def is_wanted(self) -> bool:
        return bool(self.follow.data == "yes")

    @property
    def is_from_list(self) -> bool:
        return bool(self.back.data == "list")


class ReadForm(Form):
    """Marking as read, and taking that back."""

    up_to = HiddenField(default="")
    read = HiddenField(default="")
    moment = HiddenField(default="")


def _way(kind: str) -> SelectField:
    return SelectField(KINDS[kind], choices=options(modes_of(kind)), validate_choice=False)


class WishesForm(Form):
    """For each kind of notice, how to be told of it."""

    replies = _way("replies")
    answers = _way("answers")
    followed = _way("followed")
    changes = _way("changes")
    reminders = _way("reminders")
    moderation = _way("moderation")
    waiting = _way("waiting")
    work = _way("work")

    @classmethod
    def of(cls, modes: Mapping[str, str], *, roles: Collection[str], sent: Any = None) -> WishesForm:
        """The form as these wishes are; who runs nothing is not asked about work, who moderates nothing not about that."""
        form = cls(formdata=sent, data=dict(modes))
        if not roles:
            del form.work
        if "moderator" not in roles:
            del form.waiting
        return form

    @property
    def kinds(self) -> list[SelectField]:
        """One field for each kind."""
        return [self[kind] for kind in KINDS if kind in self]

    @property
    def modes(self) -> Mapping[str, str]:
        """What was chosen, by kind."""
        return {field.name: field.data or "" for field in self.kinds}
