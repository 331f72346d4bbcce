"""Who may know of a contribution, and who may read its words."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, or_, true

from consult.consultations import queries as consultations
from consult.core.conditions import per_viewer
from consult.core.rules import Actor
from consult.debate.models import Comment, Reply

JUDGES = ("moderator", "appeals_panel")


@per_viewer
def visible_to(viewer: Actor) -> ColumnElement[bool]:
    """Comments whose words this viewer may read: shown ones, hidden and held ones for their moderators, never withdrawn ones.

    What waits for a look its author reads, too. For lists, counts, search, exports, citations. Needs a join to
    Consultation.
    """
    readable = or_(Comment.state.in_(("posted", "held")), and_(Comment.state == "hidden", _judges(viewer)))
    return and_(listed_for(viewer), readable)


@per_viewer
def listed_for(viewer: Actor) -> ColumnElement[bool]:
    """Comments this viewer may know of, tombstones included. Show them as cards, which hold back the words.

    What waits for a look is there for its author and its moderators only. Needs a join to Consultation.
    """
    return and_(consultations.visible_to(viewer), not_held_from(viewer, Comment))


@per_viewer
def replies_listed_for(viewer: Actor) -> ColumnElement[bool]:
    """The same for replies. Needs a join to Comment and Consultation."""
    return and_(listed_for(viewer), not_held_from(viewer, Reply))


def not_held_from(viewer: Actor, thing: type[Comment | Reply]) -> ColumnElement[bool]:
    """Whether it is on show or was, or the viewer may look at it before. Needs a join to Comment."""
    is_mine = thing.author_id == viewer.person_id if viewer.person_id is not None else false()
    return or_(thing.state != "held", is_mine, _judges(viewer))


def _judges(viewer: Actor) -> ColumnElement[bool]:
    if viewer.is_system:
        return true()
    moderated = [consultation_id for consultation_id, role in viewer.roles if role in JUDGES]
    return Comment.consultation_id.in_(moderated)


def may_read(viewer: Actor, thing: Comment | Reply, consultation_id: int) -> bool:
    """The same for one loaded contribution: whether its words may be shown to this viewer."""
    if thing.state == "held" and viewer.person_id is not None and thing.author_id == viewer.person_id:
        return True
    if thing.state in ("hidden", "held"):
        return any(viewer.holds(role, consultation_id) for role in JUDGES)
    return thing.state == "posted"
