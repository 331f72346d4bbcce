"""Doors of an author: the statement of reasons, asking for a second look, and handing in better words."""

from __future__ import annotations

from flask import flash
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from consult.consultations import queries as consultations
from consult.core.doors import me, see_other, show
from consult.core.rules import signed_in

from .. import operations
from ..forms import AppealForm, CorrectionForm
from ..models import ModerationAct
from ..queries import things
from .room import room


@room.get("/c/<slug>/moderation/<int:act_id>/appeal", permit=signed_in)
def appeal_page(slug: str, act_id: int) -> ResponseReturnValue:
    """For the author: what was decided, and asking for a second look."""
    return _statement(slug, things.act_for_its_author(viewer=me(), slug=slug, act_id=act_id))


@room.post("/c/<slug>/moderation/<int:act_id>/appeal", permit=signed_in, limit="10 per 15 minutes")
def appeal(slug: str, act_id: int) -> ResponseReturnValue:
    """Ask for a second look."""
    act = things.act_for_its_author(viewer=me(), slug=slug, act_id=act_id)
    form = AppealForm()
    if not form.validate() or not form.accept(
        operations.appeal, actor=me(), act=act, text=form.text.data, key=form.key
    ):
        return _statement(slug, act, form=form, status=422)
    flash("Your appeal is with the moderators. Somebody else than before decides, and you get a mail.")
    return see_other("moderation.appeal_page", slug=slug, act_id=act_id)


@room.post("/c/<slug>/moderation/<int:act_id>/corrections", permit=signed_in, limit="10 per 15 minutes")
def hand_in_again(slug: str, act_id: int) -> ResponseReturnValue:
    """Hand in better words for what is hidden."""
    act = things.act_for_its_author(viewer=me(), slug=slug, act_id=act_id)
    form = CorrectionForm()
    if not form.validate() or not form.accept(
        operations.hand_in_again, actor=me(), act=act, body=form.body.data, key=form.key
    ):
        return _statement(slug, act, better=form, status=422)
    flash("A moderator reads the old and the new side by side, and you get a mail.")
    return see_other("moderation.appeal_page", slug=slug, act_id=act_id)


def _statement(
    slug: str, act: ModerationAct, *, form: AppealForm | None = None, better: CorrectionForm | None = None,
    status: int = 200,
) -> Response:  # fmt: skip
    page = things.appeal_page(viewer=me(), act=act)
    header = consultations.header(viewer=me(), slug=slug) if page.is_let_in else None
    return show(
        "moderation/appeal.html", header=header, page=page, form=form or AppealForm(formdata=None),
        better=better or CorrectionForm(formdata=None, body=page.words_to_correct), status=status,
    )  # fmt: skip
