"""What programs post. Each is the operation behind a form, with its rules, limits and looks of moderators."""

from __future__ import annotations

from typing import Any

from consult.core import proof, text
from consult.core.doors import me
from consult.core.limits import origin
from consult.core.mail import link
from consult.core.operations import SubmissionKey
from consult.debate import operations as debate
from consult.debate import queries

from .. import shaping
from ..sent import NewComment, NewReply, NewVote
from ..shapes import CommentShape, ReplyShape, VoteShape
from .room import programs

ONE = "/consultations/<slug>/comments"


def _sent() -> dict[str, Any]:
    """How it came, for operations that post: a program calculates nothing, so somebody new waits where that is asked."""
    return {"origin": origin(), "is_proven": not proof.is_on()}


@programs.offer("POST", ONE, scope="comment", body=NewComment, returns=CommentShape, status=201, needs_key=True)
def post_comment(slug: str, body: NewComment, key: SubmissionKey) -> CommentShape:
    """Comment on clauses of the newest version, or on the draft as a whole"""
    keys = [text.normalise(key) for key in body.clauses]  # no database is asked for control characters
    place = queries.writing(viewer=me(), slug=slug, version=body.version, keys=keys)
    row = debate.post_comment(
        actor=me(), consultation=place.consultation, version=place.version, clauses=place.clauses, body=body.body,
        positions=body.positions, stance=body.stance, type=body.type, costs=body.costs, new_text=body.new_text,
        must_be_satisfied=body.must_be_satisfied, key=key, **_sent(),
    )  # fmt: skip
    found = queries.find_comment(viewer=me(), slug=slug, number=row.number)
    return shaping.comment(queries.card(viewer=me(), comment=found), link)


@programs.offer(
    "POST", f"{ONE}/<number>/replies", scope="comment", body=NewReply, returns=ReplyShape, status=201, needs_key=True
)
def post_reply(slug: str, number: str, body: NewReply, key: SubmissionKey) -> ReplyShape:
    """Reply to a comment, or to a reply under it"""
    comment = queries.find_comment(viewer=me(), slug=slug, number=number)
    parent = queries.find_reply(viewer=me(), slug=slug, number=number, reply_id=body.to) if body.to else None
    row = debate.post_reply(
        actor=me(), comment=comment, parent=parent, body=body.body, positions=body.positions, key=key, **_sent()
    )
    found = queries.find_reply(viewer=me(), slug=slug, number=number, reply_id=row.id)
    card = queries.reply_card(me(), found, comment.consultation_id, {})
    return shaping.reply(card, {"slug": slug, "number": number}, link)


@programs.offer("PUT", f"{ONE}/<number>/vote", scope="vote", body=NewVote, returns=VoteShape)
def put_vote(slug: str, number: str, body: NewVote, key: SubmissionKey | None) -> VoteShape:
    """Agree, disagree or pass; another choice takes its place"""
    comment = queries.find_comment(viewer=me(), slug=slug, number=number)
    vote = debate.vote(actor=me(), comment=comment, choice=body.choice, key=key)
    return VoteShape(number, vote.choice)
