"""Doors of whose name is shown: asked with every form that posts, and changed afterwards by whose name it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField

from consult.consultations import naming
from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.core import text
from consult.core.doors import me, see_other, show
from consult.core.errors import Refused
from consult.core.forms import options
from consult.core.rules import Actor, signed_in
from consult.debate import operations, queries, rules
from consult.debate.forms import NamingForm
from consult.debate.models import Comment, Cosignature, Letter, Reply

from .names import NAMES
from .replies import ONE, REPLY
from .room import room

LETTER = "/c/<slug>/letters/<int:letter_id>"
Thing = Comment | Reply | Cosignature | Letter
CHANGED = "Changed. Every page, list and file shows this from now on."


@room.app_context_processor
def _for_forms() -> dict[str, Any]:
    return {"ask_whose_name": ask_whose_name, "known_name": known_name}


def known_name(thing: Comment | Reply, consultation_id: int) -> str:
    """Who it is, where the name is withheld and this viewer may know: for the desks of moderators."""
    return ", ".join(queries.who_it_is(viewer=me(), things=[(consultation_id, thing)]).values())


def ask_whose_name(field: RadioField, consultation: Consultation, is_new: bool = True) -> str:
    """Let a field offer what may be shown here in place of the name, word for word; "" or what is fixed instead.

    What is posted now (`is_new`) begins with what one chose last in this consultation.
    """
    offered = _offered(me(), consultation)
    field.choices = options(offered.items())
    if len(offered) < 2:
        return consultation.naming_told
    if is_new and field.raw_data is None and field.data == "name":
        last = queries.last_named(viewer=me(), consultation=consultation)
        field.data = last if last in offered else list(offered)[-1]
    return ""


def _offered(actor: Actor, consultation: Consultation, body: str | None = None) -> dict[str, str]:
    """By level, the very words that will stand there; for an organisation (`body`) that signs, it is named always."""
    body = body or actor.speaks_for_name
    levels = naming.allowed(consultation.least_named)
    if body:
        return {"name": f"{body}, and that you signed: {actor.name}", "category": f"{body} only"} if len(levels) > 1 else {"name": actor.name}  # fmt: skip
    found = {level: naming.byline(level, actor.name, actor.category) for level in levels}
    if "category" in found and actor.acting_for_id is not None:
        found["category"] += f", member of {actor.acting_for_name}"
    if "nobody" in found:
        found["nobody"] += "; known to the moderators only"
    return found


@room.get(f"{ONE}/name", permit=signed_in)
def name(slug: str, number: str) -> ResponseReturnValue:
    """Show more or less of one's name over a comment."""
    comment = _comment(slug, number)
    letter = queries.letter_with(viewer=me(), comment=comment)
    if letter is not None and letter.author_id == me().person_id:
        return see_other(".name_letter", slug=slug, letter_id=letter.id)
    is_author = comment.author_id == me().person_id
    _check(rules.may_name(me(), comment))
    return _asking(slug, comment, comment.named if is_author else comment.signer_named)


@room.post(f"{ONE}/name", permit=signed_in)
def save_name(slug: str, number: str) -> ResponseReturnValue:
    """Save it."""
    return _saved(slug, lambda: _comment(slug, number), operations.name_comment, "comment")


@room.get(f"{REPLY}/name", permit=signed_in)
def name_of_reply(slug: str, number: str, reply_id: int) -> ResponseReturnValue:
    """Show more or less of one's name over a reply."""
    reply = queries.find_reply(viewer=me(), slug=slug, number=text.normalise(number), reply_id=reply_id)
    _check(rules.may_name(me(), reply))
    return _asking(slug, reply, reply.named)


@room.post(f"{REPLY}/name", permit=signed_in)
def save_name_of_reply(slug: str, number: str, reply_id: int) -> ResponseReturnValue:
    """Save it."""

    def found() -> Reply:
        return queries.find_reply(viewer=me(), slug=slug, number=text.normalise(number), reply_id=reply_id)

    return _saved(slug, found, operations.name_reply, "reply")


