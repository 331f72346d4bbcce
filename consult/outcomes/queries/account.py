"""The summary as it is read: its versions, its sentences with their sources, and who approved it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.consultations.models import Consultation, Round
from consult.core.db import db
from consult.core.errors import Missing
from consult.core.records import Record
from consult.core.rules import Actor
from consult.debate.models import Comment

from .. import rules, seal
from ..models import OWN, SECTIONS, Approval, Citation, Omission, OutcomeSummary, Statement


class Line(Record):
    """A sentence with the numbers of the comments it rests on."""

    id: int
    section: str
    heading: str
    text: str
    html: str
    is_minority: bool
    mark: str
    sources: Sequence[str]

    @property
    def needs_source(self) -> bool:
        return self.section != "asked" and not self.sources


class Version(Record):
    """One version of a summary: the first, or a correction with its reason."""

    id: int
    number: int
    reason: str
    headline: str
    edit_number: int
    published_at: datetime | None
    approved_by: str  # "": nobody, or other words than these
    approved_at: datetime | None
    digest: str  # of what was approved


class Account(Record):
    """Headline and sentences of one version, by section, in the order of the sections; `own` ones by their headings."""

    version: Version | None
    versions: Sequence[Version]  # that this viewer may read, oldest first
    sections: Mapping[str, Sequence[Line]]
    own: Mapping[str, Sequence[Line]]
    omissions: Sequence[Omission]

    @property
    def headline(self) -> str:
        return self.version.headline if self.version else ""

    @property
    def edit_number(self) -> int:
        return self.version.edit_number if self.version else 0

    @property
    def is_written(self) -> bool:
        """Whether there is anything to read."""
        return bool(self.headline or self.lines or self.omissions)

    @property
    def is_frozen(self) -> bool:
        return self.version is not None and self.version.published_at is not None

    @property
    def lines(self) -> Sequence[Line]:
        return [line for lines in (*self.sections.values(), *self.own.values()) for line in lines]

    @property
    def digest(self) -> str:
        """The fingerprint of what is read here."""
        omissions = ((o.position.key, o.clause.key if o.clause else "", o.reason) for o in self.omissions)
        return seal.digest(self.headline, self.lines, omissions)


def account(
    *, viewer: Actor, consultation: Consultation, of: Round, number: int = 0, is_draft: bool = False
) -> Account:
    """The summary of a round; empty when the viewer may not read it yet. Three statements.

    Readers get the newest published version, before the first one the one in review; with `number` that one, or
    Missing. `is_draft`: the newest of all, as its writers see it.
    """
    found = _versions(of.id)
    published = [version for version in found if version.published_at is not None]
    shown = found if is_draft else published or found
    if not rules.may_see_answers(viewer, consultation, of):
        shown = []
    version = _chosen(shown, number)
    lines = _lines(version.id if version else 0)
    sections: dict[str, list[Line]] = {section: [] for section in SECTIONS}
    own: dict[str, list[Line]] = {}
    for line in lines:
        (own.setdefault(line.heading, []) if line.section == OWN else sections[line.section]).append(line)
    return Account(version, shown, sections, own, _omissions(version.id if version else 0))


def _chosen(shown: Sequence[Version], number: int) -> Version | None:
    if not number:
        return shown[-1] if shown else None
    for version in shown:
        if version.number == number:
            return version
    raise Missing("The summary has no such version.")


def one_line(account: Account, statement_id: int) -> Line:
    """One sentence of a summary; Missing when it is not there."""
    for line in account.lines:
        if line.id == statement_id:
            return line
    raise Missing("This sentence is not there any more. Somebody may have removed it.")


def _versions(round_id: int) -> list[Version]:
    is_about_now = and_(Approval.summary_id == OutcomeSummary.id, Approval.edit_number == OutcomeSummary.edit_number)
    rows = db.session.execute(
        select(OutcomeSummary, Approval, Person.name)
        .outerjoin(Approval, is_about_now)
        .outerjoin(Person, Person.id == Approval.person_id)
        .where(OutcomeSummary.round_id == round_id)
        .order_by(OutcomeSummary.number)
        .execution_options(populate_existing=True)
    )
    return [
        Version(
            id=row.id, number=row.number, reason=row.reason, headline=row.headline, edit_number=row.edit_number,
            published_at=row.published_at, approved_by=name or "", approved_at=approval.approved_at if approval else None,
            digest=approval.digest if approval else "",
        )
        for row, approval, name in rows
    ]  # fmt: skip


def _lines(summary_id: int) -> Iterable[Line]:
    rows = db.session.execute(
        select(Statement, Comment.number)
        .outerjoin(Citation, Citation.statement_id == Statement.id)
        .outerjoin(Comment, and_(Comment.id == Citation.comment_id, Comment.state == "posted"))
        .where(Statement.summary_id == summary_id)
        .order_by(Statement.rank, Statement.id, Citation.id)
    )
    sources: dict[Statement, list[str]] = {}
    for row, number in rows:
        sources.setdefault(row, []).extend([number] if number else [])
    return [
        Line(row.id, row.section, row.heading, row.text, row.html, row.is_minority, row.mark, numbers)
        for row, numbers in sources.items()
    ]


def _omissions(summary_id: int) -> Sequence[Omission]:
    return db.session.scalars(
        select(Omission)
        .options(joinedload(Omission.position), joinedload(Omission.clause))
        .where(Omission.summary_id == summary_id)
        .order_by(Omission.id)
    ).all()
