"""Replies and votes under a comment."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from consult.core import clock
from consult.core.errors import Conflict
from consult.core.events import emit
from consult.core.operations import operation, session
from consult.core.rules import Actor
from consult.debate import appearing, ballots, composing, counters, holding, rules, wording
from consult.debate.events import ReplyEdited, ReplyWithdrawn, Voted, VoteTakenBack
from consult.debate.models import CHOICES, Comment, Reply, ReplyPosition, Revision, Vote
from consult.debate.removing import stays_out

ANSWER = "Write your reply."


@operation(rule=rules.may_reply, on="comment")
def post_reply(
    *, actor: Actor, comment: Comment, parent: Reply | None, body: str, positions: Collection[str] = (),
    origin: str = "", is_proven: bool = True, named: str = "name", key: str | None = None,
) -> Reply:  # fmt: skip
    """Reply to a comment, or to a reply under it (`parent`). One that waits for a look has no place in the thread yet."""
    body = composing.words(body, ask=ANSWER)
    appearing.check_parent(comment, parent)
    argued, _ = composing.chosen_positions(comment.consultation_id, positions, least=0)
    _prefix, organisation, category = composing.voice(actor)
    reply = Reply(
        comment_id=comment.id, parent_id=parent.id if parent else None, place=0, path="",
        depth=parent.depth + 1 if parent else 1, author_id=actor.person_id,
        **composing.shown_name(comment.consultation, named, actor, category), organisation_id=organisation.id if organisation else None, category=category, body=body,
        html="", held_for=holding.reason(actor, comment.consultation, body, origin, is_proven=is_proven),
    )  # fmt: skip
    quoted = wording.write(reply)
    session().add(reply)
    session().flush()
    for position_id in argued:
        session().add(ReplyPosition(reply_id=reply.id, position_id=position_id))
    appearing.show_or_hold(reply, quoted)
    return reply


@operation(rule=rules.may_edit_reply, on="reply")
def edit_reply(*, actor: Actor, reply: Reply, body: str, seen_edit_number: int, key: str | None = None) -> Reply:
    """Change the words of a reply; what it said before stays readable."""
    body = composing.words(body, ask=ANSWER)
    if seen_edit_number != reply.edit_number:
        raise Conflict(
            "This reply was changed in another window meanwhile. Both wordings are here: make one of them, and save"
            " again.",
            "body",
        )
    if body == reply.body:
        return reply
    stays_out(reply, body)
    session().add(Revision(reply_id=reply.id, number=reply.edit_number, body=reply.body, html=reply.html))
    earlier, reply.body = reply.body, body
    wording.show(reply, earlier=earlier)
    reply.edit_number += 1
    reply.edited_at = clock.now()
    session().flush()
    emit(ReplyEdited(reply.id))
    return reply


@operation(rule=rules.may_withdraw_reply, on="reply")
def withdraw_reply(*, actor: Actor, reply: Reply, key: str | None = None) -> Reply:
    """Take a reply back: its place in the thread stays, its words go."""
    was_shown = reply.state == "posted"
    reply.state = "withdrawn"
    session().flush()
    if was_shown:
        counters.count_reply(reply, -1)
    wording.show_quoters_anew(reply)
    emit(ReplyWithdrawn(reply.id))
    return reply


@operation(rule=rules.may_vote, on="comment")
def vote(*, actor: Actor, comment: Comment, choice: str, key: str | None = None) -> Vote:
    """Agree, disagree or pass: one voice per person, which may change its mind."""
    composing.one_of(choice, CHOICES, "Choose agree, disagree or pass.", "choice")
    _prefix, _organisation, category = composing.voice(actor)
    mine = _vote_of(actor, comment)
    if mine is None:
        mine = Vote(comment_id=comment.id, person_id=actor.person_id, choice=choice, category=category)
        session().add(mine)
    elif mine.choice != choice:
        ballots.count(comment.id, mine.category, mine.choice, -1)
        mine.choice, mine.category, mine.voted_at = choice, category, clock.now()
    else:
        return mine
    session().flush()
    ballots.count(comment.id, category, choice, 1)
    emit(Voted(comment.id, mine.person_id))
    return mine


@operation(rule=rules.may_vote, on="comment")
def take_back_vote(*, actor: Actor, comment: Comment, key: str | None = None) -> None:
    """Take one's vote back, as if it had not been cast; without a vote nothing happens."""
    mine = _vote_of(actor, comment)
    if mine is None:
        return
    session().delete(mine)
    session().flush()
    ballots.count(comment.id, mine.category, mine.choice, -1)
    emit(VoteTakenBack(comment.id, mine.person_id))


def _vote_of(actor: Actor, comment: Comment) -> Vote | None:
    mine = select(Vote).where(Vote.comment_id == comment.id, Vote.person_id == actor.person_id)
    return session().scalars(mine).first()
