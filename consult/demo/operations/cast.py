"""The demo people: accounts, organisations, who speaks for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from consult.accounts import operations as accounts
from consult.accounts import queries
from consult.accounts.models import Organisation, Person
from consult.consultations.models import Consultation
from consult.core.operations import operation
from consult.core.rules import Actor, system_only

from ..script import DemoPerson, People


@dataclass(slots=True)
class Cast:
    """Everybody in the demo, by the key the script calls them."""

    people: dict[str, Person] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    speaks_for: dict[str, str] = field(default_factory=dict)
    staff: dict[str, str] = field(default_factory=dict)  # key → role
    _actors: dict[str, Actor] = field(default_factory=dict)

    def actor(self, key: str) -> Actor:
        """Who this person is now: for the organisation, if they speak for one."""
        if key not in self._actors:
            organisation = self.organisations.get(self.speaks_for.get(key, ""))
            acting_for = organisation.id if organisation else None
            self._actors[key] = queries.actor_for(self.people[key], acting_for_id=acting_for)
        return self._actors[key]

    def changed(self) -> None:
        """Memberships or roles changed: ask anew who everybody is."""
        self._actors.clear()

    def give_roles(self, actor: Actor, consultation: Consultation) -> None:
        """The demo's staff gets its roles on a consultation."""
        for key, role in self.staff.items():
            person_id = self.people[key].id
            accounts.grant_role(actor=actor, consultation_id=consultation.id, person_id=person_id, role=role)
        self.changed()


@operation(rule=system_only)
def create_cast(*, actor: Actor, people: People, hashes: Mapping[str, str]) -> Cast:
    """Make the accounts, then let people found and join their organisations as anybody does."""
    cast = Cast()
    for person in people.person:
        _create_person(actor, cast, person, hashes[person.key])
    founders = {p.of: p for p in people.person if p.is_signatory}
    for organisation in people.organisation:
        cast.organisations[organisation.key] = accounts.found_organisation(
            actor=cast.actor(founders[organisation.key].key), name=organisation.name, category=organisation.category,
            size=organisation.size, note=organisation.note,
        )  # fmt: skip
    cast.changed()
    for person in people.person:
        if person.of and not person.is_signatory:
            _join(cast, person, founders[person.of])
    cast.changed()
    return cast


def _create_person(actor: Actor, cast: Cast, person: DemoPerson, password_hash: str) -> None:
    cast.people[person.key] = accounts.create_person(
        actor=actor, name=person.name, email=person.email, password_hash=password_hash, category=person.category,
        is_verified=True, is_administrator=person.is_administrator, is_demo=True,
    )  # fmt: skip
    if person.of:
        cast.speaks_for[person.key] = person.of
    if person.does and not person.is_administrator:
        cast.staff[person.key] = person.does
    if person.interest:
        accounts.declare_interest(actor=cast.actor(person.key), text=person.interest)


def _join(cast: Cast, person: DemoPerson, founder: DemoPerson) -> None:
    asked = accounts.ask_membership(actor=cast.actor(person.key), organisation=cast.organisations[person.of])
    accounts.decide_membership(actor=cast.actor(founder.key), membership=asked, is_approved=True)
