"""What an operator does about the debate."""

from __future__ import annotations

import json
from functools import partial

import click
from flask.cli import with_appcontext
from rich.console import Console
from rich.progress import track

from consult.core.rules import SYSTEM

from . import mending, queries

console = Console(stderr=True)


@click.command("recount")
@click.option("--json", "as_json", is_flag=True, help="Print the result for machines.")
@with_appcontext
def recount(as_json: bool) -> None:
    """Count comments, replies and votes anew.

    Sets right what is wrong and says what it was. Safe to run at any time and to end at any time; others go on
    meanwhile. Needed only after the database was changed by hand.
    """
    found: dict[str, list[str]] = {}
    for consultation in queries.counted(viewer=SYSTEM):
        watched = partial(track, description=consultation.slug, console=console, transient=True)
        found[consultation.slug] = mending.recount(consultation, watched)
    if as_json:
        click.echo(json.dumps({"corrected": {slug: lines for slug, lines in found.items() if lines}}))
        return
    for slug, lines in found.items():
        for line in lines:
            click.echo(f"{slug}: {line}")
    wrong = sum(len(lines) for lines in found.values())
    click.echo(f"{len(found)} consultations counted; {wrong or 'no'} counter{'' if wrong == 1 else 's'} corrected.")
