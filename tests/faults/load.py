"""An installation under load: people who post comments through the whole stack, and an account of what was acknowledged."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from flask_migrate import upgrade
from sqlalchemy import select, text

from consult.accounts.models import Person, SignIn
from consult.app import create_app
from consult.consultations.models import Consultation
from consult.core import clock, ids, jobs
from consult.core.db import db
from consult.core.jobs import Job
from consult.core.paths import MIGRATIONS
from consult.debate import mending, recounting
from consult.debate.models import Comment, Numbering
from consult.notices.models import Follow, Notice, Wish
from consult.search.models import SearchRow
from consult.settings import Settings
from tests import postgresql
from tests.browser.conftest import free_port
from tests.make import Make

PATIENCE = 120  # s for the server to start on a busy machine
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
WRITING = "/c/load/comments"
WRITERS = 8
FREE = "1000000 per minute"  # this is about faults, not about how often one may write


class Installation:
    """A consultation that is open, people who comment in it, and one who follows it and gets a mail for each comment."""

    def __init__(self, folder: Path, database_url: str, given: dict[str, str]) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.given = {
            "mode": "test", "public_url": self.url, "workers": "2", "writing_per_person": FREE,
            "writing_per_address": FREE, "database_url": database_url, "instance": str(folder),
        } | given  # fmt: skip
        self.settings = Settings(**self.given)
        self.furnish()

    def furnish(self) -> None:
        """Make the tables, the consultation and the people."""
        self.app = create_app(self.settings)
        with self.app.app_context():
            upgrade(directory=str(MIGRATIONS))
        make = Make(self.app)
        self.consultation = make.consultation("open", slug="load")
        clause = make.clauses(make.version(self.consultation))[1]
        self.follower = make.person("Follower")
        make.row(Follow(person_id=self.follower.id, consultation_id=self.consultation.id))
        make.row(Wish(person_id=self.follower.id, kind="followed", mode="now"))
        self.writers: list[Writer] = []
        for _ in range(WRITERS):
            person = make.person()
            number = f"P-{len(self.writers) + 1:03d}"  # who has nothing on show for a while waits for a moderator
            make.comment(
                self.consultation, clause, author=person, number=number, posted_at=clock.now() - timedelta(days=1)
            )
            self.writers.append(Writer(self.port, self._cookie(make, person)))
        make.row(Numbering(consultation_id=self.consultation.id, prefix="P", last=WRITERS))  # of those made here
        with self.app.app_context():
            mending.recount(self.consultation)

    def _cookie(self, make: Make, person: Person) -> str:
        token = ids.new_token()
        until = clock.now() + timedelta(days=1)
        make.row(SignIn(token_digest=ids.digest(token), person_id=person.id, expires_at=until))
        signer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        return f"{self.app.config['SESSION_COOKIE_NAME']}={signer.dumps({'_user_id': token, '_fresh': True})}"

    def surroundings(self, package: Path | None = None) -> dict[str, str]:
        """The environment of a process of this installation."""
        given = {f"CONSULT_{name.upper()}": value for name, value in self.given.items()}
        return {**os.environ, **given} | ({"PYTHONPATH": str(package)} if package else {})

    def start(self) -> float:
        """Start everything; seconds until the first page was answered. What it says is in `serve.log` in the folder."""
        began = time.monotonic()
        self.launch()
        try:
            self.wait()
        except RuntimeError:
            self.kill()
            raise
        return time.monotonic() - began

    def launch(self, package: Path | None = None) -> None:
        """Start everything, and do not wait for it; `package`: the folder in which another version of Consult lies."""
        command = [sys.executable, "-m", "consult", "serve", "--port", str(self.port)]
        with (self.folder / "serve.log").open("ab") as said:
            self.process = subprocess.Popen(
                command, env=self.surroundings(package), cwd=package, start_new_session=True, stdin=subprocess.DEVNULL,
                stdout=said, stderr=said,
            )  # fmt: skip

    def wait(self) -> float:
        """Wait until a page is answered; the seconds that took."""
        began = time.monotonic()
        while time.monotonic() < began + PATIENCE:
            if self.answers():
                return time.monotonic() - began
            time.sleep(0.02)
        raise RuntimeError("the server did not answer")

    def answers(self) -> bool:
        """Whether it answers the page of the consultation."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/c/load")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def kill(self) -> None:
        """End all its processes at once, in the middle of whatever they do."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """End it as one ends a server, and do what is left to do."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=60)
        with self.app.app_context(), clock.shifted(timedelta(minutes=30)):  # what a worker had begun is free again
            while jobs.run_due():
                pass

    def end(self) -> None:
        """Leave nothing."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


@contextmanager
def installation(folder: Path, database: str, **given: str) -> Iterator[Installation]:
    """One on `sqlite`, on `postgresql` or at the address of an empty database; nothing of it is left afterwards.

    `given`: more settings, as Settings has them.
    """
    url = {"sqlite": "", "postgresql": ""}.get(database, database)
    if database == "postgresql":
        url = postgresql.fresh(f"consult_faults_{os.getpid()}")
    of = Installation(folder, url, given)
    try:
        yield of
    finally:
        if hasattr(of, "process"):
            of.kill()
        of.end()
        if database == "postgresql":
            postgresql.drop(url)


@contextmanager
def posting(of: Installation) -> Iterator[None]:
    """Its people post as long as this lasts, and then until all they had begun is acknowledged."""
    is_over = threading.Event()
    threads = [
        threading.Thread(target=writer.post, args=(f"Writer {index},", is_over))
        for index, writer in enumerate(of.writers)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        is_over.set()
        for thread in threads:
            thread.join()


class Busy(Exception):
    """The form could not be shown just now."""


@dataclass
class Writer:
    """Somebody who posts one comment after the other, and sends one again until she hears that it is there."""

    port: int
    cookie: str
    acknowledged: list[str] = field(default_factory=list)
    refused: Counter[int] = field(default_factory=Counter)
    forgotten: int = 0  # answers that refused her and did not show what she typed, or not when to try again
    cut: int = 0  # questions without any answer
    is_patient: bool = False  # nobody has to answer her just now
    patience: float = PATIENCE  # s

    def post(self, prefix: str, is_over: threading.Event) -> None:
        """Post until it is over, and what is on its way then until it is acknowledged."""
        number, token = 0, ""
        body, key = f"{prefix} {number}.", ids.new_key()
        until = time.monotonic() + self.patience
        while time.monotonic() < until:
            try:
                token = token or self._token()
                status = self._send(body, key, token)
            except Busy:
                time.sleep(0.05)
                continue
            except (OSError, http.client.HTTPException):
                self.cut += not self.is_patient
                time.sleep(0.05)
                continue
            if status == 303:
                self.acknowledged.append(body)
                if is_over.is_set():
                    return
                number += 1
                body, key = f"{prefix} {number}.", ids.new_key()
            else:
                self.refused[status] += 1
                token = ""

    def headers(self) -> dict[str, str]:
        """Headers besides."""
        return {}

    def _token(self) -> str:
        """Open the form, as its token is bound to the session."""
        answer, page = self.ask("GET", f"{WRITING}/new")
        self.cookie = (answer.headers.get("Set-Cookie") or "").partition(";")[0] or self.cookie
        found = TOKEN.search(page)
        if found is None:
            self.refused[answer.status] += 1
            raise Busy
        return found[1]

    def _send(self, body: str, key: str, token: str) -> int:
        fields = {
            "csrf_token": token, "submission": key, "version": "1", "clause": "1-1", "body": body,
            "positions": "safety", "stance": "object", "type": "general", "anyway": "1",
        }  # fmt: skip
        answer, page = self.ask("POST", WRITING, urlencode(fields))
        is_told = body in page and answer.headers.get("Retry-After")
        if answer.status >= 500 and not is_told:
            self.forgotten += 1
        return answer.status

    def ask(
        self, method: str, address: str, body: str = "", cookie: str | None = None
    ) -> tuple[http.client.HTTPResponse, str]:
        """Send a request; `cookie` in place of hers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        own = {"Cookie": self.cookie if cookie is None else cookie, "Origin": f"http://127.0.0.1:{self.port}"}
        headers = own | self.headers()
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, address, body or None, headers)
            answer = connection.getresponse()
            return answer, answer.read().decode()
        finally:
            connection.close()


