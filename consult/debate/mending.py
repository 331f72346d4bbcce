"""Counting anew what is kept: piece by piece, so that it fits into memory and nobody waits for long."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from consult.consultations.models import Consultation
from consult.core.db import one_moment
from consult.core.rules import SYSTEM

from . import operations, recounting
from .recounting import Piece

Through = Callable[[Sequence[Piece]], Iterable[Piece]]


def recount(consultation: Consultation, through: Through = iter) -> list[str]:
    """Set every kept counter of a consultation to what its rows say; a line for each that was wrong.

    Each piece is looked at as it was at one moment, while others write. What is wrong there is looked at once more and
    set right while it is held, in a transaction of its own. Killed in the middle, what was set right stays.
    `through` may watch the pieces pass.
    """
    with one_moment():
        pieces = list(recounting.pieces(consultation))
    lines: list[str] = []
    for piece in through(pieces):
        with one_moment():
            is_right = next(recounting.differences_in(consultation, piece), None) is None
        if not is_right:
            lines += operations.recount(actor=SYSTEM, consultation=consultation, piece=piece)
    return lines
