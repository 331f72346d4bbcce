"""What is loaded at a start, seen in real processes: nothing that reads files of others, and nothing dear that can wait."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from argon2 import PasswordHasher
from flask import Flask

from consult.accounts import passwords
from consult.command import COMMANDS
from consult.core import schema
from consult.core.db import db
from consult.core.editions import SHARDS, Edition
from consult.core.paths import MIGRATIONS
from tests.conftest import IS_POSTGRESQL
from tests.make import Make

from .test_command import _environment, _fetch, _free_port, _run

READERS = {
    "lxml",
    "pypdfium2",
    "PIL",
    "xml.etree.ElementTree",
    "mdit_py_plugins",
}  # each with the importers that need it
LIGHT = {f"consult.documents.importers.{name}" for name in ("formats", "outline", "numbering", "attributes")}
DEAR = {
    "rich",
    "alembic",
    "huey",
    "redis",
    "psycopg",
    "fido2.webauthn",
    "cryptography",
    "email_validator",
    "segno",
    "rapidfuzz",
}
BRINGING = {"comments", "demo", "bench"}  # commands that bring texts in, whatever they are told


def _loaded(said: str) -> set[str]:
    """What Python said with `-X importtime` that it loaded."""
    return {line.rpartition("|")[2].strip() for line in said.splitlines() if line.startswith("import time:")}


def _of_ours(names: set[str]) -> set[str]:
    folders = ("consult.documents.importers.", "consult.exchange.importers.")
    return {name for name in names if name.startswith(folders)} - LIGHT


@pytest.mark.parametrize(
    ("words", "may"),
    [(("settings",), set()), (("db", "upgrade"), {"alembic", "rich", "psycopg"}), (("--version",), set())],
)
def test_simple_commands_load_no_reader(tmp_path: Path, words: tuple[str, ...], may: set[str]) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "consult", *words]
    done = subprocess.run(command, env=_environment(tmp_path), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr[-500:]
    names = _loaded(done.stderr)
    assert "click" in names
    assert sorted(names & (READERS | DEAR - may)) == []
    assert sorted(_of_ours(names)) == []


def test_a_command_that_brings_nothing_in_loads_no_reader(tmp_path: Path) -> None:
    """All of them at once, as far as `consult … --help` loads them."""
    names = sorted(COMMANDS.keys() - BRINGING)
    said = (
        "import sys; from consult.command import consult; "
        "[consult.get_command(None, name) for name in sys.argv[1:]]; print(*sys.modules)"
    )
    command = [sys.executable, "-c", said, *names]
    done = subprocess.run(command, env=_environment(tmp_path), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr[-500:]
    loaded = set(done.stdout.split())
    assert "consult.documents.cli" in loaded
    assert sorted(loaded & READERS) == []
    assert sorted(_of_ours(loaded)) == []


def test_a_server_that_answers_has_loaded_no_reader(tmp_path: Path) -> None:
    _run(tmp_path, "db", "upgrade")
    port = _free_port()
    server = subprocess.Popen(
        [sys.executable, "-X", "importtime", "-m", "consult", "serve", "--no-work", "--port", str(port)],
        env=_environment(tmp_path, CONSULT_PUBLIC_URL=f"http://127.0.0.1:{port}"), stderr=(tmp_path / "said").open("w"),
        start_new_session=True,
    )  # fmt: skip
    try:
        for address in ("", "about", "search?q=a"):
            assert "<h1" in _fetch(f"http://127.0.0.1:{port}/{address}")
    finally:
        server.terminate()
        server.wait(timeout=40)
    names = _loaded((tmp_path / "said").read_text())
    assert "consult.documents.views" in names
    assert sorted(names & (READERS | DEAR)) == []
    assert sorted(_of_ours(names)) == []


def test_what_was_loaded_is_old_so_that_no_forked_process_looks_it_through(tmp_path: Path) -> None:
    said = "import gc, consult.wsgi; print(gc.isenabled(), gc.get_freeze_count(), *(len(gc.get_objects(g)) for g in (0, 1, 2)))"
    done = subprocess.run(
        [sys.executable, "-c", said], env=_environment(tmp_path), stdout=subprocess.PIPE, text=True, timeout=60
    )
    is_enabled, frozen, *ages = done.stdout.split()
    assert (is_enabled, frozen) == ("True", "0")
    young, middle, old = map(int, ages)
    assert young + middle < 1_000 < 100_000 < old


MAPPED = """
import ctypes, consult.wsgi
class Said(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost".split()]
libc = ctypes.CDLL(None)
libc.mallinfo2.restype = Said
for _ in range(3):
    block = bytearray(4_000_000)
    del block
before = libc.mallinfo2().hblks
block = bytearray(1_000_000)
print(libc.mallinfo2().hblks - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only the GNU C library is told")
def test_a_large_block_has_pages_of_its_own_which_go_when_it_is_freed(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MAPPED], env=_environment(tmp_path), stdout=subprocess.PIPE, text=True, timeout=60
    )
    assert done.stdout.strip() == "1"


def test_our_own_look_at_migrations_agrees_with_the_library(app: Flask) -> None:
    assert schema.needed() == ScriptDirectory(str(MIGRATIONS)).get_current_head()
    with app.app_context():
        assert schema.present() is None, "the tables of a test are made without migrations"


def test_an_unknown_address_costs_as_much_as_a_known_one() -> None:
    assert not PasswordHasher().check_needs_rehash(passwords.NOBODY)


def test_each_process_counts_in_its_own_row(app: Flask, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """The application is built before processes are forked from it, so the row is chosen when it is written."""
    shards = SHARDS if IS_POSTGRESQL else 1
    for process in (SHARDS + 3, SHARDS + 4):
        monkeypatch.setattr("os.getpid", lambda number=process: number)
        make.person()
        with app.app_context():
            assert db.session.get(Edition, process % shards + 1) is not None
