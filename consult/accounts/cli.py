"""`consult admin …`: the people who run the site."""

from __future__ import annotations

import json

import click
from flask.cli import with_appcontext

from consult.core import ids
from consult.core.administered import at_the_command_line
from consult.core.errors import DomainError

from . import operations, passwords


@click.group()
def admin() -> None:
    """Run the site: administrators, people, organisations, roles, health, and what was done."""


@admin.command("create")
@click.option("--email", prompt="E-mail", help="Address of the new administrator; asked for when left out.")
@click.option("--name", prompt="Name", help="Name as others see it; asked for when left out.")
@click.option("--generate-password", is_flag=True, help="Make a password and print it once, instead of asking for one.")
@click.option("--json", "as_json", is_flag=True, help="Print the result for machines.")
@with_appcontext
def create_administrator(email: str, name: str, generate_password: bool, as_json: bool) -> None:
    """Make an account that is an administrator.

    The address counts as confirmed, and must have no account yet. The password (12 characters or more)
    is asked for twice and not shown.

    \b
    Without questions, for scripts:
      consult admin create --email ada@example.org --name "Ada Winter" --generate-password --json
    """
    password = ids.new_token()[:24] if generate_password else _asked_password(name, email)
    try:
        person = operations.create_person(
            actor=at_the_command_line(), name=name, email=email, password_hash=passwords.hash_password(password),
            category="other", is_verified=True, is_administrator=True,
        )  # fmt: skip
    except DomainError as problem:
        raise click.ClickException(problem.sentence) from problem
    if as_json:
        made = {"id": person.id, "email": person.email, "name": person.name}
        click.echo(json.dumps(made | ({"password": password} if generate_password else {})))
        return
    click.echo(f"{person.name} <{person.email}> is an administrator now and can sign in.")
    if generate_password:
        click.echo(f"Password, shown only this once: {password}")


def _asked_password(name: str, email: str) -> str:
    """Ask, without showing it, until a password will do."""
    while True:
        password: str = click.prompt(
            "Password (12 characters or more)", hide_input=True, confirmation_prompt="Once more"
        )
        weakness = passwords.weakness(password, name, email)
        if not weakness:
            return password
        click.echo(weakness, err=True)
