"""The Word file of what changed between two versions, with the accepted comments beside each change as its comments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from consult.core.rules import Actor

from . import alignment, explained, reading
from .alignment import Row
from .comparison import CHANGES
from .explained import Placed
from .exporters import word
from .kinship import Kinship, Spot
from .models import DraftVersion

TECHNICAL = "Technical: another duty or another number."
NOT_SURE = "Nobody has confirmed yet that this is the same clause."
MOST = explained.MOST


class Cause(Protocol):
    """What is said of an accepted comment."""

    @property
    def number(self) -> str: ...
    @property
    def who(self) -> str: ...
    @property
    def answer(self) -> str: ...
    @property
    def note(self) -> str: ...
    @property
    def is_proposed(self) -> bool: ...


def named(kin: Kinship, accepted: Placed) -> set[int]:
    """The comments that the file names."""
    changed = (row for row in kin.alignment.rows if row.fate in CHANGES)
    return set[int]().union(*(explained.beside(row, kin, accepted).named for row in changed))


def redline_file(
    *, viewer: Actor, versions: tuple[DraftVersion, DraftVersion], kin: Kinship, accepted: Placed,
    told: Mapping[int, Cause], address: str, language: str,
) -> bytes:  # fmt: skip
    """The file of two versions this viewer may see; the same versions, comments and address give the same bytes."""
    old, new = versions
    return word.write(
        word.Redline(
            title=new.draft.title, address=address, made_at=new.frozen_at or new.created_at, language=language,
            old=_edition(viewer, old), new=_edition(viewer, new), found=kin.alignment,
            remarks=lambda row, is_technical: _remarks(row, is_technical, kin, accepted, told),
        )
    )  # fmt: skip


def _edition(viewer: Actor, version: DraftVersion) -> word.Edition:
    name = f"draft {version.number}" + (f" ({version.name})" if version.name else "")
    return word.Edition(name, version.sha256, reading.text(viewer=viewer, version=version))


def _remarks(
    row: Row, is_technical: bool, kin: Kinship, accepted: Placed, told: Mapping[int, Cause]
) -> Sequence[str]:  # fmt: skip
    """What a Word comment says of one change; nothing where there is nothing to say."""
    if row.fate not in CHANGES:
        return []
    found = [TECHNICAL] if is_technical else []
    if row.fate in (alignment.SPLIT, alignment.MERGED, alignment.MOVED):
        found.append(f"{row.fate.capitalize()} from {', '.join(kin.old[place].name for place in row.old)}.")
    if not row.is_sure:
        found.append(NOT_SURE)
    beside = explained.beside(row, kin, accepted)
    lines = [("Accepted comments on this clause", beside.on_clause)]
    lines += [(f"Accepted comments on {_place(spot)}", ids) for spot, ids in beside.on_above]
    return found + [f"{words}: {said}" for words, ids in lines if (said := _told(ids, told))]


def _place(spot: Spot) -> str:
    return f"the section {spot.label or spot.name}" if spot.is_heading else spot.name


def _told(ids: Sequence[int], told: Mapping[int, Cause]) -> str:
    causes = "; ".join(_cause(told[comment]) for comment in ids[:MOST] if comment in told)
    more = f"; and {len(ids) - MOST} more" if len(ids) > MOST else ""
    return f"{causes}{more}." if causes else ""


def _cause(cause: Cause) -> str:
    proposed = " (proposed)" if cause.is_proposed else ""
    note = f", “{cause.note}”" if cause.note else ""
    return f"{cause.number} {cause.who}: {cause.answer}{proposed}{note}"
