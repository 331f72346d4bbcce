"""What somebody was told: newest first, read live."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import contains_eager

from consult.accounts.models import SignIn
from consult.consultations import queries as consultations
from consult.consultations.models import Consultation, Transition
from consult.core import paging
from consult.core.conditions import per_viewer
from consult.core.db import Base, db
from consult.core.errors import Missing
from consult.core.paging import Listing
from consult.core.records import Record
from consult.core.rules import SYSTEM, Actor
from consult.debate.models import Comment, Cosignature, Reply
from consult.learning.models import Resource
from consult.learning.rules import JUDGES
from consult.moderation.models import Appeal, Correction, ModerationAct, Report
from consult.moderation.queries.heaps import heaps
from consult.moderation.queries.things import act_parts
from consult.outcomes.models import Acknowledgement, Assignment, Disposition, Objection, OutcomeSummary, Standard
from consult.outcomes.queries import assignment_parts, word_parts

from ..lines import Entry, line_of
from ..models import ACCOUNT, Notice, Wish
from ..wishes import DEFAULTS
from .subjects import (
    ANSWER_PARTS,
    APPEAL_PARTS,
    COMMENT_PARTS,
    CORRECTION_PARTS,
    COSIGNATURE_PARTS,
    REPLY_PARTS,
    REPORT_PARTS,
    STANDARD_PARTS,
)

PAGE = 20
MOST_COUNTED = 100
FOR_MODERATORS = ("reported", "appealed", "corrected", "objection_reported", "waits")
HEAP = "waits"  # about a consultation: what waits there is counted anew each time
FOR_JUDGES = ("proposed",)  # of what is proposed for the shelf
ANSWERERS = ("moderator", "organiser")
FOR_ANSWERERS = ("contested", "assigned", "assignment_due")
SUBJECTS: dict[str, tuple[type[Base], tuple[Any, ...]]] = {
    "replied": (Reply, REPLY_PARTS),
    "commented": (Comment, COMMENT_PARTS),
    "reminder": (Consultation, ()),
    **dict.fromkeys(("hidden", "asked", "restored", "refused"), (ModerationAct, act_parts())),
    **dict.fromkeys(("appealed", "appeal_decided"), (Appeal, APPEAL_PARTS)),
    "reported": (Report, REPORT_PARTS),
    "corrected": (Correction, CORRECTION_PARTS),
    "cosigned": (Cosignature, COSIGNATURE_PARTS),
    "contested": (Acknowledgement, word_parts()),
    "decided_again": (Disposition, ANSWER_PARTS),
    **dict.fromkeys(("assigned", "assignment_due"), (Assignment, assignment_parts())),
    **dict.fromkeys(("proposed", "proposal_decided"), (Resource, ())),
    "standard_review": (Standard, STANDARD_PARTS),
    **dict.fromkeys(("objected", "objection_answered", "objection_reported", "objection_judged"), (Objection, ())),
    "summary_corrected": (OutcomeSummary, ()),
    "new_browser": (SignIn, ()),
    **dict.fromkeys(("step", "opened", "closed", "extended", "new_round", "outcome"), (Transition, ())),
}


@per_viewer
def visible_to(viewer: Actor) -> ColumnElement[bool]:
    """Notices of the viewer herself; of what only a role may know, while she has it there; of what is there for her."""
    moderated = [consultation_id for consultation_id, role in viewer.roles if role in ("moderator", "appeals_panel")]
    answered = [consultation_id for consultation_id, role in viewer.roles if role in ANSWERERS]
    judged = [consultation_id for consultation_id, role in viewer.roles if role in JUDGES]
    return and_(
        Notice.person_id == (viewer.person_id or 0),
        or_(
            Notice.kind == ACCOUNT,
            Notice.consultation_id.in_(select(Consultation.id).where(consultations.visible_to(viewer))),
        ),
        or_(Notice.what.not_in(FOR_MODERATORS), Notice.consultation_id.in_(moderated)),
        or_(Notice.what.not_in(FOR_JUDGES), Notice.consultation_id.in_(judged)),
        or_(Notice.what.not_in(FOR_ANSWERERS), Notice.consultation_id.in_(answered)),
    )


class InboxPage(Record):
    """One page of an inbox. `marked`: how many were marked as read in one go at that moment, for taking it back."""

    listing: Listing[Entry]
    unread: int
    newest_id: int
    marked: int


def inbox(*, viewer: Actor, after: str | None = None, marked_at: datetime | None = None) -> InboxPage:
    """A page of the viewer's inbox, newest first."""
    start = paging.decode(after, 1)
    further = [Notice.id < start[0]] if start and isinstance(start[0], int) else []
    rows = db.session.scalars(
        select(Notice)
        .outerjoin(Notice.consultation)
        .options(contains_eager(Notice.consultation))
        .where(visible_to(viewer), *further)
        .order_by(Notice.id.desc())
        .limit(PAGE + 1)
    ).all()
    counted = select(
        func.count(), func.max(Notice.id), func.count().filter(Notice.read_at.is_(None)),
        func.count().filter(Notice.read_at == marked_at if marked_at else Notice.id.is_(None)),
    )  # fmt: skip
    total, newest_id, unread, marked = db.session.execute(counted.where(visible_to(viewer))).one()
    cursor = paging.encode([rows[PAGE - 1].id]) if len(rows) > PAGE else None
    listing = Listing(entries(viewer=viewer, notices=rows[:PAGE]), total, next_cursor=cursor)
    return InboxPage(listing, unread, newest_id or 0, marked)


