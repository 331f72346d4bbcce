"""Our Markdown: CommonMark with tables, strikethrough, footnotes and front matter; raw HTML only where it is safe."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from html import unescape
from typing import Any, cast

import msgspec
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import escape
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from consult.core.errors import Invalid
from consult.core.text import DRAFT_TAGS, clean

from . import attributes
from .pictures import Album, in_address

# Known elements a draft may hold but we do not keep; any other "<word>" is a placeholder and stays as text.
DROPPED_TAGS = {
    "address", "applet", "area", "article", "aside", "audio", "b", "base", "bdi", "bdo", "big", "body", "button",
    "canvas", "center", "data", "details", "dialog", "div", "embed", "fieldset", "font", "footer", "form", "frame",
    "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup", "html", "i", "iframe", "img", "input",
    "label", "legend", "link", "main", "map", "math", "meta", "nav", "noscript", "object", "option", "param",
    "picture", "q", "rp", "rt", "ruby", "samp", "script", "select", "slot", "source", "strike", "style", "summary",
    "svg", "template", "textarea", "time", "title", "track", "tt", "u", "video", "wbr",
}  # fmt: skip
# Dropping these loses looks only, never words or function: not worth a remark.
QUIET = {"b", "center", "div", "font", "i", "u", "wbr", "tt", "big", "address", "article", "main", "nav", "header"}
TAG = re.compile(r"<\s*+(?:/\s*+)?([a-zA-Z][\w.-]*)([^<>]*)>?")
HANDLER = re.compile(r"\s(on[a-z]+|style)\s*=", re.IGNORECASE)
FRONT_MATTER = re.compile(r"-{3,}[ \t]*\n\s*(#.*\n\s*)*[\w-]+\s*:(\s|$)")
FRONT_LINE = re.compile(r"([\w-]+)\s*:\s*(.*)")
EMPTY = re.compile(r"<(a|span)(?: [^>]*)?></\1>")
ANY_TAG = re.compile(r"<(/?)([a-zA-Z][\w.-]*)")
ATTRIBUTE = re.compile(r"""\b(src|alt)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
MOST_OPEN_TAGS = 500
MOST_SIGNS = 100_000  # in one unit: the cleaner's time grows with the square of these, too
LONGEST_VALUE = 2_000


def tidy_html(html: str) -> str:
    """Safe HTML, without the empty elements that carried ids."""
    if html.count("<") > MOST_OPEN_TAGS and _open_tags(html) > MOST_OPEN_TAGS:
        raise Invalid(
            f"There is raw HTML with more than {MOST_OPEN_TAGS} tags that are never closed, or open inside each other."
            f" It begins like this: {html[:60]}",
            field="file",
        )
    if html.count("&") > MOST_SIGNS:
        raise Invalid(
            f"There are more than {MOST_SIGNS:,} characters like “&” and “<” in one paragraph or table."
            f" It begins like this: {html[:60]}",
            field="file",
        )
    return EMPTY.sub("", clean(html, with_pictures='src="picture:' in html)).strip()


def _open_tags(html: str) -> int:
    """The most tags that are open at the same time; the cleaner's time grows with the square of that."""
    deepest = depth = 0
    for match in ANY_TAG.finditer(html):
        depth += -1 if match[1] else match[2].lower() not in VOID
        deepest = max(deepest, depth)
    return deepest


def _value(written: str) -> str:
    """A value of the front matter, with or without quotation marks around it."""
    if written.startswith('"'):
        with suppress(msgspec.DecodeError):
            return msgspec.json.decode(written.encode(), type=str)
    return written.strip("\"'")


def _held(written: str) -> tuple[bytes, str] | None:
    """The picture and the description that the attributes of an `<img>` hold; None where they only say where it is."""
    found = {m[1].lower(): unescape(m[2] or m[3] or m[4] or "") for m in ATTRIBUTE.finditer(written)}
    held = in_address(found.get("src", ""))
    return None if held is None else (held, found.get("alt", ""))


