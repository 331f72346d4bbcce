"""`consult demo`: something to look at, and people to look at it as."""

from __future__ import annotations

import json

import click
from flask import current_app
from flask.cli import with_appcontext
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from consult.core import jobs
from consult.core.db import db
from consult.core.errors import DomainError
from consult.core.rules import SYSTEM
from consult.settings import Settings

from . import operations, programme, queries
from .material import Material, prepare

HERE_ALREADY = "The demo is here already; nothing was changed. Its passwords were printed when it was loaded."
NOT_IN_PRODUCTION = (
    "CONSULT_MODE is production, and the demo makes accounts with printed passwords, one of them an administrator's."
    " Load it into an installation of its own. If this one is only for demonstrations, add --in-production."
)


@click.command("demo")
@click.option("--in-production", is_flag=True, help="Load it even where CONSULT_MODE is production.")
@click.option("--json", "as_json", is_flag=True, help="Print the result for machines.")
@with_appcontext
def demo(in_production: bool, as_json: bool) -> None:
    """Load two consultations on real texts, with people for every role.

    OASIS CSAF 2.1, as its public review was, with real comments and answers; and the EU AI Act, open for 60 days,
    with invented comments; beside them a short standard in the library, and a private consultation. It takes up to a
    minute.

    The people's passwords are made now and printed once: keep them. A second time nothing happens; stopped in the
    middle, nothing stays. The demo cannot be taken out again: load it into a folder of its own (CONSULT_INSTANCE).
    """
    settings: Settings = current_app.extensions["consult.settings"]
    if settings.mode == "production" and not in_production:
        raise click.ClickException(NOT_IN_PRODUCTION)
    if queries.is_loaded(viewer=SYSTEM):
        click.echo(json.dumps({"loaded": False, "why": HERE_ALREADY}) if as_json else HERE_ALREADY)
        return
    try:
        material = _load()
    except DomainError as problem:
        raise click.ClickException(f"{problem.sentence} Nothing was loaded.") from None
    if as_json:
        click.echo(json.dumps(programme.for_machines(material, settings.public_url), ensure_ascii=False, indent=1))
    else:
        programme.show(material, settings.public_url, Console())


def _load() -> Material:
    columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Loading the demo", total=None)

        def tell(what: str) -> None:
            progress.update(task, description=escape(what))

        db.session.close()  # preparing takes longer than PostgreSQL lets a reading transaction stand idle
        material = prepare(tell)
        operations.load(actor=SYSTEM, material=material, tell=tell)
        jobs.wake()
    return material
