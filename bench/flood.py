"""What a flood gets through, and what it costs the people who are there: one run, with the flood and without it.

Starts the real server on a database of its own. Five people read and two write, one of them new here; after a while
sixty new accounts behind sixty addresses (127.x.y.1, so on Linux only) read and post as fast as they are answered.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from flask import Flask
from flask_migrate import upgrade
from rich.console import Console
from rich.table import Table
from sqlalchemy import ColumnElement, func, select

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from consult.accounts.models import Person
from consult.app import create_app
from consult.core import clock
from consult.core.db import db
from consult.core.paths import MIGRATIONS
from consult.debate.models import Comment
from consult.settings import Settings
from tests.make import Make
from tests.visitor import Visitor

CALM, FLOOD = 15, 30  # s
READERS, WRITERS = 5, 2
FLOODERS = 60
RANGES = 6  # of addresses they come from
DAY = timedelta(days=1)
PAUSE = 0.5, 2.0  # s between two pages of a reader, two comments of a writer
ROOM = "/c/flooded"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
ADDRESSES = (ROOM, f"{ROOM}/comments", f"{ROOM}/v1/clauses/1-1", "/", f"{ROOM}/comments/new")
LETTER = "Take this article out of the draft, it harms everybody who lives from small models."


@dataclass
class Told:
    """What the server answered: statuses, and how long it took; separately for each phase."""

    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    seconds: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    lost: Counter[tuple[str, int]] = field(default_factory=Counter)  # of people: what was not served
    phase: str = "calm"

    def note(self, who: str, status: int, spent: float) -> None:
        self.statuses[who, status] += 1
        self.seconds.setdefault((who, self.phase), []).append(spent)


class Browser:
    """One connection from one address, with the cookie of one person."""

    def __init__(self, port: int, source: str, cookie: str = "") -> None:
        self.port, self.source = port, source
        self.headers = {"Cookie": cookie} if cookie else {}

    def ask(self, address: str, form: dict[str, str] | None = None) -> tuple[int, str, float]:
        """Status, page, seconds; status 0 where no answer came."""
        start = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30, source_address=(self.source, 0))
        try:
            headers = self.headers | ({"Content-Type": "application/x-www-form-urlencoded"} if form else {})
            body = urlencode(form) if form else None
            connection.request("POST" if form else "GET", address, body, headers)
            answer = connection.getresponse()
            kept = answer.headers.get("Set-Cookie", "").partition(";")[0]
            if kept.startswith("consult="):
                self.headers = {"Cookie": kept}
            page = answer.read().decode(errors="replace")
            return answer.status, page, time.perf_counter() - start
        except OSError:
            return 0, "", time.perf_counter() - start
        finally:
            connection.close()

    def comment(self, words: str, token: str, solution: str = "") -> tuple[int, str, float]:
        """Post a comment on the first clause, as its form does."""
        form = {
            "csrf_token": token, "submission": secrets.token_hex(16), "version": "1", "clause": "1-1", "body": words,
            "positions": "safety", "stance": "object", "type": "general", "anyway": "1", "proof": solution,
        }  # fmt: skip
        return self.ask(f"{ROOM}/comments", form)


def token_in(page: str) -> str:
    """The token that a form was served with."""
    found = TOKEN.search(page)
    return found[1] if found else ""


def solution_in(page: str) -> str:
    """What a browser with JavaScript sends beside a post, where the form asks for it."""
    found = re.search(r'data-challenge="([^"]+)"', page)
    if not found:
        return ""
    asked = json.loads(unescape(found[1]))
    salted = hashlib.sha256(asked["salt"].encode())
    for number in range(asked["maxnumber"] + 1):
        one = salted.copy()
        one.update(str(number).encode())
        if one.hexdigest() == asked["challenge"]:
            return base64.b64encode(json.dumps(asked | {"number": number}).encode()).decode()
    return ""


def read_on(browser: Browser, told: Told, stop: threading.Event) -> None:
    """A person who reads: now one page, now another."""
    turn = secrets.randbelow(len(ADDRESSES))
    while not stop.wait(PAUSE[0]):
        turn += 1
        status, _page, spent = browser.ask(ADDRESSES[turn % len(ADDRESSES)])
        told.note("reader", status, spent)
        if status != 200:
            told.lost["reader", status] += 1


def write_on(browser: Browser, told: Told, stop: threading.Event) -> None:
    """A person who writes: opens the form, thinks, posts."""
    while not stop.is_set():
        status, page, _spent = browser.ask(f"{ROOM}/comments/new?version=1&clause=1-1")
        solution = solution_in(page)
        if stop.wait(PAUSE[1]):
            return
        words = f"My own thought {secrets.token_hex(8)} on this."
        status, _page, spent = browser.comment(words, token_in(page), solution)
        told.note("writer", status, spent)
        if status != 303:
            told.lost["writer", status] += 1


def flood_on(browser: Browser, told: Told, stop: threading.Event) -> None:
    """An account of the flood: one form, then the letter and pages as fast as they are answered."""
    _status, page, _spent = browser.ask(f"{ROOM}/comments/new?version=1&clause=1-1")
    token = token_in(page)
    while not stop.is_set():
        words = LETTER if secrets.randbelow(2) else f"{LETTER} {secrets.token_hex(4)}"
        status, _page, spent = browser.comment(words, token)
        told.note("flood", status, spent)
        status, _page, spent = browser.ask(ADDRESSES[secrets.randbelow(len(ADDRESSES))])
        told.note("flood reads", status, spent)


def world(app: Flask, port: int) -> tuple[list[Browser], list[Browser], list[Browser], set[int]]:
    """A consultation with a few comments; readers, writers and flood with their connections; ids of the flood."""
    make = Make(app)
    consultation = make.consultation("open", slug="flooded")
    clause = make.clauses(make.version(consultation))[1]
    known, new = make.person("Known Here"), make.person("New Here")
    for n in range(20):
        make.comment(consultation, clause, author=known, number=f"OLD-{n:03d}", posted_at=clock.now() - DAY)
    flood = [make.person(f"Flood {n}") for n in range(FLOODERS)]
    readers = [Browser(port, f"127.200.{n}.1") for n in range(READERS)]
    writers = [Browser(port, f"127.201.{n}.1", cookie(app, person)) for n, person in enumerate((known, new))]
    flooders = [
        Browser(port, f"127.{100 + n % RANGES}.1.{1 + n // RANGES}", cookie(app, person))
        for n, person in enumerate(flood)
    ]
    return readers, writers, flooders, {person.id for person in flood}


def cookie(app: Flask, person: Person) -> str:
    """The cookie of a person who signed in."""
    kept = Visitor(app, person).client.get_cookie("consult")
    assert kept is not None, "the session has a cookie"
    return f"consult={kept.value}"


def serve(folder: str, port: int, calculation: str) -> subprocess.Popen[bytes]:
    """The real server, two processes as by default."""
    given = {
        "CONSULT_INSTANCE": folder,
        "CONSULT_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "CONSULT_PROOF_OF_WORK": calculation,
    }
    command = [sys.executable, "-m", "consult", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=os.environ | given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(600):
        if Browser(port, "127.0.0.1").ask("/healthz")[0] == 200:
            return process
        time.sleep(0.2)
    process.terminate()
    raise RuntimeError("the server did not answer")


def run(readers: list[Browser], writers: list[Browser], flooders: list[Browser]) -> Told:
    """Both phases, one after the other."""
    told, stop = Told(), threading.Event()

    def begin(
        work: Callable[[Browser, Told, threading.Event], None], browsers: list[Browser]
    ) -> list[threading.Thread]:
        threads = [threading.Thread(target=work, args=(browser, told, stop)) for browser in browsers]
        for thread in threads:
            thread.start()
        return threads

    threads = begin(read_on, readers) + begin(write_on, writers)
    time.sleep(CALM)
    told.phase = "flood"
    threads += begin(flood_on, flooders)
    time.sleep(FLOOD)
    stop.set()
    for thread in threads:
        thread.join(60)
    return told


def posted(app: Flask, which: ColumnElement[bool]) -> dict[str, int]:
    """How many comments are in which state."""
    with app.app_context():
        counted = select(Comment.state, func.count()).where(which).group_by(Comment.state)
        return dict(db.session.execute(counted).all())


def show(told: Told, app: Flask, flood: set[int]) -> None:
    """The figures."""
    states = posted(app, Comment.author_id.in_(flood))
    people = posted(app, Comment.author_id.not_in(flood) & Comment.number.not_like("OLD-%"))
    console = Console(width=100)
    tried = sum(n for (who, _), n in told.statuses.items() if who == "flood")
    refused = told.statuses["flood", 429]
    console.print(
        f"Flood: {FLOODERS} accounts from {RANGES} ranges for {FLOOD} s, {tried:,} posts:"
        f" {states.get('posted', 0)} on show at once, {states.get('held', 0)} waiting for a look,"
        f" {refused} refused (429), {tried - refused - sum(states.values())} others"
        f" {{status: n for (who, status), n in told.statuses.items() if who == 'flood'}};"
        f" {sum(n for (who, _), n in told.statuses.items() if who == 'flood reads'):,} pages read"
    )
    table = Table("people", "answers", "not served", "median calm, ms", "median in the flood, ms", "ratio", box=None)
    for who in ("reader", "writer"):
        calm, flooded = (told.seconds.get((who, phase), [0.0]) for phase in ("calm", "flood"))
        answers = sum(n for (whose, _), n in told.statuses.items() if whose == who)
        lost = sum(n for (whose, _), n in told.lost.items() if whose == who)
        table.add_row(
            who, str(answers), str(lost), f"{median(calm) * 1000:.0f}", f"{median(flooded) * 1000:.0f}",
            f"{median(flooded) / median(calm):.1f}",
        )  # fmt: skip
    console.print(table)
    console.print(f"Of the people {people.get('posted', 0)} comments on show at once, {people.get('held', 0)} waiting")
    if told.lost:
        console.print(dict(told.lost))


def main() -> None:
    """Twice, without the calculation asked of people who are new and with it: build, serve, run both phases, print."""
    for calculation in ("off", "on"):
        Console().print(f"\nCONSULT_PROOF_OF_WORK={calculation}")
        measure(int(sys.argv[1]) if len(sys.argv) > 1 else 8471, calculation)


def measure(port: int, calculation: str) -> None:
    """One world, one server, both phases."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(instance=folder, public_url=f"http://127.0.0.1:{port}"))
        with app.app_context():
            upgrade(directory=str(MIGRATIONS))
        readers, writers, flooders, flood = world(app, port)
        server = serve(folder, port, calculation)
        try:
            told = run(readers, writers, flooders)
        finally:
            server.terminate()
            server.wait(30)
        show(told, app, flood)


if __name__ == "__main__":
    main()
