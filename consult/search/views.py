"""Doors of the search: over everything, and within one consultation."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from consult.accounts.models import CATEGORIES
from consult.consultations import queries as consultations
from consult.core.doors import Room, me, show
from consult.core.rules import anyone

from . import queries
from .forms import ANSWERS, SearchForm
from .models import KINDS

room = Room("search")
CHOICES = {"kinds": KINDS, "categories": CATEGORIES, "answers": ANSWERS}


@room.get("/search", permit=anyone)
def everything() -> ResponseReturnValue:
    """Find in everything that is public, and in what else one may read."""
    form = SearchForm(request.args)
    page = queries.search(viewer=me(), filters=form.filters(), page=form.page)
    return show("search/everything.html", form=form, page=page, choices=CHOICES, most=queries.MOST)


@room.get("/c/<slug>/search", permit=anyone)
def consultation(slug: str) -> ResponseReturnValue:
    """Find in one consultation."""
    header = consultations.header(viewer=me(), slug=slug)
    form = SearchForm(request.args, header.consultation)
    page = queries.search(viewer=me(), filters=form.filters(), consultation=header.consultation, page=form.page)
    return show("search/consultation.html", header=header, form=form, page=page, choices=CHOICES, most=queries.MOST)
