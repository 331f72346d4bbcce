"""What members of an organisation write together before one of them signs it."""

from __future__ import annotations

from consult.consultations.models import Consultation
from consult.core.operations import operation
from consult.core.rules import Actor, system_only
from consult.debate import operations as debate
from consult.debate import queries
from consult.documents.models import Clause, DraftVersion

from .cast import Cast

DRAFTER, SIGNATORY = "inga", "amara"
FIRST = "Models with open weights should not need an authorised representative at all."
SECOND = (
    "Models with open weights should not need an authorised representative while nobody earns money with them. A"
    " mirror of a file has no provider who could appoint one."
)
NOTE = "The first version was too broad: a company can publish weights, too. Better now?"


@operation(rule=system_only)
def write_together(
    *, actor: Actor, cast: Cast, consultation: Consultation, version: DraftVersion, clause: Clause
) -> None:
    """One draft that a member began, its signatory changed, and that waits for her signature now."""
    drafter, signatory = cast.actor(DRAFTER), cast.actor(SIGNATORY)
    fields = {"body": FIRST, "positions": ["access"], "stance": "support_with_changes", "passages": []}
    draft = debate.share_draft(
        actor=drafter, consultation=consultation, version=version, place=clause.key, fields=fields
    )
    row = queries.find_shared(viewer=drafter, shared_id=draft.id)
    debate.change_shared(actor=signatory, draft=row, fields=fields | {"body": SECOND}, seen=row.edit_number)
    debate.note_on_shared(actor=signatory, draft=row, body=NOTE)
    debate.propose_for_signature(actor=drafter, draft=row)
