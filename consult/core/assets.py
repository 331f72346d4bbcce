"""Static files under an address that changes with their content, so browsers may keep them for ever.

All files share one version (a hash over the whole folder), so relative imports between JavaScript
modules resolve inside it. The stylesheet's `@import` lines are inlined, and several behaviours come as one file
(`bundles`): few requests, no build step.
"""

from __future__ import annotations

import hashlib
import mimetypes
import re
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, abort, url_for

from .bundles import bundle, names_of

IMPORT = re.compile(r'^@import "([^"]+)";$', re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def _with_imports(path: Path) -> str:
    text = path.read_text("utf-8")
    return IMPORT.sub(lambda match: _with_imports(path.parent / match[1]), text)


def _load(folder: Path) -> dict[str, bytes]:
    files = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".css":
            lines = COMMENT.sub("", _with_imports(path)).splitlines()
            files[name] = "\n".join(line.strip() for line in lines if line.strip()).encode()
        else:
            files[name] = path.read_bytes()
    return files


def init_app(app: Flask, folder: Path) -> None:
    """Read the static folder once and serve it under /assets/<version>/…; gives templates `asset()`."""
    files = _load(folder)
    version = hashlib.sha256(b"".join(name.encode() + data for name, data in files.items())).hexdigest()[:12]

    def asset(name: str) -> str:
        if name not in files:
            raise LookupError(f"no static file {name!r}")
        return url_for("asset", version=version, name=name)

    @lru_cache(maxsize=64)  # pages ask for about a dozen
    def bundled(name: str) -> bytes:
        names = names_of(name, files)
        return bundle(names, files) if names else b""

    def serve(version: str, name: str) -> Response:
        data = files.get(name) or bundled(name)
        if not data:
            abort(404)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        response = Response(data, content_type=f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response

    app.add_url_rule("/assets/<version>/<path:name>", "asset", serve, methods=["GET"])
    app.jinja_env.globals["asset"] = asset
