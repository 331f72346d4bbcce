"""The page on which the summary is written: its sentences, what is missing, whose comments could be their sources."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from consult.consultations.models import Consultation
from consult.core import paging
from consult.core.db import db, take_your_time
from consult.core.errors import Refused
from consult.core.paging import Listing
from consult.core.records import Record, replace
from consult.core.rules import Actor, Verdict, no
from consult.debate.models import Comment
from consult.debate.queries.opinions import Group, opinion_groups

from .. import rules
from ..models import SummaryWriter, mark
from ..representative import Pick, picks
from .account import Account, Line, account, one_line
from .coverage import Coverage, Minority, Unheard, coverage, minorities, unheard
from .filters import Filters, keys_of
from .guards import Gap, missing, missing_in_summary
from .visibility import counted
from .walking import many, within
from .workbench import with_place

FOUND = 12
MOST_READ = 200  # comments of which the most representative are sought; more make a reader wait
PICKS = 3


class Representative(Record):
    """A comment that speaks for many of those found, and why."""

    comment: Comment
    pick: Pick
    of: int


class Sources(Record):
    """Comments found for a sentence; `cited` holds the ids of those it rests on already."""

    line: Line
    filters: Filters
    found: Listing[Comment]
    representative: Sequence[Representative]
    groups: Sequence[Group]  # the opinion groups by which the comments can be narrowed; empty where none are shown


class SummaryPage(Record):
    """Everything beside the sentences that are being written."""

    consultation: Consultation
    account: Account
    headline_mark: str
    gaps: Sequence[Gap]
    coverage: Coverage
    unheard: Unheard
    minorities: Sequence[Minority]
    verdict: Verdict
    may_review: Verdict
    may_publish: Verdict
    may_approve: Verdict
    may_correct: Verdict
    sources: Sources | None

    @property
    def is_correction(self) -> bool:
        """Whether what is written here corrects what is published."""
        return not self.account.is_frozen and len(self.account.versions) > 1

    @property
    def kinds(self) -> set[str]:
        """What is missing."""
        return {gap.kind for gap in self.gaps}


def summary_page(
    *, viewer: Actor, consultation: Consultation, statement_id: int | None = None,
    filters: Filters | None = None, after: str | None = None,
) -> SummaryPage:  # fmt: skip
    """The page where the summary of the newest round is written; with `statement_id` the search for its sources."""
    verdict = rules.may_work(viewer, consultation)
    if not verdict:
        raise Refused(verdict.reason)
    take_your_time()  # voices are counted over the whole round
    of = consultation.round
    read = account(viewer=viewer, consultation=consultation, of=of, is_draft=True)
    summary_id = read.version.id if read.version else 0
    line = one_line(read, statement_id) if statement_id else None
    return SummaryPage(
        consultation=consultation, account=read, headline_mark=mark(read.headline),
        gaps=_gaps(viewer, consultation, read),
        coverage=coverage(viewer=viewer, consultation=consultation, of=of, summary_id=summary_id),
        unheard=unheard(viewer=viewer, of=of, summary_id=summary_id),
        minorities=minorities(viewer=viewer, of=of, summary_id=summary_id),
        verdict=_may_write(viewer, consultation, read),
        may_review=rules.may_begin_review(viewer, consultation),
        may_publish=rules.may_publish(viewer, consultation),
        may_approve=_may_approve(viewer, consultation, summary_id),
        may_correct=rules.may_correct(viewer, consultation),
        sources=_sources(viewer, consultation, line, filters or Filters(), after) if line else None,
    )  # fmt: skip


def checklist(*, viewer: Actor, consultation: Consultation) -> Sequence[Gap]:
    """What the next step of a consultation waits for, for those who run it."""
    if consultation.state not in rules.ANSWERING or not rules.may_work(viewer, consultation):
        return ()
    return missing(viewer=viewer, of=consultation.round, is_final=consultation.state == "review")


def _gaps(viewer: Actor, consultation: Consultation, read: Account) -> Sequence[Gap]:
    if consultation.state in rules.ANSWERING:
        return checklist(viewer=viewer, consultation=consultation)
    is_correction = not read.is_frozen and read.version is not None
    return missing_in_summary(viewer=viewer, of=consultation.round) if is_correction else ()


def _may_write(viewer: Actor, consultation: Consultation, read: Account) -> Verdict:
    verdict = rules.may_write_summary(viewer, consultation)
    is_over = consultation.state in rules.CORRECTED and (read.is_frozen or read.version is None)
    return no(rules.FROZEN) if verdict and is_over else verdict


def _may_approve(viewer: Actor, consultation: Consultation, summary_id: int) -> Verdict:
    verdict = rules.may_approve(viewer, consultation)
    writers = db.session.scalars(select(SummaryWriter.person_id).where(SummaryWriter.summary_id == summary_id)).all()
    return rules.is_second(viewer, writers) if verdict else verdict


def _sources(
    viewer: Actor, consultation: Consultation, line: Line, filters: Filters, after: str | None
) -> Sources:  # fmt: skip
    of = consultation.round
    opinions = opinion_groups(viewer=viewer, consultation=consultation, of=of)
    wanted = [*within(of, filters), *filters.conditions()]
    total, is_more = many(viewer, of, filters, wanted)
    start = keys_of(after, 1)
    further = [Comment.id > start[0]] if start else []
    rows = db.session.scalars(
        with_place(select(Comment)).where(*wanted, *further).order_by(Comment.id).limit(FOUND + 1)
    ).all()
    cursor = paging.encode([rows[FOUND - 1].id]) if len(rows) > FOUND else None
    found = Listing(rows[:FOUND], total, next_cursor=cursor, is_more=is_more)
    return Sources(
        line=line,
        filters=filters,
        found=found,
        representative=() if start else _representative(of.id, filters),
        groups=opinions.groups if opinions and opinions.is_told else (),
    )


def _representative(round_id: int, filters: Filters) -> Sequence[Representative]:
    """The comments that speak for most of those on a clause, or of a position; without either there is no "most of"."""
    if not (filters.position or filters.clause):
        return ()
    wanted = (
        counted(round_id),
        *replace(filters, show="", q="", theme="", assigned="").conditions(),
    )
    texts = db.session.execute(
        select(Comment.id, Comment.body).where(*wanted).order_by(Comment.id).limit(MOST_READ)
    ).all()
    chosen = picks([(row.id, row.body) for row in texts], most=PICKS)
    ids = [pick.id for pick in chosen]
    rows = {row.id: row for row in db.session.scalars(with_place(select(Comment)).where(Comment.id.in_(ids)))}
    return [Representative(rows[pick.id], pick, len(texts)) for pick in chosen]
