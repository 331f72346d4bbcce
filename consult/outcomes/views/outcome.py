"""Doors of what came out: the outcome of a consultation, its register as files, and what became of my comments."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from consult.consultations import queries as consultations
from consult.consultations.queries import Header
from consult.core.doors import me, show
from consult.core.rules import anyone, signed_in

from .. import queries, tables
from ..queries import Filters
from .room import room


@room.get("/me", permit=signed_in)
def mine() -> ResponseReturnValue:
    """My comments and what became of each."""
    return show("outcomes/mine.html", page=queries.mine(viewer=me(), after=request.args.get("after")))


@room.get("/c/<slug>/outcome", permit=anyone)
def show_outcome(slug: str) -> ResponseReturnValue:
    """We asked, you said, we did; before that, when it comes."""
    return _outcome(slug, is_preview=False)


@room.get("/c/<slug>/manage/summary/preview", permit=signed_in)
def preview(slug: str) -> ResponseReturnValue:
    """The outcome as everybody will see it, for the staff."""
    return _outcome(slug, is_preview=True)


@room.get("/c/<slug>/outcome/register.csv", permit=anyone)
def register_csv(slug: str) -> ResponseReturnValue:
    """Every comment and its answer, for spreadsheets."""
    header = consultations.header(viewer=me(), slug=slug)
    return _file(header, "csv", "text/csv", tables.csv_parts(_rows(header)))


@room.get("/c/<slug>/outcome/register.json", permit=anyone)
def register_json(slug: str) -> ResponseReturnValue:
    """Every comment and its answer, for programs."""
    header = consultations.header(viewer=me(), slug=slug)
    about = {
        "consultation": header.slug,
        "title": header.title,
        "state": header.state,
        "address": url_for("outcomes.show_outcome", slug=slug, _external=True),
    }
    return _file(header, "json", "application/json", tables.json_parts(about, _rows(header)))


def _outcome(slug: str, is_preview: bool) -> ResponseReturnValue:
    header = consultations.header(viewer=me(), slug=slug)
    page = queries.outcome_page(
        viewer=me(), consultation=header.consultation, filters=Filters.read(request.args),
        after=request.args.get("after"), before=request.args.get("before"), is_preview=is_preview,
    )  # fmt: skip
    template = "outcomes/outcome.html" if page.is_told else "outcomes/waiting.html"
    endpoint = "outcomes.preview" if is_preview else "outcomes.show_outcome"
    return show(template, header=header, page=page, is_preview=is_preview, endpoint=endpoint)


def _rows(header: Header) -> Iterable[dict[str, object]]:
    found = queries.entries(viewer=me(), consultation=header.consultation)
    return tables.rows(found, lambda number: url_for("debate.comment", slug=header.slug, number=number, _external=True))


def _file(header: Header, suffix: str, kind: str, parts: Iterable[str]) -> Response:
    name = f"{header.slug}-register.{suffix}"
    return Response(
        stream_with_context(parts),  # type: ignore[call-overload]
        content_type=f"{kind}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
