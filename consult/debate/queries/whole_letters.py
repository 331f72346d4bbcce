"""Letters that were sent whole: who may read one, what of it is shown, and how it is cut."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation, Position
from consult.core import text
from consult.core.db import db
from consult.core.errors import Missing, Refused
from consult.core.paging import Listing, decode, encode
from consult.core.records import Record
from consult.core.rules import Actor, Verdict
from consult.debate import letters, redaction, references, rules
from consult.debate.composing import LONGEST
from consult.debate.letters import Fields, Piece, Plan
from consult.debate.models import LETTER_KINDS, Comment, Letter, LetterPiece, Quotation, Removal
from consult.documents import queries as documents
from consult.documents.models import DraftVersion

from .visibility import may_read

PAGE = 20
RUN_BY = ("moderator", "organiser")


def letter_visible_to(viewer: Actor) -> ColumnElement[bool]:
    """Letters of which a comment is shown; one's own; for those who run the consultation what is cut or handed over.

    Needs a join to Consultation. What was cut and is not shown any more is held back on the page itself.
    """
    shown = exists().where(
        LetterPiece.letter_id == Letter.id, LetterPiece.comment_id == Comment.id, Comment.state == "posted"
    )  # fmt: skip
    run = [consultation_id for consultation_id, role in viewer.roles if role in RUN_BY]
    worked_on = and_(
        Letter.consultation_id.in_(run), or_(Letter.cut_at.is_not(None), Letter.is_handed_over.is_(True))
    )  # fmt: skip
    return and_(consultations.visible_to(viewer), or_(shown, Letter.author_id == viewer.person_id, worked_on))


def find_letter(*, viewer: Actor, slug: str, letter_id: int) -> Letter:
    """One letter with its pieces and their comments; Missing when it is not there for this viewer."""
    row = db.session.scalars(
        select(Letter)
        .join(Letter.consultation)
        .options(
            joinedload(Letter.consultation), joinedload(Letter.round), joinedload(Letter.author),
            joinedload(Letter.organisation), joinedload(Letter.cut_by),
            selectinload(Letter.pieces).joinedload(LetterPiece.comment),
        )
        .where(Consultation.slug == slug, Letter.id == letter_id, letter_visible_to(viewer))
        .execution_options(populate_existing=True)
    ).first()  # fmt: skip
    if row is None:
        raise Missing("There is no such letter, or it is not public.")
    return row


class Stretch(Record):
    """Some words of a letter: those of a comment, or some between (no number). Words that are held back are empty."""

    words: str
    part: int = 0
    number: str = ""
    slug: str = ""
    state: str = ""
    state_reason: str = ""


class LetterPage(Record):
    """A whole letter as this viewer may read it."""

    id: int
    slug: str
    title: str
    who: str
    written_by: str  # for an organisation
    kind: str
    source_name: str
    sha256: str
    received_at: datetime
    cut_by: str  # when not its author
    is_cut: bool
    is_public: bool
    is_mine: bool
    is_handed_over: bool
    stretches: Sequence[Stretch]
    may_cut: Verdict
    may_hand_over: Verdict
    may_discard: Verdict
    known_as: str  # who it is, where that is withheld: for moderators and for herself
    is_named: bool

    @property
    def comments(self) -> int:
        return sum(bool(one.number) for one in self.stretches)


def letter_page(*, viewer: Actor, letter: Letter) -> LetterPage:
    """The page of a letter as `find_letter` gave it."""
    is_mine = viewer.is_authenticated and viewer.person_id == letter.author_id
    is_helped = letter.cut_by is not None and letter.cut_by_id != letter.author_id
    return LetterPage(
        id=letter.id, slug=letter.consultation.slug, title=letter.title,
        who=letter.organisation.name if letter.organisation else letter.author_name,
        written_by=letter.author_name if letter.organisation and letter.named == "name" else "", kind=LETTER_KINDS[letter.kind],
        source_name=letter.source_name if is_mine else "", sha256=letter.sha256, received_at=letter.received_at,
        cut_by=letter.cut_by.name if is_helped and letter.cut_by else "", is_cut=letter.cut_at is not None,
        is_public=any(piece.comment.state == "posted" for piece in letter.pieces), is_mine=is_mine,
        is_handed_over=letter.is_handed_over, stretches=_stretches(viewer, letter),
        may_cut=rules.may_cut_letter(viewer, letter), may_hand_over=rules.may_hand_over(viewer, letter),
        may_discard=rules.may_discard_letter(viewer, letter), is_named=letter.named == "name",
        known_as=letter.author.name if is_mine or rules.may_know_names(viewer, letter.consultation_id) else "",
    )  # fmt: skip


def _stretches(viewer: Actor, letter: Letter) -> Sequence[Stretch]:
    """The letter in order, with the words of comments that this viewer may not read left out."""
    told, at = list[Stretch](), 0
    removals, put_away = _removals(letter), _put_away(letter)
    for piece in letter.pieces:
        comment = piece.comment
        told.append(Stretch(_without(letter.text[at : piece.start].strip(), removals, put_away)))
        at = piece.end
        if comment.state == "held" and not may_read(viewer, comment, letter.consultation_id):
            continue  # not there yet
        is_readable = may_read(viewer, comment, letter.consultation_id)
        whole = [one for one in removals if one.is_whole and one.comment_id == comment.id]
        words = _without(letter.text[piece.start : piece.end], removals, put_away) if is_readable and not whole else ""
        words = " ".join([words, *(references.unescaped(one.notice) for one in whole if is_readable)]).strip()
        told.append(
            Stretch(
                words, piece.part, comment.number, letter.consultation.slug, comment.state, comment.state_reason
            )
        )  # fmt: skip
    told.append(Stretch(_without(letter.text[at:].strip(), removals, put_away)))
    return [one for one in told if one.words or one.number]


def _removals(letter: Letter) -> Sequence[Removal]:
    """What moderators took out of its comments. The letter itself never changes."""
    cut = [piece.comment_id for piece in letter.pieces]
    return db.session.scalars(
        select(Removal).where(Removal.comment_id.in_(cut), Removal.put_back_at.is_(None)).order_by(Removal.id)
    ).all()


def _put_away(letter: Letter) -> Sequence[str]:
    """What its comments quote that is not shown now."""
    cut = [piece.comment_id for piece in letter.pieces]
    rows = db.session.scalars(select(Quotation.held).where(Quotation.comment_id.in_(cut), Quotation.held != "[]"))
    return [block for row in rows for block in json.loads(row)]


def _without(words: str, removals: Sequence[Removal], put_away: Sequence[str]) -> str:
    for block in put_away:
        words, _taken = redaction.take_out(words, block, f"({references.GONE})")
    for one in removals:
        words, _taken = redaction.take_out(words, one.passage, references.unescaped(one.notice), is_name=one.is_name)
    return words


class PlaceInLetter(Record):
    """Where a comment stands in the letter it was cut from."""

    letter_id: int
    part: int
    of: int
    received_at: datetime


def place_in_letter(*, viewer: Actor, comment: Comment) -> PlaceInLetter | None:
    """The place of a comment in its letter, if it comes from one this viewer may read."""
    others = select(func.count()).where(LetterPiece.letter_id == Letter.id).correlate(Letter).scalar_subquery()
    row = db.session.execute(
        select(Letter.id, LetterPiece.part, others, Letter.received_at)
        .select_from(LetterPiece)
        .join(LetterPiece.letter)
        .join(Letter.consultation)
        .where(LetterPiece.comment_id == comment.id, letter_visible_to(viewer))
    ).first()
    return PlaceInLetter(*row) if row else None


class LetterLine(Record):
    """A letter in a list."""

    id: int
    slug: str
    consultation: str
    timezone: str
    title: str
    who: str
    received_at: datetime
    comments: int
    is_mine: bool
    is_handed_over: bool
    may_cut: Verdict


def letters_of(*, viewer: Actor, consultation: Consultation, after: str | None = None) -> Listing[LetterLine]:
    """The letters to a consultation that this viewer may read, newest first."""
    return _lines(viewer, Letter.consultation_id == consultation.id, after)


def my_letters(*, viewer: Actor, after: str | None = None) -> Listing[LetterLine]:
    """The letters this viewer sent, newest first."""
    return _lines(viewer, Letter.author_id == viewer.person_id, after)


def _lines(viewer: Actor, which: ColumnElement[bool], after: str | None) -> Listing[LetterLine]:
    pieces = select(func.count()).where(LetterPiece.letter_id == Letter.id).correlate(Letter).scalar_subquery()
    found = select(Letter, pieces).join(Letter.consultation).where(which, letter_visible_to(viewer))
    total = db.session.scalar(found.with_only_columns(func.count(Letter.id)).order_by(None)) or 0
    start = decode(after, 1)
    if start and isinstance(start[0], int):
        found = found.where(Letter.id < start[0])
    options = (
        joinedload(Letter.consultation), joinedload(Letter.round), joinedload(Letter.author),
        joinedload(Letter.organisation),
    )  # fmt: skip
    rows = db.session.execute(found.options(*options).order_by(Letter.id.desc()).limit(PAGE + 1)).all()
    cursor = encode([rows[PAGE - 1][0].id]) if len(rows) > PAGE else None
    return Listing([_line(viewer, row, count) for row, count in rows[:PAGE]], total, next_cursor=cursor)


def _line(viewer: Actor, row: Letter, count: int) -> LetterLine:
    return LetterLine(
        id=row.id, slug=row.consultation.slug, consultation=row.consultation.title, timezone=row.consultation.timezone,
        title=row.title, who=row.organisation.name if row.organisation else row.author_name,
        received_at=row.received_at, comments=count, is_mine=row.author_id == viewer.person_id,
        is_handed_over=row.is_handed_over, may_cut=rules.may_cut_letter(viewer, row),
    )  # fmt: skip


class CutPiece(Record):
    """What becomes one comment: its number in the letter, its fields, and what is still missing."""

    number: int
    first: int
    last: int
    fields: Fields
    missing: Sequence[str]
    html: str  # as it will look


class CutBlock(Record):
    """A paragraph, and the piece that ends with it."""

    words: str
    cut: str
    piece: CutPiece | None
    number: int  # of the comment it belongs to; 0: left out


class Cutting(Record):
    """A letter on the table."""

    letter: Letter
    version: DraftVersion
    positions: Sequence[Position]
    plan: Plan
    blocks: Sequence[CutBlock]
    is_mine: bool

    @property
    def pieces(self) -> Sequence[CutPiece]:
        return [block.piece for block in self.blocks if block.piece]

    @property
    def unready(self) -> Sequence[int]:
        """The numbers of the comments that cannot be posted yet."""
        return [piece.number for piece in self.pieces if piece.missing]


def kept_plan(*, viewer: Actor, letter: Letter) -> Plan:
    """How far its cutting has come, as it was saved; empty when nobody has saved anything."""
    return letters.plan_of(letter.plan) or Plan()


def cutting(*, viewer: Actor, letter: Letter, plan: Plan | None = None) -> Cutting:
    """What cuts a letter as `find_letter` gave it: by `plan`, else as it was saved, else as is proposed.

    Raises Refused with the rule's sentence.
    """
    verdict = rules.may_cut_letter(viewer, letter)
    if not verdict:
        raise Refused(verdict.reason)
    consultation = consultations.find(viewer=viewer, slug=letter.consultation.slug)
    version = documents.version(viewer=viewer, consultation_id=letter.consultation_id)
    names = _known(viewer, version, [name for names in letters.mentions(letter.text) for name in names])
    plan = plan or letters.plan_of(letter.plan) or letters.propose(letter.text, names)
    plan = letters.with_fields(letter.text, plan, names)
    typed = [name for fields in plan.fields.values() for name in letters.clause_names(fields.clauses)]
    blocks = _blocks(letter, plan, _known(viewer, version, typed))
    is_mine = viewer.person_id == letter.author_id
    return Cutting(letter, version, consultation.positions, plan, blocks, is_mine)


def _known(viewer: Actor, version: DraftVersion, names: Sequence[str]) -> Mapping[str, str]:
    """What clauses of the version may be called → as it can be typed: the number as printed, or the key."""
    if not names:
        return {}
    found = documents.named(viewer=viewer, version=version, names=set(names))
    printed = {clause.key: clause.key if "," in clause.label else clause.label or clause.key for clause in found}
    return printed | {clause.label: printed[clause.key] for clause in found if clause.label}


def _blocks(letter: Letter, plan: Plan, known: Mapping[str, str]) -> Sequence[CutBlock]:
    found = letters.blocks(letter.text)
    cuts = letters.settled(plan.cuts, len(found))
    made = letters.pieces(letter.text, found, cuts)
    within = {at: n for n, piece in enumerate(made, 1) for at in range(piece.first, piece.last + 1)}
    ends = {piece.last: _cut_piece(letter, plan, n, piece, known) for n, piece in enumerate(made, 1)}
    return [
        CutBlock(block.words(letter.text), cuts[at], ends.get(at), within.get(at, 0)) for at, block in enumerate(found)
    ]  # fmt: skip


def _cut_piece(letter: Letter, plan: Plan, number: int, piece: Piece, known: Mapping[str, str]) -> CutPiece:
    fields = plan.fields.get(piece.first, Fields())
    body = letters.body_of(letter.text[piece.start : piece.end], letter.kind)
    missing = letters.missing(fields, body, known, LONGEST)
    return CutPiece(number, piece.first, piece.last, fields, missing, text.markdown(body))
