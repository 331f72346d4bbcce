"""Who is told what, in the transaction in which it happens."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from consult.consultations import events as consultations
from consult.consultations.events import ConsultationClosed, ConsultationOpened
from consult.core import clock
from consult.core.events import listen
from consult.core.rules import STAFF, SYSTEM
from consult.debate.events import (
    CommentClaimed,
    CommentPosted,
    CommentSigned,
    Cosigned,
    Held,
    LetterCut,
    Named,
    Released,
    ReplyPosted,
)
from consult.learning.events import ResourceDecided, ResourceProposed
from consult.learning.rules import JUDGES
from consult.moderation.events import (
    AppealDecided,
    Appealed,
    Asked,
    Corrected,
    CorrectionRefused,
    Hidden,
    Limited,
    Reported,
    Restored,
    TextsFound,
)  # fmt: skip
from consult.moderation.rules import thing_of
from consult.outcomes import queries as outcomes
from consult.outcomes.events import (
    AnswerAcknowledged,
    AnswersChanged,
    CommentsAssigned,
    ObjectionAnswered,
    ObjectionJudged,
    ObjectionMade,
    ObjectionReported,
    OutcomePublished,
    StandardReviewDue,
    SummaryCorrected,
)

from . import queries
from .happenings import Happening
from .operations import follow_by_itself, spread, tell

MODERATORS = ("moderator",)
APPEALS = ("moderator", "appeals_panel")
ANSWERING = ("moderator", "organiser")


@listen(Hidden)
def tell_the_author_it_is_hidden(event: Hidden) -> None:
    """The statement of reasons: rule, words, reason, way to appeal."""
    _tell_author(event.act_id, "hidden")


@listen(Limited)
def tell_the_author_what_was_taken_away(event: Limited) -> None:
    """Words, or the right to post for some time: the same statement. A name from outside has nobody here."""
    _tell_author(event.act_id, "hidden")


@listen(CorrectionRefused)
def tell_the_author_it_stays_hidden(event: CorrectionRefused) -> None:
    """With the reason; better words can be handed in again."""
    _tell_author(event.act_id, "refused")


@listen(Corrected)
def tell_the_moderators_it_was_handed_in_again(event: Corrected) -> None:
    """Those who may show it; not its author, who may be a moderator too."""
    row = queries.correction(viewer=SYSTEM, correction_id=event.correction_id)
    people = queries.staff(viewer=SYSTEM, consultation_id=row.act.consultation_id, roles=MODERATORS)
    of = Happening("corrected", row.id, row.act.consultation_id, f"correction {row.id}")
    tell(actor=SYSTEM, people=[p for p in people if p != row.author_id], kind="work", of=of)


@listen(Asked)
def tell_the_author_what_to_change(event: Asked) -> None:
    """Rule, words, reason, and until when."""
    _tell_author(event.act_id, "asked")


@listen(Restored)
def tell_the_author_it_is_back(event: Restored) -> None:
    """It is shown again; after an appeal the answer to the appeal says so."""
    if event.appeal_id is None:
        _tell_author(event.act_id, "restored")


@listen(AppealDecided)
def tell_the_author_the_answer(event: AppealDecided) -> None:
    """The appeal is decided."""
    appeal = queries.appeal(viewer=SYSTEM, appeal_id=event.appeal_id)
    of = Happening("appeal_decided", appeal.id, appeal.act.consultation_id, f"appeal {appeal.id} decided")
    tell(actor=SYSTEM, people=[appeal.author_id], kind="moderation", of=of)


@listen(Reported)
def tell_the_moderators(event: Reported) -> None:
    """The first open report on a contribution; not its author, who may be a moderator too."""
    report = queries.report(viewer=SYSTEM, report_id=event.report_id)
    if not queries.is_first_report(viewer=SYSTEM, report=report):
        return
    thing = report.comment or report.reply
    people = queries.staff(viewer=SYSTEM, consultation_id=report.consultation_id, roles=MODERATORS)
    known = {report.reporter_id, thing.author_id if thing else None}
    of = Happening("reported", report.id, report.consultation_id, f"report {report.id}")
    tell(actor=SYSTEM, people=[p for p in people if p not in known], kind="work", of=of)


@listen(Held)
def tell_that_something_waits(event: Held) -> None:
    """The moderators, once a day, however much it is; what it says is counted when it is read."""
    if event.reply_id is not None:
        comment = queries.reply(viewer=SYSTEM, reply_id=event.reply_id).comment
    else:
        comment = queries.bare_comment(viewer=SYSTEM, comment_id=event.comment_id or 0)
    _tell_of_heap(comment.consultation_id)


@listen(TextsFound)
def tell_that_texts_wait(event: TextsFound) -> None:
    """The same for comments that share a text."""
    _tell_of_heap(event.consultation_id)


def _tell_of_heap(consultation_id: int) -> None:
    people = queries.staff(viewer=SYSTEM, consultation_id=consultation_id, roles=MODERATORS)
    of = Happening("waits", consultation_id, consultation_id, f"waits {consultation_id} {clock.now():%Y-%m-%d}")
    tell(actor=SYSTEM, people=people, kind="waiting", of=of)


@listen(Appealed)
def tell_who_may_look_again(event: Appealed) -> None:
    """Moderators and the appeals panel, without the one who hid it and the author."""
    appeal = queries.appeal(viewer=SYSTEM, appeal_id=event.appeal_id)
    people = queries.staff(viewer=SYSTEM, consultation_id=appeal.act.consultation_id, roles=APPEALS)
    barred = {appeal.act.moderator_id, appeal.author_id}
    of = Happening("appealed", appeal.id, appeal.act.consultation_id, f"appeal {appeal.id}")
    tell(actor=SYSTEM, people=[p for p in people if p not in barred], kind="work", of=of)


@listen(ReplyPosted)
def tell_who_is_answered(event: ReplyPosted) -> None:
    """The author of the comment, and of the reply that is answered, then who follows; never the one who replied.

    Who stopped following the thread is not told, whoever she is in it. Who replies follows from now on. Replies that
    were given elsewhere and brought in are no news.
    """
    reply = queries.reply(viewer=SYSTEM, reply_id=event.reply_id)
    if reply.author_id is None:
        return
    answered = {reply.comment.author_id, queries.answered_author(viewer=SYSTEM, reply=reply)} - {reply.author_id, None}
    answered -= set(queries.who_stopped(viewer=SYSTEM, comment_id=reply.comment_id))
    of = Happening("replied", reply.id, reply.comment.consultation_id, f"reply {reply.id}")
    tell(actor=SYSTEM, people=_people(answered), kind="replies", of=of)
    spread(actor=SYSTEM, of=of)
    follow_by_itself(actor=SYSTEM, person_id=reply.author_id, comment_id=reply.comment_id)


@listen(Named)
def tell_who_is_named(event: Named) -> None:
    """The people named, and the members of the organisations named; never the one who wrote it."""
    people = {*event.person_ids, *queries.members(viewer=SYSTEM, organisation_ids=event.organisation_ids)}
    if event.reply_id is not None:
        reply = queries.reply(viewer=SYSTEM, reply_id=event.reply_id)
        author_id, of = (
            reply.author_id,
            Happening("replied", reply.id, reply.comment.consultation_id, f"reply {reply.id}"),
        )
    else:
        comment = queries.bare_comment(viewer=SYSTEM, comment_id=event.comment_id or 0)
        author_id, of = (
            comment.author_id,
            Happening("commented", comment.id, comment.consultation_id, f"comment {comment.id}"),
        )
    tell(actor=SYSTEM, people=_people(people - {author_id}), kind="replies", of=of)


@listen(CommentPosted)
def tell_who_follows(event: CommentPosted) -> None:
    """Followers of the consultation, the clause or the organisation; its author follows the new thread.

    A file of comments that is brought in is no news for each of its rows.
    """
    comment = queries.bare_comment(viewer=SYSTEM, comment_id=event.comment_id)
    if comment.fingerprint is None:
        of = Happening("commented", comment.id, comment.consultation_id, f"comment {comment.id}")
        spread(actor=SYSTEM, of=of)
    if comment.author_id is not None and comment.source == "web":
        follow_by_itself(actor=SYSTEM, person_id=comment.author_id, comment_id=comment.id)


@listen(CommentClaimed)
def follow_what_one_claimed(event: CommentClaimed) -> None:
    """As one follows what one wrote here."""
    comment = queries.bare_comment(viewer=SYSTEM, comment_id=event.comment_id)
    if comment.author_id is not None:
        follow_by_itself(actor=SYSTEM, person_id=comment.author_id, comment_id=comment.id)


@listen(Released)
def tell_the_author_it_is_on_show(event: Released) -> None:
    """What waited for a look is there for everybody now."""
    if event.reply_id is not None:
        reply = queries.reply(viewer=SYSTEM, reply_id=event.reply_id)
        author_id, consultation_id, of = reply.author_id, reply.comment.consultation_id, ("replied", reply.id)
    else:
        comment = queries.bare_comment(viewer=SYSTEM, comment_id=event.comment_id or 0)
        author_id, consultation_id, of = comment.author_id, comment.consultation_id, ("commented", comment.id)
    happening = Happening(*of, consultation_id, f"{of[0]} {of[1]} released")
    tell(actor=SYSTEM, people=_people([author_id]), kind="moderation", of=happening)


@listen(CommentSigned)
def tell_who_follows_the_organisation(event: CommentSigned) -> None:
    """Followers of the organisation have not heard of the comment yet; who was told when it was posted is not again."""
    comment = queries.bare_comment(viewer=SYSTEM, comment_id=event.comment_id)
    of = Happening("commented", comment.id, comment.consultation_id, f"comment {comment.id}", wave=" signed")
    spread(actor=SYSTEM, of=of)


@listen(Cosigned)
def tell_whose_words_are_shared(event: Cosigned) -> None:
    """The author of the comment, unless she stopped following it. A name that is taken back has no words any more."""
    comment = queries.bare_comment(viewer=SYSTEM, comment_id=event.comment_id)
    signed = queries.cosignature(viewer=SYSTEM, comment_id=comment.id, person_id=event.person_id)
    if signed is None or comment.author_id in queries.who_stopped(viewer=SYSTEM, comment_id=comment.id):
        return
    of = Happening("cosigned", signed.id, comment.consultation_id, f"name {signed.id}")
    tell(actor=SYSTEM, people=_people([comment.author_id]), kind="followed", of=of)


@listen(ResourceProposed)
def tell_who_keeps_the_shelf(event: ResourceProposed) -> None:
    """Those who may accept or decline it; not whoever proposed it, who may be one of them."""
    row = queries.resource(viewer=SYSTEM, resource_id=event.resource_id)
    people = queries.staff(viewer=SYSTEM, consultation_id=row.consultation_id, roles=JUDGES)
    of = Happening("proposed", row.id, row.consultation_id, f"proposal {row.id}")
    tell(actor=SYSTEM, people=[p for p in people if p != row.added_by_id], kind="work", of=of)


@listen(ResourceDecided)
def tell_who_proposed_it(event: ResourceDecided) -> None:
    """It is on the shelf now, or the reason why it is not."""
    row = queries.resource(viewer=SYSTEM, resource_id=event.resource_id)
    of = Happening("proposal_decided", row.id, row.consultation_id, f"proposal {row.id} decided")
    tell(actor=SYSTEM, people=[row.added_by_id], kind="answers", of=of)


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


@listen(LetterCut)
def tell_whose_letter_it_is(event: LetterCut) -> None:
    """Its author, when somebody else cut it: by the first of the comments."""
    comment = queries.bare_comment(viewer=SYSTEM, comment_id=event.comment_ids[0])
    people = _people({comment.author_id} - {event.by_id})
    of = Happening("commented", comment.id, comment.consultation_id, f"letter {event.letter_id} cut")
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
        tell(actor=SYSTEM, people=_people(people), kind="answers", of=of)


@listen(CommentsAssigned)
def tell_who_is_to_answer(event: CommentsAssigned) -> None:
    """The colleague, once for all the comments; not who takes work herself."""
    row = outcomes.assignment(viewer=SYSTEM, assignment_id=event.assignment_id)
    of = Happening("assigned", row.id, row.consultation_id, f"assignment {row.id}")
    tell(actor=SYSTEM, people=_people({row.person_id} - {row.made_by_id}), kind="work", of=of)


@listen(ConsultationOpened)
def tell_the_staff_it_is_open(event: ConsultationOpened) -> None:
    """Comments can be made."""
    _tell_staff(event.consultation_id, "opened")


@listen(ConsultationClosed)
def tell_the_staff_it_is_closed(event: ConsultationClosed) -> None:
    """Comments are closed, the answers are due."""
    _tell_staff(event.consultation_id, "closed")


def tell_of_the_step(event: Any) -> None:
    """Who follows it, and who commented where that concerns her: more time, the next draft, the outcome."""
    _tell_of_step(event.consultation_id)


for _kind in (
    consultations.ConsultationAnnounced, consultations.ConsultationExtended, consultations.ConsultationPaused,
    consultations.ConsultationResumed, consultations.ReviewBegan, consultations.RoundBegan,
    consultations.ConsultationWithdrawn, consultations.ConsultationAdopted, OutcomePublished,
):  # fmt: skip
    listen(_kind)(tell_of_the_step)


def _tell_author(act_id: int, what: str) -> None:
    act = queries.act(viewer=SYSTEM, act_id=act_id)
    of = Happening(what, act_id, act.consultation_id, f"act {act_id}")
    tell(actor=SYSTEM, people=_people([thing_of(act).author_id]), kind="moderation", of=of)


def _tell_staff(consultation_id: int, what: str) -> None:
    """The people who run it have work now; who only follows hears of the step."""
    step = queries.last_step(viewer=SYSTEM, consultation_id=consultation_id)
    if step is None:
        return
    people = queries.staff(viewer=SYSTEM, consultation_id=consultation_id, roles=STAFF)
    of = Happening(what, step.id, consultation_id, f"step {step.id}")
    tell(actor=SYSTEM, people=[p for p in people if p != step.actor_id], kind="work", of=of)
    _tell_of_step(consultation_id)


def _tell_of_step(consultation_id: int) -> None:
    step = queries.last_step(viewer=SYSTEM, consultation_id=consultation_id)
    if step is not None:
        spread(actor=SYSTEM, of=Happening("step", step.id, consultation_id, f"step {step.id}"))


def _people(ids: Iterable[int | None]) -> list[int]:
    return [person_id for person_id in ids if person_id is not None]
