"""The door through which commenters say whether the answers satisfy them."""

from __future__ import annotations

from flask import flash
from flask.typing import ResponseReturnValue

from consult.consultations import queries as consultations
from consult.core.doors import me, see_other, show
from consult.core.rules import signed_in
from consult.core.text import normalise
from consult.debate import queries as debate

from .. import operations, queries
from ..forms import AcknowledgementForm
from .room import room

NOTED = {
    "satisfied": "You are satisfied with the answer to {}. Thank you for saying so.",
    "not_satisfied": "You are not satisfied with the answer to {}. Another moderator decides it again.",
}


@room.post("/c/<slug>/comments/<number>/acknowledgement", permit=signed_in)
def acknowledge(slug: str, number: str) -> ResponseReturnValue:
    """Say whether the answer satisfies, and why not."""
    form = AcknowledgementForm()
    comment = debate.find_comment(viewer=me(), slug=slug, number=normalise(number))
    row = form.validate() and form.accept(operations.acknowledge, actor=me(), comment=comment, **form.values())
    if not row:
        header = consultations.header(viewer=me(), slug=slug)
        told = queries.answer_of(viewer=me(), comment=comment)
        return show("outcomes/acknowledge.html", header=header, comment=comment, told=told, form=form, status=422)
    flash(f"{NOTED[row.said].format(comment.number)} You can say something else until the review ends.")
    return see_other("debate.comment", slug=slug, number=comment.number, _anchor=f"answer-{row.disposition_id}")
