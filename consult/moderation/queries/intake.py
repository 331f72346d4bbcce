"""What came by mail, on paper or in a meeting, for the staff; and what its sender may claim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation, StoredFile
from consult.core import paging
from consult.core.db import db
from consult.core.errors import Missing, Refused
from consult.core.media import SHOWN
from consult.core.paging import Listing
from consult.core.records import Record
from consult.core.rules import Actor, Verdict
from consult.core.text import normalise
from consult.debate.models import Comment

from .. import rules
from ..models import INTAKE_SOURCES, INTAKE_STATES, IntakeEntry, IntakeFile

PAGE = 50
NOT_HERE = "There is no such contribution."
NOTHING_TO_CLAIM = (
    "There is nothing to claim at this address: this comment did not come by mail, on paper or from a meeting, or it is"
    " not public."
)


class Desk(Record):
    """The list of contributions in one state, oldest first, and how many are in each."""

    shown: str
    counts: Mapping[str, int]
    entries: Listing[IntakeEntry]
    may: Verdict  # to enter another one

    @property
    def names(self) -> Mapping[str, str]:
        return INTAKE_STATES


class EntryPage(Record):
    """One contribution: what was entered, what came with it, and what one may do."""

    entry: IntakeEntry
    files: Sequence[StoredFile]
    may_change: Verdict
    may_check: Verdict

    @property
    def pictures(self) -> Sequence[StoredFile]:
        """The scans that can be seen beside the text."""
        return [file for file in self.files if file.media_type in SHOWN]

    @property
    def source(self) -> str:
        return INTAKE_SOURCES[self.entry.source]

    @property
    def state(self) -> str:
        return INTAKE_STATES[self.entry.state]


class Arrival(Record):
    """How a comment came, for its readers."""

    is_claimable: bool  # nobody claimed it yet
    files: Sequence[StoredFile]


def desk(*, viewer: Actor, consultation: Consultation, shown: str = "", after: str = "") -> Desk:
    """What is being taken in; Refused for everybody but moderators and organisers."""
    _check(viewer, consultation)
    here = IntakeEntry.consultation_id == consultation.id
    counts = dict.fromkeys(INTAKE_STATES, 0) | dict(
        db.session.execute(select(IntakeEntry.state, func.count()).where(here).group_by(IntakeEntry.state)).all()
    )
    shown = shown if shown in INTAKE_STATES else next((name for name in INTAKE_STATES if counts[name]), "begun")
    rows = select(IntakeEntry).options(joinedload(IntakeEntry.entered_by), joinedload(IntakeEntry.comment))
    place = paging.decode(after, 1)
    if place is not None and isinstance(place[0], int):
        rows = rows.where(IntakeEntry.id > place[0])
    found = db.session.scalars(rows.where(here, IntakeEntry.state == shown).order_by(IntakeEntry.id).limit(PAGE + 1))
    entries = list(found)
    more = paging.encode([entries[PAGE - 1].id]) if len(entries) > PAGE else None
    return Desk(shown, counts, Listing(entries[:PAGE], counts[shown], more), rules.may_take_in(viewer, consultation))


def find(*, viewer: Actor, slug: str, number: int) -> IntakeEntry:
    """One contribution; Refused for everybody but moderators and organisers."""
    entry = db.session.scalars(_whole().where(Consultation.slug == slug, IntakeEntry.number == number)).first()
    if entry is None or not rules.may_see_intake(viewer, entry.consultation):
        _check(viewer, consultations.find(viewer=viewer, slug=slug))
        raise Missing(NOT_HERE)
    return entry


def number_of_mail(*, viewer: Actor, consultation: Consultation, message_id: str, sha256: str) -> int | None:
    """The contribution that began with this mail: one with its Message-ID, or the same file byte for byte."""
    if not rules.may_see_intake(viewer, consultation):
        return None
    here = select(IntakeEntry.number).where(IntakeEntry.consultation_id == consultation.id)
    known = db.session.scalar(here.where(IntakeEntry.message_id == message_id)) if message_id else None
    if known is not None:
        return known
    same = here.join(IntakeEntry.enclosed).join(IntakeFile.file)
    return db.session.scalar(same.where(StoredFile.sha256 == sha256, StoredFile.name == "mail.eml").limit(1))


def entry_page(*, viewer: Actor, entry: IntakeEntry) -> EntryPage:
    """It, with what this viewer may do."""
    files = [one.file for one in entry.enclosed]
    return EntryPage(entry, files, rules.may_change_entry(viewer, entry), rules.may_check_entry(viewer, entry))


def file_of(*, viewer: Actor, slug: str, number: int, file_id: int) -> StoredFile:
    """A file of a contribution, for who may see the contribution."""
    entry = find(viewer=viewer, slug=slug, number=number)
    for one in entry.enclosed:
        if one.file_id == file_id:
            return one.file
    raise Missing(NOT_HERE)


def arrival(*, viewer: Actor, comment: Comment) -> Arrival | None:
    """What readers of a comment may know of how it came; None for one that was written here, or is not on show."""
    if comment.source not in INTAKE_SOURCES or comment.state != "posted":
        return None
    entry = db.session.scalars(
        select(IntakeEntry)
        .join(IntakeEntry.consultation)
        .options(selectinload(IntakeEntry.enclosed).joinedload(IntakeFile.file))
        .where(IntakeEntry.comment_id == comment.id, consultations.visible_to(viewer))
    ).first()
    return None if entry is None else Arrival(entry.claimed_at is None, _public(entry))


def public_file(*, viewer: Actor, slug: str, number: str, file_id: int) -> StoredFile:
    """One of the files that everybody may see."""
    for file in _public(claimable(viewer=viewer, slug=slug, number=number)):
        if file.id == file_id:
            return file
    raise Missing("There is no such file, or its sender does not want it to be public.")


def _public(entry: IntakeEntry) -> Sequence[StoredFile]:
    """What its sender lets everybody see; not the mails, in whose headers and footers nobody looked for addresses."""
    files = [one.file for one in entry.enclosed] if entry.are_scans_public else []
    return [file for file in files if file.media_type != "message/rfc822"]


def claimable(*, viewer: Actor, slug: str, number: str) -> IntakeEntry:
    """The contribution that became this comment, if everybody may read the comment."""
    entry = db.session.scalars(
        _whole()
        .join(IntakeEntry.comment)
        .where(Consultation.slug == slug, Comment.number == normalise(number), Comment.state == "posted")
        .where(consultations.visible_to(viewer))
    ).first()
    if entry is None:
        raise Missing(NOTHING_TO_CLAIM)
    return entry


def for_receipt(*, viewer: Actor, entry_id: int) -> IntakeEntry | None:
    """A contribution whose receipt is to be sent; only the system asks."""
    if not viewer.is_system:
        return None
    return db.session.scalars(_whole().where(IntakeEntry.id == entry_id)).first()


def _whole() -> Select[IntakeEntry]:
    return (
        select(IntakeEntry)
        .join(IntakeEntry.consultation)
        .options(
            joinedload(IntakeEntry.consultation).selectinload(Consultation.positions),
            joinedload(IntakeEntry.entered_by),
            joinedload(IntakeEntry.checked_by),
            joinedload(IntakeEntry.claimed_by),
            joinedload(IntakeEntry.comment),
            selectinload(IntakeEntry.enclosed).joinedload(IntakeFile.file),
        )
    )


def _check(viewer: Actor, consultation: Consultation) -> None:
    verdict = rules.may_see_intake(viewer, consultation)
    if not verdict:
        raise Refused(verdict.reason)
