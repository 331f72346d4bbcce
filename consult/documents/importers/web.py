"""A draft saved from the web: pages of W3C, OASIS, IETF and others, and what a word processor saves as HTML.

Headings give the structure, printed numbers are kept, ids become addresses. What surrounds the text is left out. Pure:
text in, ParsedDraft out; nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import escape

from consult.core.records import replace

from ..parsed import ParsedDraft, words_of
from .compose import FOOTNOTE, HEADING, Block, compose
from .outline import LARGEST_UNIT, NOTE
from .trees import (
    Element,
    TreeReader,
    attribute,
    characters,
    children,
    descendants,
    html_tree,
    is_long,
    local,
    paragraph_of,
    point,
    settled,
    shown,
    words,
)
from .xml_text import prolog_end

BEGINNING = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
NUMBER_CLASSES = {"secno", "section-number", "header-section-number", "sectnum", "sectionnumber"}
ANCHOR_CLASSES = {"self-link", "pilcrow", "headerlink", "permalink", "anchor", "anchorjs-link"}
ANCHOR_SIGNS = {"", "¶", "§", "#", "🔗"}
CONTENTS = {"contents", "table of contents"}
CONTENTS_IDS = {"toc", "contents-list"}
CONTENTS_CLASSES = {"toc", "table-of-contents", "msotoc1", "msotoc2", "msotoc3", "msotoc4", "msotocheading"}
NOTE_CLASSES = {"note", "example", "warning", "informalexample", "admonition", "msonote"}
TITLE_CLASSES = {"msotitle", "title"}
FOOTNOTE_CLASSES = {"footnotes", "endnotes"}
FOOTNOTE_ROLES = {"doc-endnotes", "doc-footnotes"}
BACK = re.compile(r"#(?:_?(?:ft|ed|fn|foot|end)?n?(?:ote)?-?ref|cite_ref)", re.IGNORECASE)
# Ids a program counted or numbered: they change with the next save.
FLEETING = re.compile(
    r"_(?:Toc|Ref|Hlk)\d|_GoBack|ref-for-|section-(?:\d|[a-z](?:[.-]\d|$)|abstract|toc|boilerplate|note)|x?\d+[-.]|_?(?:ftn|edn)|cite_|fnref"
    r"|issue-container-|(?:example|note|issue|p|par|para)-?\d+$"
)
SILENT = {"head", "template", "noscript", "hr", "wbr", "col", "colgroup"}
TOLD = {
    "nav", "footer", "script", "style", "iframe", "object", "embed", "canvas", "audio", "video", "button", "input",
    "select", "textarea", "dialog", "applet", "map",
}  # fmt: skip
LONGEST_HEADING = 500  # characters
BULLET = re.compile(r"([·•§o▪–-]|\d{1,3}(?:\.\d{1,3})*[.)]|\(?[a-z]{1,4}[.)])(?:\s|&nbsp;)+")


def is_html(text: str) -> bool:
    """Whether this text is a page, and no Markdown that holds some HTML."""
    return bool(BEGINNING.match(text, prolog_end(text)))


def parse(text: str) -> ParsedDraft:
    """Cut a page into units; Invalid (field `file`) with a sentence when that cannot be done."""
    reader = _Page(html_tree(text))
    bodies = list(descendants(reader.root, "body")) or [reader.root]
    blocks = [_settled(block) for body in bodies for block in reader.content(body)]
    blocks = _without_contents(blocks)
    language = attribute(reader.root, "lang")
    return compose(
        [*blocks, *map(_settled, reader.footnotes)], title=_title(reader.root, blocks), format="html", remarks=reader.remarks(), pictures=reader.album.files,
        metadata={"language": language} if language else {},
    )  # fmt: skip


def _title(root: Element, blocks: Sequence[Block]) -> str:
    """Empty where the first heading is the title of all; else what the page calls itself."""
    first = next((block for block in blocks if block.kind == HEADING), None)
    if first and first.level <= 1 and not first.label and not words_of(first.html)[:1].isdigit():
        return ""
    return next((words(title) for title in descendants(root, "title")), "")


def _settled(block: Block) -> Block:
    """A block whose key comes from no id that a program counted."""
    return settled(block, lambda name: bool(FLEETING.match(name)))


def _without_contents(blocks: Sequence[Block]) -> list[Block]:
    """The blocks without a heading "Contents" below which there are only links into the text."""
    kept: list[Block] = []
    at = 0
    while at < len(blocks):
        end = at + 1
        if blocks[at].kind == HEADING and words_of(blocks[at].html).lower().rstrip(":") in CONTENTS:
            while end < len(blocks) and blocks[end].kind != HEADING:
                end += 1
            if all(map(_is_contents, blocks[at + 1 : end])):
                at = end
                continue
        kept.append(blocks[at])
        at += 1
    return kept


def _is_contents(block: Block) -> bool:
    apart = words_of(re.sub(r"<a href=[^>]*>.*?</a>", "", block.html, flags=re.DOTALL))
    return len(apart) <= 12 and all(map(_is_contents, block.below))


def _classes(element: Element) -> set[str]:
    return set(attribute(element, "class").lower().split())


class _Page(TreeReader):
    """What the elements of HTML are."""

    tags = {
        "b": "strong", "i": "em", "tt": "code", "samp": "code", "strike": "s", "p": "p", "div": "p", "br": "br",
        "u": "em", "center": "p", **{
            tag: tag for tag in (
                "abbr", "blockquote", "caption", "cite", "code", "dd", "del", "dfn", "dl", "dt", "em", "figcaption",
                "figure", "ins", "kbd", "li", "mark", "ol", "pre", "s", "small", "strong", "sub", "sup", "table",
                "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "var",
            )
        },
    }  # fmt: skip
    is_named_inside = True
    keep = ("colspan", "rowspan", "start", "type", "scope", "title")

    def __init__(self, root: Element) -> None:
        super().__init__(root)
        self.handlers = {
            **dict.fromkeys(HEADINGS, self._heading), **dict.fromkeys(("ul", "ol", "menu", "dir"), self._list),
            **dict.fromkeys(("section", "article", "main", "header", "body", "address", "form", "fieldset", "details",
            "summary", "center", "hgroup", "figcaption", "dd", "dt", "li", "caption", "td", "th", "tr", "thead", "tbody", "tfoot"), self._section),
            "p": self._paragraph, "div": self._division, "aside": self._division, "dl": self._definitions,
            "table": self._table, "pre": self._listing, "figure": self._figure, "blockquote": self._division,
        }  # fmt: skip
        self.special |= {"a": self._anchor, "img": self._image, "svg": self._drawing, "q": self._quoted}
        self.mark_holders()
        self.with_headings = {above for h in descendants(root, *HEADINGS) for above in h.iterancestors()}
        self.numbers: set[Element] = set()  # printed numbers inside headings, which are told apart

    def names(self, element: Element) -> list[str]:
        found = [attribute(element, "id")]
        if local(element) == "a":
            found.append(attribute(element, "name"))
        return [name for name in dict.fromkeys(found) if name]

    def is_dropped(self, element: Element) -> bool:
        name = local(element)
        if name in SILENT or element in self.numbers:
            return True
        is_contents = bool(_classes(element) & CONTENTS_CLASSES) or attribute(element, "id").lower() in CONTENTS_IDS
        if is_contents or attribute(element, "role") == "doc-toc":
            return True
        is_hidden = element.get("hidden") is not None or "display:none" in attribute(element, "style").replace(" ", "")
        if name == "header" and element not in self.with_headings:
            is_hidden = True
        if name in TOLD or is_hidden or attribute(element, "role") == "navigation":
            self.left_out[name] += 1
            return True
        return False

    def _section(self, element: Element) -> list[Block]:
        self._take_footnotes(element)
        is_section = local(element) == "section"
        self.depth += is_section
        blocks = self.content(element)
        self.depth -= is_section
        return self.named(blocks, self.names(element), is_first=is_section)

    def _division(self, element: Element) -> list[Block]:
        """A `div`, an aside or a quotation: a note, a footnote, or its content."""
        self._take_footnotes(element)
        name, classes = local(element), _classes(element)
        if re.fullmatch(r"_?(?:ftn|edn)\d+", attribute(element, "id")):
            return self._footnote(element, "")
        is_note = bool(classes & NOTE_CLASSES) or name == "aside" or attribute(element, "role") == "note"
        if (is_note or name == "blockquote") and element not in self.with_headings and not is_long(element):
            inner = self.inner(element).strip()
            html = f"<blockquote>{inner}</blockquote>" if name == "blockquote" else inner
            if len(html) <= LARGEST_UNIT:
                kind = "note" if is_note or NOTE.match(words_of(html)) else "quote"
                return [Block(kind, html, tuple(self.names_inside(element)))]
        return self.container(element)

    def _heading(self, element: Element) -> list[Block]:
        if element in self._holders and is_long(element, LONGEST_HEADING):  # a heading that was never closed
            return self.container(element)
        marked = [inner for inner in element.iter() if _classes(inner) & NUMBER_CLASSES][:1]
        self.numbers |= set(marked)
        html = self.inner(element).strip()
        label = words(marked[0]) if marked else ""
        inside = [name for inner in element for name in self.names_inside(inner)]
        names = (*inside, *self.names(element))
        if not words_of(html) and not label:
            return [Block("paragraph", "", names)]
        level = int(local(element)[1])
        level = self.depth if level == 1 and self.depth > 1 else level
        return [Block(HEADING, html, names, level, label)]

    def _paragraph(self, element: Element) -> list[Block]:
        if element in self._holders:
            return self.container(element)
        html = self.inner(element).strip()
        names = self.names_inside(element)
        if html and _classes(element) & TITLE_CLASSES:
            return [Block(HEADING, html, tuple(names))]
        bullet = BULLET.match(html) if any(name.startswith("msolist") for name in _classes(element)) else None
        if bullet:
            mark = "•" if bullet[1] in "·•§o▪–-" else bullet[1]
            return [Block("point", f"<p>{html[bullet.end() :]}</p>", tuple(names), mark=mark)]
        found = paragraph_of(html, names)
        if _classes(element) & NOTE_CLASSES:
            found = replace(found, kind="note")
        elif html and not words(element) and next(descendants(element, "img", "svg"), None) is not None:
            found = replace(found, kind="figure", html=f"<figure>{found.html}</figure>")
        return [found] if html or names else []

    def _list(self, element: Element) -> list[Block]:
        self._take_footnotes(element)
        points = []
        start = attribute(element, "start")
        number = int(start) if re.fullmatch(r"\d{1,6}", start) else 1
        others = [child for child in element if local(child) != "li"]
        for item in (child for child in element if local(child) == "li" and not self.is_dropped(child)):
            value = attribute(item, "value")
            number = int(value) if re.fullmatch(r"\d{1,6}", value) else number
            mark = _mark(number, attribute(element, "type")) if local(element) == "ol" else "•"
            made = point(mark, self.content(item), self.names(item))
            points += [made] if words_of(made.html) or made.below or made.names else []
            number += 1
        loose = [block for child in others if not self.is_dropped(child) for block in self.block(child)]
        loose += [paragraph_of(str(escape(characters(t).strip()))) for t in _between(element) if t.strip()]
        return self.named([*points, *loose], self.names(element))

    def _definitions(self, element: Element) -> list[Block]:
        """A list of definitions: a unit for each term with what is said of it."""
        rows = [e for child in element for e in (child if local(child) == "div" else [child])]
        groups: list[list[Element]] = []
        for row in rows:
            if self.is_dropped(row):
                continue
            if not groups or (local(row) == "dt" and any(local(other) != "dt" for other in groups[-1])):
                groups.append([])
            groups[-1].append(row)
        blocks = []
        for group in groups:
            html = "".join(self.element(row) for row in group)
            names = tuple(name for row in group for name in self.names_inside(row))
            blocks.append(Block("term", f"<dl>{html}</dl>" if words_of(html) else "", names))
        loose = [t for e in (element, *(c for c in element if local(c) == "div")) for t in _between(e) if t.strip()]
        blocks += [paragraph_of(str(escape(characters(text).strip()))) for text in loose]
        return self.named(blocks, self.names(element))

    def _table(self, element: Element) -> list[Block]:
        if element in self.with_headings:  # a table that only arranges the page
            return self.container(element)
        return [Block("table", self.element(element), tuple(self.names_inside(element)))]

    def _listing(self, element: Element) -> list[Block]:
        code = characters("".join(element.itertext())).strip("\n")
        return [Block("code", f"{code}\n" if code.strip() else "", tuple(self.names_inside(element)))]

    def _figure(self, element: Element) -> list[Block]:
        if element in self.with_headings:
            return self.container(element)
        html = self.element(element)
        kind = "table" if next(descendants(element, "table"), None) is not None else "figure"
        return [Block(kind, html, tuple(self.names_inside(element)))]

    def _take_footnotes(self, element: Element) -> None:
        """Take the rows out of a list of footnotes; what else is in it stays where it is."""
        if not (_classes(element) & FOOTNOTE_CLASSES or attribute(element, "role") in FOOTNOTE_ROLES):
            return
        rows = [row for inner in (element, *children(element, "ol", "ul")) for row in children(inner, "li")]
        rows = rows or [child for child in element if attribute(child, "id")]
        for number, row in enumerate(rows, 1):
            if row not in self.numbers:
                self._footnote(row, str(number))

    def _footnote(self, element: Element, mark: str) -> list[Block]:
        """One footnote; it goes to the end."""
        back = [
            a for a in descendants(element, "a") if BACK.match(attribute(a, "href")) or "footnote-back" in _classes(a)
        ]
        mark = mark or (words(back[0]).strip("[]()") if back else "") or str(len(self.footnotes) + 1)
        self.numbers |= set(back)
        html = "".join(map(shown, self.content(element)))
        self.numbers.add(element)
        names = (*self.names_inside(element), *(n for a in back for n in self.names(a)))
        self.footnotes.append(Block(FOOTNOTE, html, names, mark=mark))
        return []

    def _anchor(self, element: Element) -> str:
        inner = self.inner(element)
        address = attribute(element, "href").strip()
        if address.startswith("#") and (_classes(element) & ANCHOR_CLASSES) and words(element) in ANCHOR_SIGNS:
            return ""
        return self.link(address, inner) if address else inner

    def _image(self, element: Element) -> str:
        return self.picture(attribute(element, "src"), attribute(element, "alt"))

    def _drawing(self, element: Element) -> str:
        titles = [words(title) for title in descendants(element, "title", "desc", "text", "foreignobject")]
        return self.picture("", " ".join(titles))

    def _quoted(self, element: Element) -> str:
        return f"“{self.inner(element)}”"


def _between(element: Element) -> list[str]:
    """Words that stand between the rows of a list, where there should be none."""
    return [element.text or "", *(child.tail or "" for child in element)]


def _mark(number: int, style: str) -> str:
    if style.lower() == "a" and 0 < number <= 26:
        return f"{chr(number + (64 if style == 'A' else 96))}."
    return f"{_roman(number) if style.lower() == 'i' else number}."


def _roman(number: int) -> str:
    values = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
    out = ""
    for value, letters in values:
        out += letters * (number // value) if number < 1_000 else ""
        number %= value
    return out
