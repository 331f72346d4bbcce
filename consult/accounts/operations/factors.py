"""What is asked after the password: set up, used up, taken away."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, select, update

from consult.accounts import rules
from consult.accounts.events import SignInsEnded
from consult.accounts.factors import AppCode, Proof, RecoveryProof
from consult.accounts.models import Authenticator, Passkey, Person, RecoveryCode, SignIn
from consult.accounts.passkeys import NewPasskey, PasskeyProof
from consult.core import clock
from consult.core.administered import Administered, reason_given
from consult.core.db import insert_new
from consult.core.errors import Conflict, Invalid, Missing
from consult.core.events import emit
from consult.core.mail import send_later
from consult.core.operations import SubmissionKey, operation, session
from consult.core.rules import Actor
from consult.core.text import normalise

LONGEST_NAME = 60
MOST_PASSKEYS = 20
WRONG = "This code is not right. Codes of an app change every 30 seconds; take the one it shows now."
USED = "This code was used already. Wait until the app shows the next one."


@operation(rule=rules.may_start_sign_in, on="person")
def spend_proof(*, actor: Actor, person: Person, proof: Proof | None) -> None:
    """Use up what was shown after the password; each counts once. Raises Invalid or Conflict at its field."""
    if isinstance(proof, AppCode):
        _spend_step(person, proof.step)
    elif isinstance(proof, PasskeyProof):
        _spend_answer(person, proof)
    elif isinstance(proof, RecoveryProof):
        _spend_recovery_code(person, proof.digest)
    else:
        raise Invalid(WRONG, "app_code")


@operation(rule=rules.may_change_factors)
def set_up_authenticator(
    *, actor: Actor, sealed: str, code: AppCode, recovery: Sequence[str], key: SubmissionKey | None = None
) -> None:
    """Ask for codes of an app at every sign-in from now on; `code` showed that the app has the key.

    `recovery`: digests of the codes that are kept unless the person has some. Raises Conflict when there is an app.
    """
    person = _own(actor)
    if insert_new(Authenticator, person_id=person.id, sealed=sealed, last_step=code.step, made_at=clock.now()) is None:
        raise Conflict("An app is set up already. Remove it first.", "app_code")
    if person.second_factor_at is None:
        _keep_codes(person, recovery)
    _note(person, "An app for codes was set up.")


@operation(rule=rules.may_change_factors)
def remove_authenticator(*, actor: Actor) -> None:
    """Ask for codes of the app no more."""
    person = _own(actor)
    gone = session().execute(
        delete(Authenticator).where(Authenticator.person_id == person.id).returning(Authenticator.id)
    )
    if gone.scalar() is None:
        raise Missing("There is no app to remove.")
    _note(person, "The app for codes was removed.")


@operation(rule=rules.may_change_factors)
def add_passkey(
    *, actor: Actor, name: str, made: NewPasskey, recovery: Sequence[str], key: SubmissionKey | None = None
) -> None:
    """Let a passkey open this account from now on. Raises Invalid(name), Conflict when it is there or they are many.

    `recovery`: as in `set_up_authenticator`.
    """
    person, name = _own(actor), normalise(name).strip()
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(f"Give it a name of at most {LONGEST_NAME} characters.", "name")
    of_person = select(func.count()).select_from(Passkey).where(Passkey.person_id == person.id)
    if (session().scalar(of_person) or 0) >= MOST_PASSKEYS:
        raise Conflict(f"{MOST_PASSKEYS} passkeys are the most. Remove one first.")
    new = {"data": made.data, "sign_count": made.sign_count, "asked_at": 0, "made_at": clock.now()}
    if insert_new(Passkey, person_id=person.id, credential_id=made.credential_id, name=name, **new) is None:
        raise Conflict("This passkey is here already.")
    if person.second_factor_at is None:
        _keep_codes(person, recovery)
    _note(person, f"The passkey “{name}” was added.")


@operation(rule=rules.may_remove_passkey, on="passkey")
def remove_passkey(*, actor: Actor, passkey: Passkey) -> None:
    """Let a passkey open this account no more."""
    person = _own(actor)
    session().delete(passkey)
    _note(person, f"The passkey “{passkey.name}” was removed.")


@operation(rule=rules.may_change_factors)
def renew_recovery_codes(*, actor: Actor, recovery: Sequence[str], key: SubmissionKey | None = None) -> None:
    """Keep the digests of new recovery codes; the earlier ones count no more."""
    person = _own(actor)
    if person.second_factor_at is None:
        raise Conflict("Recovery codes stand in for a second factor. Set one up first.")
    _keep_codes(person, recovery)
    _note(person, "New recovery codes were made; the earlier ones count no more.")


@operation(rule=rules.may_run_account, on="person")
def forget_factors(*, actor: Actor, person: Person, reason: str) -> Person:
    """Take every second factor from somebody who lost hers, and sign her out everywhere. Raises Conflict: has none."""
    reason = reason_given(reason)
    if person.second_factor_at is None:
        raise Conflict("This account has no second step.")
    for kind in (Authenticator, Passkey):
        session().execute(delete(kind).where(kind.person_id == person.id))
    ended = update(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))
    session().execute(ended.values(ended_at=clock.now()))
    emit(SignInsEnded(person.id))
    _note(person, "The people who run this site removed every second step from your account.")
    emit(Administered(actor, "forget_factors", person_id=person.id, reason=reason))
    return person


def _own(actor: Actor) -> Person:
    return session().get_one(Person, actor.person_id, with_for_update=True, populate_existing=True)


def _keep_codes(person: Person, digests: Sequence[str]) -> None:
    session().execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    session().add_all(RecoveryCode(person_id=person.id, digest=digest) for digest in digests)


def _note(person: Person, what: str) -> None:
    """Keep since when something is asked after the password, and tell the person what was changed."""
    session().flush()
    kinds = (Authenticator, Passkey)
    has_one = any(session().scalar(select(kind.id).where(kind.person_id == person.id).limit(1)) for kind in kinds)
    person.second_factor_at = (person.second_factor_at or clock.now()) if has_one else None
    if not has_one:
        session().execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    send_later("accounts/second_factor_changed", person.email, name=person.name, what=what)


def _spend_step(person: Person, step: int) -> None:
    mine = Authenticator.person_id == person.id
    later = update(Authenticator).where(mine, Authenticator.last_step < step).values(last_step=step)
    if session().execute(later.returning(Authenticator.id)).scalar() is None:
        raise Conflict(USED, "app_code")


def _spend_answer(person: Person, proof: PasskeyProof) -> None:
    """A passkey that counts must have counted on: a copy of it would stay behind. Those in step with a cloud stay at 0."""
    row = (
        session()
        .scalars(
            select(Passkey)
            .where(Passkey.person_id == person.id, Passkey.credential_id == proof.credential_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        .first()
    )
    if row is None or row.asked_at >= proof.asked_at:
        raise Conflict("This page was open for a long time. Press the button once more.")
    if proof.sign_count <= row.sign_count and (proof.sign_count or row.sign_count):
        raise Invalid("This passkey answered as a copy of it would. Go in another way, and remove it in your account.")
    row.asked_at, row.sign_count, row.used_on = proof.asked_at, proof.sign_count, clock.day_in("UTC")


def _spend_recovery_code(person: Person, digest: str) -> None:
    mine = (RecoveryCode.person_id == person.id, RecoveryCode.used_at.is_(None))
    used = update(RecoveryCode).where(*mine, RecoveryCode.digest == digest).values(used_at=clock.now())
    if session().execute(used.returning(RecoveryCode.id)).scalar() is None:
        raise Invalid("This recovery code is not right, or it was used already.", "recovery_code")
    left = session().scalar(select(func.count()).select_from(RecoveryCode).where(*mine))
    what = f"A recovery code was used to sign in; {left} are left."
    send_later("accounts/second_factor_changed", person.email, name=person.name, what=what)
