"""The mail server is away for an hour, is really away, and its worker is killed while it sends: every mail comes.

python -m tests.faults.mail --mails 2000 --seconds 60 --kills 30 --database sqlite

The hour passes on an injected clock. A mail comes twice only where a worker was killed between the server's taking it and
our noting so; it has the same Message-ID then.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select

from consult.app import create_app
from consult.core import clock, jobs
from consult.core.db import db, write_transaction
from consult.core.jobs import Job
from consult.core.mail import send_later
from consult.core.paths import MIGRATIONS
from consult.settings import Settings
from tests import postgresql

from .postman import Postman, postman

POISON = 3
HOUR = 60  # min


class Office:
    """An installation with a worker, that sends to a mail server of our own."""

    def __init__(self, folder: Path, url: str, to: Postman) -> None:
        self.folder, self.to, self.queued = folder, to, 0
        self.given = {
            "instance": str(folder), "database_url": url, "mode": "test", "public_url": "http://localhost",
            "mail_url": to.url,
        }  # fmt: skip
        self.app: Flask = create_app(Settings(**self.given))
        with self.app.app_context():
            upgrade(directory=str(MIGRATIONS))

    def queue(self, count: int, kind: str = "person") -> None:
        """Put so many mails into the table, each to an address of its own, with a name that would break a header."""
        name = "Ada\r\nBcc: all@example.org\u2028\x85\x1b\x00"
        with self.app.app_context(), write_transaction():
            for _ in range(count):
                self.queued += 1
                address = f"{kind}-{self.queued}@example.org"
                send_later("accounts/email_changed", address, name=name.replace("\x00", ""), new_email="x@example.org")

    def open_jobs(self, *more: object) -> int:
        with self.app.app_context():
            try:
                return db.session.scalar(select(func.count(Job.id)).where(Job.finished_at.is_(None), *more)) or 0  # type: ignore[arg-type]
            finally:
                db.session.remove()

    def minutes(self, first: int, last: int, *, is_over: bool = False) -> int:
        """Let a worker sweep each minute of the injected clock; with `is_over` until nothing waits. The last minute."""
        for minute in range(first, last):
            with self.app.app_context(), clock.shifted(timedelta(minutes=minute)):
                jobs.sweep()
                db.session.remove()
            if is_over and not self.open_jobs(Job.is_parked.is_(False)):
                return minute
        return last

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen[bytes]]:
        """A real one, in a process of its own."""
        surroundings = os.environ | {f"CONSULT_{name.upper()}": value for name, value in self.given.items()}
        with (self.folder / "work.log").open("ab") as said:
            process = subprocess.Popen(
                (sys.executable, "-m", "consult", "work"), env=surroundings, stdout=said, stderr=said
            )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()

    def end(self) -> None:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


@contextmanager
def office(folder: Path, database: str) -> Iterator[Office]:
    """One on `sqlite` or `postgresql`, of which nothing is left."""
    url = postgresql.fresh(f"consult_mail_{os.getpid()}") if database == "postgresql" else ""
    with postman() as to:
        of = Office(folder, url, to)
        try:
            yield of
        finally:
            of.end()
            if url:
                postgresql.drop(url)


@dataclass(frozen=True, slots=True)
class Found:
    """What became of the mails."""

    queued: int
    lost: int
    twice: int
    twice_as_another: int  # with another Message-ID
    smuggled: int  # with a header nobody wrote
    parked: int  # given up, for a person to look at


def found(of: Office) -> Found:
    """Compare what the postman has with what was queued to people."""
    reached, numbers = of.to.to, of.to.numbers
    people = [address for address in reached if address.startswith("person")]
    return (
        Found(
            queued=of.queued,
            lost=of.queued - len(reached) - of.open_jobs(Job.is_parked.is_(True)),
            twice=sum(count - 1 for count in numbers.values()),
            twice_as_another=sum(reached.values()) - len(reached) - sum(count - 1 for count in numbers.values()),
            smuggled=sum(mail["Bcc"] is not None or "\u2028" in str(mail["Subject"]) for mail in of.to.read),
            parked=of.open_jobs(Job.is_parked.is_(True)),
        )
        if people
        else Found(of.queued, of.queued, 0, 0, 0, 0)
    )


def hour_away(of: Office, mails: int) -> int:
    """The server is away for an hour of the injected clock; how many minutes after it nothing waits any more."""
    of.queue(mails)
    of.minutes(0, HOUR)
    of.to.open()
    return of.minutes(HOUR, HOUR + 60, is_over=True) - HOUR


def really_away(of: Office, mails: int, seconds: float) -> float:
    """It is away in fact, with a worker running; seconds after it was back until all had come."""
    of.to.close()
    of.queue(mails)
    with of.worker():
        time.sleep(seconds)
        of.to.open()
        began = time.monotonic()
        while of.open_jobs(Job.kind == "mail.send", Job.is_parked.is_(False)) and time.monotonic() < began + 300:
            time.sleep(0.2)
        return time.monotonic() - began


def killed(of: Office, mails: int, kills: int, seed: int = 1) -> None:
    """The worker is killed again and again while it sends; another one does what is left."""
    chance = random.Random(seed)
    of.to.open(pause=0.01)
    of.queue(mails)
    for _ in range(kills):
        before = len(of.to.mails)
        with of.worker():
            until = time.monotonic() + 60
            while len(of.to.mails) == before and of.open_jobs(Job.kind == "mail.send") and time.monotonic() < until:
                with of.app.app_context(), clock.shifted(timedelta(0)):
                    time.sleep(0.005)
            time.sleep(chance.uniform(0.0, 0.3))
    of.to.open()
    of.minutes(6, 60, is_over=True)  # when the leases of the dead are over


def poisoned(of: Office, mails: int) -> None:
    """Some addresses are refused for ever, others come behind them."""
    of.queue(POISON, "poison")
    of.queue(mails)
    of.to.open(poison=b"poison-")
    minute = 0
    for pause in (0, *jobs.BACK_OFF):
        minute += pause + 1
        of.minutes(minute, minute + 1)


def main() -> int:
    """Print the figures; 1 when a mail was lost, came twice without need, or held up others."""
    ask = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ask.add_argument("--mails", type=int, default=2000)
    ask.add_argument("--seconds", type=float, default=60)
    ask.add_argument("--kills", type=int, default=30)
    ask.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    given = ask.parse_args()
    logging.getLogger("consult").setLevel(logging.CRITICAL)  # of each failure a page of its own
    with tempfile.TemporaryDirectory() as folder, office(Path(folder), given.database) as of:
        minutes = hour_away(of, given.mails)
        print(f"an hour away: nothing waits {minutes} minutes after it; {(first := found(of))}", flush=True)
        seconds = really_away(of, 200, given.seconds)
        print(f"{given.seconds:.0f} s away: all had come {seconds:.0f} s after it; {(second := found(of))}", flush=True)
        killed(of, 40 * given.kills, given.kills)
        print(f"{given.kills} workers killed: {(third := found(of))}", flush=True)
        poisoned(of, 50)
        print(f"{POISON} that are never taken: {(last := found(of))}", flush=True)
    is_well = not (last.lost or second.twice or last.twice_as_another or last.smuggled)
    return (
        0
        if is_well and minutes <= 5 and first.lost == 0 and third.twice <= given.kills and last.parked == POISON
        else 1
    )


if __name__ == "__main__":
    sys.exit(main())
