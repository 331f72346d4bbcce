"""Doors of the table: filters and saved views, and what is done with many comments at once."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from flask import flash, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from consult.consultations import queries as consultations
from consult.consultations.queries import Header
from consult.core.doors import me, see_other, show
from consult.core.forms import ActionForm
from consult.core.ids import whole
from consult.core.rules import signed_in

from .. import operations, queries
from ..forms import MOST_AT_ONCE, AssignForm, ChosenForm, GatherForm, ViewForm
from ..queries import Filters
from .room import room

BASE = "/c/<slug>/manage/answers"


@room.get(f"{BASE}/table", permit=signed_in)
def table(slug: str) -> ResponseReturnValue:
    """Every comment by clause."""
    return _table(slug, ViewForm(formdata=None))


@room.get(f"{BASE}/chosen", permit=signed_in)
def chosen(slug: str) -> ResponseReturnValue:
    """What can be done with the ticked ones, or with all of the list, at once."""
    numbers = [] if request.args.get("all") else request.args.getlist("also")[:MOST_AT_ONCE] or [""]
    return _chosen(slug, numbers, AssignForm(formdata=None), GatherForm(formdata=None))


@room.post(f"{BASE}/assignments", permit=signed_in)
def assign(slug: str) -> ResponseReturnValue:
    """Give them to a colleague, or to nobody."""
    form = AssignForm()
    consultation = consultations.header(viewer=me(), slug=slug).consultation
    found = queries.chosen_comments(viewer=me(), consultation=consultation, filters=_filters(), numbers=form.numbers)
    given = {"actor": me(), "consultation": consultation, "comments": found}
    is_right = form.validate() and form.fits(len(found))
    row = form.accept(operations.assign, **given, **form.values()) if is_right else None
    if row is None:
        return _chosen(slug, form.numbers, form, GatherForm(formdata=None), 422)
    flash(_said(row.size, len(found) - row.size, is_given=row.person_id is not None))
    return see_other("outcomes.table", slug=slug, given=row.id, **_filters().args)


@room.post(f"{BASE}/assignments/<int:assignment_id>/undoing", permit=signed_in)
def take_back_assignment(slug: str, assignment_id: int) -> ResponseReturnValue:
    """Whose they were before, they are again."""
    consultations.header(viewer=me(), slug=slug)
    row = queries.assignment(viewer=me(), assignment_id=assignment_id)
    form = ActionForm()
    if form.validate() and form.accept(operations.take_back_assignment, actor=me(), assignment=row):
        flash("Taken back: these comments are whose they were before.")
    for sentence in form.form_errors:
        flash(sentence)
    return see_other("outcomes.table", slug=row.consultation.slug, **_filters().args)


@room.post("/c/<slug>/manage/themes", permit=signed_in)
def gather(slug: str) -> ResponseReturnValue:
    """Put them into a theme."""
    form = GatherForm()
    consultation = consultations.header(viewer=me(), slug=slug).consultation
    found = queries.chosen_comments(viewer=me(), consultation=consultation, filters=_filters(), numbers=form.numbers)
    given = {"actor": me(), "consultation": consultation, "comments": found, "theme": form.theme_number}
    is_right = form.validate() and form.fits(len(found))
    row = form.accept(operations.gather, **given, name=form.name.data or "", key=form.key) if is_right else None
    if row is None:
        return _chosen(slug, form.numbers, AssignForm(formdata=None), form, 422)
    flash(f"{_count(len(found))} put into the theme “{row.name}”.")
    return see_other("outcomes.theme_desk", slug=slug, theme=row.number)


@room.post(f"{BASE}/views", permit=signed_in)
def save_view(slug: str) -> ResponseReturnValue:
    """Keep the filters under a name."""
    form = ViewForm()
    consultation = consultations.header(viewer=me(), slug=slug).consultation
    given = {"actor": me(), "consultation": consultation, "query": urlencode(Filters.read(form.narrowing).args)}
    named = {"name": form.name.data or "", "is_shared": bool(form.is_shared.data), "key": form.key}
    if not form.validate() or not form.accept(operations.save_view, **given, **named):
        return _table(slug, form, 422)
    flash(f"The view “{form.name.data}” is saved.")
    return see_other("outcomes.table", slug=slug, **_filters().args)


@room.post(f"{BASE}/views/<int:view_id>/removal", permit=signed_in)
def drop_view(slug: str, view_id: int) -> ResponseReturnValue:
    """Forget a view."""
    consultation = consultations.header(viewer=me(), slug=slug).consultation
    row = queries.view(viewer=me(), consultation=consultation, view_id=view_id)
    operations.drop_view(actor=me(), view=row)
    flash(f"The view “{row.name}” is removed.")
    return see_other("outcomes.table", slug=slug, **_filters().args)


def _filters() -> Filters:
    return Filters.read(request.args)


def _table(slug: str, form: ViewForm, status: int = 200) -> Response:
    header = consultations.header(viewer=me(), slug=slug)
    page = queries.table(
        viewer=me(), consultation=header.consultation, filters=_filters(), after=request.args.get("after"),
        before=request.args.get("before"), assigned=request.args.get("given", 0, type=whole),
    )  # fmt: skip
    return show(
        "outcomes/table.html", header=header, page=page, form=form, action=ActionForm(formdata=None), status=status
    )


def _chosen(
    slug: str, numbers: Sequence[str], assign_form: AssignForm, gather_form: GatherForm, status: int = 200
) -> Response:
    header: Header = consultations.header(viewer=me(), slug=slug)
    page = queries.chosen(viewer=me(), consultation=header.consultation, filters=_filters(), numbers=numbers)
    assign_form.offer((person.id, person.name) for person in page.colleagues)
    gather_form.offer((line.theme.number, f"{line.theme.name} ({line.count})") for line in page.themes)
    forms: dict[str, ChosenForm] = {"assign_form": assign_form, "gather_form": gather_form}
    return show("outcomes/chosen.html", header=header, page=page, status=status, **forms)


def _said(size: int, left: int, *, is_given: bool) -> str:
    done = f"{_count(size)} given to a colleague." if is_given else f"{_count(size)} given back: nobody’s work now."
    stay = " These are the colleague’s own, or of their organisation, and stayed where they were."
    return f"{done}{f' {_count(left)} not.{stay}' if left else ''}"


def _count(count: int) -> str:
    return "1 comment" if count == 1 else f"{count:,} comments"
