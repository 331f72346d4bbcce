"""One reader for each kind of file: bytes in, checked rows out; no database, no web."""

from __future__ import annotations

from collections.abc import Callable

from . import oasis_log
from .table import CommentFile

READERS: dict[str, Callable[[bytes], CommentFile]] = {"oasis-log": oasis_log.read}
PROFILES = {"oasis-log": "An OASIS comment resolution log in Markdown"}
