"""`consult admin …`, `consult jobs …`, `consult mail …`: what stands under Administration, from a shell.

Acts are kept like those of administrators, with the name under which the shell runs. Lists print what pages show.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from consult.accounts import operations as accounts
from consult.accounts.cli import admin
from consult.accounts.models import ROLES, Person
from consult.core.administered import at_the_command_line
from consult.core.errors import DomainError
from consult.core.rules import SYSTEM

from . import configured, health, kinds, operations, queries, sheet
from .models import VERBS
from .queries.bodies import ORGANISATIONS
from .queries.people import FILTERS
from .queries.work import SHOWN

as_json = click.option("--json", "as_json", is_flag=True, help="Print the result for machines.")
reason = click.option("--reason", prompt="Why", help="Why; kept in the list of acts, asked for when left out.")
email = click.option("--email", prompt="E-mail", help="Address of the account; asked for when left out.")
search = click.option("--search", default="", help="Only what has these words.")
after = click.option("--after", help="Begin after this place: `next` of the list before.")
slug = click.argument("slug")
Row = Mapping[str, object]


def _print_list(rows: Iterable[Row], listing: Any, is_json: bool) -> None:
    """A list as lines for people, or whole for machines with the place where it goes on."""
    found = list(rows)
    if is_json:
        click.echo(
            json.dumps(
                {"rows": found, "total": listing.total, "next": listing.next_cursor}, ensure_ascii=False, indent=1
            )
        )
        return
    for row in found:
        click.echo("  ".join(str(value) for value in row.values() if value not in ("", None, False, [])))
    click.echo(
        f"{len(found)} of {listing.total}." + (f" More: --after {listing.next_cursor}" if listing.next_cursor else "")
    )


def _do(act: Callable[..., Any], told: str, is_json: bool, **given: Any) -> None:
    """Run an operation; a refusal is a sentence and ends the command with 1."""
    try:
        result = act(actor=at_the_command_line(), **given)
    except DomainError as problem:
        raise click.ClickException(problem.sentence) from problem
    count = {"count": result} if isinstance(result, int) else {}
    click.echo(json.dumps({"done": told, **count}, ensure_ascii=False) if is_json else told)


def _found(query: Callable[..., Any], **given: Any) -> Any:
    try:
        return query(viewer=SYSTEM, **given)
    except DomainError as problem:
        raise click.ClickException(problem.sentence) from problem


def _person(address: str) -> Person:
    found: Person = _found(queries.person_with, email=address)
    return found


# ---------------------------------------------------------------- people
@admin.command("people")
@search
@click.option("--show", "shown", type=click.Choice(list(FILTERS)), help="Only these.")
@after
@as_json
@with_appcontext
def list_people(search: str, shown: str | None, after: str | None, as_json: bool) -> None:
    """List people, who came last first."""
    listing = queries.people(viewer=SYSTEM, text=search, shown=shown or "", after=after)
    roles = queries.roles_of(viewer=SYSTEM, people=[row.id for row in listing.rows])
    _print_list((_told(row, roles.get(row.id, [])) for row in listing.rows), listing, as_json)


def _told(row: Person, roles: list[str]) -> Row:
    return {
        "id": row.id, "email": row.email, "name": row.name, "roles": roles, "administrator": row.is_administrator,
        "suspended": row.suspended_at is not None, "unconfirmed": row.email_verified_at is None,
        "second_step": row.second_factor_at is not None,
    }  # fmt: skip


def _about_person(name: str, act: Callable[..., Any], told: str, words: str) -> None:
    """A command that does something about one account."""

    @admin.command(name, help=words)
    @email
    @reason
    @as_json
    @with_appcontext
    def run(email: str, reason: str, as_json: bool) -> None:
        person = _person(email)
        _do(act, told.format(person.email), as_json, person=person, reason=reason)


_about_person(
    "suspend",
    accounts.suspend_account,
    "{} is suspended, and was told by mail.",
    "Close the site to somebody. She is signed out everywhere and told why by mail.",
)
_about_person(
    "let-in",
    accounts.let_in_again,
    "{} can sign in again, and was told by mail.",
    "Open the site again to somebody who was suspended.",
)
_about_person("sign-out", accounts.end_all_sign_ins, "{} is signed out everywhere.", "Sign somebody out everywhere.")
_about_person(
    "send-password-mail",
    accounts.mail_password,
    "The link is on its way to {}.",
    "Mail somebody the link with which she sets a new password.",
)
_about_person(
    "forget-factors",
    accounts.forget_factors,
    "{} signs in with her password alone now.",
    "Take app, passkeys and recovery codes from somebody who lost them. She is signed out everywhere and told by mail. Make sure first that it is her.",
)
_about_person(
    "make-administrator",
    accounts.make_administrator,
    "{} is an administrator now.",
    "Let somebody with an account run the site.",
)
_about_person(
    "unmake-administrator",
    accounts.unmake_administrator,
    "{} is not an administrator any more.",
    "Let somebody run the site no more. The last administrator stays.",
)


# ---------------------------------------------------------------- organisations
@admin.command("organisations")
@search
@click.option("--show", "shown", type=click.Choice(list(ORGANISATIONS)), help="Only these.")
@after
@as_json
@with_appcontext
def list_organisations(search: str, shown: str | None, after: str | None, as_json: bool) -> None:
    """List organisations, the newest first."""
    listing = queries.organisations(viewer=SYSTEM, text=search, shown=shown or "", after=after)
    rows = (
        {"slug": row.slug, "name": row.name, "code": row.code, "register_number": row.register_number, "domain": row.domain, "verified": row.is_verified}
        for row in listing.rows
    )  # fmt: skip
    _print_list(rows, listing, as_json)


@admin.command("verify")
@slug
@click.option(
    "--by", "grounds", type=click.Choice(list(accounts.GROUNDS)), multiple=True, help="What it was checked by."
)
@click.option("--reason", prompt="What was seen", help="Public: it stands on its page; asked for when left out.")
@as_json
@with_appcontext
def verify(slug: str, grounds: tuple[str, ...], reason: str, as_json: bool) -> None:
    """Say that an organisation is what it says; SLUG is the last part of its address."""
    row, said = _found(queries.organisation, slug=slug), {"reason": reason, "grounds": grounds}
    _do(accounts.verify_organisation, f"{row.name} is verified.", as_json, organisation=row, **said)


@admin.command("unverify")
@slug
@reason
@as_json
@with_appcontext
def unverify(slug: str, reason: str, as_json: bool) -> None:
    """Take that back."""
    row = _found(queries.organisation, slug=slug)
    _do(
        accounts.unverify_organisation,
        f"{row.name} is not verified any more.",
        as_json,
        organisation=row,
        reason=reason,
    )


@admin.command("describe")
@slug
@click.option("--name", help="Its full name.")
@click.option("--category", help="Its kind: government, nonprofit, civil_society, industry, academia, other.")
@click.option("--country", help="Two letters, or an empty text.")
@click.option("--size", help="micro, small, medium, large, or an empty text.")
@click.option("--register-number", help="Its number in a register.")
@click.option("--note", help="A note.")
@reason
@as_json
@with_appcontext
def describe(slug: str, reason: str, as_json: bool, **given: str | None) -> None:
    """Correct what is said of an organisation. What is left out stays."""
    row = _found(queries.organisation, slug=slug)
    said = {name: getattr(row, name) if value is None else value for name, value in given.items()}
    _do(accounts.describe_organisation, f"{row.name} is corrected.", as_json, organisation=row, reason=reason, **said)


# ---------------------------------------------------------------- consultations and roles
@admin.command("consultations")
@search
@click.option("--show", "shown", default="", help="A state, or `orphaned`: without an organiser.")
@after
@as_json
@with_appcontext
def list_consultations(search: str, shown: str, after: str | None, as_json: bool) -> None:
    """List consultations in any state with who organises them."""
    listing = queries.consultations(viewer=SYSTEM, text=search, shown=shown, after=after)
    led = queries.organisers(viewer=SYSTEM, consultations=[row.id for row in listing.rows])
    rows = (
        {"slug": row.slug, "title": row.title, "state": row.state, "organisers": [grant.person.email for grant in led.get(row.id, [])]}
        for row in listing.rows
    )  # fmt: skip
    _print_list(rows, listing, as_json)


@admin.command("appoint")
@slug
@click.option("--role", type=click.Choice(ROLES), default="organiser", show_default=True)
@email
@reason
@as_json
@with_appcontext
def appoint(slug: str, role: str, email: str, reason: str, as_json: bool) -> None:
    """Give somebody a role on a consultation; SLUG is the last part of its address."""
    page, person = _found(queries.consultation_page, slug=slug), _person(email)
    where = {"consultation_id": page.consultation.id, "person": person, "role": role}
    _do(operations.appoint, f"{person.email} is {role} of {slug}.", as_json, reason=reason, **where)


@admin.command("dismiss")
@slug
@click.option("--role", type=click.Choice(ROLES), required=True)
@email
@reason
@as_json
@with_appcontext
def dismiss(slug: str, role: str, email: str, reason: str, as_json: bool) -> None:
    """Take somebody's role on a consultation back; the last organiser stays."""
    page, person = _found(queries.consultation_page, slug=slug), _person(email)
    where = {"consultation_id": page.consultation.id, "person_id": person.id, "role": role}
    _do(operations.dismiss, f"{person.email} is not {role} of {slug} any more.", as_json, reason=reason, **where)


