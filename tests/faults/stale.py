"""Two servers on one database, and tries to catch one of them showing what is not true any more.

python -m tests.faults.stale --tries 10000 --database postgresql

Before each try a comment gets other words, is hidden or comes back, by a process that is neither of the servers; then a
stranger and a reader who is signed in ask both servers for the page of comments, the stranger also whether her copy is still true.
"""

from __future__ import annotations

import argparse
import http.client
import random
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import update

from consult.core.db import write_transaction
from consult.debate.models import Comment
from tests.browser.conftest import free_port

from .load import Installation, installation

PAGE = "/c/load/comments"
HIDDEN_EVERY = 5  # tries, of which one hides


@dataclass
class Seen:
    """What the tries found."""

    asked: int = 0
    kept: int = 0  # answers that needed no page: 304
    stale: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)


class Reading:
    """A browser that stays connected to one of the servers."""

    def __init__(self, port: int, cookie: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookie = cookie
        self.tag, self.page = "", ""

    def read(self, seen: Seen) -> str:
        """The page as this browser shows it now."""
        headers = {"Cookie": self.cookie} if self.cookie else {}
        if self.tag:
            headers["If-None-Match"] = self.tag
        self.connection.request("GET", PAGE, headers=headers)
        answer = self.connection.getresponse()
        body = answer.read().decode()
        seen.asked += 1
        seen.statuses[answer.status] += 1
        if answer.status == 304:
            seen.kept += 1
        else:
            self.tag, self.page = answer.headers.get("ETag", ""), body
        return self.page


def tries(of: Installation, count: int, other: int, seed: int = 1) -> Seen:
    """Change something and ask, `count` times; `other`: the port of the second server."""
    seen, dice = Seen(), random.Random(seed)
    readers = [Reading(port, cookie) for port in (of.port, other) for cookie in ("", of.writers[0].cookie)]
    for turn in range(count):
        word = f"Word{turn}x"
        is_hidden = turn % HIDDEN_EVERY == HIDDEN_EVERY - 1
        values = {"html": f"<p>{word}</p>", "state": "hidden" if is_hidden else "posted", "state_reason": "Spam."}
        with of.app.app_context(), write_transaction() as session:
            session.execute(update(Comment).where(Comment.number == "P-001").values(values))
        for number in dice.sample(range(len(readers)), 4):
            for _again in range(1 + (dice.random() < 0.3)):  # what was just kept must be true, too
                page = readers[number].read(seen)
                if (word in page) is is_hidden or (is_hidden and f"Word{turn - 1}x" in page):
                    seen.stale.append(f"try {turn}, browser {number}")
    return seen


def measure(folder: Path, database: str, count: int) -> Seen:
    """Start both servers and try."""
    with ExitStack() as left:
        of = left.enter_context(installation(folder, database))
        first = of.port
        of.start()
        one = of.process
        of.port = free_port()
        of.start()
        other, of.port = of.port, first
        left.callback(_end, one)
        return tries(of, count, other)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(timeout=60)


def main() -> int:
    """Print what was found; 1 when anything was stale."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--tries", type=int, default=10_000)
    ask.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    given = ask.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        seen = measure(Path(folder), given.database, given.tries)
    print(f"{given.tries} tries, {seen.asked} pages ({dict(seen.statuses)}), {len(seen.stale)} stale")
    print("\n".join(seen.stale[:20]))
    return 1 if seen.stale else 0


if __name__ == "__main__":
    sys.exit(main())
