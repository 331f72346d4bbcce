"""What moderators and readers do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reported:
    """A reader says that something breaks a rule."""

    report_id: int


@dataclass(frozen=True, slots=True)
class Hidden:
    """A contribution was hidden, with rule, passage and reason."""

    act_id: int


@dataclass(frozen=True, slots=True)
class Asked:
    """An author is asked to change a contribution, which stays on show."""

    act_id: int


@dataclass(frozen=True, slots=True)
class Limited:
    """Words were removed, a name was withheld, or somebody may post nothing for some time."""

    act_id: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What was taken away is given back; `appeal_id` when that answers an appeal."""

    act_id: int
    appeal_id: int | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A reported contribution stays visible, with a reason."""

    act_id: int


@dataclass(frozen=True, slots=True)
class TextsFound:
    """A search proposed comments that share a text."""

    consultation_id: int


@dataclass(frozen=True, slots=True)
class Appealed:
    """An author asked for a second look."""

    appeal_id: int


@dataclass(frozen=True, slots=True)
class AppealDecided:
    """Somebody else looked again: upheld or restored, with a reason."""

    appeal_id: int


@dataclass(frozen=True, slots=True)
class Corrected:
    """An author handed in better words for what is hidden."""

    correction_id: int


@dataclass(frozen=True, slots=True)
class CorrectionRefused:
    """A contribution stays hidden, with better words too; the act says why."""

    act_id: int
