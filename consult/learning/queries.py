"""Everything read about what helps to understand a draft.

Functions take a consultation as `consultations.queries.find` gave it to this viewer: whoever may see it may see its
guide, its terms and its shelf. Proposals are seen by those who run it, and each by whoever made it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import joinedload

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation, StoredFile
from consult.core.db import db
from consult.core.errors import Missing
from consult.core.records import Record
from consult.core.rules import Actor, Verdict
from consult.documents import queries as documents
from consult.documents.models import Clause, DraftVersion

from . import definitions, rules
from .definitions import Definition
from .glossary import Entry, Glossary, letter, order
from .models import KINDS, Guide, GuideQuestion, Resource, Term

MOST_OFFERS = 200


def visible_to(viewer: Actor) -> ColumnElement[bool]:
    """What is on the shelf of visible consultations; proposals for their staff and for whoever made them.

    Needs a join to Consultation.
    """
    if viewer.is_administrator or viewer.is_system:
        return Resource.id.is_not(None)
    mine = Resource.added_by_id == viewer.person_id if viewer.person_id is not None else Resource.id.is_(None)
    is_public = Resource.state.in_(("accepted", "removed"))
    return or_(consultations.visible_to(viewer) & or_(is_public, mine), Consultation.id.in_(viewer.staff_of))


class Place(Record):
    """A clause of the newest version that defines a term."""

    name: str
    key: str
    cited: str  # as an organiser types it
    version: int


class Summary(Record):
    """How much there is to learn from, for pages that lead there."""

    has_guide: bool
    questions: int
    terms: int
    resources: int

    @property
    def is_empty(self) -> bool:
        return not (self.has_guide or self.questions or self.terms)


class GuidePage(Record):
    """The guide with everything on it; `places` are the defining clauses by lineage."""

    guide: Guide | None
    questions: Sequence[GuideQuestion]
    terms: Sequence[Term]
    places: Mapping[str, Place]
    resources: int
    may_explain: Verdict

    @property
    def is_empty(self) -> bool:
        return not ((self.guide and self.guide.html) or self.questions or self.terms)

    @property
    def letters(self) -> Sequence[tuple[str, Sequence[Term]]]:
        """The terms under their first letters."""
        return [(first, list(rows)) for first, rows in groupby(self.terms, key=lambda row: letter(row.name))]

    @property
    def minutes(self) -> int:
        """What reading the guide and the answers takes, at least one minute."""
        seconds = (self.guide.seconds if self.guide else 0) + sum(row.seconds for row in self.questions)
        return max(1, round(seconds / 60))

    @property
    def changed_at(self) -> datetime | None:
        rows: list[Guide | GuideQuestion | Term] = [*self.questions, *self.terms, *([self.guide] if self.guide else [])]
        moments = [row.changed_at for row in rows]
        return max(moments, default=None)


class Shelf(Record):
    """The shelf as a reader sees it: `mine` are her proposals that are not on it."""

    rows: Sequence[Resource]
    kind: str
    counts: Mapping[str, int]  # of what is on it, by kind
    removed: Sequence[Resource]
    mine: Sequence[Resource]
    waiting: int  # proposals to decide on, for those who may
    may_propose: Verdict
    may_keep: Verdict

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def summary(*, viewer: Actor, consultation: Consultation) -> Summary:
    """Counts of everything, in one statement."""

    def count(model: type[Guide | GuideQuestion | Term | Resource], *where: ColumnElement[bool]):  # type: ignore[no-untyped-def]
        mine = model.consultation_id == consultation.id
        return select(func.count()).select_from(model).where(mine, *where).scalar_subquery()

    row = db.session.execute(
        select(
            count(Guide, Guide.html != ""), count(GuideQuestion), count(Term),
            count(Resource, Resource.state == "accepted"),
        )
    ).one()  # fmt: skip
    return Summary(bool(row[0]), row[1], row[2], row[3])


def guide(*, viewer: Actor, consultation: Consultation) -> Guide | None:
    """The guide of a consultation, if somebody wrote one."""
    return db.session.scalars(select(Guide).where(Guide.consultation_id == consultation.id)).first()


def guide_page(*, viewer: Actor, consultation: Consultation) -> GuidePage:
    """What one reads before the draft: the same number of statements for any length."""
    terms = terms_of(viewer=viewer, consultation=consultation)
    return GuidePage(
        guide=guide(viewer=viewer, consultation=consultation),
        questions=questions(viewer=viewer, consultation=consultation),
        terms=terms,
        places=places(viewer=viewer, consultation=consultation, terms=terms),
        resources=summary(viewer=viewer, consultation=consultation).resources,
        may_explain=rules.may_explain(viewer, consultation),
    )


def questions(*, viewer: Actor, consultation: Consultation) -> Sequence[GuideQuestion]:
    """Questions with their answers, in the organisers' order."""
    return db.session.scalars(
        select(GuideQuestion).where(GuideQuestion.consultation_id == consultation.id).order_by(GuideQuestion.rank)
    ).all()


def terms_of(*, viewer: Actor, consultation: Consultation) -> Sequence[Term]:
    """The terms of a consultation from A to Z."""
    rows = db.session.scalars(select(Term).where(Term.consultation_id == consultation.id)).all()
    return sorted(rows, key=lambda row: (order(row.name), row.id))


