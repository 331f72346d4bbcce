"""Saying that one looks at something now, so that two moderators never work on the same thing."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, or_
from sqlalchemy.dialects import postgresql, sqlite

from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.errors import Conflict, Refused
from consult.core.operations import operation, session
from consult.core.rules import Actor, Verdict, system_only
from consult.debate.models import Comment

from .. import rules
from ..claiming import on, settle, who_has
from ..models import Campaign, Claim
from ..queries import campaigns, claims, waiting
from ..queries.things import KINDS, find
from ..rules import Claimable

LEASE = timedelta(minutes=15)


@operation(rule=rules.may_claim_item, on="thing")
def claim_item(*, actor: Actor, thing: Claimable, seen_holder_id: int = 0, key: str | None = None) -> Claim:
    """Look at something for a quarter of an hour; again: a quarter of an hour from now.

    Conflict when somebody else has it, unless it is the one with `seen_holder_id`, from whom it is taken on purpose.
    Refused for a shared text among whose comments is one of their own side.
    """
    verdict = _may_claim(actor, thing)
    if not verdict:
        raise Refused(verdict.reason)
    consultation_id = rules.consultation_of(thing).id
    taken = _take(actor, consultation_id, (thing.__tablename__, thing.id), seen_holder_id)
    if taken is None:
        raise Conflict(who_has(thing, clock.now()))
    return session().get_one(Claim, taken, populate_existing=True)


@operation(rule=rules.may_see_queue, on="consultation")
def claim_next(*, actor: Actor, consultation: Consultation, shown: str, key: str | None = None) -> Claim | None:
    """Claim what waits longest of a list and nobody has; None when nothing is left. Twenty who press get twenty things."""
    others = claims.in_force(viewer=actor, consultation=consultation)
    for line in waiting.lines(viewer=actor, consultation=consultation, shown=shown, claims=others):
        if line.is_taken or line.kind == "anchors":  # places in the next draft are worked on in a list of their own
            continue
        thing = _thing(actor, consultation.slug, line)
        taken = _take(actor, consultation.id, line.thing, 0) if _may_claim(actor, thing) else None
        if taken is not None:
            return session().get_one(Claim, taken, populate_existing=True)
    return None


@operation(rule=rules.may_look, on="thing")
def let_go(*, actor: Actor, thing: Claimable) -> None:
    """Leave it to the others again."""
    session().execute(delete(Claim).where(on(thing), Claim.person_id == actor.person_id))


@operation(rule=system_only)
def end_claim(*, actor: Actor, comment: Comment) -> None:
    """A comment has its positions. Conflict when a moderator gave them while a colleague looks at it just now."""
    if comment.placed_by_id is None or comment.placed_by_id == comment.author_id:
        session().execute(delete(Claim).where(on(comment)))
    else:
        settle(comment.placed_by_id, comment)


def _thing(actor: Actor, slug: str, line: waiting.Waiting) -> Claimable:
    if line.kind in KINDS:
        return find(viewer=actor, slug=slug, kind=line.kind, key=line.key)
    return campaigns.find(viewer=actor, slug=slug, number=int(line.key))


def _may_claim(actor: Actor, thing: Claimable) -> Verdict:
    if isinstance(thing, Campaign):
        return campaigns.may_decide(viewer=actor, campaign=thing)
    return rules.may_claim_item(actor, thing)


def _take(actor: Actor, consultation_id: int, thing: tuple[str, int], seen_holder_id: int) -> int | None:
    insert = postgresql.insert if session().get_bind().dialect.name == "postgresql" else sqlite.insert
    column = f"{thing[0]}_id"
    values = {
        "consultation_id": consultation_id, "person_id": actor.person_id, "until": clock.now() + LEASE, column: thing[1],
    }  # fmt: skip
    statement = insert(Claim).values(**values)
    may_pass = or_(Claim.until <= clock.now(), Claim.person_id.in_((actor.person_id, seen_holder_id)))
    statement = statement.on_conflict_do_update(
        index_elements=[column], set_={"person_id": actor.person_id, "until": values["until"]}, where=may_pass
    )
    taken: int | None = session().execute(statement.returning(Claim.id)).scalar()
    return taken
