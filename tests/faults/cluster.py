"""A PostgreSQL server of our own, that can be stopped, filled and killed without anybody else noticing."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from tests.browser.conftest import free_port

INSTALLED = Path("/usr/lib/postgresql")  # of Debian; elsewhere the programs that start a server are on the path
DATABASE = "consult"


def missing() -> str:
    """Why there can be no server of our own here; "" when there can."""
    if _program("initdb") is None:
        return f"initdb is neither on the path nor in {INSTALLED}/*/bin"
    return "" if _owner() else "PostgreSQL does not run as root, and there is no user postgres"


def _program(name: str) -> str | None:
    found = sorted(INSTALLED.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    return str(found[-1]) if found else shutil.which(name)


def _owner() -> str:
    """Who runs it: we, or postgres where we are root."""
    if os.geteuid():
        return pwd.getpwuid(os.geteuid()).pw_name
    with suppress(KeyError):
        return pwd.getpwnam("postgres").pw_name
    return ""


class Cluster:
    """A server on a port of its own, with one empty database, which waits for the disk as in production."""

    def __init__(self, folder: Path) -> None:
        """`folder`: empty, its owner's."""
        self.folder, self.port = folder, free_port()
        self._server = f"postgresql://consult@127.0.0.1:{self.port}"
        self.url = f"{self._server}/{DATABASE}"
        self._run("initdb", "-D", str(self.data), "-U", "consult", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        with (self.data / "postgresql.conf").open("a") as settings:
            settings.write(
                f"port = {self.port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '{folder}'\n"
                "shared_buffers = 32MB\nmax_wal_size = 64MB\nmin_wal_size = 32MB\nwal_recycle = off\nrecovery_init_sync_method = syncfs\n"
            )

    def open(self) -> None:
        """Start it for the first time and make the database."""
        self.start()
        with self.connect("postgres") as server:
            server.execute(f"CREATE DATABASE {DATABASE}")

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def connect(self, database: str = DATABASE) -> psycopg.Connection[tuple[object, ...]]:
        """A connection that commits each statement."""
        return psycopg.connect(f"{self._server}/{database}", autocommit=True, connect_timeout=5)

    def start(self) -> None:
        """Start it, and come back when it can be asked."""
        self._control("start", "-w", "-t", "60", "-l", str(self.folder / "log"))

    def stop(self, how: str = "immediate") -> None:
        """Stop it; `immediate` is as good as a power cut for all who are connected."""
        self._control("stop", "-w", "-m", how)

    def cut(self) -> int:
        """End every connection to its database; how many there were."""
        with self.connect("postgres") as server:
            found = server.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s", (DATABASE,)
            ).fetchone()
        return int(str(found[0])) if found else 0

    def _control(self, *arguments: str) -> None:
        self._run("pg_ctl", "-D", str(self.data), *arguments)

    def _run(self, name: str, *arguments: str) -> None:
        program: Sequence[str] = (str(_program(name)), *arguments)
        if os.geteuid() == 0:
            program = ("setpriv", f"--reuid={_owner()}", f"--regid={_owner()}", "--init-groups", *program)
        quiet = subprocess.DEVNULL
        subprocess.run(program, check=True, cwd=self.folder, stdin=quiet, stdout=quiet, stderr=quiet, timeout=120)


@contextmanager
def cluster(under: Path | None = None) -> Iterator[Cluster]:
    """A server of which nothing is left afterwards; its data are in a folder `under` this one."""
    folder = Path(tempfile.mkdtemp(prefix="consult-cluster-", dir=under))
    shutil.chown(folder, _owner())
    of = None
    try:
        of = Cluster(folder)
        of.open()
        yield of
    finally:
        if of is not None:
            with suppress(subprocess.SubprocessError):
                of.stop()
        shutil.rmtree(folder, ignore_errors=True)
