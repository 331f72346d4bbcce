"""What everybody sees: the guide, and the shelf with the way to propose something for it."""

from __future__ import annotations

from flask import flash, request
from flask.typing import ResponseReturnValue

from consult.consultations import queries as consultations
from consult.core.doors import me, see_other, show
from consult.core.downloads import download
from consult.core.forms import ActionForm
from consult.core.freshness import show_unless_kept
from consult.core.rules import anyone, signed_in

from .. import operations, queries, rules
from ..addresses import site_of
from ..forms import KeptForm, LabelForm
from ..models import KINDS, LANGUAGES
from .room import OFTEN, room


@room.get("/c/<slug>/guide", permit=anyone)
def guide(slug: str) -> ResponseReturnValue:
    """What the draft is about in plain language, questions and answers, the words explained."""
    header = consultations.header(viewer=me(), slug=slug)
    page = queries.guide_page(viewer=me(), consultation=header.consultation)
    return show_unless_kept("learning/guide.html", slug=slug, header=header, page=page)


@room.get("/c/<slug>/resources", permit=anyone)
def resources(slug: str) -> ResponseReturnValue:
    """The shelf; ?kind= shows one kind of things."""
    header = consultations.header(viewer=me(), slug=slug)
    page = queries.shelf(viewer=me(), consultation=header.consultation, kind=request.args.get("kind", ""))
    sites = {row.url: site_of(row.url) for row in page.rows}
    return show_unless_kept(
        "learning/resources.html", slug=slug, header=header, page=page, kinds=KINDS, languages=LANGUAGES, sites=sites,
    )  # fmt: skip


@room.get("/c/<slug>/resources/<int(max=999999999999999):resource_id>/file", permit=anyone)
def resource_file(slug: str, resource_id: int) -> ResponseReturnValue:
    """A file of the shelf, as it was put there; its address stays."""
    consultation = consultations.find(viewer=me(), slug=slug)
    return download(queries.resource_file(viewer=me(), consultation=consultation, resource_id=resource_id))


@room.get("/c/<slug>/resources/new", permit=signed_in)
def new_proposal(slug: str) -> ResponseReturnValue:
    """What one proposes for the shelf."""
    return _proposal(slug, LabelForm.of(None))


@room.post("/c/<slug>/resources", permit=signed_in, limit=OFTEN)
def propose(slug: str) -> ResponseReturnValue:
    """Propose it."""
    header = consultations.header(viewer=me(), slug=slug)
    form = LabelForm()
    if not (
        form.validate()
        and form.accept(
            operations.propose_resource, actor=me(), consultation=header.consultation, label=form.label(), key=form.key
        )
    ):
        return _proposal(slug, form, status=422)
    flash("Thank you. The organisers or moderators look at it; what they decide stands under “Your proposals”.")
    return see_other("learning.resources", slug=slug, sent=form.sheet, _anchor="mine")


@room.post("/c/<slug>/resources/<int(max=999999999999999):resource_id>/withdrawal", permit=signed_in)
def withdraw(slug: str, resource_id: int) -> ResponseReturnValue:
    """Take one's own proposal back."""
    header = consultations.header(viewer=me(), slug=slug)
    row = queries.resource(viewer=me(), consultation=header.consultation, resource_id=resource_id)
    form = ActionForm()
    if form.validate():
        operations.withdraw_proposal(actor=me(), resource=row)
        flash("Your proposal is taken back.")
    return see_other("learning.resources", slug=slug)


def _proposal(slug: str, form: KeptForm, status: int = 200) -> ResponseReturnValue:
    header = consultations.header(viewer=me(), slug=slug)
    verdict = rules.may_propose(me(), header.consultation)
    return show("learning/propose.html", slug=slug, header=header, form=form, verdict=verdict, status=status)
