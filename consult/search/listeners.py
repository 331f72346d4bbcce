"""What can be found changes in the transaction in which the thing itself does."""

from __future__ import annotations

from consult.consultations.events import RoundBegan
from consult.core.events import listen
from consult.core.operations import session
from consult.core.rules import SYSTEM
from consult.debate.events import (
    CommentClaimed,
    CommentEdited,
    CommentPosted,
    CommentSigned,
    CommentWithdrawn,
    ReplyEdited,
    ReplyPosted,
    ReplyWithdrawn,
    ShownAnew,
)  # fmt: skip
from consult.documents.events import VersionFrozen
from consult.documents.models import Draft, DraftVersion
from consult.learning.events import GuideChanged
from consult.moderation.events import Hidden, Restored
from consult.moderation.models import ModerationAct
from consult.outcomes.events import AnswersChanged, StandardAdopted

from . import operations


@listen(VersionFrozen)
def a_text_that_is_public_is_found(event: VersionFrozen) -> None:
    """Never before it is frozen."""
    version = session().get_one(DraftVersion, event.version_id)
    draft = session().get_one(Draft, version.draft_id)
    operations.index_draft(actor=SYSTEM, consultation_id=draft.consultation_id)


@listen(RoundBegan)
def the_text_of_a_new_round_takes_over(event: RoundBegan) -> None:
    """It may have been frozen before, while people still commented on the one before."""
    operations.index_draft(actor=SYSTEM, consultation_id=event.consultation_id)


@listen(CommentPosted)
def a_comment_is_found(event: CommentPosted) -> None:
    """From the moment it is public."""
    operations.index_comment(actor=SYSTEM, comment_id=event.comment_id)


@listen(CommentEdited)
def a_comment_is_found_by_its_new_words(event: CommentEdited) -> None:
    """Earlier words are on its page, and found no more."""
    operations.index_comment(actor=SYSTEM, comment_id=event.comment_id)


@listen(CommentClaimed)
def a_claimed_comment_is_found_by_its_author(event: CommentClaimed) -> None:
    """Not by what stood there before."""
    operations.index_comment(actor=SYSTEM, comment_id=event.comment_id)


@listen(CommentSigned)
def a_signed_comment_is_found_by_its_organisation(event: CommentSigned) -> None:
    """It stands in another name now."""
    operations.index_comment(actor=SYSTEM, comment_id=event.comment_id)


@listen(CommentWithdrawn)
def a_withdrawn_comment_is_not_found(event: CommentWithdrawn) -> None:
    """Nor the answer to it."""
    operations.index_comment(actor=SYSTEM, comment_id=event.comment_id)


@listen(ReplyPosted)
def a_reply_is_found(event: ReplyPosted) -> None:
    """From the moment it is public."""
    operations.index_reply(actor=SYSTEM, reply_id=event.reply_id)


@listen(ReplyEdited)
def a_reply_is_found_by_its_new_words(event: ReplyEdited) -> None:
    """Earlier words are found no more."""
    operations.index_reply(actor=SYSTEM, reply_id=event.reply_id)


@listen(ReplyWithdrawn)
def a_withdrawn_reply_is_not_found(event: ReplyWithdrawn) -> None:
    """Its words went."""
    operations.index_reply(actor=SYSTEM, reply_id=event.reply_id)


@listen(Hidden)
def what_is_hidden_is_not_found(event: Hidden) -> None:
    """By nobody, moderators included: they have it on their desk."""
    _look_again(event.act_id)


@listen(Restored)
def what_is_shown_again_is_found_again(event: Restored) -> None:
    """As it was."""
    _look_again(event.act_id)


@listen(AnswersChanged)
def answers_are_found(event: AnswersChanged) -> None:
    """By the staff; by everybody once they are public, which is asked when one searches. What was taken back is not."""
    operations.index_answers(actor=SYSTEM, comment_ids=event.comment_ids)


@listen(StandardAdopted)
def a_standard_is_found(event: StandardAdopted) -> None:
    """With the text that was adopted; whether it was replaced or withdrawn since is asked when one searches."""
    operations.index_standard(actor=SYSTEM, consultation_id=event.consultation_id)


@listen(GuideChanged)
def what_explains_is_found(event: GuideChanged) -> None:
    """By whoever may see the consultation, which is asked when one searches."""
    operations.index_guide(actor=SYSTEM, consultation_id=event.consultation_id)


def _look_again(act_id: int) -> None:
    act = session().get_one(ModerationAct, act_id)
    if act.comment_id is not None:
        operations.index_comment(actor=SYSTEM, comment_id=act.comment_id)
    if act.reply_id is not None:
        operations.index_reply(actor=SYSTEM, reply_id=act.reply_id)


@listen(ShownAnew)
def words_that_were_quoted_are_found_no_more(event: ShownAnew) -> None:
    """Or again."""
    if event.comment_id is not None:
        operations.index_comment(actor=SYSTEM, comment_id=event.comment_id)
    elif event.reply_id is not None:
        operations.index_reply(actor=SYSTEM, reply_id=event.reply_id)
