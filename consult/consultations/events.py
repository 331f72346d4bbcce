"""What happens to a consultation."""

from __future__ import annotations

from consult.core.records import Record


class ConsultationOpened(Record):
    """Its round began to take comments."""

    consultation_id: int


class ConsultationAnnounced(Record):
    """It became public; the draft must be frozen now."""

    consultation_id: int


class ConsultationExtended(Record):
    """Its closing time moved later, with a public reason."""

    consultation_id: int


class ConsultationClosed(Record):
    """Its round takes no more comments; analysis begins."""

    consultation_id: int


class ReviewBegan(Record):
    """Proposed answers and summary are public."""

    consultation_id: int


class ConsultationPublished(Record):
    """The outcome is final and public."""

    consultation_id: int


class ConsultationWithdrawn(Record):
    """It ended for good, with a public reason."""

    consultation_id: int


class ConsultationBegun(Record):
    """Somebody began to write one; nothing is public."""

    consultation_id: int


class ConsultationPaused(Record):
    """It takes no comments for a while, with a public reason."""

    consultation_id: int


class ConsultationResumed(Record):
    """It takes comments again."""

    consultation_id: int


class RoundBegan(Record):
    """A further round was announced; the next version of the draft must be frozen for it now."""

    consultation_id: int
    round_id: int


class ConsultationAdopted(Record):
    """Its draft is an adopted standard."""

    consultation_id: int


class ConsultationMadePublic(Record):
    """A private one is there for everybody from now on."""

    consultation_id: int


class ConsultationArchived(Record):
    """It left the lists; its pages stay."""

    consultation_id: int
