"""Kill -9 of every process of an installation while eight people post.

python -m tests.faults.kill --rounds 200 --database postgresql
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from .load import Account, Installation, account, installation, posting


def rounds(of: Installation, count: int, seed: int = 1) -> tuple[Account, list[float]]:
    """Kill and start it `count` times while people post; the account, and how many seconds each start took."""
    chance = random.Random(seed)
    took = [of.start()]
    with posting(of):
        for _ in range(count):
            time.sleep(chance.uniform(0.2, 1.2))
            of.kill()
            took.append(of.start())
    of.stop()
    return account(of), took


def main() -> int:
    """Print the figures; 1 when something was lost."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--rounds", type=int, default=200)
    ask.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    ask.add_argument("--seed", type=int, default=1)
    given = ask.parse_args()
    with tempfile.TemporaryDirectory() as folder, installation(Path(folder), given.database) as of:
        found, took = rounds(of, given.rounds, given.seed)
    print(found)
    print(f"first page after a start: median {sorted(took)[len(took) // 2]:.2f} s, longest {max(took):.2f} s")
    return 0 if found.is_whole else 1


if __name__ == "__main__":
    sys.exit(main())
