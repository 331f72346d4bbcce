"""`consult admin …`: the people who run the site."""

from __future__ import annotations

import json

import click
from flask.cli import with_appcontext

from consult.core import ids
from consult.core.administered import at_the_command_line
from consult.core.errors import DomainError

from . import operations, passwords, queries


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


@admin.command("merge-organisations")
@click.argument("former")
@click.argument("into")
@click.option("--reason", prompt="Reason (public)", help="Why they are the same; everybody can read it.")
@click.option("--signing", multiple=True, help="E-mail address of somebody who signs for FORMER and may sign for INTO.")
@with_appcontext
def merge_organisations(former: str, into: str, reason: str, signing: tuple[str, ...]) -> None:
    """Merge the organisation FORMER into INTO: both as in the addresses of their pages.

    What was said keeps its numbers; the address of FORMER leads to INTO. On the page of INTO this can be undone for
    14 days.
    """
    try:
        rows = [queries.organisation(viewer=at_the_command_line(), slug=slug) for slug in (former, into)]
        people = queries.people_with(viewer=at_the_command_line(), emails=signing)
        operations.merge_organisations(
            actor=at_the_command_line(), former=rows[0], into=rows[1], reason=reason, signing=people
        )
    except DomainError as problem:
        raise click.ClickException(problem.sentence) from problem
    click.echo(f"{rows[0].name} is {rows[1].name} now.")


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
