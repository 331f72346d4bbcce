"""What became of accepted changes in a later draft, and what its words propose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from consult.consultations.models import Consultation, Round
from consult.core import paging
from consult.core.db import db
from consult.core.errors import Refused
from consult.core.paging import Listing
from consult.core.records import Record
from consult.core.rules import Actor, Verdict
from consult.debate.models import Anchor, Comment
from consult.documents.models import Clause, Draft, DraftVersion

from .. import rules
from ..models import ACCEPTED, CHANGING, IMPLEMENTATIONS, NOTED, Disposition, Implementation
from .filters import keys_of
from .visibility import counted_aside, is_current

PAGE = 50
LAST = 2**31 - 1  # no draft has as many units
SHOWS = {"": "All", "proposed": "Perhaps done", "to_do": "To do", "applied": "To verify", "verified": "Verified"}


class Work(Record):
    """How many answers of a round change the draft, by what became of them."""

    to_do: int = 0
    applied: int = 0
    verified: int = 0

    @property
    def total(self) -> int:
        return self.to_do + self.applied + self.verified


class Made(Record):
    """What everybody reads of it: the draft that has an accepted change, and its clause once that draft is public."""

    state: str  # of IMPLEMENTATIONS
    version: int = 0
    where: str = ""
    noted_at: datetime | None = None

    @property
    def label(self) -> str:
        """'Applied in draft 2, 6.3'"""
        if not self.version:
            return IMPLEMENTATIONS[self.state]
        return f"{IMPLEMENTATIONS[self.state]} in draft {self.version}{f', {self.where}' if self.where else ''}"


class WorkLine(Record):
    """An answer that changes the draft, what was noted of it (newest last), and what the next draft proposes."""

    answer: Disposition
    history: Sequence[Implementation]
    proposed: Sequence[str]  # the clauses that have other words there

    @property
    def state(self) -> str:
        return self.history[-1].state if self.history else "to_do"


class WorkPage(Record):
    """The accepted changes of a round. `count` fit `show`; `versions` are those that can hold a change."""

    consultation: Consultation
    of: Round
    show: str
    work: Work
    proposed: int
    lines: Listing[WorkLine]
    versions: Sequence[DraftVersion]
    verdict: Verdict


def work_page(
    *, viewer: Actor, consultation: Consultation, of: Round, show: str = "", after: str | None = None
) -> WorkPage:
    """Accepted changes of a round in the order of the draft, for those who make them."""
    verdict = rules.may_work(viewer, consultation)
    if not verdict:
        raise Refused(verdict.reason)
    show = show if show in SHOWS else ""
    return WorkPage(
        consultation=consultation, of=of, show=show, work=work(viewer=viewer, of=of),
        proposed=_count(_shown(of, "proposed")), lines=_lines(viewer, of, show, after),
        versions=later_versions(viewer=viewer, of=of), verdict=rules.may_implement(viewer, consultation),
    )  # fmt: skip


def work(*, viewer: Actor, of: Round) -> Work:
    """What became of the accepted changes of a round, in numbers. One statement."""
    inner = select(_state().label("state")).select_from(Disposition).join(Comment, Comment.id == Disposition.comment_id)
    states = inner.where(*_needed(of)).subquery()
    rows = db.session.execute(select(states.c.state, func.count()).group_by(states.c.state)).all()
    return Work(**dict(rows))


def shown_answers(*, viewer: Actor, of: Round, show: str) -> Sequence[int]:
    """The ids of all accepted changes that fit what is shown."""
    return db.session.scalars(_shown(of, show).with_only_columns(Disposition.id)).all()


def noted(*, viewer: Actor, answer_ids: Collection[int]) -> Mapping[int, Sequence[Implementation]]:
    """What was noted of answers, by id, newest last, with versions, clauses and people. One statement."""
    rows = db.session.scalars(
        select(Implementation)
        .options(joinedload(Implementation.version), joinedload(Implementation.clause), joinedload(Implementation.by))
        .where(Implementation.disposition_id.in_(answer_ids))
        .order_by(Implementation.id)
    )
    found: dict[int, list[Implementation]] = defaultdict(list)
    for row in rows:
        found[row.disposition_id].append(row)
    return found


def implementable(*, viewer: Actor, of: Round, answer_ids: Collection[int]) -> Sequence[Disposition]:
    """Those of these answers that stand and change the draft, with comment and clauses, in the order of the draft."""
    return db.session.scalars(_changes(of).where(Disposition.id.in_(answer_ids))).all()


def later_versions(*, viewer: Actor, of: Round) -> Sequence[DraftVersion]:
    """The versions after the one that a round was about, newest first, also those that are not public yet."""
    own = select(DraftVersion.number).where(DraftVersion.round_id == of.id).scalar_subquery()
    return db.session.scalars(
        select(DraftVersion)
        .join(Draft, Draft.id == DraftVersion.draft_id)
        .where(Draft.consultation_id == of.consultation_id, DraftVersion.number > own)
        .order_by(DraftVersion.number.desc())
    ).all()


def clauses_there(
    *, viewer: Actor, version: DraftVersion, answers: Sequence[Disposition], label: str = ""
) -> Mapping[int, int]:
    """By answer id the clause of a version: the one with this label, or (none given) the one that continues its own."""
    wanted = {answer.id: _lineages(answer) for answer in answers}
    lineages = {lineage for mine in wanted.values() for lineage in mine}
    where = func.lower(Clause.label) == label.lower() if label else Clause.lineage_id.in_(lineages)
    rows = db.session.execute(
        select(Clause.id, Clause.lineage_id).where(Clause.version_id == version.id, where).order_by(Clause.rank)
    ).all()
    if label:
        return dict.fromkeys(wanted, rows[0].id) if rows else {}
    known = {lineage: clause_id for clause_id, lineage in rows}
    return {answer: known[mine[0]] for answer, mine in wanted.items() if len(mine) == 1 and mine[0] in known}


def made_of(*, viewer: Actor, comment_ids: Collection[int]) -> Mapping[int, Sequence[Made]]:
    """By comment id what became of its accepted changes, each wording once. One statement; for the staff."""
    rows = db.session.execute(
        select(Disposition, Implementation)
        .outerjoin(Implementation, Implementation.id == last_noted())
        .options(joinedload(Implementation.version), joinedload(Implementation.clause))
        .where(
            Disposition.comment_id.in_(comment_ids), Disposition.code.in_(ACCEPTED), Disposition.change_class != "none",
            is_current(),
        )
        .order_by(Disposition.id)
    )  # fmt: skip
    found: dict[int, dict[str, Made]] = defaultdict(dict)
    for row, last in rows:
        one = made(row, last)
        found[row.comment_id][one.label] = one
    return {comment_id: list(each.values()) for comment_id, each in found.items()}


def last_noted() -> ColumnElement[int]:
    """The id of what was noted last of a Disposition of the statement."""
    mine = select(func.max(Implementation.id)).where(Implementation.disposition_id == Disposition.id)
    return mine.correlate(Disposition).scalar_subquery()


def made(answer: Disposition, last: Implementation | None) -> Made:
    """What became of an answer in a later draft, from what was noted of it last; with its version and clause."""
    if answer.code not in ACCEPTED or answer.change_class == "none":
        return Made("not_needed")
    if last is None or last.version is None:
        return Made("to_do", noted_at=last.noted_at if last else None)
    where = last.clause.short_name if last.clause and last.version.frozen_at else ""
    return Made(last.state, last.version.number, where, last.noted_at)


def _lineages(answer: Disposition) -> list[str]:
    return [c.lineage_id for c in answer.comment.clauses if answer.clause_id in (None, c.id)]


def _needed(of: Round) -> list[ColumnElement[bool]]:
    return [*counted_aside(of), Disposition.code.in_(ACCEPTED), CHANGING, is_current()]


def _state() -> ColumnElement[str]:
    newest = select(Implementation.state).where(Implementation.disposition_id == Disposition.id)
    last = newest.order_by(Implementation.id.desc()).limit(1).correlate(Disposition).scalar_subquery()
    return func.coalesce(last, "to_do")


def _changes(of: Round) -> Select[Disposition]:
    return (
        select(Disposition)
        .join(Disposition.comment)
        .options(
            contains_eager(Disposition.comment).options(
                joinedload(Comment.organisation), selectinload(Comment.anchors).joinedload(Anchor.clause)
            ),
            joinedload(Disposition.clause),
        )
        .where(*_needed(of))
        .order_by(Comment.place, Disposition.id)
    )


def _shown(of: Round, show: str) -> Select[Disposition]:
    statement = _changes(of)
    if show in NOTED:
        return statement.where(_state() == show)
    if show == "proposed":
        touched = _touched(select(Anchor.id)).where(_concerns()).correlate(Disposition)
        return statement.where(_state() == "to_do", touched.exists())
    return statement


def _touched(statement: Select[int]) -> Select[int]:
    """Anchors whose clause, or what stands right below it, has other words in the version after its own."""
    then, after, now = aliased(Clause, name="then"), aliased(DraftVersion, name="after"), aliased(Clause, name="now")
    old, new = aliased(Clause, name="old"), aliased(Clause, name="new")
    is_same = and_(old.lineage_id == new.lineage_id, old.text == new.text)
    there, here = and_(new.version_id == after.id, is_same), and_(old.version_id == then.version_id, is_same)
    stays = exists(select(new.id).where(there).correlate_except(new))
    was = exists(select(old.id).where(here).correlate_except(old))
    is_lost = exists(select(old.id).where(_right_below(old, then), ~stays).correlate_except(old))
    is_fresh = exists(select(new.id).where(_right_below(new, now), ~was).correlate_except(new))
    return (
        statement.join(then, then.id == Anchor.clause_id)
        .join(after, after.supersedes_id == then.version_id)
        .outerjoin(now, and_(now.version_id == after.id, now.lineage_id == then.lineage_id))
        .where(or_(now.id.is_(None), now.text != then.text, and_(then.is_heading, or_(is_lost, is_fresh))))
    )


def _right_below(clause: type[Clause], heading: type[Clause]) -> ColumnElement[bool]:
    """What stands between a heading and the next one."""
    later = aliased(Clause)
    following = select(func.min(later.rank)).where(
        later.version_id == heading.version_id, later.is_heading, later.rank > heading.rank
    )
    until = func.coalesce(following.correlate_except(later).scalar_subquery(), LAST)
    return and_(clause.version_id == heading.version_id, clause.rank > heading.rank, clause.rank < until)


def _concerns() -> ColumnElement[bool]:
    about = or_(Disposition.clause_id.is_(None), Disposition.clause_id == Anchor.clause_id)
    return and_(Anchor.comment_id == Disposition.comment_id, about)


def _count(statement: Select[Disposition]) -> int:
    return (
        db.session.scalar(select(func.count()).select_from(statement.with_only_columns(Disposition.id).subquery())) or 0
    )


def _lines(viewer: Actor, of: Round, show: str, after: str | None) -> Listing[WorkLine]:
    statement, start = _shown(of, show), keys_of(after, 2)
    total = _count(statement)
    if start:
        further = and_(Comment.place == start[0], Disposition.id > start[1])
        statement = statement.where(or_(Comment.place > start[0], further))
    found = db.session.scalars(statement.limit(PAGE + 1)).all()
    rows = found[:PAGE]
    ids = [row.id for row in rows]
    history, touched = noted(viewer=viewer, answer_ids=ids), _touched_clauses(rows)
    lines = [WorkLine(row, history.get(row.id, ()), touched.get(row.id, ())) for row in rows]
    more = len(found) > PAGE
    cursor = paging.encode([rows[-1].comment.place, rows[-1].id]) if more else None
    return Listing(lines, total, next_cursor=cursor)


def _touched_clauses(rows: Sequence[Disposition]) -> Mapping[int, Sequence[str]]:
    """By answer id what its clauses are called that have other words in the next version. One statement."""
    anchors = [a.id for row in rows for a in row.comment.anchors if row.clause_id in (None, a.clause_id)]
    changed = set(db.session.scalars(_touched(select(Anchor.id)).where(Anchor.id.in_(anchors))))
    return {
        row.id: [
            a.clause.short_name
            for a in row.comment.anchors
            if a.clause and a.id in changed and row.clause_id in (None, a.clause_id)
        ]
        for row in rows
    }
