"""From blocks to units, for the formats that mark headings, numbers and ids themselves: plain text, HTML and XML.

Pure: blocks in, ParsedDraft out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from markupsafe import escape

from consult.core.records import Record

from ..parsed import ParsedDraft, PictureFile, words_of
from . import numbering
from .dialect import tidy_html
from .outline import LARGEST_UNIT, Outline, check_headings, check_units, gather

ROW = re.compile(r"<tr>.*?</tr>", re.DOTALL)
HEADING = "heading"
FOOTNOTE = "footnote"


class Block(Record):
    """One thing in a text. `kind` is a heading, a footnote, or the kind of a unit; `html` of a heading is its title
    without the number, of a listing its bare text. `names` are ids in the source, the one that gives the key first.
    """

    kind: str
    html: str
    names: tuple[str, ...] = ()
    level: int = 0  # of a heading: 1 is the highest, 0 that of a title; of others: that of the section they end
    label: str = ""  # the number where the source marks it as such; else it is read out of a heading's words
    mark: str = ""  # what hangs in the margin: "a)", "•"; of a footnote its number
    title: str = ""  # of a term
    as_kind: str = ""  # what a heading is, where the source says so
    below: tuple[Block, ...] = ()  # what belongs to a point after its own words
    links: tuple[str, ...] = ()  # further ids that only links may use


def compose(
    blocks: Sequence[Block],
    *,
    title: str,
    metadata: Mapping[str, str],
    format: str,
    remarks: Sequence[str] = (),
    pictures: Mapping[str, PictureFile] | None = None,
) -> ParsedDraft:
    """The draft that a list of blocks makes; Invalid (field `file`) with a sentence when there is none.

    Without a title of its own it is called by its first heading or words.
    """
    headings = [(block, tidy_html(block.html)) for block in blocks if block.kind == HEADING]
    check_headings(len(headings))
    titles = [(b.level, words_of(html) or ("" if b.label else "Untitled")) for b, html in headings]
    read = iter(zip(headings, numbering.read(titles, [b.label for b, _ in headings]), strict=True))
    outline = Outline()
    for block in blocks:
        if block.kind == HEADING:
            (_, html), heading = next(read)
            outline.heading(block.level, heading, html, block.links, ids=block.names, kind=block.as_kind)
        elif block.kind != FOOTNOTE:
            if block.level:
                outline.close(block.level)
            _place(outline, block, outline.parent)
    notes = [block for block in blocks if block.kind == FOOTNOTE]
    outline.footnotes([(n.mark, tidy_html(n.html)) for n in notes], [(*n.names, *n.links) for n in notes])
    check_units(outline)
    outline.warnings += remarks
    return outline.finish(outline.called(title), metadata, format, pictures)


def _place(outline: Outline, block: Block, parent: int | None) -> None:
    """Add a block that is no heading, and what is below it; very long ones are cut where they can be."""
    if block.kind == "code":
        for part in gather(block.html.splitlines(keepends=True)) or [""]:
            html = f"<pre><code>{escape(part)}</code></pre>"
            outline.counted(block.kind, html, parent, block.names, text=part.rstrip("\n"), links=block.links)
        return
    html = tidy_html(block.html)
    if block.kind == "table" and len(html) > LARGEST_UNIT and _can_be_cut(html):
        head, _, rows = html.partition("<tbody>")
        for part in gather(ROW.findall(rows)):
            table = f"{head}<tbody>{part}</tbody></table>"
            outline.counted(block.kind, table, parent, block.names, links=block.links)
        return
    at = outline.counted(
        block.kind, html, parent, block.names, own_label=block.mark, label=block.label, title=block.title,
        is_kept=bool(block.below), links=block.links,
    )  # fmt: skip
    for inner in block.below:
        _place(outline, inner, parent if at is None else at)


def _can_be_cut(html: str) -> bool:
    return "rowspan" not in html and html.count("<table>") == html.count("<tbody>") == 1
