"""What people began to write: kept for them from device to device, put away, put back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select

from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import insert_new
from consult.core.errors import Conflict, Invalid
from consult.core.operations import Submission, operation, session
from consult.core.rules import Actor, system_only
from consult.debate import rules
from consult.debate.models import CommentDraft
from consult.documents.models import DraftVersion

MOST_EDITS = 1_000_000_000  # what a form says beyond it is made up, and no column holds it
LONGEST = 300_000  # characters of all fields together
TOO_LONG = "This is too long to be kept as a draft. Copy it to a file of yours before you leave."
NOTHING = "There is nothing to save yet: write something first."
ELSEWHERE = (
    "Something else was saved here meanwhile, in another window or on another device. Both are below: make one of them,"
    " then save again."
)


@operation(rule=rules.may_keep_draft, on="consultation")
def save_draft(
    *, actor: Actor, consultation: Consultation, version: DraftVersion, place: str, fields: Mapping[str, object],
    seen: int, sheet: str,
) -> CommentDraft | None:  # fmt: skip
    """Keep what the actor has typed so far at a place of a version; None when it was posted already from this `sheet`.

    `seen` is the edit number of the draft that the form began with (0: there was none). Raises Conflict when other
    words were saved since; nothing is changed then.
    """
    seen = max(0, min(seen, MOST_EDITS))
    words = json.dumps(dict(fields), ensure_ascii=False, sort_keys=True)
    if not seen and not any(fields.values()):
        raise Invalid(NOTHING, "body")
    if len(words) > LONGEST:
        raise Invalid(TOO_LONG)
    if _is_posted(actor, sheet):  # an answer of the browser that comes too late
        return None
    insert_new(
        CommentDraft, person_id=actor.person_id, version_id=version.id, place=place, fields=words, sheet=sheet,
        edit_number=seen + 1, updated_at=clock.now(), discarded_at=None,
    )  # fmt: skip
    mine = (CommentDraft.version_id == version.id) & (CommentDraft.place == place)
    row = session().scalars(
        select(CommentDraft).where(mine, CommentDraft.person_id == actor.person_id).with_for_update()
    ).one()  # fmt: skip
    if row.fields == words:
        row.sheet, row.discarded_at = sheet, None
        return row
    if row.edit_number != seen and row.discarded_at is None:
        raise Conflict(ELSEWHERE)
    row.fields, row.sheet, row.discarded_at = words, sheet, None
    row.edit_number, row.updated_at = max(row.edit_number, seen) + 1, clock.now()
    return row


def _is_posted(actor: Actor, sheet: str) -> bool:
    posted = select(Submission.id).where(Submission.key == sheet, Submission.actor_id == actor.person_id)
    return session().scalar(posted) is not None


@operation(rule=rules.is_my_draft, on="draft")
def discard_draft(*, actor: Actor, draft: CommentDraft) -> CommentDraft:
    """Put a draft away; it can be put back for a while."""
    draft.discarded_at = draft.discarded_at or clock.now()
    return draft


@operation(rule=rules.is_my_draft, on="draft")
def restore_draft(*, actor: Actor, draft: CommentDraft) -> CommentDraft:
    """Put a discarded draft back."""
    draft.discarded_at = None
    return draft


@operation(rule=system_only)
def forget_discarded(*, actor: Actor, before: datetime) -> None:
    """Delete the drafts that were put away before a moment."""
    session().execute(delete(CommentDraft).where(CommentDraft.discarded_at < before))
