"""What every reader gives back: a file of comments, one row each, in our words and in the file's."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from consult.core.errors import Invalid


class WrongFile(Invalid):
    """The file is not what its profile says; nothing was read from it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, "file")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other body decided: our word for it, and its own words."""

    code: str  # one of debate.models.DISPOSITIONS
    observation: str = ""  # Markdown
    change_class: str = "none"
    change_note: str = ""
    duplicate_of: str = ""  # external id of the comment it repeats
    decided_on: date | None = None
    as_written: str = ""  # the file's own word: "Completed"


@dataclass(frozen=True, slots=True)
class CommentRow:
    """One comment of the file; `problem` is the sentence why it cannot be taken."""

    line: int
    external_id: str
    author: str = ""
    body: str = ""  # Markdown
    received_on: date | None = None
    source_note: str = ""
    source_url: str = ""
    clauses: tuple[str, ...] = ()  # labels the row names, as written
    answer: Answer | None = None
    remarks: tuple[str, ...] = ()  # what was read with less than certainty
    problem: str = ""


@dataclass(frozen=True, slots=True)
class CommentFile:
    """A file that was read: what it says about itself, and its rows."""

    title: str
    reference: str  # the draft it is about, so that item 1 of two logs stays two comments
    rows: tuple[CommentRow, ...] = field(default=())
