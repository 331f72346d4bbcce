"""Access tokens. A machine is a Person with `is_machine`."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from consult.accounts.models import Organisation, Person
from consult.core import clock
from consult.core.db import Base, link


class ApiToken(Base):
    """A secret with which a program acts for a person, or as a machine. Only its digest is kept."""

    __tablename__ = "api_token"

    digest: Mapped[str] = mapped_column(unique=True)
    start: Mapped[str]  # its first letters, to tell it from others
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)  # as whom it acts
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)  # who answers for it
    acting_for_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str]
    scopes: Mapped[str]  # names, divided by blanks
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]
    warned_at: Mapped[datetime | None]  # that it will expire
    used_on: Mapped[date | None]  # the last day, no hour

    person: Mapped[Person] = link(foreign_keys=[person_id])
    made_by: Mapped[Person | None] = link(foreign_keys=[made_by_id])
    acting_for: Mapped[Organisation | None] = link()

    @property
    def scope_set(self) -> frozenset[str]:
        return frozenset(self.scopes.split())

    @property
    def is_alive(self) -> bool:
        return self.revoked_at is None and self.expires_at > clock.now()
