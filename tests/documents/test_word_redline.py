"""A Word file with tracked changes is both versions, word for word."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from consult.core.records import replace
from consult.documents.alignment import Alignment, Row, align
from consult.documents.exporters.word import Edition, Redline, write
from consult.documents.importers import read, take
from consult.documents.lineage import block_of
from consult.documents.parsed import Unit
from tests.lengths import examples

from . import real_drafts as real
from .word_reader import Block, W, blocks, part

MOMENT = datetime(2026, 2, 25, 9, tzinfo=UTC)


def made(old: Sequence[Unit], new: Sequence[Unit], found: Alignment | None = None, remarks: object = None) -> bytes:
    found = found or align([block_of(u) for u in old], [block_of(u) for u in new], use_ids=True)
    said = remarks or (lambda row, is_technical: [f"{row.fate} {is_technical}"] if row.fate != "unchanged" else [])
    return write(
        Redline(
            "A <draft> & more", "https://example.org/c/x", MOMENT, "en", Edition("draft 1", "a" * 64, old),
            Edition("draft 2", "b" * 64, new), found, said,  # type: ignore[arg-type]
        )
    )  # fmt: skip


def check(data: bytes, old: Sequence[Unit], new: Sequence[Unit]) -> None:
    for is_accepted, units in ((True, new), (False, old)):
        found = blocks(data, is_accepted=is_accepted)
        assert len(found) == len(units)
        for block, unit in zip(found, units, strict=True):
            assert said(block, unit) == unit.text, (is_accepted, unit.key)


def said(block: Block, unit: Unit) -> str:
    """A table as its clause has it: the words of its cells one after the other."""
    if block.rows is None:
        return block.text
    words = " ".join(cell for row in block.rows for cell in row).split()
    return unit.text if words == unit.text.split() else " ".join(words)


def units_of(name: str) -> list[Unit]:
    return list(read((real.DATA / name).read_text("utf-8")).units)


OPENCHAIN = [f"draft-openchain-18974/{stage}.en.md" for stage in real.OPENCHAIN]
AIPREF = [f"draft-ietf-aipref/draft-ietf-aipref-vocab-0{n}.md" for n in range(8)]


@pytest.mark.parametrize(("one", "other"), [*pairwise(OPENCHAIN), *pairwise(AIPREF)])
def test_real_drafts_both_ways(one: str, other: str) -> None:
    old, new = units_of(one), units_of(other)
    check(made(old, new), old, new)
    check(made(new, old), new, old)


def test_a_draft_that_was_written_anew() -> None:
    """NIST SP 800-63A, two sections of revisions 3 and 4: most of it is removed, added or moved."""
    folders = [real.DATA / "draft-nist-sp800-63a" / name for name in ("rev3", "rev4-ipd")]
    read_all = [
        [unit for file in sorted(folder.glob("sec[45]*.md")) for unit in read(file.read_text("utf-8")).units]
        for folder in folders
    ]
    old, new = ([replace(u, key=f"k{n}", parent=None) for n, u in enumerate(units)] for units in read_all)
    data = made(old, new)
    check(data, old, new)
    assert blocks(data, is_accepted=True) != blocks(data, is_accepted=False)


def markdown(*paragraphs: str) -> list[Unit]:
    return list(read("\n\n".join(paragraphs)).units)


def xml(data: bytes) -> str:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return archive.read("word/document.xml").decode()


WORDS = ["Providers", "shall", "should", "keep", "a", "record", "of 30 days", "<&>", "não", "👩‍🔬", "models.", "\u202e"]
PARAGRAPH = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join)
SHAPES = st.tuples(st.sampled_from(["paragraph", "heading", "code", "table"]), PARAGRAPH)


def unit(number: int, shape: str, text: str) -> Unit:
    if shape == "table":
        cells = text.split()
        html = "<table><tr>" + "".join(f"<td>{c.replace('&', '&amp;').replace('<', '&lt;')}</td>" for c in cells)
        return Unit(f"u{number}", "table", f"{html}</tr></table>", text)
    is_heading = shape == "heading"
    kind = {"heading": "clause", "code": "code"}.get(shape, "paragraph")
    return Unit(f"u{number}", kind, "", text.replace(" a ", "\n\ta  ") if shape == "code" else text,
                label=str(number) if is_heading else "", own_label="", is_heading=is_heading, depth=0 if is_heading else 1)  # fmt: skip


@st.composite
def two_versions(draw: st.DrawFn) -> tuple[list[Unit], list[Unit], Alignment]:
    """Any two lists of units, and any fates for them: also ones that no alignment would find."""
    old, new = ([unit(n, *shape) for n, shape in enumerate(draw(st.lists(SHAPES, max_size=8)))] for _ in range(2))
    olds, news = draw(st.permutations(range(len(old)))), draw(st.permutations(range(len(new))))
    rows = []
    while olds or news:
        fate = draw(st.sampled_from(["pair", "split", "merged", "deleted", "added"]))
        take_old, take_new = {"pair": (1, 1), "split": (1, 2), "merged": (2, 1), "deleted": (1, 0), "added": (0, 1)}[
            fate
        ]
        if len(olds) < take_old or len(news) < take_new:
            take_old, take_new, fate = (1, 0, "deleted") if olds else (0, 1, "added")
        o, n = sorted(olds[:take_old]), sorted(news[:take_new])
        olds, news = olds[take_old:], news[take_new:]
        rows.append(Row(tuple(o), tuple(n), "edited" if fate == "pair" else fate))
    return old, new, Alignment.of(rows)


@settings(max_examples=examples(400), deadline=None)
@given(two_versions())
def test_any_two_versions_however_they_are_aligned(given_: tuple[list[Unit], list[Unit], Alignment]) -> None:
    old, new, found = given_
    data = made(old, new, found)
    check(data, old, new)
    assert made(old, new, found) == data
    whole(data)


def whole(data: bytes) -> None:
    """Ids are given once, the two ends of a move have the same name, each comment is there and called once."""
    tree = part(data, "word/document.xml")
    tracked = [e.get(f"{W}id") for e in tree.iter() if e.tag.removeprefix(W) in CHANGED]
    assert len(tracked) == len(set(tracked))
    for end in ("moveFrom", "moveTo"):
        starts = [e.get(f"{W}id") for e in tree.iter(f"{W}{end}RangeStart")]
        assert starts == [e.get(f"{W}id") for e in tree.iter(f"{W}{end}RangeEnd")]
    names = [[e.get(f"{W}name") for e in tree.iter(f"{W}{end}RangeStart")] for end in ("moveFrom", "moveTo")]
    assert sorted(names[0]) == sorted(names[1])
    assert len(names[0]) == len(set(names[0]))
    called = [e.get(f"{W}id") for e in tree.iter(f"{W}commentReference")]
    assert called == [e.get(f"{W}id") for e in part(data, "word/comments.xml")]


CHANGED = ("ins", "del", "moveFrom", "moveTo", "moveFromRangeStart", "moveToRangeStart")


def test_words_are_tracked_where_they_changed() -> None:
    old = markdown("# 1 Duties", "Providers shall keep a record for 30 days.")
    new = markdown("# 1 Duties", "Providers should keep a record for 60 days.")
    body = xml(made(old, new))
    assert re.findall(r"<w:delText[^>]*>([^<]*)", body) == ["shall", "30"]
    assert re.findall(r"<w:ins [^>]*><w:r><w:t[^>]*>([^<]*)", body) == ["should", "60"]
    assert 'w:author="Consult" w:date="2026-02-25T09:00:00Z"' in body
    assert '<w:pStyle w:val="Heading1"/>' in body
    assert ">1</w:t><w:tab/>" in body


def test_renumbering_is_no_change() -> None:
    old = markdown("# 1 One", "Some words of this.")
    new = [replace(old[0], label="2"), old[1]]
    same = Alignment.of([Row((0,), (0,), "renumbered"), Row((1,), (1,), "unchanged")])
    body = xml(made(old, new, same, remarks=lambda row, is_technical: []))
    assert not re.search(r"<w:(ins|del|move)", body)
    assert ">2</w:t><w:tab/>" in body


def test_whole_paragraphs_come_and_go_with_their_ends() -> None:
    stays = ["# 1 Scope", "This stays as it was, word for word."]
    body = xml(made(markdown(*stays, "This one goes away."), markdown(*stays[:1], "A new one comes here.", stays[1])))
    assert body.count("<w:rPr><w:ins ") == body.count("<w:rPr><w:del ") == 1


def test_moves_are_moves_at_both_ends() -> None:
    paragraphs = [
        f"Paragraph {word} is about {word} and nothing else at all." for word in ("ants", "bees", "cats", "dogs")
    ]
    old, new = markdown("# 1 Animals", *paragraphs), markdown("# 1 Animals", *paragraphs[1:], paragraphs[0] + " Much.")
    data = made(old, new)
    check(data, old, new)
    whole(data)
    body = xml(data)
    assert "ants" in re.findall(r"<w:moveFromRangeStart.*?<w:moveFromRangeEnd", body, re.DOTALL)[0]
    there = re.findall(r"<w:moveToRangeStart.*?<w:moveToRangeEnd", body, re.DOTALL)[0]
    assert re.findall(r"<w:ins [^>]*><w:r><w:t[^>]*>([^<]*)", there) == [" Much."]
    assert body.count("<w:rPr><w:moveFrom ") == body.count("<w:rPr><w:moveTo ") == 1


@pytest.mark.parametrize("is_split", [True, False])
def test_a_split_or_a_merger_is_an_end_of_paragraph_that_came_or_went(is_split: bool) -> None:
    one = markdown("# 1 A", "Providers shall keep records. Records are kept for two years in a safe place.")
    two = markdown("# 1 A", "Providers shall keep records.", "Records are kept for three years in a safe place.")
    fate = Row((1,), (1, 2), "split") if is_split else Row((1, 2), (1,), "merged")
    old, new = (one, two) if is_split else (two, one)
    data = made(old, new, Alignment.of([Row((0,), (0,), "unchanged"), fate]))
    check(data, old, new)
    body = xml(data)
    assert len(re.findall("<w:rPr><w:ins " if is_split else "<w:rPr><w:del ", body)) == 1
    assert ">Providers shall keep records.</w:t>" in body


TABLE = "| Level | Days |\n|---|---|\n| low | 30 |\n| high | 10 |"


def test_tables_keep_their_cells() -> None:
    old = markdown("# 1 Levels", TABLE)
    new = markdown("# 1 Levels", TABLE.replace("30", "60") + "\n| top | 1 |")
    data = made(old, new, Alignment.of([Row((0,), (0,), "unchanged"), Row((1,), (1,), "edited")]))
    accepted, rejected = (blocks(data, is_accepted=way)[1].rows for way in (True, False))
    assert rejected == [["Level", "Days"], ["low", "30"], ["high", "10"]]
    assert accepted == [["Level", "Days"], ["low", "60"], ["high", "10"], ["top", "1"]]
    body = xml(data)
    assert body.count("<w:trPr><w:ins ") == 1
    assert re.findall(r"<w:delText[^>]*>([^<]*)", body) == ["30"]


def test_what_xml_cannot_say_is_no_error() -> None:
    old = [Unit("a", "paragraph", "", "one\x0b two\ufffe \ud800 three\r\n four]]>&amp;")]
    found = blocks(made(old, old), is_accepted=True)
    assert [b.text for b in found] == ["one\ufffd two\ufffd \ufffd three\r\n four]]>&amp;"]


def test_remarks_are_comments_on_the_change() -> None:
    old, new = markdown("# 1 A", "Kept for 30 days there."), markdown("# 1 A", "Kept for 60 days there.")
    data = made(old, new, remarks=lambda row, is_technical: ["One <b>", "Two"] if is_technical else [])
    said = ["".join(p.itertext()) for p in part(data, "word/comments.xml").iter(f"{W}p")]
    assert said == ["One <b>", "Two"]
    whole(data)


def test_it_says_which_versions_it_is_made_of_and_our_own_reader_reads_it() -> None:
    old, new = units_of(OPENCHAIN[2]), units_of(OPENCHAIN[3])
    data = made(old, new)
    header = "".join(part(data, "word/header1.xml").itertext())
    for words in (
        "A <draft> & more",
        "draft 1, SHA-256 " + "a" * 64,
        "draft 2, SHA-256 " + "b" * 64,
        "https://example.org/c/x",
    ):
        assert words in header
    again = take(data=data, name="redline.docx").parsed
    assert again.title == "A <draft> & more"
    texts = {u.text for u in again.units}
    headings = [u.text for u in new if u.is_heading]
    assert len([text for text in headings if text in texts]) > 0.9 * len(headings)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            etree.fromstring(archive.read(name))
