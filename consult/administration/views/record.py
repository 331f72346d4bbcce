"""What administrators did."""

from __future__ import annotations

from flask import Response
from flask.typing import ResponseReturnValue

from consult.core import clock
from consult.core.doors import me, show
from consult.core.rules import administrators

from .. import queries, sheet
from ..models import VERBS
from .room import asked, page_of_list, room


@room.get("/administration/acts", permit=administrators)
def acts() -> ResponseReturnValue:
    """Every administrative act, the newest first."""
    wanted, (after, before) = asked(), page_of_list()
    listing = queries.acts(viewer=me(), verb=wanted.show, text=wanted.q, after=after, before=before)
    bodies = queries.organisations_of(viewer=me(), acts=listing.rows)
    return show("administration/acts.html", listing=listing, bodies=bodies, asked=wanted, filters=VERBS)


@room.get("/administration/acts.csv", permit=administrators, limit="60 per hour")
def acts_file() -> ResponseReturnValue:
    """The same as a file for spreadsheets."""
    wanted, viewer = asked(), me()
    found = list(queries.every_act(viewer=viewer, verb=wanted.show, text=wanted.q))
    bodies = queries.organisations_of(viewer=viewer, acts=found)
    answer = Response("".join(sheet.csv_parts(sheet.row(act, bodies) for act in found)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="administrative-acts-{clock.now():%Y-%m-%d}.csv"'
    return answer
