"""Quotations of what is not shown any more: the words go there, too, and nowhere else in that text. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import dedent

from markdown_it.token import Token

from consult.core import text

from . import redaction, references
from .references import Target

Found = list[str]


def without(
    body: str, slug: str, target: Target, *, said: Sequence[str], passage: str, notice: str, is_name: bool = False
) -> tuple[str, Found]:
    """A text with a notice for the passage in each quotation of `target`, and what stood there, in order.

    `said`: all that the target says now, without the words. A quotation that is in none of it has a part of the
    passage: all of its words go.
    """
    lines, taken = body.split("\n"), Found()
    tokens = text.parse(body)
    for one in reversed(references.quotations(tokens, slug)):
        where = references.lines_of(tokens, one) if one.target == target else None
        if where is None:
            continue
        block = "\n".join(lines[slice(*where)])
        changed, words = redaction.take_out(block, passage, notice, is_name=is_name)
        left, _words = redaction.take_out(one.words, passage, references.unescaped(notice), is_name=is_name)
        if not any(references.is_said(left, words) for words in said):
            first, rest = _after_mark(block)
            changed, words = first + notice, [rest]
        if words:
            lines[slice(*where)] = changed.split("\n")
            taken = words + taken
    return "\n".join(lines), taken


def _after_mark(block: str) -> tuple[str, str]:
    """The `> ` a quotation begins with, and the rest of it."""
    mark, _, rest = block.partition(">")
    blanks = rest[: len(rest) - len(rest.lstrip(" "))]
    return f"{mark}>{blanks}", rest[len(blanks) :]


def settled(body: str, slug: str, target: Target, *, said: Sequence[str], held: list[str]) -> str:
    """A text whose quotations of `target` say only what is shown of it now.

    `said`: all that it says and said, [] when it is not shown. What is not in it is put away at the end of `held`, and
    its number there is kept as the title of the link; what is in it again comes back.
    """
    lines, tokens = body.split("\n"), text.parse(body)
    for one in reversed(references.quotations(tokens, slug)):
        if one.target == target:
            start, end = _lines_of_all(tokens[one.start], lines)
            block = "\n".join(lines[start:end])
            lines[start:end] = _settled(block, one.words, tokens[one.start + 2], slug, said, held).split("\n")
    return "\n".join(lines)


def is_put_away(body: str, slug: str, target: Target) -> bool:
    """Whether a quotation of `target` in a text has no words now."""
    found = references.quotations(text.parse(body), slug)
    return any(one.target == target and one.words == references.GONE for one in found)


def _settled(block: str, words: str, opening: Token, slug: str, said: Sequence[str], held: list[str]) -> str:
    if words != references.GONE:
        return block if _is_said(words, said) else _put_away(block, opening, held)
    number = str((opening.children or [])[0].attrs.get("title", ""))
    kept = held[int(number) - 1] if number.isdecimal() and 0 < int(number) <= len(held) else ""
    again = references.quotations(text.parse(dedent(kept)), slug)
    return kept if again and _is_said(again[0].words, said) else block


def _is_said(words: str, said: Sequence[str]) -> bool:
    return any(references.is_said(words, all_of_it) for all_of_it in said)


def _put_away(block: str, opening: Token, held: list[str]) -> str:
    if block not in held:
        held.append(block)
    before = block.partition(">")[0]
    address = str((opening.children or [])[0].attrs["href"])
    number = address.partition("/comments/")[2].partition("/")[0]
    first = f'{before}> [{number}]({address} "{held.index(block) + 1}"):'
    blank = " " * len(before)
    return f"{first}\n{blank}>\n{blank}> {references.GONE}"


def _lines_of_all(opening: Token, lines: Sequence[str]) -> tuple[int, int]:
    start, end = opening.map or (0, 0)
    while end > start and not lines[end - 1].strip():
        end -= 1
    return start, end
