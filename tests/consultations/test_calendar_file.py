"""The calendar file: valid RFC 5545 whatever the titles hold, and the same dates again when they move."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.consultations import operations, queries
from consult.consultations.calendar_file import Event, calendar
from consult.core.rules import SYSTEM
from tests.lengths import examples
from tests.make import Make
from tests.visitor import Visitor

Visit = Callable[..., Visitor]
NOON = datetime(2026, 12, 4, 17, 0, tzinfo=UTC)


def _read(text: str) -> list[tuple[str, str]]:
    """Unfold and split, as a calendar does; every line checked on the way."""
    assert text.endswith("\r\n")
    for line in text.split("\r\n"):
        assert "\n" not in line
        assert "\r" not in line
        assert len(line.encode()) <= 75
    pairs = []
    for line in re.sub("\r\n ", "", text).split("\r\n")[:-1]:
        name, colon, value = line.partition(":")
        assert colon, line
        assert re.fullmatch(r"[A-Z-]+", name), line
        pairs.append((name, value))
    return pairs


def _unescaped(value: str) -> str:
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], value)


def test_a_calendar_holds_its_dates() -> None:
    event = Event(
        "x-closes@example.org", NOON, "Last chance: a, b; c\\d", "Line one\nline two", "https://example.org/c/x"
    )
    pairs = _read(calendar("Dates", [event], stamp=NOON, sequence=3))
    assert pairs[0] == ("BEGIN", "VCALENDAR")
    assert pairs[-1] == ("END", "VCALENDAR")
    found = dict(pairs)
    assert found["VERSION"] == "2.0"
    assert found["DTSTART"] == found["DTSTAMP"] == "20261204T170000Z"
    assert found["SUMMARY"] == r"Last chance: a\, b\; c\\d"
    assert found["DESCRIPTION"] == r"Line one\nline two"
    assert found["SEQUENCE"] == "3"
    assert pairs.count(("BEGIN", "VEVENT")) == pairs.count(("END", "VEVENT")) == 1


@settings(max_examples=examples(150), deadline=None)
@given(st.text(max_size=300))
def test_any_title_survives(title: str) -> None:
    clean = "".join(c for c in title.replace("\r\n", "\n").replace("\r", "\n") if c >= " " or c in "\t\n")
    pairs = _read(calendar("x", [Event("u", NOON, title, "", "https://example.org/")], stamp=NOON, sequence=0))
    assert _unescaped(dict(pairs)["SUMMARY"]) == clean


def test_the_file_of_a_consultation_follows_its_extension(app: Flask, make: Make, visit: Visit) -> None:
    row = make.consultation("open", title="Modèles, poids; et\nlicences 🜁 " * 6, timezone="Europe/Madrid")
    reader = visit()
    page = reader.open(f"/c/{row.slug}/dates.ics")
    assert page.headers["Content-Type"].startswith("text/calendar")
    before = _read(page.body)
    uids = [value for name, value in before if name == "UID"]
    assert len(set(uids)) == len(uids) == 3
    assert ("DTSTART", f"{row.closes_at:%Y%m%dT%H%M%SZ}") in before
    with app.app_context():
        later = row.closes_at + timedelta(days=3)
        there = queries.find(viewer=SYSTEM, slug=row.slug)
        operations.extend(actor=SYSTEM, consultation=there, closes_at=later, reason="Holidays.")
    after = _read(reader.open(f"/c/{row.slug}/dates.ics").body)
    assert [value for name, value in after if name == "UID"] == uids
    assert ("DTSTART", f"{later:%Y%m%dT%H%M%SZ}") in after
    assert int(dict(after)["SEQUENCE"]) > int(dict(before)["SEQUENCE"])
