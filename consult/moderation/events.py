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
class Restored:
    """A hidden contribution is visible again; `appeal_id` when that answers an appeal."""

    act_id: int
    appeal_id: int | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A reported contribution stays visible, with a reason."""

    act_id: int


@dataclass(frozen=True, slots=True)
class Appealed:
    """An author asked for a second look."""

    appeal_id: int


@dataclass(frozen=True, slots=True)
class AppealDecided:
    """Somebody else looked again: upheld or restored, with a reason."""

    appeal_id: int
