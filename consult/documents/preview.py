"""What editors look at before a text becomes the draft: its parts, its counts, what needs their eye."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from consult.core.text import excerpt

from .pages import spread
from .parsed import ParsedDraft, Unit

LONGEST_OUTLINE = 600
SHORT_TEXT = 200  # units; a longer one is shown by its headings only
NAMES = {
    "clause": "clause", "annex": "annex", "article": "article", "chapter": "chapter", "section": "section",
    "recital": "recital", "paragraph": "paragraph", "point": "point", "table": "table", "figure": "figure",
    "note": "note", "code": "listing", "quote": "quotation", "term": "term", "footnote": "footnote",
    "title": "title", "subsection": "subsection",
}  # fmt: skip
MANY = {"annex": "annexes"}


@dataclass(frozen=True, slots=True)
class Line:
    """A heading in the outline, and what stands directly below it ("7 paragraphs, 4 points"); in a short text
    also the beginnings of those.
    """

    depth: int
    label: str
    title: str
    holds: str = ""
    is_heading: bool = True


@dataclass(frozen=True, slots=True)
class Preview:
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
        return json.dumps(asdict(self))


def from_json(text: str) -> Preview:
    """What `to_json` wrote."""
    values = json.loads(text)
    values["outline"] = [Line(**line) for line in values["outline"]]
    return Preview(**values)


def counted(counts: dict[str, int]) -> str:
    """'113 articles, 13 annexes, 1,204 paragraphs'."""
    return ", ".join(_named(kind, count) for kind, count in counts.items())


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
        holds = counted(dict(Counter(unit.kind for unit in rows).most_common()))
        head = units[place] if place >= 0 else None
        lines.append(
            Line(head.depth, head.own_label or head.label, head.title, holds)
            if head
            else Line(0, "", "Before the first heading", holds)
        )
        if len(units) <= SHORT_TEXT:
            lines += [Line(u.depth, u.own_label, excerpt(u.text, 90), is_heading=False) for u in rows]
    return lines
