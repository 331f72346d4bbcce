"""Doors of names under comments: who put theirs there, putting one's own, taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from consult.consultations import queries as consultations
from consult.core import text
from consult.core.doors import me, see_other, show
from consult.core.errors import Refused
from consult.core.rules import anyone, signed_in
from consult.debate import likeness, operations, queries, rules
from consult.debate.forms import CosignForm
from consult.debate.models import Comment

from .proving import sent
from .room import room

NAMES = "/c/<slug>/comments/<number>/names"
OFTEN = "120 per 15 minutes"
ITS_OWN = {"csrf_token", "sign"}


@room.get(NAMES, permit=anyone)
def names(slug: str, number: str) -> ResponseReturnValue:
    """Everybody whose name stands under a comment."""
    header = consultations.header(viewer=me(), slug=slug)
    row = _comment(slug, number)
    page = queries.names(viewer=me(), comment=row, after=request.args.get("after"))
    return show("debate/names.html", header=header, card=queries.card(viewer=me(), comment=row), names=page)


@room.get(f"{NAMES}/new", permit=signed_in)
def sign(slug: str, number: str) -> ResponseReturnValue:
    """Put one's name under a comment: what that means, and what one adds."""
    return show_signing(slug, number, typed=MultiDict())


def show_signing(slug: str, number: str, typed: MultiDict[str, str]) -> ResponseReturnValue:
    """The page for one's name. What was `typed` as a comment goes along: back to it, or what is new of it as addition."""
    row = _comment(slug, number)
    body = text.normalise(typed.get("body", ""))
    form = CosignForm(formdata=None, seen=row.edit_number, addition=likeness.what_is_new(body, row.body))
    if typed.get("submission"):  # the same sheet: when this is accepted, the browser forgets the comment it kept
        form.submission.data, form.draft.data = typed["submission"], typed.get("draft", 0, int)
    carried = [
        (text.normalise(name), text.normalise(value))
        for name, value in typed.items(multi=True)
        if name not in ITS_OWN
    ]  # fmt: skip
    return _signing(slug, row, form, carried=carried, written=body)


@room.post(NAMES, permit=signed_in, limit=OFTEN)
def cosign(slug: str, number: str) -> ResponseReturnValue:
    """Put one's name under a comment."""
    form = CosignForm()
    row = _comment(slug, number)
    seen = row.edit_number
    if form.validate() and form.accept(operations.cosign, actor=me(), comment=row, **sent(), **form.values()):
        flash(
            f"{me().speaks_for_name or 'Your name'} is under {row.number} now. You can take it back while comments are open."
        )
        return see_other(".comment", slug=slug, number=number, sent=form.sheet, _anchor="names")
    row = _comment(slug, number)
    is_changed = row.edit_number not in (seen, form.seen.data)
    form.seen.data = row.edit_number
    return _signing(slug, row, form, is_changed=is_changed, status=409 if form.form_errors else 422)


@room.post(f"{NAMES}/ending", permit=signed_in)
def take_back_name(slug: str, number: str) -> ResponseReturnValue:
    """Take one's name back."""
    row = _comment(slug, number)
    operations.take_back_name(actor=me(), comment=row)
    flash(
        f"Your name is not under {row.number} any more. What you added stays as your reply; you can withdraw it there."
    )
    return see_other(".comment", slug=slug, number=number, _anchor="names")


def _comment(slug: str, number: str) -> Comment:
    return queries.find_shown(viewer=me(), slug=slug, number=text.normalise(number))


def _signing(slug: str, row: Comment, form: CosignForm, *, status: int = 200, **more: Any) -> ResponseReturnValue:
    verdict = rules.may_cosign(me(), row)
    if not verdict:
        raise Refused(verdict.reason)
    header = consultations.header(viewer=me(), slug=slug)
    given: Mapping[str, Any] = {"carried": (), "written": ""} | more
    return show(
        "debate/sign.html",
        header=header,
        card=queries.card(viewer=me(), comment=row),
        form=form,
        status=status,
        **given,
    )
