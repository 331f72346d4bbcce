"""Signing in and out: a row per browser."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, or_, update

from consult.accounts import rules
from consult.accounts.events import NewBrowserSignedIn, SignInsEnded
from consult.accounts.factors import Proof
from consult.accounts.models import Person, SignIn
from consult.core import clock, ids
from consult.core.errors import Conflict
from consult.core.events import emit
from consult.core.mail import send_later
from consult.core.operations import operation, session
from consult.core.rendering import moment_text
from consult.core.rules import Actor, system_only

from .factors import spend_proof

SHORT = timedelta(hours=12)
LONG = timedelta(days=14)
FIRST_DAY = timedelta(days=1)  # of an account: whoever makes one signs in on several devices
KEPT = timedelta(days=30)  # so that somebody who finds a stranger in their account can still be answered


@operation(rule=rules.may_start_sign_in, on="person")
def start_sign_in(
    *, actor: Actor, person: Person, token: str, checked_hash: str, is_long: bool = False, new_hash: str = "",
    device: str = "", is_known: bool = True, proof: Proof | None = None,
) -> SignIn:  # fmt: skip
    """Let a browser in whose password was right; `token` is new and goes into its cookie.

    `checked_hash` is the hash the password was checked against: when it changed meanwhile, the answer is no.
    `new_hash` replaces it when it was made with old parameters. Whoever was signed in there is signed out.
    `proof` is what was shown after the password; an account with a second factor lets nobody in without.
    `device`: the browser in words; one that `is_known` not is told to the person, by mail and in her inbox, once an
    account is a day old.
    """
    if person.password_hash != checked_hash:
        raise Conflict("The password was changed a moment ago. Sign in with the new one.", "password")
    if person.second_factor_at is not None:
        spend_proof(actor=actor, person=person, proof=proof)
    if new_hash:
        person.password_hash = new_hash
    moment = clock.now()
    if actor.sign_in_id is not None:
        session().execute(update(SignIn).where(SignIn.id == actor.sign_in_id).values(ended_at=moment))
    row = SignIn(
        token_digest=ids.digest(token), person_id=person.id, device=device, started_at=moment,
        expires_at=moment + (LONG if is_long else SHORT),
    )  # fmt: skip
    session().add(row)
    session().flush()
    if not is_known and person.created_at < moment - FIRST_DAY:
        told = {"device": device, "at": moment_text(moment)}
        send_later("accounts/new_device", person.email, name=person.name, **told)
        emit(NewBrowserSignedIn(row.id, person.id))
    return row


@operation(rule=rules.may_change_account)
def note_seen(*, actor: Actor) -> None:
    """Keep today as the day on which this sign-in was last used. Several at once do no harm."""
    session().execute(update(SignIn).where(SignIn.id == actor.sign_in_id).values(seen_on=clock.day_in("UTC")))


@operation(rule=rules.may_change_account)
def prove_again(*, actor: Actor, checked_hash: str, token: str, proof: Proof | None = None) -> None:
    """Keep that this person has just shown her password, for which `checked_hash` was right, or a passkey (`proof`).

    `token` takes the place of the one in the cookie: what she may do from now on, whoever had that one may not.
    """
    person = session().get_one(Person, actor.person_id, with_for_update=True, populate_existing=True)
    if proof is not None:
        spend_proof(actor=actor, person=person, proof=proof)
    if person.password_hash != checked_hash:
        raise Conflict("The password was changed a moment ago. Type the new one.", "password")
    session().execute(update(SignIn).where(SignIn.id == actor.sign_in_id).values(proved_at=clock.now()))
    renew_sign_in(actor=actor, token=token)


@operation(rule=rules.may_change_account)
def renew_sign_in(*, actor: Actor, token: str) -> None:
    """A new token for this browser. The one before is good for a moment, without roles, should the answer be lost."""
    renewed = {"previous_digest": SignIn.token_digest, "token_digest": ids.digest(token), "renewed_at": clock.now()}
    session().execute(update(SignIn).where(SignIn.id == actor.sign_in_id).values(renewed))


@operation(rule=system_only)
def ask_for_proof(*, actor: Actor, person_id: int, but: int | None) -> None:
    """Somebody got a role: in every browser but one she shows first that it is her, and gets a new token there."""
    others = update(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
    session().execute((others.where(SignIn.id != but) if but is not None else others).values(proved_at=None))


@operation(rule=rules.may_end_sign_in, on="sign_in")
def end_sign_in(*, actor: Actor, sign_in: SignIn) -> None:
    """Sign a browser out."""
    sign_in.ended_at = sign_in.ended_at or clock.now()


@operation(rule=rules.may_change_account)
def end_other_sign_ins(*, actor: Actor) -> None:
    """Sign out every browser but this one."""
    others = update(SignIn).where(SignIn.person_id == actor.person_id, SignIn.ended_at.is_(None))
    if actor.sign_in_id is not None:
        others = others.where(SignIn.id != actor.sign_in_id)
    session().execute(others.values(ended_at=clock.now()))
    if actor.person_id is not None:
        emit(SignInsEnded(actor.person_id))


@operation(rule=rules.may_act_for, on="organisation_id")
def act_for(*, actor: Actor, organisation_id: int | None) -> None:
    """Choose who this browser speaks for: oneself (None) or an organisation one is a member of."""
    session().execute(
        update(SignIn)
        .where(SignIn.id == actor.sign_in_id, SignIn.person_id == actor.person_id)
        .values(acting_for_id=organisation_id)
    )


@operation(rule=system_only)
def forget_old_sign_ins(*, actor: Actor) -> None:
    """Delete sign-ins that ended long ago: who was here when is nobody's business for longer than it helps."""
    past = clock.now() - KEPT
    session().execute(delete(SignIn).where(or_(SignIn.ended_at < past, SignIn.expires_at < past)))
