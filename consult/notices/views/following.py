"""Doors of following: the same button begins and ends it, and each address says what it is about."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from consult.accounts import queries as accounts
from consult.consultations import queries as consultations
from consult.core import text
from consult.core.doors import me
from consult.core.rules import signed_in
from consult.debate import queries as debate
from consult.documents import queries as documents

from .. import operations
from ..forms import FollowForm
from ..queries import Subject
from .room import room

OFTEN = "300 per 15 minutes"


@room.post("/c/<slug>/following", permit=signed_in, limit=OFTEN)
def follow_consultation(slug: str) -> ResponseReturnValue:
    """Be told, or not any more, of a consultation's steps and of every comment in it."""
    row = consultations.find(viewer=me(), slug=slug)
    news = "its steps, its deadlines and new comments come to your inbox"
    return _follow(row, row.title, news, url_for("consultations.overview", slug=slug))


@room.post("/c/<slug>/v<int:version>/clauses/<key>/following", permit=signed_in, limit=OFTEN)
def follow_clause(slug: str, version: int, key: str) -> ResponseReturnValue:
    """Be told, or not any more, of comments on a clause and on what is below it, also in later drafts."""
    consultation = consultations.find(viewer=me(), slug=slug)
    of = documents.version(viewer=me(), consultation_id=consultation.id, number=version)
    clause = documents.clauses(viewer=me(), version=of, keys=[text.normalise(key)])[0]
    news = "new comments on it, and on what is below it, come to your inbox, also in later drafts"
    return _follow(clause, clause.name, news, url_for("debate.clause", slug=slug, version=version, key=key))


@room.post("/c/<slug>/comments/<number>/following", permit=signed_in, limit=OFTEN)
def follow_comment(slug: str, number: str) -> ResponseReturnValue:
    """Be told, or not any more, of replies to a comment."""
    comment = debate.find_comment(viewer=me(), slug=slug, number=text.normalise(number))
    news = "replies to it come to your inbox"
    return _follow(comment, comment.number, news, url_for("debate.comment", slug=slug, number=number))


@room.post("/organisations/<slug>/following", permit=signed_in, limit=OFTEN)
def follow_organisation(slug: str) -> ResponseReturnValue:
    """Be told, or not any more, of what an organisation says and of consultations it calls."""
    row = accounts.organisation(viewer=me(), slug=slug)
    news = "its comments and the consultations it calls come to your inbox"
    return _follow(row, row.name, news, url_for("accounts.organisation", slug=slug))


def _follow(subject: Subject, name: str, news: str, back: str) -> ResponseReturnValue:
    """Follow, or stop; go back to where its button is: the page of the thing, or the list of what one follows."""
    form = FollowForm()
    if form.is_wanted:
        operations.follow(actor=me(), subject=subject)
        flash(f"You follow {name} now: {news}.")
    else:
        operations.stop_following(actor=me(), subject=subject)
        flash(f"You do not follow {name} any more. On its page the same button begins it again.")
    return redirect(url_for("notices.follows") if form.is_from_list else back, 303)
