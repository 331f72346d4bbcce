"""What moderators do and what waits for them: who is told."""

from __future__ import annotations

from consult.core import clock
from consult.core.events import listen
from consult.core.rules import SYSTEM
from consult.debate.events import (
    Held,
)
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

from .. import queries
from ..happenings import Happening
from ..operations import tell
from .people import people_of

MODERATORS = ("moderator",)
APPEALS = ("moderator", "appeals_panel")


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


def _tell_author(act_id: int, what: str) -> None:
    act = queries.act(viewer=SYSTEM, act_id=act_id)
    of = Happening(what, act_id, act.consultation_id, f"act {act_id}")
    tell(actor=SYSTEM, people=people_of([thing_of(act).author_id]), kind="moderation", of=of)
