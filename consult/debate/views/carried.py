"""Doors of comments in the next draft: what became of them, and the word of who knows."""

from __future__ import annotations

from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue

from consult.consultations import queries as consultations
from consult.core.doors import me, see_other, show
from consult.core.errors import Refused
from consult.core.ids import whole
from consult.core.rules import signed_in
from consult.debate import operations, queries, rules
from consult.debate.forms import JudgementForm
from consult.debate.models import JUDGEMENTS, CarriedAnchor

from .room import room

ONE = "/c/<slug>/carried-comments/<int:carried_id>"
LISTS = {"mine": ".my_carried_comments", "all": ".carried_comments"}


@room.get("/c/<slug>/manage/carried", permit=signed_in)
def carried_comments(slug: str) -> ResponseReturnValue:
    """What became of all comments in the next draft, those first that somebody must look at."""
    return _list(slug, is_mine=False)


@room.get("/c/<slug>/my-carried-comments", permit=signed_in)
def my_carried_comments(slug: str) -> ResponseReturnValue:
    """What became of one's own comments in the next draft."""
    return _list(slug, is_mine=True)


@room.post(f"{ONE}/judgement", permit=signed_in)
def judge(slug: str, carried_id: int) -> ResponseReturnValue:
    """Say that it still applies, where it belongs, that it is solved, or that one does not mean it any more."""
    carried = queries.find_carried(viewer=me(), slug=slug, carried_id=carried_id)
    form = JudgementForm()
    if form.validate() and _judge(carried, form):
        flash(f"{carried.comment.number}: {JUDGEMENTS[carried.checked_as].lower()}. Saved.")
        return _back(slug, carried_id)
    return _list(slug, is_mine=_is_mine(), form=form, kept=carried_id, status=422)


@room.post(f"{ONE}/judgement/removal", permit=signed_in)
def take_back(slug: str, carried_id: int) -> ResponseReturnValue:
    """Make it as if nobody had said anything."""
    carried = queries.find_carried(viewer=me(), slug=slug, carried_id=carried_id)
    found = queries.found_for(viewer=me(), carried=carried)
    operations.take_back_judgement(actor=me(), carried=carried, found=found)
    flash(f"{carried.comment.number}: taken back. It stands as it was found.")
    return _back(slug, carried_id)


def _judge(carried: CarriedAnchor, form: JudgementForm) -> bool:
    name = form.clause.data or ""
    clause = queries.clause_called(viewer=me(), carried=carried, name=name) if name else None
    if name and clause is None:
        form.clause.errors = [f"This draft has no clause “{name}”. Write its number as printed, such as 5.2."]
        return False
    said = form.said.data or ""
    return form.accept(operations.judge_anchor, actor=me(), carried=carried, said=said, clause=clause) is not None


def _is_mine() -> bool:
    return request.args.get("of") == "mine"


def _back(slug: str, carried_id: int) -> ResponseReturnValue:
    """The same place of the list, with what was decided still on it."""
    given = {name: request.args[name] for name in ("list", "version", "after") if name in request.args}
    where = LISTS["mine" if _is_mine() else "all"]
    return see_other(where, slug=slug, kept=carried_id, _anchor=f"carried-{carried_id}", **given)


def _list(
    slug: str, *, is_mine: bool, form: JudgementForm | None = None, kept: int = 0, status: int = 200
) -> ResponseReturnValue:
    header = consultations.header(viewer=me(), slug=slug)
    verdict = rules.may_see_carried(me(), header.consultation)
    if not (is_mine or verdict):
        raise Refused(verdict.reason)
    given: dict[str, Any] = {"number": request.args.get("version", type=whole), "show": request.args.get("list", "")}
    page = queries.carried_page(
        viewer=me(), consultation=header.consultation, after=request.args.get("after"),
        kept=kept or request.args.get("kept", 0, type=whole), is_mine=is_mine, **given,
    )  # fmt: skip
    where = LISTS["mine" if is_mine else "all"]
    return show(
        "debate/carried.html", header=header, page=page, is_mine=is_mine, form=form, wrong=kept, where=where,
        shows=queries.SHOWS, said=JUDGEMENTS, status=status,
    )  # fmt: skip
