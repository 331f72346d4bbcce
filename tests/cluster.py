"""A PostgreSQL of our own with a streaming replica, and PgBouncer before it: in a temporary folder, gone afterwards.

The servers refuse to run as root, so root starts them as the user `postgres` (or `nobody`).
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.browser.conftest import free_port

PATIENCE = 60  # s
NAME = "consult"  # role and database
QUICK = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "shared_buffers=32MB", "max_connections=60")


def programs() -> Path | None:
    """The folder with initdb, postgres and pg_basebackup; None where there is no server to start."""
    found = shutil.which("initdb")
    folders = ([Path(found).resolve().parent] if found else []) + sorted(Path("/usr/lib/postgresql").glob("*/bin"))[
        ::-1
    ]
    return next((folder for folder in folders if (folder / "pg_basebackup").exists()), None)


def user() -> str | None:
    """As whom to run the servers; None where that is who we are already."""
    if os.getuid():
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def as_user(*command: object) -> list[str]:
    """The command, run by somebody who is not root."""
    name = user()
    if name is None:
        return [str(part) for part in command]
    entry = pwd.getpwnam(name)
    ids = [f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups"]
    return ["setpriv", *ids, *(str(part) for part in command)]


def until(what: Callable[[], Any], why: str) -> Any:
    """Wait until something is so; an error that says `why` when it does not come."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            if found := what():
                return found
        except (psycopg.OperationalError, OSError):
            pass
        time.sleep(0.02)
    raise RuntimeError(why)


def url(port: int, host: str = "127.0.0.1") -> str:
    """The address of the database at a port."""
    return f"postgresql://{NAME}@{host}:{port}/{NAME}"


def ask(port: int, statement: str) -> Any:
    """The first value a server gives for a statement of ours; None where it gives no row."""
    with psycopg.connect(url(port), autocommit=True, connect_timeout=3) as connection:
        cursor = connection.execute(statement)  # type: ignore[call-overload]
        row = cursor.fetchone() if cursor.description else None
        return row and row[0]


class Server:
    """One server that runs, a primary or a replica. Has `port`."""

    def __init__(self, bin: Path, data: Path, *settings: str, before: tuple[str, ...] = ()) -> None:
        self.port, self._bin, self._data = free_port(), bin, data
        self._settings = [f"-c{setting}" for setting in settings]
        self._before = before  # a command to run it in, as `ip netns exec …`
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = as_user(
            self._bin / "postgres", "-D", self._data, "-p", self.port, "-k", self._data.parent, *self._settings
        )
        with (self._data.parent / f"{self._data.name}.log").open("ab") as log:
            self._process = subprocess.Popen([*self._before, *command], stdout=log, stderr=log, cwd="/")
        check = as_user(self._bin / "pg_isready", "-q", "-h", self._data.parent, "-p", self.port)
        until(lambda: subprocess.run(check, check=False, cwd="/").returncode == 0, f"{self._data} does not start")

    def stop(self) -> None:
        """End it at once, as a power cut would."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)  # immediate: nothing is finished
            self._process.wait(PATIENCE)
            self._process = None


class Cluster:
    """A primary with the database, and a replica that follows it.

    `inside`: the commands to run each of them in, as `ip netns exec db1`; `host`: where the replica finds the primary.
    """

    def __init__(
        self, folder: Path, bin: Path, settings: tuple[str, ...] = QUICK,
        inside: tuple[tuple[str, ...], tuple[str, ...]] = ((), ()), host: str = "127.0.0.1",
    ) -> None:  # fmt: skip
        self.folder = folder
        self.primary = Server(bin, folder / "primary", *settings, before=inside[0])
        _quietly(
            as_user(bin / "initdb", "-D", folder / "primary", "-U", NAME, "-A", "trust", "-N", "--no-instructions")
        )
        with (folder / "primary" / "pg_hba.conf").open("a") as allowed:
            allowed.write("".join(f"host {what} all samenet trust\n" for what in ("all", "replication")))
        self.primary.start()
        with psycopg.connect(
            host=str(folder), port=self.primary.port, user=NAME, dbname="postgres", autocommit=True
        ) as c:
            c.execute(f"CREATE DATABASE {NAME}")  # type: ignore[call-overload]
        copy = ("-h", host, "-p", self.primary.port, "-U", NAME, "-D", folder / "replica")
        _quietly([*inside[1], *as_user(bin / "pg_basebackup", *copy, "-R", "-X", "stream", "-c", "fast", "-N")])
        self.replica = Server(bin, folder / "replica", *settings, before=inside[1])
        self.replica.start()

    def caught_up(self) -> None:
        """Wait until the replica has all that was committed."""
        now = ask(self.primary.port, "SELECT pg_current_wal_insert_lsn()")
        behind = f"SELECT pg_last_wal_replay_lsn() >= '{now}'"
        until(lambda: ask(self.replica.port, behind), "the replica does not follow")

    def end(self) -> None:
        """Stop both."""
        self.replica.stop()
        self.primary.stop()


def _quietly(command: list[str]) -> None:
    subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL)


def own_folder() -> Path:
    """A new folder that is theirs who run the servers."""
    folder = Path(tempfile.mkdtemp(prefix="consult-machines-"))
    if name := user():
        shutil.chown(folder, name)
    return folder


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A primary and a replica of which nothing is left afterwards. Needs `programs()`."""
    bin = programs()
    assert bin is not None
    folder = own_folder()
    made: Cluster | None = None
    try:
        made = Cluster(folder, bin)
        yield made
    finally:
        if made is not None:
            made.end()
        shutil.rmtree(folder, ignore_errors=True)


def pooler_program() -> str | None:
    """PgBouncer, where it is installed."""
    return shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")


POOLER = """[databases]
* = host={host} port={server}
[pgbouncer]
listen_addr = {listen}
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users.txt
pool_mode = transaction
default_pool_size = {size}
max_client_conn = 500
query_wait_timeout = 5
server_connect_timeout = 3
server_login_retry = 1
"""


@contextmanager
def pooler(
    server: int, role: str, size: int, host: str = "127.0.0.1", listen: str = "127.0.0.1", before: tuple[str, ...] = ()
) -> Iterator[int]:
    """PgBouncer in transaction mode before a server, with `size` connections for each database; its port."""
    program, port, folder = pooler_program(), free_port(), own_folder()
    assert program is not None
    (folder / "users.txt").write_text(f'"{role}" ""\n')
    settings = {"host": host, "server": server, "listen": listen, "port": port, "folder": folder, "size": size}
    (folder / "pooler.ini").write_text(POOLER.format_map(settings))
    with (folder / "log").open("ab") as log:
        command = [*before, *as_user(program, folder / "pooler.ini")]
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd="/")
    try:
        if not before:
            until(lambda: not socket.create_connection((listen, port), 1).close(), "PgBouncer does not start")
        yield port
    finally:
        process.terminate()
        process.wait(PATIENCE)
        shutil.rmtree(folder, ignore_errors=True)
