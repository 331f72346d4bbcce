"""The whole debate: filtered, sorted, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, bindparam, case, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from consult.accounts.bodies import standing
from consult.accounts.models import Organisation
from consult.consultations.models import Consultation, Position, Round
from consult.core.conditions import per_viewer
from consult.core.db import db, read_rows
from consult.core.errors import Missing
from consult.core.paging import Listing
from consult.core.records import Record
from consult.core.rules import Actor
from consult.debate import rules
from consult.debate.models import BodyTally, Comment, CommentPosition
from consult.documents.models import Clause, Draft, DraftVersion

from .cards import WITH_CARD, Card, cards
from .kinds import Filters, facets
from .lines import Line, lines
from .narrowing import PAGE, Narrowed, narrowed
from .sifting import CONSULTATION, FEW, ROUND, Asked, found, numbers, total
from .visibility import visible_to
from .visits import new_since

OPTIONS = 200  # clauses to choose from, and organisations: those with most comments
CLAUSES = (  # the one that is chosen is among them
    select(
        Clause.key, func.coalesce(func.nullif(Clause.label, ""), func.nullif(Clause.title, ""), Clause.key).label("name"),
        Clause.comment_count.label("many"), DraftVersion.number.label("version"), Clause.rank.label("rank"),
    )
    .join(Clause.version)
    .join(DraftVersion.draft)
    .where(
        Draft.consultation_id == CONSULTATION,
        or_(DraftVersion.round_id == ROUND, DraftVersion.round_id.is_(None)),
        Clause.comment_count > 0,
    )
    .order_by(case((Clause.key == bindparam("clause"), 0), else_=1), Clause.comment_count.desc(), Clause.id)
    .limit(OPTIONS)
    .subquery()
)  # fmt: skip


class Listed(Record):
    """A page of the debate of a round with the counts beside its filters."""

    of: Round
    lines: Listing[Line]
    is_more: bool  # there are more than `lines.total`
    is_cut: bool  # the list has some of those with the words only, see `narrowing`
    positions: Mapping[str, int]
    stances: Mapping[str, int]
    answers: Mapping[str, int]  # "open", "answered"
    hidden: int
    since: datetime | None  # the viewer's last visit
    fresh: int  # comments that are new since then, or have new replies
    is_told: bool  # what became of the comments may be shown
    clauses: Sequence[tuple[str, str, int]]  # key, name, comments, in the order of the text
    organisations: Sequence[tuple[str, str]]  # slug, name

    @property
    def has_all_clauses(self) -> bool:
        """Whether every clause with comments is among those to choose from, as far as can be told."""
        return len(self.clauses) < OPTIONS

    @property
    def clause_names(self) -> dict[str, str]:
        return {key: name for key, name, _n in self.clauses}

    @property
    def organisation_names(self) -> dict[str, str]:
        return dict(self.organisations)


def listing(
    *, viewer: Actor, consultation: Consultation, filters: Filters, round_number: int = 0, sort: str = "text", seed: int = 0,
    after: str | None = None, before: str | None = None, limit: int = PAGE,
) -> Listed:  # fmt: skip
    """A page of the comments of a round, tombstones included where nothing is filtered.

    The consultation comes with its rounds and positions; without `round_number` it is the newest round.
    `after` and `before` are cursors of the page before; `seed` makes one random order that stays the same.
    """
    of = _round(consultation, round_number)
    since = new_since(viewer=viewer, consultation_id=consultation.id)
    ways = narrowed(viewer=viewer, consultation=consultation, of=of, filters=filters, sort=sort)
    asked = _asked(viewer, consultation, of, filters, ways, since)
    page = found(asked, sort, seed, after, before, limit)
    known = numbers(asked, since)
    many, is_more = total(asked, of, known)
    stances, answers = facets(known.kinds, asked.is_told)
    shown = lines(
        viewer=viewer, rows=page.rows, consultation=consultation, of=of, since=since, with_ground=sort == "bridging"
    )
    clauses, organisations = _options(viewer, of, filters)
    return Listed(
        of,
        Listing(shown, many, page.next_cursor, page.previous_cursor),
        is_more,
        any(way.is_cut for way in ways),
        _positions(consultation, of),
        stances,
        answers,
        known.hidden,
        since,
        known.fresh,
        asked.is_told,
        clauses,
        organisations,
    )


def card_listing(
    *, viewer: Actor, consultation: Consultation, filters: Filters, round_number: int = 0, sort: str = "text", seed: int = 0,
    after: str | None = None, limit: int = PAGE,
) -> tuple[Listing[Card], bool]:  # fmt: skip
    """The same comments as cards, and whether there are more than are counted; nothing around them."""
    of = _round(consultation, round_number)
    since = new_since(viewer=viewer, consultation_id=consultation.id)
    ways = narrowed(viewer=viewer, consultation=consultation, of=of, filters=filters, sort=sort)
    asked = _asked(viewer, consultation, of, filters, ways, since)
    page = found(asked, sort, seed, after, None, limit)
    ids = [row.id for row in page.rows]
    loaded = db.session.scalars(select(Comment).options(*WITH_CARD).where(Comment.id.in_(ids))).unique()
    known = {row.id: row for row in loaded}
    many, is_more = total(asked, of, numbers(asked))
    shown = cards(viewer=viewer, comments=[known[i] for i in ids])
    return Listing(shown, many, page.next_cursor, page.previous_cursor), is_more


def _round(consultation: Consultation, number: int) -> Round:
    if not number:
        return consultation.round
    for row in consultation.rounds:
        if row.number == number:
            return row
    raise Missing("This consultation has no such round.")


def _asked(
    viewer: Actor, consultation: Consultation, of: Round, filters: Filters, ways: tuple[Narrowed, ...], since: datetime | None
) -> Asked:  # fmt: skip
    is_told = rules.may_read_answers(viewer, consultation, of)
    return Asked(viewer, consultation.id, of.id, filters, ways, is_told, since if filters.is_new else None)


def _positions(consultation: Consultation, of: Round) -> dict[str, int]:
    """How many shown comments of the round argue from each position; kept while there is only one round."""
    if len(consultation.rounds) == 1:
        return {position.key: position.comment_count for position in consultation.positions}
    rows = db.session.execute(
        select(Position.key, func.count())
        .join(CommentPosition, CommentPosition.position_id == Position.id)
        .join(CommentPosition.comment)
        .where(Comment.round_id == of.id, Comment.state == "posted", CommentPosition.is_cost.is_(False))
        .group_by(Position.key)
    )
    return dict(rows.all())


def _options(viewer: Actor, of: Round, filters: Filters) -> tuple[list[tuple[str, str, int]], list[tuple[str, str]]]:
    """Clauses and organisations to choose from: those with most comments, in the order of the text and by name.

    Those that are chosen are there, if they have comments, and organisations of comments this viewer alone may read.
    """
    clauses: dict[str, tuple[str, int]] = {}
    organisations: list[tuple[str, str]] = []
    given = {
        "round_id": of.id, "consultation_id": of.consultation_id, "clause": filters.clause, "organisation": filters.organisation,
    }  # fmt: skip
    rows = read_rows(_choosing(viewer), given).all()
    for key, name, many, version, _rank in rows:
        if version:
            clauses[key] = (name, clauses.get(key, ("", 0))[1] + many)
        else:
            organisations.append((key, name))
    return [(key, name, many) for key, (name, many) in clauses.items()], organisations


@per_viewer
def _choosing(viewer: Actor) -> CompoundSelect[Any]:
    """The statement of `_options`. Organisations are of no version, so their names alone order them."""
    bodies = select(Organisation.slug, Organisation.name, literal(0), literal(0), literal(0)).where(_spoke(viewer))
    bodies = bodies.order_by(Organisation.name).limit(2 * OPTIONS)
    return union_all(select(*CLAUSES.c), select(*bodies.subquery().c)).order_by("version", "rank", "name")


def _spoke(viewer: Actor) -> ColumnElement[bool]:
    """Whether an organisation commented in the round `round_id` of `consultation_id`, as far as this viewer may know."""
    most = select(BodyTally.organisation_id).where(BodyTally.round_id == ROUND, BodyTally.count > 0)
    loudest = most.order_by(BodyTally.count.desc(), BodyTally.id).limit(OPTIONS).subquery()
    body = aliased(Organisation)
    chosen = most.join(body, body.id == BodyTally.organisation_id).where(body.slug == bindparam("organisation"))
    shown = union_all(select(standing(loudest.c.organisation_id)), chosen)
    if not viewer.is_authenticated and not viewer.is_system:
        return Organisation.id.in_(shown)
    mine = select(standing(Comment.organisation_id)).join(Comment.consultation)
    mine = mine.where(*FEW, visible_to(viewer))
    return or_(Organisation.id.in_(shown), Organisation.id.in_(mine))
