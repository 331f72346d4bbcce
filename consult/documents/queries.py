"""Everything read about drafts."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, undefer

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.core.conditions import per_viewer
from consult.core.db import db
from consult.core.errors import Missing
from consult.core.records import Record
from consult.core.rules import Actor, Verdict

from . import pairing, preview, rules
from .models import Clause, ClausePair, Draft, DraftVersion, Picture, ReadingPage, StagedDraft


@per_viewer
def visible_to(viewer: Actor) -> ColumnElement[bool]:
    """Frozen versions of visible consultations; unfrozen ones for the staff. Needs a join to Consultation."""
    if viewer.is_administrator or viewer.is_system:
        return Consultation.id.is_not(None)
    frozen = DraftVersion.frozen_at.is_not(None) & consultations.visible_to(viewer)
    return or_(frozen, Consultation.id.in_(viewer.staff_of))


def versions(*, viewer: Actor, consultation_id: int) -> Sequence[DraftVersion]:
    """The versions of a consultation's draft this viewer may see, newest first."""
    return db.session.scalars(_versions(viewer), {"consultation_id": consultation_id}).all()


@per_viewer
def _versions(viewer: Actor) -> Select[DraftVersion]:
    """The statement of `versions`."""
    return (
        select(DraftVersion)
        .join(DraftVersion.draft)
        .join(Draft.consultation)
        .options(contains_eager(DraftVersion.draft).contains_eager(Draft.consultation), joinedload(DraftVersion.round))
        .where(Draft.consultation_id == bindparam("consultation_id", type_=BigInteger), visible_to(viewer))
        .order_by(DraftVersion.number.desc())
    )


def version(*, viewer: Actor, consultation_id: int, number: int | None = None) -> DraftVersion:
    """One version; without `number` the newest that was put to comment, else the newest.

    Raises Missing when it is not there for this viewer.
    """
    rows = versions(viewer=viewer, consultation_id=consultation_id)
    if number is None:
        found = next((row for row in rows if row.round_id is not None), rows[0] if rows else None)
    else:
        found = next((row for row in rows if row.number == number), None)
    if found is None:
        raise Missing("There is no such version of the draft, or it is not public yet.")
    return found


def clauses(*, viewer: Actor, version: DraftVersion, keys: Sequence[str]) -> Sequence[Clause]:
    """Clauses of a version (as `version()` gave it to this viewer) by their keys, in the order of the text.

    Raises Missing if one of the keys is not there.
    """
    rows = db.session.scalars(_CLAUSES, {"version": version.id, "keys": list(keys)}).all()
    if len(rows) != len(set(keys)):
        raise Missing("There is no such clause in this version of the draft.")
    return rows


_CLAUSES = (
    select(Clause)
    .options(joinedload(Clause.page))
    .where(Clause.version_id == bindparam("version"), Clause.key.in_(bindparam("keys", expanding=True)))
    .order_by(Clause.rank)
)


def named(*, viewer: Actor, version: DraftVersion, names: Collection[str]) -> Sequence[Clause]:
    """Clauses of a version by what people call them: the number as printed, or the key. Unknown names give nothing."""
    return db.session.scalars(
        select(Clause)
        .options(joinedload(Clause.page))
        .where(Clause.version_id == version.id, or_(Clause.label.in_(names), Clause.key.in_(names)))
        .order_by(Clause.rank)
    ).all()


def source(*, viewer: Actor, consultation_id: int, number: int) -> DraftVersion:
    """One version with the file as it arrived; Missing when it is not there for this viewer."""
    found = version(viewer=viewer, consultation_id=consultation_id, number=number)
    db.session.refresh(found, ["source"])
    return found


def picture(*, viewer: Actor, version: DraftVersion, name: str) -> Picture:
    """A picture of a version (as `version()` gave it to this viewer), with its bytes; Missing when there is none."""
    found = db.session.scalars(
        select(Picture).options(undefer(Picture.data)).where(Picture.version_id == version.id, Picture.name == name)
    ).first()
    if found is None:
        raise Missing("There is no such picture in this version of the draft.")
    return found


