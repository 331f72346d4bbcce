"""What bench/serve.py serves: Consult, and beside it in the same process a bare Flask route. Measures nothing itself."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from flask import Flask, request
from werkzeug.wrappers import Response

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from consult.app import create_app

bare = Flask("bare")
BYTES = b"x" * 1_000_000
consult = create_app()
BARE = ("/bare/", "/process")


@bare.get("/bare/<int:size>")
def send(size: int) -> Response:
    """So many bytes, with an ETag."""
    if request.if_none_match.contains_weak("bare"):
        return Response(status=304)
    response = Response(BYTES[:size], mimetype="text/html")
    response.set_etag("bare", weak=True)
    return response


@bare.get("/process")
def number() -> str:
    """The number of this process."""
    return str(os.getpid())


def app(environ: Any, start_response: Any) -> Any:
    """Both in one process, under one server."""
    chosen = bare if environ["PATH_INFO"].startswith(BARE) else consult
    return chosen(environ, start_response)
