"""Everything read about notices."""

from __future__ import annotations

from .digests import digest_of, in_digest, waiting_for
from .follows import Followed, Subject, follows, is_following, target
from .inbox import InboxPage, entries, inbox, notice, told, unread_count, wishes
from .readers import (
    closing_until,
    commenters,
    has_role,
    is_being_told,
    members,
    person_to_mail,
    readers,
    staff,
    ways,
    who_stopped,
)
from .subjects import (
    act,
    answered_author,
    answers,
    appeal,
    bare_comment,
    comment,
    consultation,
    is_first_report,
    last_step,
    reply,
    report,
    step,
)

__all__ = [
    "Followed",
    "InboxPage",
    "Subject",
    "act",
    "answered_author",
    "answers",
    "appeal",
    "bare_comment",
    "closing_until",
    "comment",
    "commenters",
    "consultation",
    "digest_of",
    "entries",
    "follows",
    "has_role",
    "in_digest",
    "inbox",
    "is_being_told",
    "is_first_report",
    "is_following",
    "last_step",
    "members",
    "notice",
    "person_to_mail",
    "readers",
    "reply",
    "report",
    "staff",
    "step",
    "target",
    "told",
    "unread_count",
    "waiting_for",
    "ways",
    "who_stopped",
    "wishes",
]  # fmt: skip