class KeptVersion(Record):
    """A version in the list of an organiser, with what it holds and what is still to look at."""

    version: DraftVersion
    counts: str
    pages: int
    warnings: Sequence[str]
    corrections: int  # of its structure, made by hand
    to_confirm: int = 0  # clauses of which an editor can still say whether they are ones of the version before
    decided: int = 0  # what editors said so far


class ManagePage(Record):
    """The draft as its editors see it."""

    header: consultations.Header
    versions: Sequence[KeptVersion]
    staged: StagedDraft | None
    preview: preview.Preview | None
    corrections: int
    may_import: Verdict
    may_freeze: Verdict

    @property
    def replaces(self) -> bool:
        """Whether a new text takes the place of one that is not public yet."""
        return bool(self.versions) and self.versions[0].version.frozen_at is None


def manage_header(*, viewer: Actor, slug: str) -> consultations.Header:
    """The head of a page on which the staff of a consultation manage its draft; Missing for everybody else."""
    header = consultations.header(viewer=viewer, slug=slug)
    if not header.is_staff:
        raise Missing
    return header


def manage_page(*, viewer: Actor, slug: str) -> ManagePage:
    """What the staff of a consultation manage its draft with; Missing for everybody else."""
    header = manage_header(viewer=viewer, slug=slug)
    rows = versions(viewer=viewer, consultation_id=header.consultation.id)
    mine = staged(viewer=viewer, consultation_id=header.consultation.id)
    return ManagePage(
        header=header,
        versions=_kept(rows),
        staged=mine,
        preview=preview.from_json(mine.preview) if mine else None,
        corrections=len(json.loads(mine.edits)) if mine else 0,
        may_import=rules.may_import(viewer, header.consultation),
        may_freeze=rules.may_freeze(viewer, rows[0]) if rows else rules.NO_VERSION,
    )


def staged(*, viewer: Actor, consultation_id: int) -> StagedDraft | None:
    """The text this person has put aside to look at, if there is one."""
    mine = (StagedDraft.consultation_id == consultation_id) & (StagedDraft.person_id == viewer.person_id)
    return db.session.scalars(select(StagedDraft).where(mine)).first()


def _kept(rows: Sequence[DraftVersion]) -> Sequence[KeptVersion]:
    ids = [row.id for row in rows]
    counts: dict[int, dict[str, int]] = {version_id: {} for version_id in ids}
    by_kind = select(Clause.version_id, Clause.kind, func.count()).where(Clause.version_id.in_(ids))
    for version_id, kind, count in db.session.execute(by_kind.group_by(Clause.version_id, Clause.kind)):
        counts[version_id][kind] = count
    by_version = select(ReadingPage.version_id, func.count()).where(ReadingPage.version_id.in_(ids))
    pages = {row[0]: row[1] for row in db.session.execute(by_version.group_by(ReadingPage.version_id))}
    questions = _questions(rows[0]) if rows and rows[0].frozen_at is None else (0, 0)
    return [
        KeptVersion(
            version=row,
            counts=preview.counted(counts[row.id]),
            pages=pages.get(row.id, 0),
            warnings=json.loads(row.warnings),
            corrections=len(json.loads(row.edits)),
            to_confirm=questions[0] if row is rows[0] else 0,
            decided=questions[1] if row is rows[0] else 0,
        )
        for row in rows
    ]  # fmt: skip


def _questions(version: DraftVersion) -> tuple[int, int]:
    """What is to be confirmed about the clauses of a version, and how much is decided."""
    pairs = db.session.scalars(select(ClausePair).where(ClausePair.version_id == version.id)).all()
    return pairing.questions(pairs), sum(bool(pair.decided) for pair in pairs)
