"""From what a clock on the wall shows to a moment, and back. Pure.

Twice a year a wall clock jumps: an hour that is skipped does not exist and is refused; in an hour that comes
twice, a consultation opens the first time and closes the second time, so nobody loses by it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TypedDict

from consult.core.clock import ZONES, zone
from consult.core.errors import Invalid

YEARS = range(1990, 2200)
LONGEST_REVIEW = 365  # days


class Dates(TypedDict):
    """The dates of a round, as Consultation has them."""

    opens_at: datetime
    closes_at: datetime
    response_due_at: datetime | None
    review_days: int


def dates_of(zone_name: str, opens: datetime, closes: datetime, response_day: date | None, review_days: int) -> Dates:
    """The dates of a round from what a wall clock in `zone_name` shows; Invalid when they are not in order."""
    opens_at = to_moment(opens, zone_name, field="opens")
    closes_at = to_moment(closes, zone_name, field="closes", is_second=True)
    due_at = end_of_day(response_day, zone_name, field="response_day") if response_day else None
    if closes_at <= opens_at:
        raise Invalid("It must close after it opens.", field="closes")
    if due_at is not None and due_at <= closes_at:
        raise Invalid("The answers can be promised only for a day after the closing time.", field="response_day")
    if not 0 <= review_days <= LONGEST_REVIEW:
        raise Invalid(f"Between 0 and {LONGEST_REVIEW} days, please.", field="review_days")
    return {"opens_at": opens_at, "closes_at": closes_at, "response_due_at": due_at, "review_days": review_days}


def to_moment(local: datetime, zone_name: str, *, field: str, is_second: bool = False) -> datetime:
    """The moment at which a wall clock in `zone_name` shows `local`; Invalid at `field` when it never does."""
    if zone_name not in ZONES:
        raise Invalid("Choose a time zone from the list.", field="timezone")
    if local.year not in YEARS:
        raise Invalid("Check the year.", field=field)
    place = zone(zone_name)
    moment = local.replace(tzinfo=place, fold=int(is_second)).astimezone(UTC)
    if moment.astimezone(place).replace(tzinfo=None) != local:
        raise Invalid("Clocks go forward in that hour, so this time does not exist. Choose another.", field=field)
    return moment


def end_of_day(day: date, zone_name: str, *, field: str) -> datetime:
    """The last minute of a day in `zone_name`."""
    return to_moment(datetime.combine(day, time(23, 59)), zone_name, field=field, is_second=True)


def to_wall(moment: datetime, zone_name: str) -> datetime:
    """What a wall clock in `zone_name` shows at `moment`."""
    return moment.astimezone(zone(zone_name)).replace(tzinfo=None)
