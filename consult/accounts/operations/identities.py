"""Accounts at an OpenID provider: linked by somebody who is signed in here, used to come in, unlinked."""

from __future__ import annotations

from sqlalchemy import delete, select

from consult.accounts import rules
from consult.accounts.arrivals import Arrival
from consult.accounts.models import Passkey, Person, ProviderIdentity
from consult.core import clock
from consult.core.db import insert_new
from consult.core.errors import Conflict, Missing
from consult.core.mail import send_later
from consult.core.operations import SubmissionKey, operation, session
from consult.core.rules import SYSTEM, Actor, anyone, system_only

USED_ALREADY = "This answer was used already. Begin again here."
OF_ANOTHER = "That account opens another account here. Unlink it there first."
ANOTHER_LINKED = "Another account of the same provider opens yours already. Unlink that one first."
ONLY_WAY_IN = "This is your only way in. Choose a password first, then unlink it."


@operation(rule=anyone)
def arrive(*, actor: Actor, arrival: Arrival) -> Person:
    """Whose account the provider's answer opens. The answer is the permission, and counts once.

    Raises Missing when it opens none, Conflict when it was used.
    """
    where = (ProviderIdentity.issuer == arrival.issuer, ProviderIdentity.subject == arrival.subject)
    row = session().scalars(select(ProviderIdentity).where(*where).with_for_update()).first()
    if row is None:
        raise Missing
    session().refresh(row)
    if row.arrived_at >= arrival.at:
        raise Conflict(USED_ALREADY)
    row.arrived_at, row.used_on = arrival.at, clock.day_in("UTC")
    return session().get_one(Person, row.person_id)


@operation(rule=rules.may_change_factors)
def link_identity(*, actor: Actor, arrival: Arrival, key: SubmissionKey | None = None) -> None:
    """Let the account from which one has just come open one's own. Raises Conflict when something is linked already."""
    person = session().get_one(Person, actor.person_id, with_for_update=True, populate_existing=True)
    keep_identity(actor=SYSTEM, person=person, arrival=arrival)
    _tell(person, f"Your account {arrival.label} at {arrival.issuer} opens your account here from now on.")


@operation(rule=rules.may_unlink, on="identity")
def unlink_identity(*, actor: Actor, identity: ProviderIdentity) -> None:
    """Let an account elsewhere open one's own no more; never the only way in."""
    person = session().get_one(Person, actor.person_id, with_for_update=True, populate_existing=True)
    has_key = session().scalar(select(Passkey.id).where(Passkey.person_id == person.id).limit(1)) is not None
    if not person.password_hash and not has_key:
        raise Conflict(ONLY_WAY_IN)
    session().delete(identity)
    _tell(person, f"Your account {identity.label} at {identity.issuer} does not open your account here any more.")


@operation(rule=system_only)
def keep_identity(*, actor: Actor, person: Person, arrival: Arrival) -> None:
    """Link, for whoever has just linked or registered. Raises Conflict when one side is linked already."""
    mine = {"issuer": arrival.issuer, "subject": arrival.subject}
    values = {"label": arrival.label, "arrived_at": arrival.at, "linked_at": clock.now()}
    if insert_new(ProviderIdentity, **mine, person_id=person.id, **values) is None:
        taken = session().scalar(select(ProviderIdentity.person_id).filter_by(**mine))
        raise Conflict(ANOTHER_LINKED if taken in (None, person.id) else OF_ANOTHER)


@operation(rule=system_only)
def forget_identities(*, actor: Actor, person_id: int) -> None:
    """Unlink all: somebody who had no say in the account's beginning may have linked hers before its owner came."""
    session().execute(delete(ProviderIdentity).where(ProviderIdentity.person_id == person_id))


def _tell(person: Person, what: str) -> None:
    send_later("accounts/second_factor_changed", person.email, name=person.name, what=what)
