"""What happens to the guide and to the shelf."""

from __future__ import annotations

from consult.core.records import Record


class GuideChanged(Record):
    """The guide, its questions or its terms say something else now."""

    consultation_id: int


class ResourceProposed(Record):
    """Somebody proposed something for the shelf."""

    resource_id: int


class ResourceDecided(Record):
    """A proposal was accepted or declined."""

    resource_id: int


class ShelfChanged(Record):
    """Something on the shelf was added, changed, moved, taken off or put back."""

    consultation_id: int
