"""What members of an organisation write together: shared, changed, talked about, put away, taken up."""

from __future__ import annotations

import json
from collections.abc import Mapping

from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.errors import Conflict, Invalid
from consult.core.operations import operation, session
from consult.core.rules import Actor
from consult.debate import composing, rules
from consult.debate.models import OrganisationDraft, OrganisationNote, OrganisationRevision
from consult.documents.models import DraftVersion

from .drafts import LONGEST, TOO_LONG

ELSEWHERE = "A colleague changed it meanwhile. Both wordings are below: make one of them, then save again."
UNFINISHED = "Say what should change, what you argue from and where you stand; then it can be proposed for a signature."


@operation(rule=rules.may_share_draft, on="consultation")
def share_draft(
    *, actor: Actor, consultation: Consultation, version: DraftVersion, place: str, fields: Mapping[str, object],
    seen_draft: int = 0, key: str | None = None,
) -> OrganisationDraft:  # fmt: skip
    """Let the members of the organisation one writes for go on with what one began; the own draft there goes."""
    words = _words(fields)
    composing.given(str(fields.get("body") or ""), ask="Write something first; then your colleagues can go on with it.")
    row = OrganisationDraft(
        organisation_id=actor.acting_for_id, consultation_id=consultation.id, version_id=version.id, place=place,
        fields=words, begun_by_id=actor.person_id, updated_by_id=actor.person_id,
    )  # fmt: skip
    session().add(row)
    session().flush()
    _keep(actor, row)
    composing.use_up_draft(actor, seen=seen_draft, body=str(fields["body"]), version_id=version.id, place=place)
    return row


@operation(rule=rules.may_write_shared, on="draft")
def change_shared(
    *, actor: Actor, draft: OrganisationDraft, fields: Mapping[str, object], seen: int, key: str | None = None
) -> OrganisationDraft:
    """Save another wording; the ones before stay. Raises Conflict when somebody saved one since `seen`."""
    words = _words(fields)
    if words == draft.fields:
        return draft
    if draft.edit_number != seen:
        raise Conflict(ELSEWHERE)
    draft.fields, draft.edit_number = words, draft.edit_number + 1
    draft.updated_by_id, draft.updated_at = actor.person_id or 0, clock.now()
    session().flush()
    session().expire(draft, ["updated_by"])
    _keep(actor, draft)
    return draft


def _words(fields: Mapping[str, object]) -> str:
    words = json.dumps(dict(fields), ensure_ascii=False, sort_keys=True)
    if len(words) > LONGEST:
        raise Invalid(TOO_LONG)
    return words


def _keep(actor: Actor, draft: OrganisationDraft) -> None:
    revision = OrganisationRevision(
        draft_id=draft.id, number=draft.edit_number, person_id=actor.person_id, fields=draft.fields
    )
    session().add(revision)


@operation(rule=rules.may_see_shared, on="draft")
def note_on_shared(*, actor: Actor, draft: OrganisationDraft, body: str, key: str | None = None) -> OrganisationNote:
    """Say something to the other members."""
    return composing.note_down(actor, draft, "note", composing.given(body, ask="Write your note."))


@operation(rule=rules.may_propose_for_signature, on="draft")
def propose_for_signature(*, actor: Actor, draft: OrganisationDraft, key: str | None = None) -> OrganisationDraft:
    """Ask the signatories to sign it; it can still be changed."""
    fields = json.loads(draft.fields)
    if not all(fields.get(name) for name in ("body", "positions", "stance")):
        raise Invalid(UNFINISHED)
    draft.stage, draft.proposed_at = "proposed", clock.now()
    composing.note_down(actor, draft, "proposed")
    return draft


@operation(rule=rules.may_send_back, on="draft")
def send_back(*, actor: Actor, draft: OrganisationDraft, reason: str, key: str | None = None) -> OrganisationDraft:
    """Do not sign it like this, and say why."""
    body = composing.words(reason, ask="Say what has to change before you sign.", field="reason")
    draft.stage, draft.proposed_at = "open", None
    composing.note_down(actor, draft, "sent_back", body)
    return draft


@operation(rule=rules.may_put_away, on="draft")
def put_away(*, actor: Actor, draft: OrganisationDraft, key: str | None = None) -> OrganisationDraft:
    """Do not go on with it; it can be taken up again."""
    draft.stage, draft.proposed_at = "dropped", None
    composing.note_down(actor, draft, "dropped")
    return draft


@operation(rule=rules.may_take_up, on="draft")
def take_up(*, actor: Actor, draft: OrganisationDraft, key: str | None = None) -> OrganisationDraft:
    """Go on with what was put away."""
    draft.stage = "open"
    composing.note_down(actor, draft, "taken_up")
    return draft
