"""Answers, objections and standards: who is told."""

from __future__ import annotations

from consult.core.events import listen
from consult.core.rules import SYSTEM
from consult.outcomes import queries as outcomes
from consult.outcomes.events import (
    AnswerAcknowledged,
    AnswersChanged,
    CommentsAssigned,
    ObjectionAnswered,
    ObjectionJudged,
    ObjectionMade,
    ObjectionReported,
    StandardReviewDue,
    SummaryCorrected,
)

from .. import queries
from ..happenings import Happening
from ..operations import tell
from .people import people_of

ANSWERING = ("moderator", "organiser")


@listen(ObjectionMade)
def tell_who_answers_objections(event: ObjectionMade) -> None:
    """Moderators and organisers; not whoever objects, who may be one of them."""
    row = queries.objection(viewer=SYSTEM, objection_id=event.objection_id)
    people = queries.staff(viewer=SYSTEM, consultation_id=row.consultation_id, roles=("moderator", "organiser"))
    of = Happening("objected", row.id, row.consultation_id, f"objection {row.id}")
    tell(actor=SYSTEM, people=[p for p in people if p != row.person_id], kind="work", of=of)


@listen(ObjectionAnswered)
def tell_who_objected(event: ObjectionAnswered) -> None:
    """What becomes of the objection, and why."""
    row = queries.objection(viewer=SYSTEM, objection_id=event.objection_id)
    of = Happening("objection_answered", row.id, row.consultation_id, f"objection {row.id} answered")
    tell(actor=SYSTEM, people=[row.person_id], kind="answers", of=of)


@listen(ObjectionReported)
def tell_who_moderates_objections(event: ObjectionReported) -> None:
    """Moderators and the appeals panel; not whoever objects."""
    row = queries.objection(viewer=SYSTEM, objection_id=event.objection_id)
    people = queries.staff(viewer=SYSTEM, consultation_id=row.consultation_id, roles=("moderator", "appeals_panel"))
    of = Happening("objection_reported", row.id, row.consultation_id, f"objection {row.id} reported")
    tell(actor=SYSTEM, people=[p for p in people if p != row.person_id], kind="work", of=of)


@listen(ObjectionJudged)
def tell_whose_objection_was_judged(event: ObjectionJudged) -> None:
    """What was decided, by which rule, and how to ask for a second look."""
    row = queries.objection(viewer=SYSTEM, objection_id=event.objection_id)
    of = Happening(
        "objection_judged",
        row.id,
        row.consultation_id,
        f"objection act {event.act_id}{' again' if event.is_second_look else ''}",
    )
    tell(actor=SYSTEM, people=[row.person_id], kind="moderation", of=of)


@listen(SummaryCorrected)
def tell_whose_objections_are_corrected(event: SummaryCorrected) -> None:
    """Whoever objected to the summary hears that it was corrected, and why."""
    row = queries.summary(viewer=SYSTEM, summary_id=event.summary_id)
    people = queries.who_objected(viewer=SYSTEM, round_id=row.round_id)
    of = Happening("summary_corrected", row.id, row.consultation_id, f"summary {row.id} corrected")
    tell(actor=SYSTEM, people=people, kind="answers", of=of)


@listen(StandardReviewDue)
def tell_who_owns_the_standard(event: StandardReviewDue) -> None:
    """The organisers of the consultation in which its newest version was adopted, once for each day and distance."""
    people = queries.staff(viewer=SYSTEM, consultation_id=event.consultation_id, roles=["organiser"])
    name = f"standard {event.standard_id} {event.review_day} {event.days}"
    of = Happening("standard_review", event.standard_id, event.consultation_id, name)
    tell(actor=SYSTEM, people=people, kind="work", of=of)


@listen(AnswerAcknowledged)
def tell_who_decides_it_again(event: AnswerAcknowledged) -> None:
    """Moderators who may; where the answer was everybody's who could, the organisers, who can invite another one."""
    word = outcomes.word(viewer=SYSTEM, acknowledgement_id=event.acknowledgement_id)
    if word.said == "satisfied":
        return
    comment = word.comment
    barred = outcomes.contested(viewer=SYSTEM, comments=[comment]).get(comment.id, frozenset()) | {word.person_id}
    for role in ANSWERING:
        staff = queries.staff(viewer=SYSTEM, consultation_id=comment.consultation_id, roles=(role,))
        people = [person_id for person_id in staff if person_id not in barred]
        if people:
            of = Happening("contested", word.id, comment.consultation_id, f"word {word.id}")
            tell(actor=SYSTEM, people=people, kind="work", of=of)
            return


@listen(AnswersChanged)
def tell_who_was_not_satisfied(event: AnswersChanged) -> None:
    """What they contested is decided again. One act is told once, however many clauses it is for."""
    contested = outcomes.unsatisfied(viewer=SYSTEM, comment_ids=event.comment_ids)
    if not contested:
        return
    for answer in outcomes.first_answers(viewer=SYSTEM, ids=event.disposition_ids, comment_ids=contested):
        of = Happening("decided_again", answer.id, answer.comment.consultation_id, f"answer {answer.id}")
        people = {contested[answer.comment_id], answer.comment.author_id} - {answer.decided_by_id}
        tell(actor=SYSTEM, people=people_of(people), kind="answers", of=of)


@listen(CommentsAssigned)
def tell_who_is_to_answer(event: CommentsAssigned) -> None:
    """The colleague, once for all the comments; not who takes work herself."""
    row = outcomes.assignment(viewer=SYSTEM, assignment_id=event.assignment_id)
    of = Happening("assigned", row.id, row.consultation_id, f"assignment {row.id}")
    tell(actor=SYSTEM, people=people_of({row.person_id} - {row.made_by_id}), kind="work", of=of)
