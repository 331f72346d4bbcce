"""What members of an organisation write together. Only they ever see it, while they are members: no role helps."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import joinedload

from consult.accounts import queries as accounts
from consult.accounts.bodies import of_body, standing
from consult.accounts.models import Organisation
from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.core import clock, text
from consult.core.db import db
from consult.core.errors import Missing
from consult.core.paging import Listing, decode, encode
from consult.core.records import Record
from consult.core.rules import Actor, Verdict
from consult.debate import rules
from consult.debate.models import Comment, OrganisationDraft, OrganisationNote, OrganisationRevision, Revision
from consult.documents.models import Clause, DraftVersion

from .cards import WITH_CARD, Card, cards
from .visibility import visible_to
from .writing import Writing, writing_about

PAGE = 20
MOST_UNSIGNED = 50  # comments of members beside the list
MOST_NOTES = 200  # the last ones of a thread
AT_WORK = ("open", "proposed")
STAGE_WORDS = {
    "open": "Being written", "proposed": "Waits for a signature", "posted": "Posted", "dropped": "Put away",
}  # fmt: skip


class SharedLine(Record):
    """A shared draft in the list of an organisation's drafts."""

    id: int
    slug: str
    title: str
    timezone: str
    closes_at: datetime | None
    is_open: bool
    name: str  # of its clauses
    begins: str
    stage: str
    stage_word: str
    updated_by: str
    updated_at: datetime
    number: str  # of the comment it became


class SharedList(Record):
    """Everything an organisation's members have in hand."""

    organisation: Organisation
    consultation: Consultation | None  # that the list is narrowed to
    stage: str
    drafts: Listing[SharedLine]
    counts: dict[str, int]  # by stage
    unsigned: Sequence[Card]  # comments of members that can still be signed
    signs: bool


def shared_drafts(
    *, viewer: Actor, slug: str, stage: str = "", consultation_slug: str = "", after: str | None = None
) -> SharedList:
    """The drafts of an organisation, the last changed first; Missing for everybody who is not a member of it now."""
    organisation = _organisation(viewer, slug)
    of = consultations.find(viewer=viewer, slug=consultation_slug) if consultation_slug else None
    mine = [of_body(OrganisationDraft.organisation_id, organisation.id), consultations.visible_to(viewer)]
    if of is not None:
        mine.append(OrganisationDraft.consultation_id == of.id)
    counts = _counts(mine)
    stages = (stage,) if stage in STAGE_WORDS else AT_WORK
    return SharedList(
        organisation=organisation, consultation=of, stage=stage if stage in STAGE_WORDS else "",
        drafts=_page(mine, stages, sum(counts.get(one, 0) for one in stages), after), counts=counts,
        unsigned=_unsigned(viewer, organisation, of), signs=organisation.id in viewer.signatory_of,
    )  # fmt: skip


def _organisation(viewer: Actor, slug: str) -> Organisation:
    row = accounts.organisation(viewer=viewer, slug=slug)
    if row.id not in viewer.member_of:
        raise Missing("Only members of an organisation see what they write together.")
    return row


def _counts(mine: Sequence[ColumnElement[bool]]) -> dict[str, int]:
    statement = select(OrganisationDraft.stage, func.count()).join(OrganisationDraft.consultation).where(*mine)
    return dict(db.session.execute(statement.group_by(OrganisationDraft.stage)).all())


def _page(
    mine: Sequence[ColumnElement[bool]], stages: Sequence[str], total: int, after: str | None
) -> Listing[SharedLine]:
    statement = (
        select(OrganisationDraft)
        .join(OrganisationDraft.consultation)
        .options(*_WITH_LINE)
        .where(*mine, OrganisationDraft.stage.in_(stages))
        .order_by(OrganisationDraft.updated_at.desc(), OrganisationDraft.id.desc())
        .limit(PAGE + 1)
    )
    start = decode(after, 2)
    moment = _moment(start[0]) if start else None
    if start and moment is not None and isinstance(start[1], int):
        same = (OrganisationDraft.updated_at == moment) & (OrganisationDraft.id < start[1])
        statement = statement.where((OrganisationDraft.updated_at < moment) | same)
    rows = db.session.scalars(statement).all()
    shown = rows[:PAGE]
    names = _names(shown)
    cursor = encode([shown[-1].updated_at.isoformat(), shown[-1].id]) if len(rows) > PAGE else None
    return Listing([_line(row, names) for row in shown], total, next_cursor=cursor)


