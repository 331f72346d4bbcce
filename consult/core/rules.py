"""Who acts, and what a rule answers."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from . import clock
from .records import Record

STAFF = frozenset({"organiser", "moderator", "editor"})
GUEST = "participant"  # invited to take part, by herself or with her organisation


class Verdict(Record):
    """A rule's answer: yes, or no with the sentence shown to the person."""

    is_yes: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.is_yes


YES = Verdict(True)


def no(reason: str) -> Verdict:
    """No, because `reason`: one sentence that says what the person can do about it."""
    return Verdict(False, reason)


class Actor(Record):
    """Who is acting, with every fact a rule may ask about; loaded once a request."""

    person_id: int | None = None
    name: str = ""
    email: str = ""
    category: str = "individual"
    is_verified: bool = False
    is_unproven: bool = False  # registered as a program would
    is_administrator: bool = False
    is_system: bool = False
    is_machine: bool = False  # a program with an account of its own, not a person
    scopes: frozenset[str] | None = None  # of the access token that acts; None: she herself, in her browser
    sign_in_id: int | None = None
    seen_on: date | None = None  # the last day of this sign-in
    proved_at: datetime | None = None  # when this person last showed, in this sign-in, that it is her
    acting_for_id: int | None = None
    acting_for_name: str | None = None
    acting_for_category: str | None = None
    has_second_factor: bool = False
    second_factor: str = ""  # `asked` or `required` of somebody with a role who has none; required: roles are set aside
    waits_for_proof: bool = False  # her roles do, in this browser: she got one since she last showed that it is her
    member_of: frozenset[int] = frozenset()
    signatory_of: frozenset[int] = frozenset()  # both also hold what was merged into one of these
    merged: frozenset[tuple[int, int]] = frozenset()  # of those: (the former organisation, the one it counts as)
    roles: frozenset[tuple[int, str]] = frozenset()
    suspended: frozenset[tuple[int, datetime]] = frozenset()

    @property
    def is_authenticated(self) -> bool:
        return self.person_id is not None

    @property
    def speaks_for_id(self) -> int | None:
        """The organisation in whose name this actor's words stand: the one she acts for, where she signs for it."""
        return self.acting_for_id if self.acting_for_id in self.signatory_of else None

    @property
    def acts_as(self) -> frozenset[int]:
        """The organisation this actor acts for, and those that were merged into it."""
        if self.acting_for_id is None:
            return frozenset()
        return frozenset({self.acting_for_id, *(former for former, now in self.merged if now == self.acting_for_id)})

    @property
    def speaks_for_name(self) -> str | None:
        """What that organisation is called."""
        return self.acting_for_name if self.speaks_for_id is not None else None

    def holds(self, role: str, consultation_id: int) -> bool:
        """Whether this actor has `role` on that consultation; the system has every role."""
        return self.is_system or (consultation_id, role) in self.roles

    def suspended_until(self, consultation_id: int) -> datetime | None:
        """Until when a moderator of that consultation lets this actor post nothing new there; None: she may post."""
        return next((until for where, until in self.suspended if where == consultation_id), None)

    def is_staff_of(self, consultation_id: int) -> bool:
        """Organiser, moderator or editor of that consultation, or the system."""
        return self.is_system or any((consultation_id, role) in self.roles for role in STAFF)

    def is_admitted_to(self, consultation_id: int) -> bool:
        """Whether this actor was let into that consultation: has any role there, or is the system."""
        return self.is_system or consultation_id in self.admitted_to

    @property
    def admitted_to(self) -> frozenset[int]:
        """Ids of the consultations this actor was let into: by any role, her organisation's invitation included."""
        return frozenset(consultation_id for consultation_id, _role in self.roles)

    @property
    def staff_of(self) -> frozenset[int]:
        """Ids of the consultations where this actor is organiser, moderator or editor."""
        return frozenset(consultation_id for consultation_id, role in self.roles if role in STAFF)


PROVEN_FOR = timedelta(minutes=15)
PROVE_AGAIN = no("To be sure that it is you, type your password once more.")
VISITOR = Actor()
SYSTEM = Actor(name="Consult", is_system=True)


def anyone(actor: Actor) -> Verdict:
    """The door is open to everybody; what they see is decided by the queries."""
    return YES


def signed_in(actor: Actor) -> Verdict:
    """Only people who are signed in."""
    return YES if actor.is_authenticated else no("Sign in to go on.")


def proven(actor: Actor) -> Verdict:
    """Only people who showed their password or a passkey in the last quarter of an hour; others are asked for it."""
    if not actor.is_authenticated:
        return signed_in(actor)
    is_fresh = actor.proved_at is not None and clock.now() - actor.proved_at < PROVEN_FOR
    return YES if is_fresh else PROVE_AGAIN


def administrators(actor: Actor) -> Verdict:
    """Only administrators of the installation, and the system itself."""
    return YES if actor.is_administrator or actor.is_system else no("Only administrators of this site can do this.")


def system_only(actor: Actor, *_subjects: object) -> Verdict:
    """Only Consult itself: the clock, the command line, an import."""
    return YES if actor.is_system else no("Only the system itself does this.")