def entries(*, viewer: Actor, notices: Sequence[Notice]) -> Sequence[Entry]:
    """Notices, loaded with their consultations (if any), in words; as many statements as there are sorts of subjects."""
    subjects = _subjects(row for row in notices if row.what != HEAP)
    places = {row.about for row in notices if row.what == HEAP}
    waiting = heaps(viewer=SYSTEM, consultation_ids=places) if places else {}
    return [
        Entry(
            notice_id=row.id, kind=row.kind, at=row.created_at, is_unread=row.read_at is None,
            slug=row.consultation.slug if row.consultation else "", title=row.consultation.title if row.consultation else "",
            line=line_of(row, waiting.get(row.about, {}) if row.what == HEAP else subjects.get((SUBJECTS[row.what][0], row.about))),
        )
        for row in notices
    ]  # fmt: skip


def _subjects(notices: Iterable[Notice]) -> Mapping[tuple[type[Base], int], Base]:
    wanted: dict[type[Base], set[int]] = defaultdict(set)
    for row in notices:
        wanted[SUBJECTS[row.what][0]].add(row.about)
    found: dict[tuple[type[Base], int], Base] = {}
    for model, ids in wanted.items():
        found |= {(model, one.id): one for one in db.session.scalars(_these(model), {"ids": list(ids)})}
    return found


@cache
def _these(model: type[Base]) -> Select[Any]:
    """Things of a sort with what their lines need: built once, as each mail asks for one."""
    parts = next(parts for of, parts in SUBJECTS.values() if of is model)
    return select(model).options(*parts).where(model.id.in_(bindparam("ids", expanding=True)))


def unread_count(*, viewer: Actor) -> int:
    """How many unread notices the viewer has, counted up to `MOST_COUNTED`."""
    if not viewer.is_authenticated:
        return 0
    some = select(Notice.id).where(visible_to(viewer), Notice.read_at.is_(None)).limit(MOST_COUNTED).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def notice(*, viewer: Actor, notice_id: int) -> Notice:
    """One notice of the viewer; Missing when it is somebody else's."""
    row = db.session.scalars(select(Notice).where(Notice.id == notice_id, visible_to(viewer))).first()
    if row is None:
        raise Missing("There is no such notice in your inbox.")
    return row


def told(*, viewer: Actor, notice_id: int) -> Notice:
    """A notice with its consultation, for the system, which mails it."""
    return db.session.scalars(_TOLD, {"notice": notice_id}).one()


_TOLD = (
    select(Notice)
    .join(Notice.consultation)
    .options(contains_eager(Notice.consultation))
    .where(Notice.id == bindparam("notice"))
)


def wishes(*, viewer: Actor) -> Mapping[str, str]:
    """How the viewer wants to be told, by kind."""
    rows = db.session.execute(select(Wish.kind, Wish.mode).where(Wish.person_id == viewer.person_id))
    return DEFAULTS | dict(rows.all())
