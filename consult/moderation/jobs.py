"""Looking through all comments of a consultation for texts they share, and receipts for what came by mail."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import current_app

from consult.core import jobs, mail
from consult.core.jobs import job
from consult.core.rules import SYSTEM

from . import operations, receipt_codes
from .models import CampaignSearch
from .operations.intake import RECEIPT_JOB
from .queries import intake, searches
from .resemblance import Group, find

STEP = 5_000  # comments between two words about how far it is
AT_ONCE = 500  # comments that are put into a campaign in one transaction


@job(RECEIPT_JOB)
def send_receipt(payload: dict[str, Any]) -> None:
    """Say to who sent a contribution what became of it; its words, address and code are read now.

    Not to who has claimed it meanwhile: she knows, and the code is used.
    """
    entry = intake.for_receipt(viewer=SYSTEM, entry_id=payload["entry_id"])
    if entry is None or entry.comment is None or not entry.email or entry.claimed_at is not None:
        return
    values = {
        "name": entry.sender, "title": entry.consultation.title, "slug": entry.consultation.slug, "body": entry.body,
        "number": entry.comment.number, "source": entry.source, "is_named": entry.comment.named == "name",
        "author": entry.comment.author_name, "days": receipt_codes.LIFETIME.days,
        "code": receipt_codes.code(current_app.config["SECRET_KEY"], entry.id, entry.code_count),
    }  # fmt: skip
    mail.deliver("moderation/receipt", entry.email, values, payload["job"])


@job(searches.JOB)
def find_campaigns(payload: dict[str, Any]) -> None:
    """Begun again it proposes nothing twice."""
    look(payload["consultation_id"], payload["search_id"], job_id=payload["job"])


def look(consultation_id: int, search_id: int | None = None, *, job_id: int | None = None) -> CampaignSearch:
    """Read everything in parts, compare it outside any transaction, and keep what is new in small ones."""
    texts = searches.texts(viewer=SYSTEM, consultation_id=consultation_id)
    search = operations.begin_search(
        actor=SYSTEM, consultation_id=consultation_id, total=len(texts), search_id=search_id
    )
    number = search.id

    def tell(done: int) -> None:
        if done and done % STEP == 0:
            operations.tell_progress(actor=SYSTEM, search_id=number, done=done)
            if job_id is not None:
                jobs.keep_lease(job_id)

    known = searches.known_lines(viewer=SYSTEM, consultation_id=consultation_id)
    found = find(texts, known=known, tell=tell)
    for group in found.groups:
        _keep(search, group)
    operations.end_search(actor=SYSTEM, search=search, shared=found.shared)
    return search


def _keep(search: CampaignSearch, group: Group) -> None:
    parts = [group.ids[start : start + AT_ONCE] for start in range(0, len(group.ids), AT_ONCE)]
    held = Counter[int]()
    for ids in parts:
        held.update(searches.campaigns_of(viewer=SYSTEM, comment_ids=ids).values())
    campaign_id = min(held, key=lambda one: (-held[one], one)) if held else None
    for ids in parts:
        part = operations.Part(ids, group.template, group.same, campaign_id)
        campaign_id = operations.keep_part(actor=SYSTEM, search=search, part=part)
