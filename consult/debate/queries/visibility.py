"""Who may know of a contribution, and who may read its words."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_

from consult.consultations import queries as consultations
from consult.core.rules import Actor
from consult.debate.models import Comment, Reply


def visible_to(viewer: Actor) -> ColumnElement[bool]:
    """Comments whose words this viewer may read: shown ones, hidden ones for their moderators, never withdrawn ones.

    For lists, counts, search, exports, citations. Needs a join to Consultation.
    """
    return and_(listed_for(viewer), or_(Comment.state == "posted", _hidden_for_me(viewer)))


def listed_for(viewer: Actor) -> ColumnElement[bool]:
    """Comments this viewer may know of, tombstones included. Show them as cards, which hold back the words.

    Needs a join to Consultation.
    """
    return consultations.visible_to(viewer)


def _hidden_for_me(viewer: Actor) -> ColumnElement[bool]:
    if viewer.is_system:
        return Comment.state == "hidden"
    moderated = [consultation_id for consultation_id, role in viewer.roles if role in ("moderator", "appeals_panel")]
    return and_(Comment.state == "hidden", Comment.consultation_id.in_(moderated))


def may_read(viewer: Actor, thing: Comment | Reply, consultation_id: int) -> bool:
    """The same for one loaded contribution: whether its words may be shown to this viewer."""
    if thing.state == "hidden":
        return any(viewer.holds(role, consultation_id) for role in ("moderator", "appeals_panel"))
    return thing.state == "posted"
