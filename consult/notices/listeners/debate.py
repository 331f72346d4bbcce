"""What people say, sign and propose: who is told."""

from __future__ import annotations

from consult.core.events import listen
from consult.core.rules import SYSTEM
from consult.debate.events import (
    CommentClaimed,
    CommentPosted,
    CommentSigned,
    Cosigned,
    LetterCut,
    Named,
    Released,
    ReplyPosted,
)
from consult.learning.events import ResourceDecided, ResourceProposed
from consult.learning.rules import JUDGES

from .. import queries
from ..happenings import Happening
from ..operations import follow_by_itself, spread, tell
from .people import people_of


@listen(ReplyPosted)
def tell_who_is_answered(event: ReplyPosted) -> None:
    """The author of the comment, and of the reply that is answered, then who follows; never the one who replied.

    Who stopped following the thread is not told, whoever she is in it. Who replies follows from now on. Replies that
    were given elsewhere and brought in are no news.
    """
    reply = queries.reply(viewer=SYSTEM, reply_id=event.reply_id)
    if reply.author_id is None:
        return
    answered = {reply.comment.author_id, queries.answered_author(viewer=SYSTEM, reply=reply)} - {reply.author_id, None}
    answered -= set(queries.who_stopped(viewer=SYSTEM, comment_id=reply.comment_id))
    of = Happening("replied", reply.id, reply.comment.consultation_id, f"reply {reply.id}")
    tell(actor=SYSTEM, people=people_of(answered), kind="replies", of=of)
    spread(actor=SYSTEM, of=of)
    follow_by_itself(actor=SYSTEM, person_id=reply.author_id, comment_id=reply.comment_id)


@listen(Named)
def tell_who_is_named(event: Named) -> None:
    """The people named, and the members of the organisations named; never the one who wrote it."""
    people = {*event.person_ids, *queries.members(viewer=SYSTEM, organisation_ids=event.organisation_ids)}
    if event.reply_id is not None:
        reply = queries.reply(viewer=SYSTEM, reply_id=event.reply_id)
        author_id, of = (
            reply.author_id,
            Happening("replied", reply.id, reply.comment.consultation_id, f"reply {reply.id}"),
        )
    else:
        comment = queries.bare_comment(viewer=SYSTEM, comment_id=event.comment_id or 0)
        author_id, of = (
            comment.author_id,
            Happening("commented", comment.id, comment.consultation_id, f"comment {comment.id}"),
        )
    tell(actor=SYSTEM, people=people_of(people - {author_id}), kind="replies", of=of)


@listen(CommentPosted)
def tell_who_follows(event: CommentPosted) -> None:
    """Followers of the consultation, the clause or the organisation; its author follows the new thread.

    A file of comments that is brought in is no news for each of its rows.
    """
    comment = queries.bare_comment(viewer=SYSTEM, comment_id=event.comment_id)
    if comment.fingerprint is None:
        of = Happening("commented", comment.id, comment.consultation_id, f"comment {comment.id}")
        spread(actor=SYSTEM, of=of)
    if comment.author_id is not None and comment.source == "web":
        follow_by_itself(actor=SYSTEM, person_id=comment.author_id, comment_id=comment.id)


@listen(CommentClaimed)
def follow_what_one_claimed(event: CommentClaimed) -> None:
    """As one follows what one wrote here."""
    comment = queries.bare_comment(viewer=SYSTEM, comment_id=event.comment_id)
    if comment.author_id is not None:
        follow_by_itself(actor=SYSTEM, person_id=comment.author_id, comment_id=comment.id)


@listen(Released)
def tell_the_author_it_is_on_show(event: Released) -> None:
    """What waited for a look is there for everybody now."""
    if event.reply_id is not None:
        reply = queries.reply(viewer=SYSTEM, reply_id=event.reply_id)
        author_id, consultation_id, of = reply.author_id, reply.comment.consultation_id, ("replied", reply.id)
    else:
        comment = queries.bare_comment(viewer=SYSTEM, comment_id=event.comment_id or 0)
        author_id, consultation_id, of = comment.author_id, comment.consultation_id, ("commented", comment.id)
    happening = Happening(*of, consultation_id, f"{of[0]} {of[1]} released")
    tell(actor=SYSTEM, people=people_of([author_id]), kind="moderation", of=happening)


@listen(CommentSigned)
def tell_who_follows_the_organisation(event: CommentSigned) -> None:
    """Followers of the organisation have not heard of the comment yet; who was told when it was posted is not again."""
    comment = queries.bare_comment(viewer=SYSTEM, comment_id=event.comment_id)
    of = Happening("commented", comment.id, comment.consultation_id, f"comment {comment.id}", wave=" signed")
    spread(actor=SYSTEM, of=of)


@listen(Cosigned)
def tell_whose_words_are_shared(event: Cosigned) -> None:
    """The author of the comment, unless she stopped following it. A name that is taken back has no words any more."""
    comment = queries.bare_comment(viewer=SYSTEM, comment_id=event.comment_id)
    signed = queries.cosignature(viewer=SYSTEM, comment_id=comment.id, person_id=event.person_id)
    if signed is None or comment.author_id in queries.who_stopped(viewer=SYSTEM, comment_id=comment.id):
        return
    of = Happening("cosigned", signed.id, comment.consultation_id, f"name {signed.id}")
    tell(actor=SYSTEM, people=people_of([comment.author_id]), kind="followed", of=of)


@listen(ResourceProposed)
def tell_who_keeps_the_shelf(event: ResourceProposed) -> None:
    """Those who may accept or decline it; not whoever proposed it, who may be one of them."""
    row = queries.resource(viewer=SYSTEM, resource_id=event.resource_id)
    people = queries.staff(viewer=SYSTEM, consultation_id=row.consultation_id, roles=JUDGES)
    of = Happening("proposed", row.id, row.consultation_id, f"proposal {row.id}")
    tell(actor=SYSTEM, people=[p for p in people if p != row.added_by_id], kind="work", of=of)


@listen(ResourceDecided)
def tell_who_proposed_it(event: ResourceDecided) -> None:
    """It is on the shelf now, or the reason why it is not."""
    row = queries.resource(viewer=SYSTEM, resource_id=event.resource_id)
    of = Happening("proposal_decided", row.id, row.consultation_id, f"proposal {row.id} decided")
    tell(actor=SYSTEM, people=[row.added_by_id], kind="answers", of=of)


@listen(LetterCut)
def tell_whose_letter_it_is(event: LetterCut) -> None:
    """Its author, when somebody else cut it: by the first of the comments."""
    comment = queries.bare_comment(viewer=SYSTEM, comment_id=event.comment_ids[0])
    people = people_of({comment.author_id} - {event.by_id})
    of = Happening("commented", comment.id, comment.consultation_id, f"letter {event.letter_id} cut")
    tell(actor=SYSTEM, people=people, kind="answers", of=of)
