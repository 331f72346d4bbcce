"""One small standard in four formats gives the same clauses."""

from __future__ import annotations

from pathlib import Path

import pytest

from consult.documents.importers import read
from consult.documents.parsed import ParsedDraft

DATA = Path(__file__).parent.parent / "data" / "formats"


def file(name: str) -> ParsedDraft:
    return read((DATA / name).read_text("utf-8"))


def clauses(draft: ParsedDraft) -> list[tuple[str | int, ...]]:
    return [(u.key, u.kind, u.label, u.own_label, u.title, u.text, u.depth, u.is_heading) for u in draft.units]


@pytest.mark.parametrize(("name", "format"), [("twin.html", "html"), ("twin-sts.xml", "sts"), ("twin-akn.xml", "akn")])
def test_a_twin_gives_the_clauses_of_the_markdown(name: str, format: str) -> None:
    twin, markdown = file(name), file("twin.md")
    assert (twin.format, markdown.format) == (format, "markdown")
    assert twin.title == markdown.title == "Model cards — Rules"
    assert len(markdown.units) == 24
    assert clauses(twin) == clauses(markdown)


@pytest.mark.parametrize("name", ["twin.md", "twin.html", "twin-sts.xml", "twin-akn.xml"])
def test_links_emphasis_and_footnotes_are_the_same_in_each(name: str) -> None:
    by_key = {u.key: u.html for u in file(name).units}
    assert '<a href="#scope" rel="noopener">the scope</a>' in by_key["contents-p2"]
    assert "<em>size</em> in CO<sub>2</sub>" in by_key["contents-p2"]
    assert '<sup><a href="#footnote-1" rel="noopener">1</a></sup>' in by_key["scope-p1"]
    assert '<a href="https://example.org/card.png" rel="noopener">Picture: A card</a>' in by_key["contents-f1"]
