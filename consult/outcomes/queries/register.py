"""The outcome as everybody reads it, with every comment and its answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from consult.consultations.models import Consultation, Round
from consult.core import paging
from consult.core.db import db
from consult.core.errors import Missing, Refused
from consult.core.paging import Listing
from consult.core.records import Record
from consult.core.rules import VISITOR, Actor
from consult.debate.models import Comment, ProposedChange
from consult.documents.models import Clause

from .. import rules
from ..models import CHANGING, Disposition, Objection
from .account import Account, account
from .acknowledgements import Said, Word, said_in
from .answers import Answer, Answers, answers_of
from .coverage import Coverage, coverage
from .filters import Filters, keys_of
from .guards import Material, material
from .implementations import Work, work
from .objections import objections
from .progress import Facts, facts
from .themes import ThemeLine, themes
from .visibility import counted_aside, is_current
from .walking import TEXT, beyond, many, within
from .workbench import with_place

PAGE = 30
BATCH = 200
CHANGES = 12


class Entry(Record):
    """A comment with its answer, as the register shows it: a line for each of its clauses."""

    comment: Comment
    clause: Clause | None  # None: it has one line
    nth: int  # of how many
    of: int
    answer: Answer | None
    word: Word | None  # what its author says of the answer


class Change(Record):
    """What changed, why, and for which comments."""

    answer: Answer
    numbers: Sequence[str]


class OutcomePage(Record):
    """The outcome of a round; `is_told` is False until its answers are public (as a preview: from the start)."""

    consultation: Consultation
    of: Round
    others: Sequence[Round]  # the rounds whose outcome one can read besides, newest first
    is_told: bool
    is_proposed: bool
    account: Account
    facts: Facts
    said: Said | None  # None: nobody was asked
    coverage: Coverage | None
    changes: Sequence[Change]
    work: Work  # what of the accepted changes is in a later draft
    objections: Sequence[Objection]
    material: Material | None
    filters: Filters
    register: Listing[Comment]
    lines: Sequence[Entry]
    themes: Sequence[ThemeLine]

    @property
    def takes_objections(self) -> bool:
        """Whether one can object to its summary now."""
        return rules.is_running(self.consultation, self.of)

    @property
    def has_links(self) -> bool:
        """Whether a comment here has several lines."""
        return any(entry.of > 1 for entry in self.lines)


def outcome_page(
    *, viewer: Actor, consultation: Consultation, filters: Filters, round_number: int = 0, after: str | None = None,
    before: str | None = None, is_preview: bool = False, version: int = 0,
) -> OutcomePage:  # fmt: skip
    """The outcome of a round, without `round_number` of the newest that has one.

    The staff sees the newest before everybody else only on purpose, as a preview. `version`: of the summary.
    """
    if is_preview and not (verdict := rules.may_work(viewer, consultation)):
        raise Refused(verdict.reason)
    of = consultation.round if is_preview else round_of(consultation, round_number)
    is_told = is_preview or _is_public(consultation, of)
    read = account(viewer=viewer, consultation=consultation, of=of, number=version, is_draft=is_preview)
    summary_id = read.version.id if read.version else 0
    register = _register(viewer, of, filters, after, before) if is_told else Listing((), 0)
    changed = _changed(of) if is_told else ()
    known = facts(viewer=viewer, of=of)
    told = answers_of(viewer=viewer, comment_ids={row.id for row in register.rows} | {row[0] for row in changed})
    return OutcomePage(
        consultation=consultation,
        of=of,
        others=[r for r in reversed(consultation.rounds) if r is not of and _is_public(consultation, r)],
        is_told=is_told,
        is_proposed=rules.is_proposed(consultation, of),
        account=read,
        facts=known,
        said=_said(viewer, consultation, of, known.answered),
        coverage=coverage(viewer=viewer, consultation=consultation, of=of, summary_id=summary_id) if is_told else None,
        changes=_changes(changed, told),
        work=work(viewer=viewer, of=of) if is_told else Work(),
        objections=objections(viewer=viewer, consultation=consultation, of=of) if is_told else (),
        material=material(viewer=viewer, of=of) if is_told else None,
        filters=filters,
        register=register,
        lines=_with_answers(register.rows, told),
        themes=themes(viewer=viewer, of=of) if is_told else (),
    )


def _is_public(consultation: Consultation, of: Round) -> bool:
    return bool(rules.may_see_answers(VISITOR, consultation, of))


def _said(viewer: Actor, consultation: Consultation, of: Round, answered: int) -> Said | None:
    """What commenters say of the answers, where they were asked."""
    if not rules.is_asked(consultation, of):
        return None
    return said_in(viewer=viewer, of=of, answered=answered, is_running=rules.is_running(consultation, of))


def round_of(consultation: Consultation, number: int) -> Round:
    """The round with this number; 0: the newest whose answers are public, or the newest. Missing when there is none."""
    newest_first = consultation.rounds[::-1]
    if not number:
        return next((row for row in newest_first if _is_public(consultation, row)), newest_first[0])
    for row in newest_first:
        if row.number == number:
            return row
    raise Missing("This consultation has no such round.")


def entries(*, viewer: Actor, consultation: Consultation, of: Round) -> Iterator[Entry]:
    """The whole register of a round in the order of the draft, read in batches; Missing before it is public."""
    if not rules.may_see_answers(viewer, consultation, of):
        raise Missing("The register is public when the review begins.")
    return _all(viewer, of)


def _all(viewer: Actor, of: Round) -> Iterator[Entry]:
    last: list[int] | None = None
    while True:
        statement = (
            with_place(select(Comment))
            .options(selectinload(Comment.changes).joinedload(ProposedChange.clause))
            .where(*within(of, is_whole=True), *beyond(last))
            .order_by(*TEXT)
            .limit(BATCH)
        )
        rows = db.session.scalars(statement).all()
        yield from _with_answers(rows, answers_of(viewer=viewer, comment_ids=[row.id for row in rows]))
        if len(rows) < BATCH:
            return
        last = [rows[-1].place, rows[-1].id]


def _with_answers(rows: Sequence[Comment], answers: Mapping[int, Answers]) -> Sequence[Entry]:
    return [
        Entry(
            row,
            clause,
            nth,
            len(row.links),
            told.of(clause.id if clause else None) if told else None,
            told.word if told else None,
        )
        for row in rows
        for told in [answers.get(row.id)]
        for nth, clause in enumerate(row.links, 1)
    ]


def _register(viewer: Actor, of: Round, filters: Filters, after: str | None, before: str | None) -> Listing[Comment]:
    """Withdrawn comments keep their line; hidden ones are nowhere."""
    wanted = [*within(of, filters, is_whole=True), *filters.conditions()]
    start, end = keys_of(after, 2), keys_of(before, 2)
    statement = with_place(select(Comment)).where(*wanted).limit(PAGE + 1)
    if end:
        statement = statement.where(*beyond(end, is_back=True))
        rows = db.session.scalars(statement.order_by(Comment.place.desc(), Comment.id.desc())).all()
        more_before, more_after, rows = len(rows) > PAGE, True, rows[:PAGE][::-1]
    else:
        rows = db.session.scalars(statement.where(*beyond(start)).order_by(*TEXT)).all()
        more_before, more_after, rows = bool(start), len(rows) > PAGE, rows[:PAGE]
    total, is_more = many(viewer, of, filters, wanted, is_whole=True)
    return Listing(
        rows, total, is_more=is_more,
        next_cursor=paging.encode([rows[-1].place, rows[-1].id]) if rows and more_after else None,
        previous_cursor=paging.encode([rows[0].place, rows[0].id]) if rows and more_before else None,
    )  # fmt: skip


def _changed(of: Round) -> Sequence[tuple[int, str, int]]:
    """(comment, its number, answer) of the first answers that change the draft, in its order."""
    rows = db.session.execute(
        select(Comment.id, Comment.number, Disposition.id)
        .join(Disposition, Disposition.comment_id == Comment.id)
        .where(*counted_aside(of), CHANGING, is_current())
        .order_by(Comment.place, Comment.id, Disposition.id)
        .limit(CHANGES * 5)
    )
    return [(comment_id, number, answer_id) for comment_id, number, answer_id in rows]


def _changes(rows: Sequence[tuple[int, str, int]], told: Mapping[int, Answers]) -> Sequence[Change]:
    """The first changes to the draft; comments answered with the same words share one."""
    answers = {answer.id: answer for each in told.values() for answer in each.each}
    numbers: dict[str, list[str]] = {}
    first: dict[str, Answer] = {}
    for comment_id, number, answer_id in rows:
        answer = answers[answer_id]
        words = answer.observation + answer.change_note or str(comment_id)
        first.setdefault(words, answer)
        if number not in numbers.setdefault(words, []):
            numbers[words].append(number)
    return [Change(first[words], numbers[words]) for words in list(first)[:CHANGES]]
