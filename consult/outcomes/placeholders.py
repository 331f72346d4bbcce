"""What a template leaves open: the number of the comment and its clause. Knows neither database nor web."""

from __future__ import annotations

import re

PLACEHOLDER = re.compile(r"\{(\w*)\}")
KNOWN = ("clause", "number")
WHOLE = "the whole draft"


def filled(words: str, *, number: str, clause: str) -> str:
    """The words with `{number}` and `{clause}` filled in; anything else in braces stays as it is.

    `clause` is "" for a comment on the whole draft. What is filled in is not looked at again.
    """
    values = {"number": number, "clause": clause or WHOLE}
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), words)


def unknown(words: str) -> list[str]:
    """Placeholders that nothing is filled in for, as they stand."""
    return [found[0] for found in PLACEHOLDER.finditer(words) if found[1] not in KNOWN]
