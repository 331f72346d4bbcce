"""What an operator does about the search."""

from __future__ import annotations

import json
from functools import partial

import click
from flask.cli import with_appcontext
from rich.console import Console
from rich.progress import track

from consult.core.rules import SYSTEM

from . import queries, rebuilding

console = Console(stderr=True)


@click.group("search")
def search() -> None:
    """The index people search in."""


@search.command("rebuild")
@click.option("--json", "as_json", is_flag=True, help="Print the result for machines.")
@with_appcontext
def rebuild(as_json: bool) -> None:
    """Make what can be found anew, consultation by consultation.

    Safe to run at any time and to end at any time; others post and search meanwhile. Needed only after the database
    was changed by hand.
    """
    made: dict[str, int] = {}
    for row in queries.searched(viewer=SYSTEM):
        watched = partial(track, description=row.slug, console=console, transient=True)
        made[row.slug] = rebuilding.rebuild(row, watched)
    if as_json:
        click.echo(json.dumps({"indexed": made}))
        return
    click.echo(f"{len(made)} consultations indexed; {sum(made.values()):,} things can be found.")
