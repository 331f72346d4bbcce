"""The table of the workbench: every comment of the newest round by clause, many at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, with_expression

from consult.accounts.models import Person, RoleGrant
from consult.consultations.models import Consultation, Round
from consult.core import paging
from consult.core.db import db
from consult.core.errors import Missing, Refused
from consult.core.paging import Listing
from consult.core.records import Record
from consult.core.rules import Actor, Verdict
from consult.core.text import normalise
from consult.debate.models import Comment

from .. import rules
from ..models import AnswerTemplate, AssignedComment, Assignment, SavedView, Theme, ThemeComment
from .filters import Filters, keys_of
from .implementations import Made, made_of
from .themes import ThemeLine, themes
from .walking import TEXT, beyond, many, within
from .workbench import is_own_of, with_place

PAGE = 50
SHOWN = 20  # of those that were chosen
MOST_CHOSEN = 5_000  # in one act


class Row(Record):
    """A comment with the theme it is in and whose work it is."""

    comment: Comment
    theme: Theme | None
    assignment: Assignment | None
    made: Sequence[Made]  # what became of its accepted changes in a later draft


class TablePage(Record):
    """A page of the table, with what it can be narrowed by. `undo`: what was given to a colleague just now."""

    consultation: Consultation
    filters: Filters
    lines: Listing[Row]
    themes: Sequence[ThemeLine]
    colleagues: Sequence[Person]
    views: Sequence[SavedView]
    undo: Assignment | None
    verdict: Verdict


class ChosenPage(Record):
    """Comments that something is to be done with at once; the first of them are shown."""

    consultation: Consultation
    filters: Filters
    count: int
    is_more: bool  # than can be done at once: nobody counted on
    rows: Sequence[Row]
    numbers: Sequence[str]  # empty: all that fit the filters
    themes: Sequence[ThemeLine]
    colleagues: Sequence[Person]
    verdict: Verdict


def table(
    *, viewer: Actor, consultation: Consultation, filters: Filters, after: str | None = None,
    before: str | None = None, assigned: int = 0,
) -> TablePage:  # fmt: skip
    """The newest round by clause. `assigned`: the id of an assignment that was made just now."""
    _refuse_outsiders(viewer, consultation)
    of = consultation.round
    return TablePage(
        consultation=consultation, filters=filters, lines=_lines(viewer, of, filters, after, before),
        themes=themes(viewer=viewer, of=of), colleagues=moderators(viewer=viewer, consultation=consultation),
        views=_views(viewer, consultation), undo=_undoable(viewer, consultation, assigned) if assigned else None,
        verdict=rules.may_prepare(viewer, consultation),
    )  # fmt: skip


def chosen(*, viewer: Actor, consultation: Consultation, filters: Filters, numbers: Sequence[str] = ()) -> ChosenPage:
    """Those of the newest round with these numbers, or without numbers all that fit the filters."""
    _refuse_outsiders(viewer, consultation)
    of = consultation.round
    wanted = _wanted(viewer, of, filters, numbers)
    rows = db.session.scalars(with_place(select(Comment)).where(*wanted).order_by(*TEXT).limit(SHOWN)).all()
    is_kept = filters.is_tallied and not numbers
    count = many(viewer, of, filters, wanted)[0] if is_kept else _ended(wanted)
    return ChosenPage(
        consultation=consultation, filters=filters, numbers=numbers, rows=_with_work(viewer, rows), count=count,
        is_more=not is_kept and count > MOST_CHOSEN,
        themes=themes(viewer=viewer, of=of), colleagues=moderators(viewer=viewer, consultation=consultation),
        verdict=rules.may_prepare(viewer, consultation),
    )  # fmt: skip


def chosen_comments(
    *, viewer: Actor, consultation: Consultation, filters: Filters, numbers: Sequence[str] = ()
) -> Sequence[Comment]:
    """All that were chosen, in the order of the draft, `MOST_CHOSEN` at most."""
    _refuse_outsiders(viewer, consultation)
    wanted = _wanted(viewer, consultation.round, filters, numbers)
    return db.session.scalars(select(Comment).where(*wanted).order_by(*TEXT).limit(MOST_CHOSEN)).all()


def own_of(*, viewer: Actor, comment_ids: Collection[int]) -> frozenset[int]:
    """Those of these comments that are the viewer's own or of her organisation."""
    return frozenset(db.session.scalars(select(Comment.id).where(Comment.id.in_(comment_ids), is_own_of(viewer))))


def moderators(*, viewer: Actor, consultation: Consultation) -> Sequence[Person]:
    """The people who answer the comments of a consultation, by name."""
    roles = select(RoleGrant.person_id).where(
        RoleGrant.consultation_id == consultation.id, RoleGrant.role == "moderator"
    )
    return db.session.scalars(
        select(Person).where(Person.id.in_(roles), Person.suspended_at.is_(None)).order_by(Person.name, Person.id)
    ).all()


def template(*, viewer: Actor, consultation: Consultation, template_id: int) -> AnswerTemplate:
    """One of them; Missing when it is not there."""
    _refuse_outsiders(viewer, consultation)
    row = db.session.scalars(
        select(AnswerTemplate)
        .options(joinedload(AnswerTemplate.consultation))
        .where(AnswerTemplate.consultation_id == consultation.id, AnswerTemplate.id == template_id)
    ).first()
    if row is None:
        raise Missing("This template is not there any more. Somebody may have removed it.")
    return row


def view(*, viewer: Actor, consultation: Consultation, view_id: int) -> SavedView:
    """A saved view that this viewer may use; Missing when it is not there."""
    row = db.session.scalars(select(SavedView).where(SavedView.id == view_id, _may_use(viewer, consultation))).first()
    if row is None:
        raise Missing("This saved view is not there any more.")
    return row


