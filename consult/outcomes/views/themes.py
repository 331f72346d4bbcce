"""Doors of the themes, for those who answer them and for those who read."""

from __future__ import annotations

from flask import flash, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from consult.consultations import queries as consultations
from consult.core.doors import me, see_other, show
from consult.core.rules import anyone, signed_in

from .. import operations, queries
from ..forms import TakeOutForm, ThemeAnswerForm, ThemeForm, UndoThemeForm
from ..models import Theme
from .room import room

ONE = "/c/<slug>/manage/themes/<int:theme>"


@room.get("/c/<slug>/manage/themes", permit=signed_in)
def themes(slug: str) -> ResponseReturnValue:
    """The themes of this round, and what of them waits."""
    header = consultations.header(viewer=me(), slug=slug)
    lines = queries.theme_list(viewer=me(), consultation=header.consultation)
    return show("outcomes/themes.html", header=header, lines=lines)


@room.get(ONE, permit=signed_in)
def theme_desk(slug: str, theme: int) -> ResponseReturnValue:
    """One theme: its comments, and the answer for all of them."""
    return _desk(slug, theme)


@room.post(ONE, permit=signed_in)
def answer_theme(slug: str, theme: int) -> ResponseReturnValue:
    """Answer it once."""
    form, row = ThemeAnswerForm(), _theme(slug, theme)
    if not form.validate() or not form.accept(operations.answer_theme, actor=me(), theme=row, **form.values()):
        return _desk(slug, theme, form=form, status=422)
    flash(f"“{row.name}” is answered.")
    return see_other("outcomes.theme_desk", slug=slug, theme=theme)


@room.post(f"{ONE}/template", permit=signed_in)
def fill_theme(slug: str, theme: int) -> ResponseReturnValue:
    """The same page with the words of a template; nothing is saved."""
    form = ThemeAnswerForm()
    kept = queries.templates(viewer=me(), consultation=_theme(slug, theme).consultation)
    is_there = form.take(kept, lambda words: words)  # each comment has its own number and clause
    return _desk(slug, theme, form=form, status=200 if is_there else 422)


@room.post(f"{ONE}/wording", permit=signed_in)
def describe_theme(slug: str, theme: int) -> ResponseReturnValue:
    """Say otherwise what its comments say."""
    form, row = ThemeForm(), _theme(slug, theme)
    words = {"name": form.name.data or "", "summary": form.summary.data or ""}
    if not form.validate() or not form.accept(operations.describe_theme, actor=me(), theme=row, **words):
        return _desk(slug, theme, wording=form, status=422)
    flash("Saved.")
    return see_other("outcomes.theme_desk", slug=slug, theme=theme)


@room.post(f"{ONE}/removals", permit=signed_in)
def take_out(slug: str, theme: int) -> ResponseReturnValue:
    """Take the ticked comments out of it."""
    form, row = TakeOutForm(), _theme(slug, theme)
    if not form.numbers:
        flash("Tick the comments that are to leave the theme first.")
    elif form.validate():
        found = queries.comments_by_number(viewer=me(), consultation=row.consultation, numbers=form.numbers)
        operations.take_out(actor=me(), theme=row, comments=found)
        flash(f"{', '.join(form.numbers)} taken out. What was answered stays, until it is decided anew.")
    return see_other("outcomes.theme_desk", slug=slug, theme=theme)


@room.post(f"{ONE}/undoing", permit=signed_in)
def undo_theme(slug: str, theme: int) -> ResponseReturnValue:
    """Take back its last answer."""
    form, row = UndoThemeForm(), _theme(slug, theme)
    given = {"theme": row, "answer": form.answer_id, "key": form.key}
    if form.validate() and form.accept(operations.undo_theme, actor=me(), **given):
        flash("Taken back. What stood before stands again.")
    for sentence in form.form_errors:
        flash(sentence)
    return see_other("outcomes.theme_desk", slug=slug, theme=theme)


@room.get("/c/<slug>/outcome/themes/<int:theme>", permit=anyone)
def theme(slug: str, theme: int) -> ResponseReturnValue:
    """What several said, and the answer to it."""
    header = consultations.header(viewer=me(), slug=slug)
    page = queries.theme_page(viewer=me(), consultation=header.consultation, number=theme)
    return show("outcomes/theme.html", header=header, page=page)


def _theme(slug: str, number: int) -> Theme:
    consultation = consultations.header(viewer=me(), slug=slug).consultation
    return queries.find_theme(viewer=me(), consultation=consultation, number=number)


def _desk(
    slug: str, number: int, *, form: ThemeAnswerForm | None = None, wording: ThemeForm | None = None, status: int = 200
) -> Response:
    header = consultations.header(viewer=me(), slug=slug)
    page = queries.theme_desk(
        viewer=me(), consultation=header.consultation, number=number, after=request.args.get("after")
    )
    form = form or ThemeAnswerForm(formdata=None)
    form.offer((row.id, row.name) for row in queries.templates(viewer=me(), consultation=header.consultation))
    forms = {
        "form": form, "wording": wording or ThemeForm(formdata=None, name=page.theme.name, summary=page.theme.summary),
        "undo_form": UndoThemeForm(formdata=None), "out_form": TakeOutForm(formdata=None),
    }  # fmt: skip
    return show("outcomes/theme_desk.html", header=header, page=page, status=status, **forms)
