"""The console command as an operator uses it, in processes of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

CONSULT = [sys.executable, "-m", "consult"]


def _environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CONSULT_")}
    return kept | {"CONSULT_INSTANCE": str(folder)} | more


def _run(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*CONSULT, *words], env=_environment(folder, **more), capture_output=True, text=True, timeout=60
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _fetch(address: str) -> str:
    for _ in range(150):
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 (our own address)
                return str(answer.read().decode())
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError(f"{address} does not answer")


def test_help_names_every_command(tmp_path: Path) -> None:
    told = _run(tmp_path, "--help").stdout
    for command in (
        "db",
        "backup",
        "restore",
        "serve",
        "work",
        "settings",
        "draft",
        "comments",
        "admin",
        "demo",
        "recount",
    ):
        assert f"\n  {command} " in told


def test_the_database_is_made_once(tmp_path: Path) -> None:
    first = json.loads(_run(tmp_path, "db", "upgrade", "--json").stdout)
    with sqlite3.connect(tmp_path / "consult.sqlite3") as database:
        (edition,) = database.execute("SELECT sum(number) FROM edition").fetchone()
    assert edition == 1, "a page that was kept before is not shown after it"
    again = json.loads(_run(tmp_path, "db", "upgrade", "--json").stdout)
    assert first["changed"]
    assert not again["changed"]
    assert first["now"] == again["before"]


def test_settings_that_cannot_be_used_end_the_command_with_sentences(tmp_path: Path) -> None:
    done = _run(tmp_path, "db", "upgrade", CONSULT_MODE="loud", CONSULT_WORKERS="0")
    assert done.returncode == 2
    assert "CONSULT_MODE is 'loud'" in done.stderr
    assert "CONSULT_WORKERS is '0'" in done.stderr
    assert "Traceback" not in done.stderr


def test_serving_needs_a_ready_database(tmp_path: Path) -> None:
    done = _run(tmp_path, "serve")
    assert done.returncode == 1
    assert "consult db upgrade" in done.stderr


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_serve_answers_and_works_and_both_end_together(tmp_path: Path, ending: signal.Signals) -> None:
    _run(tmp_path, "db", "upgrade")
    port = _free_port()
    server = subprocess.Popen(
        [*CONSULT, "serve", "--port", str(port)],
        env=_environment(tmp_path, CONSULT_PUBLIC_URL=f"http://127.0.0.1:{port}"),
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert "<h1" in _fetch(f"http://127.0.0.1:{port}/")
        assert _fetch(f"http://127.0.0.1:{port}/readyz").startswith('{"checks"')
        assert len(_processes(server.pid)) >= 3, "the server, a web process and the worker"
    finally:
        server.send_signal(ending)
        server.wait(timeout=40)
    assert _processes(server.pid) == []


def test_a_worker_that_dies_beside_the_server_is_started_again(tmp_path: Path) -> None:
    _run(tmp_path, "db", "upgrade")
    port = _free_port()
    server = subprocess.Popen(
        [*CONSULT, "serve", "--port", str(port)], stderr=(tmp_path / "said").open("w"), start_new_session=True,
        env=_environment(tmp_path, CONSULT_PUBLIC_URL=f"http://127.0.0.1:{port}"),
    )  # fmt: skip
    try:
        _fetch(f"http://127.0.0.1:{port}/")
        seen: set[int] = set()
        for _ in range(2):
            worker = _new_worker(server.pid, seen)
            seen.add(worker)
            os.kill(worker, signal.SIGKILL)
        _new_worker(server.pid, seen)
        assert "the worker died, exit code -9" in (tmp_path / "said").read_text()
    finally:
        server.terminate()
        server.wait(timeout=40)
    assert _processes(server.pid) == []


ENDINGS = """
import multiprocessing, os, signal
from consult import running

def busy():
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        os.write(ready, b".")
        signal.pause()
    except KeyboardInterrupt:
        return

multiprocessing.set_start_method("fork")
heard, ready = os.pipe()
for _ in range(100):
    beside = running.Beside(busy)
    os.read(heard, 1)
    beside.end()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux only")
def test_a_worker_beside_the_server_is_ended_without_a_word_each_time() -> None:
    done = subprocess.run([sys.executable, "-c", ENDINGS], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def _new_worker(group: int, seen: set[int], patience: float = 60) -> int:
    """The number of a worker of a session that was not seen yet, as soon as there is one."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        for number in _processes(group):
            with suppress(OSError):
                if number not in seen and Path(f"/proc/{number}/comm").read_text().strip() == "consult work":
                    return number
        time.sleep(0.1)
    raise AssertionError("there is no new worker")


def _processes(group: int) -> list[int]:
    """The numbers of the processes of a session that still run."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == group and fields[0] != "Z":
            found.append(int(entry.parent.name))
    return found
