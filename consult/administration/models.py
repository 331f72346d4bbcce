"""What administrators did."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from consult.accounts.models import Person, one_of
from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import Base, BigId, link
from consult.documents import frozen

VERBS = {
    "make_administrator": "Made administrator",
    "unmake_administrator": "No administrator any more",
    "suspend": "Suspended",
    "let_in": "Let in again",
    "end_sign_ins": "Signed out everywhere",
    "mail_password": "Sent the link for a new password",
    "forget_factors": "Second step removed",
    "erase": "Erased",
    "close_machine": "Machine closed",
    "verify": "Verified",
    "unverify": "Verification taken back",
    "describe": "Corrected",
    "merge": "Merged with another",
    "part": "Merge undone",
    "say_apart": "Said not to be the same",
    "grant_role": "Role given",
    "revoke_role": "Role taken back",
    "retry_job": "Job tried again",
    "retry_jobs": "Jobs tried again",
    "discard_job": "Job discarded",
}
KEPT = timedelta(days=3 * 365)

# What was done with the power over a site stays as it was written, and until its time is over it stays at all.
frozen.guard(
    Base.metadata,
    [
        ("administrative_act", "administrative_act_stays", "UPDATE", "TRUE"),
        ("administrative_act", "administrative_act_is_kept", "DELETE", "OLD.kept_until > CURRENT_TIMESTAMP"),
    ],
    "what an administrator did never changes, and is kept for three years",
)


class AdministrativeAct(Base):
    """One act of an administrator, or of somebody at the command line; a machine is closed also by who signs for it.

    Only ever added; see the guards.
    """

    __tablename__ = "administrative_act"
    __table_args__ = (one_of("verb", VERBS),)

    at: Mapped[datetime] = mapped_column(default=clock.now)
    kept_until: Mapped[datetime] = mapped_column(default=lambda: clock.now() + KEPT)
    verb: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    by_name: Mapped[str] = mapped_column(default="")  # at the command line: her name on the machine
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(BigId, index=True)  # no foreign key: two of them may become one
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultation.id"), index=True)
    job_id: Mapped[int | None] = mapped_column(BigId)  # jobs go after a month
    detail: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")

    by: Mapped[Person | None] = link(foreign_keys=[by_id])
    person: Mapped[Person | None] = link(foreign_keys=[person_id])
    consultation: Mapped[Consultation | None] = link()

    @property
    def what(self) -> str:
        """What was done, in words."""
        return VERBS[self.verb]