class Dialect:
    """A parser for one text, which remembers what it dropped."""

    def __init__(self) -> None:
        self.metadata: dict[str, str] = {}
        self._dropped: Counter[str] = Counter()
        self.album = Album()
        self._pictures: list[str] = []
        self._env: dict[str, Any] = {}
        self._md = (
            MarkdownIt("commonmark", {"html": True, "maxNesting": 100})
            .enable(["table", "strikethrough"])
            .use(front_matter_plugin)
            .use(footnote_plugin, inline=False, move_to_end=False)
            .use(attributes.plugin)
        )
        self._renderer = cast(RendererHTML, self._md.renderer)
        for name, rule in (
            ("image", self._picture), ("html_inline", self._raw_inline), ("html_block", self._raw_block),
            ("footnote_ref", self._footnote_mark),
        ):  # fmt: skip
            self._renderer.rules[name] = rule  # type: ignore[assignment]

    def parse(self, text: str) -> list[Token]:
        """The tokens of a text; front matter goes into `metadata`."""
        if not FRONT_MATTER.match(text):  # dashes above a heading are no front matter, and its words are not lost
            self._md.disable("front_matter")
        tokens = self._md.parse(text, self._env)
        if tokens and tokens[0].type == "front_matter":
            self._front_matter(tokens[0].content)
            tokens = tokens[1:]
        return tokens

    def render(self, tokens: Sequence[Token]) -> str:
        """Block tokens as safe HTML."""
        return tidy_html(str(self._renderer.render(tokens, self._md.options, self._env)))

    def inline(self, children: Sequence[Token] | None) -> str:
        """Inline tokens as safe HTML."""
        return tidy_html(str(self._renderer.renderInline(children or [], self._md.options, self._env)))

    def split_inline(self, token: Token, largest: int) -> list[str]:
        """A very long paragraph in parts of about `largest` characters, cut at its line breaks."""
        parts: list[str] = []
        current: list[Token] = []
        size = depth = 0
        for child in token.children or []:
            depth += child.nesting
            is_break = child.type in ("softbreak", "hardbreak") and depth == 0
            if is_break and size > largest // 4:
                parts.append(self.inline(current))
                current, size = [], 0
                continue
            current.append(child)
            size += len(child.content) + len(str(child.attrs or ""))
        return [*parts, self.inline(current)]

    def note_raw(self, html: str) -> None:
        """Remember what of a piece of raw HTML is not kept."""
        for match in TAG.finditer(html):
            name = match[1].lower()
            if (
                name in DROPPED_TAGS - QUIET
                and not match[0].startswith("</")
                and not (name == "img" and _held(match[2]))
            ):
                self._dropped[f"<{name}>"] += 1
            for attribute in HANDLER.findall(match[2]):
                self._dropped[attribute.lower()] += 1

    def keep_unknown(self, html: str) -> str:
        """Raw HTML in which what only looks like a tag ("<your name>") is text, and a picture it holds is shown."""

        def text_or_tag(match: re.Match[str]) -> str:
            name = match[1].lower()
            if name == "img" and (held := _held(match[2])):
                return self.album.show(*held)
            return match[0] if name in DRAFT_TAGS or name in DROPPED_TAGS else str(escape(match[0]))

        return TAG.sub(text_or_tag, html)

    def warnings(self) -> list[str]:
        """A sentence for each sort of thing that was dropped."""
        told = []
        if self._dropped:
            named = ", ".join(f"{name} ({count:,})" for name, count in self._dropped.most_common(12))
            told.append(
                f"Raw HTML that could do harm or is not text was left out: {named}. Its words were kept if it had any to show."
            )
        told += [f"The picture “{name}” is not shown; a link to it stands in its place." for name in self._pictures]
        return told + self.album.warnings

    def _front_matter(self, content: str) -> None:
        for line in content.splitlines():
            match = FRONT_LINE.fullmatch(line.strip())
            if match and match[2]:
                self.metadata.setdefault(match[1].lower(), _value(match[2].strip())[:LONGEST_VALUE])

    def _picture(self, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
        token = tokens[place]
        name = str(self._renderer.renderInlineAsText(token.children or [], options, env)).strip()
        address = str(token.attrs.get("src", ""))
        held = in_address(address)
        if held is not None:
            return self.album.show(held, name)
        name = name or "Picture"
        self._pictures.append(name)
        caption = escape(str(token.attrs.get("title", "")))
        shown = f"Picture: {escape(name)}" + (f" ({caption})" if caption else "")
        return f'<a href="{escape(address)}">{shown}</a>' if address.startswith(("http://", "https://")) else shown

    def _raw_inline(self, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
        content = tokens[place].content
        self.note_raw(content)
        return self.keep_unknown(content)

    def _raw_block(self, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
        return self._raw_inline(tokens, place, options, env)

    def _footnote_mark(self, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
        mark = escape(tokens[place].meta["label"])
        return f'<sup><a href="#footnote {mark}">{mark}</a></sup>'
