"""One reader for each kind of file: bytes in, checked rows out; no database, no web."""

from __future__ import annotations

from collections.abc import Callable

from . import github_archive, oasis_log, talk_page
from .table import CommentFile

READERS: dict[str, Callable[[bytes], CommentFile]] = {
    "oasis-log": oasis_log.read,
    "github-archive": github_archive.read,
    "talk-page": talk_page.read,
}
PROFILES = {
    "oasis-log": "An OASIS comment resolution log in Markdown",
    "github-archive": "Issues and pull requests of a GitHub repository, as the IETF's i-d-template archives them",
    "talk-page": "A talk page of a wiki, saved as Parsoid HTML",
}
