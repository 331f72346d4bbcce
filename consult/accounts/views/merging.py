"""Doors of organisations that are the same: found, merged, parted again."""

from __future__ import annotations

from typing import Any, cast

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from consult.core.doors import me, see_other, show
from consult.core.errors import Moved
from consult.core.rules import administrators, proven

from .. import operations, queries
from ..forms import MergeForm, OtherForm
from ..models import Organisation
from .room import room


@room.app_errorhandler(Moved)
def lead_on(error: Moved) -> ResponseReturnValue:
    """The address of a merged organisation leads for good to the one it is now."""
    values: dict[str, Any] = {**request.args.to_dict(flat=False), **(request.view_args or {}), "slug": error.slug}
    return redirect(url_for(cast(str, request.endpoint), **values), error.status)


@room.get("/organisations/duplicates", permit=administrators)
def duplicates() -> ResponseReturnValue:
    """Organisations that may be one."""
    return show("accounts/duplicates.html", pairs=queries.duplicates(viewer=me()))


@room.post("/organisations/<slug>/apart/<other>", permit=administrators)
def say_apart(slug: str, other: str) -> ResponseReturnValue:
    """Say that two are not the same."""
    one, two = (queries.organisation(viewer=me(), slug=name) for name in (slug, other))
    operations.say_apart(actor=me(), one=one, other=two)
    flash(f"{one.name} and {two.name} are not proposed again.")
    return see_other(".duplicates")


@room.get("/organisations/<slug>/sameness", permit=administrators)
def same_as(slug: str) -> ResponseReturnValue:
    """Which one is it the same as?"""
    row = queries.organisation(viewer=me(), slug=slug)
    return show("accounts/same_as.html", organisation=row, form=OtherForm(formdata=None))


@room.post("/organisations/<slug>/sameness", permit=administrators)
def find_same(slug: str) -> ResponseReturnValue:
    """Go and look at both."""
    row, form = queries.organisation(viewer=me(), slug=slug), OtherForm()
    if not form.validate() or form.found is None:
        return show("accounts/same_as.html", organisation=row, form=form, status=422)
    return see_other(".merge", slug=slug, into=form.found.slug)


@room.get("/organisations/<slug>/merging/<into>", permit=administrators)
def merge(slug: str, into: str) -> ResponseReturnValue:
    """Both side by side, and what will become what."""
    return _show(_both(slug, into), MergeForm(formdata=None))


@room.post("/organisations/<slug>/merging/<into>", permit=proven)
def merge_organisations(slug: str, into: str) -> ResponseReturnValue:
    """Make them one."""
    (former, other), form = _both(slug, into), MergeForm()
    made = form.validate() and form.accept(
        operations.merge_organisations, actor=me(), former=former, into=other, reason=form.reason.data,
        signing=form.signing.data,
    )  # fmt: skip
    if not made:
        return _show((former, other), form, status=422)
    flash(f"{former.name} is {other.name} now. This can be undone for 14 days, on this page.")
    return see_other(".organisation", slug=other.slug)


@room.post("/organisation-merges/<int:merge_id>/undoing", permit=proven)
def undo_merge(merge_id: int) -> ResponseReturnValue:
    """Make two of them again."""
    row = queries.merge(viewer=me(), merge_id=merge_id)
    operations.undo_merge(actor=me(), merge=row)
    flash(f"{row.former.name} stands for itself again.")
    return see_other(".organisation", slug=row.former.slug)


def _both(slug: str, into: str) -> tuple[Organisation, Organisation]:
    """The one that goes and the one that stays; where one of them is merged already there is nothing here."""
    try:
        return queries.organisation(viewer=me(), slug=slug), queries.organisation(viewer=me(), slug=into)
    except Moved:
        abort(404)


def _show(both: tuple[Organisation, Organisation], form: MergeForm, status: int = 200) -> ResponseReturnValue:
    page = queries.merge_page(viewer=me(), former=both[0], into=both[1])
    return show("accounts/merge.html", page=page, form=form, status=status)
