"""Doors of what came out: the outcome of a consultation, its register as files, and what became of my comments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import Response, request, stream_with_context
from flask.typing import ResponseReturnValue

from consult.consultations import queries as consultations
from consult.consultations.models import Round
from consult.consultations.queries import Header
from consult.core.doors import me, show
from consult.core.ids import whole
from consult.core.mail import link
from consult.core.rules import anyone, signed_in
from consult.debate import queries as debate
from consult.documents import queries as documents
from consult.documents.models import DraftVersion
from consult.moderation.queries import campaigns, things

from .. import queries, tables
from ..queries import Filters
from .room import room


@room.get("/me", permit=signed_in)
def mine() -> ResponseReturnValue:
    """My comments and what became of each."""
    to_check = debate.to_check(viewer=me(), person_id=me().person_id)
    names = debate.my_names(viewer=me(), after=request.args.get("names"))
    page = queries.mine(viewer=me(), after=request.args.get("after"))
    in_hand = debate.in_hand(viewer=me())
    requests = things.requests_to(viewer=me())
    return show(
        "outcomes/mine.html", page=page, to_check=to_check, names=names, in_hand=in_hand, requests=requests
    )  # fmt: skip


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
    of = queries.round_of(header.consultation, _round_number())
    return _file(header, of, "csv", "text/csv", tables.csv_parts(_rows(header, of)))


@room.get("/c/<slug>/outcome/register.json", permit=anyone)
def register_json(slug: str) -> ResponseReturnValue:
    """Every comment and its answer, for programs."""
    header = consultations.header(viewer=me(), slug=slug)
    of = queries.round_of(header.consultation, _round_number())
    found = _rows(header, of)
    facts = queries.facts(viewer=me(), of=of)
    said = queries.said_in(viewer=me(), of=of, answered=facts.answered, is_running=False)
    shared = campaigns.tally(viewer=me(), of=of)
    about = {
        "consultation": header.slug,
        "title": header.title,
        "state": header.state,
        "round": of.number,
        "address": link("outcomes.show_outcome", slug=slug, round=of.number),
        "figures": {
            "comments": facts.comments,
            "answered": facts.answered,
            "withdrawn": facts.withdrawn,
            "campaigns": shared.campaigns,
            "campaign_signatories": shared.comments - shared.campaigns,  # of comments: beyond one for each text
            "satisfied": said.satisfied,
            "not_satisfied": said.not_satisfied,
        },
    }
    return _file(header, of, "json", "application/json", tables.json_parts(about, found))


def _outcome(slug: str, is_preview: bool) -> ResponseReturnValue:
    header = consultations.header(viewer=me(), slug=slug)
    page = queries.outcome_page(
        viewer=me(), consultation=header.consultation, filters=Filters.read(request.args),
        round_number=_round_number(), after=request.args.get("after"), before=request.args.get("before"),
        is_preview=is_preview,
    )  # fmt: skip
    template = "outcomes/outcome.html" if page.is_told else "outcomes/waiting.html"
    endpoint = "outcomes.preview" if is_preview else "outcomes.show_outcome"
    number = page.of.number if header.round and not is_preview else None
    redline = _redline(page.of, documents.versions(viewer=me(), consultation_id=header.consultation.id))
    return show(
        template, header=header, page=page, is_preview=is_preview, endpoint=endpoint, number=number, redline=redline,
        shared=campaigns.tally(viewer=me(), of=page.of),
    )  # fmt: skip


def _redline(of: Round, versions: Sequence[DraftVersion]) -> dict[str, int] | None:
    """Between which versions a reader sees what became of a round: its own and the next; None without a next one."""
    later = {version.number: version for version in versions}
    own = next((number for number, version in later.items() if version.round_id == of.id), None)
    return {"from": own, "to": own + 1} if own is not None and own + 1 in later else None


def _round_number() -> int:
    number: int = request.args.get("round", 0, type=whole)
    return number


def _rows(header: Header, of: Round) -> Iterable[dict[str, object]]:
    found = queries.entries(viewer=me(), consultation=header.consultation, of=of)
    return tables.rows(found, lambda number: link("debate.comment", slug=header.slug, number=number))


def _file(header: Header, of: Round, suffix: str, kind: str, parts: Iterable[str]) -> Response:
    name = f"{header.slug}-{f'round-{of.number}-' if header.round else ''}register.{suffix}"
    return Response(
        stream_with_context(parts),  # type: ignore[call-overload]
        content_type=f"{kind}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
