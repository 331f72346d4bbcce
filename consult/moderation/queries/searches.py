"""Looking for shared texts: what is read, what is known already, and how far the search is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select

from consult.consultations.models import Consultation
from consult.core.db import db
from consult.core.errors import Refused
from consult.core.jobs import Job
from consult.core.records import Record
from consult.core.rules import Actor
from consult.debate.models import Comment
from consult.documents.models import Clause, Draft, DraftVersion

from ..models import CampaignMember, CampaignSearch
from ..resemblance import Text
from ..resemblance.words import Words, words

JOB = "moderation.find_campaigns"
AT_ONCE = 1_000  # comments in one statement


def job_key(search_id: int) -> str:
    """The name of the job that does a search."""
    return f"{JOB}:{search_id}"


class Texts:
    """The words of every comment on show in a consultation, read anew in parts each time they are gone through.

    After each part the reading ends, so that no transaction stays open while the words are compared.
    """

    def __init__(self, consultation_id: int) -> None:
        self.here = (Comment.consultation_id == consultation_id, Comment.state == "posted")

    def __len__(self) -> int:
        return db.session.scalar(select(func.count(Comment.id)).where(*self.here)) or 0

    def __iter__(self) -> Iterator[Text]:
        last = 0
        while True:
            part = select(Comment.id, Comment.body).where(*self.here, Comment.id > last).order_by(Comment.id)
            rows = [Text(*row) for row in db.session.execute(part.limit(AT_ONCE))]
            db.session.rollback()
            yield from rows
            if len(rows) < AT_ONCE:
                return
            last = rows[-1].id


def texts(*, viewer: Actor, consultation_id: int) -> Texts:
    """The words of every comment on show in a consultation; for the system alone."""
    if not viewer.is_system:
        raise Refused("Only the search itself reads everything.")
    return Texts(consultation_id)


def known_lines(*, viewer: Actor, consultation_id: int) -> Sequence[str]:
    """Lines that are the draft's words, not a commenter's: its title, the consultation's, and the text of clauses."""
    titles = db.session.execute(
        select(Consultation.title, Draft.title)
        .outerjoin(Draft, Draft.consultation_id == Consultation.id)
        .where(Consultation.id == consultation_id)
    ).one()
    clauses = db.session.scalars(
        select(Clause.text)
        .join(Clause.version)
        .join(DraftVersion.draft)
        .where(Draft.consultation_id == consultation_id, Clause.text != "")
    )
    return [*(title for title in titles if title), *clauses]


def campaigns_of(*, viewer: Actor, comment_ids: Sequence[int]) -> Mapping[int, int]:
    """Which campaign each of these comments is in, also where it was left out of it."""
    rows = db.session.execute(
        select(CampaignMember.comment_id, CampaignMember.campaign_id).where(CampaignMember.comment_id.in_(comment_ids))
    )
    return dict(rows.all())


def newest_search(*, viewer: Actor, consultation_id: int) -> CampaignSearch | None:
    """The search that was asked for last."""
    return db.session.scalars(
        select(CampaignSearch)
        .where(CampaignSearch.consultation_id == consultation_id)
        .order_by(CampaignSearch.id.desc())
        .limit(1)
    ).first()


def cut_lines(*, viewer: Actor, consultation: Consultation) -> frozenset[Words]:
    """Lines that are not compared: the last that were found in most comments, and the title."""
    beside = db.session.scalar(
        select(CampaignSearch.beside)
        .where(CampaignSearch.consultation_id == consultation.id, CampaignSearch.finished_at.is_not(None))
        .order_by(CampaignSearch.id.desc())
        .limit(1)
    )
    return frozenset(tuple(line.split()) for line in (beside or "").splitlines()) | {words(consultation.title)}


class Progress(Record):
    """How far the newest search is. `failure`: why it stopped; parked: it is not tried again by itself."""

    done: int
    total: int
    found: int
    asked_at: datetime
    finished_at: datetime | None
    beside: Sequence[str]
    waiting: int  # comments it has not read
    failure: str
    is_parked: bool

    @property
    def is_done(self) -> bool:
        return self.finished_at is not None


def progress(*, viewer: Actor, consultation: Consultation) -> Progress | None:
    """Of the newest search; None where nobody has looked yet."""
    row = newest_search(viewer=viewer, consultation_id=consultation.id)
    if row is None:
        return None
    job = db.session.execute(
        select(Job.error, Job.is_parked).where(Job.dedupe_key == job_key(row.id), Job.finished_at.is_(None))
    ).first()
    there = db.session.scalar(
        select(func.count(Comment.id)).where(Comment.consultation_id == consultation.id, Comment.state == "posted")
    )
    return Progress(
        row.done, row.total, row.found, row.asked_at, row.finished_at, row.beside.splitlines(), max(0, (there or 0) - row.total),
        (job.error or "") if job else "", bool(job and job.is_parked),
    )  # fmt: skip
