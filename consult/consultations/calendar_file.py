"""The dates of a consultation as an iCalendar file (RFC 5545). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from consult.core.records import Record

FOLD = 75  # octets a line, RFC 5545 §3.1


class Event(Record):
    """One date. `uid` stays the same when it moves; `sequence` counts the moves, so calendars take the newer one.

    Its own `stamp` and `sequence` go before those of the calendar, which may hold dates of several consultations.
    """

    uid: str
    at: datetime
    title: str
    text: str
    url: str
    stamp: datetime | None = None
    sequence: int | None = None


def calendar(name: str, events: Sequence[Event], *, stamp: datetime, sequence: int) -> str:
    """A calendar with these dates; `stamp` is when they were last changed."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Consult//Consultation dates//EN", "CALSCALE:GREGORIAN"]
    lines += ["METHOD:PUBLISH", f"X-WR-CALNAME:{_escaped(name)}"]
    for event in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{event.uid}",
            f"SEQUENCE:{sequence if event.sequence is None else event.sequence}",
            f"DTSTAMP:{_utc(event.stamp or stamp)}",
            f"DTSTART:{_utc(event.at)}",
            f"SUMMARY:{_escaped(event.title)}",
            f"DESCRIPTION:{_escaped(event.text)}",
            f"URL:{event.url}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    for raw, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\n"), ("\r", "\n"), ("\n", "\\n")):
        text = text.replace(raw, written)
    return "".join(c for c in text if c >= " " or c == "\t")


def _folded(line: str) -> Iterator[str]:
    """Cut a line into pieces of at most 75 octets, never inside a character; later pieces begin with a blank."""
    piece, size = "", 0
    for character in line:
        width = len(character.encode("utf-8", "replace"))
        if size + width > FOLD:
            yield piece
            piece, size = " ", 1
        piece += character
        size += width
    yield piece
