"""Doors of objections: to the summary under review, and their answers."""

from __future__ import annotations

from flask import flash, request
from flask.typing import ResponseReturnValue

from consult.consultations import queries as consultations
from consult.consultations.models import Round
from consult.consultations.queries import Header
from consult.core.doors import me, see_other, show
from consult.core.forms import ActionForm
from consult.core.ids import whole
from consult.core.rules import anyone, signed_in

from .. import operations, queries
from ..forms import ObjectionAnswerForm, ObjectionForm
from .room import room

LARGEST = 999_999  # no summary has as many objections
OBJECTION = f"/c/<slug>/outcome/objections/<int(max={LARGEST}):objection>"


@room.get("/c/<slug>/outcome/objections", permit=anyone)
def objections(slug: str) -> ResponseReturnValue:
    """What was said against the summary, and what became of it; `statement` is objected to, `answer` answered."""
    return _page(slug)


@room.post("/c/<slug>/outcome/objections", permit=signed_in, limit="20 per hour")
def object_to(slug: str) -> ResponseReturnValue:
    """Object to the summary, or to a sentence of it."""
    form = ObjectionForm()
    header, of = _header(slug)
    row = form.validate() and form.accept(
        operations.object_to, actor=me(), consultation=header.consultation, of=of, text=form.text.data,
        statement_id=form.statement_id, seen=form.seen.data, key=form.key,
    )  # fmt: skip
    if not row:
        return _page(slug, form=form, status=422)
    flash("Your objection is public. It gets an answer before the outcome is published.")
    return see_other("outcomes.objections", slug=slug, _anchor=f"objection-{row.number}")


@room.post(OBJECTION + "/withdrawal", permit=signed_in)
def withdraw_objection(slug: str, objection: int) -> ResponseReturnValue:
    """Take one's objection back."""
    _, of = _header(slug)
    row = queries.find_objection(viewer=me(), of=of, number=objection)
    operations.withdraw_objection(actor=me(), objection=row)
    flash("Your objection is taken back. Its line stays, without its words.")
    return see_other("outcomes.objections", slug=slug, _anchor=f"objection-{objection}")


@room.post(OBJECTION + "/answer", permit=signed_in)
def answer_objection(slug: str, objection: int) -> ResponseReturnValue:
    """Answer an objection in public."""
    form = ObjectionAnswerForm()
    _, of = _header(slug)
    row = queries.find_objection(viewer=me(), of=of, number=objection)
    if not form.validate() or not form.accept(
        operations.answer_objection, actor=me(), objection=row, decision=form.decision.data or "",
        answer=form.answer.data,
    ):  # fmt: skip
        return _page(slug, answer_form=form, answering=objection, status=422)
    flash("Your answer is public, and whoever objected is told.")
    return see_other("outcomes.objections", slug=slug, _anchor=f"objection-{objection}")


def _page(
    slug: str, *, form: ObjectionForm | None = None, answer_form: ObjectionAnswerForm | None = None,
    answering: int = 0, status: int = 200,
) -> ResponseReturnValue:  # fmt: skip
    header, of = _header(slug)
    asked = form.statement_id if form else max(0, request.args.get("statement", 0, type=whole))
    page = queries.objections_page(
        viewer=me(), consultation=header.consultation, of=of, statement_id=asked,
        answering=answering or min(max(0, request.args.get("answer", 0, type=whole)), LARGEST),
    )  # fmt: skip
    line = page.line
    fresh = ObjectionForm(formdata=None, statement=line.id if line else "", seen=line.mark if line else "")
    return show(
        "outcomes/objections.html", header=header, page=page, form=form or fresh,
        answer_form=answer_form or ObjectionAnswerForm(formdata=None), action=ActionForm(formdata=None), status=status,
    )  # fmt: skip


def _header(slug: str) -> tuple[Header, Round]:
    header = consultations.header(viewer=me(), slug=slug)
    return header, queries.round_of(header.consultation, max(0, request.args.get("round", 0, type=whole)))
