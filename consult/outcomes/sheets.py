"""A whole text on one sheet, which may leave the site: its links lead to its own parts, its pictures come along."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import unescape
from typing import NamedTuple
from urllib.parse import unquote

from markupsafe import escape

from consult.core.rules import Actor
from consult.documents import citation, reading
from consult.documents.models import Clause

from .models import StandardVersion

PICTURE = re.compile(r"<img [^>]*>")
NAME = re.compile(r'src="(?:[^"/]*/)*+([^"/]*)"')
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

    return [
        Line(clause, level, told(clause.html)) for clause, level in zip(clauses, reading.levels(clauses), strict=True)
    ]


def source_of(version: StandardVersion, *, url: str) -> citation.Source:
    """A version as citations name it; `url` is its permanent address."""
    slug = version.standard.slug
    return citation.Source(
        key=f"{slug}-{version.number}", title=version.title, designation=version.designation, version=version.number,
        bodies=version.bodies.splitlines(), editors=version.editors.splitlines(), day=version.adopted_at.date(),
        url=url, language=version.language,
        sha256=version.text.sha256,
    )  # fmt: skip


def sheet_of(*, viewer: Actor, version: StandardVersion, url: str) -> dict[str, object]:
    """What the file of a version is made of; `url` is its permanent address."""
    source = source_of(version, url=url)
    clauses = reading.text(viewer=viewer, version=version.text)
    pictures = reading.pictures(viewer=viewer, version=version.text)
    address = f"/c/{version.consultation.slug}/v{version.text.number}/"
    return {
        "version": version,
        "source": source,
        "cited": citation.sentence(source),
        "lines": lines(clauses, address=address, pictures=pictures),
        "headings": [clause for clause in clauses if clause.is_heading and clause.depth <= 1],
    }