_WITH_LINE = (
    joinedload(OrganisationDraft.consultation), joinedload(OrganisationDraft.updated_by),
    joinedload(OrganisationDraft.comment).load_only(Comment.number),
)  # fmt: skip


def _moment(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return None


def _names(rows: Sequence[OrganisationDraft]) -> dict[tuple[int, str], str]:
    """What the clauses are called that these are about."""
    versions, keys = {row.version_id for row in rows}, {key for row in rows for key in row.place.split()}
    found = db.session.scalars(select(Clause).where(Clause.version_id.in_(versions), Clause.key.in_(keys)))
    return {(clause.version_id, clause.key): clause.name for clause in found}


def _line(row: OrganisationDraft, names: dict[tuple[int, str], str]) -> SharedLine:
    of, body = row.consultation, str(json.loads(row.fields).get("body", ""))
    return SharedLine(
        id=row.id, slug=of.slug, title=of.title, timezone=of.timezone, closes_at=of.closes_at,
        is_open=of.takes_comments(),
        name=", ".join(names.get((row.version_id, key), key) for key in row.place.split()) or "The draft as a whole",
        begins=text.excerpt(" ".join(body.split()), 160), stage=row.stage, stage_word=STAGE_WORDS[row.stage],
        updated_by=row.updated_by.name, updated_at=row.updated_at, number=row.comment.number if row.comment else "",
    )  # fmt: skip


def _unsigned(viewer: Actor, organisation: Organisation, of: Consultation | None) -> Sequence[Card]:
    """Comments that members posted for the organisation and that can still be signed, the oldest first."""
    theirs = _still_unsigned(viewer, of).where(of_body(Comment.unsigned_for_id, organisation.id))
    rows = db.session.scalars(theirs).unique()
    return cards(viewer=viewer, comments=[row for row in rows if rules.awaits_signature(row)])


def _still_unsigned(viewer: Actor, of: Consultation | None) -> Select[Comment]:
    open_ones = (Comment.state == "posted", _takes_comments(), visible_to(viewer))
    return (
        select(Comment)
        .join(Comment.consultation)
        .options(*WITH_CARD)
        .where(*open_ones, *([Comment.consultation_id == of.id] if of else []))
        .order_by(Comment.id)
        .limit(MOST_UNSIGNED)
    )


class Wording(Record):
    """What a shared draft said at one time."""

    number: int
    who: str
    at: datetime
    body: str
    new_text: str


class SharedPage(Record):
    """One shared draft: its words, who wrote what, what members say about it, and what the viewer may do."""

    draft: OrganisationDraft
    fields: dict[str, Any]
    target: Writing
    wordings: Sequence[Wording]  # the newest first
    notes: Sequence[OrganisationNote]
    number: str  # of the comment it became
    may_write: Verdict
    may_propose: Verdict
    may_sign: Verdict
    may_send_back: Verdict
    may_post_as_own: Verdict
    may_put_away: Verdict
    may_take_up: Verdict

    def wording(self, number: int) -> Wording | None:
        """What it said when it had this edit number."""
        return next((one for one in self.wordings if one.number == number), None)


def find_shared(*, viewer: Actor, shared_id: int, slug: str | None = None) -> OrganisationDraft:
    """One draft (of this organisation) with what its rules ask for; Missing for who is not a member of it now."""
    row = db.session.scalars(
        select(OrganisationDraft)
        .join(OrganisationDraft.consultation)
        .join(OrganisationDraft.organisation)
        .options(
            joinedload(OrganisationDraft.organisation), joinedload(OrganisationDraft.begun_by),
            joinedload(OrganisationDraft.consultation).selectinload(Consultation.positions),
            joinedload(OrganisationDraft.consultation).selectinload(Consultation.rounds),
            joinedload(OrganisationDraft.version).joinedload(DraftVersion.round), *_WITH_LINE,
        )
        .where(
            OrganisationDraft.id == shared_id, consultations.visible_to(viewer),
            OrganisationDraft.organisation_id.in_(viewer.member_of), *([Organisation.slug == slug] if slug else []),
        )
    ).first()  # fmt: skip
    if row is None:
        raise Missing("There is no such draft, or you are not a member of its organisation.")
    return row


def shared_page(*, viewer: Actor, draft: OrganisationDraft) -> SharedPage:
    """The page of a draft that `find_shared` found."""
    fields = json.loads(draft.fields)
    keys = draft.place.split()
    named = db.session.scalars(
        select(Clause).options(joinedload(Clause.version)).where(
            Clause.version_id == draft.version_id, Clause.key.in_(keys)
        ).order_by(Clause.rank)
    ).all()  # fmt: skip
    target = writing_about(
        viewer=viewer, consultation=draft.consultation, version=draft.version, named=named,
        passages=[str(name) for name in fields.get("passages", ())],
    )  # fmt: skip
    return SharedPage(
        draft=draft, fields=fields, target=target, wordings=_wordings(draft), notes=_notes(draft),
        number=draft.comment.number if draft.comment else "", may_write=rules.may_write_shared(viewer, draft),
        may_propose=rules.may_propose_for_signature(viewer, draft), may_sign=rules.may_sign_shared(viewer, draft),
        may_send_back=rules.may_send_back(viewer, draft), may_post_as_own=rules.may_post_as_own(viewer, draft),
        may_put_away=rules.may_put_away(viewer, draft), may_take_up=rules.may_take_up(viewer, draft),
    )  # fmt: skip


def _wordings(draft: OrganisationDraft) -> Sequence[Wording]:
    rows = db.session.scalars(
        select(OrganisationRevision)
        .options(joinedload(OrganisationRevision.person))
        .where(OrganisationRevision.draft_id == draft.id)
        .order_by(OrganisationRevision.number.desc())
    )
    return [_wording(row) for row in rows]


def _wording(row: OrganisationRevision) -> Wording:
    fields = json.loads(row.fields)
    return Wording(
        row.number, row.person.name, row.written_at, str(fields.get("body", "")), str(fields.get("new_text") or "")
    )


def _notes(draft: OrganisationDraft) -> Sequence[OrganisationNote]:
    rows = db.session.scalars(
        select(OrganisationNote)
        .options(joinedload(OrganisationNote.person))
        .where(OrganisationNote.draft_id == draft.id)
        .order_by(OrganisationNote.id.desc())
        .limit(MOST_NOTES)
    ).all()
    return rows[::-1]


class InHand(Record):
    """What waits in one of the viewer's organisations, and until when."""

    organisation: Organisation
    signs: bool
    proposed: int
    unsigned: int
    closes_at: datetime | None  # the first of their deadlines
    timezone: str


def in_hand(*, viewer: Actor) -> Sequence[InHand]:
    """What waits for a signature in the viewer's organisations while comments are open; template debate/_in_hand.html."""
    if not viewer.member_of:
        return []
    proposed = _waiting(
        viewer, OrganisationDraft.organisation_id,
        select(OrganisationDraft).join(OrganisationDraft.consultation).where(OrganisationDraft.stage == "proposed"),
    )  # fmt: skip
    unsigned = _waiting(
        viewer, Comment.unsigned_for_id,
        select(Comment).join(Comment.consultation).where(Comment.state == "posted", Comment.named != "nobody"),
    )  # fmt: skip
    ids = proposed.keys() | unsigned.keys()
    rows = db.session.scalars(select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.name)).all()
    return [_in_hand(viewer, row, proposed.get(row.id), unsigned.get(row.id)) for row in rows]


