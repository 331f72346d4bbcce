"""Doors of reporting, the moderators' desk, and the public log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.core import ids
from consult.core.doors import me, see_other, show
from consult.core.rules import anyone, signed_in
from consult.debate import operations as debate
from consult.outcomes import queries as outcomes

from .. import operations
from ..forms import (
    AppealDecisionForm,
    ClaimItemForm,
    CorrectionAnswerForm,
    DecisionForm,
    PlaceForm,
    ReleaseForm,
    ReleasesForm,
    ReportForm,
)  # fmt: skip
from ..models import ModerationAct
from ..queries import campaigns, desk, log, things, waiting
from ..rules import Contribution
from . import previews
from .room import room

ITEM = "/c/<slug>/manage/moderation/<any(comments, replies):kind>/<key>"
TAKEN = "It is yours for a quarter of an hour. Nobody else decides on it meanwhile."
LEFT = "It waits for whoever takes it next."
ACTS: dict[str, Callable[..., ModerationAct]] = {
    "hide": operations.hide_contribution,
    "redact": operations.redact_contribution,
    "withhold": operations.withhold_name,
    "suspend": operations.suspend_author,
    "ask": operations.ask_for_change,
    "keep": operations.keep_contribution,
    "restore": operations.restore_contribution,
}
TOLD = {
    "hide": "Hidden. The author gets a mail with the rule, the words, your reason and how to appeal.",
    "ask": "Asked. The author gets a mail with the rule, the words, your reason and the day; it comes back here when it is changed.",
    "redact": "Removed. The rule and your reason stand in place of the words; the author gets a mail with how to appeal.",
    "withhold": "The name is withheld everywhere. Your reason is in the log.",
    "suspend": "Its author may post nothing new here until then, and gets a mail with your reason and how to appeal.",
    "put_back": "The words are there again. The author gets a mail with your reason.",
    "lift": "Its author may post again, and gets a mail with your reason.",
    "name": "The name is shown again. Your reason is in the log.",
    "keep": "Kept on show. The reports on it are closed, and your reason is in the log.",
    "restore": "Shown again. The author gets a mail with your reason.",
}


@room.get("/moderation", permit=anyone)
def public_log() -> ResponseReturnValue:
    """What was decided everywhere on this site."""
    after, before = _place()
    counted = outcomes.counts_of_judged(viewer=me())
    page = log.log(viewer=me(), wanted=_filters(), after=after, before=before, judged=counted)
    shared, judged = campaigns.latest_acts(viewer=me()), outcomes.judged_objections(viewer=me())
    return show("moderation/log.html", page=page, header=None, shared=shared, judged=judged)


@room.get("/c/<slug>/moderation", permit=anyone)
def consultation_log(slug: str) -> ResponseReturnValue:
    """What was decided in one consultation."""
    header = consultations.header(viewer=me(), slug=slug)
    after, before = _place()
    counted = outcomes.counts_of_judged(viewer=me(), consultation=header.consultation)
    page = log.log(
        viewer=me(), wanted=_filters(), consultation=header.consultation, after=after, before=before, judged=counted
    )
    shared = campaigns.latest_acts(viewer=me(), consultation=header.consultation)
    judged = outcomes.judged_objections(viewer=me(), consultation=header.consultation)
    return show("moderation/log.html", page=page, header=header, shared=shared, judged=judged)


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
        return show_desk(slug, kind=kind, key=key, form=form, preview=previews.decision(form, thing, slug))
    act = _decided(form, thing, slug)
    if act is None:
        return show_desk(slug, kind=kind, key=key, form=form, status=422)
    flash(TOLD[act.verb])
    return see_other("moderation.queue", slug=slug, **shown_list())


def _decided(form: DecisionForm, thing: Contribution, slug: str) -> ModerationAct | None:
    if form.undone_act_id is None:
        made: ModerationAct | None = form.accept(ACTS[form.verb.data], actor=me(), thing=thing, **form.values())
        return made
    act = things.find_act(viewer=me(), slug=slug, act_id=form.undone_act_id)
    undone: ModerationAct | None = form.accept(operations.take_back, actor=me(), act=act, **form.values())
    return undone


@room.post("/c/<slug>/manage/moderation/comments/<number>/positions", permit=signed_in)
def place(slug: str, number: str) -> ResponseReturnValue:
    """Give a comment from outside its positions."""
    form = PlaceForm()
    comment = things.find(viewer=me(), slug=slug, kind="comments", key=number)
    if not form.validate() or not form.accept(
        debate.place_comment, actor=me(), comment=comment, positions=form.positions.data, seen=form.seen.data or ""
    ):
        return show_desk(slug, kind="comments", key=number, place_form=form, told=form.form_errors, status=422)
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
        return show_desk(slug, kind=kind, key=key, appeal_form=form, preview=previews.appeal_answer(form, appeal))
    if not form.accept(
        operations.decide_appeal, actor=me(), appeal=appeal, outcome=form.outcome.data, reason=form.reason.data,
        key=form.key,
    ):  # fmt: skip
        return show_desk(slug, kind=kind, key=key, appeal_form=form, status=422)
    flash("Decided. The author gets a mail with your reason, and it is in the log.")
    return see_other("moderation.queue", slug=slug, **shown_list())


@room.post("/c/<slug>/manage/moderation/corrections/<int:correction_id>", permit=signed_in)
def decide_correction(slug: str, correction_id: int) -> ResponseReturnValue:
    """Show it again with better words, or not."""
    form = CorrectionAnswerForm()
    correction = things.find_correction(viewer=me(), slug=slug, correction_id=correction_id)
    kind, key = things.address_of(correction.act)
    if not form.validate() or not form.accept(
        operations.decide_correction, actor=me(), correction=correction, **form.values()
    ):
        return show_desk(slug, kind=kind, key=key, better_form=form, status=422)
    flash("Decided. The author gets a mail with your reason, and it is in the log.")
    return see_other("moderation.queue", slug=slug, **shown_list())


def shown_list() -> dict[str, str]:
    """The list one works in, for addresses."""
    shown = request.args.get("list", "")
    return {"list": shown} if shown in waiting.LISTS else {}


def place_of(slug: str, line: waiting.Waiting) -> str:
    """Where a line of the list is decided on."""
    if line.kind == "campaigns":
        return url_for("moderation.manage_campaign", slug=slug, number=line.key)
    if line.kind == "anchors":
        return url_for("debate.carried_comments", slug=slug, _anchor=f"carried-{line.key}")
    if line.kind == "objections":
        return url_for("outcomes.objections", slug=slug, round=line.round, _anchor=f"objection-{line.key}")
    there: dict[str, Any] = {"slug": slug, "kind": line.kind, "key": line.key, **shown_list()}
    return url_for("moderation.item", **there)


def desk_of(consultation: Consultation, **where: Any) -> desk.Desk:
    """The list one works in, with what waits in a room above, and one item."""
    objections = outcomes.objections_to_look_at(viewer=me(), consultation=consultation)
    shown = request.args.get("list", "")
    return desk.desk(viewer=me(), consultation=consultation, shown=shown, objections=objections, **where)


def show_desk(
    slug: str, *, form: DecisionForm | None = None, appeal_form: AppealDecisionForm | None = None,
    place_form: PlaceForm | None = None, better_form: CorrectionAnswerForm | None = None, preview: tuple[str, str] | None = None,
    told: Sequence[str] = (), status: int = 200, **where: Any,
) -> Response:  # fmt: skip
    """The page with the list and one item. `told`: why what was pressed did not happen."""
    header = consultations.header(viewer=me(), slug=slug)
    page = desk_of(header.consultation, **where)
    form = (form or DecisionForm(formdata=None)).look_at(page.item) if page.item else None
    return show(
        "moderation/desk.html", header=header, page=page, form=form, preview=preview, lists=waiting.LISTS,
        appeal_form=appeal_form or AppealDecisionForm(formdata=None),
        place_form=place_form or PlaceForm(formdata=None), better_form=better_form or CorrectionAnswerForm(formdata=None),
        is_item="kind" in where, told=told, place_of=place_of, claim_form=ClaimItemForm(formdata=None), release_form=ReleaseForm(formdata=None),
        releases_form=ReleasesForm(formdata=None), status=status,
    )  # fmt: skip
