"""Definitions that a draft gives itself: which term, and what it says of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import unescape

from consult.core.records import Record

LONGEST_NAME = 80
# A pair of <dt> and <dd>, as importers keep "terms and definitions".
PAIR = re.compile(r"<dt>(?P<name>.*?)</dt>\s*<dd>(?P<words>.*?)</dd>", re.DOTALL)
TAGS = re.compile(r"<[^<>]+>")
# A point that begins with quoted words: ‘AI system’ means …, „KI-System“ ein …, «système d’IA», un …
QUOTED = re.compile(
    r"(?:‘(.{2,80}?)’|“(.{2,80}?)”|„(.{2,80}?)[“”]|«\s?(.{2,80}?)\s?»|「(.{2,80}?)」)\s*+(?:[,:–—-]\s*+)?(?=\S)"
)
MEANS = re.compile(r"(?:means?|designates?|is|bezeichnet|désigne|significa)\b[:,]?\s*", re.IGNORECASE)
OPENERS = "‘“„«「"


class Definition(Record):
    """A term that the clause called `key` defines; `words` is what it says."""

    key: str
    label: str
    lineage_id: str
    name: str
    words: str


def read(kind: str, text: str, html: str) -> tuple[str, str] | None:
    """The term and its definition when a clause is one; None for any other clause."""
    pair = PAIR.search(html) if kind == "term" else None
    if pair is not None:
        name, words = _plain(pair["name"]), _plain(pair["words"])
    else:
        found = QUOTED.match(text)
        if found is None or kind in ("table", "code", "quote"):
            return None
        name = next(group for group in found.groups() if group)
        words = MEANS.sub("", text[found.end() :], count=1) if MEANS.match(text, found.end()) else text[found.end() :]
    is_fit = bool(name and words) and len(name) <= LONGEST_NAME and len(words) > len(name) / 2
    return (name, words[:1].upper() + words[1:].rstrip(" ;")) if is_fit else None


def _plain(html: str) -> str:
    return " ".join(unescape(TAGS.sub("", html)).split())


def unknown(
    found: Iterable[Definition], known_names: Iterable[str], known_lineages: Iterable[str]
) -> Sequence[Definition]:
    """Those that are not in the glossary yet, each name once."""
    names, lineages, left = {name.casefold() for name in known_names}, set(known_lineages), list[Definition]()
    for one in found:
        if one.name.casefold() not in names and one.lineage_id not in lineages:
            names.add(one.name.casefold())
            left.append(one)
    return left
