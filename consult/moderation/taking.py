"""A file with mails, before any transaction: each is read, and its files are put into the store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from consult.core.errors import Invalid
from consult.core.records import Record
from consult.core.store import Kept, files

from . import mail_files
from .mail_files import Enclosed, ReadMail

MOST_ENCLOSED = 20


class Taken(Record):
    """One mail of a file: what it says and what was kept of it, or why it cannot be read."""

    name: str
    mail: ReadMail | None
    kept: Sequence[Kept] = ()
    remarks: Sequence[str] = ()
    problem: str = ""


def take(data: bytes, name: str) -> Iterator[Taken]:
    """Every mail of an .eml or mbox file; one that cannot be read does not hold up the others."""
    mails = mail_files.split(data)
    for place, one in enumerate(mails, 1):
        called = name if len(mails) == 1 else f"{name}, mail {place}"
        try:
            mail = mail_files.read(one)
            original = files().put(one, "mail.eml")
        except Invalid as error:
            yield Taken(called, None, problem=error.sentence)
            continue
        enclosed, remarks = _enclosed(mail.enclosed)
        yield Taken(called, mail, (original, *enclosed), (*mail.remarks, *remarks))


def _enclosed(enclosed: Sequence[Enclosed]) -> tuple[list[Kept], list[str]]:
    kept: list[Kept] = []
    remarks = []
    for one in enclosed[:MOST_ENCLOSED]:
        try:
            kept.append(files().put(one.data, one.name))
        except Invalid as error:
            remarks.append(f"The attachment “{one.name[:80]}” is only inside the mail. {error.sentence}")
    if len(enclosed) > MOST_ENCLOSED:
        remarks.append(f"Of {len(enclosed)} attachments the first {MOST_ENCLOSED} were taken out of the mail.")
    return kept, remarks
