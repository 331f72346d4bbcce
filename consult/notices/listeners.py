"""Who is told what, in the transaction in which it happens."""

from __future__ import annotations

from consult.consultations.events import ConsultationClosed, ConsultationExtended, ConsultationOpened, RoundBegan
from consult.core.events import listen
from consult.core.rules import STAFF, SYSTEM
from consult.debate.events import ReplyPosted
from consult.moderation.events import AppealDecided, Appealed, Hidden, Reported, Restored
from consult.moderation.rules import thing_of
from consult.outcomes.events import OutcomePublished

from . import queries
from .operations import tell, tell_commenters

MODERATORS = ("moderator",)
APPEALS = ("moderator", "appeals_panel")


@listen(Hidden)
def tell_the_author_it_is_hidden(event: Hidden) -> None:
    """The statement of reasons: rule, words, reason, way to appeal."""
    _tell_author(event.act_id, "hidden")


@listen(Restored)
def tell_the_author_it_is_back(event: Restored) -> None:
    """It is shown again; after an appeal the answer to the appeal says so."""
    if event.appeal_id is None:
        _tell_author(event.act_id, "restored")


@listen(AppealDecided)
def tell_the_author_the_answer(event: AppealDecided) -> None:
    """The appeal is decided."""
    appeal = queries.appeal(viewer=SYSTEM, appeal_id=event.appeal_id)
    tell(actor=SYSTEM, people=_reachable(appeal.author_id), notice="appeal_decided", about=appeal.id)


@listen(Reported)
def tell_the_moderators(event: Reported) -> None:
    """The first open report on a contribution; not its author, who may be a moderator too."""
    report = queries.report(viewer=SYSTEM, report_id=event.report_id)
    if not queries.is_first_report(viewer=SYSTEM, report=report):
        return
    thing = report.comment or report.reply
    people = queries.staff(viewer=SYSTEM, consultation_id=report.consultation_id, roles=MODERATORS)
    known = {report.reporter_id, thing.author_id if thing else None}
    tell(actor=SYSTEM, people=[p for p in people if p not in known], notice="reported", about=report.id)


@listen(Appealed)
def tell_who_may_look_again(event: Appealed) -> None:
    """Moderators and the appeals panel, without the one who hid it and the author."""
    appeal = queries.appeal(viewer=SYSTEM, appeal_id=event.appeal_id)
    people = queries.staff(viewer=SYSTEM, consultation_id=appeal.act.consultation_id, roles=APPEALS)
    barred = {appeal.act.moderator_id, appeal.author_id}
    tell(actor=SYSTEM, people=[p for p in people if p not in barred], notice="appealed", about=appeal.id)


@listen(ReplyPosted)
def tell_who_is_answered(event: ReplyPosted) -> None:
    """The author of the comment, and of the reply that is answered; never the one who replied."""
    reply = queries.reply(viewer=SYSTEM, reply_id=event.reply_id)
    answered = {reply.comment.author_id, queries.answered_author(viewer=SYSTEM, reply=reply)}
    tell(actor=SYSTEM, people=_reachable(*(answered - {reply.author_id})), notice="replied", about=reply.id)


@listen(ConsultationOpened)
def tell_the_staff_it_is_open(event: ConsultationOpened) -> None:
    """Comments can be made."""
    _tell_staff(event.consultation_id, "opened", "opens_at")


@listen(ConsultationClosed)
def tell_the_staff_it_is_closed(event: ConsultationClosed) -> None:
    """Comments are closed, the answers are due."""
    _tell_staff(event.consultation_id, "closed", "closes_at")


@listen(ConsultationExtended)
def tell_commenters_there_is_more_time(event: ConsultationExtended) -> None:
    """The closing time moved."""
    row = queries.consultation(viewer=SYSTEM, consultation_id=event.consultation_id)
    tell_commenters(actor=SYSTEM, consultation_id=row.id, notice="extended", occasion=str(row.closes_at))


@listen(RoundBegan)
def tell_commenters_the_next_draft_is_here(event: RoundBegan) -> None:
    """Who spoke about the earlier draft can speak about the next one."""
    tell_commenters(
        actor=SYSTEM, consultation_id=event.consultation_id, notice="new_round", occasion=str(event.round_id)
    )


@listen(OutcomePublished)
def tell_commenters_what_became_of_it(event: OutcomePublished) -> None:
    """One mail for each commenter with all answers; edits before publication send none."""
    tell_commenters(
        actor=SYSTEM, consultation_id=event.consultation_id, notice="outcome", occasion=str(event.summary_id)
    )


def _tell_author(act_id: int, notice: str) -> None:
    author_id = thing_of(queries.act(viewer=SYSTEM, act_id=act_id)).author_id
    tell(actor=SYSTEM, people=_reachable(author_id), notice=notice, about=act_id)


def _tell_staff(consultation_id: int, notice: str, moment: str) -> None:
    row = queries.consultation(viewer=SYSTEM, consultation_id=consultation_id)
    people = queries.staff(viewer=SYSTEM, consultation_id=consultation_id, roles=STAFF)
    tell(actor=SYSTEM, people=people, notice=notice, about=consultation_id, occasion=str(getattr(row, moment)))


def _reachable(*people: int | None) -> list[int]:
    return [p for p in people if p is not None and queries.reachable(viewer=SYSTEM, person_id=p)]
