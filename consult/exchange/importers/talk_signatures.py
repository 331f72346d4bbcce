"""When something was said, as Wikipedias sign it: names of months, digits and zones of the language of a page."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from consult.core.records import Record

ZONES = {"UTC": 0, "ت ع م": 0, "CET": 1, "CEST": 2}  # hours


class Dates(Record):
    """How one language writes a moment: a pattern with MONTH and ZONE in it, and its months in order."""

    pattern: str
    months: tuple[str, ...]

    def compiled(self) -> re.Pattern[str]:
        """The pattern with the words of the language."""
        longest_first = sorted(self.months, key=len, reverse=True)
        pattern = self.pattern.replace("MONTH", f"(?P<month>{'|'.join(map(re.escape, longest_first))})")
        return re.compile(pattern.replace("ZONE", rf"\((?P<zone>{'|'.join(map(re.escape, ZONES))})\)"))


TIME = r"(?P<hour>\d{2}):(?P<minute>\d{2})"
DAY, YEAR = r"(?P<day>\d{1,2})", r"(?P<year>\d{4})"
LANGUAGES = {
    "ar": Dates(f"{TIME}، {DAY} MONTH {YEAR} ZONE", (
        "يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر",
    )),
    "ckb": Dates(f"{TIME}، {DAY}ی MONTHی {YEAR} ZONE", (
        "کانوونی دووەم", "شوبات", "ئازار", "نیسان", "ئایار", "حوزەیران", "تەممووز", "ئاب", "ئەیلوول", "تشرینی یەکەم",
        "تشرینی دووەم", "کانوونی یەکەم",
    )),
    "en": Dates(f"{TIME}, {DAY} MONTH {YEAR} ZONE", (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    )),
    "fr": Dates(f"{DAY} MONTH {YEAR} à {TIME} ZONE", (
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
        "décembre",
    )),
    "pl": Dates(f"{TIME}, {DAY} MONTH {YEAR} ZONE", (
        "sty", "lut", "mar", "kwi", "maj", "cze", "lip", "sie", "wrz", "paź", "lis", "gru",
    )),
}  # fmt: skip
PATTERNS = {language: dates.compiled() for language, dates in LANGUAGES.items()}


class Signed(Record):
    """A moment found in words: where it stands, and when it was."""

    start: int
    end: int
    at: datetime


def find(words: str, language: str) -> Signed | None:
    """The first moment in the words, written as the language signs; int() reads the digits of every script."""
    found = PATTERNS[language].search(words)
    if found is None:
        return None
    zone = timezone(timedelta(hours=ZONES[found["zone"]]))
    month = LANGUAGES[language].months.index(found["month"]) + 1
    try:
        at = datetime(
            int(found["year"]), month, int(found["day"]), int(found["hour"]), int(found["minute"]), tzinfo=zone
        )
        return Signed(found.start(), found.end(), at.astimezone(UTC))
    except (ValueError, OverflowError):  # 31 February; the year 0
        return None
