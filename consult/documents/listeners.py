"""What the documents room does when a consultation moves on."""

from __future__ import annotations

from consult.consultations.events import ConsultationAnnounced, RoundBegan
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


@listen(RoundBegan)
def put_the_next_version_to_comment(event: RoundBegan) -> None:
    """A further round is about a text that no round was about: the newest version, frozen now if it is not yet."""
    versions = queries.versions(viewer=SYSTEM, consultation_id=event.consultation_id)
    if not versions or versions[0].round_id is not None:
        raise Refused("Bring in the next version of the draft first: a new round is about a new text.")
    operations.freeze_version(actor=SYSTEM, version=versions[0])
