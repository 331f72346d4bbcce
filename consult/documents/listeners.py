"""What the documents room does when a consultation moves on."""

from __future__ import annotations

from consult.consultations.events import ConsultationAnnounced
from consult.core.errors import Refused
from consult.core.events import listen
from consult.core.rules import SYSTEM

from . import operations, queries


@listen(ConsultationAnnounced)
def freeze_the_draft(event: ConsultationAnnounced) -> None:
    """What is announced never changes: the newest version is frozen in the same transaction."""
    versions = queries.versions(viewer=SYSTEM, consultation_id=event.consultation_id)
    if not versions:
        raise Refused("Add the draft before you announce the consultation.")
    operations.freeze_version(actor=SYSTEM, version=versions[0])
