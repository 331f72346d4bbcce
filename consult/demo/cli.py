"""`consult demo`: something to look at, and people to look at it as."""

from __future__ import annotations

import json
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from consult.accounts.models import CATEGORIES
from consult.core import jobs
from consult.core.errors import DomainError
from consult.core.rules import SYSTEM
from consult.settings import Settings

from . import operations, queries
from .material import Material, prepare
from .script import DemoPerson

HERE_ALREADY = "The demo is here already; nothing was changed. Its passwords were printed when it was loaded."
NOT_IN_PRODUCTION = (
    "CONSULT_MODE is production, and the demo makes accounts with printed passwords, one of them an administrator's."
    " Load it into an installation of its own. If this one is only for demonstrations, add --in-production."
)
ROLES = {"appeals_panel": "appeals panel"}


@click.command("demo")
@click.option("--in-production", is_flag=True, help="Load it even where CONSULT_MODE is production.")
@click.option("--json", "as_json", is_flag=True, help="Print the result for machines.")
@with_appcontext
def demo(in_production: bool, as_json: bool) -> None:
    """Load two consultations on real texts, with people for every role.

    OASIS CSAF 2.1, as its public review was, with real comments and answers; and the EU AI Act, open for 60 days,
    with invented comments. The people's passwords are made now and printed once. A second time nothing happens;
    stopped in the middle, nothing stays.
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
        click.echo(json.dumps(_for_machines(material, settings.public_url), ensure_ascii=False, indent=1))
    else:
        _print(material, settings.public_url)


def _load() -> Material:
    columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Loading the demo", total=None)

        def tell(what: str) -> None:
            progress.update(task, description=escape(what))

        material = prepare(tell)
        operations.load(actor=SYSTEM, material=material, tell=tell)
        jobs.wake()
    return material


def _role(person: DemoPerson) -> str:
    return ROLES.get(person.does, person.does) or f"stakeholder, {CATEGORIES[person.category].lower()}"


def _for_machines(material: Material, public_url: str) -> dict[str, Any]:
    organisations = {o.key: o.name for o in material.script.people.organisation}
    return {
        "loaded": True,
        "consultations": [f"{public_url}/c/{c.slug}" for c in (material.script.csaf, material.script.act)],
        "people": [
            {
                "name": person.name, "role": _role(person), "category": person.category, "email": person.email,
                "organisation": organisations.get(person.of, ""), "password": material.passwords[person.key],
            }
            for person in material.script.people.person
        ],
    }  # fmt: skip


def _print(material: Material, public_url: str) -> None:
    organisations = {o.key: o.name.removesuffix(" (demo)") for o in material.script.people.organisation}
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for name in ("Name", "Role", "Speaks for"):
        table.add_column(name, overflow="fold")
    for name in ("E-mail", "Password"):
        table.add_column(name, no_wrap=True)
    for person in material.script.people.person:
        speaks_for = organisations.get(person.of, "herself or himself")
        table.add_row(person.name, _role(person), speaks_for, person.email, material.passwords[person.key])
    console = Console(width=max(Console().width, 132) if not Console().is_terminal else None)
    console.print("\nThe demo is loaded. These people are invented; their passwords are shown only now:\n")
    console.print(table)
    console.print(
        f"\nStart with [bold]consult serve[/], then look at {public_url}/\n"
        f"  {public_url}/c/{material.script.act.slug}   open: read the draft and comment\n"
        f"  {public_url}/c/{material.script.csaf.slug}    published: see what became of 43 real comments\n"
        f"Sign in at {public_url}/sign-in",
        highlight=False, soft_wrap=True,
    )  # fmt: skip
