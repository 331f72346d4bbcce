"""What of a Word file is not shown, one sentence for each sort."""

from __future__ import annotations

from collections.abc import Mapping

SENTENCES = {
    "changes": "The file holds tracked changes ({count:,} deletions or moves). The text is read as if all were accepted.",
    "comments": "The file holds comments ({count:,}). They are not shown.",
    "hidden": "Hidden text ({count:,} pieces) is left out.",
    "chunks": "A piece of another file ({count:,}) is embedded in the text and is left out. Paste its words into the"
    " document instead.",
    "symbols": "Signs of a symbol font ({count:,}) are shown as □. Put in the usual characters for them.",
    "drawings": "A chart or diagram ({count:,}) is not shown; a line stands in its place. Paste it as a picture to have"
    " it shown.",
}


def remarks(seen: Mapping[str, int]) -> list[str]:
    """The sentences for what was seen."""
    return [sentence.format(count=seen[name]) for name, sentence in SENTENCES.items() if seen.get(name)]