# ---------------------------------------------------------------- health, settings, acts
@admin.command("health")
@as_json
@with_appcontext
def show_health(as_json: bool) -> None:
    """Look whether the site is well. Ends with 1 when something needs attention."""
    found = health.checks(viewer=SYSTEM, settings=current_app.extensions["consult.settings"])
    if as_json:
        told = [{"name": check.name, "good": check.is_good, "sentence": check.sentence} for check in found]
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for check in found:
            click.echo(f"{'good     ' if check.is_good else 'attention'}  {check.name}: {check.sentence}")
    sys.exit(0 if all(check.is_good for check in found) else 1)


@admin.command("settings")
@as_json
@with_appcontext
def show_settings(as_json: bool) -> None:
    """Print the settings as they are now, and where each comes from. Nothing secret is printed."""
    rows = configured.settings_now(current_app.extensions["consult.settings"], os.environ)
    if as_json:
        click.echo(json.dumps({row.name: {"value": row.value, "source": row.source} for row in rows}, indent=1))
        return
    for row in rows:
        click.echo(f"{row.name} = {row.value} ({row.source})")


@admin.command("acts")
@search
@click.option("--show", "verb", type=click.Choice(list(VERBS)), help="Only these.")
@click.option("--csv", "as_csv", is_flag=True, help="Print a table for spreadsheets.")
@as_json
@with_appcontext
def list_acts(search: str, verb: str | None, as_csv: bool, as_json: bool) -> None:
    """Print what administrators did, and what was done by command, oldest first."""
    found = list(queries.every_act(viewer=SYSTEM, verb=verb or "", text=search))
    bodies = queries.organisations_of(viewer=SYSTEM, acts=found)
    rows = [sheet.row(act, bodies) for act in found]
    if as_csv:
        click.echo("".join(sheet.csv_parts(rows)), nl=False)
    elif as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for row in rows:
            click.echo("  ".join(str(value) for value in row.values() if value != ""))


