"""Giving a kept file to somebody: never run, never drawn as a page of ours."""

from __future__ import annotations

from typing import Protocol

from flask import Response, send_file

from .media import SHOWN
from .store import files

ALONE = "default-src 'none'; sandbox"  # whoever opens one by itself gets a picture and nothing else


class KeptFile(Protocol):
    """What is known of a file: the columns of its row."""

    sha256: str
    name: str
    media_type: str


def download(file: KeptFile) -> Response:
    """The bytes of a file whose row the viewer may read; a picture is shown, everything else is saved.

    A PDF is saved, too: it may hold scripts and forms. `X-Content-Type-Options: nosniff` is on every answer.
    """
    answer = send_file(
        files().open(file.sha256), file.media_type, as_attachment=file.media_type not in SHOWN,
        download_name=file.name, etag=file.sha256,
    )  # fmt: skip
    answer.headers["Content-Security-Policy"] = ALONE
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
