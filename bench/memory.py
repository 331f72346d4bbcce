"""How much memory each process takes, at its start and under load; ends with 1 when a process is over 120 MiB.

    python bench/memory.py                20,000 comments, SQLite, two minutes
    python bench/memory.py --minutes 60 --comments 200000 --folder /somewhere

The production server, two web processes and one worker. Five clients read: pages of the reading room, comments in every
order, single comments, searches, as strangers and signed in, each under changing addresses so that pages are made and kept.
Rss counts what processes share in each of them; Pss divides it among them, so the sum of Pss is what the installation takes.
The limit is held against the Rss of the web processes. With --folder a seeded installation is used again. Needs Linux.
"""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.readers import Reading
from bench.running import SEEDED_WITH, Installation, installation, seeded

LIMIT = 120.0  # MiB
MIB = 1024


def main() -> int:
    """Seed, serve, read, print; 1 when a process is over the limit."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--minutes", type=float, default=2)
    ask.add_argument("--comments", type=int, default=20_000)
    ask.add_argument("--database", default="", help="an empty PostgreSQL database, or one seeded by this script")
    ask.add_argument("--folder", default="", help="keep the installation here")
    given = ask.parse_args()
    with ExitStack() as stack:
        of = stack.enter_context(installation(database=given.database, folder=given.folder))
        slug = seeded(of, given.comments)
        stack.enter_context(of.serving())
        time.sleep(1)
        before = memory(of)
        reading = Reading(of, slug, SEEDED_WITH)
        stack.enter_context(reading)
        time.sleep(given.minutes * 60)
        after = memory(of)
    table = Table("process", "Rss at start", "Pss", "Rss after", "Pss after", "MiB", box=None)
    for number, (role, rss, pss) in after.items():
        _, first_rss, first_pss = before.get(number, ("", 0.0, 0.0))
        table.add_row(f"{role} {number}", *(f"{value:.1f}" for value in (first_rss, first_pss, rss, pss)))
    Console(width=100).print(table)
    print(f"{reading.told()}; the whole installation: {sum(pss for _, _, pss in after.values()):.0f} MiB")
    largest = max(rss for role, rss, _ in after.values() if role == "web")
    print(f"the larger web process has {largest:.0f} MiB (Rss); the limit is {LIMIT:.0f}")
    return 0 if largest <= LIMIT else 1


def memory(of: Installation) -> dict[int, tuple[str, float, float]]:
    """Each process by number: what it does, and its Rss and Pss in MiB."""
    found = {}
    for number, role in sorted(of.processes().items()):
        try:
            lines = Path(f"/proc/{number}/smaps_rollup").read_text().splitlines()
        except OSError:  # it has just ended
            continue
        kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in lines if line.endswith(" kB")}
        found[number] = role, kilobytes["Rss"] / MIB, kilobytes["Pss"] / MIB
    return found


if __name__ == "__main__":
    sys.exit(main())
