"""`consult serve`, `consult work`, `consult db`: what keeps an installation running.

On Linux everything is loaded once, in the first process; the web processes and the worker are forked from it, so they
start at once and share what was loaded. Elsewhere each loads it for itself.
"""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.process import BaseProcess
from pathlib import Path

import click
from flask import Flask
from flask.cli import with_appcontext

from .command import loaded
from .core import editions, jobs, later, schema
from .core.db import db
from .core.paths import MIGRATIONS
from .core.unavailable import FAILURES
from .settings import Settings

flask_migrate = later.module("flask_migrate")
granian = later.module("granian")
rich = later.module("rich.console")
log = logging.getLogger(__name__)
PAUSE, LONGEST_PAUSE = 0.5, 60.0  # s before a worker that died is started again; twice as long each time it dies soon
FORKING = "fork" if sys.platform == "linux" else "spawn"  # macOS breaks processes that are forked


@click.group(name="db")
def database() -> None:
    """Make or update the database."""


@database.command("upgrade")
@click.option("--json", "as_json", is_flag=True, help="Print the result for machines.")
@with_appcontext
def upgrade_database(as_json: bool) -> None:
    """Make or update the database.

    Brings it to the state this version needs: makes it when it is not there, and does nothing when it
    is up to date. Run it after each installation and upgrade, while Consult is stopped. Where it says that the version
    before can go on, what is still running of that one may serve until it is replaced. Back up first.
    """
    before = schema.present()
    if not schema.fits():
        with rich.Console(stderr=True).status("Updating the database"):
            flask_migrate.upgrade(directory=str(MIGRATIONS))
            editions.count_change()  # whoever kept a page, or reads a replica that is behind, does so no more
    now = schema.present()
    goes_on = before is not None and before in schema.served()
    if as_json:
        click.echo(json.dumps({"before": before, "now": now, "changed": before != now, "before_goes_on": goes_on}))
        return
    beside = " The version before can go on serving it until it is replaced." if goes_on else ""
    click.echo(f"The database is ready (revision {now}{', unchanged' if before == now else ''}).{beside}")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option(
    "--work/--no-work",
    default=True,
    show_default=True,
    help="Start a worker too. Choose --no-work where `consult work` runs by itself.",
)
def serve(host: str, port: int, work: bool) -> None:
    """Answer browsers.

    Starts the web processes (CONSULT_WORKERS) and, beside them, one worker that sends mail and does
    other jobs. Ctrl-C or SIGTERM ends all of them. Refuses a database that `consult db upgrade` has
    not made ready.
    """
    app: Flask = loaded("consult.wsgi").app
    settings: Settings = app.extensions["consult.settings"]
    _ready(app)
    os.environ["CONSULT_INSTANCE"] = str(settings.folder)
    multiprocessing.set_start_method(FORKING, force=True)
    worker = Beside(_forked) if work else None
    click.echo(f"Consult is at http://{host}:{port} (Ctrl-C ends it).", err=True)
    # One thread a process: on a page of 50 comments twice as fast as several threads in one.
    server = granian.Granian(
        "consult.wsgi:app",
        address=host,
        port=port,
        interface=granian.constants.Interfaces.WSGI,
        workers=int(settings.workers),
        blocking_threads=1,
        log_enabled=True,
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=20,  # s; whoever is being answered when an upgrade ends us gets her answer
    )
    try:
        server.serve()
    finally:
        if worker is not None:
            worker.end()


class Beside:
    """A worker beside the server: one that dies is started again, as web processes are.

    One thread waits for it, and nobody else: of two that wait for a process, one is told that there is none.
    """

    def __init__(self, work: Callable[[], None]) -> None:
        self._work, self._is_over = work, threading.Event()
        self._worker = self._started()
        self._tending = threading.Thread(target=self._tend, name="tending the worker", daemon=True)
        self._tending.start()

    def _tend(self) -> None:
        pause = PAUSE
        while True:
            began = time.monotonic()
            self._worker.join()
            pause = PAUSE if time.monotonic() - began > LONGEST_PAUSE else min(2 * pause, LONGEST_PAUSE)
            if self._is_over.wait(pause):
                return
            log.error("the worker died, exit code %s; another is started", self._worker.exitcode)
            self._worker = self._started()

    def end(self) -> None:
        """Let it finish the job it has begun, and start no other; one that does not hear is killed, and its job is done
        by the next."""
        self._is_over.set()
        for _second in range(30):
            self._say(signal.SIGINT)  # again and again: one that is still starting may be deaf yet
            self._tending.join(timeout=1)
            if not self._tending.is_alive():
                return
        self._say(signal.SIGKILL)
        self._tending.join()

    def _started(self) -> BaseProcess:
        worker = multiprocessing.Process(target=self._work, name="consult-work")
        worker.start()
        return worker

    def _say(self, word: signal.Signals) -> None:
        if (number := self._worker.pid) is not None:
            with suppress(ProcessLookupError):
                os.kill(number, word)


def _forked() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # not what the server does when it hears it
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _work()


def _ready(app: Flask) -> None:
    """Refuse a database that does not answer, or is of another version."""
    with app.app_context():
        try:
            _only_on_our_tables()
        except FAILURES as problem:
            raise click.ClickException(
                f"The database does not answer ({type(problem).__name__}). Start it, then Consult."
            ) from None
        db.engine.dispose()  # no connection is shared with what is forked


def _only_on_our_tables() -> None:
    if not schema.fits():
        present, needed = schema.present(), schema.needed()
        raise click.ClickException(
            f"The database is not ready for this version: its tables have revision {present or 'none'}, this version needs"
            f" {needed}. Run `consult db upgrade` first, or install the version they are of."
        )


@click.command()
def work() -> None:
    """Send mail, do jobs, open and close consultations.

    `consult serve` starts one of these by itself. Run more with `consult serve --no-work`, on this
    machine or on others that share the database. Ctrl-C ends it when the job it has begun is done.
    """
    _work()


def _work() -> None:
    with suppress(OSError):
        Path("/proc/self/comm").write_text("consult work")  # by which `ps` and `top` tell it from what forked it
    app: Flask = loaded("consult.wsgi").app
    with app.app_context():
        try:
            _only_on_our_tables()
            jobs.sign()
        except FAILURES:  # it comes back, and the sweep signs each minute
            log.exception("database not available")
        queue = app.extensions["consult.queue"]()
    loaded("consult.core.queue").work(app, queue)
