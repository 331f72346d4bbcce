"""What everybody sees: the list, one consultation, its history, its dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue

from consult.core.doors import me, show
from consult.core.mail import link
from consult.core.rules import VISITOR, Actor, anyone
from consult.core.text import normalise
from consult.debate import queries as debate
from consult.documents import queries as documents
from consult.learning import queries as learning
from consult.notices.queries import is_following
from consult.outcomes import queries as outcomes

from .. import queries, rules
from ..calendar_file import Event, calendar
from ..models import Consultation
from .room import room

ADOPTED = ("adopted", "archived")  # in which a consultation may have led to a standard


@room.get("/consultations", permit=anyone)
def index() -> ResponseReturnValue:
    """All consultations, by group, organiser, topic and words."""
    chosen = {name: normalise(request.args.get(name, "")[:200]) for name in ("state", "organiser", "topic", "q")}
    page = queries.index(
        viewer=me(), group=chosen["state"], organiser=chosen["organiser"], topic=chosen["topic"], text=chosen["q"],
        after=request.args.get("after"), before=request.args.get("before"),
    )  # fmt: skip
    return show(
        "consultations/index.html", page=page, chosen=chosen, groups=queries.GROUPS,
        may_begin=rules.may_begin_consultation(me()),
    )  # fmt: skip


@room.get("/c/<slug>", permit=anyone)
def overview(slug: str) -> ResponseReturnValue:
    """What is asked, why, who decides and when; who has spoken so far and who is missing."""
    header = queries.header(viewer=me(), slug=slug)
    following = is_following(viewer=me(), subject=header.consultation)
    return show("consultations/overview.html", **overview_of(header, me()), is_following=following)


@room.get("/c/<slug>/history", permit=anyone)
def history(slug: str) -> ResponseReturnValue:
    """Every step in its life, with who, when and why."""
    header = queries.header(viewer=me(), slug=slug)
    entries = queries.history(viewer=me(), consultation=header.consultation)
    return show("consultations/history.html", header=header, entries=entries)


@room.get("/c/<slug>/dates.ics", permit=anyone)
def dates(slug: str) -> ResponseReturnValue:
    """Its dates for a calendar."""
    row, entries = queries.dates(viewer=me(), slug=slug)
    stamp = entries[0].at if entries else row.created_at
    text = calendar(row.title, events_of(row), stamp=stamp, sequence=len(entries))
    answer = Response(text, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{row.slug}.ics"'
    return answer


def overview_of(header: queries.Header, viewer: Actor) -> dict[str, Any]:
    """What the overview's template needs; `viewer` is a stranger in the preview."""
    row = header.consultation
    about = queries.overview(viewer=me(), consultation=row)
    return {
        "header": header,
        "row": row,
        "about": about,
        "last": about.last("pause", "withdraw"),
        "extended": about.last("extend") if row.state in ("announced", "open") else None,
        "balance": debate.balance(viewer=viewer, consultation=row),
        "versions": documents.versions(viewer=viewer, consultation_id=row.id),
        "adopted": outcomes.adopted_in(viewer=viewer, consultation=row) if row.state in ADOPTED else None,
        "call": queries.call_of(row),
        "learn": learning.summary(viewer=viewer, consultation=row),
        "is_preview": viewer is VISITOR and row.state == "draft",
    }


def events_of(row: Consultation, *, stamp: datetime | None = None, sequence: int | None = None) -> Sequence[Event]:
    """The dates of a consultation, whose rounds are loaded, for a calendar; see calendar_file.Event."""
    address = link("consultations.overview", slug=row.slug)
    name = row.slug if row.round.number == 1 else f"{row.slug}-round-{row.round.number}"
    named = (
        ("opens", row.opens_at, f"Opens for comments: {row.title}", "You can comment from now on."),
        ("closes", row.closes_at, f"Last chance to comment: {row.title}", "Comments close at this time."),
        (
            "answers",
            row.response_due_at,
            f"Every comment answered: {row.title}",
            "The day the answers are promised for.",
        ),
        ("review", row.review_ends_at, f"Check the answers until now: {row.title}", "The review of the answers ends."),
    )
    return [
        Event(
            uid=f"{name}-{key}@{current_app.extensions['consult.settings'].host}", at=at, title=title, text=f"{text} {address}", url=address,
            stamp=stamp, sequence=sequence,
        )
        for key, at, title, text in named
        if at is not None
    ]  # fmt: skip
