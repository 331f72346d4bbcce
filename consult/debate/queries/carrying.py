"""What is still to be carried to a version, and what carrying needs to know of the texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from sqlalchemy import Select, func, literal, or_, select
from sqlalchemy.orm import aliased, defer

from consult.core.db import db
from consult.core.jobs import Job
from consult.core.records import Record
from consult.core.rules import Actor
from consult.debate.carrying import FOUND, Road, Waiting
from consult.debate.models import Anchor, CarriedAnchor
from consult.documents.anchoring import Carrier
from consult.documents.kinship import kinship
from consult.documents.lineage import blocks_of
from consult.documents.models import Clause, Draft, DraftVersion

Rows: TypeAlias = Select[int, int, int | None, str, int | None, int | None, bool]
Before = aliased(CarriedAnchor, name="before")  # in the version before


def job_key(version_id: int) -> str:
    """The name of the job that carries everything to a version."""
    return f"debate.carry:{version_id}"


def versions_after(*, viewer: Actor, version_id: int) -> Sequence[DraftVersion]:
    """The public versions of the same draft that take the place of another one, oldest first."""
    draft = select(DraftVersion.draft_id).where(DraftVersion.id == version_id).scalar_subquery()
    return db.session.scalars(
        select(DraftVersion)
        .where(
            DraftVersion.draft_id == draft, DraftVersion.supersedes_id.is_not(None), DraftVersion.frozen_at.is_not(None)
        )
        .order_by(DraftVersion.number)
    ).all()


def next_version_of(*, viewer: Actor, comment_id: int) -> int | None:
    """The id of the public version that took the place of the one a comment is on, if one did."""
    made_on = (
        select(Clause.version_id).join(Anchor, Anchor.clause_id == Clause.id).where(Anchor.comment_id == comment_id)
    )
    return db.session.scalar(
        select(DraftVersion.id)
        .where(DraftVersion.supersedes_id.in_(made_on), DraftVersion.frozen_at.is_not(None))
        .limit(1)
    )


def waiting(*, viewer: Actor, version: DraftVersion, limit: int) -> Sequence[Waiting]:
    """The next anchors that are not carried to this version yet, in the order of the text before."""
    made, brought = _made(version), _brought(version)
    is_done = _is_carried(version.id)
    made = made.where(~is_done(Anchor.id)).order_by(Clause.rank, Anchor.id).limit(limit)
    brought = brought.where(~is_done(Before.anchor_id)).order_by(Before.id).limit(limit)
    found = [Waiting(*row) for row in db.session.execute(made)]
    return found or [Waiting(*row) for row in db.session.execute(brought)]


def as_before(*, viewer: Actor, version: DraftVersion, anchor_id: int) -> Waiting:
    """One anchor as it stood in the version before, whether it was carried already or not."""
    row = db.session.execute(_made(version).where(Anchor.id == anchor_id)).first()
    return Waiting(*(row or db.session.execute(_brought(version).where(Before.anchor_id == anchor_id)).one()))


def _made(version: DraftVersion) -> Rows:
    """Anchors that were made on the version before."""
    columns = (Anchor.id, Anchor.comment_id, Anchor.clause_id, Anchor.quote, Anchor.start, Anchor.end, literal(True))
    return select(*columns).join(Anchor.clause).where(Clause.version_id == version.supersedes_id)


def _brought(version: DraftVersion) -> Rows:
    """Anchors that were carried to the version before, without those that are done with."""
    is_settled = or_(Before.checked_as == "still_applies", Before.status.in_(FOUND))
    return select(
        Before.anchor_id, Before.comment_id, Before.clause_id, Before.quote, Before.start, Before.end, is_settled
    ).where(Before.version_id == version.supersedes_id, Before.checked_as.not_in(("solved", "withdrawn")))


def _is_carried(version_id: int) -> Any:
    def is_carried(anchor_id: Any) -> Any:
        there = (CarriedAnchor.anchor_id == anchor_id) & (CarriedAnchor.version_id == version_id)
        return select(CarriedAnchor.id).where(there).exists()

    return is_carried


def road_to(*, viewer: Actor, version: DraftVersion) -> Road:
    """What is known of the way from the version before to this one; six statements whatever their length."""
    before = db.session.get_one(DraftVersion, version.supersedes_id)
    old, new = _clauses(before), _clauses(version)
    kin = kinship(viewer=viewer, old=before, new=version)
    return Road(
        places={clause.id: place for place, clause in enumerate(old)},
        words=[clause.text for clause in old],
        new_ids=[clause.id for clause in new],
        carrier=Carrier(blocks_of(old), blocks_of(new), kin.alignment),
    )


def _clauses(version: DraftVersion) -> Sequence[Clause]:
    return db.session.scalars(
        select(Clause).options(defer(Clause.html)).where(Clause.version_id == version.id).order_by(Clause.rank)
    ).all()


class Progress(Record):
    """How far carrying to a version is. `failure`: why the job stopped; parked: it is not tried again by itself."""

    carried: int
    total: int
    failure: str
    is_parked: bool

    @property
    def is_done(self) -> bool:
        return self.carried == self.total


def is_on_its_way(*, viewer: Actor, consultation_id: int) -> bool:
    """Whether the job that carries everything to the newest public version of a draft is not done yet."""
    newest = db.session.scalar(
        select(func.max(DraftVersion.id))
        .join(DraftVersion.draft)
        .where(Draft.consultation_id == consultation_id, DraftVersion.frozen_at.is_not(None))
    )
    waits = (Job.dedupe_key == job_key(newest or 0)) & Job.finished_at.is_(None)
    return db.session.scalar(select(Job.id).where(waits)) is not None


def progress(*, viewer: Actor, version: DraftVersion) -> Progress:
    """Counted from the rows themselves."""
    is_done = _is_carried(version.id)
    carried = select(func.count()).select_from(CarriedAnchor).where(CarriedAnchor.version_id == version.id)
    made = select(func.count()).select_from(_made(version).where(~is_done(Anchor.id)).subquery())
    brought = select(func.count()).select_from(_brought(version).where(~is_done(Before.anchor_id)).subquery())
    there, left, more = db.session.execute(
        select(carried.scalar_subquery(), made.scalar_subquery(), brought.scalar_subquery())
    ).one()
    job = db.session.execute(
        select(Job.error, Job.is_parked).where(Job.dedupe_key == job_key(version.id), Job.finished_at.is_(None))
    ).first()
    return Progress(there, there + left + more, (job.error or "") if job else "", bool(job and job.is_parked))
