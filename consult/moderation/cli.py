"""`consult campaigns`: comments that share a text. `consult intake`: what came by mail."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from flask.cli import with_appcontext
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.core.errors import Conflict, DomainError
from consult.core.records import Record
from consult.core.rules import SYSTEM

from . import operations, taking
from .jobs import look
from .models import CampaignSearch
from .queries import campaigns as queries


class Result(Record):
    """What the command prints."""

    consultation: str
    search: CampaignSearch
    lines: Sequence[queries.Line]


@click.group("campaigns")
def campaigns() -> None:
    """Find comments that share a text."""


@campaigns.command("find")
@click.option("--consultation", "slug", required=True, metavar="SLUG", help="Which consultation, by its address.")
@click.option("--json", "as_json", is_flag=True, help="Print the result for machines.")
@with_appcontext
def find_campaigns(slug: str, as_json: bool) -> None:
    """Look through all comments of a consultation for texts they share.

    What is found is proposed to the moderators, who decide whether it is counted as one argument. Nothing is hidden,
    and a comment that is in a campaign already stays there. Safe to run at any time.
    """
    try:
        consultation = consultations.find(viewer=SYSTEM, slug=slug)
        search = look(consultation.id)
        page = queries.overview(viewer=SYSTEM, consultation=consultation)
    except DomainError as problem:
        raise click.ClickException(problem.sentence) from None
    result = Result(slug, search, page.lines)
    click.echo(_as_json(result)) if as_json else _print(result)


def _as_json(result: Result) -> str:
    lines = [
        {
            "number": line.number, "state": line.state, "name": line.name, "comments": line.count, "same": line.same,
            "waiting": line.waiting, "text": line.begins,
        }
        for line in result.lines
    ]  # fmt: skip
    whole = {
        "consultation": result.consultation, "read": result.search.total, "new": result.search.found,
        "cut": result.search.beside.splitlines(), "campaigns": lines,
    }  # fmt: skip
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _print(result: Result) -> None:
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for name in ("Number", "State", "Comments", "As it is", "What they share"):
        table.add_column(name, overflow="fold")
    for line in result.lines:
        table.add_row(
            str(line.number), line.state, f"{line.count:,}", f"{line.same:,}", escape(line.name or line.begins)
        )
    Console().print(table)
    for cut in result.search.beside.splitlines():
        click.echo(f"Not compared, as most comments have it: {cut}")
    click.echo(f"{result.search.total:,} comments read; {result.search.found:,} newly found to share a text.")


@click.group("intake")
def intake() -> None:
    """Take in what came by mail."""


@intake.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--consultation", "slug", required=True, metavar="SLUG", help="Which consultation, by its address.")
@with_appcontext
def import_mails(files: Sequence[Path], slug: str) -> None:
    """Take in mails (.eml or mbox), for the moderators to complete and compare. Nothing of them is public.

    A mail that is here already, by its Message-ID, is left out: safe to run again on the same files.
    """
    try:
        consultation = consultations.find(viewer=SYSTEM, slug=slug)
        told = [line for path in files for line in _take_in(path, consultation)]
    except DomainError as problem:
        raise click.ClickException(problem.sentence) from None
    for line in told:
        click.echo(line)


def _take_in(path: Path, consultation: Consultation) -> Iterator[str]:
    """What became of each mail of a file."""
    for taken in taking.take(path.read_bytes(), path.name):
        if taken.mail is None:
            yield f"{taken.name}: left out. {taken.problem}"
            continue
        try:
            entry = operations.begin_from_mail(
                actor=SYSTEM, consultation=consultation, mail=taken.mail, kept=taken.kept
            )
        except Conflict as known:
            yield f"{taken.name}: left out. {known.sentence}"
            continue
        yield " ".join((f"{taken.name}: contribution {entry.number}.", *taken.remarks))
