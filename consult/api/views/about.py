"""What the interface is, for people and for programs."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue

from consult.core.doors import show
from consult.core.rules import anyone

from ..contract import ENDPOINTS, ROOT, document
from ..scopes import SCOPES
from .room import programs, room


@room.get("/api", permit=anyone)
def about() -> ResponseReturnValue:
    """What programs can do here, with examples to copy."""
    return show("api/about.html", endpoints=ENDPOINTS, root=ROOT, scopes=SCOPES)


@programs.get(f"{ROOT}/openapi.json", permit=anyone)
def openapi() -> Response:
    """The OpenAPI document, made of the declarations by which requests are checked."""
    site = current_app.extensions["consult.settings"]
    body = json.dumps(document(f"{site.site_name} API", site.public_url.rstrip("/"), version("consult")))
    response = Response(body, content_type="application/json; charset=utf-8")
    response.headers["Cache-Control"] = "public, no-cache"
    response.set_etag(hashlib.sha256(body.encode()).hexdigest()[:32], weak=True)
    response.make_conditional(request)
    return response
