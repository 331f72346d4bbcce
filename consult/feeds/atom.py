"""Atom feeds (RFC 4287). Pure: knows neither database nor addresses of pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from html import escape

from consult.core.records import Record
from consult.core.text import UNUSABLE

NEVER = datetime(2000, 1, 1, tzinfo=UTC)  # a feed says when it changed even before it holds anything


class Entry(Record):
    """One thing in a feed. `id` stays the same for ever; `updated` is later when it changed, or was hidden."""

    id: str
    title: str
    url: str
    author: str
    published: datetime
    updated: datetime
    html: str = ""  # empty: nothing of it may be read


class Feed(Record):
    """A list as a feed: the page it belongs to, its own address, its entries newest first."""

    id: str
    title: str
    page_url: str
    url: str
    entries: Sequence[Entry]
    language: str = "en"

    @property
    def updated(self) -> datetime:
        """When anything in it changed last."""
        return max((entry.updated for entry in self.entries), default=NEVER)


def atom(feed: Feed) -> str:
    """The feed as XML."""
    head = '<?xml version="1.0" encoding="utf-8"?>\n'
    opening = f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{_text(feed.language)}">'
    return head + "\n".join([opening, *_head(feed), *(_entry(entry) for entry in feed.entries), "</feed>", ""])


def _head(feed: Feed) -> Iterator[str]:
    yield f"<id>{_text(feed.id)}</id>"
    yield f"<title>{_text(feed.title)}</title>"
    yield f"<updated>{_moment(feed.updated)}</updated>"
    yield f'<link rel="self" type="application/atom+xml" href="{_text(feed.url)}"/>'
    yield f'<link rel="alternate" type="text/html" href="{_text(feed.page_url)}"/>'
    yield "<generator>Consult</generator>"


def _entry(entry: Entry) -> str:
    parts = [
        "<entry>",
        f"<id>{_text(entry.id)}</id>",
        f"<title>{_text(entry.title)}</title>",
        f"<published>{_moment(entry.published)}</published>",
        f"<updated>{_moment(entry.updated)}</updated>",
        f"<author><name>{_text(entry.author)}</name></author>",
        f'<link rel="alternate" type="text/html" href="{_text(entry.url)}"/>',
        f'<content type="html">{_text(entry.html)}</content>',
        "</entry>",
    ]
    return "\n".join(parts)


def _text(text: str) -> str:
    return escape(UNUSABLE.sub("", text))


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"
