"""Markdown that is nothing but signs costs seconds to read: such a text is refused before it is. Pure.

One look at each line. Listings in fences may hold what they like, for no sign in them means anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from consult.core.errors import Invalid

SIGNS = "*_~`["  # what Markdown looks for a partner of; "<" stands in every table of HTML and costs little
MOST_IN_BLOCK = 10_000  # of them without an empty line in between; a chapter of a standard has 1,000
MOST_IN_TEXT = 400_000  # what more would take longer than a file is given
DEEPEST = 100  # brackets open inside each other; the parser looks for the end of each
MOST_UNCLOSED = 1_000  # brackets in the whole text
FENCE = re.compile(r"(`{3,})[^`]*|(~{3,}+).*")
BRACKET = re.compile(r"\\.|[\[\]]", re.DOTALL)


def is_crowded(text: str) -> bool:
    """Whether there are more signs, in listings or not, than any text for people has; those of quotations, too."""
    return _signs(text) + text.count(">") > MOST_IN_TEXT


def refuse_mere_signs(text: str) -> None:
    """Invalid (field `file`) with a sentence for a text that hardly holds words."""
    in_all = unclosed = 0
    for line, block in _blocks(text):
        signs = _signs(block)
        in_all += signs
        unclosed += max(0, block.count("[") - block.count("]"))
        if signs > MOST_IN_BLOCK:
            _refuse(
                f"Near line {line:,} more than {MOST_IN_BLOCK:,} signs such as * _ [ and ` stand without an empty line"
                " between them. Put empty lines between the paragraphs, or a listing between two lines of ```."
            )
        if _is_deep(block):
            _refuse(
                f"Near line {line:,} more than {DEEPEST} square brackets are open inside each other."
                " Close them, or put a backslash before each."
            )
        if in_all > MOST_IN_TEXT or unclosed > MOST_UNCLOSED:
            _refuse(
                f"Up to line {line:,} there are more than {MOST_IN_TEXT:,} signs such as * _ [ and `, or more than"
                f" {MOST_UNCLOSED:,} square brackets that are never closed. That is no text people can read."
            )


def _signs(text: str) -> int:
    return sum(map(text.count, SIGNS))


def _refuse(sentence: str) -> None:
    raise Invalid(sentence, field="file")


def _is_deep(block: str) -> bool:
    if block.count("[") <= DEEPEST:
        return False
    depth = 0
    for match in BRACKET.finditer(block):
        depth = max(0, depth + {"[": 1, "]": -1}.get(match[0], 0))
        if depth > DEEPEST:
            return True
    return False


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """What is read at once, with the number of its first line: lines in a row, or one row of a table.

    Lines that hold too many signs come as they are found to: whoever goes on after them has not looked.
    """
    lines: list[str] = []
    fence = ""
    number = signs = 0
    for number, line in enumerate(text.split("\n"), 1):
        words = line.strip()
        before, fence = fence, _fence_after(fence, words)
        is_listing = bool(before or fence)
        is_row = words.startswith("|") and not is_listing
        if lines and (not words or is_listing or is_row):
            yield number - len(lines), "\n".join(lines)
            lines, signs = [], 0
        if is_row:
            yield number, words
        elif words and not is_listing:
            lines.append(words)
            signs += _signs(words)
            if signs > MOST_IN_BLOCK:
                break
    if lines:
        yield number - len(lines) + 1, "\n".join(lines)


def _fence_after(fence: str, words: str) -> str:
    """The fence one is inside of after a line, "" outside of any; `fence` before it."""
    if fence:
        return "" if words.startswith(fence) and not words.strip(fence[0]) else fence
    opens = FENCE.fullmatch(words)
    return (opens[1] or opens[2]) if opens else ""
