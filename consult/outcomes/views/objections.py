"""Doors of objections: to the summary under review, and their answers."""

from __future__ import annotations

from flask import flash, request, session
from flask.typing import ResponseReturnValue

from consult.consultations import queries as consultations
from consult.consultations.models import Round
from consult.consultations.queries import Header
from consult.core import ids
from consult.core.doors import me, see_other, show
from consult.core.forms import ActionForm, Form
from consult.core.ids import whole
from consult.core.rules import anyone, signed_in
from consult.debate.forms import NamingForm
from consult.moderation.forms import AppealDecisionForm, AppealForm, ReportForm
from consult.moderation.models import ROLES, RULES

from .. import operations, queries
from ..forms import ObjectionAnswerForm, ObjectionForm, ObjectionJudgementForm
from ..models import ACTS_ON_OBJECTIONS, Objection
from .room import room

KINDS: tuple[type[Form], ...] = (ReportForm, ObjectionJudgementForm, AppealForm, AppealDecisionForm, NamingForm)
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
        statement_id=form.statement_id, seen=form.seen.data, named=form.named.data or "", key=form.key,
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


@room.post(OBJECTION + "/name", permit=signed_in)
def name_objection(slug: str, objection: int) -> ResponseReturnValue:
    """Show more or less of one's name over one's objection."""
    form, row = NamingForm(), _found(slug, objection)
    if form.accept(operations.name_objection, actor=me(), objection=row, named=form.named.data or "", key=form.key):
        flash("Changed. Every page and file shows this from now on.")
        return see_other("outcomes.objections", slug=slug, _anchor=f"objection-{objection}")
    return _page(slug, acting=(objection, form), status=422)


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


@room.post(OBJECTION + "/report", permit=anyone, limit="10 per 15 minutes")
def report_objection(slug: str, objection: int) -> ResponseReturnValue:
    """Tell the moderators that it breaks a rule."""
    form, row = ReportForm(), _found(slug, objection)
    reader = ids.digest(session.get("csrf_token", ""))
    given = {"actor": me(), "objection": row, "text": form.text.data or "", "reader": reader, "key": form.key}
    if not form.validate() or not form.accept(operations.report_objection, rule=form.rule.data, **given):
        return _page(slug, acting=(objection, form), status=422)
    flash("The moderators have your report. They decide with a public reason; see the moderation log.")
    return see_other("outcomes.objections", slug=slug, _anchor=f"objection-{objection}")


@room.post(OBJECTION + "/decisions", permit=signed_in)
def judge_objection(slug: str, objection: int) -> ResponseReturnValue:
    """Hide it, keep it, or show it again."""
    form, row = ObjectionJudgementForm(), _found(slug, objection)
    form.offer(is_hidden=row.hidden_at is not None)
    if not form.validate() or not form.accept(operations.judge_objection, actor=me(), objection=row, **form.values()):
        return _page(slug, acting=(objection, form), status=422)
    flash("Decided. Whoever objected is told, with your reason.")
    return see_other("outcomes.objections", slug=slug, _anchor=f"objection-{objection}")


@room.post(OBJECTION + "/appeal", permit=signed_in)
def appeal_hiding(slug: str, objection: int) -> ResponseReturnValue:
    """Ask for a second look."""
    form, row = AppealForm(), _found(slug, objection)
    act = queries.newest_act(viewer=me(), objection=row).act
    if not form.validate() or not form.accept(
        operations.appeal_hiding, actor=me(), act=act, text=form.text.data or "", key=form.key
    ):
        return _page(slug, acting=(objection, form), status=422)
    flash("Somebody else looks at it a second time, and you are told.")
    return see_other("outcomes.objections", slug=slug, _anchor=f"objection-{objection}")


@room.post(OBJECTION + "/appeal/answer", permit=signed_in)
def decide_hiding_appeal(slug: str, objection: int) -> ResponseReturnValue:
    """Decide on it a second time."""
    form, row = AppealDecisionForm(), _found(slug, objection)
    appeal = queries.appeal_of(viewer=me(), objection=row)
    given = {"outcome": form.outcome.data or "", "reason": form.reason.data or "", "key": form.key}
    if not form.validate() or not form.accept(operations.decide_hiding_appeal, actor=me(), appeal=appeal, **given):
        return _page(slug, acting=(objection, form), status=422)
    flash("Decided. Whoever objected is told, with your reason.")
    return see_other("outcomes.objections", slug=slug, _anchor=f"objection-{objection}")


def _found(slug: str, number: int) -> Objection:
    return queries.find_objection(viewer=me(), of=_header(slug)[1], number=number)


def _forms(page: queries.ObjectionsPage, acting: tuple[int, Form] | None) -> dict[int, dict[type[Form], Form]]:
    """For each objection the forms about it: that which was sent, the others fresh."""
    found: dict[int, dict[type[Form], Form]] = {}
    for row in page.objections:
        judgement = ObjectionJudgementForm(formdata=None)
        judgement.offer(is_hidden=row.hidden_at is not None)
        mine: list[Form] = [
            ReportForm(formdata=None),
            judgement,
            AppealForm(formdata=None),
            AppealDecisionForm(formdata=None),
            NamingForm(formdata=None, named=row.named),
        ]
        sent = [acting[1]] if acting and acting[0] == row.number else []
        found[row.id] = {type(form): form for form in [*mine, *sent]}
    return found


def _page(
    slug: str, *, form: ObjectionForm | None = None, answer_form: ObjectionAnswerForm | None = None,
    answering: int = 0, acting: tuple[int, Form] | None = None, status: int = 200,
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
        forms={row: [mine[kind] for kind in KINDS] for row, mine in _forms(page, acting).items()}, rule_names=RULES,
        role_names=ROLES, acts=ACTS_ON_OBJECTIONS,
    )  # fmt: skip


def _header(slug: str) -> tuple[Header, Round]:
    header = consultations.header(viewer=me(), slug=slug)
    return header, queries.round_of(header.consultation, max(0, request.args.get("round", 0, type=whole)))
