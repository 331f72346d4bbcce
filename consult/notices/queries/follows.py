"""What somebody follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload

from consult.accounts.models import Organisation
from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.core import paging
from consult.core.db import db
from consult.core.paging import Listing
from consult.core.records import Record
from consult.core.rules import Actor
from consult.debate.models import Comment
from consult.documents import queries as documents
from consult.documents.models import Clause, Draft, DraftVersion

from ..models import Follow

PAGE = 30
Subject = Consultation | Clause | Comment | Organisation
COLUMNS = {
    Consultation: "consultation_id", Clause: "lineage_id", Comment: "comment_id", Organisation: "organisation_id",
}  # fmt: skip


def target(subject: Subject) -> dict[str, int | str]:
    """The column of `Follow` that says what is followed, with its value; a clause is followed by its lineage."""
    value = subject.lineage_id if isinstance(subject, Clause) else subject.id
    return {COLUMNS[type(subject)]: value}


def is_following(*, viewer: Actor, subject: Subject) -> bool | None:
    """Whether the viewer follows it; None for strangers, who cannot."""
    if not viewer.is_authenticated:
        return None
    found = select(Follow.id).filter_by(person_id=viewer.person_id, is_on=True, **target(subject))
    return db.session.scalar(found) is not None


class Followed(Record):
    """One thing somebody follows: what it is, where it is, and the door at which one stops."""

    what: str
    name: str
    within: str  # title of its consultation
    endpoint: str
    stop_endpoint: str
    values: Mapping[str, Any]


def follows(*, viewer: Actor, after: str | None = None) -> Listing[Followed]:
    """What the viewer follows, newest first."""
    merged = select(Organisation.id).where(Organisation.merged_into_id.is_not(None))
    there = or_(Follow.organisation_id.is_(None), Follow.organisation_id.not_in(merged))  # she follows the other, too
    mine = (Follow.person_id == viewer.person_id, Follow.is_on, there, _is_there(viewer))
    start = paging.decode(after, 1)
    further = [Follow.id < start[0]] if start and isinstance(start[0], int) else []
    rows = db.session.scalars(
        select(Follow)
        .options(
            joinedload(Follow.consultation),
            joinedload(Follow.organisation),
            joinedload(Follow.comment).joinedload(Comment.consultation),
        )
        .where(*mine, *further)
        .order_by(Follow.id.desc())
        .limit(PAGE + 1)
    ).all()
    total = db.session.scalar(select(func.count()).select_from(Follow).where(*mine)) or 0
    clauses = _clauses(viewer, [row.lineage_id for row in rows if row.lineage_id])
    shown = [_followed(row, clauses) for row in rows[:PAGE]]
    cursor = paging.encode([rows[PAGE - 1].id]) if len(rows) > PAGE else None
    return Listing([one for one in shown if one], total, next_cursor=cursor)


def _is_there(viewer: Actor) -> ColumnElement[bool]:
    """Whether what is followed is in a consultation that the viewer may see, or in none."""
    seen = select(Consultation.id).where(consultations.visible_to(viewer))
    unseen_comments = select(Comment.id).where(Comment.consultation_id.not_in(seen))
    unseen_clauses = (
        select(Clause.lineage_id)
        .join(Clause.version)
        .join(DraftVersion.draft)
        .where(Clause.lineage_id == Follow.lineage_id, Draft.consultation_id.not_in(seen))
    )
    return and_(
        or_(Follow.consultation_id.is_(None), Follow.consultation_id.in_(seen)),
        or_(Follow.comment_id.is_(None), Follow.comment_id.not_in(unseen_comments)),
        or_(Follow.lineage_id.is_(None), ~unseen_clauses.exists()),
    )


def _clauses(viewer: Actor, lineages: Sequence[str]) -> Mapping[str, tuple[Clause, int, Consultation]]:
    """Each clause as it stands in the newest version the viewer may see, with that version's number."""
    rows = db.session.execute(
        select(Clause, DraftVersion.number, Consultation)
        .join(Clause.version)
        .join(DraftVersion.draft)
        .join(Draft.consultation)
        .where(Clause.lineage_id.in_(lineages), documents.visible_to(viewer))
        .order_by(DraftVersion.number)
    )
    return {clause.lineage_id: (clause, number, consultation) for clause, number, consultation in rows}


def _followed(row: Follow, clauses: Mapping[str, tuple[Clause, int, Consultation]]) -> Followed | None:
    if row.consultation:
        return Followed(
            "Consultation", row.consultation.title, "", "consultations.overview", "notices.follow_consultation",
            {"slug": row.consultation.slug},
        )  # fmt: skip
    if row.organisation:
        return Followed(
            "Organisation", row.organisation.name, "", "accounts.organisation", "notices.follow_organisation",
            {"slug": row.organisation.slug},
        )  # fmt: skip
    if row.comment:
        of = row.comment.consultation
        return Followed(
            "Comment", row.comment.number, of.title, "debate.comment", "notices.follow_comment",
            {"slug": of.slug, "number": row.comment.number},
        )  # fmt: skip
    if row.lineage_id is None or row.lineage_id not in clauses:
        return None
    clause, number, of = clauses[row.lineage_id]
    return Followed(
        "Clause", clause.name, of.title, "debate.clause", "notices.follow_clause",
        {"slug": of.slug, "version": number, "key": clause.key},
    )  # fmt: skip
