"""Doors of comments that share a text: for moderators, for everybody, and for people who did not write one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import flash, request, session
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from consult.consultations import queries as consultations
from consult.core import ids
from consult.core.doors import me, see_other, show
from consult.core.rules import anyone, signed_in

from .. import operations
from ..forms import CampaignForm, ClaimItemForm, DisownForm, SearchForm
from ..models import CampaignAct
from ..queries import campaigns, things
from .acts import LEFT, TAKEN
from .room import room

ONE = "/c/<slug>/manage/campaigns/<int:number>"
ACTS: dict[str, Callable[..., CampaignAct]] = {
    "confirm": operations.confirm_campaign,
    "dismiss": operations.dismiss_campaign,
    "reopen": operations.reopen_campaign,
}
TOLD = {
    "confirm": "Counted as one argument. Everybody sees the text once, with who sent it and what each of them added.",
    "dismiss": "Dismissed. Each comment is counted by itself, and they are not proposed again.",
    "reopen": "Taken back. It waits for a decision as before.",
}


@room.get("/c/<slug>/manage/campaigns", permit=signed_in)
def campaign_list(slug: str) -> ResponseReturnValue:
    """Which comments share a text, and how far looking for them is."""
    return _list(slug, SearchForm(formdata=None))


@room.post("/c/<slug>/manage/campaigns/searches", permit=signed_in)
def search_campaigns(slug: str) -> ResponseReturnValue:
    """Have all comments looked through."""
    form = SearchForm()
    header = consultations.header(viewer=me(), slug=slug)
    asked = form.validate() and form.accept(
        operations.ask_for_search, actor=me(), consultation=header.consultation, key=form.key
    )
    if not asked:
        return _list(slug, form, 422)
    flash("The comments are being looked through. This page says how far it is.")
    return see_other("moderation.campaign_list", slug=slug)


def _list(slug: str, form: SearchForm, status: int = 200) -> Response:
    header = consultations.header(viewer=me(), slug=slug)
    page = campaigns.overview(viewer=me(), consultation=header.consultation)
    return show("moderation/campaigns.html", header=header, page=page, form=form, status=status)


@room.get(ONE, permit=signed_in)
def manage_campaign(slug: str, number: int) -> ResponseReturnValue:
    """One text, who sent it, and the decision."""
    return _desk(slug, number, None)


@room.post(f"{ONE}/acts", permit=signed_in)
def decide_campaign(slug: str, number: int) -> ResponseReturnValue:
    """Count them as one, or one by one, or take that back."""
    campaign = campaigns.find(viewer=me(), slug=slug, number=number)
    form = CampaignForm()
    if not form.validate() or not form.accept(ACTS[form.verb.data], actor=me(), campaign=campaign, **form.values()):
        return _desk(slug, number, form, 422)
    flash(TOLD[form.verb.data])
    return see_other("moderation.manage_campaign", slug=slug, number=number)


@room.post(f"{ONE}/claim", permit=signed_in)
def claim_campaign(slug: str, number: int) -> ResponseReturnValue:
    """Look at it for a while, or take it over from somebody who has it."""
    claim, campaign = ClaimItemForm(), campaigns.find(viewer=me(), slug=slug, number=number)
    if claim.accept(operations.claim_item, actor=me(), thing=campaign, seen_holder_id=claim.holder_id) is None:
        return _desk(slug, number, None, 409, told=claim.form_errors)
    flash(TAKEN)
    return see_other("moderation.manage_campaign", slug=slug, number=number)


@room.post(f"{ONE}/claim/end", permit=signed_in)
def let_campaign_go(slug: str, number: int) -> ResponseReturnValue:
    """Leave it to the others."""
    operations.let_go(actor=me(), thing=campaigns.find(viewer=me(), slug=slug, number=number))
    flash(LEFT)
    return see_other("moderation.manage_campaign", slug=slug, number=number)


def _desk(
    slug: str, number: int, form: CampaignForm | None, status: int = 200, told: Sequence[str] = ()
) -> Response:  # fmt: skip
    header = consultations.header(viewer=me(), slug=slug)
    page = campaigns.desk_page(viewer=me(), consultation=header.consultation, number=number, **_place())
    form = (form or CampaignForm.about(page.campaign)).look_at(page)
    return show(
        "moderation/campaign_desk.html",
        header=header,
        page=page,
        form=form,
        claim_form=ClaimItemForm(formdata=None),
        told=told,
        status=status,
    )


def _place() -> dict[str, str]:
    return {name: request.args.get(name, "") for name in ("category", "after")}


@room.get("/c/<slug>/campaigns", permit=anyone)
def all_campaigns(slug: str) -> ResponseReturnValue:
    """The texts that several comments share, as far as moderators confirmed it."""
    header = consultations.header(viewer=me(), slug=slug)
    lines = campaigns.confirmed(viewer=me(), consultation=header.consultation)
    return show("moderation/shared_texts.html", header=header, lines=lines)


@room.get("/c/<slug>/campaigns/<int:number>", permit=anyone)
def campaign(slug: str, number: int) -> ResponseReturnValue:
    """A text that several comments share: once, with everybody who sent it and what each of them added."""
    header = consultations.header(viewer=me(), slug=slug)
    page = campaigns.public_page(viewer=me(), slug=slug, number=number, **_place())
    return show("moderation/campaign.html", header=header, page=page)


@room.get("/c/<slug>/comments/<number>/disowning", permit=anyone)
def disown(slug: str, number: str) -> ResponseReturnValue:
    """For people whose name stands over a comment they did not write."""
    return _disown(slug, number, DisownForm())


@room.post("/c/<slug>/comments/<number>/disowning", permit=anyone, limit="10 per 15 minutes")
def send_disowning(slug: str, number: str) -> ResponseReturnValue:
    """Tell the moderators."""
    comment = things.disowned(viewer=me(), slug=slug, number=number)
    form = DisownForm()
    reader = ids.digest(session.get("csrf_token", ""))
    if not form.validate() or not form.accept(
        operations.disown, actor=me(), comment=comment, reader=reader, **form.values()
    ):
        return _disown(slug, number, form, 422)
    flash(
        "The moderators have your statement. They decide with a public reason; your address is not shown to anybody else."
    )
    return see_other("debate.comment", slug=slug, number=number)


def _disown(slug: str, number: str, form: DisownForm, status: int = 200) -> Response:
    header = consultations.header(viewer=me(), slug=slug)
    comment = things.disowned(viewer=me(), slug=slug, number=number)
    return show("moderation/disown.html", header=header, comment=comment, form=form, status=status)
