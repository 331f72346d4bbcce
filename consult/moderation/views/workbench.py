"""Doors of working through what waits: the next one, who looks at what, putting on show."""

from __future__ import annotations

from collections.abc import Iterator

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from consult.consultations import queries as consultations
from consult.core.doors import me, see_other
from consult.core.errors import Missing
from consult.core.rules import signed_in

from .. import operations
from ..forms import ClaimItemForm, ReleaseForm, ReleasesForm
from ..queries import desk, things
from ..rules import Contribution
from .acts import ITEM, LEFT, TAKEN, desk_of, place_of, show_desk, shown_list
from .room import room

NOTHING_LEFT = "Nothing is left here that nobody looks at."


@room.get("/c/<slug>/manage/moderation/next", permit=signed_in)
def next_item(slug: str) -> ResponseReturnValue:
    """What waits longest and nobody looks at; opening it claims nothing."""
    header = consultations.header(viewer=me(), slug=slug)
    page = desk_of(header.consultation, first=True)
    if page.item is None:
        return _elsewhere(slug, page)
    return see_other("moderation.item", slug=slug, kind=page.item.kind, key=page.item.key, **shown_list())


@room.post("/c/<slug>/manage/moderation/next", permit=signed_in)
def claim_next(slug: str) -> ResponseReturnValue:
    """Take what waits longest, so that nobody else does."""
    header, form = consultations.header(viewer=me(), slug=slug), ClaimItemForm()
    claim = operations.claim_next(
        actor=me(), consultation=header.consultation, shown=shown_list().get("list", "all"), key=form.key
    )
    if claim is None:
        return _elsewhere(slug, desk_of(header.consultation))
    kind, key = things.address_of_claim(viewer=me(), claim=claim)
    if kind == "campaigns":
        return see_other("moderation.manage_campaign", slug=slug, number=key)
    return see_other("moderation.item", slug=slug, kind=kind, key=key, **shown_list())


def _elsewhere(slug: str, page: desk.Desk) -> ResponseReturnValue:
    """On to what is decided on where it stands (an objection, a place in the next draft), when nothing else is left."""
    for line in page.waiting:
        if line.kind in ("anchors", "objections"):
            return redirect(place_of(slug, line), 303)
    flash(NOTHING_LEFT)
    return see_other("moderation.queue", slug=slug, **shown_list())


@room.post(f"{ITEM}/claim", permit=signed_in)
def claim_item(slug: str, kind: str, key: str) -> ResponseReturnValue:
    """Look at it for a while, or take it over from somebody who has it."""
    form, thing = ClaimItemForm(), things.find(viewer=me(), slug=slug, kind=kind, key=key)
    if form.accept(operations.claim_item, actor=me(), thing=thing, seen_holder_id=form.holder_id) is None:
        return show_desk(slug, kind=kind, key=key, told=form.form_errors, status=409)
    flash(TAKEN)
    return see_other("moderation.item", slug=slug, kind=kind, key=key, **shown_list())


@room.post(f"{ITEM}/claim/end", permit=signed_in)
def let_go(slug: str, kind: str, key: str) -> ResponseReturnValue:
    """Leave it to the others."""
    operations.let_go(actor=me(), thing=things.find(viewer=me(), slug=slug, kind=kind, key=key))
    flash(LEFT)
    return see_other("moderation.queue", slug=slug, **shown_list())


@room.post(f"{ITEM}/release", permit=signed_in)
def release(slug: str, kind: str, key: str) -> ResponseReturnValue:
    """Put on show what waited for a look."""
    form, thing = ReleaseForm(), things.find(viewer=me(), slug=slug, kind=kind, key=key)
    act = form.accept(
        operations.release_contribution, actor=me(), thing=thing, seen_act_id=form.seen_act_id, key=form.key
    )
    if act is None:
        return show_desk(slug, kind=kind, key=key, told=form.form_errors, status=409)
    flash("On show, with the time it was received. Its author and those who follow are told.")
    return see_other("moderation.queue", slug=slug, **shown_list())


@room.post("/c/<slug>/manage/moderation/releases", permit=signed_in)
def release_many(slug: str) -> ResponseReturnValue:
    """Put everything on show that is ticked."""
    header, form = consultations.header(viewer=me(), slug=slug), ReleasesForm()
    if not form.validate():
        return show_desk(slug, told=form.things.errors, first=True, status=422)
    ticked = list(_found(slug, form))
    count = operations.release_many(actor=me(), consultation=header.consultation, things=ticked, key=form.key)
    left = len(form.addresses) - (count or 0)
    flash(
        f"On show: {count}.{f' Left alone: {left}, decided or looked at by a colleague, or your own.' if left else ''}"
    )
    return see_other("moderation.queue", slug=slug, **shown_list())


def _found(slug: str, form: ReleasesForm) -> Iterator[Contribution]:
    for kind, key in form.addresses:
        try:
            yield things.find(viewer=me(), slug=slug, kind=kind, key=key)
        except Missing:
            continue
