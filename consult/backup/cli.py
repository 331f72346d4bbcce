"""`consult backup` and `consult restore`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click
from flask.cli import with_appcontext
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from sqlalchemy.exc import SQLAlchemyError

from consult.core import schema

from . import archive, making, restoring
from .archive import Damaged, Manifest, Tick

console = Console(stderr=True)
FILE = click.Path(path_type=Path)


@contextmanager
def _progress(words: str, total: int | None = None) -> Iterator[tuple[Tick, Tick]]:
    """How far it is, on a terminal only: how much there is in all, and a step."""
    columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(words, total=total)
        yield (lambda size: progress.update(task, total=size)), (lambda size: progress.advance(task, size))


@click.command("backup")
@click.argument("file", type=FILE)
@click.option("--check", "is_check", is_flag=True, help="Write nothing; read FILE and say whether it is whole.")
@click.option(
    "--keep", type=click.IntRange(1), help="When FILE is a folder: delete the oldest backups in it but so many."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result for machines.")
@with_appcontext
def backup(file: Path, is_check: bool, keep: int | None, as_json: bool) -> None:
    """Write everything into one file, while Consult runs.

    All rows as they are at one moment, and the files people sent. FILE must not be there yet; if it is a
    folder, the backup gets a name with the moment in it. It has its name only once it is whole, is read
    again before, and only its owner can read it (mode 600): it holds addresses, password hashes and
    hidden comments.

    The secret key is not in it: keep a copy of `secret_key` (or of CONSULT_SECRET_KEY) in another place.

    \b
      consult backup /var/backups/consult --keep 48       one more, and the 48 newest stay
      consult backup --check /var/backups/consult/consult-20261130T060000Z.zip
      consult restore FILE                                into an empty installation
    """
    if is_check:
        manifest, total = _checked(file)
        _tell(as_json, file, manifest, total, "is whole: nothing in it was changed or cut off")
        return
    if schema.present() is None:
        raise click.ClickException(
            "There is no database here. Run `consult db upgrade` first, or set CONSULT_INSTANCE."
        )
    try:
        path = making.place(file)
        with _progress("Writing the backup") as (start, tick):
            manifest, total = making.make(path, start, tick)
    except (making.NotMade, Damaged, OSError) as problem:
        raise click.ClickException(f"No backup was made. {problem}") from problem
    if keep is not None and file.is_dir():
        making.let_go(file, keep)
    _tell(as_json, path, manifest, total, "is written and was read again")


def _checked(file: Path) -> tuple[Manifest, str]:
    size = file.stat().st_size if file.is_file() else 0
    try:
        with _progress("Reading the backup", size) as (_start, tick), archive.opened(file, tick) as found:
            return found.manifest, found.total
    except (Damaged, OSError) as problem:
        raise click.ClickException(str(problem)) from problem


def _tell(as_json: bool, path: Path, manifest: Manifest, total: str, words: str) -> None:
    count, sent = sum(manifest.rows.values()), sum(1 for part in manifest.sums if part.startswith("files/"))
    if as_json:
        told = asdict(manifest) | {"file": str(path), "sha256": total, "rows": count, "files": sent}
        click.echo(json.dumps({k: v for k, v in told.items() if k not in ("columns", "sums", "key_mark")}))
        return
    click.echo(f"{path} {words}: {count:,} rows and {sent:,} files as of {manifest.made_at[:19]} UTC.")
    click.echo(f"SHA-256 {total}")
    if manifest.missing:
        click.echo(
            f"{len(manifest.missing)} files that rows name were not in the store: {manifest.missing[0]} …", err=True
        )


@click.command("restore")
@click.argument("file", type=FILE)
@click.option("--sha256", "expected", help="Go on only if the file has this sum, as `consult backup` printed it.")
@click.option("--new-key", is_flag=True, help="The old secret key is lost: restore without it.")
@click.option("--json", "as_json", is_flag=True, help="Print the result for machines.")
@with_appcontext
def restore(file: Path, expected: str | None, new_key: bool, as_json: bool) -> None:
    """Put a backup into an empty installation.

    Reads the whole file first and refuses one that was changed or cut off, one of another version, and an
    installation in which there is anything. All rows come in one transaction: it is all there or nothing.
    The database may be of the other kind than it was: this is how one moves from SQLite to PostgreSQL.

    Run it while Consult is stopped, with the secret key of the old installation in its place.
    """
    try:
        with (
            _progress("Looking at the backup", file.stat().st_size) as (_start, tick),
            archive.opened(file, tick) as found,
        ):
            if expected and expected.strip().lower() != found.total:
                raise Damaged(f"This is another file than the one you want: its SHA-256 is {found.total}.")
            restoring.check(found, new_key=new_key)
            with _progress("Restoring", sum(found.manifest.rows.values())) as (_all, loaded):
                done = restoring.restore(found, loaded)
    except (Damaged, restoring.NotRestored, OSError) as problem:
        raise click.ClickException(f"Nothing was restored. {problem}") from problem
    except (SQLAlchemyError, ValueError) as problem:
        raise click.ClickException(f"Nothing was restored: the database did not take a row. {problem}") from problem
    if as_json:
        click.echo(json.dumps({"rows": done.rows, "files": done.files, "made_at": found.manifest.made_at}))
        return
    click.echo(f"Restored {done.rows:,} rows and {done.files:,} files as of {found.manifest.made_at[:19]} UTC.")
