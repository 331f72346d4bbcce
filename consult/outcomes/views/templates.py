"""Doors of the templates: words that are given often."""

from __future__ import annotations

from flask import flash
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from consult.consultations import queries as consultations
from consult.core.doors import me, see_other, show
from consult.core.forms import ActionForm
from consult.core.rules import signed_in

from .. import operations, queries
from ..forms import TemplateForm
from ..models import AnswerTemplate
from .room import room

ALL = "/c/<slug>/manage/templates"
ONE = f"{ALL}/<int:template_id>"


@room.get(ALL, permit=signed_in)
def templates(slug: str) -> ResponseReturnValue:
    """All of them, and room for a new one."""
    return _templates(slug, TemplateForm(formdata=None))


@room.post(ALL, permit=signed_in)
def add_template(slug: str) -> ResponseReturnValue:
    """Keep a new one."""
    form = TemplateForm()
    consultation = consultations.header(viewer=me(), slug=slug).consultation
    given = {"actor": me(), "consultation": consultation, "key": form.key}
    if not form.validate() or not form.accept(operations.add_template, **given, **form.values()):
        return _templates(slug, form, status=422)
    flash(f"The template “{form.name.data}” is kept.")
    return see_other("outcomes.templates", slug=slug)


@room.get(ONE, permit=signed_in)
def template(slug: str, template_id: int) -> ResponseReturnValue:
    """One of them, to be changed."""
    row = _template(slug, template_id)
    form = TemplateForm(formdata=None, name=row.name, code=row.code, words=row.text)
    return _templates(slug, form, row)


@room.post(ONE, permit=signed_in)
def edit_template(slug: str, template_id: int) -> ResponseReturnValue:
    """Change it."""
    form, row = TemplateForm(), _template(slug, template_id)
    if not form.validate() or not form.accept(operations.edit_template, actor=me(), template=row, **form.values()):
        return _templates(slug, form, row, 422)
    flash("Saved. Answers that were given with it stay as they are.")
    return see_other("outcomes.templates", slug=slug)


@room.post(f"{ONE}/removal", permit=signed_in)
def remove_template(slug: str, template_id: int) -> ResponseReturnValue:
    """Offer it no more."""
    row = _template(slug, template_id)
    operations.remove_template(actor=me(), template=row)
    flash(f"The template “{row.name}” is removed. Answers that were given with it stay as they are.")
    return see_other("outcomes.templates", slug=slug)


def _template(slug: str, template_id: int) -> AnswerTemplate:
    consultation = consultations.header(viewer=me(), slug=slug).consultation
    return queries.template(viewer=me(), consultation=consultation, template_id=template_id)


def _templates(slug: str, form: TemplateForm, row: AnswerTemplate | None = None, status: int = 200) -> Response:
    header = consultations.header(viewer=me(), slug=slug)
    rows = queries.templates(viewer=me(), consultation=header.consultation)
    action = ActionForm(formdata=None)
    return show("outcomes/templates.html", header=header, rows=rows, row=row, form=form, action=action, status=status)
