"""A whole text on one sheet, which may leave the site: its links lead to its own parts, its pictures come along."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import unescape
from typing import NamedTuple
from urllib.parse import unquote

from markupsafe import escape

from consult.documents.models import Clause
from consult.documents.reading import levels

PICTURE = re.compile(r"<img [^>]*>")
NAME = re.compile(r'src="[^"]*?([^"/]*)"')
WORDS = re.compile(r'alt="([^"]*)"')


class Line(NamedTuple):
    """A clause, how far in it is set, and its HTML as the sheet shows it."""

    clause: Clause
    level: int
    html: str


def lines(clauses: Sequence[Clause], *, address: str = "", pictures: Mapping[str, str] | None = None) -> list[Line]:
    """The clauses of a version in order.

    With the `address` of the version on the site ("/c/slug/v1/"), links to clauses of this very text become links
    within the sheet, and pictures become what `pictures` says of their name; one that is not there leaves its words.
    """
    inner = re.compile(rf'href="{re.escape(address)}clauses/([^"]*)"')
    keys = {clause.key for clause in clauses}

    def within(match: re.Match[str]) -> str:
        key = unquote(unescape(match[1]))
        return f'href="#{escape(key)}"' if key in keys else match[0]

    def held(match: re.Match[str]) -> str:
        name, words = NAME.search(match[0]), WORDS.search(match[0])
        alt = words[1] if words else ""
        found = (pictures or {}).get(name[1]) if name else None
        return f'<img src="{found}" alt="{alt}">' if found else f"[{alt or 'Picture'}]"

    def told(html: str) -> str:
        return PICTURE.sub(held, inner.sub(within, html)) if address else html

    return [Line(clause, level, told(clause.html)) for clause, level in zip(clauses, levels(clauses), strict=True)]
