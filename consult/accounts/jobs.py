"""Mails with a link that opens something: the link is made when the mail is sent and is stored nowhere."""

from __future__ import annotations

from typing import Any

from flask import current_app

from consult.core.jobs import job
from consult.core.mail import deliver, link

from . import links, queries

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
