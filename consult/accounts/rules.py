"""Who may do what with accounts, organisations and roles."""

from __future__ import annotations

from datetime import timedelta

from consult.core import clock
from consult.core.records import replace
from consult.core.rules import STAFF, YES, Actor, Verdict, administrators, no, proven

from .models import (
    GuestOrganisation,
    Interest,
    Invitation,
    Membership,
    Organisation,
    OrganisationMerge,
    Passkey,
    Person,
    ProviderIdentity,
    RoleGrant,
    SignIn,
)

NEED_A_SECOND_FACTOR = STAFF | {"appeals_panel"}
MERGE_UNDONE_FOR = timedelta(days=14)
MERGED = "It was merged with another organisation a moment ago. Open its page again: it leads there."
ERASED_ADDRESS = "@account.invalid"  # what every address becomes that was erased
CONFIRM_FIRST = "Confirm your e-mail address first; the link is in the mail we sent you."


def with_second_factor(actor: Actor, wanted: str) -> Actor:
    """The actor as she may act where people with roles must have a second factor (`required`) or should (`asked`).

    Without one, `required` sets her roles aside: every rule and every query then sees what it sees of anybody.
    """
    held = {role for _, role in actor.roles} & NEED_A_SECOND_FACTOR
    if actor.has_second_factor or not (held or actor.is_administrator):
        return actor
    if wanted != "required":
        return replace(actor, second_factor=wanted)
    kept = frozenset((where, role) for where, role in actor.roles if role not in NEED_A_SECOND_FACTOR)
    return replace(actor, second_factor=wanted, roles=kept, is_administrator=False)


def without_unproven_roles(actor: Actor, *, is_proven: bool) -> Actor:
    """The actor as she may act in a browser where she has not shown that it is her since she got a role."""
    if is_proven or not (actor.roles or actor.is_administrator):
        return actor
    return replace(actor, roles=frozenset(), is_administrator=False, waits_for_proof=True)


def may_register(actor: Actor) -> Verdict:
    """Anyone who is not signed in."""
    return no("You have an account already and are signed in with it.") if actor.is_authenticated else YES


def may_start_sign_in(actor: Actor, person: Person) -> Verdict:
    """Whoever gave the right password, unless the account is suspended."""
    return (
        YES if person.suspended_at is None else no("This account is suspended. Write to the people who run this site.")
    )


def may_end_sign_in(actor: Actor, sign_in: SignIn) -> Verdict:
    """The person who is signed in there."""
    return YES if actor.person_id == sign_in.person_id else no("This is not your sign-in.")


def may_change_account(actor: Actor) -> Verdict:
    """Everybody their own."""
    return YES if actor.is_authenticated else no("Sign in to change your account.")


def may_change_factors(actor: Actor) -> Verdict:
    """Everybody their own, once they showed that it is them."""
    return proven(actor)


def may_remove_passkey(actor: Actor, passkey: Passkey) -> Verdict:
    """Whose it is, once they showed that it is them."""
    return proven(actor) if actor.person_id == passkey.person_id else no("This is not your passkey.")


def may_unlink(actor: Actor, identity: ProviderIdentity) -> Verdict:
    """Whose it is, once they showed that it is them."""
    return proven(actor) if actor.person_id == identity.person_id else no("This is not linked to your account.")


def may_end_interest(actor: Actor, interest: Interest) -> Verdict:
    """Whoever declared it."""
    return YES if actor.person_id == interest.person_id else no("Only whoever declared an interest can end it.")


def may_found_organisation(actor: Actor) -> Verdict:
    """People with a confirmed address, and the system."""
    if actor.is_system or actor.is_verified:
        return YES
    return no(CONFIRM_FIRST if actor.is_authenticated else "Sign in to put an organisation on the list.")


def may_verify_organisation(actor: Actor, organisation: Organisation) -> Verdict:
    """Administrators, and the system."""
    if actor.is_administrator or actor.is_system:
        return YES
    return no("Only administrators of this site verify organisations.")


def may_merge_organisations(actor: Actor, former: Organisation, into: Organisation) -> Verdict:
    """Administrators, and the system; two that are not merged yet."""
    verdict = administrators(actor)
    if not verdict:
        return verdict
    if former.id == into.id:
        return no("This is one organisation. Choose another one.")
    if former.merged_into_id is not None or into.merged_into_id is not None:
        return no("One of them has been merged already. Look at the list again.")
    return YES


def may_undo_merge(actor: Actor, merge: OrganisationMerge) -> Verdict:
    """Administrators, and the system, for MERGE_UNDONE_FOR; the newest first."""
    verdict = administrators(actor)
    if not verdict:
        return verdict
    if merge.undone_at is not None:
        return no("This was undone already.")
    if clock.now() - merge.merged_at >= MERGE_UNDONE_FOR:
        return no(f"This can be undone for {MERGE_UNDONE_FOR.days} days only, and they are over.")
    return YES


def may_ask_membership(actor: Actor, organisation: Organisation) -> Verdict:
    """People with a confirmed address who are not members yet."""
    if not actor.is_authenticated:
        return no("Sign in to join an organisation.")
    if not actor.is_verified:
        return no(CONFIRM_FIRST)
    if organisation.merged_into_id is not None:
        return no(MERGED)
    return no("You are a member already.") if organisation.id in actor.member_of else YES


