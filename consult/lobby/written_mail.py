"""The mail written to the instance folder while nobody has set up a mail server."""

from __future__ import annotations

import email
from datetime import datetime
from email.policy import default
from pathlib import Path

from consult.core.errors import Missing
from consult.core.records import Record
from consult.settings import Settings


class WrittenMail(Record):
    """One mail as its reader would see it."""

    number: int
    to: str
    subject: str
    sent_at: datetime | None
    text: str


def newest(settings: Settings, limit: int = 50) -> list[WrittenMail]:
    """The newest mails, newest first."""
    paths = sorted((settings.folder / "mail").glob("*.eml"), reverse=True)[:limit]
    return [_parse(path) for path in paths]


def read(settings: Settings, number: int) -> WrittenMail:
    """One mail by its number."""
    path = settings.folder / "mail" / f"{number:08d}.eml"
    if not path.is_file():
        raise Missing("There is no such mail.")
    return _parse(path)


def _parse(path: Path) -> WrittenMail:
    message = email.message_from_bytes(path.read_bytes(), policy=default)
    body = message.get_body(("plain",))
    date = message["Date"]
    return WrittenMail(
        number=int(path.stem),
        to=str(message["To"]),
        subject=str(message["Subject"]),
        sent_at=date.datetime if date is not None else None,
        text=str(body.get_content()) if body is not None else "",
    )
