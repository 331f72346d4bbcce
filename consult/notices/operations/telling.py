"""Putting lines into inboxes, and mails into the queue: one for each person and event, however often it is asked for."""

from __future__ import annotations

from collections.abc import Collection

from consult.core.db import insert_all_new, insert_new
from consult.core.jobs import later
from consult.core.operations import operation
from consult.core.records import asdict, replace
from consult.core.rules import Actor, system_only
from consult.outcomes import operations as outcomes
from consult.outcomes.models import Assignment

from .. import queries
from ..happenings import Happening
from ..models import ACCOUNT, Notice

AT_ONCE = 200  # readers told in one transaction
# What somebody is told of a step who commented, and not only follows.
TO_COMMENTERS = {"extend": "extended", "begin_round": "new_round", "publish": "outcome"}


@operation(rule=system_only)
def tell(*, actor: Actor, people: Collection[int], kind: str, of: Happening) -> None:
    """Tell people in the way each of them chose for that kind. Who was told of it already is not told again."""
    ways = queries.ways(
        viewer=actor, people=people, kind=kind, consultation_id=of.consultation_id, what=of.what
    )  # fmt: skip
    what = asdict(of)
    del what["wave"]  # of the telling, not of what happened
    rows = [
        what | {"person_id": person_id, "kind": kind, "awaits": way if way in ("daily", "weekly") else ""}
        for person_id, way in ways.items()
    ]
    for notice_id, person_id in insert_all_new(Notice, rows, returning=("id", "person_id")):
        if ways[person_id] == "now":
            later("notices.mail", {"notice": notice_id}, dedupe_key=f"notice {notice_id}")


@operation(rule=system_only)
def tell_of_browser(*, actor: Actor, person_id: int, sign_in_id: int) -> None:
    """Put into somebody's own inbox that a new browser signed in to her account; the mail went out with it."""
    of = {"kind": ACCOUNT, "what": "new_browser", "about": sign_in_id, "event": f"sign-in {sign_in_id}"}
    insert_new(Notice, person_id=person_id, **of)


@operation(rule=system_only)
def spread(*, actor: Actor, of: Happening, after: int | None = None) -> None:
    """Tell everybody who follows it or took part: first a job, which then takes them some hundred at a time.

    Without anybody to tell there is no job.
    """
    limit = 1 if after is None else AT_ONCE
    people = queries.readers(
        viewer=actor, what=of.what, about=of.about, consultation_id=of.consultation_id, after=after or 0, limit=limit
    )
    if after is not None:
        _tell_each(actor, people, of)
    if len(people) == limit:
        from_here = 0 if after is None else people[-1]
        later(
            "notices.fan_out",
            asdict(of) | {"after": from_here},
            dedupe_key=of.job_key(from_here),
        )


@operation(rule=system_only)
def remind_of_assignment(*, actor: Actor, assignment: Assignment) -> None:
    """Tell a colleague, once, that the day has come and some of her comments wait."""
    row = outcomes.note_reminder(actor=actor, assignment=assignment)
    if row is not None and row.left and row.person_id is not None:
        of = Happening("assignment_due", row.id, row.consultation_id, f"assignment {row.id} due")
        tell(actor=actor, people=[row.person_id], kind="work", of=of)


def _tell_each(actor: Actor, people: Collection[int], of: Happening) -> None:
    if of.what != "step":
        tell(actor=actor, people=people, kind="reminders" if of.what == "reminder" else "followed", of=of)
        return
    verb = queries.step(viewer=actor, transition_id=of.about).verb
    took_part = queries.commenters(viewer=actor, consultation_id=of.consultation_id, among=people)
    mine = took_part if verb in TO_COMMENTERS else frozenset()
    tell(actor=actor, people=mine, kind="answers", of=replace(of, what=TO_COMMENTERS.get(verb, "step")))
    tell(actor=actor, people=set(people) - mine, kind="changes", of=of)
