"""What waits for a look before it is on show: by the rule of the consultation, or because it looks like a flood.

Whoever runs the consultation never waits, nor does anybody who has something on show for a while, where only first posts wait.
Suspicion asks for a look; it refuses and deletes nothing.
"""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select

from consult.consultations.models import Consultation
from consult.core import clock, text
from consult.core.db import read_rows
from consult.core.ids import digest
from consult.core.operations import session
from consult.core.rules import Actor

from .models import Comment, Reply, Trail

WINDOW = timedelta(hours=1)
SETTLED = timedelta(minutes=15)  # a flood that shows its first letters is not trusted with the next at once
# Of people with nothing on show yet, within the window. A class of 30 behind one school's address shows nine at once,
# and the rest waits; a form letter goes on show four times an hour before somebody looks at the next.
FROM_ONE_RANGE = 10
OF_ONE_TEXT = 5
FEWEST_WORDS = 5  # “I agree.” is said by many who never heard of each other
AT_ONCE = 500
LINKS = 4  # in one contribution; who is known here may cite as much as she likes
ADDRESS = re.compile(r"https?://|www\.", re.IGNORECASE)


def reason(
    actor: Actor, consultation: Consultation, body: str, origin: str = "", *, is_proven: bool = True
) -> str:  # fmt: skip
    """Why what `actor` posts now waits, one of HOLDS; "" where it is on show at once.

    `origin`: a digest of the address range it comes from. `is_proven`: it came with the calculation that is asked of
    somebody new, or none is. Leaves a trail of somebody new.
    """
    if actor.is_system or actor.is_administrator or actor.is_staff_of(consultation.id):
        return ""
    if consultation.pre_moderation == "all":
        return "all"
    if _has_something_on_show(actor):
        return ""
    found = "first" if consultation.pre_moderation == "first" else _suspicion(body, origin)
    if not found and (actor.is_unproven or not is_proven):
        found = "unproven"
    session().add(Trail(origin=origin, words=_said(body), at=clock.now()))
    return found


def is_new(actor: Actor, consultation: Consultation) -> bool:
    """Whether nothing of hers is on show on this site, and she does not run the consultation."""
    return not (
        actor.is_system or actor.is_administrator or actor.is_staff_of(consultation.id) or _has_something_on_show(actor)
    )


def _has_something_on_show(actor: Actor) -> bool:
    """On this site, in whatever consultation: what a moderator let through, or what stands for some time."""
    return bool(read_rows(_SHOWN, {"person": actor.person_id, "settled": clock.now() - SETTLED}).scalar())


def _shown() -> Select[bool]:
    wrote = (
        select(model.id)
        .where(
            model.author_id == bindparam("person"), model.state == "posted",
            or_(model.released_at.is_not(None), model.posted_at <= bindparam("settled")),
        )
        .exists()
        for model in (Comment, Reply)
    )  # fmt: skip
    return select(or_(*wrote))


_SHOWN = _shown()


def _suspicion(body: str, origin: str) -> str:
    if len(ADDRESS.findall(body)) >= LINKS:
        return "links"
    from_here = _lately(Trail.origin == origin, FROM_ONE_RANGE) if origin else 0
    if from_here >= FROM_ONE_RANGE - 1:
        return "address"
    words = _said(body)
    if words and _lately(Trail.words == words, OF_ONE_TEXT) >= OF_ONE_TEXT - 1:
        return "text"
    return "burst" if _lately(Trail.id > 0, AT_ONCE) >= AT_ONCE else ""


def _lately(which: ColumnElement[bool], most: int) -> int:
    """How many there are, counted no further than `most`: a flood must not make the counting slow."""
    some = select(Trail.id).where(which, Trail.at > clock.now() - WINDOW).limit(most).subquery()
    return session().scalar(select(func.count()).select_from(some)) or 0


def _said(body: str) -> str:
    """A digest of the words alone, so that blanks, case and marks make no other text of it; "" of very few."""
    words = re.findall(r"\w+", text.normalise(body).casefold())
    return digest(" ".join(words)) if len(words) >= FEWEST_WORDS else ""