@room.get(f"{NAMES}/mine", permit=signed_in)
def name_of_mine(slug: str, number: str) -> ResponseReturnValue:
    """Show more or less of the name one put under a comment."""
    row = queries.my_cosignature(viewer=me(), comment=_comment(slug, number))
    return _asking(slug, row, row.named)


@room.post(f"{NAMES}/mine", permit=signed_in)
def save_name_of_mine(slug: str, number: str) -> ResponseReturnValue:
    """Save it."""
    queries.my_cosignature(viewer=me(), comment=_comment(slug, number))
    return _saved(slug, lambda: _comment(slug, number), operations.name_cosignature, "comment", is_under=True)


@room.get(f"{LETTER}/name", permit=signed_in)
def name_letter(slug: str, letter_id: int) -> ResponseReturnValue:
    """Show more or less of one's name over a letter and the comments cut from it."""
    letter = queries.find_letter(viewer=me(), slug=slug, letter_id=letter_id)
    _check(rules.may_name(me(), letter))
    return _asking(slug, letter, letter.named)


@room.post(f"{LETTER}/name", permit=signed_in)
def save_name_of_letter(slug: str, letter_id: int) -> ResponseReturnValue:
    """Save it."""

    def found() -> Letter:
        return queries.find_letter(viewer=me(), slug=slug, letter_id=letter_id)

    return _saved(slug, found, operations.name_letter, "letter")


def _comment(slug: str, number: str) -> Comment:
    return queries.find_comment(viewer=me(), slug=slug, number=text.normalise(number))


def _check(verdict: Any) -> None:
    if not verdict:
        raise Refused(verdict.reason)


def _saved(
    slug: str, find: Callable[[], Thing], operation: Callable[..., Any], called: str, *, is_under: bool = False
) -> ResponseReturnValue:  # fmt: skip
    """Do it; after a mistake the page once more."""
    form, thing = NamingForm(), find()
    if form.accept(operation, actor=me(), named=form.named.data or "", key=form.key, **{called: thing}):
        flash(CHANGED)
        return see_other(**_place(slug, find(), is_under=is_under))
    thing = find()
    row = queries.my_cosignature(viewer=me(), comment=thing) if is_under and isinstance(thing, Comment) else thing
    return _asking(slug, row, row.named, form, 422)


def _place(slug: str, thing: Thing, *, is_under: bool = False) -> dict[str, Any]:
    if isinstance(thing, Letter):
        return {"endpoint": ".whole_letter", "slug": slug, "letter_id": thing.id}
    if isinstance(thing, Reply):
        return {"endpoint": ".thread", "slug": slug, "number": thing.comment.number, "reply_id": thing.id}
    number = thing.number if isinstance(thing, Comment) else thing.comment.number
    return {"endpoint": ".names" if is_under or isinstance(thing, Cosignature) else ".comment", "slug": slug, "number": number}  # fmt: skip


def _asking(
    slug: str, thing: Thing, named: str, form: NamingForm | None = None, status: int = 200
) -> ResponseReturnValue:  # fmt: skip
    header = consultations.header(viewer=me(), slug=slug)
    form = form or NamingForm(formdata=None, named=named)
    offered = _offered_over(thing, header.consultation)
    form.named.choices = options(offered.items())
    if form.named.data not in offered:
        form.named.data = list(offered)[-1]
    back = _place(slug, thing)
    return show(
        "debate/naming.html", header=header, form=form, back=url_for(back.pop("endpoint"), **back),
        what=_called(thing), is_fixed=len(offered) < 2, status=status,
    )  # fmt: skip


def _offered_over(thing: Thing, consultation: Consultation) -> dict[str, str]:
    """As it would stand over this thing: for whom it speaks was decided when it was posted."""
    if thing.organisation is not None:
        return _offered(me(), consultation, thing.organisation.name)
    found = {
        level: naming.byline(level, me().name, thing.category) for level in naming.allowed(consultation.least_named)
    }
    if "nobody" in found:
        found["nobody"] += "; known to the moderators only"
    return found


def _called(thing: Thing) -> str:
    if isinstance(thing, Letter):
        return "your letter and the comments cut from it"
    if isinstance(thing, Reply):
        return f"your reply under {thing.comment.number}"
    return thing.number if isinstance(thing, Comment) else f"your name under {thing.comment.number}"
