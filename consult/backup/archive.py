"""The file of a backup: a ZIP that any program opens, with a manifest, and a sum over every byte at its very end.

`tables/<name>.jsonl` holds a row a line, `files/<sha256>` what people sent, `manifest.json` how much of what there is
and the SHA-256 of each part. The comment of the ZIP, its last bytes, is the SHA-256 of all bytes before it: whatever
was cut off or changed anywhere, also between the parts, is seen before anything is read from them.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, BinaryIO

FORMAT = 1
MANIFEST = "manifest.json"
MARK = b"consult-sha256:"
SUM_LENGTH = len(MARK) + 64  # bytes of the comment
PIECE = 1024 * 1024  # bytes read at once
Tick = Callable[[int], None]


class Damaged(Exception):
    """The file is no whole and unchanged backup; the text says what is wrong."""


@dataclass(slots=True)
class Manifest:
    """What a backup says of itself."""

    version: str  # of Consult
    revision: str  # of the tables
    made_at: str
    database: str  # sqlite or postgresql, as it was when it was made
    key_mark: str  # tells whether another installation has the same secret key
    columns: dict[str, list[str]] = field(default_factory=dict)  # by table
    rows: dict[str, int] = field(default_factory=dict)  # by table
    sums: dict[str, str] = field(default_factory=dict)  # SHA-256 by part
    missing: list[str] = field(default_factory=list)  # files that a row names and that were not there
    format: int = FORMAT


def table_part(name: str) -> str:
    """The part with the rows of a table."""
    return f"tables/{name}.jsonl"


def file_part(sha256: str) -> str:
    """The part with a file somebody sent."""
    return f"files/{sha256}"


class Packing:
    """A backup that is being written to `file`, which is empty."""

    def __init__(self, file: BinaryIO, manifest: Manifest) -> None:
        self.manifest = manifest
        self._file = file
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=4)

    def add_lines(self, part: str, lines: Iterable[bytes]) -> int:
        """Write a part of lines; how many there were."""
        sums, count = hashlib.sha256(), 0
        with self._zip.open(part, "w", force_zip64=True) as into:
            for line in lines:
                into.write(line)
                sums.update(line)
                count += 1
        self.manifest.sums[part] = sums.hexdigest()
        return count

    def add_file(self, sha256: str, content: BinaryIO) -> None:
        """Write a file somebody sent; Damaged when it is not what its name says."""
        sums = hashlib.sha256()
        info = zipfile.ZipInfo(file_part(sha256))  # not compressed: scans and archives are so already
        with self._zip.open(info, "w", force_zip64=True) as into:
            while piece := content.read(PIECE):
                into.write(piece)
                sums.update(piece)
        if sums.hexdigest() != sha256:
            raise Damaged(f"The file {sha256} in the store is not what it was: its content has another SHA-256.")
        self.manifest.sums[file_part(sha256)] = sha256

    def abandon(self) -> None:
        """Nothing will come of it."""
        with suppress(Exception):
            self._zip.close()

    def close(self) -> str:
        """Add the manifest and the sum, and wait until the disk has it all; the sum."""
        self._zip.writestr(MANIFEST, json.dumps(asdict(self.manifest), indent=1))
        self._zip.comment = MARK + b"0" * 64
        self._zip.close()
        length = self._file.seek(0, os.SEEK_END) - SUM_LENGTH
        self._file.seek(0)
        total = _sum_of(self._file, length, lambda _size: None)
        self._file.seek(length)
        self._file.write(MARK + total.encode())
        self._file.flush()
        os.fsync(self._file.fileno())
        return total


def _sum_of(file: IO[bytes], length: int, tick: Tick) -> str:
    sums = hashlib.sha256()
    while length and (piece := file.read(min(PIECE, length))):
        sums.update(piece)
        length -= len(piece)
        tick(len(piece))
    return sums.hexdigest()


class Backup:
    """A backup that was found to be whole."""

    def __init__(self, opened: zipfile.ZipFile, manifest: Manifest, total: str) -> None:
        self.manifest = manifest
        self.total = total  # the sum over the whole file
        self._zip = opened

    def lines(self, table: str) -> Iterator[bytes]:
        """The rows of a table."""
        with self._zip.open(table_part(table)) as file:
            yield from file

    @property
    def files(self) -> list[str]:
        """The SHA-256 of each file people sent."""
        return [part.removeprefix("files/") for part in self.manifest.sums if part.startswith("files/")]

    @contextmanager
    def content(self, sha256: str) -> Iterator[IO[bytes]]:
        """A file somebody sent."""
        with self._zip.open(file_part(sha256)) as file:
            yield file


@contextmanager
def opened(path: Path, tick: Tick = lambda _size: None) -> Iterator[Backup]:
    """A backup, read once from its first to its last byte before anything in it is believed; Damaged with a sentence."""
    with path.open("rb") as file:
        total = _whole(file, tick)
        try:
            parts = zipfile.ZipFile(file)
            manifest = _manifest(parts)
            _complete(parts, manifest)
        except (zipfile.BadZipFile, KeyError, TypeError, ValueError) as problem:
            raise Damaged(
                f"This is no backup of Consult, or one of a kind this version does not know ({problem})."
            ) from problem
        yield Backup(parts, manifest, total)


def _whole(file: BinaryIO, tick: Tick) -> str:
    length = file.seek(0, os.SEEK_END) - SUM_LENGTH
    file.seek(max(0, length))
    comment = file.read()
    file.seek(0)
    if length < 0 or file.read(2) != b"PK":
        raise Damaged("This is no backup of Consult.")
    file.seek(0)
    if not comment.startswith(MARK):
        raise Damaged("This file ends too early, or is no backup of Consult: the sum at its end is missing.")
    total = _sum_of(file, length, tick)
    if comment.removeprefix(MARK) != total.encode():
        raise Damaged("This file is not as it was written: its SHA-256 is another one than the one at its end.")
    return total


def _manifest(parts: zipfile.ZipFile) -> Manifest:
    told: dict[str, Any] = json.loads(parts.read(MANIFEST))
    if told.get("format") != FORMAT:
        raise Damaged(
            f"This backup has the format {told.get('format')}; this version of Consult reads format {FORMAT}."
            f" It was made by Consult {told.get('version', '(unknown)')}: restore it with that version."
        )
    return Manifest(**told)


def _complete(parts: zipfile.ZipFile, manifest: Manifest) -> None:
    """Exactly the parts the manifest names, each once, each with its sum."""
    names = sorted(parts.namelist())
    if names != sorted([*manifest.sums, MANIFEST]):
        raise Damaged("The parts in this file are not those its manifest names.")
    for name, expected in manifest.sums.items():
        with parts.open(name) as part:
            if _sum_of(part, 1 << 62, lambda _size: None) != expected:
                raise Damaged(f"The part {name} is not what the manifest says.")
