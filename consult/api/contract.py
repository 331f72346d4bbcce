"""Every endpoint as it is declared, and the OpenAPI document made of them. What is not declared has no door."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from consult.core.records import Record

from .scopes import SCOPES
from .sent import NoQuery
from .shapes import Problem

ROOT = "/api/v1"
KEY_HEADER = "Idempotency-Key"
KEY_PATTERN = r"^[A-Za-z0-9_.:-]{8,128}$"
PATHS: dict[str, dict[str, Any]] = {
    "slug": {"type": "string", "pattern": r"^[a-z0-9-]{1,100}$", "description": "Of the consultation."},
    "number": {"type": "string", "pattern": r"^[A-Z0-9]{1,40}-[0-9]{3,9}$", "description": "Of the comment, such as P0007-001."},
    "version": {"type": "integer", "minimum": 1, "maximum": 1_000_000, "description": "Of the draft."},
}  # fmt: skip
WORDS = {
    200: "As asked.", 201: "Posted.", 304: "What you have is still true.", 400: "An argument or a header cannot be read.",
    401: "A token is needed, or the one that was sent opens nothing.", 403: "The token was not made for this, or a rule says no.",
    404: "There is nothing here, or not for you.", 405: "Another method is needed.", 409: "Somebody else was quicker.",
    413: "Too large.", 415: "Send JSON.", 422: "Something in it needs another look; `detail` says what.",
    429: "Too often. `Retry-After` says when to come back.", 503: "Very busy just now.",
}  # fmt: skip
ALWAYS = (400, 401, 403, 404, 405, 429, 503)
OF_WRITES = (409, 413, 415, 422)


class Endpoint(Record):
    """One method at one address: what is sent, what comes back, which scope it takes."""

    method: str
    rule: str  # as Flask has it, below ROOT
    name: str
    summary: str
    scope: str
    returns: type[Struct]
    is_public: bool = False  # answered without a token
    query: type[Struct] = NoQuery
    body: type[Struct] | None = None
    status: int = 200
    needs_key: bool = False

    @property
    def is_write(self) -> bool:
        return self.method != "GET"

    @property
    def statuses(self) -> tuple[int, ...]:
        """Every status it can have, which OpenAPI says and tests hold it to."""
        return (self.status, *ALWAYS, *(OF_WRITES if self.is_write else (304,)))


ENDPOINTS: list[Endpoint] = []


def document(title: str, address: str, version: str) -> dict[str, Any]:
    """OpenAPI 3.1 of everything declared; `address` is that of the site."""
    kinds = [kind for e in ENDPOINTS for kind in (e.returns, e.body) if kind is not None]
    _, components = msgspec.json.schema_components(
        [*dict.fromkeys(kinds), Problem], ref_template="#/components/schemas/{name}"
    )
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in ENDPOINTS:
        paths.setdefault(_template(endpoint.rule), {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title, "version": version,
            "description": "Read what everybody reads without a token. Tokens are made in one's account.",
        },
        "servers": [{"url": address + ROOT}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "; ".join(f"{k}: {v}" for k, v in SCOPES.items())}
            },
        },
    }  # fmt: skip


def _template(rule: str) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule)


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": endpoint.name, "summary": endpoint.summary, "parameters": _parameters(endpoint),
        "responses": {str(status): _response(endpoint, status) for status in endpoint.statuses},
        "security": [{}, {"token": []}] if endpoint.is_public else [{"token": []}],
        "x-scope": endpoint.scope,
    }  # fmt: skip
    if endpoint.body is not None:
        schema = {"$ref": f"#/components/schemas/{endpoint.body.__name__}"}
        told["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return told


def _parameters(endpoint: Endpoint) -> Sequence[dict[str, Any]]:
    names = re.findall(r"<(?:\w+:)?(\w+)>", endpoint.rule)
    found = [{"name": n, "in": "path", "required": True, "schema": PATHS[n]} for n in names]
    found += [
        {"name": name, "in": "query", "required": False, "schema": schema}
        for name, schema in _properties(endpoint.query).items()
    ]
    if endpoint.is_write:
        key = {"type": "string", "pattern": KEY_PATTERN}
        said = "The same key again gives the same answer and no second effect."
        found.append(
            {"name": KEY_HEADER, "in": "header", "required": endpoint.needs_key, "schema": key, "description": said}
        )
    return found


def _properties(kind: type[Struct]) -> Mapping[str, Any]:
    """The arguments of a query; one that may be absent is never sent as null."""
    schema = msgspec.json.schema(kind)
    found = schema["$defs"][kind.__name__]["properties"]
    return {name: _not_null(one) for name, one in found.items()}


def _not_null(schema: dict[str, Any]) -> dict[str, Any]:
    kept = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    return kept[0] if len(kept) == 1 else {k: v for k, v in schema.items() if k != "default" or v is not None}


def _response(endpoint: Endpoint, status: int) -> dict[str, Any]:
    if status == 304:
        return {"description": WORDS[304]}
    is_fine = status < 400
    kind, name = ("application/json", endpoint.returns.__name__) if is_fine else ("application/problem+json", "Problem")
    schema = {"$ref": f"#/components/schemas/{name}"}
    return {"description": WORDS[status], "content": {kind: {"schema": schema}}}
