"""The HTML of one unit as blocks of Markdown, with the kind these are read as. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from markupsafe import escape

from ..importers.outline import NOTE
from ..parsed import words_of
from . import elements
from .elements import Element, Node, blocks_of, is_inline, is_stable, only
from .inline import Inline, name_of

EDGES = re.compile(r"(?:(?<!\s)\s+)?(</?(?:table|caption|thead|tbody|tfoot|tr|th|td|dl|dt|dd)\b[^<>]*>)\s*")
ROWS = re.compile(r"(</tr>|<table>|<tbody>|<thead>|</caption>)(?=<)")
PICTURE = re.compile(r"<img [^>]*>")


class Written(NamedTuple):
    """Blocks of Markdown; the kind they are read as; whether they are one paragraph."""

    text: str
    kind: str
    is_paragraph: bool = False


def write(html: str, kind: str, inline: Inline) -> Written:
    """Blocks that are read as this HTML again, but for blanks between blocks."""
    nodes = elements.read(html)
    return (
        _figure(nodes, inline) or _paragraph(nodes, html, inline) or _listing(nodes) or _table(nodes, inline)
        or _quotation(nodes, html, inline) or (kind in ("point", "footnote") and _several(nodes, inline))
        or _raw(html, inline.pictures)
    )  # fmt: skip


def _paragraph(nodes: Sequence[Node], html: str, inline: Inline) -> Written | None:
    inside = only(nodes, "p")
    if inside is None or not is_inline(inside):
        return None
    text = inline.paragraph(inside)
    if text is None or _is_pictures(inside):
        return None
    return Written(text, "note" if NOTE.match(words_of(html)) else "paragraph", is_paragraph=True)


def _is_pictures(nodes: Sequence[Node]) -> bool:
    found = blocks_of(nodes)
    return bool(found) and all(isinstance(node, Element) and node.tag == "img" for node in found)


def _figure(nodes: Sequence[Node], inline: Inline) -> Written | None:
    """Pictures, each on a line, and below them their caption."""
    inside = blocks_of(only(nodes, "figure") or [])
    captions = [node for node in inside if isinstance(node, Element) and node.tag == "figcaption"]
    pictures = [node for node in inside if node not in captions]
    if not _is_pictures(pictures) or len(captions) > 1 or not all(is_inline(c.inside) for c in captions):
        return None
    lines = [inline.line([picture]) for picture in pictures]
    words = inline.paragraph(captions[0].inside) if captions else ""
    if words is None or (captions and _is_pictures(captions[0].inside)):
        return None
    return Written("\n".join([*lines, *([words] if words else [])]), "paragraph" if words else "figure")


def _listing(nodes: Sequence[Node]) -> Written | None:
    inside = only(only(nodes, "pre") or [], "code")
    text = "".join(node for node in inside or [] if isinstance(node, str))
    if not inside or inside != [text] or not is_stable(text.replace("\t", "")) or not text.strip():
        return None
    fence = "`" * max(3, 1 + max(map(len, re.findall(r"`+", text)), default=0))
    return Written("\n".join([fence, text.removesuffix("\n"), fence]), "code")


def _quotation(nodes: Sequence[Node], html: str, inline: Inline) -> Written | None:
    inside = only(nodes, "blockquote")
    several = None
    if inside:
        several = _several([Element("p", inside=list(inside))] if is_inline(inside) else inside, inline)
    if several is None:
        return None
    text = "\n".join(f"> {line}".rstrip() for line in several.text.split("\n"))
    return Written(text, "note" if NOTE.match(words_of(html)) else "quote")


def _several(nodes: Sequence[Node], inline: Inline) -> Written | None:
    """Paragraphs and listings after one another."""
    parts = [
        _paragraph([node], "", inline) or _listing([node]) for node in blocks_of(nodes) if isinstance(node, Element)
    ]
    texts = [part.text for part in parts if part]
    if not texts or len(texts) != len(blocks_of(nodes)):
        return None
    return Written("\n\n".join(texts), "paragraph")


def _table(nodes: Sequence[Node], inline: Inline) -> Written | None:
    """A table with one row as its head and plain cells."""
    parts = blocks_of(only(nodes, "table") or [])
    if [part.tag for part in parts if isinstance(part, Element)] != ["thead", "tbody"]:
        return None
    rows = [_cells(row, tag, inline) for part, tag in zip(parts, ("th", "td"), strict=True) for row in _rows(part)]
    head = rows[0] if rows else None
    if not head or len(_rows(parts[0])) != 1 or any(not row or len(row) != len(head) for row in rows):
        return None
    lines = [f"| {' | '.join(row)} |" for row in rows if row]
    return Written("\n".join([lines[0], f"|{'---|' * len(head)}", *lines[1:]]), "table")


def _rows(part: Node) -> list[Node]:
    return blocks_of(part.inside) if isinstance(part, Element) else []


def _cells(row: Node, tag: str, inline: Inline) -> list[str] | None:
    cells = blocks_of(row.inside) if isinstance(row, Element) and row.tag == "tr" else []
    found = []
    for cell in cells:
        if not isinstance(cell, Element) or cell.tag != tag or cell.attributes or not is_inline(cell.inside):
            return None
        found.append(inline.line(cell.inside, "|"))
    return found


def _raw(html: str, pictures: Mapping[str, str]) -> Written:
    """HTML as it is: a table or a term as such, anything else in a fence that says so."""
    html = _with_pictures(html, pictures).strip()
    tag = re.match(r"<(table|dl)>", html)
    lines = re.sub(r"(?<!\s)\s*\n\s*", "\n", EDGES.sub(r"\1", html))
    kind = _kind_of(html)
    is_one = tag is not None and html.count("<dt") == (tag[1] == "dl")  # or it would be read as several units
    if is_one and "<pre" not in html and is_stable(lines):
        return Written(ROWS.sub("\\1\n", lines), kind)
    stable = "".join(elements.by_number(part) for part in re.split(r"(<[^<>]*>)", html))
    fence = "`" * max(3, 1 + max(map(len, re.findall(r"`+", stable)), default=0))
    return Written(f"{fence} {{=html}}\n{stable}\n{fence}", kind)


def _kind_of(html: str) -> str:
    """The kind that HTML in a fence is read as."""
    begins = next((kind for tag, kind in (("<pre><code>", "code"), ("<dl>", "term")) if html.startswith(tag)), "")
    return begins or ("table" if "<table" in html else "paragraph")


def _with_pictures(html: str, pictures: Mapping[str, str]) -> str:
    """HTML in which the pictures that go along stand themselves, and the words of others."""

    def told(match: re.Match[str]) -> str:
        image = elements.read(match[0])[0]
        if not isinstance(image, Element):
            return ""
        alt = image.attributes.get("alt", "")
        if address := pictures.get(name_of(image)):
            return f'<img src="{address}" alt="{escape(alt)}">'
        return f"Picture: {escape(alt)}" if alt.strip() else "Picture"

    return PICTURE.sub(told, html)
