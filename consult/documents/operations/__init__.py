"""Every write about drafts."""

from .aligning import confirm_alike, confirm_pairs, link_by_hand, part_pairs, take_back
from .drafts import (
    correct_structure,
    discard_draft,
    freeze_version,
    import_version,
    keep_draft,
    stage_draft,
    undo_corrections,
)

__all__ = [
    "confirm_alike", "confirm_pairs", "correct_structure", "discard_draft", "freeze_version", "import_version", "keep_draft",
    "link_by_hand", "part_pairs", "stage_draft", "take_back", "undo_corrections",
]  # fmt: skip
