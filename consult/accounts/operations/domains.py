"""The e-mail domain of an organisation, proved by a link that was mailed to an address there."""

from __future__ import annotations

from sqlalchemy import select

from consult.accounts import events, links, rules
from consult.accounts.addresses import email_address
from consult.accounts.models import Membership, Organisation, Person
from consult.core import clock
from consult.core.errors import Invalid, Missing
from consult.core.events import emit
from consult.core.jobs import later
from consult.core.operations import SubmissionKey, operation, session
from consult.core.rules import Actor, anyone

from .accounts import USED

# Anybody gets an address there, so one proves nothing about an organisation. The largest; the rest is seen on its page.
PROVIDERS = {
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "icloud.com",
    "me.com", "mac.com", "aol.com", "gmx.de", "gmx.net", "gmx.com", "web.de", "t-online.de", "mail.com", "mail.ru",
    "yandex.ru", "yandex.com", "qq.com", "163.com", "126.com", "orange.fr", "free.fr", "laposte.net", "libero.it",
    "proton.me", "protonmail.com", "pm.me", "tuta.com", "posteo.de", "mailbox.org", "fastmail.com", "zoho.com",
}  # fmt: skip


@operation(rule=rules.may_manage_organisation, on="organisation")
def request_domain(
    *, actor: Actor, organisation: Organisation, email: str, key: SubmissionKey | None = None
) -> Organisation:
    """Mail a link to an address of the organisation; opening it there proves the domain. Nothing changes until then."""
    address = email_address(email)
    domain = address.rpartition("@")[2]
    if domain in PROVIDERS:
        raise Invalid(f"Anybody can have an address at {domain}. Give one at a domain of your own.", "email")
    later(
        "accounts.mail_domain_link", {"organisation": organisation.id, "person": actor.person_id, "email": address}
    )  # fmt: skip
    return organisation


@operation(rule=anyone)
def prove_domain(*, actor: Actor, link: links.DomainLink) -> Organisation:
    """Show the domain on the organisation's page; holding the mailed link is the permission.

    Raises Missing when it was used, or whoever asked for it does not sign for the organisation any more.
    """
    row = session().get(Organisation, link.organisation_id, with_for_update=True, populate_existing=True)
    if row is None or not link.fits(row) or not _still_manages(link):
        raise Missing(USED)
    row.domain, row.domain_proved_at = link.domain, clock.now()
    emit(events.DomainProved(row.id))
    return row


def _still_manages(link: links.DomainLink) -> bool:
    signs = select(Membership.id).where(
        Membership.organisation_id == link.organisation_id, Membership.person_id == link.person_id,
        Membership.state == "member", Membership.is_signatory,
    )  # fmt: skip
    person = session().get(Person, link.person_id)
    return (person is not None and person.is_administrator) or session().scalar(signs) is not None
