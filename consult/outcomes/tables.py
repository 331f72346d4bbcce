"""The register as files: CSV for spreadsheets, JSON for programs. Knows neither database nor web."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from consult.consultations.naming import WITHHELD
from consult.debate.models import Comment

from .queries import Entry, Made

COLUMNS = (
    "number", "link", "links", "clause", "posted_at", "author", "organisation", "signed_by", "signed_at", "not_signed_for", "category", "source", "clauses", "positions", "at_the_cost_of",
    "stance", "type", "must_be_satisfied", "names", "state", "comment", "proposed_words", "disposition", "observation", "change",
    "change_note", "duplicate_of", "theme", "decided_at", "is_proposed",
    "implementation", "implemented_in", "implemented_at_clause", "implementation_noted_at",
    "acknowledgement", "acknowledgement_reason", "acknowledged_at", "address",
)  # fmt: skip
# A spreadsheet runs a cell that begins like this as a formula; the last four are their full-width forms.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"  # without it, spreadsheets read UTF-8 as something else


def rows(entries: Iterable[Entry], address: Callable[[str], str]) -> Iterator[dict[str, Any]]:
    """One mapping for each clause of a comment, with the names of COLUMNS; `address` makes a comment's address from its number."""
    for entry in entries:
        yield _comment(entry.comment, address) | _link(entry) | _answer(entry) | _word(entry)


def csv_parts(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The rows as CSV, a line at a time; lists are joined by "; "."""
    yield BYTE_ORDER_MARK + _line(COLUMNS)
    for row in rows:
        yield _line([_cell(row[name]) for name in COLUMNS])


def json_parts(about: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """One JSON object: what it is `about`, and "rows", a list."""
    yield json.dumps(dict(about), ensure_ascii=False)[:-1] + ', "rows": ['
    for index, row in enumerate(rows):
        yield ("," if index else "") + "\n" + json.dumps(dict(row), ensure_ascii=False)
    yield "\n]}\n"


def _comment(comment: Comment, address: Callable[[str], str]) -> dict[str, Any]:
    is_shown = comment.state == "posted"
    return {
        "number": comment.number,
        "posted_at": comment.posted_at.isoformat(timespec="seconds"),
        "author": comment.author_name,
        "organisation": comment.organisation.name if comment.organisation else "",
        "signed_by": (comment.signed_by.name if comment.signer_named == "name" else WITHHELD)
        if comment.signed_by
        else "",
        "signed_at": comment.signed_at.isoformat(timespec="seconds") if comment.signed_at else "",
        "not_signed_for": comment.unsigned_for.name if comment.unsigned_for and comment.named != "nobody" else "",
        "category": comment.category,
        "source": comment.source,
        "clauses": [clause.name for clause in comment.clauses],
        "positions": [p.position.key for p in comment.positions if not p.is_cost],
        "at_the_cost_of": [p.position.key for p in comment.positions if p.is_cost],
        "stance": comment.stance,
        "type": comment.type,
        "must_be_satisfied": comment.must_be_satisfied,
        "names": comment.cosignature_count if is_shown else 0,
        "state": comment.state,
        "comment": comment.body if is_shown else "",
        "proposed_words": [change.new_text for change in comment.changes] if is_shown else [],
        "address": address(comment.number),
    }


def _link(entry: Entry) -> dict[str, Any]:
    names = [clause.name for clause in entry.comment.clauses]
    name = entry.clause.name if entry.clause else next(iter(names), "")
    return {"link": entry.nth, "links": entry.of, "clause": name}


def _answer(entry: Entry) -> dict[str, Any]:
    answer = entry.answer
    if answer is None:
        code = "withdrawn" if entry.comment.state == "withdrawn" else "unresolved"
        empty: dict[str, Any] = dict.fromkeys(
            ("observation", "change", "change_note", "duplicate_of", "theme", "decided_at"), ""
        )
        return {"disposition": code, **empty, "change": "none", "is_proposed": False, **_made(None)}
    return {
        "disposition": answer.code,
        "observation": answer.observation,
        "change": answer.change_class,
        "change_note": answer.change_note,
        "duplicate_of": answer.duplicate_of,
        "theme": answer.theme[1] if answer.theme else "",
        "decided_at": answer.decided_at.isoformat(timespec="seconds"),
        "is_proposed": answer.is_proposed,
        **_made(answer.made),
    }


def _made(made: Made | None) -> dict[str, Any]:
    return {
        "implementation": made.state if made else "",
        "implemented_in": made.version or "" if made else "",
        "implemented_at_clause": made.where if made else "",
        "implementation_noted_at": made.noted_at.isoformat(timespec="seconds") if made and made.noted_at else "",
    }


def _word(entry: Entry) -> dict[str, Any]:
    word = entry.word
    at = word.said_at.isoformat(timespec="seconds") if word and word.said_at else ""
    return {
        "acknowledgement": word.state if word else "",
        "acknowledgement_reason": word.reason if word else "",
        "acknowledged_at": at,
    }


def _line(cells: Iterable[object]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


def _cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula: a leading apostrophe makes it text."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    words = "; ".join(value) if isinstance(value, list) else str(value)
    return "'" + words if words.lstrip(" ").startswith(FORMULA) else words
