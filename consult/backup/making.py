"""Makes a backup while everything goes on: the rows of one moment, then the files they name.

A file is in the store before the row that names it, and goes an hour after that row at the earliest; so the files
that are there after the rows were read are those the rows name, but for what was erased in between.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from flask import current_app
from sqlalchemy import Connection, select

from consult import __version__
from consult.consultations.models import StoredFile
from consult.core import clock, schema
from consult.core.errors import Missing
from consult.core.store import files

from . import archive, rows
from .archive import Manifest, Packing, Tick

NAME = "consult-{:%Y%m%dT%H%M%S}Z.zip"
PATTERN = "consult-????????T??????Z.zip"


class NotMade(Exception):
    """There is no backup now; the text says why."""


def key_mark() -> str:
    """Tells whether two installations have the same secret key, and nothing of the key."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, b"consult backup", hashlib.sha256).hexdigest()[:32]


def place(given: Path) -> Path:
    """Where the backup goes: a new file, or one named after the moment in a folder that is there."""
    path = given / NAME.format(clock.now()) if given.is_dir() else given
    if path.exists():
        raise NotMade(f"{path} is there already, and no backup is written over another one. Choose another name.")
    if not path.parent.is_dir():
        raise NotMade(f"There is no folder {path.parent}. Make it first.")
    return path


def make(path: Path, start: Tick, tick: Tick) -> tuple[Manifest, str]:
    """Write a backup and read it once more; its manifest and sum. `start` hears how many rows and files there will be."""
    with _beside(path) as (file, beside):
        manifest = _written(file, start, tick)
        with archive.opened(beside) as backup:  # as it is on the disk
            return manifest, backup.total


@contextmanager
def _beside(path: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """A file for its owner only, which has its final name once all went well; otherwise nothing stays."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    handle = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file, beside
        os.link(beside, path)  # refuses, unlike a rename, when a file of that name came meanwhile
    except FileExistsError as problem:
        raise NotMade(f"{path} is there already: another backup was quicker.") from problem
    finally:
        beside.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _written(file: BinaryIO, start: Tick, tick: Tick) -> Manifest:
    with rows.one_moment() as connection:
        manifest = Manifest(
            __version__, schema.present() or "", clock.now().isoformat(), connection.dialect.name, key_mark(),
            columns=rows.columns(),
        )  # fmt: skip
        packing = Packing(file, manifest)
        try:
            start(sum(rows.count(connection, table) for table in rows.tables()))
            _pack_rows(connection, packing, tick)
            _pack_files(packing, set(_named(connection)))
        except BaseException:
            packing.abandon()
            raise
    packing.close()
    return manifest


def _pack_rows(connection: Connection, packing: Packing, tick: Tick) -> None:
    for table in rows.tables():
        lines = _heard(rows.lines(connection, table), tick)
        packing.manifest.rows[table.name] = packing.add_lines(archive.table_part(table.name), lines)


def _pack_files(packing: Packing, named: set[str]) -> None:
    for sha256 in sorted(named):
        with suppress(Missing):
            with files().open(sha256) as content:
                packing.add_file(sha256, content)
            named.discard(sha256)
    packing.manifest.missing = sorted(named)


def _named(connection: Connection) -> Iterator[str]:
    return iter(connection.scalars(select(StoredFile.sha256).distinct()))


def _heard(lines: Iterator[bytes], tick: Tick) -> Iterator[bytes]:
    for number, line in enumerate(lines, 1):
        yield line
        if number % rows.BATCH == 0:
            tick(rows.BATCH)


def let_go(folder: Path, keep: int) -> list[Path]:
    """Delete the oldest backups of a folder, until `keep` are left; those that were deleted."""
    old = sorted(folder.glob(PATTERN))[:-keep]
    for path in old:
        path.unlink()
    return old
