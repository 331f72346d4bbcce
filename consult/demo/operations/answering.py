"""What a moderator keeps ready while the debate goes on: a template, a theme, a saved view."""

from __future__ import annotations

from sqlalchemy import exists, select

from consult.consultations.models import Consultation
from consult.core.operations import operation, session
from consult.core.rules import Actor, system_only
from consult.debate.models import Anchor, Comment
from consult.documents.models import Clause
from consult.outcomes import operations as outcomes

TEMPLATE = "Thank you for {number}. What you ask for is said in {clause} already, so nothing changes there."


@operation(rule=system_only)
def prepare_answers(*, actor: Actor, moderator: Actor, consultation: Consultation, clause: Clause) -> None:
    """The first comments on a clause make a theme."""
    on = exists(select(Anchor.id).where(Anchor.comment_id == Comment.id, Anchor.clause_id == clause.id))
    here = select(Comment).where(Comment.consultation_id == consultation.id, Comment.state == "posted", on)
    comments = session().scalars(here.order_by(Comment.id).limit(3)).all()
    outcomes.add_template(
        actor=moderator, consultation=consultation, name="It is said already", words=TEMPLATE, code="noted"
    )
    outcomes.save_view(actor=moderator, consultation=consultation, name="What waits", query="show=open", is_shared=True)
    if comments:
        name = f"What {clause.short_name} asks for"
        outcomes.gather(actor=moderator, consultation=consultation, comments=comments, name=name)
