"""The console command `consult`: everything an operator does, without a browser.

A command is loaded when it is run, and the application when the command needs it: what prints a setting need not wait
for what reads PDFs.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any

import click
from flask import Flask
from flask.cli import ScriptInfo

from . import __version__
from .core import collecting
from .settings import BadSettings, Settings

COMMANDS = {  # by name, and where it is
    "admin": "administration.cli:admin", "api": "api.cli:api", "backup": "backup.cli:backup", "bench": "demo.bench_cli:bench",
    "campaigns": "moderation.cli:campaigns", "comments": "exchange.cli:comments", "db": "running:database", "demo": "demo.cli:demo",
    "draft": "documents.cli:draft", "intake": "moderation.cli:intake", "jobs": "administration.cli:jobs", "mail": "administration.cli:mail",
    "privacy": "privacy.cli:privacy", "recount": "debate.cli:recount", "restore": "backup.cli:restore", "search": "search.cli:search",
    "serve": "running:serve", "work": "running:work",
}  # fmt: skip


class Commands(click.Group):
    """The commands named above, each imported when it is asked for."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return sorted({*self.commands, *COMMANDS})

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return super().get_command(context, name)
        module, _, attribute = COMMANDS[name].partition(":")
        command: click.Command = getattr(import_module(f"consult.{module}"), attribute)
        return command


def loaded(module: str) -> Any:
    """A module that makes the application; settings that cannot be used are printed, a sentence each, and end the command."""
    try:
        return import_module(module)
    except BadSettings as problems:
        _refuse(problems)


def _refuse(problems: BadSettings) -> None:
    click.echo(f"Consult cannot start:\n{problems}", err=True)
    sys.exit(2)


def _app() -> Flask:
    try:
        app: Flask = import_module("consult.app").create_app()
    except BadSettings as problems:
        _refuse(problems)
    collecting.resume()
    return app


@click.group(cls=Commands, context_settings={"max_content_width": 100})
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


@consult.command("settings")
def print_settings() -> None:
    """Print every setting: its name, meaning and default.

    Prints names and defaults, not the values that are set now. docs/settings.md has the same table.
    """
    for name, default, meaning in Settings.described():
        click.echo(f"{name}\n    {meaning}\n    Default: {default or 'empty'}\n")


def main() -> None:
    """Entry point of the console script."""
    os.umask(0o077)  # the database, written mail and counters are for their owner only
    collecting.rest()
    consult.main(prog_name="consult")
