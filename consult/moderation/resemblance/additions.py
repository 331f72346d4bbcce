"""What one text adds to another one, and what it leaves out of it, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Collection

from consult.core.records import Record

from .words import Words, parts, without_courtesy, words

_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？।؟…])\s*|\n+")


class Difference(Record):
    """Sentences of a text that the template does not have word for word, and those of the template it does not have."""

    added: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def is_none(self) -> bool:
        return not self.added and not self.left_out


def difference(text: str, template: str, beside: Collection[Words] = ()) -> Difference:
    """Compare two texts without greetings, thanks, signatures, and the lines of `beside`."""
    mine, theirs = _sentences(text, beside), _sentences(template, beside)
    if _joined(mine) == _joined(theirs):  # the same words, whatever stands between them
        return Difference((), ())
    there, here = {said for _, said in theirs}, {said for _, said in mine}
    return Difference(
        tuple(line for line, said in mine if said not in there),
        tuple(line for line, said in theirs if said not in here),
    )


def shown(text: str, beside: Collection[Words] = ()) -> str:
    """The text of a template as it is shown: its lines that argue."""
    return "\n".join(line for line, _ in parts(text, beside)) or text


def _sentences(text: str, beside: Collection[Words]) -> list[tuple[str, Words]]:
    pieces = (piece.strip() for line, _ in parts(text, beside) for piece in _END.split(line) if piece)
    pairs = ((piece, without_courtesy(words(piece))) for piece in pieces)
    return [(piece, said) for piece, said in pairs if said]


def _joined(sentences: list[tuple[str, Words]]) -> Words:
    return tuple(word for _, said in sentences for word in said)
