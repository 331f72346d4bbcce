"""What is read about second factors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from consult.core.db import db
from consult.core.errors import Missing
from consult.core.records import Record
from consult.core.rules import Actor

from ..arrivals import Arrival
from ..factors import Proof, app_code, recovery_proof, unseal
from ..models import Authenticator, Passkey, Person, ProviderIdentity, RecoveryCode
from ..passkeys import ENTER, STEP, PasskeyProof, Site, credential_of


def proof_shown(secret_key: str, person: Person, *, code: str, recovery: str) -> Proof | None:
    """What somebody who gave the password of `person` shows after it; None when the code is of no use."""
    if recovery.strip():
        return recovery_proof(recovery)
    sealed = db.session.scalar(select(Authenticator.sealed).where(Authenticator.person_id == person.id))
    return app_code(unseal(secret_key, person.id, sealed), code) if sealed else None


def who_answered(site: Site, asked: str, answer: str) -> tuple[Person, PasskeyProof] | None:
    """Whose passkey answered in place of a password; None when the answer is not right or the account is suspended."""
    row = db.session.scalars(select(Passkey).where(Passkey.credential_id == credential_of(answer))).first()
    if row is None:
        return None
    proof = site.answered(ENTER, asked, answer, person_id=row.person_id, data=row.data)
    person = db.session.get(Person, row.person_id)
    return (person, proof) if proof is not None and person is not None and person.suspended_at is None else None


def passkey_shown(site: Site, person_id: int, asked: str, answer: str) -> PasskeyProof | None:
    """Whether a passkey of this person answered what was asked of her; None when it did not."""
    mine = (Passkey.person_id == person_id, Passkey.credential_id == credential_of(answer))
    data = db.session.scalar(select(Passkey.data).where(*mine))
    return site.answered(STEP, asked, answer, whose=person_id, person_id=person_id, data=data) if data else None


def credentials_of(person_id: int) -> Sequence[str]:
    """The names by which browsers know the passkeys of a person."""
    return db.session.scalars(select(Passkey.credential_id).where(Passkey.person_id == person_id)).all()


def passkey(*, viewer: Actor, passkey_id: int) -> Passkey:
    """One passkey of the viewer. Raises Missing."""
    mine = (Passkey.id == passkey_id, Passkey.person_id == viewer.person_id)
    row = db.session.scalars(select(Passkey).where(*mine)).first()
    if row is None:
        raise Missing
    return row


def who_arrived(arrival: Arrival) -> Person | None:
    """Whose account an account elsewhere opens; None when it opens none."""
    opens = (ProviderIdentity.issuer == arrival.issuer, ProviderIdentity.subject == arrival.subject)
    linked = select(Person).join(ProviderIdentity, ProviderIdentity.person_id == Person.id).where(*opens)
    return db.session.scalars(linked).first()


def identities(*, viewer: Actor) -> Sequence[ProviderIdentity]:
    """The accounts elsewhere that open the viewer's."""
    mine = ProviderIdentity.person_id == viewer.person_id
    return db.session.scalars(select(ProviderIdentity).where(mine).order_by(ProviderIdentity.id)).all()


def identity(*, viewer: Actor, identity_id: int) -> ProviderIdentity:
    """One of the accounts elsewhere that open the viewer's. Raises Missing."""
    mine = (ProviderIdentity.id == identity_id, ProviderIdentity.person_id == viewer.person_id)
    row = db.session.scalars(select(ProviderIdentity).where(*mine)).first()
    if row is None:
        raise Missing
    return row


class Factors(Record):
    """What an account asks for after the password."""

    authenticator_at: datetime | None
    codes_left: int
    passkeys: Sequence[Passkey]


def factors(*, viewer: Actor) -> Factors:
    """The viewer's own second factors."""
    unused = (RecoveryCode.person_id == viewer.person_id, RecoveryCode.used_at.is_(None))
    left = select(func.count()).select_from(RecoveryCode).where(*unused).scalar_subquery()
    made = select(Authenticator.made_at).where(Authenticator.person_id == viewer.person_id).scalar_subquery()
    passkeys = select(Passkey).where(Passkey.person_id == viewer.person_id).order_by(Passkey.id)
    made_at, count = db.session.execute(select(made, left)).one()
    return Factors(made_at, count, db.session.scalars(passkeys).all())


def holds_code(*, viewer: Actor, digest: str) -> bool:
    """Whether this is one of the viewer's recovery codes and was not used."""
    mine = (RecoveryCode.person_id == viewer.person_id, RecoveryCode.digest == digest, RecoveryCode.used_at.is_(None))
    return db.session.scalar(select(RecoveryCode.id).where(*mine)) is not None
