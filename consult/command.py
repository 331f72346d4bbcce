"""The console command `consult`: everything an operator does, without a browser."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import click
from flask import Flask, current_app
from flask.cli import ScriptInfo, with_appcontext
from flask_migrate import upgrade
from granian import Granian
from granian.constants import Interfaces
from rich.console import Console

from . import __version__
from .app import create_app
from .core import editions, jobs, queue, schema, seen
from .core.db import db
from .core.paths import MIGRATIONS
from .rooms import COMMANDS
from .settings import BadSettings, Settings

console = Console(stderr=True)


def _app() -> Flask:
    """The application; settings that cannot be used are printed, a sentence each, and end the command."""
    try:
        return create_app()
    except BadSettings as problems:
        click.echo(f"Consult cannot start:\n{problems}", err=True)
        sys.exit(2)


@click.group(context_settings={"max_content_width": 100})
@click.version_option(__version__, prog_name="consult")
@click.pass_context
def consult(context: click.Context) -> None:
    """Consult: public consultation on draft standards, clause by clause.

    \b
    To begin:
      consult db upgrade        make or update the database
      consult admin create      make the first administrator
      consult serve             answer browsers, with a worker for mail and jobs beside it

    \b
    To look around first:
      consult db upgrade
      consult demo              two consultations on real texts, with people for every role
      consult serve             then open http://127.0.0.1:8000

    \b
    To lose nothing:
      consult backup            everything in one file, while it runs
      consult restore           back into an empty installation, on either database

    \b
    To bring things in:
      consult draft import      a text that people comment on
      consult comments import   comments that were made elsewhere, with their answers
      consult campaigns find    which of them share a text

    Settings come from variables that begin with CONSULT_; `consult settings` prints them all.
    Without any, everything lives in the folder instance/ below the one you are in.

    Commands end with 0 when all went well, 1 when something was refused or failed, 2 when the
    command or a setting cannot be used. `consult COMMAND --help` says more about each.
    """
    context.obj = ScriptInfo(create_app=_app)


@consult.group(name="db")
def database() -> None:
    """Make or update the database."""


@database.command("upgrade")
@click.option("--json", "as_json", is_flag=True, help="Print the result for machines.")
@with_appcontext
def upgrade_database(as_json: bool) -> None:
    """Make or update the database.

    Brings it to the state this version needs: makes it when it is not there, and does nothing when it
    is up to date. Run it after each installation and upgrade, while Consult is stopped. Back up first.
    """
    before, head = schema.present(), schema.needed()
    if before != head:
        with console.status("Updating the database"):
            upgrade(directory=str(MIGRATIONS))
            editions.count_change()  # whoever kept a page, or reads a replica that is behind, does so no more
    if as_json:
        click.echo(json.dumps({"before": before, "now": head, "changed": before != head}))
    else:
        click.echo(f"The database is ready (revision {head}{', unchanged' if before == head else ''}).")


@consult.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option(
    "--work/--no-work",
    default=True,
    show_default=True,
    help="Start a worker too. Choose --no-work where `consult work` runs by itself.",
)
@with_appcontext
def serve(host: str, port: int, work: bool) -> None:
    """Answer browsers.

    Starts the web processes (CONSULT_WORKERS) and, beside them, one worker that sends mail and does
    other jobs. Ctrl-C or SIGTERM ends all of them. Refuses a database that `consult db upgrade` has
    not made ready.
    """
    settings: Settings = current_app.extensions["consult.settings"]
    if schema.present() != schema.needed():
        raise click.ClickException("The database is not ready for this version. Run `consult db upgrade` first.")
    db.engine.dispose()
    os.environ["CONSULT_INSTANCE"] = str(settings.folder)
    worker = subprocess.Popen([sys.executable, "-m", "consult", "work"]) if work else None
    click.echo(f"Consult is at http://{host}:{port} (Ctrl-C ends it).", err=True)
    # One thread a process: on a page of 50 comments twice as fast as several threads in one.
    server = Granian(
        "consult.wsgi:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=int(settings.workers),
        blocking_threads=1,
        log_enabled=True,
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=3,
    )
    try:
        server.serve()
    finally:
        if worker is not None:
            _end(worker)


def _end(worker: subprocess.Popen[bytes]) -> None:
    """Let the worker finish the job it has begun; one that does not hear is ended, and its job is done by the next."""
    for _second in range(30):
        worker.send_signal(signal.SIGINT)  # again and again: one that is still starting may be deaf yet
        try:
            worker.wait(timeout=1)
            return
        except subprocess.TimeoutExpired:
            continue
    worker.kill()
    worker.wait()


@consult.command()
@with_appcontext
def work() -> None:
    """Send mail, do jobs, open and close consultations.

    `consult serve` starts one of these by itself. Run more with `consult serve --no-work`, on this
    machine or on others that share the database. Ctrl-C ends it when the job it has begun is done.
    """
    seen.to_standard_error()
    jobs.sign()
    queue.work(current_app.extensions["consult.queue"])


@consult.command("settings")
def print_settings() -> None:
    """Print every setting: its name, meaning and default.

    Prints names and defaults, not the values that are set now. docs/settings.md has the same table.
    """
    for name, default, meaning in Settings.described():
        click.echo(f"{name}\n    {meaning}\n    Default: {default or 'empty'}\n")


for _command in COMMANDS:
    consult.add_command(_command)


def main() -> None:
    """Entry point of the console script."""
    os.umask(0o077)  # the database, written mail and counters are for their owner only
    consult.main(prog_name="consult")
