"""Every write of the debate."""

from .carrying import carry_anchors, judge_anchor, take_back_judgement
from .comments import edit_comment, place_comment, post_comment, record_comment, renote_comment, withdraw_comment
from .recording import OutsideReply, record_replies
from .replies import edit_reply, post_reply, take_back_vote, vote, withdraw_reply
from .upkeep import hide, recount, set_disposition, unhide
from .visits import note_visit

__all__ = [
    "OutsideReply", "carry_anchors", "edit_comment", "edit_reply", "hide", "judge_anchor", "note_visit", "place_comment", "post_comment", "post_reply",
    "record_comment", "record_replies", "recount", "renote_comment", "set_disposition", "take_back_judgement", "take_back_vote", "unhide", "vote", "withdraw_comment",
    "withdraw_reply",
]  # fmt: skip
