"""`consult privacy …`: what an operator does for somebody who cannot sign in."""

from __future__ import annotations

import json

import click
from flask.cli import with_appcontext

from consult.core.administered import at_the_command_line
from consult.core.errors import DomainError

from . import operations, packing


@click.group()
def privacy() -> None:
    """Erase somebody who cannot ask for it herself."""


@privacy.command("erase")
@click.option("--email", required=True, help="Address of the account.")
@click.option("--words-go", is_flag=True, help="What she said in public goes as well; tombstones with numbers stay.")
@click.option("--reason", default="", help="Why; kept in the list of administrative acts. Name nobody.")
@click.option("--yes", is_flag=True, help="Do not ask once more.")
@click.option("--json", "as_json", is_flag=True, help="Print the result for machines.")
@with_appcontext
def erase(email: str, words_go: bool, reason: str, yes: bool, as_json: bool) -> None:
    """Erase an account at once. It cannot be taken back.

    For people who cannot sign in; all others do it under Your data in their account, with a week to take
    it back. Make sure that it is really she who asks. Refused where she is the only organiser of a
    consultation, the only signatory of an organisation with other members, or the only administrator.
    """
    if not yes:
        click.confirm(f"Erase {email} for good?", abort=True)
    try:
        done = operations.erase_now(actor=at_the_command_line(), email=email, words_go=words_go, reason=reason)
    except DomainError as problem:
        raise click.ClickException(problem.sentence) from problem
    packing.forget(*done)
    click.echo(
        json.dumps({"erased": done[0].person_id})
        if as_json
        else f"Erased. The empty account is number {done[0].person_id}."
    )
