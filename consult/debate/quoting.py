"""Quotations of what a moderator took out: the words go there, too, and nowhere else in that text. Pure."""

from __future__ import annotations

from collections.abc import Sequence

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
