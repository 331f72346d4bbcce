"""One small standard in four formats gives the same clauses."""

from __future__ import annotations

from pathlib import Path

import pytest

from consult.core.errors import Invalid
from consult.documents.importers import read, take
from consult.documents.parsed import ParsedDraft

from .office import docx, p, r

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


@pytest.mark.parametrize("name", sorted(path.name for path in DATA.iterdir() if path.name != "README.md"))
def test_each_file_is_read_the_same_in_a_process_that_reaches_nothing(name: str) -> None:
    data = (DATA / name).read_bytes()
    assert take(data=data, name=name).parsed == read(data.decode("utf-8"))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"<!DOCTYPE html>" + b"<div>" * 500, "nested more than"),
        (b'<!DOCTYPE standard [<!ENTITY x SYSTEM "file:///etc/passwd">]><standard>&x;</standard>', "document type"),
        (b"<standard><body><p>words</body></standard>", "breaks off"),
        (b"<!DOCTYPE html><p " + b"".join(b"a%d " % n for n in range(9_000)), "attributes"),
    ],
)
def test_hostile_files_are_refused_there_with_the_same_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        take(data=data)


@pytest.mark.parametrize(
    "data",
    [
        b"Words[^1] only.\n\n[^1]: A note.\n",
        b'<!doctype html><p>Words<a href="#fn1">1</a> only.</p><section class="footnotes"><ol><li id="fn1">A note.</li>'
        b"</ol></section>",
        docx(
            p(r("Words") + '<w:r><w:footnoteReference w:id="3"/></w:r>' + r(" only.")),
            notes=f'<w:footnote w:id="3">{p("A note.")}</w:footnote>',
        ),
    ],
    ids=["markdown", "html", "docx"],
)
def test_the_heading_we_put_over_footnotes_is_no_heading_of_the_text(data: bytes) -> None:
    draft = take(data=data).parsed
    assert [unit.kind for unit in draft.units] == ["paragraph", "clause", "footnote"]
    assert draft.title.startswith("Words")
    assert "There are no headings" in draft.warnings[0]
