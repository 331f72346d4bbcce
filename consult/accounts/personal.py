"""What accounts keep about people; see core.personal."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Text, cast, func, null, select

from consult.core.jobs import Job
from consult.core.operations import Submission
from consult.core.personal import KEPT, PERSON, WITHDRAWN, Fading, Held, fade, hold

from .models import (
    Authenticator,
    CategoryChange,
    GuestOrganisation,
    Interest,
    Invitation,
    Membership,
    OrganisationApart,
    OrganisationCategoryChange,
    OrganisationMerge,
    Passkey,
    Person,
    ProviderIdentity,
    RecoveryCode,
    RoleGrant,
    SignIn,
    Suspension,
)
from .rules import ERASED_ADDRESS

MONTH = timedelta(days=30)

# Who only typed an address learns nothing of what was sent there.
CONFIRMED_ADDRESS = select(Person.email).where(Person.id == PERSON, Person.email_verified_at.is_not(None))

hold(
    Held(
        Person, Person.id == PERSON,
        {
            "email": "erased-" + cast(Person.id, Text) + ERASED_ADDRESS, "password_hash": "", "name": WITHDRAWN,
            "country": "", "is_administrator": False, "is_unproven": False, "second_factor_at": None, "suspended_at": func.coalesce(Person.suspended_at, Person.created_at),
        },
    ),
    Held(Authenticator, Authenticator.person_id == PERSON, None),
    Held(Passkey, Passkey.person_id == PERSON, None),
    Held(ProviderIdentity, ProviderIdentity.person_id == PERSON, None),
    Held(RecoveryCode, RecoveryCode.person_id == PERSON, None),
    Held(Interest, Interest.person_id == PERSON, None),
    Held(CategoryChange, CategoryChange.person_id == PERSON, None),
    Held(OrganisationMerge, OrganisationMerge.by_id == PERSON, KEPT, only=("by_id", "merged_at")),
    Held(OrganisationMerge, OrganisationMerge.undone_by_id == PERSON, KEPT, only=("undone_by_id", "undone_at")),
    Held(OrganisationCategoryChange, OrganisationCategoryChange.by_id == PERSON, KEPT, only=("by_id", "at")),
    Held(OrganisationApart, OrganisationApart.by_id == PERSON, KEPT, only=("by_id", "at")),
    Held(Membership, Membership.decided_by_id == PERSON, KEPT, only=("decided_by_id", "decided_at")),
    Held(Membership, Membership.person_id == PERSON, None),
    Held(RoleGrant, RoleGrant.granted_by_id == PERSON, KEPT, only=("consultation_id", "role", "granted_by_id", "granted_at")),
    Held(RoleGrant, RoleGrant.person_id == PERSON, None),
    Held(GuestOrganisation, GuestOrganisation.invited_by_id == PERSON, KEPT),
    Held(Invitation, Invitation.invited_by_id == PERSON, None, only=("organisation_id", "consultation_id", "role", "invited_by_id", "invited_at")),
    Held(Invitation, Invitation.email == CONFIRMED_ADDRESS.scalar_subquery(), None),
    Held(Suspension, Suspension.person_id == PERSON, None),
    Held(SignIn, SignIn.person_id == PERSON, None),
    Held(Submission, Submission.actor_id == PERSON, None),
)  # fmt: skip
fade(
    Fading(Submission, Submission.created_at, timedelta(days=90)),
    Fading(Job, Job.finished_at, MONTH, (Job.dedupe_key.is_(null()),)),  # with a key it is ids and proves it was done
    Fading(Job, Job.created_at, MONTH, (Job.is_parked.is_(True),)),
    Fading(Invitation, Invitation.expires_at, timedelta(0)),
    Fading(Suspension, Suspension.until, MONTH),
)
