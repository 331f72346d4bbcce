"""How long a start takes, in times the start of a bare Flask route; prints medians, ratios and what they were made of.

    python bench/start.py                 five turns, SQLite, an empty installation
    python bench/start.py --turns 15 --database postgresql://…/empty

In turn, so that a busy machine distorts both alike: a bare Flask route under Granian with two processes, `consult serve`
with two (from the command to the first whole page), and `consult work` (to its first sign in the database). Beside the
seconds stands the CPU time of all processes until then, which a busy machine distorts little. Bytecode is written first,
as an installed package has it. Ends with 1 when the ratio of the seconds is over the aim. Needs Linux.
"""

from __future__ import annotations

import argparse
import http.client
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
TICKS = os.sysconf("SC_CLK_TCK")
AIM = 3.0
PATIENCE = 60  # s
BARE = """
from flask import Flask
app = Flask("bare")
app.get("/")(lambda: "<h1>bare</h1>")
"""


class Start(NamedTuple):
    """One start: seconds until it answered, and the CPU seconds of all its processes until then."""

    seconds: float
    cpu: float


def main() -> int:
    """Measure in turns, print; 1 when the ratio is over the aim."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--turns", type=int, default=5)
    ask.add_argument("--database", default="", help="an empty PostgreSQL database")
    given = ask.parse_args()
    with tempfile.TemporaryDirectory() as made:
        found = _measure(Path(made), given.turns, given.database)
    table = Table("what", "seconds, median", "CPU seconds", "times the bare route: seconds", "CPU", box=None)
    floor = found["bare Flask route"]
    for name, starts in found.items():
        seconds, cpu = median(s.seconds for s in starts), median(s.cpu for s in starts)
        times = [median(s[i] / f[i] for s, f in zip(starts, floor, strict=True)) for i in (0, 1)]
        table.add_row(name, f"{seconds:.2f}", f"{cpu:.2f}", *(f"{t:.1f}" for t in times))
    Console(width=110).print(table)
    ratio = median(s.seconds / f.seconds for s, f in zip(found["consult serve"], floor, strict=True))
    print(f"aim: a first page in {AIM:.0f} times the bare route; {ratio:.1f} was seen")
    return 0 if ratio <= AIM else 1


def _measure(folder: Path, turns: int, database: str) -> dict[str, list[Start]]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CONSULT_")}
    environ |= {
        "CONSULT_INSTANCE": str(folder),
        "PYTHONPATH": f"{ROOT}{os.pathsep}{folder}",
        "CONSULT_DATABASE_URL": database,
    }
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    (folder / "bare.py").write_text(BARE)
    consult = [sys.executable, "-m", "consult"]
    subprocess.run([*consult, "db", "upgrade"], env=environ, check=True, stdout=subprocess.DEVNULL)
    subprocess.run([sys.executable, "-c", "import consult.wsgi"], env=environ, check=True)

    port = _free_port()
    bare = [sys.executable, "-m", "granian", "bare:app", "--interface", "wsgi", "--port", str(port), "--workers", "2"]
    ways: dict[str, tuple[list[str], Callable[[], bool]]] = {
        "bare Flask route": (bare, lambda: _answers(port)),
        "consult serve": ([*consult, "serve", "--port", str(port)], lambda: _answers(port)),
        "consult serve --no-work": ([*consult, "serve", "--no-work", "--port", str(port)], lambda: _answers(port)),
    }
    if not database:
        ways["consult work"] = ([*consult, "work"], lambda: _signed(folder / "consult.sqlite3"))
    found: dict[str, list[Start]] = {name: [] for name in ways}
    for _ in range(turns):
        for name, (command, is_there) in ways.items():
            found[name].append(_started(command, is_there, environ, folder))
    return found


def _started(command: list[str], is_there: Callable[[], bool], environ: dict[str, str], folder: Path) -> Start:
    """Start, wait for the answer, kill everything."""
    _unsign(folder / "consult.sqlite3")
    began = time.monotonic()
    process = subprocess.Popen(
        command, env=environ, cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while not is_there():
            if time.monotonic() > began + PATIENCE or process.poll() is not None:
                raise SystemExit(f"{' '.join(command)} did not start")
            time.sleep(0.005)
        return Start(time.monotonic() - began, _cpu_of(process.pid))
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        time.sleep(0.2)


def _cpu_of(session: int) -> float:
    """CPU seconds of all processes of a session."""
    spent = 0
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if int(fields[3]) == session:
            spent += int(fields[11]) + int(fields[12])
    return spent / TICKS


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", "/")
        answer = connection.getresponse()
        return answer.status == 200 and b"</h1>" in answer.read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _unsign(database: Path) -> None:
    if database.exists():
        with sqlite3.connect(database) as connection:
            connection.execute("DELETE FROM worker_sign")


def _signed(database: Path) -> bool:
    with sqlite3.connect(database) as connection:
        return bool(connection.execute("SELECT count(*) FROM worker_sign").fetchone()[0])


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
