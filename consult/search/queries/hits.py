"""What is shown of each thing that was found: read from the thing itself, after the best were chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from consult.accounts.models import CATEGORIES
from consult.core import text
from consult.core.db import db
from consult.core.rules import Actor
from consult.debate.models import DISPOSITIONS, Anchor, Comment, CommentPosition, Reply
from consult.documents.models import Clause, Draft, DraftVersion
from consult.outcomes.models import Disposition
from consult.outcomes.queries.visibility import is_current

from ..excerpts import Part, excerpt, marked
from ..words import Term

CALLED = {"clause": "Draft text", "comment": "Comment", "reply": "Reply", "answer": "Answer"}


@dataclass(frozen=True, slots=True)
class Found:
    """Which thing, as the index knows it."""

    kind: str
    clause_id: int | None
    comment_id: int | None
    reply_id: int | None

    @property
    def key(self) -> int:
        return self.clause_id or self.reply_id or self.comment_id or 0


@dataclass(frozen=True, slots=True)
class Hit:
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


def hits(*, viewer: Actor, found: Sequence[Found], terms: Sequence[Term]) -> list[Hit]:
    """Results for rows that `search` found for this viewer, in their order; the same statements for any number."""
    made: dict[tuple[str, int], Hit] = {}
    readers: Mapping[str, Callable[..., Mapping[int, Hit]]] = {
        "clause": _clauses, "comment": _comments, "reply": _replies, "answer": _answers,
    }  # fmt: skip
    for kind, read in readers.items():
        keys = [row.key for row in found if row.kind == kind]
        made |= {(kind, key): hit for key, hit in read(keys, terms).items()}
    return [made[row.kind, row.key] for row in found if (row.kind, row.key) in made]


def _of(kind: str, consultation: Any) -> dict[str, Any]:
    return {
        "kind": kind, "called": CALLED[kind], "slug": consultation.slug, "consultation": consultation.title,
        "language": consultation.language,
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
    )
    return {
        row.id: Hit(
            **_of("clause", row.version.draft.consultation), title=marked(_name(row), terms),
            words=excerpt("" if row.text == row.title else row.text, terms),
            by=row.page.title if not row.is_heading else "", version=row.version.number, page=row.page.key, anchor=f"c-{row.key}",
        )
        for row in rows
    }  # fmt: skip


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
        .options(joinedload(Disposition.comment).joinedload(Comment.consultation))
        .where(Disposition.comment_id.in_(ids), is_current())
    )
    return {
        row.comment_id: Hit(
            **_of("answer", row.comment.consultation), title=marked(f"{row.comment.number} {DISPOSITIONS[row.code]}", terms),
            words=_best([text.plain(row.html), row.change_note], terms), number=row.comment.number, at=row.decided_at,
            anchor=f"answer-{row.id}",
        )
        for row in rows
    }  # fmt: skip
