"""When digests and reminders are due. Pure: knows no database, and the present only as an argument."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from consult.core.clock import zone

REMINDERS = (14, 7, 3, 1)  # days before the closing day
LATEST = timedelta(days=1)  # a reminder that nobody sent in its day (the workers stood still) is not sent any more
MORNING = time(8)  # on a clock in the consultation's time zone
DAY_OF_WORK = timedelta(hours=16)  # before its last minute: about 08:00 where the consultation is
DIGEST_HOUR = 6  # UTC
MONDAY = 0


def digest_due(rhythm: str, now: datetime) -> datetime:
    """The last moment, up to `now`, at which a digest of this rhythm was due: 06:00 UTC each day, or each Monday."""
    due = now.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    if due > now:
        due -= timedelta(days=1)
    return due - timedelta(days=(due.weekday() - MONDAY) % 7) if rhythm == "weekly" else due


def reminder_at(closes_at: datetime, days: int, zone_name: str) -> datetime:
    """The morning, `days` before the day on which it closes, in its time zone."""
    local = closes_at.astimezone(zone(zone_name))
    return datetime.combine(local.date() - timedelta(days=days), MORNING, zone(zone_name))


def reminder_due(closes_at: datetime, zone_name: str, now: datetime, opened_at: datetime | None = None) -> int | None:
    """Which reminder is to be sent now: days before the closing day; None when none is, or it is closed."""
    if now >= closes_at:
        return None
    for days in sorted(REMINDERS):
        due = reminder_at(closes_at, days, zone_name)
        if due <= now:
            is_timely = now - due < LATEST and (opened_at is None or due >= opened_at)
            return days if is_timely else None
    return None


def days_left(closes_at: datetime, zone_name: str, now: datetime) -> int:
    """Days from today to the day on which it closes, as a calendar in its time zone counts them."""
    place = zone(zone_name)
    return (closes_at.astimezone(place).date() - now.astimezone(place).date()).days
