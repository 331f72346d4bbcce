"""Doors of parents and parts, and of the kind an organisation is of."""

from __future__ import annotations

from flask import flash
from flask.typing import ResponseReturnValue

from consult.core.doors import me, see_other, show
from consult.core.rules import signed_in

from .. import operations, queries
from ..forms import KindForm, ParentForm
from .room import room


@room.get("/organisations/<slug>/parent", permit=signed_in)
def parent(slug: str) -> ResponseReturnValue:
    """Of what is it a part?"""
    row = queries.managed_organisation(viewer=me(), slug=slug)
    return show("accounts/parent.html", organisation=row, form=ParentForm(formdata=None))


@room.post("/organisations/<slug>/parent", permit=signed_in)
def set_parent(slug: str) -> ResponseReturnValue:
    """Say so."""
    row, form = queries.managed_organisation(viewer=me(), slug=slug), ParentForm()
    if not (form.validate() and form.accept(operations.set_parent, actor=me(), organisation=row, parent=form.found)):
        return show("accounts/parent.html", organisation=row, form=form, status=422)
    flash(f"It is shown as a part of {form.parent.data}, on both pages.")
    return see_other(".organisation", slug=slug)


@room.post("/organisations/<slug>/parent/ending", permit=signed_in)
def end_parent(slug: str) -> ResponseReturnValue:
    """Say that it stands for itself."""
    row = queries.organisation(viewer=me(), slug=slug)
    operations.end_parent(actor=me(), organisation=row)
    flash(f"{row.name} is not a part of another organisation now.")
    return see_other(".organisation", slug=slug)


@room.get("/organisations/<slug>/category", permit=signed_in)
def category(slug: str) -> ResponseReturnValue:
    """What kind is it?"""
    row = queries.managed_organisation(viewer=me(), slug=slug)
    return show("accounts/kind.html", organisation=row, form=KindForm(formdata=None, obj=row))


@room.post("/organisations/<slug>/category", permit=signed_in)
def change_category(slug: str) -> ResponseReturnValue:
    """Say what kind it is, on record."""
    row, form = queries.managed_organisation(viewer=me(), slug=slug), KindForm()
    if form.validate():
        form.accept(operations.change_category, actor=me(), organisation=row, category=form.category.data)
    if form.errors:
        return show("accounts/kind.html", organisation=row, form=form, status=422)
    flash("Kept. What was said before stays under the kind it had.")
    return see_other(".organisation", slug=slug)
