"""The room, and how its doors for programs are declared."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from msgspec import Struct
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from consult.core.doors import WRITING, Permit, Room
from consult.core.failures import failure_page

from .. import rules
from ..contract import ENDPOINTS, ROOT, Endpoint
from ..sent import NoQuery
from . import asking
from .answering import HANDLERS, answer, of_http, share

Handler = Callable[..., Struct]


class ProgramRoom(Room):
    """A room with doors for programs: `offer` declares and opens one; there is no other way below /api/v1."""

    def __init__(self) -> None:
        super().__init__("v1", of="api")

    def offer(
        self, method: str, rule: str, *, scope: str, returns: type[Struct], is_public: bool = False,
        query: type[Struct] = NoQuery, body: type[Struct] | None = None, status: int = 200, needs_key: bool = False,
    ) -> Callable[[Handler], Handler]:  # fmt: skip
        """Check what is sent by `query` and `body`, which the handler gets, and send what it returns."""

        def register(handler: Handler) -> Handler:
            summary = (handler.__doc__ or "").strip()
            endpoint = Endpoint(
                method, rule, handler.__name__, summary, scope, returns, is_public, query, body, status, needs_key
            )
            ENDPOINTS.append(endpoint)
            permit: Permit = rules.may_read if is_public else rules.within(scope)

            @functools.wraps(handler)
            def door(**values: Any) -> Response:
                return answer(endpoint, handler(**values, **asking.sent(endpoint)))

            self._open(method, ROOT + rule, permit, door)
            return handler

        return register

    def _open(self, method: str, rule: str, permit: Permit, door: Callable[..., Response]) -> None:
        if method == "GET":
            self.get(rule, permit=permit)(door)
        elif method == "PUT":
            self.put(rule, permit=permit, limit=WRITING)(door)
        else:
            self.post(rule, permit=permit, limit=WRITING, is_for_programs=True)(door)


room = Room("api")
programs = ProgramRoom()
programs.before_request(asking.know_the_caller)
programs.after_request(share)
for kind, handler in HANDLERS.items():
    programs.register_error_handler(kind, handler)


@programs.app_errorhandler(MethodNotAllowed)
@programs.app_errorhandler(NotFound)
def no_door(error: HTTPException) -> ResponseReturnValue:
    """No door was found at all: a program gets a problem, a person her page."""
    if request.path.startswith(f"{ROOT}/"):
        return share(of_http(error))
    return failure_page(error.code or 404)
