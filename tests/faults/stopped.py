"""PostgreSQL stopped as by a power cut, and all its connections ended, while eight people post.

python -m tests.faults.stopped --rounds 20 --seconds 60
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import threading
import time
from pathlib import Path

from .cluster import Cluster, cluster, missing
from .load import Account, Installation, account, installation, posting

EVERY = 2.0  # s between two cuts of all connections
SOON = 5.0  # s, in which a page must be answered again


def stops(of: Installation, server: Cluster, count: int, seed: int = 1) -> list[float]:
    """Stop and start the server; seconds from each start of it to the first page."""
    chance, took = random.Random(seed), []
    for _ in range(count):
        time.sleep(chance.uniform(0.3, 1.5))
        server.stop()
        time.sleep(chance.uniform(0.0, 1.0))
        server.start()
        took.append(of.wait())
    return took


def cuts(server: Cluster, seconds: float, every: float = EVERY) -> int:
    """End all connections again and again; how many there were."""
    until, ended = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        ended += server.cut()
        threading.Event().wait(every)
    return ended


def run(folder: Path, rounds: int, seconds: float, every: float = EVERY) -> tuple[Account, list[float], int]:
    """Both, one after the other, in one installation: the account, the seconds to the first pages, connections ended."""
    with cluster() as server, installation(folder, server.url) as of:
        of.start()
        with posting(of):
            took = stops(of, server, rounds)
            ended = cuts(server, seconds, every)
        of.stop()
        return account(of), took, ended


def main() -> int:
    """Print the figures; 1 when something was lost or somebody saw anything but 503."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--rounds", type=int, default=20)
    ask.add_argument("--seconds", type=float, default=60)
    given = ask.parse_args()
    if why := missing():
        print(f"Cannot be tried here: {why}.")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        found, took, ended = run(Path(folder), given.rounds, given.seconds)
    print(found)
    middle = sorted(took)[len(took) // 2]
    print(f"first page once PostgreSQL was back: median {middle:.2f} s, longest {max(took):.2f} s")
    print(f"{ended} connections ended")
    is_well = found.is_whole and found.is_polite and max(took) <= SOON
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
