"""Files as they arrived: one folder, each content once under its SHA-256, never changed.

A row in the database says whose a file is and what it is called; several rows may name one content. A file is
written whole or not at all, before the transaction that names it; what no row names is swept away an hour later.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, BinaryIO, NamedTuple

from flask import Flask, current_app

from .errors import Invalid, Missing
from .media import fitting_name, type_of

SHA256 = re.compile(r"[0-9a-f]{64}")
GONE = "This file is not here any more. The moderators of the consultation can say why."


class Kept(NamedTuple):
    """A content that is in the store, as the columns of its row."""

    sha256: str
    name: str
    media_type: str
    size: int  # bytes


class Store:
    """The files of one installation; `largest` in bytes."""

    def __init__(self, folder: Path, largest: int) -> None:
        self.folder = folder
        self.largest = largest

    def put(self, data: bytes, name: str) -> Kept:
        """Keep a file; Invalid with a sentence when it is too large or none of the kinds we take. Twice is once."""
        if len(data) > self.largest:
            raise Invalid(
                f"This file is {len(data) / 1_048_576:,.1f} MB; {self.largest // 1_048_576} MB is the most. Make the"
                " pictures in it smaller, or send it in parts.", "file",
            )  # fmt: skip
        media_type = type_of(data, name)
        sha256 = hashlib.sha256(data).hexdigest()
        self._keep(sha256, data)
        return Kept(sha256, fitting_name(name, media_type), media_type, len(data))

    def _keep(self, sha256: str, data: bytes) -> None:
        path = self._path(sha256)
        try:
            os.utime(path)  # young again: the sweep leaves it alone until its new row is there
        except FileNotFoundError:
            _write(path, data)

    def take_back(self, sha256: str, content: IO[bytes]) -> None:
        """Put a file from a backup into its place, however large it is; ValueError when it is not what its name says."""
        data = content.read()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise ValueError(f"{sha256} is not what its name says")
        self._take(sha256, data)

    def _take(self, sha256: str, data: bytes) -> None:
        _write(self._path(sha256), data)

    def open(self, sha256: str) -> BinaryIO:
        """The content, to be read and closed; Missing when it is not here."""
        try:
            return self._path(sha256).open("rb")
        except FileNotFoundError:
            raise Missing(GONE) from None

    def size(self, sha256: str) -> int | None:
        """How many bytes it has; None when it is not here."""
        path = self._path(sha256)
        return path.stat().st_size if path.is_file() else None

    def delete(self, sha256: str) -> None:
        """Remove a content; nothing happens when it is gone already."""
        self._path(sha256).unlink(missing_ok=True)

    def older_than(self, moment: datetime) -> Iterator[str]:
        """The SHA-256 of each content that was last put before `moment`."""
        for path in self.folder.glob("??/*"):
            if SHA256.fullmatch(path.name) and datetime.fromtimestamp(path.stat().st_mtime, UTC) < moment:
                yield path.name

    def names(self) -> Iterator[str]:
        """Whatever lies where files are kept."""
        return (path.name for path in self.folder.glob("??/*") if path.name[0] != ".")

    def _path(self, sha256: str) -> Path:
        if not SHA256.fullmatch(sha256):
            raise Missing(GONE)
        return self.folder / sha256[:2] / sha256


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all: written beside its place, on the disk before it is renamed; the folder's entry as well."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".")  # mode 600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def init_app(app: Flask, store: Store) -> None:
    """Keep the files of `app` there."""
    app.extensions["consult.store"] = store


def files() -> Store:
    """The store of this installation."""
    store: Store = current_app.extensions["consult.store"]
    return store
