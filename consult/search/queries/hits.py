"""What is shown of each thing that was found: read from the thing itself, after the best were chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from consult.accounts.models import CATEGORIES
from consult.consultations.models import Consultation
from consult.core import text
from consult.core.db import db
from consult.core.records import Record
from consult.core.rules import Actor
from consult.debate.models import Anchor, Comment, CommentPosition, Reply
from consult.documents.models import Clause, Draft, DraftVersion
from consult.learning.models import Guide, GuideQuestion
from consult.learning.models import Term as Explained
from consult.outcomes.models import Disposition, StandardVersion
from consult.outcomes.queries.visibility import is_current

from ..excerpts import Part, excerpt, marked
from ..words import Term

CALLED = {
    "standard": "Standard", "clause": "Draft text", "comment": "Comment", "reply": "Reply", "answer": "Answer", "term": "Word explained",
    "question": "Question and answer", "guide": "Guide",
}  # fmt: skip


class Found(Record):
    """Which thing, as the index knows it."""

    kind: str
    clause_id: int | None
    comment_id: int | None
    reply_id: int | None
    learning_id: int | None = None
    standard_version_id: int | None = None

    @property
    def key(self) -> int:
        return self.standard_version_id or self.learning_id or self.clause_id or self.reply_id or self.comment_id or 0


class Hit(Record):
    """One result. `number`, `version`, `page` and `clause` say where it is; what does not apply is empty."""

    kind: str
    called: str
    slug: str
    consultation: str
    language: str
    title: Sequence[Part]
    words: Sequence[Part]
    positions: Sequence[Any] = ()
    by: str = ""
    at: datetime | None = None
    number: str = ""
    version: int = 0
    page: str = ""
    anchor: str = ""  # on that page
    reply_id: int = 0
    standard: str = ""  # its address in the library; of a clause, of the standard that it is a part of
    edition: int = 0  # version of that standard
    standing: str = ""  # of that version: "" while it holds


def hits(*, viewer: Actor, found: Sequence[Found], terms: Sequence[Term]) -> list[Hit]:
    """Results for rows that `search` found for this viewer, in their order; a few statements for each kind that is there."""
    made: dict[tuple[str, int], Hit] = {}
    readers: Mapping[str, Callable[..., Mapping[int, Hit]]] = {
        "standard": _standards, "clause": _clauses, "comment": _comments, "reply": _replies, "answer": _answers,
        "term": _terms, "question": _questions, "guide": _guides,
    }  # fmt: skip
    for kind, read in readers.items():
        if keys := [row.key for row in found if row.kind == kind]:
            made |= {(kind, key): hit for key, hit in read(keys, terms).items()}
    return [made[row.kind, row.key] for row in found if (row.kind, row.key) in made]


def _of(kind: str, consultation: Any) -> dict[str, Any]:
    return {
        "kind": kind, "called": CALLED[kind], "slug": consultation.slug, "consultation": consultation.title,
        "language": consultation.language,
    }  # fmt: skip


def _standards(ids: Sequence[int], terms: Sequence[Term]) -> dict[int, Hit]:
    rows = _adopted(StandardVersion.id.in_(ids))
    return {
        row.id: Hit(
            **_of("standard", row.consultation) | _place(row), at=row.adopted_at,
            title=marked(f"{row.designation + ': ' if row.designation else ''}{row.title}", terms),
            words=_best([text.plain(text.markdown(said)) for said in (row.consultation.summary, row.consultation.scope)], terms),
            by=f"version {row.number}, adopted by {', '.join([*row.bodies.splitlines(), *row.editors.splitlines()])}",
        )
        for row in rows
    }  # fmt: skip


def _adopted(where: ColumnElement[bool]) -> Sequence[StandardVersion]:
    parts = (joinedload(StandardVersion.standard), joinedload(StandardVersion.consultation))
    return db.session.scalars(select(StandardVersion).options(*parts).where(where)).all()


def _place(row: StandardVersion | None) -> dict[str, Any]:
    """Where a standard is in the library, and whether it holds."""
    if row is None:
        return {}
    standard = row.standard
    replaced = f"Replaced by version {standard.latest}" if row.number != standard.latest else ""
    return {
        "standard": standard.slug, "edition": row.number, "standing": "Withdrawn" if standard.withdrawn_at else replaced
    }  # fmt: skip


def _clauses(ids: Sequence[int], terms: Sequence[Term]) -> dict[int, Hit]:
    rows = db.session.scalars(
        select(Clause)
        .join(Clause.version)
        .join(DraftVersion.draft)
        .join(Draft.consultation)
        .options(
            joinedload(Clause.page),
            contains_eager(Clause.version).contains_eager(DraftVersion.draft).contains_eager(Draft.consultation),
        )
        .where(Clause.id.in_(ids))
    ).all()
    texts = {row.version_id for row in rows}
    adopted = {row.draft_version_id: row for row in _adopted(StandardVersion.draft_version_id.in_(texts))}
    return {row.id: _clause(row, adopted.get(row.version_id), terms) for row in rows}


def _clause(row: Clause, adopted: StandardVersion | None, terms: Sequence[Term]) -> Hit:
    """A clause where one reads it: in the reading room, or in the library once it is adopted."""
    called = {"called": f"Text of the standard {adopted.designation or adopted.title}"} if adopted else {}
    return Hit(
        **_of("clause", row.version.draft.consultation) | called | _place(adopted), title=marked(_name(row), terms),
        words=excerpt("" if row.text == row.title else row.text, terms),
        by=row.page.title if not row.is_heading else "", version=row.version.number, page=row.page.key,
        anchor=row.key if adopted else f"c-{row.key}",
    )  # fmt: skip


def _name(row: Clause) -> str:
    title = row.title or (row.text if row.is_heading else "")
    return f"{row.label} {text.excerpt(title, 120)}".strip() or "Text"


def _comments(ids: Sequence[int], terms: Sequence[Term]) -> dict[int, Hit]:
    rows = db.session.scalars(
        select(Comment)
        .options(
            joinedload(Comment.consultation), joinedload(Comment.organisation), selectinload(Comment.changes),
            selectinload(Comment.positions).joinedload(CommentPosition.position),
            selectinload(Comment.anchors).joinedload(Anchor.clause).load_only(Clause.label, Clause.title),
        )
        .where(Comment.id.in_(ids))
    )  # fmt: skip
    return {
        row.id: Hit(
            **_of("comment", row.consultation), title=marked(f"{row.number} {_who(row)}", terms),
            words=_best([text.plain(row.html), *(f"“{a.quote}”" for a in row.anchors if a.quote), *(c.new_text for c in row.changes)], terms),
            positions=[p.position for p in row.positions if not p.is_cost], number=row.number, at=row.posted_at,
            by=_about(row),
        )
        for row in rows
    }  # fmt: skip


def _who(row: Comment | Reply) -> str:
    return row.organisation.name if row.organisation else row.author_name


def _about(row: Comment) -> str:
    names = [clause.label or clause.title for clause in row.clauses]
    return f"{CATEGORIES[row.category].lower()}, on {', '.join(n for n in names[:3] if n) or 'the draft'}"


def _best(texts: Sequence[str], terms: Sequence[Term]) -> list[Part]:
    """The excerpt of the first text in which something is found; of the first one if in none."""
    made = [excerpt(words, terms) for words in texts]
    return next((parts for parts in made if any(part.is_mark for part in parts)), made[0])


def _replies(ids: Sequence[int], terms: Sequence[Term]) -> dict[int, Hit]:
    rows = db.session.scalars(
        select(Reply)
        .options(joinedload(Reply.comment).joinedload(Comment.consultation), joinedload(Reply.organisation))
        .where(Reply.id.in_(ids))
    )
    return {
        row.id: Hit(
            **_of("reply", row.comment.consultation), title=marked(_who(row), terms), by=f"under {row.comment.number}",
            words=excerpt(text.plain(row.html), terms), number=row.comment.number, reply_id=row.id, at=row.posted_at,
        )
        for row in rows
    }  # fmt: skip


def _answers(ids: Sequence[int], terms: Sequence[Term]) -> dict[int, Hit]:
    rows = db.session.scalars(
        select(Disposition)
        .options(
            joinedload(Disposition.comment).options(
                joinedload(Comment.consultation), selectinload(Comment.anchors).joinedload(Anchor.clause)
            )
        )
        .where(Disposition.comment_id.in_(ids), Disposition.code != "unresolved", is_current())
        .order_by(Disposition.id)
    )
    by_comment: dict[int, list[Disposition]] = {}
    for row in rows:
        by_comment.setdefault(row.comment_id, []).append(row)
    return {comment_id: _answer(found, terms) for comment_id, found in by_comment.items()}


def _answer(found: Sequence[Disposition], terms: Sequence[Term]) -> Hit:
    """What a comment was told, with the words that fit best of those for its clauses."""
    comment, newest = found[0].comment, found[-1]
    return Hit(
        **_of("answer", comment.consultation), title=marked(f"{comment.number} {comment.became}", terms),
        words=_best([words for row in found for words in (text.plain(row.html), row.change_note)], terms),
        number=comment.number, at=newest.decided_at, anchor=f"answer-{newest.id}",
    )  # fmt: skip


def _terms(ids: Sequence[int], terms: Sequence[Term]) -> dict[int, Hit]:
    return _of_learning("term", Explained, ids, terms, lambda row: row.name, lambda row: f"term-{row.key}")


def _questions(ids: Sequence[int], terms: Sequence[Term]) -> dict[int, Hit]:
    return _of_learning("question", GuideQuestion, ids, terms, lambda row: row.question, lambda row: f"q-{row.id}")


def _guides(ids: Sequence[int], terms: Sequence[Term]) -> dict[int, Hit]:
    return _of_learning("guide", Guide, ids, terms, lambda row: "Guide", lambda row: "about")


def _of_learning(
    kind: str, model: Any, ids: Sequence[int], terms: Sequence[Term], name: Callable[[Any], str],
    anchor: Callable[[Any], str],
) -> dict[int, Hit]:  # fmt: skip
    rows = db.session.execute(
        select(model, Consultation)
        .join(Consultation, Consultation.id == model.consultation_id)
        .where(model.id.in_(ids))
    )
    return {
        row.id: Hit(
            **_of(kind, consultation), title=marked(name(row), terms), words=excerpt(text.plain(row.html), terms),
            anchor=anchor(row),
        )
        for row, consultation in rows
    }  # fmt: skip
