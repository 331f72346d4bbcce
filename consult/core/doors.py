"""Doors: every route says who may pass, or the application does not start."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import flask_login
from flask import Blueprint, current_app, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from .errors import Refused
from .limits import client_mark, limiter
from .rules import PROVE_AGAIN, VISITOR, Actor, Verdict

Permit = Callable[[Actor], Verdict]
View = Callable[..., ResponseReturnValue]
WRITING = "writing"  # the limit of doors through which people write: two settings, for a person and for an address


class NotSignedIn(Refused):
    """The door needs somebody who is signed in."""

    status = 401


class NotProven(Refused):
    """The door needs somebody who showed a short time ago that it is really her."""


def me() -> Actor:
    """Who is asking. Without a session cookie the session is not even opened, so public pages stay cacheable."""
    if "actor" not in g:
        cookie = current_app.config["SESSION_COOKIE_NAME"]
        user = flask_login.current_user if cookie in request.cookies else None
        g.actor = user.actor if user is not None and user.is_authenticated else VISITOR
    actor: Actor = g.actor
    return actor


class Room(Blueprint):
    """A blueprint whose routes need `permit=`; templates are found under the room's name.

    `of`: the room it is a part of, where that has doors of two kinds.
    """

    def __init__(self, name: str, *, of: str = "") -> None:
        super().__init__(name, f"consult.{of or name}")
        self.permits: dict[str, Permit] = {}
        self.for_programs: set[str] = set()  # names of views whose POSTs come from programs, without a CSRF token

    def get(  # type: ignore[override]
        self, rule: str, *, permit: Permit, limit: str | None = None, **options: Any
    ) -> Callable[[View], View]:
        """A page: reads, never writes. `limit`, as of `post`, is for the few that take long to make."""
        return self._door(rule, "GET", permit, limit, options)

    def post(  # type: ignore[override]
        self, rule: str, *, permit: Permit, limit: str | None = None, is_for_programs: bool = False, **options: Any
    ) -> Callable[[View], View]:
        """An act: calls one operation. `limit` like "10 per 15 minutes" counts per address; WRITING also per person.

        `is_for_programs`: no CSRF token is asked for. Only where the address itself carries the permission, and no
        session is looked at.
        """
        door = self._door(rule, "POST", permit, limit, options)
        return self._without_token(door) if is_for_programs else door

    def put(  # type: ignore[override]
        self, rule: str, *, permit: Permit, limit: str | None = None, **options: Any
    ) -> Callable[[View], View]:
        """An act of a program that leads to the same however often it is done; no form can send it."""
        return self._without_token(self._door(rule, "PUT", permit, limit, options))

    def _without_token(self, door: Callable[[View], View]) -> Callable[[View], View]:
        def register(view: View) -> View:
            self.for_programs.add(f"{view.__module__}.{view.__name__}")
            return door(view)

        return register

    def _door(
        self, rule: str, method: str, permit: Permit, limit: str | None, options: dict[str, Any]
    ) -> Callable[[View], View]:
        def register(view: View) -> View:
            @functools.wraps(view)
            def guarded(**values: Any) -> ResponseReturnValue:
                actor = me()
                verdict = permit(actor)
                if verdict is PROVE_AGAIN:
                    raise NotProven(verdict.reason)
                if not verdict:
                    raise Refused(verdict.reason) if actor.is_authenticated else NotSignedIn(verdict.reason)
                return view(**values)

            endpoint = options.pop("endpoint", view.__name__)
            self.permits[endpoint] = permit
            handler = _limited(guarded, limit, method) if limit else guarded
            self.add_url_rule(rule, endpoint, handler, methods=[method], **options)
            return view

        return register

    def route(self, rule: str, **options: Any) -> Any:
        raise TypeError(f"{rule}: use .get(…, permit=) or .post(…, permit=)")


def _limited(view: View, limit: str, method: str) -> View:
    """Count what passes the door; who passes it too often gets the page of failure 429 with all that was typed."""
    if limit != WRITING:
        return limiter.limit(limit, methods=[method])(view)
    of_person = limiter.limit(lambda: _setting("writing_per_person"), key_func=_person, methods=[method])
    of_address = limiter.limit(lambda: _setting("writing_per_address"), methods=[method])
    return _known(of_address(of_person(view)))


def _known(view: View) -> View:
    """Find out who asks before anything is counted: what counts takes a database that fails for a storage that fails."""

    @functools.wraps(view)
    def first(**values: Any) -> ResponseReturnValue:
        me()
        return view(**values)

    return first


def _setting(name: str) -> str:
    value: str = getattr(current_app.extensions["consult.settings"], name)
    return value


def _person() -> str:
    return f"person {me().person_id}" if me().is_authenticated else client_mark()


def show(template: str, *, status: int = 200, **context: Any) -> Response:
    """Render a page."""
    return make_response(render_template(template, **context), status)


def see_other(endpoint: str, **values: Any) -> Response:
    """After an act: go and look at the result (303)."""
    return redirect(url_for(endpoint, **values), 303)  # type: ignore[return-value]
