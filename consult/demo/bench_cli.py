"""`consult bench`: what measurements need, for anybody who wants to measure."""

from __future__ import annotations

import json

import click
from flask import current_app
from flask.cli import with_appcontext
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

from consult.accounts.passwords import hash_password
from consult.core.errors import DomainError
from consult.settings import Settings

from .sown.sowing import sow

PASSWORD = "a consultation of any size"  # noqa: S105  of everybody in it
NOT_IN_PRODUCTION = (
    "CONSULT_MODE is production, and this makes accounts with a known password. Measure in an installation of its own."
)


@click.group("bench")
def bench() -> None:
    """Make what measurements need."""


@bench.command("seed")
@click.option("--comments", default=10_000, show_default=True, type=click.IntRange(1, 50_000_000), help="How many.")
@click.option("--slug", default="", help="Its address below /c/; measured-N when left out.")
@click.option("--json", "as_json", is_flag=True, help="Print the result for machines.")
@with_appcontext
def seed(comments: int, slug: str, as_json: bool) -> None:
    """Make an open consultation with many comments.

    With a draft of 40 chapters, people of five kinds, organisations, replies, votes and rows in the search; made up, and
    the same each time. It cannot be taken out again: use a folder of its own (CONSULT_INSTANCE) or a database of its own.
    """
    settings: Settings = current_app.extensions["consult.settings"]
    if settings.mode == "production":
        raise click.ClickException(NOT_IN_PRODUCTION)
    slug = slug or f"measured-{comments}"
    columns = BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    try:
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("", total=comments)
            sow(
                slug=slug, comments=comments, password_hash=hash_password(PASSWORD),
                tell=lambda done: progress.update(task, completed=done),
            )  # fmt: skip
    except DomainError as problem:
        raise click.ClickException(problem.sentence) from None
    address = f"{settings.public_url}/c/{slug}"
    if as_json:
        click.echo(json.dumps({"slug": slug, "comments": comments, "url": address, "password": PASSWORD}))
    else:
        click.echo(f"{comments:,} comments are at {address}. Anybody signs in as {slug}-0@example.org, “{PASSWORD}”.")
