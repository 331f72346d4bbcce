"""What came to the EU AI Act on paper and by mail: entered by one, compared by another, claimed by its sender."""

from __future__ import annotations

import secrets
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.operations import operation
from consult.core.rules import Actor, system_only
from consult.moderation import operations as moderation
from consult.moderation import receipt_codes
from consult.moderation.models import IntakeEntry
from consult.moderation.queries import intake
from consult.moderation.taking import take

from ..script import DemoArrival
from .cast import Cast


@operation(rule=system_only)
def take_in(
    *, actor: Actor, cast: Cast, enters: str, compares: str, consultation: Consultation, said: DemoArrival
) -> None:
    """One contribution, as far as the script says; `enters` and `compares` are keys of two of the staff."""
    entry, fields = _enter(cast.actor(enters), consultation, said)
    if not said.is_checked:
        return
    entry = intake.find(viewer=cast.actor(compares), slug=consultation.slug, number=entry.number)
    moderation.check_entry(actor=cast.actor(compares), entry=entry, fields=fields, seen=entry.edit_number)
    if said.claimed_by:
        _claim(cast.actor(said.claimed_by), intake.find(viewer=actor, slug=consultation.slug, number=entry.number))


def _enter(staff: Actor, consultation: Consultation, said: DemoArrival) -> tuple[IntakeEntry, dict[str, Any]]:
    """The entry, and what was typed in."""
    sent_at = clock.now() - timedelta(days=said.days_ago)
    typed: dict[str, Any] = {
        "source": said.source, "received_on": clock.day_in(consultation.timezone, sent_at), "sender": said.sender,
        "organisation": "", "category": said.category, "country": "", "email": "", "address": said.address.strip(),
        "language": "en", "named": "name" if said.is_name_public else "nobody", "are_scans_public": False,
        "positions": " ".join(said.positions), "stance": said.stance, "type": "general", "clauses": said.clauses,
        "body": said.body.strip(), "note": said.note,
    }  # fmt: skip
    if not said.mail:
        return moderation.enter(actor=staff, consultation=consultation, fields=typed), typed
    sent = said.mail.strip().replace("{date}", format_datetime(sent_at))
    (taken,) = take(sent.encode(), "mail.eml")
    if taken.mail is None:
        raise ValueError(f"a mail of the demo cannot be read: {taken.problem}")
    begun = moderation.begin_from_mail(actor=staff, consultation=consultation, mail=taken.mail, kept=taken.kept)
    entry = intake.find(viewer=staff, slug=consultation.slug, number=begun.number)
    typed |= {name: getattr(entry, name) for name in ("received_on", "sender", "email", "body")}
    return moderation.change_entry(actor=staff, entry=entry, fields=typed, seen=entry.edit_number), typed


def _claim(sender: Actor, entry: IntakeEntry) -> None:
    """With the code of the receipt. Nobody keeps codes, so one made with any secret does here."""
    secret = secrets.token_hex()
    code = receipt_codes.code(secret, entry.id, entry.code_count)
    moderation.claim(actor=sender, entry=entry, typed=code, secret=secret)
