"""What Markdown has no words for, in braces: the key, the kind, the numbers of a unit and where it belongs.

`{#key .kind label="53(2)"}` at the end of a heading is Pandoc's notation, `{: #key .kind label="53(2)(a)"}` on a line
of its own is kramdown's. The line stands right above a paragraph, table …, or right after the mark of a list item.
Braces that say anything else are words.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore

from consult.core.records import Record

from ..parsed import slug
from .outline import Key

KINDS = frozenset((
    "clause", "article", "annex", "chapter", "section", "part", "recital", "paragraph", "point", "table", "figure",
    "note", "code", "quote", "term", "footnote",
))  # fmt: skip
NAMES = ("label", "mark", "title", "below", "level")
LONGEST = 5_000  # characters of an attribute line
ITEM = re.compile(
    r'\s*(?:#(?P<key>[^\s"{}#.]+)|\.(?P<kind>[a-z]+)|(?P<name>[a-z]+)="(?P<value>(?:[^"\\\n]|\\.)*)")(?=[\s}])'
)
OPENING = re.compile(r"\{(?=[#.]|(?:key|label|mark|title|below|level)=)")
ESCAPED = re.compile(r"\\(?:u\{([0-9a-f]{1,6})\}|(.))")
UNSTABLE = re.compile('["\\\\\\x00-\\x1f\\x7f-\\xa0\\u2028\\u2029\\ufeff]')  # what a line of text would not keep


class Attributes(Record):
    """What is said of a unit. None: nothing is said, so that it is counted or read out of its words."""

    key: str = ""
    kind: str = ""
    label: str | None = None
    mark: str | None = None  # what hangs in the margin
    title: str | None = None
    below: str | None = None  # the key of what it belongs to; empty for the top
    level: str | None = None  # of a heading, where it is deeper than Markdown has signs for

    def __str__(self) -> str:
        """As they are written inside the braces; empty when nothing is said."""
        is_short = slug(self.key) == self.key
        said = [f"#{self.key}" if is_short else f'key="{_quoted(self.key)}"'] if self.key else []
        said += [f".{self.kind}"] if self.kind else []
        values = ((name, getattr(self, name)) for name in NAMES)
        return " ".join(said + [f'{name}="{_quoted(value)}"' for name, value in values if value is not None])


NOTHING = Attributes()


def _quoted(value: str) -> str:
    """A value as it stands between quotation marks, such that tidying the text leaves it as it is."""
    is_stable = unicodedata.is_normalized("NFC", value) and not unicodedata.combining((value or " ")[0])

    def written(match: re.Match[str]) -> str:
        sign = match[0]
        return f"\\{sign}" if sign in '"\\' else f"\\u{{{ord(sign):x}}}"

    quoted = UNSTABLE.sub(written, value)
    return quoted if is_stable else re.sub(r"[^\x00-\x7f]", lambda m: f"\\u{{{ord(m[0]):x}}}", quoted)


def _unquoted(value: str) -> str:
    def meant(match: re.Match[str]) -> str:
        number = int(match[1], 16) if match[1] else 0
        return chr(number) if 0 < number < 0x110000 and not 0xD800 <= number < 0xE000 else match[2] or ""

    return ESCAPED.sub(meant, value)


def read(text: str, start: int) -> Attributes | None:
    """The attributes between `start` and the end of the text, which is their closing brace; None for mere words."""
    found: dict[str, str] = {}
    place = start
    while match := ITEM.match(text, place):
        name = match["name"] or ("key" if match["key"] else "kind")
        value = _unquoted(match["value"]) if match["name"] else match["key"] or match["kind"]
        is_known = name in ("key", *NAMES) or (name == "kind" and value in KINDS)
        if not is_known or name in found or (name == "level" and not re.fullmatch(r"[1-9]\d{0,2}", value)):
            return None
        found[name] = Key(value) if match["name"] == "key" else value
        place = match.end()
    return Attributes(**found) if found and re.fullmatch(r"\s*\}", text[place:]) else None


def at_end(words: str) -> tuple[str, Attributes]:
    """The words of a heading without the attributes at their end, and these."""
    words = words.rstrip()
    if words.endswith("}"):
        for match in OPENING.finditer(words, max(0, len(words) - LONGEST)):
            if not is_escaped(words, match.start()) and (found := read(words, match.end())):
                return words[: match.start()].rstrip(), found
    return words, NOTHING


def is_escaped(text: str, place: int) -> bool:
    """Whether a backslash makes the sign at `place` a plain one."""
    before = place
    while before > 0 and text[before - 1] == "\\":
        before -= 1
    return (place - before) % 2 == 1


def plugin(md: MarkdownIt) -> None:
    """Tokens `attributes` for lines of attributes, and `meta["attributes"]` of headings."""
    md.block.ruler.before("table", "attributes", _line)
    md.core.ruler.after("block", "attributes", _headings)


def _line(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    place = state.bMarks[start] + state.tShift[start]
    last = state.eMarks[start]
    if silent or not state.src.startswith("{:", place) or state.is_code_block(start) or last - place > LONGEST:
        return False
    is_alone = start + 1 >= end or state.isEmpty(start + 1) or state.sCount[start + 1] < state.blkIndent
    found = None if is_alone else read(state.src[place + 2 : last].rstrip(), 0)
    if found is None:
        return False
    token = state.push("attributes", "", 0)
    token.map = [start, start + 1]
    token.meta = {"attributes": found}
    token.hidden = True
    state.line = start + 1
    return True


def _headings(state: StateCore) -> None:
    for before, token in zip(state.tokens, state.tokens[1:], strict=False):
        if before.type == "heading_open" and before.level == 0:
            token.content, found = at_end(token.content)
            before.meta = {"attributes": found}


def of(token: Any) -> Attributes:
    """What is said of the block that begins with a token."""
    found: Attributes = (token.meta or {}).get("attributes", NOTHING)
    return found
