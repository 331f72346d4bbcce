"""The EU AI Act: open from now for 60 days, with people in the middle of a debate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import select

from consult.consultations import operations as consultations
from consult.consultations.models import Consultation
from consult.consultations.wall_clock import to_moment, to_wall
from consult.core import clock
from consult.core.operations import operation, session
from consult.core.rules import Actor, system_only
from consult.debate import operations as debate
from consult.debate.models import Comment, Reply
from consult.debate.passages import Span
from consult.documents.models import Clause, DraftVersion
from consult.moderation import operations as moderation

from ..material import Material, Tell
from ..script import DemoComment, DemoConsultation, Said
from ..staging import at, bring_in, comment_as_it_is, describe
from .answering import prepare_answers
from .arrivals import take_in
from .cast import Cast
from .letters import send_and_cut
from .teaching import explain
from .together import write_together

ORGANISER, MODERATOR = "oskar", "miriam"
WRITTEN_TOGETHER = "54(6)"  # the clause that a shared draft is about
DAYS_OPEN = 60
DAYS_TO_ANSWER = 60
REVIEW_DAYS = 14
LAST_MINUTE = time(23, 59)
# The debate is played as if it had begun a few hours ago, so that it has an order in time.
PREPARED = timedelta(hours=4)
ANNOUNCED_AFTER = timedelta(minutes=30)
OPENED_AFTER = timedelta(minutes=60)
FIRST_COMMENT_AFTER = timedelta(minutes=65)


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the debate takes place."""

    cast: Cast
    consultation: Consultation
    version: DraftVersion
    clauses: dict[str, Clause]


@operation(rule=system_only)
def open_act(*, actor: Actor, cast: Cast, material: Material, tell: Tell) -> Consultation:
    """Prepare, announce and open the consultation as its organiser, then let everybody speak."""
    plan, loaded_at = material.script.act, clock.now()
    start = _plain_hour(loaded_at.replace(second=0, microsecond=0) - PREPARED, plan.timezone)
    tell(f"Setting up {plan.title}")
    with at(start):
        row, version = _prepare(cast, plan, material, loaded_at)
    with at(start + ANNOUNCED_AFTER):
        consultations.announce(actor=cast.actor(ORGANISER), consultation=row)
    with at(start + OPENED_AFTER):
        consultations.open_consultation(actor=cast.actor(ORGANISER), consultation=row)
        explain(actor=actor, cast=cast, consultation=row, plan=material.script.learning)
    stage = Stage(cast, row, version, _clauses(version, material.script.comments))
    first = start + FIRST_COMMENT_AFTER
    step = (loaded_at - first) / (len(material.script.comments) + 1)
    for place, comment in enumerate(material.script.comments):
        tell(f"Letting people speak ({place + 1} of {len(material.script.comments)})")
        _play(stage, comment, first + step * place, step)
    with at(loaded_at - step / 2):
        for letter in material.script.letters:
            send_and_cut(actor=actor, author=cast.actor(letter.by), consultation=row, version=version, said=letter)
    with at(loaded_at - step / 4):
        staff = {"enters": MODERATOR, "compares": ORGANISER}
        for arrival in material.script.arrivals:
            take_in(actor=actor, cast=cast, **staff, consultation=row, said=arrival)
    clause = stage.clauses[WRITTEN_TOGETHER]
    write_together(actor=actor, cast=cast, consultation=row, version=version, clause=clause)
    prepare_answers(actor=actor, moderator=cast.actor(MODERATOR), consultation=row, clause=clause)
    return row


