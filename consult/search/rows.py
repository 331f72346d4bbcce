"""What the index says of each thing: which words, and how they rank. Only what may be shown has a row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Executable, Select, bindparam, literal, select, union_all

from consult.accounts.models import Organisation
from consult.consultations.models import Consultation
from consult.core import text
from consult.core.db import db, read_rows
from consult.debate.models import DISPOSITIONS, Anchor, Comment, ProposedChange, Reply
from consult.documents.models import Clause, Draft, DraftVersion
from consult.learning.models import Guide, GuideQuestion, Term
from consult.outcomes.models import Disposition, StandardVersion
from consult.outcomes.queries.visibility import is_current

from .fulltext import stemmer
from .words import indexed, numbered

# PostgreSQL refuses a text whose vector is beyond a megabyte; nobody's comment is that long, but a file's may be.
LONGEST = {"title": 2_000, "quote": 20_000, "words": 200_000}
Row = dict[str, Any]


def of_standards(where: ColumnElement[bool]) -> Iterator[Row]:
    """Rows of what was adopted, version by version, replaced and withdrawn ones too. `where` may use StandardVersion."""
    found = db.session.execute(
        select(StandardVersion, Consultation.summary, Consultation.scope)
        .join(StandardVersion.consultation)
        .where(where)
        .order_by(StandardVersion.id)
    )
    for row, summary, scope in found:
        title = f"{row.designation} {row.title} version {row.number}"
        made = _row(
            "standard", row.consultation_id, row.language, row.number, row.designation, title,
            f"{row.bodies} {row.editors}", f"{summary} {scope}",
        )  # fmt: skip
        yield made | {"standard_version_id": row.id}


def of_clauses(where: ColumnElement[bool]) -> Iterator[Row]:
    """Rows of clauses of frozen versions. `where` may use Clause, DraftVersion and Draft."""
    found = db.session.execute(
        select(Clause.id, Clause.rank, Clause.label, Clause.title, Clause.text, Clause.is_heading, *_OF)
        .join(Clause.version)
        .join(DraftVersion.draft)
        .join(Draft.consultation)
        .where(DraftVersion.frozen_at.is_not(None), where)
        .order_by(Clause.version_id, Clause.rank)
    )
    for row_id, rank, label, title, words, is_heading, consultation_id, language in found:
        title = f"{label} {title or (words if is_heading else '')}"
        yield _row("clause", consultation_id, language, rank, label, title, "", words) | {"clause_id": row_id}


def of_comments(where: ColumnElement[bool]) -> Iterator[Row]:
    """Rows of shown comments. `where` may use Comment."""
    yield from _comments(db.session.execute(_of_comments(where)).all())


def of_comment(comment_id: int) -> Iterator[Row]:
    """The same of one: every post asks for it."""
    yield from _comments(read_rows(_COMMENT, {"comment": comment_id}).all())


def _of_comments(where: ColumnElement[bool]) -> Executable:
    columns = (Comment.id, Comment.place, Comment.number, Comment.author_name, Comment.html, Organisation.name, *_OF)
    shown = select(*columns).join(Comment.consultation).where(Comment.state == "posted", where).order_by(Comment.id)
    statement: Executable = _with_organisation(shown, Comment.organisation_id)
    return statement


def _comments(found: Sequence[Any]) -> Iterator[Row]:
    quotes = _quotes([row[0] for row in found])
    for row_id, place, number, author, html, organisation, consultation_id, language in found:
        title, quote = f"{number} {author} {organisation or ''}", quotes.get(row_id, "")
        row = _row("comment", consultation_id, language, place, number, title, quote, text.plain(html))
        yield row | {"comment_id": row_id}


def of_replies(where: ColumnElement[bool]) -> Iterator[Row]:
    """Rows of shown replies. `where` may use Reply and Comment."""
    found = db.session.execute(_with_organisation(select(
        Reply.id, Reply.comment_id, Comment.place, Reply.author_name, Reply.html, Organisation.name, *_OF,
    ).join(Reply.comment).join(Comment.consultation), Reply.organisation_id).where(Reply.state == "posted", where).order_by(Reply.id))  # fmt: skip
    for row_id, comment_id, place, author, html, organisation, consultation_id, language in found:
        title = f"{author} {organisation or ''}"
        row = _row("reply", consultation_id, language, place, "", title, "", text.plain(html))
        yield row | {"comment_id": comment_id, "reply_id": row_id}


def of_answers(where: ColumnElement[bool]) -> Iterator[Row]:
    """A row for each shown comment with what was decided on it, or on each of its clauses, published or not.

    Who may read them is asked when one searches.
    """
    yield from _answers(db.session.execute(_of_answers(where)).all())


def of_answer(comment_id: int) -> Iterator[Row]:
    """The same for one comment."""
    yield from _answers(read_rows(_ANSWER, {"comment": comment_id}).all())


def _of_answers(where: ColumnElement[bool]) -> Executable:
    columns = (
        Comment.id,
        Comment.place,
        Comment.number,
        Disposition.code,
        Disposition.html,
        Disposition.change_note,
        *_OF,
    )
    return (
        select(*columns)
        .select_from(Disposition)
        .join(Disposition.comment)
        .join(Comment.consultation)
        .where(Comment.state == "posted", Disposition.code != "unresolved", is_current(), where)
        .order_by(Comment.id, Disposition.id)
    )  # fmt: skip


def _answers(found: Sequence[Any]) -> Iterator[Row]:
    for comment_id, rows in groupby(found, key=lambda row: row[0]):
        answers = list(rows)
        _, place, number, *_, consultation_id, language = answers[0]
        labels = dict.fromkeys(DISPOSITIONS[code] for _, _, _, code, *_ in answers)
        words = " ".join(f"{text.plain(html)} {note}" for _, _, _, _, html, note, *_ in answers)
        title = f"{number} {', '.join(labels)}"
        yield _row("answer", consultation_id, language, place, number, title, "", words) | {"comment_id": comment_id}


def of_learning(where: ColumnElement[bool]) -> Iterator[Row]:
    """Rows of guides, of questions with their answers, and of terms. `where` may use Consultation."""
    parts: Sequence[tuple[str, Any, Any, Any, Any]] = (
        ("term", Term, Term.name + " " + Term.variants, Term.html, Term.id),
        ("question", GuideQuestion, GuideQuestion.question, GuideQuestion.html, GuideQuestion.rank),
        ("guide", Guide, literal("Guide"), Guide.html, Guide.id),
    )
    for kind, model, title, html, place in parts:
        found = db.session.execute(
            select(model.id, title, html, place, *_OF)
            .join(Consultation, Consultation.id == model.consultation_id)
            .where(where, html != "")
            .order_by(model.id)
        )
        for row_id, words, said, at, consultation_id, language in found:
            row = _row(kind, consultation_id, language, at, "", words, "", text.plain(said))
            yield row | {"learning_id": row_id}


_OF = (Consultation.id, Consultation.language)


def _with_organisation(statement: Any, organisation_id: Any) -> Any:
    return statement.join(Organisation, Organisation.id == organisation_id, isouter=True)


def _row(
    kind: str, consultation_id: int, language: str, place: int, number: str, title: str, quote: str, words: str
) -> Row:
    return {
        "kind": kind, "consultation_id": consultation_id, "stemmer": stemmer(language), "place": place,
        "number": numbered(number), "title": indexed(title, LONGEST["title"]), "quote": indexed(quote, LONGEST["quote"]),
        "words": indexed(words, LONGEST["words"]), "standard_version_id": None, "clause_id": None, "comment_id": None, "reply_id": None,
        "learning_id": None,
    }  # fmt: skip


def _quotes(comment_ids: Sequence[int]) -> dict[int, str]:
    """The words of the draft each comment quotes, and those it proposes."""
    found: dict[int, str] = {}
    for comment_id, words, *_order in read_rows(_QUOTES, {"comments": comment_ids}):
        found[comment_id] = f"{found[comment_id]} … {words}" if comment_id in found else words
    return found


def _quote(order: int, model: type[Anchor | ProposedChange], words: Any) -> Select[Any]:
    these = model.comment_id.in_(bindparam("comments", expanding=True))
    return select(model.comment_id, words, literal(order).label("turn"), model.id.label("thing")).where(
        these, words != ""
    )


_QUOTES = union_all(_quote(1, Anchor, Anchor.quote), _quote(2, ProposedChange, ProposedChange.new_text)).order_by(
    "turn", "thing"
)
_COMMENT = _of_comments(Comment.id == bindparam("comment"))
_ANSWER = _of_answers(Comment.id == bindparam("comment"))
