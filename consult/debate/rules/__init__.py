"""Who may say what, and when. Each answer is a sentence the person can act on."""

from .judging import (
    bodies_of,
    is_own,
    may_check_anchor,
    may_decide,
    may_give_up,
    may_hide,
    may_judge_anchor,
    may_read_answers,
    may_see_carried,
    may_take_back_judgement,
)
from .letters import may_cut_letter, may_discard_letter, may_hand_over, may_send_letter
from .naming import may_know_names, may_name, may_name_cosignature
from .signing import (
    awaits_signature,
    may_post_as_own,
    may_propose_for_signature,
    may_put_away,
    may_see_shared,
    may_send_back,
    may_share_draft,
    may_sign_comment,
    may_sign_shared,
    may_take_up,
    may_write_shared,
)
from .talking import (
    ANSWERS_PUBLIC,
    CLOSED,
    NOT_OPEN,
    OVER,
    PAUSE,
    SETTLED,
    is_my_draft,
    is_up,
    may_cosign,
    may_edit_comment,
    may_edit_reply,
    may_give_to_author,
    may_keep_draft,
    may_note_visit,
    may_place_comment,
    may_post_comment,
    may_record_comment,
    may_record_replies,
    may_renote_comment,
    may_reply,
    may_take_back_name,
    may_take_from_author,
    may_vote,
    may_weigh_in,
    may_withdraw_comment,
    may_withdraw_reply,
    since,
    takes_part,
    takes_words,
)

__all__ = [
    "ANSWERS_PUBLIC", "CLOSED", "NOT_OPEN", "OVER", "PAUSE", "SETTLED", "awaits_signature", "bodies_of", "is_my_draft", "is_own", "is_up", "may_check_anchor", "may_cosign", "may_cut_letter", "may_decide", "may_discard_letter", "may_edit_comment", "may_edit_reply", "may_give_to_author", "may_give_up", "may_hand_over", "may_hide", "may_judge_anchor", "may_keep_draft", "may_know_names", "may_name", "may_name_cosignature", "may_note_visit", "may_place_comment", "may_post_as_own", "may_post_comment", "may_propose_for_signature", "may_put_away", "may_read_answers", "may_record_comment", "may_record_replies", "may_renote_comment", "may_reply", "may_see_carried", "may_see_shared", "may_send_back", "may_send_letter", "may_share_draft", "may_sign_comment", "may_sign_shared", "may_take_back_judgement", "may_take_back_name", "may_take_from_author", "may_take_up", "may_vote", "may_weigh_in", "may_withdraw_comment", "may_withdraw_reply", "may_write_shared", "since", "takes_part", "takes_words",
]  # fmt: skip