def _prepare(
    cast: Cast, plan: DemoConsultation, material: Material, loaded_at: datetime
) -> tuple[Consultation, DraftVersion]:
    row = consultations.begin_consultation(actor=cast.actor(ORGANISER), title=plan.title, slug=plan.slug)
    cast.changed()  # the organiser has a role now
    cast.give_roles(cast.actor(ORGANISER), row)
    organiser = cast.actor(ORGANISER)
    describe(organiser, row, plan)
    last_day = to_wall(loaded_at, plan.timezone).date() + timedelta(days=DAYS_OPEN)
    consultations.set_dates(
        actor=organiser, consultation=row, edit_number=row.edit_number, timezone=plan.timezone,
        opens=to_wall(clock.now() + OPENED_AFTER, plan.timezone).replace(second=0, microsecond=0),
        closes=datetime.combine(last_day, LAST_MINUTE), review_days=REVIEW_DAYS,
        response_day=datetime.combine(last_day + timedelta(days=DAYS_TO_ANSWER), LAST_MINUTE),
    )  # fmt: skip
    return row, bring_in(organiser, row, material.act[0])


def _clauses(version: DraftVersion, comments: Sequence[DemoComment]) -> dict[str, Clause]:
    """The clauses that are spoken about, by label; the first of each."""
    labels = {label for comment in comments for label in comment.on}
    statement = select(Clause).where(Clause.version_id == version.id, Clause.label.in_(labels))
    return {clause.label: clause for clause in session().scalars(statement.order_by(Clause.rank.desc()))}


def _plain_hour(moment: datetime, zone_name: str) -> datetime:
    """The moment, or an earlier hour when clocks go back and the opening would be read as the hour before."""
    opening = moment + OPENED_AFTER
    while to_moment(to_wall(opening, zone_name), zone_name, field="opens") != opening:
        opening -= timedelta(hours=1)
    return opening - OPENED_AFTER


def _play(stage: Stage, said: DemoComment, moment: datetime, step: timedelta) -> None:
    """One comment with its edit, replies and votes, and what a moderator did about it."""
    author = stage.cast.actor(said.by)
    with at(moment):
        comment = _post(stage, said)
    with at(moment + step / 3):
        comment = comment_as_it_is(comment.id)
        if said.first:
            debate.edit_comment(actor=author, comment=comment, body=said.body, seen_edit_number=comment.edit_number)
        for voter, choice in said.votes():
            debate.vote(actor=stage.cast.actor(voter), comment=comment, choice=choice)
        for name in said.cosign.split():
            debate.cosign(actor=stage.cast.actor(name), comment=comment, seen_edit_number=comment.edit_number)
    with at(moment + step / 2):
        for reply in said.reply:
            _reply(stage, comment, None, reply)
    with at(moment + step):
        _settle(stage, comment_as_it_is(comment.id), said)


def _post(stage: Stage, said: DemoComment) -> Comment:
    clauses = [stage.clauses[label] for label in said.on]
    return debate.post_comment(
        actor=stage.cast.actor(said.by), consultation=stage.consultation, version=stage.version, clauses=clauses,
        body=said.first or said.body, positions=said.positions, costs=said.costs, stance=said.stance, type=said.type,
        must_be_satisfied=said.must, new_text=said.new_text(clauses[0].text) if said.edit else None,
        passages=[Span(c.key, *place) for c in clauses[:1] for place in said.places(c.text)],
    )  # fmt: skip


def _reply(stage: Stage, comment: Comment, parent: Reply | None, said: Said) -> None:
    reply = debate.post_reply(
        actor=stage.cast.actor(said.by), comment=comment, parent=parent, body=said.body, positions=said.positions
    )
    for answer in said.reply:
        _reply(stage, comment, reply, answer)


def _settle(stage: Stage, comment: Comment, said: DemoComment) -> None:
    if said.withdrawn:
        debate.withdraw_comment(actor=stage.cast.actor(said.by), comment=comment)
    if said.reported is not None:
        report = said.reported
        moderation.report(actor=stage.cast.actor(report.by), thing=comment, rule=report.rule, text=report.text)
    if said.hidden is not None:
        act = said.hidden
        moderation.hide_contribution(
            actor=stage.cast.actor(act.by), thing=comment, rule=act.rule, passage=act.passage, reason=act.reason,
            seen_act_id=0,
        )  # fmt: skip
