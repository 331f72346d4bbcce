"""A private consultation: two organisations and one reader are invited, and it is not there for anybody else."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from consult.accounts import operations as accounts
from consult.consultations import operations as consultations
from consult.consultations.wall_clock import to_wall
from consult.core import clock
from consult.core.operations import operation
from consult.core.rules import GUEST, Actor, system_only

from ..material import Material, Tell
from ..playing import Stage, clauses_of, play
from ..staging import at, bring_in, describe
from .cast import Cast

ORGANISER = "oskar"
INVITED_BODIES, INVITED = ("HAV", "NMK"), "hanna"
DAYS_OPEN = 30
STEP = timedelta(minutes=20)  # from one comment to the next
LAST_MINUTE = time(23, 59)


@operation(rule=system_only)
def open_circle(*, actor: Actor, cast: Cast, material: Material, tell: Tell) -> None:
    """Open it a few hours ago, invite them, and let them speak."""
    plan, said, loaded_at = material.script.terms, material.script.said_inside, clock.now()
    tell(f"Setting up {plan.title}")
    opened = loaded_at.replace(second=0, microsecond=0) - STEP * (len(said) + 2)
    with at(opened - STEP):
        row = consultations.begin_consultation(actor=cast.actor(ORGANISER), title=plan.title, slug=plan.slug)
        cast.changed()  # the organiser has a role now
        cast.give_roles(cast.actor(ORGANISER), row)
        organiser = cast.actor(ORGANISER)
        describe(organiser, row, plan)
        consultations.choose_access(actor=organiser, consultation=row, edit_number=row.edit_number, access="private")
        last_day = to_wall(loaded_at, plan.timezone).date() + timedelta(days=DAYS_OPEN)
        consultations.set_dates(
            actor=organiser, consultation=row, edit_number=row.edit_number, timezone=plan.timezone,
            opens=to_wall(opened, plan.timezone), closes=datetime.combine(last_day, LAST_MINUTE), review_days=0,
            response_day=datetime.combine(last_day + timedelta(days=DAYS_OPEN), LAST_MINUTE),
        )  # fmt: skip
        version = bring_in(organiser, row, material.terms[0])
        for key in INVITED_BODIES:
            consultations.invite_organisation(actor=organiser, consultation=row, organisation=cast.organisations[key])
        reader = cast.people[INVITED].id
        accounts.grant_role(actor=organiser, consultation_id=row.id, person_id=reader, role=GUEST)
        consultations.announce(actor=organiser, consultation=row)
    cast.changed()
    with at(opened):
        consultations.open_consultation(actor=cast.actor(ORGANISER), consultation=row)
    stage = Stage(cast, row, version, clauses_of(version, said))
    for place, comment in enumerate(said, 1):
        play(stage, comment, opened + STEP * place, STEP)
