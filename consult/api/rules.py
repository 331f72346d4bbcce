"""Who may make and end access tokens and machines, and what a token may do."""

from __future__ import annotations

from collections.abc import Callable

from consult.accounts.models import Membership, Organisation, Person
from consult.accounts.rules import CONFIRM_FIRST
from consult.core.rules import YES, Actor, Verdict, no, proven

from .models import ApiToken

SEND_ONE = "Send an access token: Authorization: Bearer consult_… One makes them in one's account."


def may_make_token(actor: Actor) -> Verdict:
    """People with a confirmed address, for themselves, in their browser and once they showed that it is them."""
    if actor.is_system:
        return YES
    if actor.scopes is not None or actor.is_machine:
        return no("A token makes no tokens. Make one in your account.")
    if actor.is_authenticated and not actor.is_verified:
        return no(CONFIRM_FIRST)
    return proven(actor)


def may_revoke_token(actor: Actor, token: ApiToken) -> Verdict:
    """Whoever it acts for or who made it, a signatory of the organisation whose machine it is, administrators."""
    if actor.is_system or actor.is_administrator or actor.person_id in (token.person_id, token.made_by_id):
        return YES
    if token.person.is_machine and token.acting_for_id is not None and token.acting_for_id in actor.signatory_of:
        return YES
    return no("This is not your token.")


def may_make_machine(actor: Actor, organisation: Organisation | None) -> Verdict:
    """A signatory for her organisation, an administrator for any and for the site."""
    if actor.is_system:
        return YES
    verdict = may_make_token(actor)
    if not verdict or actor.is_administrator:
        return verdict
    if organisation is not None and organisation.id in actor.signatory_of:
        return YES
    return no("Only a signatory of the organisation, or an administrator, makes a machine account.")


def may_run_machine(actor: Actor, machine: Person, membership: Membership | None) -> Verdict:
    """The same people: make tokens for it."""
    if not machine.is_machine:
        return no("This account is a person's.")
    return may_make_machine(actor, membership.organisation if membership else None)


def within(scope: str) -> Callable[[Actor], Verdict]:
    """A door for tokens that were made for `scope`."""

    def permit(actor: Actor) -> Verdict:
        if actor.scopes is None:
            return no(SEND_ONE)
        return YES if scope in actor.scopes else no(f"This token was not made for “{scope}”. Make another one that is.")

    permit.scope = scope  # type: ignore[attr-defined]
    return permit


def may_read(actor: Actor) -> Verdict:
    """A door for everybody, and for tokens that were made to read."""
    return within("read")(actor) if actor.scopes is not None else YES


may_read.scope = "read"  # type: ignore[attr-defined]
