"""Work outside of requests.

Mails with a link that opens something: the link is made when the mail is sent and is stored nowhere.
"""

from __future__ import annotations

from typing import Any

from flask import current_app

from consult.core import clock
from consult.core.jobs import job, periodic
from consult.core.mail import deliver, link
from consult.core.rules import SYSTEM

from . import links, operations, queries
from .operations.sign_ins import KEPT

PAGES = {
    links.CONFIRM: "accounts.confirmation",
    links.RESET: "accounts.new_password",
    links.CHANGE: "accounts.new_email",
}


@job("accounts.mail_link")
def mail_link(payload: dict[str, Any]) -> None:
    """Make the link for `purpose` and mail it to the address it is about. Twice gives two links, of which one works."""
    person, purpose = queries.person_for_link(payload["person"]), payload["purpose"]
    if person is None or (purpose == links.CONFIRM and person.email_verified_at):
        return
    to = payload.get("email") or person.email
    token = links.token(current_app.config["SECRET_KEY"], purpose, person, to)
    deliver(f"accounts/{purpose}", to, {"name": person.name, "url": link(PAGES[purpose], token=token)}, payload["job"])


@job("accounts.mail_domain_link")
def mail_domain_link(payload: dict[str, Any]) -> None:
    """Mail a link that proves an organisation's domain to an address there."""
    person = queries.person_for_link(payload["person"])
    organisation = queries.organisation_for_link(payload["organisation"])
    if person is None or organisation is None:
        return
    token = links.domain_token(current_app.config["SECRET_KEY"], organisation, person.id, payload["email"])
    values = {
        "by": person.name, "organisation": organisation.name, "domain": payload["email"].rpartition("@")[2],
        "url": link("accounts.domain_proof", token=token),
    }  # fmt: skip
    deliver("accounts/domain", payload["email"], values, payload["job"])


@periodic
def forget_old_sign_ins() -> None:
    """Once a minute a look, without taking the write lock; a deletion only when there is something to forget."""
    if queries.has_sign_ins_before(clock.now() - KEPT):
        operations.forget_old_sign_ins(actor=SYSTEM)
