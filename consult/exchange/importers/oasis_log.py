"""OASIS comment resolution logs: a Markdown page with one table of seven columns.

    | Item # | Date | Commenter | Description | Date acknowledged | Resolution | Disposition |

The page says which draft it is about and what its abbreviations of names mean; both are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime

from consult.core.records import Record, replace
from consult.core.text import normalise

from .oasis_words import answer
from .table import CommentFile, CommentRow, WrongFile, decoded

LARGEST = 2_000_000  # bytes; the real logs have 6 and 16 thousand
MOST_ROWS = 5_000
LONGEST_CELL = 20_000
COLUMNS = ("item #", "date", "commenter", "description", "date acknowledged", "resolution", "disposition")

_CELL = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"[\s|:\-]+")
# A link's text may itself hold one pair of brackets: "[[CWE-A] link malformed](…)"; its address may be missing.
_LINK = re.compile(r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(([^()\s]*)\)")
_ABBREVIATION = re.compile(r"^\*\s+([A-Z]{1,5})\s*=\s*(\S.*)$", re.MULTILINE)
_COMMITTEE = re.compile(r"^https://docs\.oasis-open\.org/([\w-]{1,40})/")
_PULL = re.compile(r"https://github\.com/[\w.-]+/[\w.-]+/pull/(\d{1,7})")
_ANNOUNCED = re.compile(r"(.+?) \((announced by [^()]+)\)")
_DRAFT = re.compile(r"\[([^\[\]\n]+)\]\((https://docs\.oasis-open\.org/[^()\s]+)\)")
# "6.3.12", "CSDPR01 3.1.11.2", "3. Schema Elements"; not "CVSS v4.0", "SSVC 2.0.0", "CSAF 2.1 CSD".
_CLAUSE = re.compile(r"(?<![\w.#/])(?<!CSAF )(?<!CVSS )(?<!SSVC )C?(\d{1,3}(?:\.\d{1,3}){1,7})(?![\w])(?!\.\d)")
_CHAPTER = re.compile(r"(?<![\w.])(\d{1,2})\.(?= [A-Z])")
_APPENDIX = re.compile(r"\b(?:Appendix|Annex) ([A-Z])\b")
_RANGE = re.compile(r"(\d[\d.]{0,60})\.(\d{1,3}) ?[-–] ?(\d[\d.]{0,60})\.(\d{1,3})(?![\d.])")


class Cell(Record):
    """A cell of the table: its words without links, and the addresses it links to."""

    text: str
    links: tuple[tuple[str, str], ...]

    @property
    def url(self) -> str:
        return next((url for _, url in self.links if url), "")


def read(data: bytes) -> CommentFile:
    """Read a resolution log; raises WrongFile with a sentence when it is not one."""
    text = normalise(decoded(data, LARGEST, "Choose the log's Markdown file (.md)."))
    lines = text.split("\n")
    head = _find_header(lines)
    names = dict(_ABBREVIATION.findall(text))
    draft = _DRAFT.search(text)
    about = draft[2] if draft else ""
    table = list(_table(lines, head))
    if not table:
        raise WrongFile("The table of this log has a heading but no rows.")
    if len(table) > MOST_ROWS:
        raise WrongFile(f"This log has {len(table):,} rows; up to {MOST_ROWS:,} can be read at once.")
    committee = _COMMITTEE.search(about)
    log = f"OASIS {committee[1].upper()} TC resolution log" if committee else "OASIS resolution log"
    rows = [_row(number, cells, names, log) for number, cells in table]
    return CommentFile(draft[1] if draft else "Comment Resolution Log", about, tuple(_name_duplicates(rows, table)))


def _find_header(lines: list[str]) -> int:
    for number, line in enumerate(lines):
        if line.lstrip().startswith("|"):
            names = tuple(c.strip().lower() for c in _cells(line))
            if names == COLUMNS:
                return number
            raise WrongFile(
                f"The table on line {number + 1} has the columns {', '.join(names)[:300]}; "
                f"an OASIS resolution log has {', '.join(COLUMNS)}."
            )
    raise WrongFile("There is no table in this file, so it is not an OASIS resolution log.")


def _cells(line: str) -> list[str]:
    return _CELL.split(line.strip().removeprefix("|").removesuffix("|"))


def _table(lines: list[str], head: int) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(lines[head + 1 :], start=head + 2):
        if not line.lstrip().startswith("|"):
            return
        if not _RULE.fullmatch(line):
            yield number, _cells(line)


def _cell(source: str) -> Cell:
    source = source.replace("\\|", "|").strip()
    return Cell(_LINK.sub(lambda m: m[1], source).strip(), tuple((m[1], m[2]) for m in _LINK.finditer(source)))


def _row(line: int, cells: list[str], names: dict[str, str], log: str) -> CommentRow:
    if len(cells) != len(COLUMNS):
        return CommentRow(line, "", problem=f"Line {line} has {len(cells)} cells where seven are needed.")
    item, received, commenter, description, acknowledged, resolution, word = map(_cell, cells)
    problem = _problem(line, item, received, acknowledged, description)
    if max(map(len, cells)) > LONGEST_CELL:
        problem = f"Line {line} has a cell of more than {LONGEST_CELL:,} characters."
    if problem:
        return CommentRow(line, item.text[:40], problem=problem)
    clauses = named_clauses(description.text)
    decided = answer(
        description.text, _linked(resolution), resolution.text, _change(resolution), word.text, _day(acknowledged.text)
    )
    author, announced = _who(_full_names(commenter.text, names))
    return CommentRow(
        line, item.text, author, _linked(description), _day(received.text),
        f"{log}, item {item.text}{announced}", item.url or description.url, clauses, decided.answer, decided.remarks,
    )  # fmt: skip


def _problem(line: int, item: Cell, received: Cell, acknowledged: Cell, description: Cell) -> str:
    if not re.fullmatch(r"\d{1,6}", item.text):
        return f"Line {line} has no item number, but {item.text[:40]!r}."
    if not description.text:
        return f"Item {item.text} has no description."
    if _day(received.text) is None:
        return f"Item {item.text} has the date {received.text[:40]!r}; it should read like 2025-06-10."
    if acknowledged.text and _day(acknowledged.text) is None:
        return f"Item {item.text} was acknowledged on {acknowledged.text[:40]!r}; it should read like 2025-06-10."
    return ""


def _day(text: str) -> date | None:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 (a day, no time)
    except ValueError:
        return None


def _full_names(text: str, names: dict[str, str]) -> str:
    return re.sub(r"\b[A-Z]{1,5}\b", lambda m: names.get(m[0], m[0]), text) or "Not named in the log"


def _who(commenter: str) -> tuple[str, str]:
    """ "Thomas Schmidt (announced by Stefan Hagen)" is Thomas Schmidt's comment; the rest belongs to the source."""
    announced = _ANNOUNCED.fullmatch(commenter)
    return (announced[1], f", {announced[2]}") if announced else (commenter, "")


