"""Pages that are kept: by a browser, which asks whether its copy is still true and hears 304 while it is, and by us.

The tag of a page is made of everything the template is given, read from the database in this very request. So
nothing can be forgotten in it, and it is never stale, in any number of processes: what is hidden is gone at once.
A finished page is kept in memory with the edition of the site it was made in, until that edition is over or the
clock would word something in it differently. See decisions 0025 and 0134.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence, Set
from dataclasses import fields, is_dataclass, replace
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
from .rendering import THEMES, ago, chosen_theme, seconds_to_new_words
from .shelf import EDITION, ROUTE, First, Page, Shelf, key_of

LONGEST_KEPT = timedelta(seconds=30)  # for what begins by the clock alone and is not on the page yet
OF_A_PAGE = ("Content-Type", "Content-Encoding", "Content-Language", "Vary")
NONE = -1  # no edition: made without asking which it was, true for nobody else


def init_app(app: Flask) -> None:
    """Answer strangers with pages that are kept. Before what packs answers and what adds headers to them."""
    made_with = hashlib.sha256(app.extensions["consult.settings"].site_name.encode())
    for folder, pattern in ((paths.TEMPLATES, "*.html"), (paths.STATIC, "*.*"), (paths.PACKAGE, "*.py")):
        for path in sorted(folder.rglob(pattern)):
            made_with.update(path.name.encode() + path.read_bytes())
    app.extensions["consult.made_with"] = made_with.hexdigest()
    app.extensions["consult.shelf"] = Shelf()
    with app.app_context():
        app.extensions[EDITION] = Reader(db.engine)
    app.wsgi_app = First(app, app.wsgi_app, THEMES)  # type: ignore[method-assign]
    app.after_request(_onto_the_shelf)


def show_unless_kept(template: str, **context: Any) -> Response:
    """Render a page, or answer 304 to a stranger whose browser has the very same.

    Only without a session: a signed-in person's page holds her name and her tokens, and is always made anew.
    """
    key = key_of(request.environ, current_app.config["SESSION_COOKIE_NAME"], THEMES)
    if key is None:
        return show(template, **context)
    parts = (current_app.extensions["consult.made_with"], request.full_path, chosen_theme())
    until = [LONGEST_KEPT.total_seconds()]
    tag = hashlib.sha256(repr((parts, template, _plain(context, set(), until))).encode()).hexdigest()[:32]
    moment = clock.now()
    edition, route = request.environ.get(EDITION) or NONE, request.environ[ROUTE]
    page = Page(edition, moment, moment + timedelta(seconds=min(until)), tag, route)
    earlier = current_app.extensions["consult.shelf"].find(key)
    g.to_keep = key, page
    is_same = earlier is not None and earlier.tag == tag  # what is new on the site is elsewhere
    is_kept = request.if_none_match.contains_weak(tag)
    metrics().kept(is_same or is_kept)
    if is_kept:
        response = Response(status=304)
    elif is_same and earlier is not None:
        response = Response(earlier.body, headers=[pair for pair in earlier.headers if pair[0] in OF_A_PAGE])
    else:
        response = show(template, **context)
    response.set_etag(tag, weak=True)  # weak: the same page, whatever it was compressed with
    response.vary.add("Cookie")
    return response


def _onto_the_shelf(response: FlaskResponse) -> FlaskResponse:
    """Keep what was just made and packed, with all its headers. Never with a session, nor what sets a cookie."""
    key, page = g.pop("to_keep", (None, None))
    if page is None or session.modified or session or "Set-Cookie" in response.headers:
        return response
    shelf: Shelf = current_app.extensions["consult.shelf"]
    if response.status_code == 200:
        body = response.get_data()
        response.headers["Content-Length"] = str(len(body))
        shelf.put(key, replace(page, headers=tuple(response.headers), body=body))
    elif (earlier := shelf.find(key)) is not None and earlier.tag == page.tag:
        shelf.put(key, replace(page, headers=earlier.headers, body=earlier.body))
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
