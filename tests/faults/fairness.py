"""Eight processes that write to one SQLite file without a pause: none starves, and none is told that it is locked.

python -m tests.faults.fairness --seconds 30 --pause 0

Each writes as the application writes: an operation's transaction, durable, with a row that a worker would take up.
With `--pause 0.02` each thinks for 20 ms after each.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import func, select

from consult.app import create_app
from consult.core.db import db, write_transaction
from consult.core.jobs import Job, later
from consult.core.paths import MIGRATIONS
from consult.settings import Settings

WRITERS = 8
LEAST = 0.5  # of the mean


@dataclass(frozen=True, slots=True)
class Found:
    """How often each wrote, how long each write took, and what it was told instead."""

    counts: list[int]
    milliseconds: list[float]  # of all, in order
    faults: Counter[str]
    rows: int  # that are there

    @property
    def share(self) -> float:
        """Of the mean, what the slowest wrote."""
        return min(self.counts) * len(self.counts) / max(1, sum(self.counts))

    @property
    def is_well(self) -> bool:
        return self.rows > 0 and self.share >= LEAST and not self.faults and self.rows == sum(self.counts)


def _settings(folder: Path) -> Settings:
    return Settings(instance=str(folder), mode="test", public_url="http://localhost")


def run(folder: Path, seconds: float, pause: float) -> Found:
    """Let all of them write for so long, beginning at the same moment."""
    app = create_app(_settings(folder))
    with app.app_context():
        upgrade(directory=str(MIGRATIONS))
    words = (sys.executable, "-m", "tests.faults.fairness", "--write-to", str(folder))
    words += ("--pause", str(pause), "--seconds", str(seconds))
    pipe = subprocess.PIPE
    processes = [subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True) for _ in range(WRITERS)]
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()  # it is ready
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [json.loads(process.communicate(timeout=seconds + 120)[0]) for process in processes]
    with app.app_context():
        there = db.session.scalar(select(func.count(Job.id))) or 0
        db.session.remove()
        db.engine.dispose()
    return Found(
        counts=[len(one["took"]) for one in told],
        milliseconds=sorted(took for one in told for took in one["took"]),
        faults=sum((Counter(one["faults"]) for one in told), Counter()),
        rows=there,
    )


def write(folder: Path, seconds: float, pause: float) -> None:
    """One of the processes: write, and print how long each took."""
    app, took, faults = create_app(_settings(folder)), [], Counter[str]()
    print("ready", flush=True)
    sys.stdin.readline()
    until = time.monotonic() + seconds
    with app.app_context():
        while time.monotonic() < until:
            start = time.perf_counter()
            try:
                with write_transaction():
                    later("test.fairness", {"words": "x" * 500})
            except Exception as problem:  # whatever somebody would have been told
                faults[f"{type(problem).__name__}: {problem}"[:100]] += 1
                db.session.rollback()
            else:
                took.append((time.perf_counter() - start) * 1000)
            time.sleep(pause)
    print(json.dumps({"took": took, "faults": faults}))


def main() -> int:
    """Print the figures; 1 when one starved or was refused."""
    ask = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ask.add_argument("--seconds", type=float, default=30)
    ask.add_argument("--pause", type=float, default=0.0)
    ask.add_argument("--write-to", type=Path, help=argparse.SUPPRESS)
    given = ask.parse_args()
    if given.write_to:
        write(given.write_to, given.seconds, given.pause)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder), given.seconds, given.pause)
    spent = found.milliseconds
    print(
        f"writes of each: {found.counts}; the slowest wrote {found.share:.0%} of the mean; faults: {dict(found.faults)}"
    )
    print(
        f"{len(spent) / given.seconds:.0f} writes/s; median {spent[len(spent) // 2]:.1f} ms,"
        f" p99 {spent[len(spent) * 99 // 100]:.1f} ms, longest {spent[-1]:.1f} ms"
    )
    return 0 if found.is_well else 1


if __name__ == "__main__":
    sys.exit(main())
