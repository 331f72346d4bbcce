"""What every reader gives back: a file of comments, one row each, in our words and in the file's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime

from consult.core.errors import Invalid
from consult.core.records import Record, field, replace

MARKS = re.compile(r"[\\`*_\[\]<>&~|]")


class WrongFile(Invalid):
    """The file is not what its profile says; nothing was read from it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, "file")


def decoded(data: bytes, largest: int, choose: str) -> str:
    """The text of a file in UTF-8 of at most `largest` bytes; WrongFile says what is wrong, and what to `choose`."""
    if not data.strip():
        raise WrongFile("This file is empty.")
    if len(data) > largest:
        raise WrongFile(f"This file has {len(data):,} bytes; {largest:,} is the most.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WrongFile(f"This file is not text in UTF-8. {choose}") from None
    if "\x00" in text:
        raise WrongFile(f"This file is binary. {choose}")
    return text


class Answer(Record):
    """What the other body decided: our word for it, and its own words."""

    code: str  # one of debate.models.DISPOSITIONS
    observation: str = ""  # Markdown
    change_class: str = "none"
    change_note: str = ""
    duplicate_of: str = ""  # external id of the comment it repeats
    decided_on: date | None = None
    as_written: str = ""  # the file's own word: "Completed"


class CommentRow(Record):
    """One comment of the file, or a reply; `problem` is the sentence why it cannot be taken."""

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
    posted_at: datetime | None = None  # where the file knows the time, not only the day
    top: str = ""  # external id of the comment it stands under; empty: it is a comment
    answers: str = ""  # external id of the reply it answers; empty: the comment
    language: str = "en"
    suggests: str = ""  # other words for some of the draft, without saying for which
    category: str = "other"  # of whoever wrote it


class CommentFile(Record):
    """A file that was read: what it says about itself, and its rows."""

    title: str
    reference: str  # the draft it is about, so that item 1 of two logs stays two comments
    rows: tuple[CommentRow, ...] = field(default=())
    prefix: str = "LOG"  # stands before the numbers of its comments
    has_stable_ids: bool = False  # a row is known by its id alone: its words may be edited at the source
    source: str = "log"  # one of debate.models.SOURCES

    def portions(self, size: int) -> Iterator[CommentFile]:
        """The file in parts of about `size` rows that can come in one after the other; a thread stays together.

        Rows without stable ids may repeat each other from afar, so such a file is one part.
        """
        begun: list[CommentRow] = []
        for row in self.rows:
            if self.has_stable_ids and len(begun) >= size and not row.top:
                yield replace(self, rows=tuple(begun))
                begun = []
            begun.append(row)
        yield replace(self, rows=tuple(begun))


def bold(title: str) -> str:
    """A title as a bold line of Markdown, with nothing in it that Markdown would read."""
    quiet = MARKS.sub(r"\\\g<0>", " ".join(title.split()))
    return f"**{quiet}**" if quiet else ""
