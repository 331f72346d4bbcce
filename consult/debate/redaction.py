"""Words taken out of a text, and put back: found whatever marks of Markdown and line breaks stand between them. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

MARKS = r"*_`~\\"
BETWEEN = f"[{MARKS}]*"  # two characters of a word
GAP = rf"[\s>{MARKS}]+"  # two words; a quotation goes on with > in the next line


def pattern(passage: str, *, is_name: bool = False) -> re.Pattern[str] | None:
    """What finds the words of a passage, in any case; a name only as whole words. None when it has no words.

    Marks in the passage itself are not looked for, so that no two parts can match the same character: it stays
    linear, whatever a moderator copies.
    """
    words = [re.sub(f"[{MARKS}]", "", word) for word in re.split(r"[\s>]+", passage)]
    parts = [BETWEEN.join(map(re.escape, word)) for word in words if word]
    if not parts:
        return None
    edge, end = (r"(?<!\w)", r"(?!\w)") if is_name else ("", "")
    return re.compile(f"{edge}{GAP.join(parts)}{end}", re.IGNORECASE)


def holds(text: str, passage: str) -> bool:
    """Whether the words of a passage are in a text."""
    found = pattern(passage)
    return found is not None and found.search(text) is not None


def take_out(text: str, passage: str, notice: str, *, is_name: bool = False) -> tuple[str, list[str]]:
    """The text with a notice wherever the passage stood, and what stood there, in order."""
    found = pattern(passage, is_name=is_name)
    if found is None:
        return text, []
    return found.sub(lambda _match: notice, text), [match[0] for match in found.finditer(text)]


def put_back(text: str, notice: str, words: Sequence[str]) -> str:
    """The text with the words again, in order; a notice that its author has deleted since brings nothing back."""
    parts = text.split(notice)
    if not words:
        return text
    return parts[0] + "".join(words[min(at, len(words) - 1)] + part for at, part in enumerate(parts[1:]))
