"""An hour of everything at once: does memory grow, do descriptors stay, does the log of the database, do answers get slower?

    python bench/soak.py                              60 minutes at 200,000 comments, SQLite
    python bench/soak.py --minutes 6 --comments 20000  the short form

The production server, two web processes and the worker. Strangers and signed-in people read and search, two people post a
comment a second through the form. Every process is looked at each ten seconds. Slopes are of a straight line through the
second half, by least squares: the first is when caches fill. Ends with 1 when over a limit: web processes and worker grow by
at most 1 MiB in ten minutes, descriptors stay within 5, the write-ahead log at most 64 MiB, the 95th percentile of the last
sixth at most 1.2 times that of the first, no failure. The last is distorted by whatever else the machine does. With --folder
a seeded installation is used again. Needs Linux.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path
from statistics import linear_regression, quantiles
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.memory import memory
from bench.readers import Answer, Reading
from bench.running import SEEDED_WITH, Installation, installation, seeded

EVERY = 10.0  # s
SLOPE, DESCRIPTORS, LOG, SLOWER = 1.0, 5, 64.0, 1.2  # MiB in ten minutes; more or fewer; MiB; times
MIB = 1024 * 1024


class Look(NamedTuple):
    """One look at one process."""

    at: float  # s
    rss: float  # MiB
    descriptors: int


def main() -> int:
    """Seed, serve, load, look, print; 1 when over a limit."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--minutes", type=float, default=60)
    ask.add_argument("--comments", type=int, default=200_000)
    ask.add_argument("--database", default="", help="an empty PostgreSQL database, or one seeded by this script")
    ask.add_argument("--folder", default="", help="keep the installation here")
    given = ask.parse_args()
    looks: dict[str, list[Look]] = defaultdict(list)
    logs = [0.0]
    with ExitStack() as stack:
        of = stack.enter_context(installation(database=given.database, folder=given.folder))
        slug = seeded(of, given.comments)
        stack.enter_context(of.serving())
        reading = stack.enter_context(Reading(of, slug, SEEDED_WITH, writers=2))
        began = time.monotonic()
        while (now := time.monotonic() - began) < given.minutes * 60:
            _look(of, now, looks, logs)
            time.sleep(EVERY)
        _look(of, now, looks, logs)
    return _told(looks, max(logs), reading, given.minutes * 60)


def _look(of: Installation, now: float, looks: dict[str, list[Look]], logs: list[float]) -> None:
    for number, (role, rss, _pss) in memory(of).items():
        try:
            descriptors = len(list(Path(f"/proc/{number}/fd").iterdir()))
        except OSError:  # it has just ended
            continue
        looks[f"{role} {number}"].append(Look(now, rss, descriptors))
    log = of.folder / "consult.sqlite3-wal"
    if log.exists():
        logs.append(log.stat().st_size / MIB)


def _told(looks: dict[str, list[Look]], log: float, reading: Reading, seconds: float) -> int:
    wrong = []
    table = Table("process", "MiB at first", "at last", "most", "MiB in 10 min", "descriptors", box=None)
    for name, seen in looks.items():
        half = seen[len(seen) // 2 :]
        slope = 600 * linear_regression([look.at for look in half], [look.rss for look in half]).slope
        counts = [look.descriptors for look in half]
        table.add_row(
            name, f"{seen[0].rss:.1f}", f"{seen[-1].rss:.1f}", f"{max(look.rss for look in seen):.1f}", f"{slope:+.2f}",
            f"{min(counts)} to {max(counts)}",
        )  # fmt: skip
        wrong += [f"{name} grows"] * (slope > SLOPE) + [f"descriptors of {name}"] * (
            counts[-1] > counts[0] + DESCRIPTORS
        )
    Console(width=110).print(table)
    first, last = (_p95(reading.answers, *part) for part in ((0, seconds / 6), (seconds * 5 / 6, seconds)))
    print(
        f"write-ahead log: at most {log:.1f} MiB; 95th percentile {first * 1000:.0f} ms, then {last * 1000:.0f} ms: {last / first:.2f} times"
    )
    print(reading.told())
    wrong += ["the write-ahead log"] * (log > LOG) + ["slower"] * (last > first * SLOWER)
    wrong += [f"{reading.failed} failures"] * (reading.failed > 0) + ["nothing was posted"] * (not _posted(reading))
    wrong += ["a process was started anew"] * (len(looks) != 4)
    print(f"over a limit: {', '.join(wrong) or 'nothing'}")
    return 1 if wrong else 0


def _posted(reading: Reading) -> int:
    return sum(answer.kind == "post" and answer.status == 303 for answer in reading.answers)


def _p95(answers: list[Answer], begin: float, end: float) -> float:
    within = [answer.seconds for answer in answers if begin <= answer.at < end]
    return quantiles(within, n=20)[-1] if len(within) > 1 else 0.0


if __name__ == "__main__":
    sys.exit(main())
