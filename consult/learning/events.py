"""What happens to the guide and to the shelf."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GuideChanged:
    """The guide, its questions or its terms say something else now."""

    consultation_id: int


@dataclass(frozen=True, slots=True)
class ResourceProposed:
    """Somebody proposed something for the shelf."""

    resource_id: int


@dataclass(frozen=True, slots=True)
class ResourceDecided:
    """A proposal was accepted or declined."""

    resource_id: int


@dataclass(frozen=True, slots=True)
class ShelfChanged:
    """Something on the shelf was added, changed, moved, taken off or put back."""

    consultation_id: int
