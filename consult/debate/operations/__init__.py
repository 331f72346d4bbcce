"""Every write of the debate."""

from .comments import edit_comment, place_comment, post_comment, record_comment, withdraw_comment
from .replies import edit_reply, post_reply, vote, withdraw_reply
from .upkeep import hide, recount, set_disposition, unhide

__all__ = [
    "edit_comment", "edit_reply", "hide", "place_comment", "post_comment", "post_reply", "record_comment", "recount",
    "set_disposition", "unhide", "vote", "withdraw_comment", "withdraw_reply",
]  # fmt: skip
