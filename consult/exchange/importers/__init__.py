"""One reader for each kind of file: bytes in, checked rows out; no database, no web."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from . import comment_csv, github_archive, oasis_log, talk_page
from .table import CommentFile, WrongFile

READERS: dict[str, Callable[[bytes], CommentFile]] = {
    "oasis-log": oasis_log.read,
    "github-archive": github_archive.read,
    "talk-page": talk_page.read,
}
PROFILES = {
    "oasis-log": "An OASIS comment resolution log in Markdown",
    "github-archive": "Issues and pull requests of a GitHub repository, as the IETF's i-d-template archives them",
    "talk-page": "A talk page of a wiki, saved as Parsoid HTML",
    "csv": "A CSV file of any body; --map says which column holds what",
}


def read(profile: str, data: bytes, columns: Mapping[str, str]) -> CommentFile:
    """The comments of a file; `columns` is for CSV alone. Raises WrongFile with a sentence."""
    if profile == "csv":
        return comment_csv.read(data, columns)
    if columns:
        raise WrongFile("Columns are named for a CSV file only; this kind of file has its own.")
    return READERS[profile](data)