def assignment(*, viewer: Actor, assignment_id: int, is_locked: bool = False) -> Assignment:
    """An act of giving comments to a colleague, with how many of them wait; Missing when it is not there."""
    statement = select(Assignment).options(*assignment_parts()).where(Assignment.id == assignment_id)
    if is_locked:
        statement = statement.with_for_update(of=Assignment).execution_options(populate_existing=True)
    row = db.session.scalars(statement).first()
    if row is None or not (viewer.is_system or rules.may_work(viewer, row.consultation)):
        raise Missing("There is no such assignment.")
    return row


def assignment_parts() -> tuple[Any, ...]:
    """What is loaded with an assignment to tell of it; `left` counts what is still its colleague's to answer."""
    waits = (
        select(func.count())
        .select_from(AssignedComment)
        .join(Comment, Comment.id == AssignedComment.comment_id)
        .where(
            AssignedComment.assignment_id == Assignment.id,
            AssignedComment.is_current,
            Comment.state == "posted",
            Comment.disposition == "unresolved",
        )
        .correlate(Assignment)
        .scalar_subquery()
    )
    return (
        joinedload(Assignment.consultation),
        joinedload(Assignment.person),
        joinedload(Assignment.made_by),
        with_expression(Assignment.left, waits),
    )


def assignments_due(*, viewer: Actor, moment: datetime) -> Sequence[Assignment]:
    """Assignments whose day ends before a moment, and that nobody was reminded of."""
    return db.session.scalars(
        select(Assignment)
        .where(Assignment.reminded_at.is_(None), Assignment.due_at < moment, Assignment.taken_back_at.is_(None))
        .order_by(Assignment.due_at, Assignment.id)
    ).all()


def _refuse_outsiders(viewer: Actor, consultation: Consultation) -> None:
    verdict = rules.may_work(viewer, consultation)
    if not verdict:
        raise Refused(verdict.reason)


def _wanted(viewer: Actor, of: Round, filters: Filters, numbers: Sequence[str]) -> list[ColumnElement[bool]]:
    if numbers:
        return [*within(of), Comment.number.in_([normalise(number) for number in numbers])]
    return [*within(of, filters), *filters.conditions(viewer)]


def _lines(viewer: Actor, of: Round, filters: Filters, after: str | None, before: str | None) -> Listing[Row]:
    wanted = _wanted(viewer, of, filters, ())
    start, end = keys_of(after, 2), keys_of(before, 2)
    statement = with_place(select(Comment)).where(*wanted)
    if end:
        statement = statement.where(*beyond(end, is_back=True))
        statement = statement.order_by(Comment.place.desc(), Comment.id.desc())
    else:
        statement = statement.where(*beyond(start)).order_by(*TEXT)
    found = db.session.scalars(statement.limit(PAGE + 1)).all()
    rows = found[:PAGE][::-1] if end else found[:PAGE]
    has_before, has_after = (len(found) > PAGE, True) if end else (bool(start), len(found) > PAGE)
    total, is_more = many(viewer, of, filters, wanted)
    return Listing(
        _with_work(viewer, rows), total, is_more=is_more,
        next_cursor=_cursor(rows[-1]) if rows and has_after else None,
        previous_cursor=_cursor(rows[0]) if rows and has_before else None,
    )  # fmt: skip


def _ended(wanted: Sequence[ColumnElement[bool]]) -> int:
    found = select(Comment.id).where(*wanted).limit(MOST_CHOSEN + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def _cursor(comment: Comment) -> str:
    return paging.encode([comment.place, comment.id])


def _with_work(viewer: Actor, rows: Sequence[Comment]) -> Sequence[Row]:
    ids = [row.id for row in rows]
    inside: Mapping[int, Theme] = dict(
        db.session.execute(
            select(ThemeComment.comment_id, Theme)
            .join(Theme, Theme.id == ThemeComment.theme_id)
            .where(ThemeComment.comment_id.in_(ids))
        ).all()
    )
    given = db.session.scalars(
        select(AssignedComment)
        .join(AssignedComment.assignment)
        .join(Assignment.person)
        .options(contains_eager(AssignedComment.assignment).contains_eager(Assignment.person))
        .where(AssignedComment.comment_id.in_(ids), AssignedComment.is_current)
    )
    work = {row.comment_id: row.assignment for row in given}
    made = made_of(viewer=viewer, comment_ids=ids)
    return [Row(row, inside.get(row.id), work.get(row.id), made.get(row.id, ())) for row in rows]


def _may_use(viewer: Actor, consultation: Consultation) -> ColumnElement[bool]:
    mine = or_(SavedView.person_id == viewer.person_id, SavedView.is_shared)
    return and_(SavedView.consultation_id == consultation.id, mine)


def _views(viewer: Actor, consultation: Consultation) -> Sequence[SavedView]:
    return db.session.scalars(
        select(SavedView)
        .options(joinedload(SavedView.person))
        .where(_may_use(viewer, consultation))
        .order_by(SavedView.is_shared, SavedView.name, SavedView.id)
    ).all()


def _undoable(viewer: Actor, consultation: Consultation, assignment_id: int) -> Assignment | None:
    return db.session.scalars(
        select(Assignment)
        .options(joinedload(Assignment.person))
        .where(
            Assignment.id == assignment_id,
            Assignment.consultation_id == consultation.id,
            Assignment.made_by_id == viewer.person_id,
            Assignment.taken_back_at.is_(None),
        )
    ).first()
