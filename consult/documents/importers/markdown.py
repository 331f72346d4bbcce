"""A draft in Markdown, cut into numbered clauses and the paragraphs, points, tables … below them.

Pure: text in, ParsedDraft out; no database, no web. Time grows with the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from markdown_it.token import Token
from markupsafe import escape

from consult.core.errors import Invalid

from ..parsed import ParsedDraft, words_of
from . import numbering
from .dialect import Dialect, tidy_html
from .outline import LARGEST_UNIT, NOTE, Outline, check_headings, check_units, gather
from .source import tidy

DEEPEST = 40  # levels of lists and quotations inside each other
OWN_ID = re.compile(r"\{#([^\s{}]+)[^{}]*\}")
RAW_ID = re.compile(r"""<[a-zA-Z][^>]*?\s(?:id|name)\s*=\s*["']?([^\s"'>]+)""")
LONGEST_UNDERLINED = 200  # characters of a heading that is marked by dashes below it
TERM = re.compile(r"(?=<dt[\s>])", re.IGNORECASE)


def parse(text: str) -> ParsedDraft:
    """Cut a Markdown text into units; Invalid (field `file`) with a sentence when that cannot be done."""
    dialect = Dialect()
    tokens = dialect.parse(tidy(text))
    _refuse_extremes(tokens)
    walker = _Walker(dialect, tokens)
    walker.walk()
    draft = walker.builder
    check_units(draft)
    draft.warnings += dialect.warnings()
    return draft.finish(draft.called(dialect.metadata.get("title", "")), dialect.metadata, "markdown")


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


@dataclass(frozen=True, slots=True)
class _Block:
    """One thing in the stream of tokens: its first token, and all its tokens."""

    first: Token
    tokens: Sequence[Token]

    @property
    def inside(self) -> Sequence[Token]:
        return self.tokens[1:-1]

    @property
    def inline(self) -> Token:
        return self.tokens[1]


def _blocks(tokens: Sequence[Token]) -> Iterator[_Block]:
    """The blocks of one level, in order."""
    start = 0
    while start < len(tokens):
        end = start + 1
        if tokens[start].nesting == 1:
            while tokens[end].level != tokens[start].level:
                end += 1
            end += 1
        yield _Block(tokens[start], tokens[start:end])
        start = end


class _Walker:
    """Goes through the blocks once and adds a unit for each."""

    def __init__(self, dialect: Dialect, tokens: Sequence[Token]) -> None:
        self.dialect = dialect
        self.tokens = tokens
        self.builder = Outline()
        self.footnotes: list[_Block] = []

    def walk(self) -> None:
        blocks = [self._not_a_heading(block) for block in _blocks(self.tokens)]
        titles = [b for b in blocks if b.first.type == "heading_open"]
        texts = [self._title(b.inline) for b in titles]
        headings = iter(
            zip(
                texts,
                numbering.read([(int(b.first.tag[1]), t) for b, (t, _) in zip(titles, texts, strict=True)]),
                strict=True,
            )
        )
        for block in blocks:
            if block.first.type == "heading_open":
                (_, names), heading = next(headings)
                self._heading(block, heading, names)
            else:
                self._block(block, self.builder.parent)
        self._add_footnotes()

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
        return words_of(self.dialect.inline(inline.children)) or "Untitled", names

    def _ids(self, inline: Token) -> list[str]:
        names = []
        children = inline.children or []
        if children and children[-1].type == "text":
            words = children[-1].content.rstrip()
            if match := OWN_ID.fullmatch(words, max(words.rfind("{#"), 0)):
                names.append(match[1])
                children[-1].content = words[: match.start()].rstrip()
        raw = "".join(child.content for child in children if child.type == "html_inline")
        return names + RAW_ID.findall(raw)

    def _heading(self, block: _Block, heading: numbering.Heading, ids: list[str]) -> None:
        html = self.dialect.inline(block.inline.children)
        where = f"Line {_line(block.first):,}: "
        self.builder.heading(int(block.first.tag[1]), heading, html, ids=ids, where=where)

    def _block(self, block: _Block, parent: int | None) -> None:
        kinds: dict[str, Callable[[_Block, int | None], None]] = {
            "bullet_list_open": self._list, "ordered_list_open": self._list, "paragraph_open": self._paragraph,
            "blockquote_open": self._quotation, "table_open": self._table, "fence": self._listing,
            "code_block": self._listing, "html_block": self._raw, "footnote_reference_open": self._footnote,
        }  # fmt: skip
        if block.first.type in kinds:  # else a rule across the page, which holds no words
            kinds[block.first.type](block, parent)

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
        children = [c for c in block.inline.children or [] if c.type != "softbreak"]
        kind = "figure" if children and all(c.type == "image" for c in children) else "paragraph"
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

    def _item(self, item: _Block, parent: int | None) -> None:
        """A list item: what stands before its first inner list is the item; inner lists and the rest go below it."""
        blocks = list(_blocks(item.inside))
        inner = next((n for n, b in enumerate(blocks) if b.first.type.endswith("_list_open")), len(blocks))
        own = [replace(b, tokens=[_shown(t) for t in b.tokens]) for b in blocks[:inner]]
        names = [name for b in own if b.first.type == "paragraph_open" for name in self._ids(b.inline)]
        mark = f"{item.first.info}{item.first.markup}" if item.first.info else "•"
        html = "".join(self.dialect.render(b.tokens) for b in own if b.first.type != "footnote_reference_open")
        self.footnotes += [b for b in own if b.first.type == "footnote_reference_open"]
        if not own and inner == len(blocks):
            return
        place = self._add("point", html, parent, names, own_label=mark, is_kept=True)
        for block in blocks[inner:]:
            self._block(block, place)

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


def _as_paragraph(token: Token, kind: str) -> Token:
    """The same token as a paragraph's."""
    return token.copy(type=kind, tag="p", markup="")


def _shown(token: Token) -> Token:
    """A paragraph of a tight list with its tags, so that all items look alike."""
    token.hidden = False
    return token
