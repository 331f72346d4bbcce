"""Comments in a CSV file of any body: whoever brings it in says which column holds what."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from consult.accounts.models import CATEGORIES
from consult.core.text import normalise

from .table import CommentFile, CommentRow, WrongFile, decoded

LARGEST = 20_000_000  # bytes
CHOOSE = "Save it as CSV in UTF-8."
MOST_ROWS = 20_000
LONGEST = 20_000  # characters of a comment
LONGEST_ID = 200
NEEDED = ("external_id", "body")
FIELDS = (*NEEDED, "author", "organisation", "category", "clause", "posted_at", "language", "source_url")
# What keeps a spreadsheet from running a cell, as our own register has it; see outcomes/tables.py.
_KEPT_FROM_RUNNING = re.compile(r"'(?= *[=+@\t\r\n＝＋－＠-])")
_BETWEEN = re.compile(r"(?:(?<!\s)\s+)?[;,|]\s*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")


def mapping(given: str) -> dict[str, str]:
    """ "external_id=Document ID,body=Text" as a mapping from our names to the file's columns.

    Raises WrongFile with a sentence.
    """
    pairs = [part.partition("=") for part in given.split(",")]
    found = {ours.strip(): theirs.strip() for ours, _, theirs in pairs}
    if len(found) < len(pairs) or not all(found.values()):
        raise WrongFile("Say which column holds what as name=COLUMN, each name once, with commas between.")
    unknown = [name for name in found if name not in FIELDS]
    if unknown:
        raise WrongFile(f"{_listed(unknown)} cannot be filled. What can be: {', '.join(FIELDS)}.")
    lost = [name for name in NEEDED if name not in found]
    if lost:
        raise WrongFile(f"Say which column is the {_listed(lost)}.")
    return found


def read(data: bytes, columns: Mapping[str, str]) -> CommentFile:
    """Read a file by `columns`, from our names to those of the file; raises WrongFile with a sentence."""
    reader = csv.DictReader(io.StringIO(decoded(data, LARGEST, CHOOSE), newline=""), strict=True)
    try:
        _check_columns([name.strip() for name in reader.fieldnames or ()], columns)
        reader.fieldnames = [name.strip() for name in reader.fieldnames or ()]
        rows = tuple(_rows(reader, columns))
    except csv.Error as problem:
        raise WrongFile(f"Line {reader.line_num} is not CSV: {problem}.") from None
    if not rows:
        raise WrongFile("This file has names of columns but no rows.")
    return CommentFile("CSV file", "", rows, "CSV", has_stable_ids=True, source="csv")


def _check_columns(there: list[str], columns: Mapping[str, str]) -> None:
    missing = [theirs for theirs in columns.values() if theirs not in there]
    named = ", ".join(there)[:1_000]
    if missing:
        raise WrongFile(f"This file has no column {_listed(missing)}. It has: {named}.")
    twice = [theirs for theirs in columns.values() if there.count(theirs) > 1]
    if twice:
        raise WrongFile(f"The column {_listed(twice)} stands twice in this file. It has: {named}.")


def _listed(names: list[str]) -> str:
    return ", ".join(f"“{name[:100]}”" for name in names)


def _rows(reader: csv.DictReader[str], columns: Mapping[str, str]) -> Iterator[CommentRow]:
    for number, cells in enumerate(reader, start=1):
        if number > MOST_ROWS:
            raise WrongFile(f"This file has more than {MOST_ROWS:,} rows; that many cannot be read at once.")
        yield _row(number, {ours: _words(cells.get(theirs) or "") for ours, theirs in columns.items()})


def _words(cell: str) -> str:
    return normalise(cell[1:] if _KEPT_FROM_RUNNING.match(cell) else cell)


def _row(line: int, cells: Mapping[str, str]) -> CommentRow:
    external_id = cells["external_id"]
    category, said = _category(cells.get("category", ""))
    posted_at = _moment(cells.get("posted_at", ""))
    return CommentRow(
        line, external_id[:LONGEST_ID], _author(cells), cells["body"], category=category,
        source_note=f"CSV file, {external_id}"[: LONGEST_ID + 20], source_url=_address(cells.get("source_url", "")),
        clauses=tuple(label for label in _BETWEEN.split(cells.get("clause", "")) if label), remarks=said,
        problem=_problem(line, cells, posted_at), posted_at=posted_at, language=_language(cells.get("language", "")),
    )  # fmt: skip


def _problem(line: int, cells: Mapping[str, str], posted_at: datetime | None) -> str:
    external_id, body = cells["external_id"], cells["body"]
    if not external_id or len(external_id) > LONGEST_ID:
        return f"Row {line} has no id of at most {LONGEST_ID} characters."
    if not body:
        return f"{external_id} has no words."
    if len(body) > LONGEST:
        return f"{external_id} has {len(body):,} characters; {LONGEST:,} is the most."
    if cells.get("posted_at") and posted_at is None:
        return f"{external_id} was posted at “{cells['posted_at'][:40]}”, which is no date like 2025-06-10T12:00Z."
    return ""


def _author(cells: Mapping[str, str]) -> str:
    """Whoever wrote it, and for whom; an organisation of ours it does not become, as nobody has verified that."""
    name, organisation = cells.get("author", "")[:200], cells.get("organisation", "")[:200]
    both = f"{name} ({organisation})" if name and organisation else name or organisation
    return both or "Not named in the file"


def _category(given: str) -> tuple[str, tuple[str, ...]]:
    wanted = "_".join(given.lower().replace("-", " ").replace("_", " ").split())
    if not wanted or wanted in CATEGORIES:
        return wanted or "other", ()
    return "other", (f"“{given[:60]}” is none of our categories, so it is other.",)


def _language(given: str) -> str:
    return given if _LANGUAGE.fullmatch(given) else "en"


def _address(given: str) -> str:
    return given if given.startswith(("https://", "http://")) and len(given) <= 2_000 and not given.split()[1:] else ""


def _moment(given: str) -> datetime | None:
    """An ISO moment or day, UTC where it has no zone; None when it is none after the beginning of 1970."""
    try:
        found = datetime.fromisoformat(given)
        found = found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found if 1970 <= found.year < 3000 else None
