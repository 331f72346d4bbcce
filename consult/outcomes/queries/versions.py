"""A version of a summary beside the one before, and what a round changes materially."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from consult.consultations.models import Consultation, Round
from consult.core.errors import Missing, Refused
from consult.core.likeness import score, shingles
from consult.core.records import Record
from consult.core.rules import Actor, Verdict

from .. import rules
from .account import Account, Line, account
from .guards import Material, material

ALIKE = 0.3  # share of common runs of signs from which a sentence is the other one in other words


class Compared(Record):
    """A version, the one before (None: it is the first), and their sentences side by side: (before, now)."""

    now: Account
    before: Account | None
    pairs: Sequence[tuple[Line | None, Line | None]]


class MaterialPage(Record):
    """What a round changes materially, and who may say that it does not."""

    consultation: Consultation
    of: Round
    material: Material
    verdict: Verdict


def compare_versions(*, viewer: Actor, consultation: Consultation, of: Round, number: int) -> Compared:
    """One published version with what it changed; Missing when there is none that this viewer may read."""
    now = account(viewer=viewer, consultation=consultation, of=of, number=number)
    if not number or now.version is None:
        raise Missing("The summary has no such version.")
    if number == 1:
        return Compared(now, None, [(None, line) for line in now.lines])
    before = account(viewer=viewer, consultation=consultation, of=of, number=number - 1)
    return Compared(now, before, list(paired(before.lines, now.lines)))


def paired(old: Sequence[Line], new: Sequence[Line]) -> Iterator[tuple[Line | None, Line | None]]:
    """Sentences that say the same in other words, in the order of the new ones; then those that went."""
    left = list(old)
    for line in new:
        best = max(left, key=lambda before: _alike(before, line), default=None)
        if best is not None and _alike(best, line) >= ALIKE:
            left.remove(best)
            yield best, line
        else:
            yield None, line
    for line in left:
        yield line, None


def _alike(one: Line, other: Line) -> float:
    if one.text == other.text:
        return 1.0 + (one.section == other.section)
    return score(shingles(one.text), shingles(other.text))


def material_page(*, viewer: Actor, consultation: Consultation) -> MaterialPage:
    """What stands between the published outcome and the adoption of its draft, for those who run the consultation."""
    verdict = rules.may_work(viewer, consultation)
    if not verdict:
        raise Refused(verdict.reason)
    of = consultation.round
    found = material(viewer=viewer, of=of)
    return MaterialPage(consultation, of, found, rules.may_state_immaterial(viewer, consultation))
