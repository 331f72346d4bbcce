"""Doors of corrections: a published summary gets a new version, the old ones stay readable beside it."""

from __future__ import annotations

from flask import flash, request
from flask.typing import ResponseReturnValue

from consult.consultations import queries as consultations
from consult.core.doors import me, see_other, show
from consult.core.ids import whole
from consult.core.rules import anyone, signed_in
from consult.documents import redline

from .. import operations, queries
from ..forms import CorrectionForm, ImmaterialityForm, PublishForm
from .room import room
from .summary import summary_desk

# More versions than this has nobody; larger numbers are no numbers in any of our databases.
VERSION = "/c/<slug>/outcome/versions/<int(max=9999):version>"


@room.get("/c/<slug>/outcome/versions", permit=anyone)
def versions(slug: str) -> ResponseReturnValue:
    """Every published version of the summary of a round, with what it corrects."""
    header = consultations.header(viewer=me(), slug=slug)
    of = queries.round_of(header.consultation, request.args.get("round", 0, type=whole))
    read = queries.account(viewer=me(), consultation=header.consultation, of=of)
    return show("outcomes/versions.html", header=header, of=of, account=read)


@room.get(VERSION, permit=anyone)
def show_version(slug: str, version: int) -> ResponseReturnValue:
    """One version of the summary, with what it says in other words than the version before."""
    header = consultations.header(viewer=me(), slug=slug)
    of = queries.round_of(header.consultation, request.args.get("round", 0, type=whole))
    compared = queries.compare_versions(viewer=me(), consultation=header.consultation, of=of, number=version)
    return show("outcomes/version.html", header=header, of=of, compared=compared, mark_words=redline.html)


@room.post("/c/<slug>/manage/summary/corrections", permit=signed_in)
def begin_correction(slug: str) -> ResponseReturnValue:
    """Begin to correct what is published."""
    form = CorrectionForm()
    header = consultations.header(viewer=me(), slug=slug)
    if not form.validate() or not form.accept(
        operations.begin_correction, actor=me(), consultation=header.consultation, reason=form.reason.data
    ):
        return summary_desk(slug, correction_form=form, status=422)
    flash("You are writing a correction. Everybody reads the published version until this one is published.")
    return see_other("outcomes.summary", slug=slug)


@room.post("/c/<slug>/manage/summary/corrections/removal", permit=signed_in)
def drop_correction(slug: str) -> ResponseReturnValue:
    """Leave the published version as it is."""
    header = consultations.header(viewer=me(), slug=slug)
    operations.drop_correction(actor=me(), consultation=header.consultation)
    flash("The correction is gone. The published summary is as it was.")
    return see_other("outcomes.summary", slug=slug)


@room.post("/c/<slug>/manage/summary/corrections/publication", permit=signed_in)
def publish_correction(slug: str) -> ResponseReturnValue:
    """Put the corrected version before everybody."""
    form = PublishForm()
    header = consultations.header(viewer=me(), slug=slug)
    if not form.validate() or not form.accept(
        operations.publish_correction, actor=me(), consultation=header.consultation, seen=form.seen_edit
    ):
        return summary_desk(slug, publish_form=form, status=422)
    flash("The corrected summary is published. The version before stays readable.")
    return see_other("outcomes.show_outcome", slug=slug)


@room.get("/c/<slug>/manage/material-changes", permit=signed_in)
def material_changes(slug: str) -> ResponseReturnValue:
    """What must be put to comment once more before adoption, or why it need not be."""
    return _material(slug, None)


@room.post("/c/<slug>/manage/material-changes", permit=signed_in)
def state_immaterial(slug: str) -> ResponseReturnValue:
    """State why the changes of the last round are not material."""
    form = ImmaterialityForm()
    header = consultations.header(viewer=me(), slug=slug)
    if not form.validate() or not form.accept(
        operations.state_immaterial, actor=me(), consultation=header.consultation, reason=form.reason.data,
        seen=form.seen_answer,
    ):  # fmt: skip
        return _material(slug, form, status=422)
    flash("Your reason is public. The draft can be adopted without another round.")
    return see_other("outcomes.material_changes", slug=slug)


def _material(slug: str, form: ImmaterialityForm | None, status: int = 200) -> ResponseReturnValue:
    header = consultations.header(viewer=me(), slug=slug)
    page = queries.material_page(viewer=me(), consultation=header.consultation)
    form = form or ImmaterialityForm(formdata=None, seen=page.material.last_answer_id)
    return show("outcomes/material.html", header=header, page=page, form=form, status=status)
