"""Putting mails into the queue: one job for each reader and occasion, however often it is asked for."""

from __future__ import annotations

from collections.abc import Iterable

from consult.core.jobs import later
from consult.core.operations import operation
from consult.core.rules import Actor, system_only

from . import queries

AT_ONCE = 200  # readers queued in one transaction


@operation(rule=system_only)
def tell(*, actor: Actor, people: Iterable[int], notice: str, about: int, occasion: str = "") -> None:
    """Queue one mail for each person. `occasion` tells apart what may happen twice to the same thing."""
    for person_id in people:
        later(
            "notices.mail",
            {"notice": notice, "about": about, "person": person_id},
            dedupe_key=f"notice {notice} {about} {occasion} to {person_id}",
        )


@operation(rule=system_only)
def tell_commenters(
    *, actor: Actor, consultation_id: int, notice: str, occasion: str = "", after: int | None = None
) -> None:
    """Queue a mail for everybody who commented: first a job, which then takes them some hundred at a time."""
    people = (
        [] if after is None
        else queries.commenters(viewer=actor, consultation_id=consultation_id, after=after, limit=AT_ONCE)
    )  # fmt: skip
    tell(actor=actor, people=people, notice=notice, about=consultation_id, occasion=occasion)
    if after is None or len(people) == AT_ONCE:
        from_here = people[-1] if people else 0
        later(
            "notices.fan_out",
            {"consultation_id": consultation_id, "notice": notice, "occasion": occasion, "after": from_here},
            dedupe_key=f"notices {notice} {consultation_id} {occasion} after {from_here}",
        )
