"""What editors look at before a text becomes the draft: its parts, its counts, what needs their eye."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

import msgspec

from consult.core.records import Record
from consult.core.text import excerpt

from .pages import spread
from .parsed import ParsedDraft, Unit

LONGEST_OUTLINE = 600
SHORT_TEXT = 200  # units; a longer one is shown by its headings only
# In the order in which counts are told: what the text is made of before what that holds.
NAMES = {
    "article": "article", "recital": "recital", "annex": "annex", "title": "title", "chapter": "chapter",
    "section": "section", "subsection": "subsection", "clause": "clause", "paragraph": "paragraph", "point": "point",
    "term": "term", "table": "table", "figure": "figure", "note": "note", "quote": "quotation", "code": "listing",
    "footnote": "footnote",
}  # fmt: skip
ORDER = list(NAMES)
MANY = {"annex": "annexes"}


class Line(Record):
    """A heading in the outline, and what stands directly below it ("7 paragraphs, 4 points"); in a short text
    also the beginnings of those.
    """

    depth: int
    label: str
    title: str
    holds: str = ""
    is_heading: bool = True


class Preview(Record):
    """A parsed text at a glance. `counts` is a sentence part: "113 articles, 180 recitals, 13 annexes …"."""

    title: str
    format: str
    counts: str
    units: int
    pages: int
    warnings: Sequence[str]
    outline: Sequence[Line]
    more: int  # headings the outline leaves out

    def to_json(self) -> str:
        return str(msgspec.json.encode(self), "utf-8")


def from_json(text: str) -> Preview:
    """What `to_json` wrote."""
    values = json.loads(text)
    values["outline"] = [Line(**line) for line in values["outline"]]
    return Preview(**values)


def counted(counts: dict[str, int]) -> str:
    """'113 articles, 13 annexes, 1,204 paragraphs'."""
    ordered = sorted(counts.items(), key=lambda pair: ORDER.index(pair[0]) if pair[0] in NAMES else len(ORDER))
    return ", ".join(_named(kind, count) for kind, count in ordered)


def _named(kind: str, count: int) -> str:
    one = NAMES.get(kind, kind)
    return f"{count:,} {one if count == 1 else MANY.get(kind, one + 's')}"


def of(parsed: ParsedDraft) -> Preview:
    """The preview of a parsed text."""
    outline = _outline(parsed.units)
    return Preview(
        title=parsed.title, format=parsed.format, counts=counted(parsed.counts), units=len(parsed.units),
        pages=len(spread(parsed.units)), warnings=list(parsed.warnings), outline=outline[:LONGEST_OUTLINE],
        more=max(0, len(outline) - LONGEST_OUTLINE),
    )  # fmt: skip


def _outline(units: Sequence[Unit]) -> list[Line]:
    below: dict[int, list[Unit]] = {}
    current = -1
    for place, unit in enumerate(units):
        if unit.is_heading:
            current = place
        rows = below.setdefault(current, [])
        if not unit.is_heading:
            rows.append(unit)
    lines = []
    for place, rows in below.items():
        holds = counted(Counter(unit.kind for unit in rows))
        head = units[place] if place >= 0 else None
        lines.append(
            Line(head.depth, head.own_label or head.label, head.title, holds)
            if head
            else Line(0, "", "Before the first heading", holds)
        )
        if len(units) <= SHORT_TEXT:
            lines += [Line(u.depth, u.own_label, excerpt(u.text, 90), is_heading=False) for u in rows]
    return lines
