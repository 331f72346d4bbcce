"""Pages that are kept: by a browser, which asks whether its copy is still true and hears 304 while it is, and by us.

A finished page is kept in memory with the edition of the site it was made in, until that edition is over or the
clock would word something on it differently: for strangers, and for each reader with a session her own, which nobody
else is sent. The tag of a stranger's page is made of the page itself, which has been read from the database in this
very request: it is never stale, in any number of processes, and what is hidden is gone at once. See decisions 0025,
0134 and 0145.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, current_app, g, request, session
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from .db import READ, db
from .doors import show
from .editions import Reader
from .metrics import metrics
from .records import replace
from .rendering import THEMES, seconds_to_new_words
from .shelf import EDITION, KEY, ROUTE, First, Key, Page, Shelf, Shelves

LONGEST_KEPT = timedelta(seconds=30)  # for what begins by the clock alone and is not on the page yet
OF_A_PAGE = ("Content-Type", "Content-Encoding", "Content-Language", "Vary")
NONE = -1  # no edition: made without asking which it was, true for nobody else


def init_app(app: Flask) -> None:
    """Answer with pages that are kept. Before what packs answers and what adds headers to them."""
    app.extensions["consult.shelf"] = Shelves()
    with app.app_context():
        app.extensions[EDITION] = Reader(db.engine)
    app.wsgi_app = First(app, app.wsgi_app, THEMES)  # type: ignore[method-assign]
    app.after_request(_onto_the_shelf)


def show_unless_kept(template: str, **context: Any) -> Response:
    """Render a page, and let it be kept; answer 304 to a stranger whose browser has the very same.

    A page on which something may be done once only is not kept. What a reader gets is not kept by her browser.
    """
    key, read, began = request.environ.get(KEY), READ.moments, READ.began
    response = show(template, **context)
    if key is None or read is None or g.get("is_for_once"):
        return response
    tag = "" if key.session else hashlib.sha256(response.get_data()).hexdigest()[:32]
    edition, route = request.environ.get(EDITION, NONE), request.environ[ROUTE]
    page = Page(edition, began, began + _for_how_long(read, began), tag, route)
    g.to_keep = key, page
    if key.session:
        metrics().kept(False)
        return response
    earlier = _shelf(key).find(key)
    is_same = earlier is not None and earlier.tag == tag  # what is new on the site is elsewhere
    is_kept = request.if_none_match.contains_weak(tag)
    metrics().kept(is_same or is_kept)
    if is_kept:
        response = Response(status=304)
    elif is_same and earlier is not None and earlier.body:
        response = Response(earlier.body, headers=[pair for pair in earlier.headers if pair[0] in OF_A_PAGE])
    response.set_etag(tag, weak=True)  # weak: the same page, whatever it was compressed with
    response.vary.add("Cookie")
    return response


def _for_how_long(read: Sequence[datetime], began: datetime) -> timedelta:
    """Until the clock alone makes another page: one of the moments it was made of is worded differently, or has come.

    Counted from where its making began: what comes while it is made may be on it or not.
    """
    soonest = min((seconds_to_new_words(moment, began) for moment in set(read)), default=LONGEST_KEPT.total_seconds())
    return min(LONGEST_KEPT, timedelta(seconds=soonest))


def _shelf(key: Key) -> Shelf:
    shelves: Shelves = current_app.extensions["consult.shelf"]
    return shelves.of(key)


def _onto_the_shelf(response: FlaskResponse) -> FlaskResponse:
    """Keep what was just made and packed, with all its headers. Never what sets a cookie, nor for strangers what a session had a part in."""
    key, page = g.pop("to_keep", (None, None))
    if page is None or session.modified or "Set-Cookie" in response.headers or (session and not key.session):
        return response
    shelf = _shelf(key)
    if page.edition == NONE:  # asked for once: perhaps never again
        shelf.put(key, page)
    elif response.status_code == 200:
        body = response.get_data()
        response.headers["Content-Length"] = str(len(body))
        shelf.put(key, replace(page, headers=tuple(response.headers), body=body))
    elif (earlier := shelf.find(key)) is not None and earlier.tag == page.tag and earlier.body:
        shelf.put(key, replace(page, headers=earlier.headers, body=earlier.body))
    return response
