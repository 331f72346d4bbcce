"""Trees of elements, HTML or XML: how they are parsed without harm, and how they are walked into blocks.

Nothing is ever fetched, no document type is read, no entity is expanded. A tree that is too deep to walk is refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from lxml import etree
from markupsafe import escape

from consult.core.errors import Invalid
from consult.core.records import replace

from ..parsed import words_of
from .compose import HEADING, Block
from .outline import LARGEST_UNIT, NOTE
from .pictures import Album, in_address
from .source import CONTROL, tidy_markup

Element = Any  # of lxml, which has no types
DEEPEST_TREE = 150  # elements inside each other; real pages have 40, and each costs Python a few frames
VOID = {"br", "col"}
SAFE = {"no_network": True, "huge_tree": False, "remove_comments": True, "remove_pis": True, "encoding": "utf-8"}
TOO_DEEP = (
    f"Elements are nested more than {DEEPEST_TREE} levels deep in this file. Nobody could find a place in them: bring it"
    " to fewer levels, or leave out what is around the text."
)
ABROAD = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
MOST_NAMED = 12
XML, XLINK = "{http://www.w3.org/XML/1998/namespace}", "{http://www.w3.org/1999/xlink}"
MOST_ATTRIBUTES = 2_000  # of one tag; the time to read them grows with the square of their number
ATTRIBUTE = re.compile(r"""[\s/]*=?[^\s/>=]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"'][^\s>]*)?)?""")


def html_tree(text: str) -> Element:
    """The root element of a page; Invalid (field `file`) when there is none."""
    text = tidy_markup(text)
    _refuse_attributes(text)
    parser = etree.HTMLParser(**SAFE)
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError:
        root = None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise Invalid(TOO_DEEP, field="file")
    if root is None:
        raise Invalid("There are no words in this page. Choose the file that holds the draft.", field="file")
    return not_too_deep(root)


def _refuse_attributes(text: str) -> None:
    """Refuse a tag with thousands of attributes; goes through the text once."""
    at = text.find("<")
    while at >= 0:
        count = 0
        if text[at + 1 : at + 2].isalpha():
            at += 1
            while at < len(text) and text[at] != ">":
                found = ATTRIBUTE.match(text, at)
                at = max(found.end() if found else at, at + 1)
                count += 1
                if count > MOST_ATTRIBUTES:
                    raise Invalid(
                        f"Line {text.count(chr(10), 0, at) + 1:,} holds a tag with more than {MOST_ATTRIBUTES:,}"
                        " attributes, which no draft needs. Check how the file was made, and save it again.",
                        field="file",
                    )
        at = text.find("<", at + 1)


def not_too_deep(root: Element) -> Element:
    """A tree that can be walked, or a sentence why not."""
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST_TREE:
            raise Invalid(TOO_DEEP, field="file")
    return root


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def attribute(element: Element, name: str) -> str:
    """An attribute by its name, plain or of XML or XLink; empty when it is not there."""
    return str(element.get(name) or element.get(f"{XML}{name}") or element.get(f"{XLINK}{name}") or "")


def children(element: Element, *names: str) -> list[Element]:
    """The direct children of these names."""
    return [child for child in element if local(child) in names]


def descendants(element: Element, *names: str) -> Iterator[Element]:
    """All elements of these names below an element, in order."""
    return (inner for inner in element.iter() if inner is not element and local(inner) in names)


def characters(text: str | None) -> str:
    """Composed characters, plain blanks, none that cannot be shown: references may name any."""
    return CONTROL.sub("", unicodedata.normalize("NFC", text or "").replace("\u00a0", " "))


def words(element: Element) -> str:
    """All words inside an element, blanks collapsed."""
    return " ".join(characters("".join(element.itertext())).split())


class Mention(str):
    """The id of something inside a unit: links to it lead to the unit, which is not called so."""

    __slots__ = ()


def settled(block: Block, is_passing: Callable[[str], bool] = lambda name: isinstance(name, Mention)) -> Block:
    """A block whose key comes from no passing id; links still find it by those."""
    links = tuple(name for name in block.names if is_passing(name))
    names = tuple(name for name in block.names if not is_passing(name))
    return replace(block, names=names, links=links, below=tuple(settled(b, is_passing) for b in block.below))


def is_long(element: Element, most: int = LARGEST_UNIT) -> bool:
    """Whether there are more than `most` characters inside an element; looks no further than that."""
    size = 0
    for text in element.itertext():
        size += len(text)
        if size > most:
            return True
    return False


def shown(block: Block) -> str:
    """A block as HTML inside another one."""
    if block.kind == "code":
        return f"<pre><code>{escape(block.html)}</code></pre>"
    inner = "".join(map(shown, block.below))
    mark = f"{escape(block.mark)} " if block.mark not in ("", "•") else ""
    if block.kind == HEADING:
        return f"<p>{escape(f'{block.label} ')}{block.html}</p>" if block.label else f"<p>{block.html}</p>"
    return f"<ul><li>{mark}{block.html}{inner}</li></ul>" if block.kind == "point" else f"{mark}{block.html} {inner}"


