"""What a program gets: JSON it may keep, or a problem with a sentence."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from typing import Any

import msgspec
from flask import Response, current_app, request
from msgspec import Struct
from sqlalchemy.exc import InternalError
from werkzeug.exceptions import HTTPException

from consult.core.doors import NotSignedIn, me
from consult.core.errors import Busy, DomainError, TooOften
from consult.core.failures import SENTENCES, TITLES
from consult.core.limits import seconds_left
from consult.core.unavailable import FAILURES, passes, told

from ..contract import ENDPOINTS, Endpoint
from ..shapes import Problem

log = logging.getLogger(__name__)
REALM = 'Bearer realm="consult"'
AGAIN = 60  # seconds: the window of the limits


def answer(endpoint: Endpoint, shape: Struct) -> Response:
    """The answer as JSON. What everybody may read has a tag, and 304 while it is the same; the rest is for one alone."""
    body = msgspec.json.encode(shape)
    response = Response(body, endpoint.status, content_type="application/json; charset=utf-8")
    if endpoint.is_write or me().is_authenticated:
        response.headers["Cache-Control"] = "private, no-store"
    else:
        response.headers["Cache-Control"] = "public, no-cache"  # anybody may keep it, and asks whether it is still true
        response.set_etag(hashlib.sha256(body).hexdigest()[:32], weak=True)
        response.make_conditional(request)
    return response


def share(response: Response) -> Response:
    """Pages of other sites may read what everybody may read, without anybody's token."""
    response.vary.add("Authorization")
    if request.method in ("GET", "HEAD") and "Authorization" not in request.headers:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def problem(status: int, sentence: str = "", field: str | None = None, challenge: str = "", wait: int = 0) -> Response:
    """A problem (RFC 9457) with a sentence; `challenge` as RFC 6750 wants it."""
    said = sentence or SENTENCES.get(status, SENTENCES[400]).format(wait="a minute")
    body = Problem(title=TITLES.get(status, TITLES[400]), status=status, detail=said, field=field)
    response = Response(msgspec.json.encode(body), status, content_type="application/problem+json")
    response.headers["Cache-Control"] = "private, no-store"
    if challenge:
        response.headers["WWW-Authenticate"] = challenge
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


def _quoted(sentence: str) -> str:
    """A sentence as it may stand in a header: ASCII without quotes."""
    plain = sentence.replace("“", "'").replace("”", "'").replace("…", "...")
    return "".join(c for c in plain if " " <= c <= "~" and c not in '"\\')


def of_domain(error: DomainError) -> Response:
    """What a rule, a query or an operation said no to."""
    challenge = ""
    if isinstance(error, NotSignedIn):
        challenge = REALM
    elif error.status == 401:
        challenge = f'{REALM}, error="invalid_token", error_description="{_quoted(error.sentence)}"'
    elif error.status == 403 and (scope := _missing_scope()):
        challenge = (
            f'{REALM}, error="insufficient_scope", scope="{scope}", error_description="{_quoted(error.sentence)}"'
        )
    wait = {TooOften.status: AGAIN, Busy.status: 5}.get(error.status, 0)
    return problem(error.status, error.sentence, error.field, challenge, wait)


def _missing_scope() -> str:
    """The scope that this door takes and the token was not made for."""
    name = (request.endpoint or "").rpartition(".")[2]
    scope = next((e.scope for e in ENDPOINTS if e.name == name), "")
    scopes = me().scopes
    return scope if scopes is not None and scope not in scopes else ""


def of_http(error: HTTPException) -> Response:
    """What Flask or a limit refused."""
    status = error.code or 500
    told = error.description if status == 403 and isinstance(error.description, str) else ""
    response = problem(status, told, wait=(seconds_left() or AGAIN) if status == 429 else 0)
    for name, value in error.get_headers():
        if name in ("Allow",):
            response.headers[name] = value
    return response


def of_database(error: Exception) -> Response:
    """The database does not answer."""
    log.exception("database not available")
    return problem(Busy.status, told(error).sentence, wait=5)


def inside_the_database(error: InternalError) -> Response:
    """PostgreSQL does not take it just now, or broke."""
    return of_database(error) if passes(error) else of_anything(error)


def of_anything(error: Exception) -> Response:
    """Our own fault."""
    if current_app.testing:
        raise error
    log.exception("unexpected failure")
    return problem(500)


HANDLERS: dict[type[Exception], Callable[[Any], Response]] = {
    DomainError: of_domain, HTTPException: of_http, InternalError: inside_the_database, Exception: of_anything,
    **dict.fromkeys(FAILURES, of_database),
}  # fmt: skip
