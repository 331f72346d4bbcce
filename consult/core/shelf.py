"""Finished pages, kept in memory and sent before Flask is asked; see decisions 0134 and 0145.

A page is true for as long as the database has the edition it was made in, and the clock would word nothing on it
differently. All it needs is one question to the database. Who has a session is sent only what was made for that very
session, and only while nothing at all was written: her page also shows what no stranger sees.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from flask import Flask
from werkzeug.http import parse_cookie, parse_etags

from . import clock
from .db import READ
from .overload import STALE_FROM, STALEST, WAITED
from .records import Record

MOST_BYTES = 24 * 1024 * 1024  # of all pages for strangers that one process keeps
MOST_BYTES_OF_READERS = 8 * 1024 * 1024
LEAST = 512  # bytes that a page is counted as
LARGEST = 1024 * 1024  # of one page
EDITION, KEY, ROUTE = "consult.edition", "consult.key", "consult.route"  # in the environment of a request
OF_A_BODY = ("Content-Type", "Content-Encoding", "Content-Language", "Content-Length")  # which a 304 has not
Headers = tuple[tuple[str, str], ...]
Start = Callable[..., Any]
Wsgi = Callable[[dict[str, Any], Start], Iterable[bytes]]


class Key(NamedTuple):
    """Under what a page is kept: all that it depends on beside the database and the clock."""

    host: str
    path: str
    question: str
    theme: str
    packing: str  # what the browser can unpack
    session: str  # the signed cookie; empty for strangers


class Page(Record):
    """A finished answer; `route`: the door that made it, for who counts."""

    edition: int
    made_at: datetime
    until: datetime
    tag: str
    route: tuple[str, str]
    headers: Headers = ()
    body: bytes = b""

    def is_true(self, edition: int | None) -> bool:
        """Whether it would be the same if it were made now."""
        return self.edition == edition and self.made_at <= clock.now() < self.until


class Shelf:
    """The pages one process keeps, those asked for last: no more than `most` bytes, and none that is sent to nobody any more."""

    def __init__(self, most: int) -> None:
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._bytes = 0
        self._most = most
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._pages)

    def find(self, key: Key) -> Page | None:
        """The page, true or not any more."""
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def put(self, key: Key, page: Page) -> None:
        """Keep a page in place of an earlier one."""
        if len(page.body) > LARGEST:
            return
        with self._lock:
            self._forget(key)
            self._pages[key] = page
            self._bytes += _size(page)
            while self._bytes > self._most or self._is_over(page.made_at):
                self._forget(next(iter(self._pages)))

    def _is_over(self, now: datetime) -> bool:
        """Whether the page that was asked for longest ago is too old to be sent even to a crowd."""
        return next(iter(self._pages.values())).made_at + STALEST < now

    def _forget(self, key: Key) -> None:
        page = self._pages.pop(key, None)
        self._bytes -= _size(page) if page is not None else 0


def _size(page: Page) -> int:
    return max(LEAST, len(page.body))


class Shelves:
    """One for strangers and one for readers with a session, who cannot push the others' pages off."""

    def __init__(self) -> None:
        self.strangers, self.readers = Shelf(MOST_BYTES), Shelf(MOST_BYTES_OF_READERS)

    def of(self, key: Key) -> Shelf:
        """Where a page with this key is."""
        return self.readers if key.session else self.strangers


def key_of(environ: dict[str, Any], session_cookie: str, themes: Iterable[str]) -> Key | None:
    """Under what the page is kept that is asked for; None for what is no question.

    `environ`: of WSGI, as a proxy that we trust has set it right. `session_cookie`: its name, of which that of the
    theme is made.
    """
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        return None
    theme = session = ""
    if given := environ.get("HTTP_COOKIE"):
        cookies = parse_cookie(given)
        session = cookies.get(session_cookie, "")
        if not session and session_cookie in cookies:
            return None
        theme = cookies.get(f"{session_cookie}-theme", "")
    return Key(
        environ.get("HTTP_HOST", ""), environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""),
        environ.get("QUERY_STRING", ""), theme if theme in themes else "", environ.get("HTTP_ACCEPT_ENCODING", ""),
        session,
    )  # fmt: skip


class First:
    """Around the application: what is kept and true is sent at once. Only what was answered to that very host is kept."""

    def __init__(self, app: Flask, inner: Wsgi, themes: Iterable[str]) -> None:
        self._app, self._inner, self._themes = app, inner, themes

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        key = environ[KEY] = key_of(environ, self._app.config["SESSION_COOKIE_NAME"], self._themes)
        page = self._kept(key, environ) if key else None
        if page is None:
            return self._make(key, environ, start_response)
        environ[ROUTE] = page.route
        self._app.extensions["consult.metrics"].kept(True)
        if page.tag and parse_etags(environ.get("HTTP_IF_NONE_MATCH")).contains_weak(page.tag):
            start_response("304 NOT MODIFIED", [pair for pair in page.headers if pair[0] not in OF_A_BODY])
            return ()
        start_response("200 OK", list(page.headers))
        return () if environ["REQUEST_METHOD"] == "HEAD" else (page.body,)

    def _kept(self, key: Key, environ: dict[str, Any]) -> Page | None:
        page: Page | None = self._app.extensions["consult.shelf"].of(key).find(key)
        if page is None:
            return None
        is_crowded = environ.get(WAITED, 0.0) >= STALE_FROM and not key.session
        if is_crowded and page.body and clock.now() - STALEST < page.made_at <= clock.now():
            return page  # better a minute old than none: the database is not asked
        edition = self._app.extensions[EDITION].number(of_everything=bool(key.session))
        if edition is not None:
            environ[EDITION] = edition
        return page if page.is_true(edition) else None

    def _make(self, key: Key | None, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        """Ask the application, and note the moments that are read for it."""
        READ.moments, READ.began = [] if key else None, clock.now()
        try:
            return self._inner(environ, start_response)
        finally:
            READ.moments = None
