"""Anchors in later versions: carried by a job, judged by their authors and moderators."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from consult.core import clock
from consult.core.errors import Conflict, Invalid, Missing
from consult.core.operations import operation, session
from consult.core.records import asdict
from consult.core.rules import Actor, system_only
from consult.debate import composing, rules
from consult.debate.carrying import Found
from consult.debate.models import JUDGEMENTS, CarriedAnchor
from consult.documents.anchoring import REVIEW
from consult.documents.models import Clause, DraftVersion

NEWER = "There is a newer version of the draft meanwhile. Open its list, and say there what became of the comment."

SAID = "While you were reading, somebody else said what became of it: {}. Look at it again."


@operation(rule=system_only)
def carry_anchors(*, actor: Actor, version: DraftVersion, found: Sequence[Found]) -> None:
    """Keep what became of some anchors in a version; those that are kept already stay as they are."""
    insert = postgresql.insert if session().get_bind().dialect.name == "postgresql" else sqlite.insert
    rows = [asdict(one) | {"version_id": version.id} for one in found]
    session().execute(insert(CarriedAnchor).on_conflict_do_nothing(), rows)


@operation(rule=rules.may_judge_anchor, on=("carried", "said"))
def judge_anchor(*, actor: Actor, carried: CarriedAnchor, said: str, clause: Clause | None = None) -> CarriedAnchor:
    """Say what became of a comment in a later version; `clause`: it applies to this one, as a whole.

    `carried` as find_carried gave it. What was found stays, but a comment that has a clause is no orphan any more.
    Conflict when somebody said it already: that is taken back first, by whoever thinks otherwise.
    """
    composing.one_of(said, JUDGEMENTS, "Choose what became of it.", "said")
    _check_newest(carried)
    if carried.checked_as:
        raise Conflict(SAID.format(JUDGEMENTS[carried.checked_as].lower()))
    if clause is not None and said != "still_applies":
        raise Invalid("Name a clause only for a comment that still applies.", "clause")
    if clause is not None:
        _put(carried, clause)
    carried.checked_as = said
    carried.checked_by_id = actor.person_id
    carried.checked_at = clock.now()
    return carried


def _put(carried: CarriedAnchor, clause: Clause) -> None:
    if clause.version_id != carried.version_id:
        raise Missing("This clause is not part of this version of the draft.")
    carried.clause_id = clause.id
    carried.quote, carried.start, carried.end = "", None, None
    if carried.status == "orphan":
        carried.status = REVIEW


@operation(rule=rules.may_take_back_judgement, on="carried")
def take_back_judgement(*, actor: Actor, carried: CarriedAnchor, found: Found) -> CarriedAnchor:
    """Make it as if nobody had said anything; `found` is what comparing the texts says, as found_for gives it."""
    _check_newest(carried)
    if found.anchor_id != carried.anchor_id:
        raise Missing("This belongs to another comment.")
    carried.clause_id, carried.status = found.clause_id, found.status
    carried.quote, carried.start, carried.end = found.quote, found.start, found.end
    carried.checked_as, carried.checked_by_id, carried.checked_at = "", None, None
    return carried


def _check_newest(carried: CarriedAnchor) -> None:
    newer = (DraftVersion.supersedes_id == carried.version_id) & DraftVersion.frozen_at.is_not(None)
    if session().scalar(select(DraftVersion.id).where(newer).limit(1)) is not None:
        raise Conflict(NEWER)
