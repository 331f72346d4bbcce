"""Doors of words: sentences to choose, and a comment as a Web Annotation."""

from __future__ import annotations

from flask import Response, json, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from consult.consultations import queries as consultations
from consult.core import text
from consult.core.doors import me, show
from consult.core.mail import link
from consult.core.rules import anyone
from consult.debate import annotation, queries

from .room import room

NOT_CARRIED = {"choose", "leave_out", "chosen", "find"}


@room.get("/c/<slug>/v<int:version>/clauses/<key>/passages", permit=anyone)
def passages(slug: str, version: int, key: str) -> ResponseReturnValue:
    """The sentences of a clause and of its points, to choose those a comment is about; works without JavaScript."""
    target = queries.writing(
        viewer=me(), slug=slug, version=version, keys=[key], passages=request.args.getlist("passage")
    )
    return show_choices(target, MultiDict())


def show_choices(target: queries.Writing, typed: MultiDict[str, str]) -> ResponseReturnValue:
    """The sentences to choose from. What was `typed` on a form goes along and comes back with them."""
    header = consultations.header_of(target.consultation, viewer=me())
    find = text.normalise(typed.get("find", request.args.get("find", "")))[:200]
    carried = [
        (text.normalise(name), text.normalise(value))
        for name, value in typed.items(multi=True)
        if name not in NOT_CARRIED
    ]
    choices = queries.choices(viewer=me(), target=target, name=find)
    is_found = not find or any(find in (choice.clause.key, choice.clause.label) for choice in choices)
    return show(
        "debate/passages.html", header=header, target=target, choices=choices, carried=carried, find=find,
        is_found=is_found,
    )  # fmt: skip


@room.get("/c/<slug>/comments/<number>/annotation", permit=anyone)
def comment_annotation(slug: str, number: str) -> ResponseReturnValue:
    """A comment as a W3C Web Annotation; one that is not shown any more has none."""
    row = queries.find_shown(viewer=me(), slug=slug, number=text.normalise(number))
    made = annotation.of(row, lambda endpoint, **values: link(endpoint, slug=slug, **values))
    return Response(json.dumps(made, ensure_ascii=False, indent=1), content_type=annotation.MEDIA_TYPE)
