"""Doors of the list of accepted changes: who made them in the next draft, and who verified that."""

from __future__ import annotations

from flask import flash, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from consult.consultations import queries as consultations
from consult.consultations.models import Round
from consult.consultations.queries import Header
from consult.core.doors import me, see_other, show
from consult.core.ids import whole
from consult.core.rules import signed_in

from .. import operations, queries
from ..forms import ImplementationForm
from ..models import IMPLEMENTATIONS
from .room import room

CHANGES = "/c/<slug>/manage/changes"


@room.get(CHANGES, permit=signed_in)
def changes(slug: str) -> ResponseReturnValue:
    """Every accepted change by clause."""
    return _changes(*_of(slug), ImplementationForm(formdata=None))


@room.post(CHANGES, permit=signed_in)
def implement(slug: str) -> ResponseReturnValue:
    """Note what became of the ticked ones, or of all that are shown."""
    form = ImplementationForm()
    header, of = _of(slug)
    answers = queries.shown_answers(viewer=me(), of=of, show=_shown()) if form.all.data else form.answer_ids
    given = {"actor": me(), "consultation": header.consultation, "of": of, "answers": answers}
    is_right = form.validate() and form.fits(len(answers))
    if not is_right or not form.accept(operations.implement, **given, **form.values()):
        return _changes(header, of, form, 422)
    count = "1 change" if len(answers) == 1 else f"{len(answers):,} changes"
    flash(f"{count}: {IMPLEMENTATIONS[form.state.data].lower()}.")
    return see_other("outcomes.changes", slug=slug, round=of.number, show=_shown() or None)


def _shown() -> str:
    return request.args.get("show", "")


def _of(slug: str) -> tuple[Header, Round]:
    header = consultations.header(viewer=me(), slug=slug)
    return header, queries.round_of(header.consultation, max(0, request.args.get("round", 0, type=whole)))


def _changes(header: Header, of: Round, form: ImplementationForm, status: int = 200) -> Response:
    page = queries.work_page(
        viewer=me(), consultation=header.consultation, of=of, show=_shown(), after=request.args.get("after")
    )
    form.offer(version.number for version in page.versions)
    return show("outcomes/changes.html", header=header, page=page, form=form, shows=queries.SHOWS, status=status)
