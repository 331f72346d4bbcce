"""`consult api …`: tokens and machines, for the operator."""

from __future__ import annotations

import json

import click
from flask import current_app
from flask.cli import with_appcontext

from consult.core.administered import at_the_command_line
from consult.core.errors import DomainError
from consult.core.rules import SYSTEM

from . import operations, queries, tokens
from .scopes import DAYS, OF_MACHINES, USUAL_DAYS


@click.group()
def api() -> None:
    """Access tokens and machines."""


@api.group()
def token() -> None:
    """List and revoke access tokens; make one for a machine."""


@token.command("list")
@click.option("--email", default="", help="Only those of this account.")
@click.option("--json", "as_json", is_flag=True, help="Print the result for machines.")
@with_appcontext
def list_tokens(email: str, as_json: bool) -> None:
    """The tokens that open something now. The tokens themselves are kept nowhere."""
    rows = queries.every_token(viewer=SYSTEM, email=email)
    told = [
        {
            "id": row.id, "start": row.start, "name": row.name, "of": row.person.name, "scopes": row.scopes.split(),
            "expires_at": row.expires_at.isoformat(), "used_on": row.used_on.isoformat() if row.used_on else None,
        }
        for row in rows
    ]  # fmt: skip
    if as_json:
        click.echo(json.dumps(told))
        return
    for one in told:
        click.echo(f"{one['id']}\t{one['start']}…\t{one['name']}\t{one['of']}\tuntil {str(one['expires_at'])[:10]}")


@token.command("revoke")
@click.option("--id", "token_id", type=int, required=True, help="Its number, as `consult api token list` says it.")
@with_appcontext
def revoke(token_id: int) -> None:
    """End a token at once."""
    try:
        row = queries.token(viewer=SYSTEM, token_id=token_id)
        operations.revoke_token(actor=SYSTEM, token=row)
    except DomainError as problem:
        raise click.ClickException(problem.sentence) from problem
    click.echo(f"“{row.name}” of {row.person.name} is revoked.")


@token.command("make")
@click.option("--machine", "machine_id", type=int, required=True, help="Number of the machine.")
@click.option("--name", required=True, help="What it is for.")
@click.option("--scope", "scopes", type=click.Choice(OF_MACHINES), multiple=True, default=("read",), show_default=True)
@click.option("--days", type=click.IntRange(*DAYS), default=USUAL_DAYS, show_default=True, help="Until it expires.")
@with_appcontext
def make(machine_id: int, name: str, scopes: tuple[str, ...], days: int) -> None:
    """Make a token for a machine, and print it this once. People make their own in their account."""
    secret = tokens.new()
    try:
        found = queries.machine(viewer=SYSTEM, machine_id=machine_id)
        operations.make_machine_token(
            actor=SYSTEM, machine=found.person, membership=found.membership, name=name, scopes=scopes, days=days,
            digest=tokens.digest(secret, current_app.config["SECRET_KEY"]), start=tokens.start(secret),
        )  # fmt: skip
    except DomainError as problem:
        raise click.ClickException(problem.sentence) from problem
    click.echo(secret)


@api.command("machine")
@click.option("--name", required=True, help="What it is called; “(machine)” is put behind it.")
@click.option("--organisation", default="", help="Slug of the organisation it belongs to; left out: the site.")
@with_appcontext
def make_machine(name: str, organisation: str) -> None:
    """Make an account for a program, and print its number."""
    try:
        of = queries.organisation_for_machine(viewer=SYSTEM, slug=organisation)
        machine = operations.make_machine(actor=SYSTEM, organisation=of, name=name)
    except DomainError as problem:
        raise click.ClickException(problem.sentence) from problem
    click.echo(f"{machine.id}\t{machine.name}")


@api.command("machines")
@click.option("--json", "as_json", is_flag=True, help="Print the result for machines.")
@with_appcontext
def list_machines(as_json: bool) -> None:
    """The machines of the site, also those that are closed."""
    told = [
        {
            "id": row.person.id, "name": row.person.name, "of": row.of.slug if row.of else "",
            "closed_at": row.person.suspended_at.isoformat() if row.person.suspended_at else None,
        }
        for row in queries.every_machine(viewer=SYSTEM)
    ]  # fmt: skip
    if as_json:
        click.echo(json.dumps(told))
        return
    for one in told:
        click.echo(f"{one['id']}\t{one['name']}\t{one['of'] or 'this site'}" + ("\tclosed" if one["closed_at"] else ""))


@api.command("close")
@click.option("--machine", "machine_id", type=int, required=True, help="Its number, as `consult api machines` says it.")
@click.option("--reason", prompt="Why", help="Why; kept in the list of acts, asked for when left out.")
@with_appcontext
def close(machine_id: int, reason: str) -> None:
    """Close a machine for good: its tokens are revoked, it gets no more, and what it wrote stays."""
    try:
        found = queries.machine(viewer=SYSTEM, machine_id=machine_id)
        operations.close_machine(
            actor=at_the_command_line(), machine=found.person, membership=found.membership, reason=reason
        )
    except DomainError as problem:
        raise click.ClickException(problem.sentence) from problem
    click.echo(f"{found.person.name} is closed.")
