"""What changed between two versions as a Word file with tracked changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from consult.core.records import Record

from ..alignment import Alignment
from .tracked import Body, Remarks, Text
from .word_file import packed
from .wordml import Tracker, run

HOW_TO_READ = (
    "Accept all changes and you have {new}; reject all and you have {old}, word for word. Printed numbers are those"
    " of {new}: a clause that has only another number is not marked. Pictures, links, bold and italic are left out."
    " A table that moved is marked as removed and added."
)
END = "End of the text."


class Edition(Record):
    """One of the two versions."""

    name: str  # "draft 1 (csd01)"
    sha256: str
    text: Sequence[Text]


class Redline(Record):
    """All that goes into the file. `made_at` dates every change, so that the same two versions give the same bytes."""

    title: str
    address: str
    made_at: datetime
    language: str
    old: Edition
    new: Edition
    found: Alignment
    remarks: Remarks


def write(redline: Redline) -> bytes:
    """The file."""
    tracker = Tracker(redline.made_at)
    header = [
        f"{redline.title}: from {redline.old.name} to {redline.new.name}",
        *(f"{edition.name}, SHA-256 {edition.sha256}" for edition in (redline.old, redline.new)),
        redline.address,
    ]
    return packed(redline.title, header, _blocks(redline, tracker), tracker, redline.language)


def _blocks(redline: Redline, tracker: Tracker) -> Iterator[str]:
    old, new = redline.old, redline.new
    yield tracker.paragraph(run(redline.title), "Title")
    yield tracker.paragraph(run(f"What changed from {old.name} to {new.name}."), "About")
    yield tracker.paragraph(run(HOW_TO_READ.format(old=old.name, new=new.name)), "About")
    yield from Body(old.text, new.text, redline.found, redline.remarks, redline.language, tracker).blocks()
    yield tracker.paragraph(run(END), "About")  # the last paragraph of a file can never be tracked
