"""Every write of the debate."""

from .behalf import (
    change_shared,
    note_on_shared,
    propose_for_signature,
    put_away,
    send_back,
    share_draft,
    take_up,
)
from .carrying import carry_anchors, judge_anchor, take_back_judgement
from .comments import (
    edit_comment,
    give_to_author,
    place_comment,
    post_comment,
    record_comment,
    renote_comment,
    take_from_author,
    withdraw_comment,
)
from .cosignatures import cosign, take_back_name
from .drafts import discard_draft, forget_discarded, restore_draft, save_draft
from .letters import discard_letter, hand_over_letter, post_letter, save_cut, send_letter
from .naming import name_comment, name_cosignature, name_letter, name_reply
from .opinions import keep_opinions
from .recording import OutsideReply, record_replies
from .removals import correct_hidden, put_back, take_out, withhold_name
from .replies import edit_reply, post_reply, take_back_vote, vote, withdraw_reply
from .signing import post_shared_as_own, sign_comment, sign_shared
from .upkeep import forget_trails, hide, recount, release, set_disposition, unhide
from .visits import note_visit

__all__ = [
    "OutsideReply",
    "carry_anchors",
    "change_shared",
    "correct_hidden",
    "cosign",
    "discard_draft",
    "discard_letter",
    "edit_comment",
    "edit_reply",
    "forget_discarded",
    "forget_trails",
    "give_to_author",
    "hand_over_letter",
    "hide",
    "judge_anchor",
    "keep_opinions",
    "name_comment",
    "name_cosignature",
    "name_letter",
    "name_reply",
    "note_on_shared",
    "note_visit",
    "place_comment",
    "post_comment",
    "post_letter",
    "post_reply",
    "post_shared_as_own",
    "propose_for_signature",
    "put_away",
    "put_back",
    "record_comment",
    "record_replies",
    "recount",
    "release",
    "renote_comment",
    "restore_draft",
    "save_cut",
    "save_draft",
    "send_back",
    "send_letter",
    "set_disposition",
    "share_draft",
    "sign_comment",
    "sign_shared",
    "take_back_judgement",
    "take_back_name",
    "take_back_vote",
    "take_from_author",
    "take_out",
    "take_up",
    "unhide",
    "vote",
    "withdraw_comment",
    "withdraw_reply",
    "withhold_name",
]  # fmt: skip
