"""`consult comments`: bring in what was said elsewhere."""

from __future__ import annotations

import hashlib
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from consult.consultations import queries as consultations
from consult.core.errors import DomainError
from consult.core.records import Record
from consult.core.rules import SYSTEM

from . import operations, queries
from .importers import PROFILES, comment_csv, read
from .importers.table import WrongFile
from .queries import Fate, Plan

LARGEST = 20 * 1024 * 1024  # nothing larger is even opened; each reader has a lower limit of its own
PORTION = 200  # rows that are brought in by one transaction, where threads allow it
STYLES = {"created": "green", "updated": "yellow", "duplicate": "dim", "error": "red"}


class Result(Record):
    """What the command prints."""

    consultation: str
    sha256: str
    plan: Plan
    is_committed: bool
    numbers: dict[int, str]


class NothingRead(click.ClickException):
    """The command ends before any row was looked at."""

    exit_code = 2


@click.group("comments")
def comments() -> None:
    """Bring in comments that were made elsewhere."""


@comments.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--consultation", "slug", required=True, metavar="SLUG", help="Which consultation, by its address.")
@click.option(
    "--profile", required=True, type=click.Choice(list(PROFILES)),
    help="What kind of file it is. " + "; ".join(f"{name}: {words}" for name, words in PROFILES.items()) + ".",
)  # fmt: skip
@click.option(
    "--since", multiple=True, metavar="VERSION=DATE",
    help="From which day on (2025-09-05) a version of the draft, by its number, was the current one; else since it was"
    " published here. A suggestion for other words belongs to the version that was current when it was made.",
)  # fmt: skip
@click.option(
    "--map", "columns", default="", metavar="NAME=COLUMN,…",
    help="For CSV: which column holds what. external_id and body are needed; " + ", ".join(comment_csv.FIELDS[2:])
    + " may be named.",
)  # fmt: skip
@click.option("--commit", "is_committed", is_flag=True, help="Do it. Without this, only what would happen is shown.")
@click.option("--json", "as_json", is_flag=True, help="Print the result for machines.")
@with_appcontext
def import_comments(
    file: Path, slug: str, profile: str, since: tuple[str, ...], columns: str, is_committed: bool, as_json: bool
) -> None:
    """Bring in comments from FILE, with their answers.

    Shows what becomes of every row: created, updated, duplicate or error. Nothing is written without --commit,
    and the same file twice changes nothing. The consultation must be announced. docs/data-formats.md has the
    columns and how the other body's words for an answer are read.

    Ends with 0 when every row could be read, 1 when some could not, 2 when nothing was read.

    \b
    Example:
      consult comments import --consultation csaf-2-1 --profile oasis-log log.md
      consult comments import --consultation csaf-2-1 --profile oasis-log log.md --commit
      consult comments import --consultation snap --profile csv --map "external_id=Document ID,body=Text" all.csv
    """
    try:
        named = comment_csv.mapping(columns) if columns or profile == "csv" else {}
        result = _import(file, slug, profile, is_committed, dict(map(_since, since)), named)
    except WrongFile as wrong:
        raise NothingRead(f"{file.name} was not read. {wrong.sentence}") from None
    except DomainError as problem:
        raise NothingRead(problem.sentence) from None
    click.echo(_as_json(result)) if as_json else _print(result)
    if result.plan.counts["error"]:
        raise click.exceptions.Exit(1)


def _since(given: str) -> tuple[int, datetime]:
    """ "4=2025-09-05": version 4 was current from the beginning of that day on, UTC."""
    number, _, day = given.partition("=")
    try:
        return int(number), datetime.fromisoformat(day).replace(tzinfo=UTC)
    except ValueError:
        raise click.BadParameter(f"{given!r} should read like 4=2025-09-05.", param_hint="--since") from None


def _import(
    path: Path, slug: str, profile: str, is_committed: bool, since: dict[int, datetime], columns: dict[str, str]
) -> Result:
    if path.stat().st_size > LARGEST:
        raise WrongFile(f"It has {path.stat().st_size:,} bytes; {LARGEST:,} is the most.")
    data = path.read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()
    file = read(profile, data, columns)
    consultation = consultations.find(viewer=SYSTEM, slug=slug)
    if not is_committed:
        plan = queries.plan(viewer=SYSTEM, consultation=consultation, file=file, profile=profile, since=since)
        numbers = {fate.row.line: fate.comment.number for fate in plan.fates if fate.comment is not None}
        return Result(slug, sha256, plan, False, numbers)
    fates: list[Fate] = []
    numbers = {}
    portions = list(file.portions(PORTION))
    with click.progressbar(portions, label="Bringing in", file=sys.stderr, hidden=len(portions) == 1) as shown:
        for portion in shown:  # a transaction each, so that others can write meanwhile; what is in, is in
            done = operations.import_comments(
                actor=SYSTEM, consultation=consultation, file=portion, profile=profile, source_name=path.name,
                sha256=sha256, since=since,
            )  # fmt: skip
            fates += done.plan.fates
            numbers |= done.numbers
    return Result(slug, sha256, Plan(done.plan.version, tuple(fates)), True, numbers)


def _as_json(result: Result) -> str:
    rows = [
        {
            "line": fate.row.line, "item": fate.row.external_id, "fate": fate.fate, "sentence": fate.sentence,
            "comment": result.numbers.get(fate.row.line), "disposition": fate.row.answer and fate.row.answer.code,
        }
        for fate in result.plan.fates
    ]  # fmt: skip
    whole = {
        "consultation": result.consultation, "sha256": result.sha256, "committed": result.is_committed,
        "counts": result.plan.counts, "rows": rows,
    }  # fmt: skip
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _print(result: Result) -> None:
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for name in ("Item", "Fate", "Comment", "What becomes of it"):
        table.add_column(name, overflow="fold")
    for fate in result.plan.fates:
        item = fate.row.external_id or f"line {fate.row.line}"
        number = result.numbers.get(fate.row.line, "")
        table.add_row(escape(item), f"[{STYLES[fate.fate]}]{fate.fate}[/]", number, escape(fate.sentence))
    Console().print(table)
    counts = ", ".join(f"{count} {fate}" for fate, count in result.plan.counts.items() if count) or "no rows"
    if not result.is_committed:
        click.echo(f"\n{counts}. Nothing was written; add --commit to do it.")
    elif any(fate.changes_something for fate in result.plan.fates):
        click.echo(f"\n{counts}. Done.")
    else:
        click.echo(f"\n{counts}. Nothing changed.")
