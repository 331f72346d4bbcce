"""Themes: what several comments say, and what they were told together."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import joinedload

from consult.consultations.models import Consultation, Round
from consult.core import paging
from consult.core.db import db
from consult.core.errors import Missing, Refused
from consult.core.paging import Listing
from consult.core.records import Record
from consult.core.rules import Actor, Verdict
from consult.debate.models import Comment

from .. import rules
from ..models import Disposition, Theme, ThemeComment
from .acknowledgements import is_left_by
from .answers import Answer, answers_of
from .filters import keys_of
from .visibility import counted, is_current, is_untouched
from .workbench import is_own_of, with_place

PAGE = 30


class ThemeLine(Record):
    """A theme in a list: how many comments on show are in it, and how many of them wait for an answer."""

    theme: Theme
    count: int
    waiting: int


class ThemeDesk(Record):
    """A theme as moderators answer it. `last`: the viewer's last answer to it, as long as some of it stands."""

    theme: Theme
    lines: Listing[Comment]
    waiting: int
    left: int  # those that this viewer leaves to a colleague
    mark: str
    last: Disposition | None
    verdict: Verdict
    may_answer: Verdict


class ThemePage(Record):
    """A theme as everybody reads it: what was said, by how many, and what `told` of them were answered together."""

    theme: Theme
    count: int
    told: int
    answer: Answer | None
    is_proposed: bool


def themes(*, viewer: Actor, of: Round) -> Sequence[ThemeLine]:
    """The themes of a round, in the order they were made; one statement. For the staff, or when answers are public."""
    rows = db.session.execute(
        select(Theme, func.count(Comment.id), func.sum(case((Comment.disposition == "unresolved", 1), else_=0)))
        .outerjoin(ThemeComment, ThemeComment.theme_id == Theme.id)
        .outerjoin(Comment, and_(Comment.id == ThemeComment.comment_id, Comment.state == "posted"))
        .where(Theme.round_id == of.id)
        .group_by(Theme.id)
        .order_by(Theme.number)
    ).all()
    return [ThemeLine(theme, count, waiting or 0) for theme, count, waiting in rows]


def theme_list(*, viewer: Actor, consultation: Consultation) -> Sequence[ThemeLine]:
    """The themes of the newest round, for those who work on them."""
    verdict = rules.may_work(viewer, consultation)
    if not verdict:
        raise Refused(verdict.reason)
    return themes(viewer=viewer, of=consultation.round)


def find_theme(*, viewer: Actor, consultation: Consultation, number: int) -> Theme:
    """A theme for those who work on it; Missing when there is none of this number."""
    verdict = rules.may_work(viewer, consultation)
    if not verdict:
        raise Refused(verdict.reason)
    return _theme(consultation, number)


def theme_mark(*, viewer: Actor, theme: Theme) -> str:
    """What a form remembers of a theme: another mark means other comments, or another answer to one of them."""
    inside = select(ThemeComment.comment_id).where(ThemeComment.theme_id == theme.id)
    count, total = db.session.execute(
        select(func.count(), func.sum(ThemeComment.comment_id)).where(ThemeComment.theme_id == theme.id)
    ).one()
    newest = db.session.scalar(select(func.max(Disposition.id)).where(Disposition.comment_id.in_(inside)))
    return f"{count}-{total or 0}-{newest or 0}"


def theme_desk(*, viewer: Actor, consultation: Consultation, number: int, after: str | None = None) -> ThemeDesk:
    """A theme with a page of its comments, those that wait first."""
    theme = find_theme(viewer=viewer, consultation=consultation, number=number)
    wanted = [counted(theme.round_id), _inside(theme.id)]
    total, waiting, left = db.session.execute(
        select(
            func.count(),
            func.sum(case((Comment.disposition == "unresolved", 1), else_=0)),
            func.sum(case((or_(is_own_of(viewer), is_left_by(viewer)), 1), else_=0)),
        ).where(*wanted)
    ).one()
    return ThemeDesk(
        theme=theme, lines=_lines(wanted, total, after), waiting=waiting or 0, left=left or 0,
        mark=theme_mark(viewer=viewer, theme=theme), last=_last(viewer, theme),
        verdict=rules.may_change_theme(viewer, theme), may_answer=rules.may_answer_theme(viewer, theme),
    )  # fmt: skip


def theme_page(*, viewer: Actor, consultation: Consultation, number: int) -> ThemePage:
    """A theme for everybody; Missing before the answers of its round are public."""
    theme = _theme(consultation, number)
    if not rules.may_see_answers(viewer, consultation, theme.round):
        raise Missing("There is no such theme in this outcome.")
    wanted = [counted(theme.round_id), _inside(theme.id)]
    count = db.session.scalar(select(func.count()).select_from(Comment).where(*wanted)) or 0
    of_theme = (Disposition.theme_id == theme.id, Disposition.code != "unresolved", is_current())
    told, newest = db.session.execute(
        select(func.count(func.distinct(Disposition.comment_id)), func.max(Disposition.id))
        .join(Comment, Comment.id == Disposition.comment_id)
        .where(*of_theme, *wanted)
    ).one()
    return ThemePage(
        theme=theme, count=count, told=told, answer=_answer(viewer, newest),
        is_proposed=rules.is_proposed(consultation, theme.round),
    )  # fmt: skip


def _theme(consultation: Consultation, number: int) -> Theme:
    row = db.session.scalars(
        select(Theme)
        .options(joinedload(Theme.consultation), joinedload(Theme.round))
        .where(Theme.consultation_id == consultation.id, Theme.number == number)
    ).first()
    if row is None:
        raise Missing("There is no such theme in this consultation.")
    return row


def _inside(theme_id: int) -> ColumnElement[bool]:
    return exists(
        select(ThemeComment.id).where(ThemeComment.comment_id == Comment.id, ThemeComment.theme_id == theme_id)
    )


def _lines(wanted: Sequence[ColumnElement[bool]], total: int, after: str | None) -> Listing[Comment]:
    start = keys_of(after, 2)
    further = []
    if start:
        beyond = and_(Comment.is_answered == bool(start[0]), Comment.id > start[1])
        further = [beyond if start[0] else or_(beyond, Comment.is_answered)]
    rows = db.session.scalars(
        with_place(select(Comment)).where(*wanted, *further).order_by(Comment.is_answered, Comment.id).limit(PAGE + 1)
    ).all()
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    cursor = paging.encode([int(last.is_answered), last.id]) if last else None
    return Listing(rows[:PAGE], total, next_cursor=cursor)


def _last(viewer: Actor, theme: Theme) -> Disposition | None:
    """A row of the viewer's last answer to it that nobody decided again."""
    mine = (Disposition.theme_id == theme.id, Disposition.decided_by_id == viewer.person_id)
    newest = select(func.max(Disposition.decided_at)).where(*mine).scalar_subquery()
    return db.session.scalars(
        select(Disposition)
        .where(*mine, Disposition.decided_at == newest, is_untouched())
        .order_by(Disposition.id)
        .limit(1)
    ).first()


def _answer(viewer: Actor, disposition_id: int | None) -> Answer | None:
    if disposition_id is None:
        return None
    row = db.session.get_one(Disposition, disposition_id)
    told = answers_of(viewer=viewer, comment_ids=[row.comment_id]).get(row.comment_id)
    return next((answer for answer in told.each if answer.id == disposition_id), None) if told else None
