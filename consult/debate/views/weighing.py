"""Doors of weighing in: comments one at a time."""

from __future__ import annotations

from flask import flash
from flask.typing import ResponseReturnValue

from consult.consultations import queries as consultations
from consult.core import text
from consult.core.doors import me, see_other, show
from consult.core.rules import anyone, signed_in
from consult.debate import operations, queries
from consult.debate.forms import VoteForm

from .room import room

WEIGH = "/c/<slug>/weigh-in/<number>"


@room.get("/c/<slug>/weigh-in", permit=anyone)
def weigh_in(slug: str) -> ResponseReturnValue:
    """What weighing in is, how far one has come, and the way to the next comment."""
    header = consultations.header(viewer=me(), slug=slug)
    page = queries.weighing(viewer=me(), consultation=header.consultation)
    return show("debate/weigh_in.html", header=header, page=page)


@room.get(WEIGH, permit=anyone)
def weigh(slug: str, number: str) -> ResponseReturnValue:
    """One comment to vote on."""
    header = consultations.header(viewer=me(), slug=slug)
    comment = queries.find_shown(viewer=me(), slug=slug, number=text.normalise(number))
    page = queries.weighing(viewer=me(), consultation=header.consultation, comment=comment)
    return show("debate/weigh_one.html", header=header, page=page)


@room.post(WEIGH, permit=signed_in, limit="600 per 15 minutes")
def cast_weight(slug: str, number: str) -> ResponseReturnValue:
    """Agree, disagree or pass; then the next comment."""
    comment = queries.find_shown(viewer=me(), slug=slug, number=text.normalise(number))
    form = VoteForm()
    if form.accept(operations.vote, actor=me(), comment=comment, choice=form.choice.data or "") is None:
        flash("Choose agree, disagree or pass.")
        return see_other(".weigh", slug=slug, number=comment.number)
    header = consultations.header(viewer=me(), slug=slug)
    following = queries.next_to_weigh(viewer=me(), consultation=header.consultation)
    return see_other(".weigh", slug=slug, number=following) if following else see_other(".weigh_in", slug=slug)


@room.post(f"{WEIGH}/undoing", permit=signed_in)
def take_back_weight(slug: str, number: str) -> ResponseReturnValue:
    """Take one's vote back; the comment is there to vote on again."""
    comment = queries.find_shown(viewer=me(), slug=slug, number=text.normalise(number))
    operations.take_back_vote(actor=me(), comment=comment)
    flash(f"Your vote on {comment.number} is taken back. You can vote again.")
    return see_other(".weigh", slug=slug, number=comment.number)