def _waiting(viewer: Actor, body: Any, statement: Select[Any]) -> dict[int, Any]:
    found = db.session.execute(
        statement.with_only_columns(
            standing(body).label("stands_for"), func.count().label("n"), func.min(Consultation.closes_at).label("closes_at"),
            func.min(Consultation.timezone).label("timezone"),
        )
        .where(body.in_(viewer.member_of), _takes_comments(), consultations.visible_to(viewer))
        .group_by("stands_for")
    )  # fmt: skip
    return {row.stands_for: row for row in found}


def _takes_comments() -> ColumnElement[bool]:
    """Consultation.takes_comments, in SQL."""
    return and_(Consultation.state == "open", Consultation.closes_at > clock.now())


def _in_hand(viewer: Actor, row: Organisation, proposed: Any, unsigned: Any) -> InHand:
    both = sorted((one for one in (proposed, unsigned) if one and one.closes_at), key=lambda one: one.closes_at)
    return InHand(
        row, row.id in viewer.signatory_of, proposed.n if proposed else 0, unsigned.n if unsigned else 0,
        both[0].closes_at if both else None, both[0].timezone if both else "UTC",
    )  # fmt: skip


def wording_before(*, viewer: Actor, comment: Comment, number: int) -> str:
    """The HTML of a shown comment as it was with this edit number; empty when it never was."""
    if not 0 <= number < comment.edit_number:  # also what no column could hold
        return ""
    statement = select(Revision.html).where(Revision.comment_id == comment.id, Revision.number == number)
    return db.session.scalar(statement) or ""
