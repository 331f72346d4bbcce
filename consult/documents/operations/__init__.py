"""Every write about drafts."""

from .aligning import confirm_alike, confirm_pairs, link_by_hand, part_pairs, take_back
from .drafts import discard_draft, freeze_version, import_version, keep_draft, stage_draft

__all__ = [
    "confirm_alike", "confirm_pairs", "discard_draft", "freeze_version", "import_version", "keep_draft",
    "link_by_hand", "part_pairs", "stage_draft", "take_back",
]  # fmt: skip
