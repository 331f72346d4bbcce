"""Files and copies in a bucket of S3-compatible storage instead of the instance folder; see decision 0143.

`s3://key:secret@bucket/beginning?endpoint=https://…&region=…`. Without key and secret they come from AWS_ACCESS_KEY_ID
and AWS_SECRET_ACCESS_KEY, or from the machine. What is written is there before the answer comes.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, cast
from urllib.parse import parse_qs, unquote, urlsplit

from .errors import Busy, Missing
from .store import GONE, SHA256, Store

IN_MEMORY = 4 * 1024 * 1024  # bytes of a file that is read; a larger one lies in a temporary file
AWAY = "Files cannot be read or kept just now. Try again in a few minutes; what you typed is below."
PATIENCE = {"connect_timeout": "3s", "timeout": "30s"}
log = logging.getLogger(__name__)
T = TypeVar("T")


class Bucket:
    """The objects below one beginning. Every method raises Busy where the storage does not answer."""

    def __init__(self, url: str, folder: str) -> None:
        parts = urlsplit(url)
        asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        self._beginning = "/".join(part for part in (unquote(parts.path).strip("/"), folder) if part)
        self._options: dict[str, Any] = {
            "bucket": parts.hostname, "region": asked.get("region", "us-east-1"),
            "client_options": PATIENCE | {"allow_http": asked.get("endpoint", "").startswith("http://")},
            "retry_config": {"max_retries": 3, "retry_timeout": timedelta(seconds=15)},
        }  # fmt: skip
        if endpoint := asked.get("endpoint"):
            self._options["endpoint"] = endpoint
        if parts.username:
            self._options["access_key_id"] = unquote(parts.username)
            self._options["secret_access_key"] = unquote(parts.password or "")
        self._library: Any = None
        self._store: Any = None

    def write(self, name: str, content: bytes | Path) -> None:
        """Keep an object, whole, in place of an earlier one of this name; it is young again."""
        self._ask(lambda: self._library.put(self._store, self._path(name), content))

    def open(self, name: str) -> BinaryIO:
        """What it holds, to be read and closed; FileNotFoundError when it is not there."""
        return self._ask(lambda: self._read(name))

    def _read(self, name: str) -> BinaryIO:
        there = self._library.get(self._store, self._path(name))
        file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (whoever asked closes it)
        for part in there.stream():
            file.write(part)
        file.seek(0)
        return cast(BinaryIO, file)

    def size(self, name: str) -> int | None:
        """How many bytes it has; None when it is not there."""
        try:
            return int(self._ask(lambda: self._library.head(self._store, self._path(name)))["size"])
        except FileNotFoundError:
            return None

    def delete(self, name: str) -> None:
        """Remove it; nothing happens when it is gone already."""
        with suppress(FileNotFoundError):
            self._ask(lambda: self._library.delete(self._store, self._path(name)))

    def names(self, before: datetime | None = None) -> Iterator[str]:
        """All names, or of what was last written before a moment."""
        found = self._ask(
            lambda: [one for page in self._library.list(self._store, f"{self._beginning}/") for one in page]
        )
        for one in found:
            if before is None or one["last_modified"] < before:
                yield one["path"].rpartition("/")[2]

    def _path(self, name: str) -> str:
        return f"{self._beginning}/{name}"

    def _ask(self, what: Callable[[], T]) -> T:
        if self._store is None:  # not before it is needed: each process has its own connections
            self._library = import_module("obstore")
            self._store = import_module("obstore.store").S3Store(**self._options)
        failures = import_module("obstore.exceptions")
        try:
            return what()
        except failures.NotFoundError:
            raise FileNotFoundError from None
        except failures.BaseError as failure:
            log.warning("the storage of files does not answer as it should: %s", type(failure).__name__)
            raise Busy(AWAY) from None


class BucketStore(Store):
    """The files of one installation in a bucket; copies made for people lie beside them. `folder`: for what is being made."""

    def __init__(self, url: str, folder: Path, largest: int) -> None:
        super().__init__(folder, largest)
        self._files = Bucket(url, "files")
        self.copies = Bucket(url, "copies")

    def _keep(self, sha256: str, data: bytes) -> None:
        self._files.write(self._name(sha256), data)  # also what is there: it is young again, and the sweep leaves it

    _take = _keep

    def open(self, sha256: str) -> BinaryIO:
        try:
            return self._files.open(self._name(sha256))
        except FileNotFoundError:
            raise Missing(GONE) from None

    def size(self, sha256: str) -> int | None:
        return self._files.size(self._name(sha256))

    def delete(self, sha256: str) -> None:
        self._files.delete(self._name(sha256))

    def older_than(self, moment: datetime) -> Iterator[str]:
        return (name for name in self._files.names(moment) if SHA256.fullmatch(name))

    def names(self) -> Iterator[str]:
        return self._files.names()

    def _name(self, sha256: str) -> str:
        if not SHA256.fullmatch(sha256):
            raise Missing(GONE)
        return sha256
