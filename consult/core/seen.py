"""What operators see of each request: a line in JSON, a number to ask about, counts. Nothing of who asked for what.

A line has the route as it is written in the code, never the address: addresses hold numbers of comments, words people
search for, and links that open something.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from flask import Flask, has_request_context, request
from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError

from . import ids
from .metrics import Metrics
from .overload import WAITED, Waits
from .shelf import ROUTE

ID = "consult.request_id"
GIVEN = re.compile(r"[0-9a-fA-F-]{16,64}")  # what a proxy may call a request; a name or an address is none
# Mail servers repeat to whom they would not deliver.
MAILBOX = re.compile(r"(?<![^\s<>()'\",:;@])[^\s<>()'\",:;@]++@[^\s<>()'\",:;]++")
LONGEST_STATEMENT = 2000  # characters
log = logging.getLogger("consult.requests")
slow = logging.getLogger("consult.slow")
Start = Callable[..., Any]
Wsgi = Callable[[dict[str, Any], Start], Iterable[bytes]]


class Seen:
    """Around the whole application: gives each request its number, and tells when it is answered."""

    def __init__(self, inner: Wsgi, counts: Metrics, *, is_behind_proxy: bool, is_told: bool) -> None:
        self._inner = inner
        self._waits = Waits()
        self._counts = counts
        self._is_behind_proxy = is_behind_proxy
        self._is_told = is_told

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        began, status = time.perf_counter(), 500
        given = environ.get("HTTP_X_REQUEST_ID", "") if self._is_behind_proxy else ""
        environ[WAITED] = self._waits.begin(environ.get("HTTP_X_REQUEST_START", "") if self._is_behind_proxy else "")
        number = environ[ID] = given.lower() if GIVEN.fullmatch(given) else ids.new_key()

        def start(line: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            nonlocal status
            status = int(line[:3])
            return start_response(line, [*headers, ("X-Request-ID", number)], *more)

        try:
            return self._inner(environ, start)
        finally:
            self._waits.end()
            self._note(environ, number, status, time.perf_counter() - began)

    def _note(self, environ: dict[str, Any], number: str, status: int, seconds: float) -> None:
        method = environ.get("REQUEST_METHOD", "")
        method = method if method in ("GET", "HEAD", "POST", "OPTIONS") else "other"
        endpoint, route = environ.get(ROUTE, ("", ""))
        self._counts.answered(endpoint, method, status, seconds)
        if self._is_told:
            told = {
                "request": number,
                "method": method,
                "route": route,
                "status": status,
                "ms": round(seconds * 1000, 1),
            }
            log.info("answered", extra={"told": told})


def request_id() -> str:
    """The number of the request that is being answered; empty outside of one."""
    return str(request.environ.get(ID, "")) if has_request_context() else ""


def route() -> str:
    """The route of the request that is being answered, as it is written in the code; empty outside of one."""
    return str(request.environ.get(ROUTE, ("", ""))[1]) if has_request_context() else ""


def _remember_route() -> None:
    request.environ[ROUTE] = (request.endpoint or "", str(request.url_rule or ""))


class Lines(logging.Formatter):
    """Each record as a line of JSON. Of a fault: its kind and where it was; of one in the database no words, which may quote a row."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(), "logger": record.name, "message": record.getMessage(),
        }  # fmt: skip
        told |= getattr(record, "told", {})
        if "request" not in told and (number := request_id()):
            told |= {"request": number, "route": route()}
        if record.exc_info and record.exc_info[1]:
            told |= _fault(record.exc_info[1])
        return json.dumps(told, ensure_ascii=False, default=str)


def _fault(fault: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(fault.__traceback__)
    told = {
        "fault": type(fault).__name__,
        "where": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-12:]],
    }
    if isinstance(fault, DBAPIError):
        code = getattr(fault.orig, "sqlstate", None) or getattr(fault.orig, "sqlite_errorname", None)
        return told | {"code": code, "statement": (fault.statement or "")[:LONGEST_STATEMENT]}
    return told | {"words": MAILBOX.sub("…@…", str(fault)[:2000])[:500]}


def to_standard_error() -> None:
    """Whatever Consult has to say goes to standard error, a line of JSON each."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    top = logging.getLogger("consult")
    top.handlers, top.propagate = [handler], False
    top.setLevel(logging.INFO)


def watch_queries(engine: Engine, counts: Metrics, milliseconds: int) -> None:
    """Tell of each statement that takes longer than this: as it is written, without the values, and for which route."""

    @event.listens_for(engine, "before_cursor_execute")
    def _begin(connection: Any, _cursor: Any, _statement: str, _values: Any, _context: Any, _many: bool) -> None:
        connection.info["consult.began"] = time.perf_counter()

    @event.listens_for(engine, "after_cursor_execute")
    def _end(connection: Any, _cursor: Any, statement: str, _values: Any, _context: Any, _many: bool) -> None:
        took = (time.perf_counter() - connection.info["consult.began"]) * 1000
        if took >= milliseconds:
            counts.slow()
            if not slow.hasHandlers():  # a command that somebody types; it says nothing of them
                return
            told = {"ms": round(took, 1), "statement": " ".join(statement.split())[:LONGEST_STATEMENT]}
            told |= {"request": request_id(), "route": route()} if has_request_context() else {}
            slow.warning("slow query", extra={"told": told})


def init_app(app: Flask) -> None:
    """Note the route before anything can refuse the request; pages of failures name the number."""
    app.before_request(_remember_route)
    app.jinja_env.globals.update(request_id=request_id)
