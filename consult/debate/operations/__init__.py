"""Every write of the debate."""

from .carrying import carry_anchors, judge_anchor, take_back_judgement
from .comments import edit_comment, place_comment, post_comment, record_comment, withdraw_comment
from .cosignatures import cosign, take_back_name
from .drafts import discard_draft, forget_discarded, restore_draft, save_draft
from .replies import edit_reply, post_reply, vote, withdraw_reply
from .upkeep import hide, recount, set_disposition, unhide

__all__ = [
    "carry_anchors", "cosign", "discard_draft", "edit_comment", "edit_reply", "forget_discarded", "hide", "judge_anchor", "place_comment", "post_comment", "post_reply",
    "record_comment", "recount", "restore_draft", "save_draft", "set_disposition", "take_back_judgement", "take_back_name", "unhide", "vote", "withdraw_comment",
    "withdraw_reply",
]  # fmt: skip
