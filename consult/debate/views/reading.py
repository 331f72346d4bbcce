"""Doors of the reading room: the draft, with what people say about it beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.core.doors import me, see_other
from consult.core.freshness import show_unless_kept
from consult.core.ids import whole
from consult.core.rules import anyone
from consult.debate import queries, reading
from consult.debate.composing import NOT_THERE
from consult.documents.models import Clause, DraftVersion
from consult.notices.queries import is_following
from consult.outcomes import queries as outcomes

from .drafts import begin
from .room import room


@room.get("/c/<slug>/draft", permit=anyone)
def reading_room(slug: str) -> ResponseReturnValue:
    """Where reading begins: the first page of the newest version, or of ?version=."""
    consultation = consultations.find(viewer=me(), slug=slug)
    number = request.args.get("version", type=whole)
    first = reading.first_address(viewer=me(), consultation=consultation, number=number)
    return see_other("debate.reading_page", slug=slug, **first)


@room.get("/c/<slug>/v<int:version>/<page_key>", permit=anyone)
def reading_page(slug: str, version: int, page_key: str) -> ResponseReturnValue:
    """A page of the draft; ?at= opens the letters on a clause beside it, &write=1 the form."""
    header = consultations.header(viewer=me(), slug=slug)
    row = header.consultation
    at = request.args.get("at", "")
    room_page = reading.room_page(viewer=me(), consultation=row, number=version, key=page_key, at=at, here=_here(at))
    opened = room_page.open.clause if room_page.open else None
    return show_unless_kept(
        "debate/reading_page.html", slug=slug, header=header, room_page=room_page, sorts=reading.SORTS,
        closed_because=reading.closed_because(row, room_page.version),
        **_beside(row, room_page.version, opened, room_page.spoken),
    )  # fmt: skip


@room.get("/c/<slug>/v<int:version>/clauses/<key>", permit=anyone)
def clause(slug: str, version: int, key: str) -> ResponseReturnValue:
    """One clause with everything said about it, at its permanent address."""
    header = consultations.header(viewer=me(), slug=slug)
    row = header.consultation
    clause_page = reading.clause_page(viewer=me(), consultation=row, number=version, key=key, here=_here(key))
    return show_unless_kept(
        "debate/clause.html", slug=slug, header=header, clause_page=clause_page, sorts=reading.SORTS,
        is_following=is_following(viewer=me(), subject=clause_page.clause),
        **_beside(row, clause_page.version, clause_page.clause, clause_page.spoken),
    )  # fmt: skip


def _here(key: str) -> list[str]:
    """The passages one is at: those the form is about, and the one whose comments are open."""
    return [
        *(request.args.getlist("passage") if request.args.get("write") else ()),
        f"{key}:{request.args.get('on', '')}",
    ]


def _beside(
    consultation: Consultation, version: DraftVersion, clause: Clause | None, spoken: Sequence[queries.Marked]
) -> dict[str, Any]:
    """The letters on a clause, and the form where it is asked for and allowed."""
    if clause is None:
        return {"column": None, "form": None, "target": None, "answers": {}, "earlier": None, "begun": None}
    column = reading.column(
        viewer=me(), consultation=consultation, version=version, clause=clause, sort=request.args.get("sort", "text"),
        on=request.args.get("on", ""), spoken=spoken,
    )  # fmt: skip
    answered = [card.id for card in column.letters.rows if card.is_answered]
    answers = outcomes.answers_of(viewer=me(), comment_ids=answered)
    earlier = queries.earlier(viewer=me(), version=version, clause=clause)
    beside = {"column": column, "form": None, "target": None, "answers": answers, "earlier": earlier, "begun": None}
    return beside | _form(consultation, version, clause) if column.may_write else beside


def _form(consultation: Consultation, version: DraftVersion, clause: Clause) -> dict[str, Any]:
    """The form where it is asked for, as it was begun; else whether one was begun here."""
    if not request.args.get("write"):
        return {"begun": queries.begun(viewer=me(), version=version, place=clause.key)}
    passages = request.args.getlist("passage")
    target, form, begun = begin(
        queries.writing_about(
            viewer=me(), consultation=consultation, version=version, named=[clause], passages=passages
        )
    )
    if target.is_lost:
        form.form_errors.append(NOT_THERE)
    return {"form": form, "target": target, "begun": begun}
