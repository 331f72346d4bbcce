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
class Restored:
    """A hidden contribution is visible again."""

    act_id: int


@dataclass(frozen=True, slots=True)
class Appealed:
    """An author asked for a second look."""

    appeal_id: int
