"""What a new comment is about: clauses, and words of them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation, Position
from consult.core.db import db
from consult.core.errors import Invalid
from consult.core.records import Record
from consult.core.rules import Actor, Verdict
from consult.debate import rules, wording
from consult.debate.passages import MOST, Span, is_there, parse, settle
from consult.documents import queries as documents
from consult.documents.models import Clause, DraftVersion
from consult.documents.sentences import sentences

MOST_FURTHER = 20  # clauses that one comment can name beside its own


class Quote(Record):
    """Words of a clause that the comment is about."""

    clause: Clause
    span: Span

    @property
    def words(self) -> str:
        return self.clause.text[self.span.start : self.span.end]


class Writing(Record):
    """What the form for a new comment is about: clauses that were named, and words, of these and perhaps of others."""

    consultation: Consultation
    version: DraftVersion
    named: Sequence[Clause]
    clauses: Sequence[Clause]  # the named ones and those of the quotes
    quotes: Sequence[Quote]
    is_lost: bool  # words were marked that are not there
    positions: Sequence[Position]
    may: Verdict

    @property
    def slug(self) -> str:
        return self.consultation.slug

    @property
    def name(self) -> str:
        """The clauses as one names them."""
        return ", ".join(clause.name for clause in self.clauses) or "the whole draft"

    @property
    def spans(self) -> Sequence[Span]:
        return [quote.span for quote in self.quotes]

    @property
    def old_text(self) -> str:
        """The words a change would be proposed for; empty when it is about several clauses or none."""
        return self.named[0].text if len(self.named) == 1 else ""

    @property
    def place(self) -> str:
        """The name of the place in the version, for what is begun there: the same whatever is quoted."""
        return " ".join(clause.key for clause in self.named)

    @property
    def kept_as(self) -> str:
        """The name under which the browser keeps what is typed here: the same whatever is quoted."""
        return f"{self.slug} v{self.version.number} {self.place}".strip()


def writing(
    *, viewer: Actor, slug: str, version: int | None = None, keys: Sequence[str] = (), passages: Sequence[str] = ()
) -> Writing:
    """The place of a new comment: clauses of a version by their keys, and passages of clauses; none: the whole draft.

    Passages that are not there are left out, and `is_lost` says so. They name their clauses if nothing else does.
    """
    consultation = consultations.find(viewer=viewer, slug=slug)
    row = documents.version(viewer=viewer, consultation_id=consultation.id, number=version)
    clauses = documents.clauses(viewer=viewer, version=row, keys=keys) if keys else ()
    return writing_about(viewer=viewer, consultation=consultation, version=row, named=clauses, passages=passages)


def writing_about(
    *, viewer: Actor, consultation: Consultation, version: DraftVersion, named: Sequence[Clause], passages: Sequence[str] = ()
) -> Writing:  # fmt: skip
    """The same for rows that are loaded already; the consultation with its positions."""
    spans = [parse(name) for name in passages[:MOST]]
    known = {clause.key: clause for clause in (*named, *_others(version, named, spans))}
    texts = {clause.key: clause.text for clause in sorted(known.values(), key=lambda clause: clause.rank)}
    quotes = [Quote(known[span.key], span) for span in settle(spans, texts)]
    quoted = list({quote.clause.id: quote.clause for quote in quotes}.values())
    return Writing(
        consultation=consultation, version=version, named=named or quoted,
        clauses=sorted({*named, *quoted}, key=lambda clause: clause.rank), quotes=quotes,
        is_lost=len(passages) > MOST or not all(is_there(span, texts) for span in spans),
        positions=consultation.positions, may=rules.may_post_comment(viewer, consultation) and rules.is_up(version),
    )  # fmt: skip


def _others(version: DraftVersion, named: Sequence[Clause], spans: Sequence[Span | None]) -> Sequence[Clause]:
    """The clauses of passages that are not among the named ones; an unknown key gives nothing."""
    keys = {span.key for span in spans if span is not None} - {clause.key for clause in named}
    if not keys:
        return ()
    return db.session.scalars(select(Clause).where(Clause.version_id == version.id, Clause.key.in_(keys))).all()


def as_shown(*, viewer: Actor, target: Writing, body: str) -> str:
    """The HTML a comment with these words would have. Raises Invalid when it quotes words that are not there."""
    return wording.as_shown(target.consultation.id, body)


def further_clauses(*, viewer: Actor, version: DraftVersion, names: Sequence[str]) -> Sequence[Clause]:
    """Other clauses a comment is about, by their numbers as printed. Raises Invalid with the first that is not there."""
    if not names:
        return ()
    if len(names) > MOST_FURTHER:
        raise Invalid(f"{MOST_FURTHER} further clauses are the most. Or comment on the draft as a whole.", "also")
    found = documents.named(viewer=viewer, version=version, names=names)
    known = {clause.key for clause in found} | {clause.label for clause in found}
    for name in names:
        if name not in known:
            raise Invalid(f"This draft has no clause “{name}”. Write its number as printed, such as 5.2.", "also")
    return found


class Sentence(Record):
    """A sentence one can quote; one that is quoted already cannot be chosen again."""

    span: Span
    words: str
    is_quoted: bool


class Choice(Record):
    """A clause cut into its sentences."""

    clause: Clause
    sentences: Sequence[Sentence]


def choices(*, viewer: Actor, target: Writing, name: str = "") -> Sequence[Choice]:
    """What can be quoted: the clauses of a comment and the points right below them, and of the clause called `name`."""
    asked = documents.named(viewer=viewer, version=target.version, names=[name]) if name else ()
    ids = [clause.id for clause in (*target.clauses, *asked)]
    points = Clause.parent_id.in_([clause.id for clause in (*target.clauses, *asked) if not clause.is_heading])
    rows = db.session.scalars(
        select(Clause)
        .where(Clause.version_id == target.version.id, or_(Clause.id.in_(ids), points))
        .order_by(Clause.rank)
    ).all()  # fmt: skip
    return [Choice(clause, _sentences(clause, target.spans)) for clause in rows]


def _sentences(clause: Clause, quoted: Sequence[Span]) -> Sequence[Sentence]:
    mine = [span for span in quoted if span.key == clause.key]
    return [
        Sentence(
            Span(clause.key, start, end), clause.text[start:end], any(s.start <= start and end <= s.end for s in mine)
        )
        for start, end in sentences(clause.text)
    ]
