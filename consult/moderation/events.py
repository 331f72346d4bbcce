"""What moderators and readers do."""

from __future__ import annotations

from consult.core.records import Record


class Reported(Record):
    """A reader says that something breaks a rule."""

    report_id: int


class Hidden(Record):
    """A contribution was hidden, with rule, passage and reason."""

    act_id: int


class Asked(Record):
    """An author is asked to change a contribution, which stays on show."""

    act_id: int


class Limited(Record):
    """Words were removed, a name was withheld, or somebody may post nothing for some time."""

    act_id: int


class Restored(Record):
    """What was taken away is given back; `appeal_id` when that answers an appeal."""

    act_id: int
    appeal_id: int | None = None


class Kept(Record):
    """A reported contribution stays visible, with a reason."""

    act_id: int


class TextsFound(Record):
    """A search proposed comments that share a text."""

    consultation_id: int


class Appealed(Record):
    """An author asked for a second look."""

    appeal_id: int


class AppealDecided(Record):
    """Somebody else looked again: upheld or restored, with a reason."""

    appeal_id: int


class Corrected(Record):
    """An author handed in better words for what is hidden."""

    correction_id: int


class CorrectionRefused(Record):
    """A contribution stays hidden, with better words too; the act says why."""

    act_id: int