@dataclass(frozen=True, slots=True)
class Account:
    """What is there afterwards, beside what was acknowledged."""

    acknowledged: int
    lost: int  # acknowledged, and not there
    twice: int
    without_search: int
    without_notice: int
    without_mail: int  # of the notices, when all jobs were done
    counts_wrong: int  # numbers on the consultation that differ from its rows
    is_sound: bool  # what the database says of itself
    refused: dict[int, int]
    forgotten: int  # refused without what was typed, or without when to try again
    cut: int  # connections that ended without an answer

    @property
    def is_whole(self) -> bool:
        return self.is_sound and not (
            self.lost + self.twice + self.without_search + self.without_notice + self.without_mail + self.counts_wrong
        )

    @property
    def is_polite(self) -> bool:
        """Whoever was refused got 503, when to try again, and what she had typed; nobody got no answer."""
        return set(self.refused) <= {503} and not self.forgotten and not self.cut


def account(of: Installation) -> Account:
    """Compare what is in the database, and in the mail, with what the writers heard."""
    told = [body for writer in of.writers for body in writer.acknowledged]
    with of.app.app_context():
        rows = db.session.execute(select(Comment.id, Comment.number, Comment.body).where(Comment.source == "web")).all()
        posted = [row for row in rows if row.body.startswith("Writer ")]
        found = Counter(row.body for row in posted)
        indexed = set(db.session.scalars(select(SearchRow.comment_id)))
        noticed = set(db.session.scalars(select(Notice.about).where(Notice.person_id == of.follower.id)))
        wrong = list(recounting.differences(db.session.get_one(Consultation, of.consultation.id)))
        parked = db.session.scalars(select(Job.id).where(Job.finished_at.is_(None), Job.kind != "sweep")).all()
        is_sqlite = db.engine.dialect.name == "sqlite"
        is_sound = not is_sqlite or db.session.scalar(text("PRAGMA integrity_check")) == "ok"
    mails = "".join(path.read_text("utf-8", "replace") for path in of.folder.glob("mail/*.eml"))
    return Account(
        acknowledged=len(told),
        lost=len(set(told) - found.keys()),
        twice=sum(count > 1 for count in found.values()) + len(told) - len(set(told)),
        without_search=sum(row.id not in indexed for row in posted),
        without_notice=sum(row.id not in noticed for row in posted),
        without_mail=sum(f"/comments/{row.number}" not in mails for row in posted) + len(parked),
        counts_wrong=len(wrong),
        is_sound=is_sound,
        refused=dict(sum((writer.refused for writer in of.writers), Counter())),
        forgotten=sum(writer.forgotten for writer in of.writers),
        cut=sum(writer.cut for writer in of.writers),
    )
