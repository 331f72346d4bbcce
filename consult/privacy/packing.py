"""A copy as one ZIP file: data.json for programs, index.html for people, and the files that were sent."""

from __future__ import annotations

import json
import os
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from email import message_from_bytes
from email.policy import default
from html import escape
from pathlib import Path
from typing import Any, BinaryIO, Self

from consult.core.bucket import Bucket, BucketStore
from consult.core.errors import Missing
from consult.core.mail import folder as mail_folder
from consult.core.personal import Leaving
from consult.core.store import files

from . import inventory
from .inventory import Table

LEADS_TO_HER = re.compile(r"^(person|author|actor|moderator|reporter)_id$|_by_id$")
MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d).*")
UNSAFE = re.compile(r"[^\w.\-]+")
STYLE = """
body{font:16px/1.5 system-ui, sans-serif; max-width:46rem; margin:2rem auto; padding:0 1rem; color-scheme:light dark}
dl{border-top:1px solid; padding:.5rem 0} dt{font-weight:600} dd{margin:0 0 .5rem; white-space:pre-wrap; overflow-wrap:anywhere}
"""


def folder() -> Path:
    """Where copies are made, and kept unless there is a bucket: beside the store of files."""
    path = files().folder.with_name("copies")
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def _bucket() -> Bucket | None:
    store = files()
    return store.copies if isinstance(store, BucketStore) else None


def keep(name: str) -> None:
    """Put what was made where every machine finds it."""
    if bucket := _bucket():
        path = folder() / name
        bucket.write(name, path)
        path.unlink()


def opened(name: str) -> BinaryIO:
    """A copy, to be read and closed; Missing when it is not there any more."""
    bucket = _bucket()
    try:
        return bucket.open(name) if bucket else (folder() / name).open("rb")
    except FileNotFoundError:
        raise Missing() from None


def remove(name: str) -> None:
    """Delete a copy; nothing happens when it is gone already."""
    if bucket := _bucket():
        bucket.delete(name)
    (folder() / name).unlink(missing_ok=True)


def older_than(moment: datetime) -> Iterator[str]:
    """Names of the copies that were made before a moment, also of what was begun and not finished."""
    if bucket := _bucket():
        yield from bucket.names(moment)
    for path in folder().iterdir():
        if path.stat().st_mtime < moment.timestamp():
            yield path.name


class Parcel:
    """A copy being packed: rows come in any order, a row twice is one; `close` writes it whole or not at all."""

    def __init__(self, path: Path, person_id: int, made_at: datetime) -> None:
        self.path, self.person_id, self.made_at = path, person_id, made_at
        self._beside = path.with_suffix(".part")
        self._handle = os.fdopen(os.open(self._beside, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b")
        self._zip = zipfile.ZipFile(self._handle, "w", zipfile.ZIP_DEFLATED)
        self._tables: dict[str, dict[int, dict[str, Any]]] = {}
        self.names: dict[tuple[str, int], str] = {}  # of what ids lead to, for the page: (column, id) → name

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        """What was not closed was not finished, and leaves nothing."""
        if not self._handle.closed:
            self._zip.close()
            self._handle.close()
            self._beside.unlink(missing_ok=True)

    def add(self, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Rows of a table; whatever is bytes becomes a file of its own."""
        kept = self._tables.setdefault(table, {})
        for row in rows:
            told = {name: self._told(table, row["id"], name, value) for name, value in row.items()}
            kept.setdefault(row["id"], {}).update(told)

    def add_file(self, row: Mapping[str, Any], content: BinaryIO) -> None:
        """A file that was sent, as it came."""
        with content, self._zip.open(f"files/{row['id']}-{_safe(row['name'])}", "w") as out:
            while part := content.read(1 << 20):
                out.write(part)

    def ids(self, column: str) -> set[int]:
        """Every id that is in a column of this name."""
        rows = (row for rows in self._tables.values() for row in rows.values())
        return {row[column] for row in rows if row.get(column)}

    def close(self) -> int:
        """Finish it; how many bytes it has."""
        tables = {name: list(rows.values()) for name, rows in self._tables.items() if rows}
        told = {"made_at": self.made_at.isoformat(), "person_id": self.person_id, "tables": tables}
        self._zip.writestr("data.json", json.dumps(told, ensure_ascii=False, indent=1))
        self._zip.writestr("index.html", "".join(self._page(tables)))
        self._zip.close()
        self._handle.close()
        os.replace(self._beside, self.path)
        return self.path.stat().st_size

    def _page(self, tables: Mapping[str, list[dict[str, Any]]]) -> Iterator[str]:
        yield f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Your data</title><style>{STYLE}</style>'
        yield f"<h1>Your data</h1><p>What is kept about you, as of {_readable(self.made_at.isoformat())}. The same is in "
        yield '<a href="data.json">data.json</a> for programs; files you sent are in the folder <code>files</code>.</p>'
        for name, table in inventory.tables().items():
            if name in tables:
                yield f"<h2>{escape(table.what)}</h2><p>{escape(table.purpose)} Kept {escape(table.kept)}.</p>"
                yield from (self._row(table, row) for row in tables[name])

    def _row(self, table: Table, row: Mapping[str, Any]) -> str:
        said = {column.name: column.what for column in table.columns}
        pairs = (
            (said[name], self.names.get((name, value), _readable(value)))
            for name, value in row.items()
            if name in said and value not in (None, "") and not (LEADS_TO_HER.search(name) and value == self.person_id)
        )
        told = "".join(f"<dt>{escape(what)}</dt><dd>{escape(value)}</dd>" for what, value in pairs)
        return f"<dl>{told}</dl>"

    def _told(self, table: str, row_id: int, column: str, value: Any) -> Any:
        if isinstance(value, bytes):
            name = f"files/{table}-{row_id}-{column}"
            self._zip.writestr(name, value)
            return name
        return value.isoformat() if isinstance(value, date) else value  # a moment is a date, too


def forget(leaving: Leaving, copy: str) -> None:
    """Once somebody is erased: delete her copy, if there is one, and mails that were written instead of sent."""
    if copy:
        remove(copy)
    for path in mail_folder().glob("*.eml"):
        if _names(path.read_bytes(), leaving):
            path.unlink(missing_ok=True)


def _names(mail: bytes, leaving: Leaving) -> bool:
    """Whether a mail is to her or about her, by her address or her name."""
    message = message_from_bytes(mail, policy=default)
    said = " ".join([*map(str, message.values()), str(message.get_content())])
    return leaving.email in said or leaving.name in said


def _readable(value: Any) -> str:
    """A value as people read it: yes or no, and moments without their fractions."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    moment = MOMENT.fullmatch(str(value))
    return f"{moment[1]}, {moment[2]} UTC" if moment else str(value)


def _safe(name: str) -> str:
    return UNSAFE.sub("_", name)[-80:] or "file"
