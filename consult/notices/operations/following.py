"""Following, and stopping."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from consult.core import clock
from consult.core.db import insert_new
from consult.core.operations import operation, session
from consult.core.rules import Actor, system_only

from .. import rules
from ..models import Follow
from ..queries import Subject, target


@operation(rule=rules.may_follow)
def follow(*, actor: Actor, subject: Subject) -> None:
    """Be told of what happens to it from now on; pressing twice is following once."""
    where: dict[str, Any] = {"person_id": actor.person_id, **target(subject)}
    if insert_new(Follow, **where) is None:
        session().execute(update(Follow).filter_by(**where).values(is_on=True, began_at=clock.now()))


@operation(rule=rules.may_follow)
def stop_following(*, actor: Actor, subject: Subject) -> None:
    """Not be told any more, of one's own thread neither."""
    where: dict[str, Any] = {"person_id": actor.person_id, **target(subject)}
    if insert_new(Follow, **where, is_on=False) is None:
        session().execute(update(Follow).filter_by(**where).values(is_on=False))


@operation(rule=system_only)
def follow_by_itself(*, actor: Actor, person_id: int, comment_id: int) -> None:
    """Who writes in a thread follows it, unless she stopped that before."""
    insert_new(Follow, person_id=person_id, comment_id=comment_id)
