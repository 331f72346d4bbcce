"""What makes many answers quick: templates, saved views, and who answers what until when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import func, insert, select, update

from consult.accounts.models import Person
from consult.accounts.queries import actor_for
from consult.consultations.models import Consultation
from consult.consultations.queries import newest_round
from consult.consultations.wall_clock import end_of_day
from consult.core import clock, text
from consult.core.errors import Conflict, Invalid
from consult.core.events import emit
from consult.core.operations import operation, session
from consult.core.rules import SYSTEM, Actor, system_only
from consult.debate.models import Comment

from .. import placeholders, queries, rules
from ..events import CommentsAssigned
from ..models import DECISIONS, AnswerTemplate, AssignedComment, Assignment, SavedView

MOST_VIEWS = 30  # of one person in one consultation


@operation(rule=rules.may_prepare, on="consultation")
def add_template(
    *, actor: Actor, consultation: Consultation, name: str, words: str, code: str = "", key: str | None = None
) -> AnswerTemplate:
    """Keep words that are given often."""
    given = _template(consultation, name, words, code)
    row = AnswerTemplate(consultation_id=consultation.id, edited_by_id=actor.person_id, **given)
    session().add(row)
    return row


@operation(rule=rules.may_change_template, on="template")
def edit_template(*, actor: Actor, template: AnswerTemplate, name: str, words: str, code: str = "") -> AnswerTemplate:
    """Change a template. Answers have copied their words, so none that was given changes."""
    for column, value in _template(template.consultation, name, words, code, template.id).items():
        setattr(template, column, value)
    template.edited_by_id, template.edited_at = actor.person_id or 0, clock.now()
    return template


@operation(rule=rules.may_change_template, on="template")
def remove_template(*, actor: Actor, template: AnswerTemplate) -> None:
    """Offer it no more. Answers that were given with it stay as they are."""
    session().delete(template)


@operation(rule=rules.may_work, on="consultation")
def save_view(
    *,
    actor: Actor,
    consultation: Consultation,
    name: str,
    query: str,
    is_shared: bool = False,
    key: str | None = None,
) -> SavedView:
    """Keep filters under a name; the same name again of the same person means the new ones."""
    name = " ".join(text.normalise(name).split())
    if not name:
        raise Invalid("Give the view a name.", field="name")
    if not query:
        raise Invalid("Narrow the list first: there is nothing to save yet.", field="name")
    mine = (SavedView.consultation_id == consultation.id, SavedView.person_id == actor.person_id)
    row = session().scalars(select(SavedView).where(*mine, SavedView.name == name)).first()
    if row is None:
        if (session().scalar(select(func.count(SavedView.id)).where(*mine)) or 0) >= MOST_VIEWS:
            raise Invalid(f"You have {MOST_VIEWS} saved views here. Remove one first.", field="name")
        row = SavedView(consultation_id=consultation.id, person_id=actor.person_id or 0, name=name)
        session().add(row)
    row.query, row.is_shared = query, is_shared
    return row


@operation(rule=rules.may_drop_view, on="view")
def drop_view(*, actor: Actor, view: SavedView) -> None:
    """Forget a saved view."""
    session().delete(view)


@operation(rule=rules.may_prepare, on="consultation")
def assign(
    *,
    actor: Actor,
    consultation: Consultation,
    comments: Sequence[Comment],
    person_id: int | None,
    due_on: date | None = None,
    key: str | None = None,
) -> Assignment:
    """Give comments of the newest round to a moderator to answer, until a day; to nobody: give them back.

    Left where they were are those she may not answer, being hers or of her organisation.
    """
    due_at = end_of_day(due_on, consultation.timezone, field="due_on") if due_on and person_id else None
    if due_at is not None and due_at < clock.now():
        raise Invalid("This day is over. Choose a later one.", field="due_on")
    chosen = _for_colleague(consultation, comments, person_id)
    row = Assignment(
        consultation_id=consultation.id, person_id=person_id, due_at=due_at, size=len(chosen),
        made_by_id=actor.person_id,
    )  # fmt: skip
    session().add(row)
    session().flush()
    _end(chosen)
    session().execute(
        insert(AssignedComment),
        [{"assignment_id": row.id, "comment_id": comment_id, "is_current": True} for comment_id in chosen],
    )
    emit(CommentsAssigned(assignment_id=row.id))
    return row


@operation(rule=rules.may_take_back, on="assignment")
def take_back_assignment(*, actor: Actor, assignment: Assignment) -> Assignment:
    """Undo an assignment: its comments are whose they were before. Those that were given on since stay there."""
    if assignment.taken_back_at is not None:
        raise Conflict("This was taken back already.")
    assignment.taken_back_at = clock.now()
    of = (AssignedComment.assignment_id == assignment.id, AssignedComment.is_current)
    ids = list(session().scalars(select(AssignedComment.comment_id).where(*of)))
    _end(ids)
    earlier = (
        select(func.max(AssignedComment.id))
        .join(AssignedComment.assignment)
        .where(
            AssignedComment.comment_id.in_(ids),
            AssignedComment.assignment_id < assignment.id,
            Assignment.taken_back_at.is_(None),
        )
        .group_by(AssignedComment.comment_id)
    )
    session().execute(update(AssignedComment).where(AssignedComment.id.in_(earlier)).values(is_current=True))
    return assignment


@operation(rule=system_only)
def note_reminder(*, actor: Actor, assignment: Assignment) -> Assignment | None:
    """The day has come: from now on it was reminded of. None when it was already, or there is no need to."""
    row = queries.assignment(viewer=SYSTEM, assignment_id=assignment.id, is_locked=True)
    if row.reminded_at is not None or row.taken_back_at is not None:
        return None
    row.reminded_at = clock.now()
    return row


def _end(comment_ids: Sequence[int]) -> None:
    current = (AssignedComment.comment_id.in_(comment_ids), AssignedComment.is_current)
    session().execute(update(AssignedComment).where(*current).values(is_current=False))


def _for_colleague(consultation: Consultation, comments: Sequence[Comment], person_id: int | None) -> Sequence[int]:
    """Ids of those of the comments that this colleague may answer."""
    of = newest_round(viewer=SYSTEM, consultation=consultation)
    if not comments or any(comment.round_id != of.id or comment.state != "posted" for comment in comments):
        raise Invalid("Choose comments of this round that are neither withdrawn nor hidden.")
    if person_id is None:
        return [comment.id for comment in comments]
    colleague = actor_for(session().get_one(Person, person_id)) if person_id > 0 else None
    if colleague is None or not colleague.holds("moderator", consultation.id):
        raise Invalid("Choose a moderator of this consultation.", field="person")
    own = queries.own_of(viewer=colleague, comment_ids=[comment.id for comment in comments])
    chosen = [comment.id for comment in comments if comment.id not in own]
    if not chosen:
        raise Invalid("All of these are this colleague’s own comments, or of their organisation.", field="person")
    return chosen


def _template(
    consultation: Consultation, name: str, words: str, code: str, but: int | None = None
) -> Mapping[str, str]:
    name, words = " ".join(text.normalise(name).split()), text.normalise(words)
    if not name:
        raise Invalid("Give the template a name.", field="name")
    if not words:
        raise Invalid("Write the words.", field="words")
    if code and code not in DECISIONS:
        raise Invalid("Choose one of the decisions.", field="code")
    if wrong := placeholders.unknown(words):
        raise Invalid(f"{text.excerpt(wrong[0], 40)} stands for nothing. Use {{number}} and {{clause}}.", field="words")
    same = (AnswerTemplate.consultation_id == consultation.id, AnswerTemplate.name == name)
    if session().scalar(select(AnswerTemplate.id).where(*same, AnswerTemplate.id != (but or 0))):
        raise Invalid("There is a template of this name. Choose another name, or change that one.", field="name")
    return {"name": name, "text": words, "code": code}
