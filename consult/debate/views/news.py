"""Doors that pages ask now and then: how many comments or replies there are by now. Nothing new costs a 304."""

from __future__ import annotations

from flask import Response, json, request
from flask.typing import ResponseReturnValue

from consult.consultations import queries as consultations
from consult.core import text
from consult.core.doors import me
from consult.core.rules import anyone
from consult.debate import queries

from .room import room


@room.get("/c/<slug>/comments/count", permit=anyone)
def count(slug: str) -> ResponseReturnValue:
    """How many comments a consultation shows now."""
    return _told(consultations.find(viewer=me(), slug=slug).comment_count)


@room.get("/c/<slug>/comments/<number>/replies/count", permit=anyone)
def reply_count(slug: str, number: str) -> ResponseReturnValue:
    """How many replies a comment shows now."""
    return _told(queries.reply_count(viewer=me(), slug=slug, number=text.normalise(number)))


def _told(number: int) -> ResponseReturnValue:
    answer = Response(json.dumps({"count": number}), content_type="application/json")
    answer.set_etag(f"count-{number}")
    answer.headers["Cache-Control"] = "no-cache"
    return answer.make_conditional(request)
