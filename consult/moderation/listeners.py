"""What moderation does when something happens in the debate, in the same transaction."""

from __future__ import annotations

from consult.core.events import listen
from consult.core.operations import session
from consult.core.rules import SYSTEM
from consult.debate.events import CommentEdited, CommentPlaced, ReplyEdited
from consult.debate.models import Comment, Reply

from . import operations


@listen(CommentEdited)
def a_changed_comment_is_looked_at_again(event: CommentEdited) -> None:
    """What its author was asked for is done."""
    operations.note_correction(actor=SYSTEM, thing=session().get_one(Comment, event.comment_id))


@listen(ReplyEdited)
def a_changed_reply_is_looked_at_again(event: ReplyEdited) -> None:
    """What its author was asked for is done."""
    operations.note_correction(actor=SYSTEM, thing=session().get_one(Reply, event.reply_id))


@listen(CommentPlaced)
def a_placed_comment_is_let_go(event: CommentPlaced) -> None:
    """Nobody has to look at it any more; while a colleague does, it is not placed."""
    operations.end_claim(actor=SYSTEM, comment=session().get_one(Comment, event.comment_id))
