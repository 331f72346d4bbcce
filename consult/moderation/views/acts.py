"""Doors of reporting, the moderators' desk, appeals, and the public log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from flask import flash, request, session
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from consult.consultations import queries as consultations
from consult.core import clock, ids, mail
from consult.core.doors import me, see_other, show
from consult.core.rules import anyone, signed_in
from consult.debate import operations as debate

from .. import letters, operations, rules
from ..forms import (
    AppealDecisionForm,
    AppealForm,
    ClaimForm,
    DecisionForm,
    PlaceForm,
    ReleaseForm,
    ReleasesForm,
    ReportForm,
)  # fmt: skip
from ..models import Appeal, ModerationAct
from ..queries import campaigns, desk, log, things, waiting
from ..rules import Contribution, consultation_of, role_of
from .room import room

ITEM = "/c/<slug>/manage/moderation/<any(comments, replies):kind>/<key>"
ACTS: dict[str, Callable[..., ModerationAct]] = {
    "hide": operations.hide_contribution,
    "ask": operations.ask_for_change,
    "keep": operations.keep_contribution,
    "restore": operations.restore_contribution,
}
TOLD = {
    "hide": "Hidden. The author gets a mail with the rule, the words, your reason and how to appeal.",
    "ask": "Asked. The author gets a mail with the rule, the words, your reason and the day; it comes back here when it is changed.",
    "keep": "Kept on show. The reports on it are closed, and your reason is in the log.",
    "restore": "Shown again. The author gets a mail with your reason.",
}


@room.get("/moderation", permit=anyone)
def public_log() -> ResponseReturnValue:
    """What was decided everywhere on this site."""
    after, before = _place()
    page = log.log(viewer=me(), wanted=_filters(), after=after, before=before)
    return show("moderation/log.html", page=page, header=None, shared=campaigns.latest_acts(viewer=me()))


@room.get("/c/<slug>/moderation", permit=anyone)
def consultation_log(slug: str) -> ResponseReturnValue:
    """What was decided in one consultation."""
    header = consultations.header(viewer=me(), slug=slug)
    after, before = _place()
    page = log.log(viewer=me(), wanted=_filters(), consultation=header.consultation, after=after, before=before)
    shared = campaigns.latest_acts(viewer=me(), consultation=header.consultation)
    return show("moderation/log.html", page=page, header=header, shared=shared)


def _filters() -> log.Filters:
    return log.filters(**{name: request.args.get(name, "") for name in ("rule", "verb", "number")})


def _place() -> tuple[str, str]:
    return request.args.get("after", ""), request.args.get("before", "")


@room.get("/c/<slug>/comments/<number>/report", permit=anyone)
def report(slug: str, number: str) -> ResponseReturnValue:
    """Say what is wrong with a comment, or with a reply to it (`?reply=`)."""
    page = things.report_page(viewer=me(), slug=slug, number=number, reply=request.args.get("reply", ""))
    return _report(slug, page, ReportForm())


@room.post("/c/<slug>/comments/<number>/report", permit=anyone, limit="10 per 15 minutes")
def send_report(slug: str, number: str) -> ResponseReturnValue:
    """Tell the moderators."""
    page = things.report_page(viewer=me(), slug=slug, number=number, reply=request.args.get("reply", ""))
    form = ReportForm()
    reader = ids.digest(session.get("csrf_token", ""))
    if not form.validate() or not form.accept(
        operations.report, actor=me(), thing=page.thing, rule=form.rule.data, text=form.text.data, reader=reader,
        key=form.key,
    ):  # fmt: skip
        return _report(slug, page, form, 422)
    flash("The moderators have your report. They decide with a public reason; see the moderation log.")
    return see_other("debate.comment", slug=slug, number=number)


def _report(slug: str, page: things.ReportPage, form: ReportForm, status: int = 200) -> Response:
    header = consultations.header(viewer=me(), slug=slug)
    return show("moderation/report.html", header=header, page=page, form=form, status=status)


@room.get("/c/<slug>/manage/moderation", permit=signed_in)
def queue(slug: str) -> ResponseReturnValue:
    """What waits for a moderator."""
    return show_desk(slug, first=True)


@room.get(ITEM, permit=signed_in)
def item(slug: str, kind: str, key: str) -> ResponseReturnValue:
    """One contribution with everything a decision needs."""
    return show_desk(slug, kind=kind, key=key)


@room.post(f"{ITEM}/acts", permit=signed_in)
def decide(slug: str, kind: str, key: str) -> ResponseReturnValue:
    """Hide, ask for a change, keep or show again; or look at the mail first."""
    form = DecisionForm()
    if not form.validate():
        return show_desk(slug, kind=kind, key=key, form=form, status=422)
    thing = things.find(viewer=me(), slug=slug, kind=kind, key=key)
    if "preview" in request.form:
        return show_desk(slug, kind=kind, key=key, form=form, preview=_preview(form, thing))
    act = form.accept(ACTS[form.verb.data], actor=me(), thing=thing, **form.values())
    if act is None:
        return show_desk(slug, kind=kind, key=key, form=form, status=422)
    flash(TOLD[act.verb])
    return see_other("moderation.queue", slug=slug, **shown_list())


def _preview(form: DecisionForm, thing: Contribution) -> tuple[str, str] | None:
    """The mail as its author would get it; none when nobody gets one."""
    if form.verb.data == "keep" or thing.author_id is None or not rules.may_decide(me(), thing):
        return None
    role = role_of(me(), consultation_of(thing))
    if form.verb.data == "restore":
        return mail.written("moderation/restored", letters.restored(thing, reason=form.reason.data, role=role))
    facts = things.facts(viewer=me(), thing=thing, typed=form.facts.data or "")
    given = {name: getattr(form, name).data for name in ("rule", "passage", "reason")}
    if form.verb.data == "ask":
        until = clock.now() + timedelta(days=int(form.days.data))
        return mail.written("moderation/asked", letters.asked_if(thing, **given, facts=facts, role=role, until=until))
    return mail.written("moderation/hidden", letters.hidden_if(thing, **given, facts=facts, role=role))


@room.post("/c/<slug>/manage/moderation/comments/<number>/positions", permit=signed_in)
def place(slug: str, number: str) -> ResponseReturnValue:
    """Give a comment from outside its positions."""
    form = PlaceForm()
    comment = things.find(viewer=me(), slug=slug, kind="comments", key=number)
    if not form.validate() or not form.accept(
        debate.place_comment, actor=me(), comment=comment, positions=form.positions.data, costs=()
    ):
        return show_desk(slug, kind="comments", key=number, place_form=form, status=422)
    flash(f"{number} is placed. Its page says that a moderator did it.")
    return see_other("moderation.queue", slug=slug, **shown_list())


@room.post("/c/<slug>/manage/moderation/appeals/<int:appeal_id>", permit=signed_in)
def decide_appeal(slug: str, appeal_id: int) -> ResponseReturnValue:
    """The second look."""
    form = AppealDecisionForm()
    appeal = things.find_appeal(viewer=me(), slug=slug, appeal_id=appeal_id)
    kind, key = things.address_of(appeal.act)
    if not form.validate():
        return show_desk(slug, kind=kind, key=key, appeal_form=form, status=422)
    if "preview" in request.form:
        return show_desk(slug, kind=kind, key=key, appeal_form=form, preview=_answer(form, appeal))
    if not form.accept(
        operations.decide_appeal, actor=me(), appeal=appeal, outcome=form.outcome.data, reason=form.reason.data,
        key=form.key,
    ):  # fmt: skip
        return show_desk(slug, kind=kind, key=key, appeal_form=form, status=422)
    flash("Decided. The author gets a mail with your reason, and it is in the log.")
    return see_other("moderation.queue", slug=slug, **shown_list())


def _answer(form: AppealDecisionForm, appeal: Appeal) -> tuple[str, str] | None:
    """The mail about an answer to an appeal that is not given yet."""
    if not rules.may_decide_appeal(me(), appeal):
        return None
    role = role_of(me(), appeal.act.consultation, looks_again=True)
    given = letters.appeal_decided(appeal, outcome=form.outcome.data, reason=form.reason.data, role=role)
    return mail.written("moderation/appeal_decided", given)


def shown_list() -> dict[str, str]:
    """The list one works in, for addresses."""
    shown = request.args.get("list", "")
    return {"list": shown} if shown in waiting.LISTS else {}


def show_desk(
    slug: str, *, form: DecisionForm | None = None, appeal_form: AppealDecisionForm | None = None,
    place_form: PlaceForm | None = None, preview: tuple[str, str] | None = None, told: Sequence[str] = (),
    status: int = 200, **where: Any,
) -> Response:  # fmt: skip
    """The page with the list and one item. `told`: why what was pressed did not happen."""
    header = consultations.header(viewer=me(), slug=slug)
    shown = request.args.get("list", "")
    page = desk.desk(viewer=me(), consultation=header.consultation, shown=shown, **where)
    form = (form or DecisionForm(formdata=None)).look_at(page.item) if page.item else None
    return show(
        "moderation/desk.html", header=header, page=page, form=form, preview=preview, lists=waiting.LISTS,
        appeal_form=appeal_form or AppealDecisionForm(formdata=None),
        place_form=place_form or PlaceForm(formdata=None), is_item="kind" in where, told=told,
        claim_form=ClaimForm(formdata=None), release_form=ReleaseForm(formdata=None),
        releases_form=ReleasesForm(formdata=None), status=status,
    )  # fmt: skip


@room.get("/c/<slug>/moderation/<int:act_id>/appeal", permit=signed_in)
def appeal_page(slug: str, act_id: int) -> ResponseReturnValue:
    """For the author: what was decided, and asking for a second look."""
    return _appeal(slug, things.act_for_its_author(viewer=me(), slug=slug, act_id=act_id), AppealForm())


@room.post("/c/<slug>/moderation/<int:act_id>/appeal", permit=signed_in, limit="10 per 15 minutes")
def appeal(slug: str, act_id: int) -> ResponseReturnValue:
    """Ask for a second look."""
    act = things.act_for_its_author(viewer=me(), slug=slug, act_id=act_id)
    form = AppealForm()
    if not form.validate() or not form.accept(
        operations.appeal, actor=me(), act=act, text=form.text.data, key=form.key
    ):
        return _appeal(slug, act, form, 422)
    flash("Your appeal is with the moderators. Somebody else than before decides, and you get a mail.")
    return see_other("moderation.appeal_page", slug=slug, act_id=act_id)


def _appeal(slug: str, act: ModerationAct, form: AppealForm, status: int = 200) -> Response:
    header = consultations.header(viewer=me(), slug=slug)
    page = things.appeal_page(viewer=me(), act=act)
    return show("moderation/appeal.html", header=header, page=page, form=form, status=status)