def may_decide_membership(actor: Actor, membership: Membership) -> Verdict:
    """A signatory of that organisation or an administrator, once, and nobody about themselves."""
    if membership.person_id == actor.person_id:
        return no("Nobody decides on their own request.")
    if not _speaks_for(actor, membership):
        return no("Only a signatory of the organisation or an administrator decides who joins.")
    return YES if membership.state == "asked" else no("This request has been answered already.")


def may_end_membership(actor: Actor, membership: Membership) -> Verdict:
    """The member, a signatory of the organisation, or an administrator."""
    if membership.state not in ("member", "asked"):
        return no("This membership has ended already.")
    if membership.person_id == actor.person_id or _speaks_for(actor, membership):
        return YES
    return no("Only the member, a signatory or an administrator can end a membership.")


def may_choose_signatories(actor: Actor, membership: Membership) -> Verdict:
    """A signatory of the organisation or an administrator, among members."""
    if not _speaks_for(actor, membership):
        return no("Only a signatory of the organisation or an administrator chooses signatories.")
    return YES if membership.state == "member" else no("Only members can be signatories.")


def may_act_for(actor: Actor, organisation_id: int | None) -> Verdict:
    """Everybody for themselves, members for their organisation."""
    if not actor.is_authenticated:
        return no("Sign in to choose who you speak for.")
    if organisation_id is None or organisation_id in actor.member_of:
        return YES
    return no("You can speak for an organisation once one of its signatories has approved you.")


def may_suspend(actor: Actor, consultation_id: int) -> Verdict:
    """Moderators of that consultation, and its appeals panel, which may lift it."""
    if actor.holds("moderator", consultation_id) or actor.holds("appeals_panel", consultation_id):
        return YES
    return no("Only the moderators of this consultation decide who may not post for some time.")


def may_grant_roles(actor: Actor, consultation_id: int) -> Verdict:
    """Organisers of that consultation, administrators, the system."""
    if actor.is_administrator or actor.holds("organiser", consultation_id):
        return YES
    return no("Only organisers of this consultation give and take roles.")


def may_manage_organisation(actor: Actor, organisation: Organisation) -> Verdict:
    """Its signatories, administrators, the system: invite people, and say what it is."""
    if organisation.merged_into_id is not None:
        return no(MERGED)
    if actor.is_administrator or actor.is_system or organisation.id in actor.signatory_of:
        return YES
    return no("Only a signatory of the organisation or an administrator can do this.")


def may_set_parent(actor: Actor, organisation: Organisation, parent: Organisation) -> Verdict:
    """Whoever signs for both, administrators, the system."""
    if all(may_manage_organisation(actor, one) for one in (organisation, parent)):
        return YES
    return no(
        "Only somebody who signs for both organisations, or an administrator, says that one belongs to the other."
    )


def may_end_parent(actor: Actor, organisation: Organisation) -> Verdict:
    """Whoever signs for either side, administrators, the system."""
    if may_manage_organisation(actor, organisation) or organisation.parent_id in actor.signatory_of:
        return YES
    return no("Only a signatory of one of the two organisations or an administrator can do this.")


def may_decline_invitation(actor: Actor, invitation: Invitation) -> Verdict:
    """Whoever has confirmed the address it was sent to."""
    if not actor.is_authenticated or actor.email != invitation.email:
        return no("This invitation was sent to another address than that of your account.")
    return YES if actor.is_verified else no(CONFIRM_FIRST)


def may_accept_invitation(actor: Actor, invitation: Invitation) -> Verdict:
    """Whoever has confirmed the address it was sent to, until it ends."""
    if invitation.expires_at <= clock.now():
        return no("This invitation has expired. Ask for a new one.")
    return may_decline_invitation(actor, invitation)


def may_take_back_invitation(actor: Actor, invitation: Invitation) -> Verdict:
    """Those who may give such invitations."""
    if invitation.consultation_id is not None:
        return may_grant_roles(actor, invitation.consultation_id)
    if actor.is_administrator or actor.is_system or invitation.organisation_id in actor.signatory_of:
        return YES
    return no("Only a signatory of the organisation or an administrator can do this.")


def may_leave_role(actor: Actor, grant: RoleGrant) -> Verdict:
    """Everybody their own."""
    return YES if actor.person_id == grant.person_id else no("This is not your role.")


def may_run_account(actor: Actor, person: Person) -> Verdict:
    """Administrators and the system, with every person's account that is there but their own."""
    if not administrators(actor):
        return administrators(actor)
    if person.is_machine:
        return no("This is the account of a machine. Its tokens are revoked, and it is closed, on its own page.")
    if person.email.endswith(ERASED_ADDRESS):
        return no("This account was erased. Nothing can be done with it any more.")
    if actor.person_id == person.id:
        return no("This is your own account. Ask another administrator.")
    return YES


def may_leave_as_guest(actor: Actor, guest: GuestOrganisation) -> Verdict:
    """Whoever signs for the organisation that was invited."""
    if guest.organisation_id in actor.signatory_of:
        return YES
    return no("Only a signatory of the organisation can say no for it.")


def _speaks_for(actor: Actor, membership: Membership) -> bool:
    return actor.is_administrator or actor.is_system or membership.organisation_id in actor.signatory_of
