"""What people are told of: which sort of thing, which row, and the name under which each person hears of it once. Pure."""

from __future__ import annotations

from consult.core.records import Record


class Happening(Record):
    """Something that happened in a consultation; `about` is the id that `what` speaks of, see models.Notice."""

    what: str
    about: int
    consultation_id: int
    event: str
    wave: str = ""  # told again, to those who have more reason now; who was told before is not

    def job_key(self, after: int) -> str:
        """The name of the job that tells people above the id `after` of it."""
        return f"notices {self.what} {self.event}{self.wave} after {after}"
