"""Doors of what is new: a visit is noted, and the first new reply under a comment."""

from __future__ import annotations

from flask import flash, request
from flask.typing import ResponseReturnValue

from consult.consultations import queries as consultations
from consult.core import text
from consult.core.doors import me, see_other
from consult.core.rules import signed_in
from consult.debate import operations, queries

from .room import room


@room.post("/c/<slug>/visit", permit=signed_in, limit="600 per 15 minutes")
def note_visit(slug: str) -> ResponseReturnValue:
    """Somebody reads here now; with `all_read` nothing counts as new any more."""
    is_all_read = request.form.get("all_read") == "1"
    consultation = consultations.find(viewer=me(), slug=slug)
    operations.note_visit(actor=me(), consultation=consultation, is_all_read=is_all_read)
    if not is_all_read:
        return "", 204
    flash("Marked as read. What comes from now on is new.")
    return see_other(".comments", slug=slug)


@room.get("/c/<slug>/comments/<number>/first-new", permit=signed_in)
def first_new(slug: str, number: str) -> ResponseReturnValue:
    """The way to the first new reply, on whatever page it stands; to the comment when there is none."""
    comment = queries.find_comment(viewer=me(), slug=slug, number=text.normalise(number))
    reply = queries.first_new_reply(viewer=me(), comment=comment)
    if reply is None:
        return see_other(".comment", slug=slug, number=comment.number, _anchor="replies")
    root_id, after = queries.where_shown(reply)
    there = {"slug": slug, "number": comment.number, "after": after or None, "_anchor": f"reply-{reply.id}"}
    return see_other(".comment", **there) if root_id is None else see_other(".thread", reply_id=root_id, **there)
