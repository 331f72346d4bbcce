"""A draft in Markdown, cut into numbered clauses and the paragraphs, points, tables … below them.

Pure: text in, ParsedDraft out; no database, no web. Time grows with the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from html import unescape

from markdown_it.token import Token
from markupsafe import escape

from consult.core.errors import Invalid
from consult.core.records import Record, replace

from ..parsed import PICTURE, ParsedDraft, words_of
from . import attributes, numbering
from .attributes import NOTHING, Attributes, is_escaped
from .density import refuse_mere_signs
from .dialect import FRONT_MATTER, Dialect, tidy_html
from .outline import LARGEST_UNIT, NOTE, Outline, check_headings, check_units, gather
from .source import tidy

DEEPEST = 40  # levels of lists and quotations inside each other
OWN_ID = re.compile(r"\{#([^\s{}]++)[^{}]*\}")
RAW_ID = re.compile(r"""<[a-zA-Z][^>]*?\s(?:id|name)\s*=\s*["']?([^\s"'>]+)""")
LONGEST_UNDERLINED = 200  # characters of a heading that is marked by dashes below it
RAW = "{=html}"  # what Pandoc calls a fence around HTML
WHOLE = ("paragraph_open", "blockquote_open", "table_open", "fence", "code_block", "html_block")
LISTING = re.compile(r"<pre><code>([^<]*)</code></pre>")
UNTITLED = "Untitled"
TERM = re.compile(r"(?=<dt[\s>])", re.IGNORECASE)


def has_front_matter(text: str) -> bool:
    """Whether a text begins as only Markdown does, whatever stands in it."""
    return FRONT_MATTER.match(text) is not None


def parse(text: str) -> ParsedDraft:
    """Cut a Markdown text into units; Invalid (field `file`) with a sentence when that cannot be done."""
    text = tidy(text)
    refuse_mere_signs(text)
    dialect = Dialect()
    tokens = dialect.parse(text)
    _refuse_extremes(tokens)
    walker = _Walker(dialect, tokens)
    walker.walk()
    draft = walker.builder
    check_units(draft)
    draft.warnings += dialect.warnings()
    return draft.finish(
        draft.called(dialect.metadata.get("title", "")), dialect.metadata, "markdown", dialect.album.files
    )


def _refuse_extremes(tokens: Sequence[Token]) -> None:
    check_headings(sum(token.type == "heading_open" for token in tokens))
    for token in tokens:
        if token.level > 2 * DEEPEST:
            raise Invalid(
                f"Near line {_line(token):,} lists or quotations are nested more than {DEEPEST} levels deep."
                " Nobody could find a place in them: bring it to fewer levels.",
                field="file",
            )


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1


class _Block(Record):
    """One thing in the stream of tokens: its first token, and all its tokens."""

    first: Token
    tokens: Sequence[Token]
    said: Attributes = NOTHING  # on the line above

    @property
    def inside(self) -> Sequence[Token]:
        return self.tokens[1:-1]

    @property
    def inline(self) -> Token:
        return self.tokens[1]


def _blocks(tokens: Sequence[Token]) -> Iterator[_Block]:
    """The blocks of one level, in order."""
    start = 0
    said = NOTHING
    while start < len(tokens):
        end = start + 1
        if tokens[start].nesting == 1:
            while tokens[end].level != tokens[start].level:
                end += 1
            end += 1
        if tokens[start].type == "attributes":
            said = attributes.of(tokens[start])
        else:
            yield _Block(tokens[start], tokens[start:end], said)
            said = NOTHING
        start = end


class _Walker:
    """Goes through the blocks once and adds a unit for each."""

    def __init__(self, dialect: Dialect, tokens: Sequence[Token]) -> None:
        self.dialect = dialect
        self.tokens = tokens
        self.builder = Outline()
        self.footnotes: list[_Block] = []
        self._places: dict[str, int] = {}  # of the units so far, by key

    def walk(self) -> None:
        blocks = [self._not_a_heading(block) for block in _blocks(self.tokens)]
        titles = [b for b in blocks if b.first.type == "heading_open"]
        texts = [self._title(b.inline) for b in titles]
        headings = zip(texts, self._numbers(titles, [text for text, _ in texts]), strict=True)
        for block in blocks:
            if block.first.type == "heading_open":
                (_, names), heading = next(headings)
                self._heading(block, heading, names)
            else:
                self._block(block, self.builder.parent)
        self._add_footnotes()

    def _numbers(self, titles: Sequence[_Block], texts: Sequence[str]) -> list[numbering.Heading]:
        """What each heading is cited by: as it says itself, else as is printed."""
        said = [attributes.of(block.first) for block in titles]
        printed = iter(
            numbering.read([(_level(b), t) for b, t, own in zip(titles, texts, said, strict=True) if own.label is None])
        )
        return [
            next(printed) if own.label is None else _told(own, own.label, text)
            for own, text in zip(said, texts, strict=True)
        ]

    def _not_a_heading(self, block: _Block) -> _Block:
        """Dashes right under a paragraph make Markdown take it for a heading; a long one is no heading."""
        is_underlined = block.first.type == "heading_open" and block.first.markup in ("-", "=")
        if not is_underlined or len(block.inline.content) <= LONGEST_UNDERLINED:
            return block
        self.builder.warnings.append(
            f"Line {_line(block.first):,}: a long paragraph with dashes right below it is kept as a paragraph, not as a"
            " heading. An empty line between the two makes that clear."
        )
        return _Block(
            _as_paragraph(block.first, "paragraph_open"),
            [
                _as_paragraph(block.first, "paragraph_open"),
                block.inline,
                _as_paragraph(block.tokens[2], "paragraph_close"),
            ],
        )

    def _title(self, inline: Token) -> tuple[str, list[str]]:
        """A heading's words, and the ids it carries; a `{#id}` is taken out of it."""
        names = self._ids(inline)
        return words_of(self.dialect.inline(inline.children)) or UNTITLED, names

    def _ids(self, inline: Token) -> list[str]:
        names = []
        children = inline.children or []
        is_plain = is_escaped(inline.content, inline.content.rfind("{"))
        if children and children[-1].type == "text" and not is_plain:
            words = children[-1].content.rstrip()
            if match := OWN_ID.fullmatch(words, max(words.rfind("{#"), 0)):
                names.append(match[1])
                children[-1].content = words[: match.start()].rstrip()
        raw = "".join(child.content for child in children if child.type == "html_inline")
        return names + RAW_ID.findall(raw)

    def _heading(self, block: _Block, heading: numbering.Heading, ids: list[str]) -> None:
        said = attributes.of(block.first)
        html = self.dialect.inline(block.inline.children)
        where = f"Line {_line(block.first):,}: "
        if said.title is not None:
            heading = replace(heading, title=said.title)
        ids = [said.key, *ids] if said.key else ids
        self.builder.heading(_level(block), heading, html, ids=ids, where=where, kind=said.kind)

    def _block(self, block: _Block, parent: int | None) -> None:
        kinds: dict[str, Callable[[_Block, int | None], None]] = {
            "bullet_list_open": self._list, "ordered_list_open": self._list, "paragraph_open": self._paragraph,
            "blockquote_open": self._quotation, "table_open": self._table, "fence": self._listing,
            "code_block": self._listing, "html_block": self._raw, "footnote_reference_open": self._footnote,
        }  # fmt: skip
        if block.said != NOTHING and block.first.type in WHOLE:
            self._whole(block, parent)
        elif block.first.type in kinds:  # else a rule across the page, which holds no words
            kinds[block.first.type](block, parent)

    def _whole(self, block: _Block, parent: int | None) -> None:
        """A block of which the line above says what it is: one unit, however long."""
        names = self._ids(block.inline) if block.first.type == "paragraph_open" else []
        kind, html, text = self._content(block)
        self._said(block.said, kind, html, parent, names, text=text)

    def _content(self, block: _Block) -> tuple[str, str, str]:
        """What a block is by itself: its kind, its HTML, and its text where that is not the words of it."""
        first = block.first
        if first.type == "fence" and first.info.strip() == RAW:
            html = tidy_html(self.dialect.keep_unknown(first.content))
            listing = LISTING.fullmatch(html)
            return ("code", html, unescape(listing[1]).rstrip("\n")) if listing else (_kind_of_raw(html), html, "")
        if first.type in ("fence", "code_block"):
            return "code", f"<pre><code>{escape(first.content)}</code></pre>", first.content.rstrip("\n")
        if first.type == "html_block":
            self.dialect.note_raw(first.content)
            html = tidy_html(self.dialect.keep_unknown(first.content))
            return _kind_of_raw(html), html, ""
        html = self.dialect.render(block.tokens)
        if first.type == "paragraph_open" and self._is_figure(block):
            return "figure", f"<figure>{html}</figure>", ""
        kind = {"table_open": "table", "blockquote_open": "quote"}.get(first.type, "paragraph")
        return "note" if kind != "table" and NOTE.match(words_of(html)) else kind, html, ""

    def _said(
        self, said: Attributes, kind: str, html: str, parent: int | None, names: Sequence[str], *,
        mark: str = "", text: str = "",
    ) -> int | None:  # fmt: skip
        """Add a unit that is what its attributes say."""
        kind = said.kind or kind
        if said.below is not None:
            parent = self._place_of(said.below)
        place = self.builder.counted(
            kind, html, parent, [said.key, *names] if said.key else names, text=text if kind == "code" else "",
            own_label=mark if said.mark is None else said.mark, label=said.label or "", title=said.title or "",
            is_kept=True,
        )  # fmt: skip
        if said.label == "" and place is not None:
            self.builder.units[place] = replace(self.builder.units[place], label="")
        return place

    def _place_of(self, key: str) -> int | None:
        """The place of the unit with this key, if there is one above."""
        for place in range(len(self._places), len(self.builder.units)):
            self._places[self.builder.units[place].key] = place
        return self._places.get(key)

    def _list(self, block: _Block, parent: int | None) -> None:
        for item in _blocks(block.inside):
            self._item(item, parent)

    def _quotation(self, block: _Block, parent: int | None) -> None:
        html = self.dialect.render(block.tokens)
        self._add("note" if NOTE.match(words_of(html)) else "quote", html, parent, split=block.inside)

    def _footnote(self, block: _Block, parent: int | None) -> None:
        self.footnotes.append(block)

    def _paragraph(self, block: _Block, parent: int | None) -> None:
        names = self._ids(block.inline)
        kind = "figure" if self._is_figure(block) else "paragraph"
        html = self.dialect.render(block.tokens)
        if kind == "figure":
            html = f"<figure>{html}</figure>"
        elif NOTE.match(words_of(html)):
            kind = "note"
        if len(html) > LARGEST_UNIT:
            for part in self.dialect.split_inline(block.inline, LARGEST_UNIT):
                self._add(kind, f"<p>{part}</p>", parent, names)
        else:
            self._add(kind, html, parent, names)

    @staticmethod
    def _is_figure(block: _Block) -> bool:
        children = [c for c in block.inline.children or [] if c.type != "softbreak"]
        return bool(children) and all(c.type == "image" for c in children)

    def _item(self, item: _Block, parent: int | None) -> None:
        """A list item: what stands before its first inner list is the item; inner lists and the rest go below it."""
        said = attributes.of(item.tokens[1])
        blocks = list(_blocks(item.inside))
        inner = next((n for n, b in enumerate(blocks) if b.first.type.endswith("_list_open")), len(blocks))
        own = [replace(b, tokens=[_shown(t) for t in b.tokens], said=NOTHING) for b in blocks[:inner]]
        names = [name for b in own if b.first.type == "paragraph_open" for name in self._ids(b.inline)]
        mark = f"{item.first.info}{item.first.markup}" if item.first.info else "•"
        self.footnotes += [b for b in own if b.first.type == "footnote_reference_open"]
        own = [b for b in own if b.first.type != "footnote_reference_open"]
        if not own and inner == len(blocks):
            return
        if len(own) == 1 and (said.kind or own[0].first.type == "fence"):
            _, html, text = self._content(own[0])
        else:
            html, text = "".join(self._shown_in_item(b) for b in own), ""
        place = self._said(said, "point", html, parent, names, mark=mark, text=text)
        for block in blocks[inner:]:
            self._block(block, place)

    def _shown_in_item(self, block: _Block) -> str:
        is_raw = block.first.type == "fence" and block.first.info.strip() == RAW
        return (
            tidy_html(self.dialect.keep_unknown(block.first.content)) if is_raw else self.dialect.render(block.tokens)
        )

    def _table(self, block: _Block, parent: int | None) -> None:
        html = self.dialect.render(block.tokens)
        if len(html) <= LARGEST_UNIT:
            self._add("table", html, parent)
            return
        head, _, rows = html.partition("<tbody>")
        pieces = re.findall(r"<tr>.*?</tr>", rows, re.DOTALL)
        for part in gather(pieces):
            self._add("table", f"{head}<tbody>{part}</tbody></table>", parent)

    def _listing(self, block: _Block, parent: int | None) -> None:
        if block.first.info.strip() == RAW:
            self._whole(block, parent)
            return
        lines = block.first.content.splitlines(keepends=True)
        for part in gather(lines) or [""]:
            self._add("code", f"<pre><code>{escape(part)}</code></pre>", parent, text=part.rstrip("\n"))

    def _raw(self, block: _Block, parent: int | None) -> None:
        """Raw HTML: a list of definitions gives a unit per term; anything else is one unit."""
        self.dialect.note_raw(block.first.content)
        parts = TERM.split(self.dialect.keep_unknown(block.first.content))
        for part in parts:
            names, html = RAW_ID.findall(part), tidy_html(part)
            if part[:3].lower() == "<dt":
                self._add("term", f"<dl>{html}</dl>" if words_of(html) else "", parent, names)
            elif not words_of(html) and PICTURE.search(html):
                self._add("figure", f"<figure>{html}</figure>", parent, names)
            elif not words_of(html):
                self.builder.names += names
            else:
                self._add("table" if "<table" in html else "paragraph", html, parent, names)

    def _add(
        self, kind: str, html: str, parent: int | None, names: Sequence[str] = (), *,
        own_label: str = "", text: str = "", is_kept: bool = False, split: Sequence[Token] = (),
    ) -> int | None:  # fmt: skip
        """Add a counted unit below `parent`; nothing without words unless `is_kept`."""
        if len(html) > LARGEST_UNIT and split:
            for block in _blocks(split):
                self._block(block, parent)
            return None
        return self.builder.counted(kind, html, parent, names, own_label=own_label, text=text, is_kept=is_kept)

    def _add_footnotes(self) -> None:
        notes = []
        for block in self.footnotes:
            html = self.dialect.render([t for t in block.inside if t.type != "footnote_reference_open"])
            notes.append((str(block.first.meta["label"]), html))
        self.builder.footnotes(notes)


def _level(heading: _Block) -> int:
    return int(attributes.of(heading.first).level or heading.first.tag[1])


def _told(said: Attributes, label: str, title: str) -> numbering.Heading:
    """A heading that says itself what it is cited by."""
    read = numbering.labelled(label, title)
    is_empty = title == UNTITLED and label
    mark = read.own_label if said.mark is None else said.mark
    return replace(read, label=label, own_label=mark, title="" if is_empty else title)


def _kind_of_raw(html: str) -> str:
    if html.startswith("<dl>"):
        return "term"
    return "table" if "<table" in html else "paragraph"


def _as_paragraph(token: Token, kind: str) -> Token:
    """The same token as a paragraph's."""
    return token.copy(type=kind, tag="p", markup="")


def _shown(token: Token) -> Token:
    """A paragraph of a tight list with its tags, so that all items look alike."""
    token.hidden = False
    return token
