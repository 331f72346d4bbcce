"""The library of adopted standards. A standard is as visible as the consultations in which it was adopted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, Text, and_, cast, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, undefer

from consult.accounts.models import Person, RoleGrant
from consult.consultations import queries as consultations
from consult.consultations.models import Consultation, Topic
from consult.core import clock, paging
from consult.core.db import db
from consult.core.errors import Missing
from consult.core.jobs import Job
from consult.core.paging import Listing
from consult.core.records import Record
from consult.core.rules import Actor, Verdict
from consult.documents.models import Draft, DraftVersion

from .. import rules
from ..models import Standard, StandardPdf, StandardReview, StandardVersion
from .filters import keys_of
from .implementations import Work, work

PAGE = 20
WORDS = 8  # that are searched for
PDF_JOB = "outcomes.pdf"
NONE_SUCH = "There is no such standard in the library."


class Sieve(Record):
    """What a reader of the library looks for."""

    words: str = ""
    topic: str = ""
    body: str = ""
    language: str = ""

    @property
    def is_open(self) -> bool:
        """Whether everything passes."""
        return not (self.words or self.topic or self.body or self.language)


class LibraryPage(Record):
    """One page of the library, newest adoption first, and what can be chosen."""

    listing: Listing[StandardVersion]
    topics: Sequence[str]
    bodies: Sequence[str]
    languages: Sequence[str]
    is_empty: bool  # also without a filter


class StandardPage(Record):
    """A version of a standard with its whole history; `versions`, newest first, come with consultation and rounds."""

    version: StandardVersion
    versions: Sequence[StandardVersion]
    drafts: Sequence[DraftVersion]  # of all their consultations, oldest first
    topics: Sequence[str]
    may_review: Verdict
    pdf: str = ""  # "ready", "failed"; "" while it is not made

    @property
    def standard(self) -> Standard:
        return self.version.standard

    @property
    def newest(self) -> StandardVersion:
        return self.versions[0]

    def drafts_of(self, version: StandardVersion) -> Sequence[DraftVersion]:
        """The drafts that led to a version, oldest first."""
        return [draft for draft in self.drafts if draft.draft.consultation_id == version.consultation_id]


class AdoptionPage(Record):
    """What an organiser looks at before a text is adopted."""

    text: DraftVersion
    kept: Sequence[StandardVersion]  # of which it may be the next version
    proposed: Mapping[str, str]  # what the form is filled with
    work: Work  # what of the accepted changes of the last round is in a draft


def visible_to(viewer: Actor) -> ColumnElement[bool]:
    """Versions whose consultation the viewer may see. Needs a join to Consultation."""
    return consultations.visible_to(viewer)


def library(*, viewer: Actor, sieve: Sieve, after: str | None = None) -> LibraryPage:
    """The newest version of each standard that passes; withdrawn ones stay."""
    passes = _newest(viewer).where(*_passing(sieve))
    total = db.session.scalar(passes.with_only_columns(func.count())) or 0
    start = keys_of(after, 1)
    rows = db.session.scalars(
        passes.where(*([StandardVersion.id < start[0]] if start else []))
        .options(contains_eager(StandardVersion.standard), contains_eager(StandardVersion.consultation))
        .order_by(StandardVersion.id.desc())
        .limit(PAGE + 1)
    ).all()
    cursor = paging.encode([rows[PAGE - 1].id]) if len(rows) > PAGE else None
    named = db.session.execute(
        _newest(viewer).with_only_columns(StandardVersion.bodies, StandardVersion.language)
    ).all()
    topics = db.session.scalars(
        _newest(viewer)
        .join(Topic, Topic.consultation_id == Consultation.id)
        .with_only_columns(Topic.name)
        .distinct()
        .order_by(Topic.name)
    ).all()
    return LibraryPage(
        listing=Listing(rows[:PAGE], total, next_cursor=cursor), topics=topics,
        bodies=sorted({name for bodies, _ in named for name in bodies.splitlines()}, key=str.casefold),
        languages=sorted({language for _, language in named}), is_empty=not named,
    )  # fmt: skip


def standard_page(*, viewer: Actor, slug: str, number: int | None = None) -> StandardPage:
    """A version of a standard, without `number` the newest; Missing when it is not there for this viewer. Seven statements."""
    versions = db.session.scalars(
        select(StandardVersion)
        .join(StandardVersion.standard)
        .join(StandardVersion.consultation)
        .options(
            contains_eager(StandardVersion.standard).selectinload(Standard.reviews).joinedload(StandardReview.person),
            contains_eager(StandardVersion.consultation).selectinload(Consultation.rounds),
            joinedload(StandardVersion.text).joinedload(DraftVersion.draft),
        )
        .where(Standard.slug == slug, visible_to(viewer))
        .order_by(StandardVersion.number.desc())
    ).all()
    version = next((row for row in versions if number in (None, row.number)), None)
    if version is None:
        raise Missing(NONE_SUCH)
    drafts = db.session.scalars(
        select(DraftVersion)
        .join(DraftVersion.draft)
        .options(contains_eager(DraftVersion.draft), joinedload(DraftVersion.round))
        .where(
            Draft.consultation_id.in_([row.consultation_id for row in versions]), DraftVersion.frozen_at.is_not(None)
        )
        .order_by(Draft.id, DraftVersion.number)
    ).all()
    topics = db.session.scalars(
        select(Topic.name).where(Topic.consultation_id == versions[0].consultation_id).order_by(Topic.name)
    ).all()
    return StandardPage(
        version, versions, drafts, topics, may_review=rules.may_review(viewer, version), pdf=_pdf_state(version)
    )


def adopted_in(*, viewer: Actor, consultation: Consultation) -> StandardVersion | None:
    """The version of a standard that a consultation led to."""
    return db.session.scalars(
        select(StandardVersion)
        .join(StandardVersion.consultation)
        .options(joinedload(StandardVersion.standard))
        .where(StandardVersion.consultation_id == consultation.id, visible_to(viewer))
    ).first()


def newest_version(*, viewer: Actor, standard_id: int) -> StandardVersion:
    """The newest version of a standard, with the standard."""
    return db.session.scalars(
        _newest(viewer)
        .options(contains_eager(StandardVersion.standard))
        .where(Standard.id == standard_id)
        .execution_options(populate_existing=True)
    ).one()


def kept_by(*, viewer: Actor) -> Sequence[StandardVersion]:
    """The standards whose next version the viewer may adopt."""
    mine = [consultation for consultation, role in viewer.roles if role == "organiser"]
    is_mine = Consultation.id.is_not(None) if viewer.is_administrator else Consultation.id.in_(mine)
    return db.session.scalars(
        _newest(viewer)
        .options(contains_eager(StandardVersion.standard))
        .where(is_mine, Standard.withdrawn_at.is_(None))
        .order_by(StandardVersion.id.desc())
    ).all()


def text_to_adopt(*, viewer: Actor, consultation: Consultation) -> DraftVersion | None:
    """The newest public version of a draft, which is the text that is adopted; None when there is none."""
    return db.session.scalars(
        select(DraftVersion)
        .join(DraftVersion.draft)
        .join(Draft.consultation)
        .options(contains_eager(DraftVersion.draft))
        .where(Draft.consultation_id == consultation.id, DraftVersion.frozen_at.is_not(None), visible_to(viewer))
        .order_by(DraftVersion.number.desc())
        .limit(1)
    ).first()


def adoption_page(*, viewer: Actor, consultation: Consultation) -> AdoptionPage:
    """The text that would be adopted, and what is known of it already; Missing when no text is public."""
    text = text_to_adopt(viewer=viewer, consultation=consultation)
    if text is None:
        raise Missing("There is no public version of the draft that could be adopted.")
    names = db.session.scalars(
        select(Person.name)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.consultation_id == consultation.id, RoleGrant.role == "editor")
        .order_by(RoleGrant.id)
    )
    proposed = {
        "title": text.draft.title,
        "bodies": "\n".join(filter(None, (consultation.organiser_name, consultation.co_organisers))),
        "editors": "\n".join(names),
    }
    return AdoptionPage(text, kept_by(viewer=viewer), proposed, work(viewer=viewer, of=consultation.round))


def newest(*, viewer: Actor, limit: int) -> Sequence[StandardVersion]:
    """What was adopted last, each standard once; withdrawn ones are left out."""
    return db.session.scalars(
        _newest(viewer)
        .options(contains_eager(StandardVersion.standard))
        .where(Standard.withdrawn_at.is_(None))
        .order_by(StandardVersion.id.desc())
        .limit(limit)
    ).all()


def every_version(*, viewer: Actor, limit: int) -> Sequence[StandardVersion]:
    """All adoptions, newest first, also of versions that were replaced: for the feed."""
    return db.session.scalars(
        select(StandardVersion)
        .join(StandardVersion.consultation)
        .options(joinedload(StandardVersion.standard), contains_eager(StandardVersion.consultation))
        .where(visible_to(viewer))
        .order_by(StandardVersion.id.desc())
        .limit(limit)
    ).all()


def pdf(*, viewer: Actor, version: StandardVersion) -> StandardPdf:
    """The PDF of a version (as `standard_page` gave it to this viewer); Missing while there is none."""
    wanted = select(StandardPdf).options(undefer(StandardPdf.data)).where(StandardPdf.version_id == version.id)
    found = db.session.scalars(wanted).first()
    if found is None:
        raise Missing("There is no PDF of this standard yet. Print its text, or look again later.")
    return found


def unprinted(*, viewer: Actor) -> Sequence[int]:
    """Versions of which no PDF was made or ordered."""
    key = PDF_JOB + " " + cast(StandardVersion.id, Text)
    is_made = exists().where(StandardPdf.version_id == StandardVersion.id)
    is_ordered = exists().where(Job.dedupe_key == key)
    return db.session.scalars(
        select(StandardVersion.id).where(~is_made, ~is_ordered).order_by(StandardVersion.id)
    ).all()


def version_to_print(*, viewer: Actor, version_id: int) -> StandardVersion:
    """A version with everything its file needs."""
    return db.session.scalars(
        select(StandardVersion)
        .options(
            joinedload(StandardVersion.standard), joinedload(StandardVersion.consultation),
            joinedload(StandardVersion.text).joinedload(DraftVersion.draft),
        )
        .where(StandardVersion.id == version_id)
    ).one()  # fmt: skip


def reviews_due(*, viewer: Actor, distances: Sequence[int]) -> Sequence[tuple[int, int]]:
    """Standards to be looked at again of which nobody was reminded: (id, days before); of several distances the nearest."""
    moment, found = clock.now(), dict[int, int]()
    for days in sorted(distances):
        is_new = or_(Standard.reminded_days.is_(None), Standard.reminded_days > days)
        is_near = Standard.review_at <= moment + timedelta(days=days)
        for row_id in db.session.scalars(select(Standard.id).where(is_near, is_new).order_by(Standard.id)):
            found.setdefault(row_id, days)
    return list(found.items())


def _pdf_state(version: StandardVersion) -> str:
    is_made = exists().where(StandardPdf.version_id == version.id)
    has_failed = exists().where(Job.dedupe_key == f"{PDF_JOB} {version.id}", Job.is_parked)
    made, failed = db.session.execute(select(is_made, has_failed)).one()
    return "ready" if made else "failed" if failed else ""


def _newest(viewer: Actor) -> Select[StandardVersion]:
    is_latest = and_(StandardVersion.standard_id == Standard.id, StandardVersion.number == Standard.latest)
    return (
        select(StandardVersion)
        .join(Standard, is_latest)
        .join(StandardVersion.consultation)
        .where(visible_to(viewer))
    )  # fmt: skip


def _passing(sieve: Sieve) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if sieve.topic:
        found.append(Consultation.id.in_(select(Topic.consultation_id).where(Topic.name == sieve.topic)))
    if sieve.body:
        lines = "\n" + StandardVersion.bodies + "\n"
        found.append(lines.contains(f"\n{sieve.body}\n", autoescape=True))
    if sieve.language:
        found.append(StandardVersion.language == sieve.language)
    for word in sieve.words.split()[:WORDS]:
        places = (StandardVersion.title, StandardVersion.designation, StandardVersion.bodies, Consultation.summary)
        found.append(or_(*(column.icontains(word, autoescape=True) for column in places)))
    return found
