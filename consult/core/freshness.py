"""Pages a browser may keep: it asks whether its copy is still true, and hears 304 while it is.

The tag is made of everything the template is given, read from the database in this very request. So
nothing can be forgotten in it, and it is never stale, in any number of processes: what is hidden is gone at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask, current_app, request
from werkzeug.wrappers import Response

from . import paths
from .db import Base
from .doors import show
from .metrics import metrics
from .rendering import ago


def init_app(app: Flask) -> None:
    """Note what this installation's pages are made with: another release, other pages."""
    made_with = hashlib.sha256(app.extensions["consult.settings"].site_name.encode())
    for folder, pattern in ((paths.TEMPLATES, "*.html"), (paths.STATIC, "*.*"), (paths.PACKAGE, "*.py")):
        for path in sorted(folder.rglob(pattern)):
            made_with.update(path.name.encode() + path.read_bytes())
    app.extensions["consult.made_with"] = made_with.hexdigest()


def show_unless_kept(template: str, **context: Any) -> Response:
    """Render a page, or answer 304 to a stranger whose browser has the very same.

    Only without a session: a signed-in person's page holds her name and her tokens, and is always made anew.
    """
    if current_app.config["SESSION_COOKIE_NAME"] in request.cookies:
        return show(template, **context)
    parts = (current_app.extensions["consult.made_with"], request.full_path, request.cookies.get("theme"))
    tag = hashlib.sha256(repr((parts, template, _plain(context, set()))).encode()).hexdigest()[:32]
    is_kept = request.if_none_match.contains_weak(tag)
    metrics().kept(is_kept)
    response = Response(status=304) if is_kept else show(template, **context)
    response.set_etag(tag, weak=True)  # weak: the same page, whatever it was compressed with
    response.vary.add("Cookie")
    return response


def _plain(value: object, seen: set[int]) -> object:
    """`value` as plain values that print the same whenever they are the same."""
    if isinstance(value, datetime):
        return value, ago(value)  # the words change with the clock
    if value is None or isinstance(value, str | int | float | date | timedelta):
        return value
    if isinstance(value, Base):
        if id(value) in seen:
            return type(value).__name__, value.id
        seen.add(id(value))
        return type(value).__name__, _pairs(vars(value), seen)
    if is_dataclass(value):
        return type(value).__name__, [_plain(getattr(value, f.name), seen) for f in fields(value)]
    if isinstance(value, Mapping):
        return _pairs(value, seen)
    if isinstance(value, Sequence | Set):
        parts = [_plain(v, seen) for v in value]
        return sorted(parts, key=repr) if isinstance(value, Set) else parts
    raise TypeError(f"cannot tell when {type(value).__name__} changes")


def _pairs(values: Mapping[Any, object], seen: set[int]) -> list[tuple[str, object]]:
    return [(str(key), _plain(values[key], seen)) for key in sorted(values) if not str(key).startswith("_")]
