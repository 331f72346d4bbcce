"""OASIS CSAF 2.1: a public review that took place, with its real comments and answers; published."""

from __future__ import annotations

from datetime import UTC, datetime, time

from sqlalchemy import select

from consult.consultations import operations as consultations
from consult.consultations.models import Consultation
from consult.consultations.queries import newest_round
from consult.core import clock
from consult.core.operations import operation, session
from consult.core.rules import Actor, system_only
from consult.debate.models import Comment
from consult.documents import operations as documents
from consult.exchange import operations as exchange
from consult.outcomes import operations as outcomes
from consult.outcomes import queries as summaries

from ..material import PROFILE, Material, Tell, Text
from ..script import DemoConsultation
from ..staging import at, bring_in, describe
from .cast import Cast

SUMMARY_BY, APPROVED_BY = "miriam", "oskar"


@operation(rule=system_only)
def publish_csaf(*, actor: Actor, cast: Cast, material: Material, tell: Tell) -> Consultation:
    """Play the review at its real dates, up to the day of the committee's last answer."""
    plan = material.script.csaf
    first, *later = material.csaf
    opened, closed, answered = (datetime.fromisoformat(day) for day in (plan.opened, plan.closed, plan.answered))
    tell(f"Setting up {plan.title}")
    with at(_morning(first)):
        row = consultations.begin_consultation(actor=actor, title=plan.title, slug=plan.slug)
        describe(actor, row, plan)
        consultations.set_dates(
            actor=actor, consultation=row, edit_number=row.edit_number, timezone=plan.timezone,
            opens=opened.replace(tzinfo=None), closes=closed.replace(tzinfo=None),
            response_day=answered.replace(tzinfo=None), review_days=0,
        )  # fmt: skip
        bring_in(actor, row, first)
    cast.give_roles(actor, row)
    with at(opened):
        consultations.announce(actor=actor, consultation=row)
        consultations.open_consultation(actor=actor, consultation=row)
    with at(closed):
        consultations.close(actor=actor, consultation=row)
    tell("Bringing in the comments of the resolution log")
    exchange.import_comments(
        actor=actor, consultation=row, file=material.log.file, profile=PROFILE, source_name=material.log.name,
        sha256=material.log.sha256,
    )  # fmt: skip
    tell("Writing the summary")
    with at(answered):
        _summarise(cast.actor(SUMMARY_BY), row, plan)
        outcomes.begin_review(actor=actor, consultation=row)
        read = summaries.account(viewer=actor, consultation=row, of=newest_round(viewer=actor, consultation=row))
        outcomes.approve_summary(actor=cast.actor(APPROVED_BY), consultation=row, seen=read.digest)
        outcomes.publish_outcome(actor=actor, consultation=row)
    for text in later:
        tell(f"Adding version {text.version.name}")
        with at(_morning(text)):
            documents.freeze_version(actor=actor, version=bring_in(actor, row, text))
    return row


def _summarise(actor: Actor, consultation: Consultation, plan: DemoConsultation) -> None:
    recorded = session().scalars(select(Comment).where(Comment.consultation_id == consultation.id))
    numbers = {comment.external_id: comment.number for comment in recorded}
    outcomes.set_headline(actor=actor, consultation=consultation, headline=plan.headline)
    for statement in plan.statement:
        outcomes.add_statement(
            actor=actor, consultation=consultation, section=statement.section, text=statement.text,
            is_minority=statement.is_minority, sources=[numbers[str(item)] for item in statement.items],
        )  # fmt: skip


def _morning(text: Text) -> datetime:
    """Nine o'clock on the day a version was published."""
    day = datetime.fromisoformat(text.version.published_on).date()
    return min(datetime.combine(day, time(9), UTC), clock.now())