def glossary(*, viewer: Actor, consultation_id: int) -> Glossary:
    """The terms of a consultation (one this viewer was given), ready to be found in its draft."""
    rows = db.session.scalars(select(Term).where(Term.consultation_id == consultation_id).order_by(Term.id))
    return Glossary.of(Entry(row.id, row.key, row.name, row.html, row.forms) for row in rows)


def places(*, viewer: Actor, consultation: Consultation, terms: Sequence[Term]) -> Mapping[str, Place]:
    """Where the newest version this viewer may see defines these terms, by lineage."""
    version = newest(viewer=viewer, consultation=consultation)
    if version is None:
        return {}
    rows = db.session.scalars(
        select(Clause).where(
            Clause.version_id == version.id, Clause.lineage_id.in_([row.lineage_id for row in terms if row.lineage_id])
        )
    )
    return {row.lineage_id: Place(row.name, row.key, row.label or row.key, version.number) for row in rows}


def newest(*, viewer: Actor, consultation: Consultation) -> DraftVersion | None:
    """The version that is read now; None while there is none."""
    try:
        return documents.version(viewer=viewer, consultation_id=consultation.id)
    except Missing:
        return None


def offers(*, viewer: Actor, consultation: Consultation, terms: Sequence[Term]) -> Sequence[Definition]:
    """Definitions in the newest version that are not among these terms yet, in the order of the text."""
    version = newest(viewer=viewer, consultation=consultation)
    if version is None:
        return ()
    opens = or_(*(Clause.text.startswith(mark) for mark in definitions.OPENERS))
    rows = db.session.scalars(
        select(Clause)
        .where(Clause.version_id == version.id, or_(Clause.kind == "term", opens), ~Clause.is_heading)
        .order_by(Clause.rank)
    )
    found = [
        Definition(row.key, row.label, row.lineage_id, *pair)
        for row in rows
        if (pair := definitions.read(row.kind, row.text, row.html)) is not None
    ]
    return definitions.unknown(found, (n for row in terms for n in row.forms), (row.lineage_id for row in terms))[
        :MOST_OFFERS
    ]


def shelf(*, viewer: Actor, consultation: Consultation, kind: str = "") -> Shelf:
    """The shelf of a consultation; an unknown kind shows all of it."""
    rows = _resources(viewer, consultation, Resource.state != "withdrawn")
    on_it = [row for row in rows if row.state == "accepted"]
    may_judge = any(viewer.holds(role, consultation.id) for role in rules.JUDGES)
    waiting = [row for row in rows if row.state == "proposed" and row.added_by_id != viewer.person_id]
    return Shelf(
        rows=[row for row in on_it if kind not in KINDS or row.kind == kind],
        kind=kind if kind in KINDS else "",
        counts=Counter(row.kind for row in on_it),
        removed=[row for row in rows if row.state == "removed"],
        mine=[row for row in rows if row.added_by_id == viewer.person_id and row.state in ("proposed", "declined")],
        waiting=len(waiting) if may_judge else 0,
        may_propose=rules.may_propose(viewer, consultation),
        may_keep=rules.may_keep_shelf(viewer, consultation),
    )


def kept(*, viewer: Actor, consultation: Consultation) -> Sequence[Resource]:
    """Everything of a shelf that is there, waits, or was decided on; for those who keep it."""
    return _resources(viewer, consultation, Resource.state != "withdrawn")


def resource(*, viewer: Actor, consultation: Consultation, resource_id: int) -> Resource:
    """One thing of a shelf; Missing when it is not there for this viewer."""
    rows = _resources(viewer, consultation, Resource.id == resource_id)
    if not rows:
        raise Missing("There is no such thing on this shelf.")
    return rows[0]


def resource_file(*, viewer: Actor, consultation: Consultation, resource_id: int) -> StoredFile:
    """The file of a thing on the shelf; one that was taken off only for those who keep it."""
    is_there = true() if rules.may_keep_shelf(viewer, consultation) else Resource.state == "accepted"
    rows = _resources(viewer, consultation, Resource.id == resource_id, is_there)
    if not rows or rows[0].file is None:
        raise Missing("There is no such file on this shelf.")
    return rows[0].file


def question(*, viewer: Actor, consultation: Consultation, question_id: int) -> GuideQuestion:
    """One question; Missing when it is not there."""
    mine = (GuideQuestion.id == question_id) & (GuideQuestion.consultation_id == consultation.id)
    row = db.session.scalars(select(GuideQuestion).where(mine)).first()
    if row is None:
        raise Missing("This question is not there any more.")
    return row


def term(*, viewer: Actor, consultation: Consultation, term_id: int) -> Term:
    """One term; Missing when it is not there."""
    row = db.session.scalars(
        select(Term).where(Term.id == term_id, Term.consultation_id == consultation.id)
    ).first()  # fmt: skip
    if row is None:
        raise Missing("This term is not there any more.")
    return row


def _resources(viewer: Actor, consultation: Consultation, *where: ColumnElement[bool]) -> Sequence[Resource]:
    return db.session.scalars(
        select(Resource)
        .join(Resource.consultation)
        .options(joinedload(Resource.consultation), joinedload(Resource.file))
        .where(Resource.consultation_id == consultation.id, visible_to(viewer), *where)
        .order_by(Resource.rank, Resource.id)
    ).all()
