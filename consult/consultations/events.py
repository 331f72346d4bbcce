"""What happens to a consultation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ConsultationOpened:
    """Its round began to take comments."""

    consultation_id: int


@dataclass(frozen=True, slots=True)
class ConsultationAnnounced:
    """It became public; the draft must be frozen now."""

    consultation_id: int


@dataclass(frozen=True, slots=True)
class ConsultationExtended:
    """Its closing time moved later, with a public reason."""

    consultation_id: int


@dataclass(frozen=True, slots=True)
class ConsultationClosed:
    """Its round takes no more comments; analysis begins."""

    consultation_id: int


@dataclass(frozen=True, slots=True)
class ReviewBegan:
    """Proposed answers and summary are public."""

    consultation_id: int


@dataclass(frozen=True, slots=True)
class ConsultationPublished:
    """The outcome is final and public."""

    consultation_id: int


@dataclass(frozen=True, slots=True)
class ConsultationWithdrawn:
    """It ended for good, with a public reason."""

    consultation_id: int


@dataclass(frozen=True, slots=True)
class ConsultationBegun:
    """Somebody began to write one; nothing is public."""

    consultation_id: int


@dataclass(frozen=True, slots=True)
class ConsultationPaused:
    """It takes no comments for a while, with a public reason."""

    consultation_id: int


@dataclass(frozen=True, slots=True)
class ConsultationResumed:
    """It takes comments again."""

    consultation_id: int


@dataclass(frozen=True, slots=True)
class RoundBegan:
    """A further round was announced; the next version of the draft must be frozen for it now."""

    consultation_id: int
    round_id: int


@dataclass(frozen=True, slots=True)
class ConsultationAdopted:
    """Its draft is an adopted standard."""

    consultation_id: int


@dataclass(frozen=True, slots=True)
class ConsultationMadePublic:
    """A private one is there for everybody from now on."""

    consultation_id: int


@dataclass(frozen=True, slots=True)
class ConsultationArchived:
    """It left the lists; its pages stay."""

    consultation_id: int
