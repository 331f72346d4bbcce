"""A short invented standard that went the whole way: one comment, its answer, the next draft, the library."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from consult.consultations import operations as consultations
from consult.consultations.models import Consultation
from consult.consultations.queries import newest_round
from consult.core.operations import operation, session
from consult.core.rules import Actor, system_only
from consult.debate import operations as debate
from consult.documents import operations as documents
from consult.documents.models import Clause, DraftVersion
from consult.outcomes import operations as outcomes
from consult.outcomes import queries as summaries

from ..material import Material, Tell
from ..staging import at, bring_in, comment_as_it_is, describe
from .cast import Cast

ORGANISER, MODERATOR, READER = "oskar", "miriam", "tomas"
BODY = "Say this so that I understand it: most people who take a model have not trained one."
IMMATERIAL = (
    "What must be written down stays the same; the second draft only asks for words that everybody understands."
)


@operation(rule=system_only)
def fill_library(*, actor: Actor, cast: Cast, material: Material, tell: Tell) -> None:
    """Play it at its dates, up to its adoption a week after the second draft."""
    plan = material.script.rules
    tell(f"Setting up {plan.title}")
    opened, closed, answered = (datetime.fromisoformat(day) for day in (plan.opened, plan.closed, plan.answered))
    first, second = material.rules
    with at(opened - timedelta(days=7)):
        row = consultations.begin_consultation(actor=actor, title=plan.title, slug=plan.slug)
        describe(actor, row, plan)
        consultations.set_dates(
            actor=actor, consultation=row, edit_number=row.edit_number, timezone=plan.timezone,
            opens=opened.replace(tzinfo=None), closes=closed.replace(tzinfo=None),
            response_day=answered.replace(tzinfo=None), review_days=0,
        )  # fmt: skip
        text = bring_in(actor, row, first)
    cast.give_roles(actor, row)
    with at(opened):
        consultations.announce(actor=actor, consultation=row)
        consultations.open_consultation(actor=actor, consultation=row)
    with at(opened + timedelta(days=9)):
        number = _comment(cast, row, text)
    with at(closed):
        consultations.close(actor=actor, consultation=row)
    with at(answered):
        _answer(actor, cast, material, row, number)
    with at(answered + timedelta(days=7)):
        adopted = documents.freeze_version(actor=actor, version=bring_in(actor, row, second))
        _implement(actor, cast.actor(MODERATOR), row, state="applied", version=adopted.number)
    with at(answered + timedelta(days=8)):
        _implement(actor, cast.actor(ORGANISER), row, state="verified")
    with at(answered + timedelta(days=14)):
        terms = outcomes.Terms(
            title=adopted.draft.title, designation="DAOA 1", bodies="\n".join([plan.organiser_name, *plan.co_organisers]),
            licence="CC-BY-4.0",
        )  # fmt: skip
        outcomes.adopt(actor=cast.actor(ORGANISER), consultation=row, terms=terms, seen=adopted.id)


def _implement(actor: Actor, who: Actor, row: Consultation, *, state: str, version: int = 0) -> None:
    of = newest_round(viewer=actor, consultation=row)
    answers = summaries.shown_answers(viewer=actor, of=of, show="")
    outcomes.implement(actor=who, consultation=row, of=of, answers=answers, state=state, version=version)


def _comment(cast: Cast, row: Consultation, text: DraftVersion) -> int:
    wanted = select(Clause).where(Clause.version_id == text.id, Clause.text.startswith("Whoever gives a model"))
    comment = debate.post_comment(
        actor=cast.actor(READER), consultation=row, version=text, clauses=[session().scalars(wanted).one()], body=BODY,
        positions=["access"], stance="support_with_changes", type="technical",
    )  # fmt: skip
    return comment.id


def _answer(actor: Actor, cast: Cast, material: Material, row: Consultation, comment_id: int) -> None:
    plan, moderator = material.script.rules, cast.actor(MODERATOR)
    comment = comment_as_it_is(comment_id)
    outcomes.decide(
        actor=moderator, comments=[comment], code="accepted", observation="The second draft asks for plain words.",
        change_class="technical", change_note="Clause 2",
    )  # fmt: skip
    outcomes.set_headline(actor=moderator, consultation=row, headline=plan.headline)
    for statement in plan.statement:
        outcomes.add_statement(
            actor=moderator, consultation=row, section=statement.section, text=statement.text,
            is_minority=statement.is_minority, sources=[comment.number] if statement.items else [],
        )  # fmt: skip
    outcomes.begin_review(actor=moderator, consultation=row)
    of = newest_round(viewer=actor, consultation=row)
    read = summaries.account(viewer=actor, consultation=row, of=of)
    outcomes.approve_summary(actor=cast.actor(ORGANISER), consultation=row, seen=read.digest)
    outcomes.publish_outcome(actor=moderator, consultation=row)
    seen = summaries.material(viewer=actor, of=of).last_answer_id
    outcomes.state_immaterial(actor=cast.actor(ORGANISER), consultation=row, reason=IMMATERIAL, seen=seen)
