"""How a contribution comes on show: at once, or after a moderator looked at it; a reply takes its place only then.

A reply that waits has no place, so that no number and no gap in its thread tells that it is there.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select, update

from consult.core import clock
from consult.core.errors import Invalid, Missing
from consult.core.events import emit
from consult.core.operations import session

from . import branching, counters, wording
from .events import CommentPosted, Held, Released, ReplyPosted
from .models import Comment, Reply

Thing = Comment | Reply


def show_or_hold(thing: Thing, quoted: Sequence[Thing]) -> None:
    """Put a flushed contribution on show and tell everybody; one that has a `held_for` waits for a look instead.

    `quoted`: as `wording.write` gave it.
    """
    if thing.held_for:
        thing.state = "held"
        wording.keep(thing, quoted)
        emit(Held(*_ids(thing)))
        return
    take_place(thing)
    wording.keep(thing, quoted)
    _appear(thing)


def release(thing: Thing) -> None:
    """It was looked at: on show with the moment it was received. A reply comes after those that took a place before."""
    thing.state, thing.released_at = "posted", clock.now()
    take_place(thing)
    if isinstance(thing, Comment):
        thing.active_at = thing.released_at
    session().flush()
    wording.tell_the_named(thing)
    _appear(thing)
    emit(Released(*_ids(thing)))


def take_place(thing: Thing) -> None:
    """Give a reply that has none its place, after the last of those that answer the same. Its comment's row is held."""
    if isinstance(thing, Comment) or thing.place:
        return
    parent = session().get_one(Reply, thing.parent_id) if thing.parent_id else None
    thing.place = _next_place(thing.comment_id, parent)
    thing.path = branching.path_of(parent.path if parent else "", thing.place)
    session().flush()


def check_parent(comment: Comment, parent: Reply | None) -> None:
    """Whether `parent` can be answered: it is shown under this comment, and the thread is not too deep."""
    if parent is None:
        return
    if parent.comment_id != comment.id:
        raise Missing("The reply you answer is not under this comment.")
    if parent.depth >= branching.DEEPEST:
        raise Invalid(
            f"This thread is {branching.DEEPEST} replies deep. Answer an earlier reply, or the comment.", "body"
        )
    if not session().scalar(select(Reply.id).where(Reply.id == parent.id, Reply.state == "posted")):
        raise Invalid("The reply you answer is not shown any more. Reply to the comment instead.", "body")


def _next_place(comment_id: int, parent: Reply | None) -> int:
    """The place after the last sibling; replies are never deleted and the comment's row is held."""
    if parent is None:
        first = select(func.max(Reply.place)).where(Reply.comment_id == comment_id, Reply.depth == 1)
        return (session().scalar(first) or 0) + 1
    taken: int = session().scalars(
        update(Reply)
        .where(Reply.id == parent.id)
        .values(answer_count=Reply.answer_count + 1)
        .returning(Reply.answer_count)
    ).one()  # fmt: skip
    return taken


def _appear(thing: Thing) -> None:
    if isinstance(thing, Comment):
        counters.count(thing, 1)
        emit(CommentPosted(thing.id))
    else:
        counters.count_reply(thing, 1)
        emit(ReplyPosted(thing.id, thing.comment_id))


def _ids(thing: Thing) -> tuple[int | None, int | None]:
    return (thing.id, None) if isinstance(thing, Comment) else (None, thing.id)
