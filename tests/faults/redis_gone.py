"""Redis is killed and comes back, again and again, while eight people post.

python -m tests.faults.redis_gone --rounds 10 --database sqlite

Limits and the queue are there; nothing else may notice. Needs the program redis-server (or valkey-server).
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from tests.browser.conftest import free_port

from .load import Account, Installation, account, installation, posting


def missing() -> str:
    """Why this cannot be tried; "" when it can."""
    return "" if _program() else "neither redis-server nor valkey-server is on the path"


def _program() -> str | None:
    return shutil.which("redis-server") or shutil.which("valkey-server")


class Server:
    """A Redis of our own that keeps nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it, and come back when it answers."""
        quiet = subprocess.DEVNULL
        words = ("--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder))
        self.process = subprocess.Popen((str(_program()), *words), stdout=quiet, stderr=quiet)
        with redis.Redis.from_url(self.url) as there:
            for _ in range(500):
                try:
                    there.ping()
                except redis.ConnectionError:
                    time.sleep(0.02)
                else:
                    return
        raise RuntimeError("Redis did not start")

    def kill(self) -> None:
        """End it at once."""
        self.process.kill()
        self.process.wait()

    def keys(self) -> int:
        """How much it holds."""
        with redis.Redis.from_url(self.url) as there:
            return int(there.dbsize())  # type: ignore[arg-type]


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """One that is gone afterwards."""
    server = Server(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()


def run(folder: Path, database: str, rounds: int, seed: int = 1) -> tuple[Account, list[int], int]:
    """The account, what a limit answered while Redis was away, and how many keys there were once it was back."""
    chance = random.Random(seed)
    with running(folder) as server, installation(folder, database, redis_url=server.url) as of:
        of.start()
        answers: list[int] = []
        with posting(of):
            for turn in range(rounds):
                time.sleep(chance.uniform(0.5, 1.5))
                server.kill()
                time.sleep(chance.uniform(0.5, 1.5))
                if turn == 0:
                    answers = _again_and_again(of)
                server.start()
            for _ in range(300):  # by itself, within half a minute
                if keys := server.keys():
                    break
                time.sleep(0.1)
        of.stop()
        return account(of), answers, keys


def _again_and_again(of: Installation) -> list[int]:
    """Ask for the same limited page many times from one address: what was answered."""
    return [of.writers[0].ask("GET", "/api/v1/consultations", cookie="")[0].status for _ in range(160 * 2)]


def main() -> int:
    """Print the figures; 1 when somebody noticed."""
    ask = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ask.add_argument("--rounds", type=int, default=10)
    ask.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    given = ask.parse_args()
    if why := missing():
        print(f"Cannot be tried here: {why}.")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        found, answers, keys = run(Path(folder), given.database, given.rounds)
    print(found)
    print(f"while Redis was away a limit let {answers.count(200)} through and refused {answers.count(429)}")
    print(f"once it was back it held {keys} keys")
    is_well = found.is_whole and not found.refused and not found.cut and set(answers) == {200, 429} and keys
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
