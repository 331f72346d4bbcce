"""Pages that are kept: by a browser, which asks whether its copy is still true and hears 304 while it is, and by us.

The tag of a page is made of everything the template is given, read from the database in this very request. So
nothing can be forgotten in it, and it is never stale, in any number of processes: what is hidden is gone at once.
A finished page is kept in memory with the edition of the site it was made in, until that edition is over or the
clock would word something in it differently. See decisions 0025 and 0134.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask, current_app, g, request, session
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response
from wtforms.form import BaseForm

from . import clock, paths
from .db import Base, db
from .doors import show
from .editions import Reader
from .metrics import metrics
from .rendering import ago, chosen_theme, seconds_to_new_words

LONGEST_KEPT = timedelta(seconds=30)  # for what begins by the clock alone and is not on the page yet
MOST_BYTES = 24 * 1024 * 1024  # of all pages that one process keeps
LARGEST = 1024 * 1024  # of one page
NONE = -1  # no edition: made without asking which it was, true for nobody else
HEADERS = ("Content-Type", "Content-Encoding", "Content-Language", "Cache-Control", "ETag", "Vary")
Key = tuple[str, str, str]  # address, theme, what the browser can unpack


@dataclass(frozen=True, slots=True)
class Page:
    """A finished answer."""

    edition: int
    made_at: datetime
    until: datetime
    tag: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def is_true(self, edition: int | None) -> bool:
        """Whether it would be the same if it were made now."""
        return self.edition == edition and self.made_at <= clock.now() < self.until


class Shelf:
    """The pages one process keeps, those asked for last; no more than MOST_BYTES."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

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
            self._bytes += len(page.body)
            while self._bytes > MOST_BYTES:
                self._forget(next(iter(self._pages)))

    def _forget(self, key: Key) -> None:
        page = self._pages.pop(key, None)
        self._bytes -= len(page.body) if page is not None else 0


def init_app(app: Flask) -> None:
    """Answer strangers with pages that are kept. Before what packs answers and what adds headers to them."""
    made_with = hashlib.sha256(app.extensions["consult.settings"].site_name.encode())
    for folder, pattern in ((paths.TEMPLATES, "*.html"), (paths.STATIC, "*.*"), (paths.PACKAGE, "*.py")):
        for path in sorted(folder.rglob(pattern)):
            made_with.update(path.name.encode() + path.read_bytes())
    app.extensions["consult.made_with"] = made_with.hexdigest()
    app.extensions["consult.shelf"] = Shelf()
    with app.app_context():
        app.extensions["consult.edition"] = Reader(db.engine)
    app.before_request(_from_the_shelf)
    app.after_request(_onto_the_shelf)


def _key() -> Key:
    return request.full_path, chosen_theme(), request.headers.get("Accept-Encoding", "")


def _is_stranger() -> bool:
    return current_app.config["SESSION_COOKIE_NAME"] not in request.cookies


def _from_the_shelf() -> Response | None:
    """The page as it was made in this edition, without asking anything else."""
    if request.method not in ("GET", "HEAD") or request.routing_exception is not None or not _is_stranger():
        return None
    page: Page | None = current_app.extensions["consult.shelf"].find(_key())
    if page is None:
        return None
    g.edition = current_app.extensions["consult.edition"].number()
    if not page.is_true(g.edition):
        return None
    metrics().kept(True)
    return _answer(page)


def _answer(page: Page) -> Response:
    if request.if_none_match.contains_weak(page.tag):
        return Response(status=304, headers=[(n, v) for n, v in page.headers if not n.startswith("Content-")])
    return Response(page.body, headers=page.headers)


def show_unless_kept(template: str, **context: Any) -> Response:
    """Render a page, or answer 304 to a stranger whose browser has the very same.

    Only without a session: a signed-in person's page holds her name and her tokens, and is always made anew.
    """
    if not _is_stranger():
        return show(template, **context)
    parts = (current_app.extensions["consult.made_with"], request.full_path, chosen_theme())
    until = [LONGEST_KEPT.total_seconds()]
    tag = hashlib.sha256(repr((parts, template, _plain(context, set(), until))).encode()).hexdigest()[:32]
    moment = clock.now()
    page = Page(g.get("edition") or NONE, moment, moment + timedelta(seconds=min(until)), tag, (), b"")
    shelf: Shelf = current_app.extensions["consult.shelf"]
    earlier = shelf.find(_key())
    if earlier is not None and earlier.tag == tag:  # what is new on the site is elsewhere
        metrics().kept(True)
        shelf.put(_key(), replace(page, headers=earlier.headers, body=earlier.body))
        return _answer(earlier)
    g.to_keep = page
    is_kept = request.if_none_match.contains_weak(tag)
    metrics().kept(is_kept)
    response = Response(status=304) if is_kept else show(template, **context)
    response.set_etag(tag, weak=True)  # weak: the same page, whatever it was compressed with
    response.vary.add("Cookie")
    return response


def _onto_the_shelf(response: FlaskResponse) -> FlaskResponse:
    """Keep what was just made and packed. Never with a session, nor what sets a cookie."""
    page: Page | None = g.pop("to_keep", None)
    if page is None or response.status_code != 200 or session.modified or session or "Set-Cookie" in response.headers:
        return response
    headers = tuple((name, value) for name, value in response.headers if name in HEADERS)
    body = response.get_data()
    current_app.extensions["consult.shelf"].put(_key(), replace(page, headers=headers, body=body))
    return response


def _plain(value: object, seen: set[int], until: list[float]) -> object:
    """`value` as plain values that print the same whenever they are the same; `until` gets when the clock changes it."""
    if isinstance(value, datetime):
        until.append(seconds_to_new_words(value))
        return value, ago(value)
    if value is None or isinstance(value, str | int | float | date | timedelta):
        return value
    if isinstance(value, Base):
        if id(value) in seen:
            return type(value).__name__, value.id
        seen.add(id(value))
    if isinstance(value, Sequence | Set):
        parts = [_plain(v, seen, until) for v in value]
        return sorted(parts, key=repr) if isinstance(value, Set) else parts
    named = _named(value)
    pairs = [(str(key), _plain(named[key], seen, until)) for key in sorted(named) if not str(key).startswith("_")]
    return pairs if isinstance(value, Mapping) else (type(value).__name__, pairs)


def _named(value: object) -> Mapping[Any, object]:
    """What a thing is made of, by name."""
    if isinstance(value, Mapping):
        return value
    if isinstance(value, Base):
        return vars(value)
    if is_dataclass(value):
        return {f.name: getattr(value, f.name) for f in fields(value)}
    if isinstance(value, BaseForm) and "submission" not in value:  # what is sent once is for one reader
        return {"data": value.data, "errors": value.errors}
    raise TypeError(f"cannot tell when {type(value).__name__} changes")
