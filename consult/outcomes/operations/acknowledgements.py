"""What commenters say of the answers: only ever added, her newest word counts."""

from __future__ import annotations

from sqlalchemy import func, select

from consult.core import text
from consult.core.errors import Conflict, Invalid
from consult.core.events import emit
from consult.core.operations import operation, session
from consult.core.rules import Actor
from consult.debate.models import Comment

from .. import rules
from ..events import AnswerAcknowledged
from ..models import SAID, Acknowledgement, Disposition


@operation(rule=rules.may_acknowledge, on="comment")
def acknowledge(
    *, actor: Actor, comment: Comment, said: str, reason: str = "", seen: int | None = None
) -> Acknowledgement:
    """Say of the answer to a comment whether it satisfies; the same again changes nothing.

    `seen` is the id of the newest answer that was read; Conflict when it was decided again since.
    """
    reason = text.normalise(reason)
    if said not in SAID:
        raise Invalid("Say whether the answer satisfies you.")
    if said == "not_satisfied" and not reason:
        raise Invalid("Say why. Whoever decides it again reads it, and so does everybody else.", field="reason")
    newest = session().scalar(select(func.max(Disposition.id)).where(Disposition.comment_id == comment.id)) or 0
    if seen is not None and seen != newest:
        raise Conflict("The answer was decided again meanwhile. Read it once more, then say whether it satisfies you.")
    about = select(Acknowledgement).where(Acknowledgement.comment_id == comment.id)
    last = session().scalars(about.order_by(Acknowledgement.id.desc()).limit(1)).first()
    if last is not None and (last.disposition_id, last.said, last.reason) == (newest, said, reason):
        return last
    row = Acknowledgement(
        comment_id=comment.id, disposition_id=newest, said=said, reason=reason, html=text.markdown(reason),
        person_id=actor.person_id,
    )  # fmt: skip
    session().add(row)
    session().flush()
    emit(AnswerAcknowledged(acknowledgement_id=row.id, comment_id=comment.id))
    return row
