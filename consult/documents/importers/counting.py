"""How programs print numbers: 7, 07, g, G, vii, VII."""

from __future__ import annotations

from collections.abc import Callable

from consult.core.records import Record

ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
         (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
LARGEST_ROMAN = 3_999
MOST_LETTERS = 26 * 30


class Mark(Record):
    """What is printed before a paragraph: "5.2", "(a)"; "•" for a bullet; "" for a line that only is set in."""

    text: str
    depth: int  # from 0
    is_bullet: bool


def roman(number: int) -> str:
    """7 → vii; beyond what Roman numbers can say, the number itself."""
    if not 0 < number <= LARGEST_ROMAN:
        return str(number)
    letters = ""
    for worth, sign in ROMAN:
        count, number = divmod(number, worth)
        letters += sign * count
    return letters


def doubled(number: int) -> str:
    """7 → g, 28 → bb: as Word counts with letters."""
    return chr(97 + (number - 1) % 26) * ((number - 1) // 26 + 1) if 0 < number <= MOST_LETTERS else str(number)


def alphabetic(number: int) -> str:
    """7 → g, 28 → ab: as spreadsheets and OpenDocument count with letters."""
    letters = ""
    while number > 0:
        number, place = divmod(number - 1, 26)
        letters = chr(97 + place) + letters
    return letters


def ordinal(number: int) -> str:
    """7 → 7th."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


FORMATS: dict[str, Callable[[int], str]] = {  # ECMA-376 17.18.59 ST_NumberFormat; others are printed as digits
    "decimalZero": lambda n: f"{n:02}", "lowerLetter": doubled, "upperLetter": lambda n: doubled(n).upper(),
    "lowerRoman": roman, "upperRoman": lambda n: roman(n).upper(), "ordinal": ordinal, "none": lambda n: "",
}  # fmt: skip
