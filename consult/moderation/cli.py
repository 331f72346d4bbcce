"""`consult campaigns`: comments that share a text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import click
from flask.cli import with_appcontext
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from consult.consultations import queries as consultations
from consult.core.errors import DomainError
from consult.core.rules import SYSTEM

from .jobs import look
from .models import CampaignSearch
from .queries import campaigns as queries


@dataclass(frozen=True, slots=True)
class Result:
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
