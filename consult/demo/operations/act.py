"""The EU AI Act: open from now for 60 days, with people in the middle of a debate."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from consult.consultations import operations as consultations
from consult.consultations.models import Consultation
from consult.consultations.wall_clock import to_moment, to_wall
from consult.core import clock
from consult.core.operations import operation
from consult.core.rules import Actor, system_only
from consult.documents.models import DraftVersion

from ..material import Material, Tell
from ..playing import Stage, clauses_of, play
from ..script import DemoConsultation
from ..staging import at, bring_in, describe
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
    stage = Stage(cast, row, version, clauses_of(version, material.script.comments))
    first = start + FIRST_COMMENT_AFTER
    step = (loaded_at - first) / (len(material.script.comments) + 1)
    for place, comment in enumerate(material.script.comments):
        tell(f"Letting people speak ({place + 1} of {len(material.script.comments)})")
        play(stage, comment, first + step * place, step)
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


def _plain_hour(moment: datetime, zone_name: str) -> datetime:
    """The moment, or an earlier hour when clocks go back and the opening would be read as the hour before."""
    opening = moment + OPENED_AFTER
    while to_moment(to_wall(opening, zone_name), zone_name, field="opens") != opening:
        opening -= timedelta(hours=1)
    return opening - OPENED_AFTER
