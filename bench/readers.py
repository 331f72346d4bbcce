"""People as measurements need them: they follow links, search, and post, and note how long each answer took.

Measures nothing itself; used by memory.py and soak.py.
"""

from __future__ import annotations

import http.client
import random
import re
import threading
import time
import urllib.parse
import uuid
from collections import Counter
from types import TracebackType
from typing import NamedTuple

from bench.running import Installation

LINK = re.compile(r'href="(/c/[^"#]+)"')
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
CLAUSE = re.compile(r'id="c-([^"]+)"')
POSITION = re.compile(r'name="positions" value="([^"]+)"')
WORDS = "model provider documentation weights measure risk data report public user months safety".split()  # noqa: SIM905
SEARCHED = 8  # each so many pages somebody searches
PAUSE = 0.1  # s, on average, between two pages of one reader
BETWEEN_POSTS = 1.0  # s


class Answer(NamedTuple):
    """One answer: when it came, in seconds since the beginning, what it was, how long it took, its status."""

    at: float
    kind: str
    seconds: float
    status: int


class Reading:
    """People at work inside the block: strangers, signed-in readers and writers, each a thread with its own chance."""

    def __init__(
        self, of: Installation, slug: str, password: str, *, strangers: int = 3, members: int = 2, writers: int = 0
    ) -> None:
        self.of, self.slug, self.writers = of, slug, writers
        self.answers: list[Answer] = []
        self.broken: Counter[str] = Counter()
        self._over = threading.Event()
        self._began = time.monotonic()
        cookies = [of.sign_in(f"{slug}-{number}@example.org", password) for number in range(members + writers)]
        readers = [("stranger", "")] * strangers + [("member", cookie) for cookie in cookies[:members]]
        self._threads = [
            threading.Thread(target=self._read, args=(kind, cookie, number), daemon=True)
            for number, (kind, cookie) in enumerate(readers)
        ]
        self._threads += [threading.Thread(target=self._post, args=(c,), daemon=True) for c in cookies[members:]]

    def __enter__(self) -> Reading:
        self._began = time.monotonic()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, what: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(timeout=60)

    def told(self) -> str:
        """What they did, in a line."""
        statuses = Counter(answer.status for answer in self.answers)
        posted = sum(answer.kind == "post" and answer.status == 303 for answer in self.answers)
        told = ", ".join(f"{status}: {many:,}" for status, many in sorted(statuses.items()))
        return f"{len(self.answers):,} answers ({told}), {posted:,} comments posted, {sum(self.broken.values())} without an answer"

    @property
    def failed(self) -> int:
        """Answers that nobody should get, and requests without one."""
        return sum(answer.status >= 500 for answer in self.answers) + sum(self.broken.values())

    def _read(self, kind: str, cookie: str, number: int) -> None:
        chance = random.Random(number)
        home = f"/c/{self.slug}"
        links = [home, f"{home}/draft", f"{home}/comments"]
        while not self._over.wait(chance.uniform(0, 2 * PAUSE)):
            if chance.randrange(SEARCHED) == 0:
                words = " ".join(chance.sample(WORDS, 2))
                self._ask("search", f"{home}/search?{urllib.parse.urlencode({'q': words})}", cookie)
                continue
            page = self._ask(kind, chance.choice(links), cookie)
            found = [link.replace("&amp;", "&") for link in LINK.findall(page) if link.startswith(f"{home}/")]
            wanted = [link for link in found if "/new" not in link and ("/comments" in link or "/v1/" in link)]
            links = wanted if wanted and chance.random() < 0.9 else [home, f"{home}/draft", f"{home}/comments"]

    def _post(self, cookie: str) -> None:
        home = f"/c/{self.slug}"
        clauses = CLAUSE.findall(self._ask("member", f"{home}/draft", cookie))
        number = 0
        while clauses and not self._over.wait(BETWEEN_POSTS):
            number += 1
            clause = random.choice(clauses)
            page = self._ask("form", f"{home}/comments/new?version=1&clause={clause}", cookie)
            token, positions = TOKEN.search(page), POSITION.findall(page)
            if token is None or not positions:
                self.broken["no form"] += 1
                continue
            fields = {
                "csrf_token": token[1], "submission": uuid.uuid4().hex, "version": "1", "clause": clause, "positions": positions[0],
                "body": f"Said while this was measured, number {number} of {uuid.uuid4().hex}.", "stance": "support",
                "type": "general", "named": "name", "anyway": "1", "draft": "0",
            }  # fmt: skip
            self._ask("post", f"{home}/comments", cookie, urllib.parse.urlencode(fields))

    def _ask(self, kind: str, address: str, cookie: str, body: str = "") -> str:
        headers = {"Cookie": cookie} if cookie else {}
        if body:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.of.url}
        connection = http.client.HTTPConnection("127.0.0.1", self.of.port, timeout=60)
        began = time.monotonic()
        try:
            connection.request("POST" if body else "GET", address, body or None, headers)
            answer = connection.getresponse()
            page = answer.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as problem:
            self.broken[type(problem).__name__] += 1
            return ""
        finally:
            connection.close()
        now = time.monotonic()
        self.answers.append(Answer(now - self._began, kind, now - began, answer.status))
        return page