def point(mark: str, blocks: Sequence[Block], names: Sequence[str] = ()) -> Block:
    """A point of a list: what stands before its first inner list is its own; inner lists and the rest go below it."""
    inner = next((at for at, block in enumerate(blocks) if block.kind == "point" or block.mark), len(blocks))
    own = blocks[:inner]
    all_names = (*names, *(name for block in own for name in block.names))
    below = (Block("paragraph", shown(b), b.names) if b.kind == HEADING else b for b in blocks[inner:])
    return Block("point", "".join(map(shown, own)), all_names, mark=mark, below=tuple(below))


def never_empty(block: Block) -> Block:
    """A block with a printed mark and no words: the mark is its words, so that it is not lost."""
    is_empty = not words_of(block.html) and not block.below
    return replace(block, html=f"<p>{escape(block.mark)}</p>") if is_empty else block


def paragraph_of(html: str, names: Sequence[str] = ()) -> Block:
    """A paragraph, or a note when it says so in its first word."""
    kind = "note" if NOTE.match(words_of(html)) else "paragraph"
    return Block(kind, f"<p>{html}</p>" if html.strip() else "", tuple(names))


class TreeReader:
    """Walks a tree into blocks; a format says what its elements are.

    `tags` maps elements to tags of our HTML, `dropped` are left out with their words, `special` are written by a
    function, `handlers` make blocks; any other element is its content. What is in `whole` stays within its paragraph
    even with blocks inside.
    """

    tags: Mapping[str, str] = {}
    dropped: Collection[str] = ()
    whole: Collection[str] = ()
    is_nested = False  # whether headings get their level from the elements around, not from their names
    is_named_inside = False  # whether a unit may be called by the id of something inside
    keep: Collection[str] = ("colspan", "rowspan", "start", "type", "scope")

    def __init__(self, root: Element) -> None:
        self.root = root
        self.handlers: dict[str, Callable[[Element], list[Block]]] = {}
        self.special: dict[str, Callable[[Element], str]] = {"math": self.formula}
        self.footnotes: list[Block] = []
        self.left_out: Counter[str] = Counter()
        self.unknown: Counter[str] = Counter()
        self.pictures = self.formulas = self.lost_links = 0
        self.album = Album()
        self.depth = 0  # of sections around
        self._holders: set[Element] = set()  # elements with a block inside

    def mark_holders(self) -> None:
        """Find the elements that hold blocks, once: to be called when the handlers are known."""
        for element in self.root.iter():
            if local(element) in self.handlers:
                for above in element.iterancestors():
                    if above in self._holders or local(above) in self.whole:
                        break
                    self._holders.add(above)

    def count_unknown(self, element: Element, known: Collection[str]) -> None:
        """Count the elements that nothing here is said about, outside of what is dropped and of formulas."""
        waiting = [element]
        while waiting:
            here = waiting.pop()
            name = local(here)
            if name in self.dropped or name == "math":
                continue
            if not (name in known or name in self.handlers or name in self.special or name in self.tags):
                self.unknown[f"<{name}>"] += 1
            waiting += here

    def names(self, element: Element) -> list[str]:
        """The ids an element carries, the most permanent first."""
        found = attribute(element, "id")
        return [found] if found else []

    def is_dropped(self, element: Element) -> bool:
        """Whether an element is no part of the text; counted where the reader should be told."""
        return local(element) in self.dropped

    def content(self, element: Element, skip: Collection[Element] = ()) -> list[Block]:
        """The blocks inside an element; words between them are paragraphs."""
        found = self._groups(element, skip)
        if self.is_nested:  # what follows a section inside belongs to the section around, not to that one
            for before, group in pairwise(found):
                if group[0].kind != HEADING and any(block.kind == HEADING for block in before):
                    group[0] = replace(group[0], level=self.depth + 1)
        return [block for group in found for block in group]

    def _groups(self, element: Element, skip: Collection[Element]) -> list[list[Block]]:
        """The blocks of each child, and of the words between."""
        found: list[list[Block]] = []
        skip = frozenset(skip)
        run = [str(escape(characters(element.text)))]
        names: list[str] = []
        for child in element:
            if child in skip or self.is_dropped(child):
                pass
            elif child in self._holders or local(child) in self.handlers:
                found += [self._run(run, names), self.block(child)]
                run, names = [], []
            else:
                run.append(self.element(child))
                names += self.names_inside(child)
            run.append(str(escape(characters(child.tail))))
        return [group for group in [*found, self._run(run, names)] if group]

    def _run(self, run: Sequence[str], names: Sequence[str]) -> list[Block]:
        html = "".join(run).strip()
        return [paragraph_of(html, names)] if html or names else []

    def names_inside(self, element: Element) -> list[str]:
        """The ids of an element and of all below it, but for what is in a footnote."""
        found = self.names(element)
        waiting = list(reversed(element))
        while waiting:
            inner = waiting.pop()
            if local(inner) not in self.whole:
                found += self.names(inner) if self.is_named_inside else map(Mention, self.names(inner))
                waiting += reversed(inner)
        return found

    def block(self, element: Element) -> list[Block]:
        """The blocks an element is."""
        handler = self.handlers.get(local(element))
        return handler(element) if handler else self.container(element)

    def container(self, element: Element) -> list[Block]:
        """An element that is its content; its id leads to the first block of it."""
        return self.named(self.content(element), self.names(element))

    def named(self, blocks: list[Block], names: Sequence[str], *, is_first: bool = False) -> list[Block]:
        """Blocks of which the first bears further names."""
        if not names:
            return blocks
        if not blocks:
            return [Block("paragraph", "", tuple(names))]
        own = blocks[0].names
        return [replace(blocks[0], names=(*names, *own) if is_first else (*own, *names)), *blocks[1:]]

    def inner(self, element: Element, skip: Collection[Element] = ()) -> str:
        """What is inside an element, as HTML."""
        skip = frozenset(skip)
        parts = [str(escape(characters(element.text)))]
        for child in element:
            if child not in skip and not self.is_dropped(child):
                parts.append(self.element(child))
            parts.append(str(escape(characters(child.tail))))
        return "".join(parts)

    def element(self, element: Element) -> str:
        """An element as HTML."""
        name = local(element)
        if name in self.special:
            return self.special[name](element)
        tag = self.tags.get(name)
        if tag in VOID:
            return f"<{tag}>"
        inner = self.inner(element)
        if tag is None:
            return f" {inner} " if name in self.handlers else inner
        kept = "".join(f' {key}="{escape(element.get(key))}"' for key in self.keep if element.get(key))
        html = f"<{tag}{kept}>{inner}</{tag}>"
        return f" {html} " if name in self.handlers else html  # or words run together where the tag may not stand

    def link(self, address: str, inner: str) -> str:
        """A link inside the document or to the web; one to a neighbouring file leads nowhere and is its words."""
        if (address.startswith("#") and len(address) > 1) or ABROAD.match(address):
            return f'<a href="{escape(address)}">{inner}</a>'
        self.lost_links += bool(address)
        return inner

    def picture(self, address: str, alternative: str) -> str:
        """A picture that the file holds, or what stands in the place of one elsewhere."""
        held = in_address(address)
        if held is not None:
            return self.album.show(held, characters(alternative))
        self.pictures += 1
        name = " ".join(characters(alternative).split())
        told = f"Picture: {escape(name)}" if name else "Picture"
        return f'<a href="{escape(address)}">{told}</a>' if ABROAD.match(address) else told

    def formula(self, element: Element) -> str:
        """MathML as words: powers and indices stay where they are, fractions get a stroke."""
        self.formulas += 1
        return formula(element)

    def remarks(self) -> list[str]:
        """A sentence for each sort of thing that is not as it was."""
        told = []
        if self.left_out:
            told.append(f"What is not the text itself was left out: {_named(self.left_out)}.")
        if self.unknown:
            told.append(f"Elements that have no place here were kept as plain words: {_named(self.unknown)}.")
        for count, one, many in (
            (self.pictures, "picture is", "pictures are"), (self.formulas, "formula is", "formulas are")
        ):  # fmt: skip
            if count:
                told.append(f"{count:,} {one if count == 1 else many} shown as words.")
        if self.lost_links:
            told.append(f"Links to other files ({self.lost_links:,}) are shown as plain words.")
        return told + self.album.warnings


def _named(counts: Counter[str]) -> str:
    more = " …" if len(counts) > MOST_NAMED else ""
    return ", ".join(f"{name} ({count:,})" for name, count in counts.most_common(MOST_NAMED)) + more


def formula(element: Element) -> str:
    """One element of MathML as HTML without tags of its own."""
    name = local(element)
    if name.startswith("annotation"):
        return ""
    parts = [formula(child) for child in element if isinstance(child.tag, str)]
    if name in ("msup", "msub") and len(parts) == 2:
        return f"{parts[0]}<{name[1:]}>{parts[1]}</{name[1:]}>"
    if name == "mfrac" and len(parts) == 2:
        return f"({parts[0]})/({parts[1]})"
    if name in ("msqrt", "mroot"):
        return f"√({', '.join(parts)})"
    own = str(escape(characters(element.text).strip()))
    between = "".join(
        part + str(escape(characters(child.tail).strip())) for part, child in zip(parts, element, strict=True)
    )
    return f" {own} " if name == "mo" and own in ("=", "+", "−", "<", ">", "≤", "≥") else own + between
