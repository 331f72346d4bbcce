"""The difference between two wordings, word by word."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import escape
from rapidfuzz.distance import LCSseq

WORDS = re.compile(r"\s+|\w+|[^\w\s]")


def opcodes(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    """Edits that turn `old` into `new`: (tag, old start, old end, new start, new end), as difflib gives them."""
    return [(o.tag, o.src_start, o.src_end, o.dest_start, o.dest_end) for o in LCSseq.opcodes(old, new)]


def html(old: str, new: str) -> str:
    """Safe HTML of `new` with inserted words in <ins> and words of `old` that went in <del>."""
    old_words, new_words = WORDS.findall(old), WORDS.findall(new)
    pieces: list[tuple[str, str]] = []
    for tag, old_start, old_end, new_start, new_end in opcodes(old_words, new_words):
        if tag == "equal":
            pieces.append(("", "".join(new_words[new_start:new_end])))
            continue
        if old_end > old_start:
            pieces.append(("del", "".join(old_words[old_start:old_end])))
        if new_end > new_start:
            pieces.append(("ins", "".join(new_words[new_start:new_end])))
    return "".join(f"<{tag}>{escape(words)}</{tag}>" if tag else str(escape(words)) for tag, words in _readable(pieces))


def _readable(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Join changes that only a blank separates: two words replaced are one change, not two."""
    joined: list[tuple[str, str]] = []
    index = 0
    while index < len(pieces):
        deleted, inserted = "", ""
        while index < len(pieces):
            tag, words = pieces[index]
            is_bridge = not tag and words.isspace() and (deleted or inserted) and index + 1 < len(pieces)
            if not tag and not is_bridge:
                break
            deleted += words if tag in ("del", "") else ""
            inserted += words if tag in ("ins", "") else ""
            index += 1
        joined += [(tag, words) for tag, words in (("del", deleted), ("ins", inserted)) if words]
        if index < len(pieces):
            joined.append(pieces[index])
            index += 1
    return joined
