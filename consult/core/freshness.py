"""Pages a browser may keep: it asks whether its copy is still true, and hears 304 while it is.

The tag is made of everything the page shows that can change, read from the database in this very
request. So it is never stale, in any number of processes: what is hidden is gone at once.
"""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Flask, current_app, request
from werkzeug.wrappers import Response

from . import paths
from .doors import show


def init_app(app: Flask) -> None:
    """Note what this installation's pages are made with: another release, other pages."""
    made_with = hashlib.sha256(app.extensions["consult.settings"].site_name.encode())
    for folder, pattern in ((paths.TEMPLATES, "*.html"), (paths.STATIC, "*.*"), (paths.PACKAGE, "*.py")):
        for path in sorted(folder.rglob(pattern)):
            made_with.update(path.name.encode() + path.read_bytes())
    app.extensions["consult.made_with"] = made_with.hexdigest()


def show_unless_kept(template: str, *, shows: object, **context: Any) -> Response:
    """Render a page, or answer 304 to a stranger whose browser has it. `shows`: what the page is made of.

    Only without a session: a signed-in person's page holds her name and her tokens, and is always made anew.
    """
    if current_app.config["SESSION_COOKIE_NAME"] in request.cookies:
        return show(template, **context)
    parts = (current_app.extensions["consult.made_with"], request.full_path, request.cookies.get("theme"), shows)
    tag = hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
    is_kept = request.if_none_match.contains_weak(tag)
    response = Response(status=304) if is_kept else show(template, **context)
    response.set_etag(tag, weak=True)  # weak: the same page, whatever it was compressed with
    response.vary.add("Cookie")
    return response