def _linked(cell: Cell) -> str:
    """The cell as Markdown: its words, with each link that has an address."""
    text = cell.text
    for words, url in cell.links:
        if url.startswith("https://"):
            text = text.replace(words, f"[{_quiet(words)}]({url})", 1)
    return text


def _change(resolution: Cell) -> str:
    """What was changed, in the words of its link: "Fix invalid references (pull request 1082)"."""
    for words, url in resolution.links:
        pull = _PULL.fullmatch(url)
        if pull:
            return f"{words} (pull request {pull[1]})"
    return resolution.text


def _quiet(words: str) -> str:
    return words.replace("[", "\\[").replace("]", "\\]")


def named_clauses(text: str) -> tuple[str, ...]:
    """The clause labels a description names, in order: "3.1.1.1 - 3.1.1.5" names five."""
    found = dict.fromkeys(
        m[1] for m in sorted([*_CLAUSE.finditer(text), *_CHAPTER.finditer(text)], key=lambda m: m.start())
    )
    for m in _RANGE.finditer(text):
        if m[1] == m[3] and 0 < int(m[4]) - int(m[2]) <= 20:
            found |= dict.fromkeys(f"{m[1]}.{n}" for n in range(int(m[2]), int(m[4]) + 1))
    labels = [*found, *dict.fromkeys(m[1] for m in _APPENDIX.finditer(text))]
    return tuple(sorted(labels, key=_order))


def _order(label: str) -> tuple[object, ...]:
    return (1, label) if label.isalpha() else (0, *(int(part) for part in label.split(".")))


def _name_duplicates(rows: list[CommentRow], table: list[tuple[int, list[str]]]) -> Iterator[CommentRow]:
    """A duplicate repeats the first other item that was resolved by the same change."""
    by_change: dict[str, str] = {}
    changes = [_cell(cells[5]).url if len(cells) == len(COLUMNS) else "" for _, cells in table]
    for row, change in zip(rows, changes, strict=True):
        if row.answer and row.answer.code != "duplicate" and change:
            by_change.setdefault(change, row.external_id)
    for row, change in zip(rows, changes, strict=True):
        if row.answer is None or row.answer.code != "duplicate":
            yield row
        elif change in by_change:
            yield replace(row, answer=replace(row.answer, duplicate_of=by_change[change]))
        else:
            remark = "The log calls it a duplicate without naming of what, so it is noted."
            yield replace(row, answer=replace(row.answer, code="noted"), remarks=(*row.remarks, remark))
