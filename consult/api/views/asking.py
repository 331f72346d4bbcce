"""What a program sent: its token, its arguments, its body, its key."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import Any

import msgspec
from flask import current_app, g, request
from msgspec import Struct
from sqlalchemy.exc import DBAPIError
from werkzeug.datastructures import MultiDict

from consult.accounts import rules as accounts
from consult.consultations.models import Consultation
from consult.core import clock, limits, text
from consult.core.doors import me
from consult.core.errors import DomainError, Invalid
from consult.core.ids import digest
from consult.core.rules import VISITOR
from consult.debate.queries import Filters

from .. import operations, queries, tokens
from ..contract import KEY_HEADER, KEY_PATTERN, PATHS, Endpoint
from ..models import ApiToken
from ..scopes import narrowed
from ..sent import CommentsQuery

OFTEN = "That was too often. Wait a minute, and ask for less at a time."
IN_ADDRESS = (
    "A token never goes into an address, where others read it. Send it as Authorization: Bearer, and revoke this one."
)


class BadRequest(DomainError):
    """The address or a header cannot be read."""

    status = 400


class NotJson(DomainError):
    """The body is something else."""

    status = 415


class DeadToken(DomainError):
    """A token that opens nothing."""

    status = 401


def know_the_caller() -> None:
    """Whoever holds the token, and nobody else: what a cookie says counts for nothing here."""
    g.actor, g.api_token = VISITOR, None
    given = request.headers.get("Authorization")
    if given is None:
        limits.at_most(_often("visitors"), "api", limits.client_mark(), OFTEN)
        return
    scheme, _, secret = given.partition(" ")
    if scheme.lower() != "bearer" or not tokens.SHAPE.fullmatch(secret.strip()):
        limits.at_most(_often("visitors"), "api", limits.client_mark(), OFTEN)
        raise DeadToken("This is no access token. Send: Authorization: Bearer consult_…")
    _let_in(tokens.digest(secret.strip(), current_app.config["SECRET_KEY"]))


def _let_in(mark: str) -> None:
    limits.at_most(_often("tokens"), "api token", mark, OFTEN)
    found = queries.presented(viewer=VISITOR, digest=mark)
    if found.fault or found.token is None:
        limits.at_most(_often("visitors"), "api", limits.client_mark(), OFTEN)  # guessing is counted as well
        raise DeadToken(found.fault)
    wanted = current_app.extensions["consult.settings"].second_factor_for_staff
    g.actor = narrowed(accounts.with_second_factor(found.actor, wanted), found.token.scope_set)
    g.api_token = found.token
    if found.token.used_on != clock.day_in("UTC"):
        with suppress(DBAPIError):  # a database that takes no writing just now still answers
            operations.note_used(actor=me(), token_id=found.token.id)


def _often(whom: str) -> str:
    return str(getattr(current_app.extensions["consult.settings"], f"api_{whom}"))


def token() -> ApiToken:
    """The token this was asked with, at a door that needs one."""
    found: ApiToken = g.api_token
    return found


def sent(endpoint: Endpoint) -> dict[str, Any]:
    """What the handler of an endpoint gets beside the parts of the address."""
    _check_path()
    found: dict[str, Any] = {}
    query = _query(endpoint.query, request.args)
    if endpoint.query.__struct_fields__:
        found["query"] = query
    if endpoint.body is not None:
        found["body"] = _body(endpoint.body)
        found["key"] = _key(endpoint)
    return found


def _check_path() -> None:
    """What is no slug and no number is not looked for."""
    for name, value in (request.view_args or {}).items():
        if isinstance(value, str) and not re.fullmatch(PATHS[name]["pattern"], value):
            raise BadRequest(f"“{name}” in the address is not written like one.", name)
        if isinstance(value, int) and not PATHS[name]["minimum"] <= value <= PATHS[name]["maximum"]:
            raise BadRequest(f"“{name}” in the address is too small or too large.", name)


def _query(kind: type[Struct], args: MultiDict[str, str]) -> Struct:
    if "access_token" in args:
        raise BadRequest(IN_ADDRESS)
    lists = {f.name for f in msgspec.structs.fields(kind) if isinstance(f.default_factory, type)}
    given = {name: args.getlist(name) if name in lists else args[name] for name in args}
    twice = [name for name in args if name not in lists and len(args.getlist(name)) > 1]
    if twice:
        raise BadRequest(f"“{twice[0]}” is there twice.", twice[0])
    try:
        return msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as problem:
        raise BadRequest(f"An argument in the address cannot be read: {problem}") from problem


def _body(kind: type[Struct]) -> Struct:
    if request.mimetype != "application/json":
        raise NotJson("Send the body as JSON, with Content-Type: application/json.")
    try:
        return msgspec.json.decode(request.get_data(), type=kind)
    except msgspec.DecodeError as problem:  # a ValidationError is one
        raise Invalid(f"The body cannot be read: {problem}") from problem
    except (UnicodeDecodeError, RecursionError) as problem:
        raise Invalid("The body is not JSON.") from problem


def _key(endpoint: Endpoint) -> str | None:
    """The submission key: the program's own for this person, with what was sent; see core.operations."""
    given = request.headers.get(KEY_HEADER)
    if given is None and not endpoint.needs_key:
        return None
    if given is None or not re.fullmatch(KEY_PATTERN, given):
        raise BadRequest(
            f"Send {KEY_HEADER}: 8 to 128 letters, digits or - _ . : and a new one for each thing you post.", KEY_HEADER
        )
    content = json.dumps([request.method, request.path, request.get_data(as_text=True)])
    return f"{digest(f'api {me().person_id} {given}')[:32]}.{digest(content)[:32]}"


def filters(query: CommentsQuery, row: Consultation) -> Filters:
    """Which comments an address asks for, as debate.queries has it."""
    wanted = frozenset(query.position)
    known = {position.key for position in row.positions}
    if unknown := sorted(wanted - known - {"none"}):
        raise BadRequest(f"This consultation has no position “{unknown[0][:40]}”.", "position")
    return Filters(
        words=text.normalise(query.q), clause=text.normalise(query.clause), positions=wanted & known,
        stances=frozenset(query.stance), type=query.type, category=query.category,
        organisation=text.normalise(query.organisation), answer=query.answer, is_unplaced="none" in wanted,
    )  # fmt: skip
