"""Another process takes over from the one that serves, while people read and post: no request fails.

python -m tests.faults.upgrade --rounds 5 --side-by-side 5 --database sqlite
python -m tests.faults.upgrade --expand --rounds 1 --side-by-side 60

The new `consult serve` is started on the same port, beside the old one (the kernel shares new connections between them),
both serve for a while, and the old one is ended with SIGTERM. With `--expand` the new one is of another version, whose
migration adds a column and a table: it is run while the old one serves, and the old one goes on and says that it is ready.
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path

from consult.core import schema
from consult.core.paths import PACKAGE, STATIC, TEMPLATES

from .load import Account, Installation, account, installation, posting

PAGES = ("/", "/c/load", "/c/load/comments", "/search?q=writer", "/readyz")
ADDING = Path(__file__).with_name("adding_migration.txt")
READERS = 4


@dataclass(frozen=True, slots=True)
class Found:
    """What everybody got."""

    account: Account
    pages: Counter[int]  # by status
    unanswered: int  # of those who read

    @property
    def is_well(self) -> bool:
        is_read = set(self.pages) == {200} and not self.unanswered
        return is_read and self.account.is_whole and not self.account.refused and not self.account.cut


def run(folder: Path, database: str, rounds: int, side_by_side: float, *, expand: bool = False) -> Found:
    """Replace the server so many times; `side_by_side`: seconds in which both serve, `expand`: by a newer version."""
    pages, failed, is_over = Counter[int](), Counter[str](), threading.Event()
    with installation(folder, database) as of:
        of.start()
        while of.writers[0].ask("GET", "/readyz", cookie="")[0].status != 200:  # until a worker was seen
            time.sleep(0.1)
        readers = [threading.Thread(target=_read, args=(of, pages, failed, is_over)) for _ in range(READERS)]
        with posting(of):
            for reader in readers:
                reader.start()
            try:
                newer = _newer_version(of) if expand else None
                for _ in range(rounds):
                    _replaced(of, side_by_side, newer)
            finally:
                is_over.set()
        for reader in readers:
            reader.join()
        of.stop()
        return Found(account(of), pages, failed.total())


def _newer_version(of: Installation) -> Path:
    """Another version of Consult, with a migration that adds to the tables, which is run."""
    folder = of.folder / "newer"
    shutil.copytree(PACKAGE, folder / "consult", ignore=shutil.ignore_patterns("__pycache__"))
    for name, where in (("templates", TEMPLATES), ("static", STATIC)):
        (folder / name).symlink_to(where)
    with of.app.app_context():
        words = ADDING.read_text().replace("{before}", schema.needed() or "")
    (folder / "consult" / "migrations" / "versions" / "adding.py").write_text(words)
    command = [sys.executable, "-m", "consult", "db", "upgrade", "--json"]
    done = subprocess.run(command, env=of.surroundings(folder), cwd=folder, check=True, stdout=subprocess.PIPE)
    if not json.loads(done.stdout)["before_goes_on"]:
        raise RuntimeError("the version before was not told to go on")
    return folder


def _replaced(of: Installation, side_by_side: float, newer: Path | None) -> None:
    old, listening = of.process, _listeners(of)
    of.launch(newer)
    until = time.monotonic() + 120
    while _listeners(of) < listening + int(of.settings.workers) and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(side_by_side)
    old.send_signal(signal.SIGTERM)
    try:
        old.wait(timeout=60)
    except subprocess.TimeoutExpired:
        raise RuntimeError("the old one does not end") from None


def _listeners(of: Installation) -> int:
    """How many sockets listen on its port, each of one web process (Linux)."""
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    return sum(line.split()[1].endswith(f":{of.port:04X}") and line.split()[3] == "0A" for line in lines)


def _read(of: Installation, pages: Counter[int], failed: Counter[str], is_over: threading.Event) -> None:
    while not is_over.is_set():
        for page in PAGES:
            try:
                answer, _ = of.writers[0].ask("GET", page, cookie="")
                pages[answer.status] += 1
            except (OSError, HTTPException) as problem:
                failed[type(problem).__name__] += 1
        time.sleep(0.01)


def main() -> int:
    """Print the figures; 1 when a request failed or something was lost."""
    ask = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ask.add_argument("--rounds", type=int, default=5)
    ask.add_argument("--side-by-side", type=float, default=5)
    ask.add_argument("--expand", action="store_true", help="the new one is of a version with a migration that adds")
    ask.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    given = ask.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder), given.database, given.rounds, given.side_by_side, expand=given.expand)
    print(found)
    return 0 if found.is_well else 1


if __name__ == "__main__":
    sys.exit(main())