# ---------------------------------------------------------------- jobs and mail
@click.group()
def jobs() -> None:
    """See work that waits or failed, have it tried again, give it up."""


@click.group()
def mail() -> None:
    """See mail that waits or failed."""


def _list_work(name: str, group: click.Group, only_mail: bool) -> None:
    @group.command(name, help="List what failed or waits, the newest first.")
    @click.option(
        "--show", "shown", type=click.Choice(list(SHOWN)), help="Only these; without: what failed, else what waits."
    )
    @click.option("--kind", default="", help="Only jobs of this kind, such as mail.send.")
    @after
    @as_json
    @with_appcontext
    def run(shown: str | None, kind: str, after: str | None, as_json: bool) -> None:
        page = queries.work(viewer=SYSTEM, shown=shown or "", kind=kind, only_mail=only_mail, after=after)
        rows = (
            {"id": line.job.id, "kind": line.job.kind, "state": line.state, "to": line.to, "mail": line.template, "tries": line.job.tries, "due_at": line.job.due_at.isoformat(timespec="seconds"), "why": line.why}
            for line in page.listing.rows
        )  # fmt: skip
        _print_list(rows, page.listing, as_json)


_list_work("list", jobs, only_mail=False)
_list_work("list", mail, only_mail=True)


@jobs.command("retry")
@click.argument("job_id", type=int, required=False)
@click.option("--kind", type=click.Choice(list(kinds.KINDS)), help="All failed jobs of this kind, in place of one.")
@as_json
@with_appcontext
def retry(job_id: int | None, kind: str | None, as_json: bool) -> None:
    """Have a job, or all failed ones of a kind, done now. Mails are jobs, too."""
    if (job_id is None) == (kind is None):
        raise click.UsageError("Give the number of a job, or --kind.")
    if kind is not None:
        _do(operations.retry_jobs, f"All failed jobs of the kind {kind} are tried again.", as_json, kind=kind)
    else:
        _do(operations.retry_job, f"Job {job_id} is tried again.", as_json, job=_found(queries.job, job_id=job_id))


@jobs.command("discard")
@click.argument("job_id", type=int)
@reason
@as_json
@with_appcontext
def discard(job_id: int, reason: str, as_json: bool) -> None:
    """Give a job up: it is never done, and what it carried is forgotten at once."""
    job = _found(queries.job, job_id=job_id)
    _do(operations.discard_job, f"Job {job_id} is discarded.", as_json, job=job, reason=reason)
