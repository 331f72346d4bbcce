"""What is read about second factors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from consult.core.db import db
from consult.core.rules import Actor

from ..factors import Proof, app_code, recovery_proof, unseal
from ..models import Authenticator, Person, RecoveryCode


def proof_shown(secret_key: str, person: Person, *, code: str, recovery: str) -> Proof | None:
    """What somebody who gave the password of `person` shows after it; None when the code is of no use."""
    if recovery.strip():
        return recovery_proof(recovery)
    sealed = db.session.scalar(select(Authenticator.sealed).where(Authenticator.person_id == person.id))
    return app_code(unseal(secret_key, person.id, sealed), code) if sealed else None


@dataclass(frozen=True, slots=True)
class Factors:
    """What an account asks for after the password."""

    authenticator_at: datetime | None
    codes_left: int


def factors(*, viewer: Actor) -> Factors:
    """The viewer's own second factors."""
    unused = (RecoveryCode.person_id == viewer.person_id, RecoveryCode.used_at.is_(None))
    left = select(func.count()).select_from(RecoveryCode).where(*unused).scalar_subquery()
    made = select(Authenticator.made_at).where(Authenticator.person_id == viewer.person_id).scalar_subquery()
    return Factors(*db.session.execute(select(made, left)).one())


def holds_code(*, viewer: Actor, digest: str) -> bool:
    """Whether this is one of the viewer's recovery codes and was not used."""
    mine = (RecoveryCode.person_id == viewer.person_id, RecoveryCode.digest == digest, RecoveryCode.used_at.is_(None))
    return db.session.scalar(select(RecoveryCode.id).where(*mine)) is not None
