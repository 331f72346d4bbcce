"""Replies that were given elsewhere, entered together under the comment they belong to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import case, func, select, update

from consult.core import text
from consult.core.db import refresh_with_parents
from consult.core.errors import Invalid, Missing
from consult.core.events import emit
from consult.core.operations import operation, session
from consult.core.records import Record
from consult.core.rules import Actor
from consult.debate import branching, composing, rules
from consult.debate.events import ReplyPosted
from consult.debate.models import SOURCES, Comment, Reply


class OutsideReply(Record):
    """One reply as its source has it. `answers`: the fingerprint of the reply it answers; empty: the comment."""

    fingerprint: str
    author_name: str
    body: str  # Markdown
    posted_at: datetime
    answers: str = ""
    source_url: str = ""
    language: str = "en"


@operation(rule=rules.may_record_replies, on="comment")
def record_replies(
    *, actor: Actor, comment: Comment, replies: Sequence[OutsideReply], source: str
) -> Mapping[str, Reply]:  # fmt: skip
    """Enter replies that came from outside, each after what it answers; gives all of this comment by fingerprint.

    One that is here already stays as it is. The thread is read once.
    """
    composing.one_of(source, SOURCES, "Choose how it came.", "source")
    refresh_with_parents(comment)  # held, as by everybody who numbers replies under it
    here = _here(comment)
    over: dict[str, Reply | None] = {}
    new: list[Reply] = []
    for given in replies:
        if given.fingerprint not in here:
            over[given.fingerprint] = _above(given, here)
            here[given.fingerprint] = _reply(comment, given, source)
            new.append(here[given.fingerprint])
    _settle(comment, new, over, here)
    _keep(new, over)
    if new:
        newest = max(reply.posted_at for reply in new)
        latest = case((Comment.active_at < newest, newest), else_=Comment.active_at)
        values = {"reply_count": Comment.reply_count + len(new), "active_at": latest}
        session().execute(update(Comment).where(Comment.id == comment.id).values(values))
    for reply in new:
        emit(ReplyPosted(reply.id, comment.id))
    return here


def _here(comment: Comment) -> dict[str, Reply]:
    rows = session().scalars(
        select(Reply)
        .where(Reply.comment_id == comment.id, Reply.fingerprint.is_not(None))
        .execution_options(populate_existing=True)
    )
    return {row.fingerprint: row for row in rows if row.fingerprint is not None}


def _above(given: OutsideReply, here: Mapping[str, Reply]) -> Reply | None:
    if not given.answers:
        return None
    above = here.get(given.answers)
    if above is None:
        raise Missing("The reply it answers is not under this comment.")
    return above


def _reply(comment: Comment, given: OutsideReply, source: str) -> Reply:
    body = composing.given(given.body, ask="Enter the words of the reply.")
    return Reply(
        comment_id=comment.id, author_id=None, author_name=text.normalise(given.author_name) or "Not named",
        category="other", source=source, source_url=given.source_url, fingerprint=given.fingerprint,
        language=given.language, body=body, html=text.markdown(body), posted_at=given.posted_at, answer_count=0,
        below_count=0,
    )  # fmt: skip


def _settle(
    comment: Comment, new: Sequence[Reply], over: Mapping[str, Reply | None], here: Mapping[str, Reply]
) -> None:
    """Give each its place after the last one there, and count it on everything it stands under."""
    last = session().scalar(select(func.max(Reply.place)).where(Reply.comment_id == comment.id, Reply.depth == 1)) or 0
    above_of = {row.path: row for row in here.values() if row.path}
    for reply in new:
        above = over[str(reply.fingerprint)]
        if above is None:
            last += 1
            reply.place, reply.depth = last, 1
        else:
            if above.depth >= branching.DEEPEST:
                raise Invalid(f"This thread is {branching.DEEPEST} replies deep; deeper ones cannot be kept.", "body")
            above.answer_count += 1
            reply.place, reply.depth = above.answer_count, above.depth + 1
        reply.path = branching.path_of(above.path if above else "", reply.place)
        above_of[reply.path] = reply
        for path in branching.above(reply.path):
            above_of[path].below_count += 1


def _keep(new: Sequence[Reply], over: Mapping[str, Reply | None]) -> None:
    """Write them level by level: a reply names the one it answers by its id."""
    for depth in sorted({reply.depth for reply in new}):
        level = [reply for reply in new if reply.depth == depth]
        for reply in level:
            above = over[str(reply.fingerprint)]
            reply.parent_id = above.id if above else None
        session().add_all(level)
        session().flush()
