"""Doors of one's inbox and of the list of what one follows."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import flash, request
from flask.typing import ResponseReturnValue

from consult.core.doors import me, see_other, show
from consult.core.rules import signed_in

from .. import operations, queries
from ..forms import ReadForm
from .room import room


@room.get("/me/inbox", permit=signed_in)
def inbox() -> ResponseReturnValue:
    """What one was told, newest first."""
    marked_at = _moment(request.args.get("marked", ""))
    page = queries.inbox(viewer=me(), after=request.args.get("after"), marked_at=marked_at)
    return show("notices/inbox.html", page=page, moment=request.args.get("marked", "") if marked_at else "")


@room.post("/me/inbox/reading", permit=signed_in)
def read_all() -> ResponseReturnValue:
    """Mark everything that was on the page, and what is older, as read."""
    form = ReadForm()
    moment = operations.mark_all_read(actor=me(), up_to=_number(form.up_to.data))
    return see_other(".inbox", marked=str(round(moment.timestamp() * 1_000_000)))


@room.post("/me/inbox/unreading", permit=signed_in)
def unread_all() -> ResponseReturnValue:
    """Take back that everything was marked as read."""
    moment = _moment(ReadForm().moment.data)
    if moment is not None:
        operations.unmark_all(actor=me(), moment=moment)
        flash("Taken back: what was unread before is unread again.")
    return see_other(".inbox")


@room.post("/me/inbox/<int:notice_id>/reading", permit=signed_in)
def read_one(notice_id: int) -> ResponseReturnValue:
    """Mark one as read, or as unread again."""
    row = queries.notice(viewer=me(), notice_id=notice_id)
    mark = operations.mark_unread if ReadForm().read.data == "no" else operations.mark_read
    mark(actor=me(), notice=row)
    return see_other(".inbox", after=request.args.get("after"), _anchor=f"n{notice_id}")


@room.get("/me/follows", permit=signed_in)
def follows() -> ResponseReturnValue:
    """What one follows, with a button to stop at each."""
    return show("notices/follows.html", listing=queries.follows(viewer=me(), after=request.args.get("after")))


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _moment(text: str | None) -> datetime | None:
    """A moment as addresses carry it, in microseconds; None when somebody has meddled with it."""
    try:
        return datetime.fromtimestamp(int(text or "") / 1_000_000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
