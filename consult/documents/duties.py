"""Duties in a text: the words with which standards command, forbid, recommend and allow, in four languages.

English as in RFC 2119 and the ISO/IEC Directives part 2, clause 7; German, French and Spanish as in the tables of the
ISO/IEC Directives in these languages and in acts of the Union. Forms of one verb are one duty: a plural is no change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

DEFAULT = "en"
VERBS: Mapping[str, Mapping[str, str]] = {  # language: the duty, all its forms
    "en": {word: word for word in ("shall", "should", "may", "can", "must")},
    "de": {
        "muss": "muss muß müssen", "soll": "soll sollen", "sollte": "sollte sollten", "darf": "darf dürfen",
        "kann": "kann können",
    },
    "fr": {"doit": "doit doivent", "devrait": "devrait devraient", "peut": "peut peuvent"},
    "es": {"debe": "debe deben deberá deberán", "debería": "debería deberían", "puede": "puede pueden podrá podrán"},
}  # fmt: skip
NOT = {"en": ("", "not"), "de": ("", "nicht"), "fr": ("ne", "pas"), "es": ("no", "")}  # before the verb, after it
JOINED = {"cannot": "can not"}


def duties(text: str, language: str = DEFAULT) -> Iterator[str]:
    """Each duty as one word, "not" behind it where it is denied; a language without a table is read as English."""
    known = _known(language)
    for found in PATTERNS[known].finditer(text):
        word = found["verb"].lower()
        denied = " not" if found["before"] or found["after"] else ""
        yield JOINED.get(word, LEMMAS[known].get(word, "") + denied)


def named(language: str) -> list[str]:
    """The verbs that are taken for duties in this language, each once."""
    return list(VERBS[_known(language)])


def is_denied_before(language: str) -> bool:
    """Whether what denies a duty stands before the verb."""
    return bool(NOT[_known(language)][0])


def _known(language: str) -> str:
    base = language.partition("-")[0].lower()
    return base if base in VERBS else DEFAULT


def _pattern(language: str) -> re.Pattern[str]:
    verbs = "|".join([*LEMMAS[language], *(JOINED if language == "en" else ())])
    before, after = NOT[language]
    denied = rf"(?:\b(?P<before>{before})\s+)?" if before else r"(?P<before>(?!))?"
    follows = rf"(?:\s+(?P<after>{after})\b)?" if after else r"(?P<after>(?!))?"
    return re.compile(rf"{denied}\b(?P<verb>{verbs})\b{follows}", re.IGNORECASE)


LEMMAS = {
    language: {form: duty for duty, forms in verbs.items() for form in forms.split()}
    for language, verbs in VERBS.items()
}
PATTERNS = {language: _pattern(language) for language in VERBS}
