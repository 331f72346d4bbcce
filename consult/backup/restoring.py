"""Puts a backup into an empty installation: everything is looked at before anything is touched."""

from __future__ import annotations

from flask_migrate import upgrade

from consult.core import schema
from consult.core.paths import MIGRATIONS
from consult.core.records import Record
from consult.core.store import files

from . import making, rows
from .archive import Backup, Manifest, Tick, table_part


class NotRestored(Exception):
    """Nothing was restored, and nothing was changed; the text says why and what to do."""


class Restored(Record):
    """What is there now."""

    rows: int
    files: int


def check(backup: Backup, *, new_key: bool) -> None:
    """NotRestored with a sentence when this installation is not the place for this backup."""
    _same_tables(backup.manifest)
    if not new_key and backup.manifest.key_mark != making.key_mark():
        raise NotRestored(
            "This installation has another secret key than the one the backup is from. Put that key into the file"
            " secret_key of the instance folder, or set CONSULT_SECRET_KEY. If it is lost, --new-key restores without"
            " it: then everybody signs in again, links in old mails do not work any more, and apps for codes have to"
            " be set up anew (`consult admin forget-factors`)."
        )
    if held := rows.filled():
        raise NotRestored(
            f"This installation is not empty: it has rows in {', '.join(held[:4])}{' and more' if held[4:] else ''}."
            " A backup goes only into a new one: give another CONSULT_INSTANCE, with PostgreSQL another database too."
        )
    if strange := _strange_files(backup):
        raise NotRestored(
            f"This installation is not empty: its store has {strange} files that are not in the backup."
            " A backup goes only into a new one: give another CONSULT_INSTANCE or CONSULT_FILES_URL."
        )


def _same_tables(manifest: Manifest) -> None:
    made_by = f"The backup was made by Consult {manifest.version}, whose tables have the revision {manifest.revision}"
    if manifest.revision != schema.needed():
        raise NotRestored(
            f"{made_by}; this version needs {schema.needed()}. Restore it with Consult {manifest.version}, then"
            " install this version and run `consult db upgrade`."
        )
    if manifest.columns != rows.columns():
        told, ours = manifest.columns, rows.columns()
        other = sorted(name for name in {*told, *ours} if told.get(name) != ours.get(name))
        raise NotRestored(
            f"{made_by} like those of this version, but {', '.join(other[:4])} have other columns. It is from a version"
            " between two releases: restore it with the very same."
        )
    present = schema.present()
    if present not in (None, manifest.revision):
        raise NotRestored("The database of this installation is of another version. Run `consult db upgrade` first.")


def _strange_files(backup: Backup) -> int:
    return len(set(files().names()) - set(backup.files))


def restore(backup: Backup, tick: Tick) -> Restored:
    """The tables, then the files, then all rows in one transaction: until that is through, the installation is empty."""
    if schema.present() is None:
        upgrade(directory=str(MIGRATIONS))
    for sha256 in backup.files:
        with backup.content(sha256) as content:
            files().take_back(sha256, content)
    total = 0
    with rows.empty_database() as connection:
        if held := [table.name for table in rows.tables() if rows.count(connection, table)]:
            raise NotRestored(f"Somebody wrote into {', '.join(held[:4])} meanwhile. Stop Consult, and begin again.")
        for table in rows.tables():
            count = rows.load(connection, table, backup.lines(table.name), tick)
            if count != backup.manifest.rows[table.name]:
                raise ValueError(
                    f"{table_part(table.name)} has {count} rows, {backup.manifest.rows[table.name]} are told"
                )
            total += count
    return Restored(total, len(backup.files))
