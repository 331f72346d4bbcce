"""The one source of the present moment. Everything is UTC inside; zones are for people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

_shift = timedelta(0)


def now() -> datetime:
    """The present moment, aware, UTC."""
    return datetime.now(UTC) + _shift


@contextmanager
def shifted(by: timedelta) -> Iterator[None]:
    """Let the clock run ahead (or behind) by `by` inside the block; nests. For rehearsals, the demo and tests."""
    global _shift
    before = _shift
    _shift = before + by
    try:
        yield
    finally:
        _shift = before


def zone(name: str) -> ZoneInfo:
    """The time zone called `name`; UTC when this machine does not know it."""
    return ZoneInfo(name) if name in ZONES else ZoneInfo("UTC")


def day_in(zone_name: str, moment: datetime | None = None) -> date:
    """The day of a moment (now, where none is given) on the wall of somebody in `zone_name`."""
    return (moment or now()).astimezone(zone(zone_name)).date()


ZONES = frozenset(available_timezones())
