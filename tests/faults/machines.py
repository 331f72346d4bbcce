"""An installation on eight machines, of which one after the other is cut off while people post and read.

bench/cluster.sh --seconds 20     makes the machines (network namespaces) and runs this in one of them
"""

from __future__ import annotations

import argparse
import http.client
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from consult.core import clock, jobs
from consult.core.db import db
from consult.settings import Settings
from tests.cluster import NAME, Cluster, own_folder, pooler, pooler_program, programs, until, url

from .load import FREE, PATIENCE, Account, Installation, Writer, account

MACHINES = ("db1", "db2", "pool", "cache", "web1", "web2", "work1", "work2", "load")
ADDRESS = {machine: f"10.77.0.{number}" for number, machine in enumerate(MACHINES, 1)}
WEB, WORK = ("web1", "web2"), ("work1", "work2")
PORT, REDIS = 8000, 6379
SITE = f"site.test:{PORT}"
READERS = 2
WAIT = 8  # s that people, or the proxy before the site, wait for an answer before they ask the other machine
DURABLE = ("listen_addresses=*", "max_connections=80", "shared_buffers=64MB")


def inside(machine: str) -> tuple[str, ...]:
    """The beginning of a command that is run on a machine."""
    return ("ip", "netns", "exec", f"consult-{machine}")


@contextmanager
def cut_off(machine: str) -> Iterator[None]:
    """Pull its cable: what is sent to it is answered by nobody."""
    cable = ("ip", "-n", "consult-net", "link", "set", machine)
    subprocess.run([*cable, "down"], check=True)
    try:
        yield
    finally:
        subprocess.run([*cable, "up"], check=True)


def ask(
    machine: str, method: str, address: str, body: str = "", cookie: str = ""
) -> tuple[http.client.HTTPResponse, str]:
    """One request to a web machine: answer, page."""
    connection = http.client.HTTPConnection(ADDRESS[machine], PORT, timeout=WAIT)
    headers = {"Host": SITE, "Origin": f"http://{SITE}"} | ({"Cookie": cookie} if cookie else {})
    if body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        connection.request(method, address, body or None, headers)
        answer = connection.getresponse()
        return answer, answer.read().decode()
    finally:
        connection.close()


class Heard(list[str]):
    """What one writer was acknowledged, and, in order, what all were."""

    def __init__(self, everybody: list[str]) -> None:
        super().__init__()
        self._everybody = everybody

    def append(self, body: str) -> None:
        super().append(body)
        self._everybody.append(body)


@dataclass
class Somewhere(Writer):
    """A writer who turns to the other web machine when one does not answer, as a proxy would for her."""

    turn: int = 0

    def ask(
        self, method: str, address: str, body: str = "", cookie: str | None = None
    ) -> tuple[http.client.HTTPResponse, str]:
        try:
            return ask(WEB[self.turn % 2], method, address, body, self.cookie if cookie is None else cookie)
        except (OSError, http.client.HTTPException):
            self.turn += 1
            raise


@dataclass
class Reader:
    """A stranger who looks at the newest comments, and expects what was acknowledged before she asked."""

    heard: list[str]
    turn: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    stale: int = 0

    def read(self, is_over: threading.Event) -> None:
        while not is_over.is_set():
            told, began = len(self.heard), time.monotonic()
            try:
                answer, page = ask(WEB[self.turn % 2], "GET", f"/c/load/comments?sort=newest&n={time.monotonic_ns()}")
            except (OSError, http.client.HTTPException):
                self.seen["no answer"] += 1
                self.turn += 1
                continue
            self.slowest = max(self.slowest, time.monotonic() - began)
            self.seen[str(answer.status)] += 1
            if answer.status == 200 and told:  # that one, or one that came after it, if there were fifty since
                self.stale += not any(body in page for body in self.heard[told - 1 :])
            time.sleep(0.05)


class Machines(Installation):
    """Web and work machines of one installation, each with a folder of its own."""

    def __init__(self, folder: Path, database: str, through: str, replica: str) -> None:
        self.folder, self.port, self.url = folder / "load", PORT, f"http://{SITE}"
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._home = folder
        self._key = "the same key on every machine of it"
        self.settings = Settings(
            instance=str(self.folder), mode="test", public_url=self.url, writing_per_person=FREE,
            writing_per_address=FREE, database_url=database, secret_key=self._key,
            redis_url=f"redis://{ADDRESS['cache']}:{REDIS}",
        )  # fmt: skip
        self._surroundings = os.environ | {
            "CONSULT_DATABASE_URL": through, "CONSULT_DATABASE_POOLER": "transaction", "CONSULT_SECRET_KEY": self._key,
            "CONSULT_DATABASE_REPLICA_URL": replica, "CONSULT_REDIS_URL": self.settings.redis_url,
            "CONSULT_MODE": "test", "CONSULT_PUBLIC_URL": self.url, "CONSULT_WORKERS": "1",
            "CONSULT_WRITING_PER_PERSON": FREE, "CONSULT_WRITING_PER_ADDRESS": FREE,
        }  # fmt: skip
        self.furnish()
        self.heard: list[str] = []
        self.writers = [
            Somewhere(PORT, writer.cookie, Heard(self.heard), turn=turn) for turn, writer in enumerate(self.writers)
        ]

    def start(self) -> float:
        began = time.monotonic()
        for machine in WEB:
            self._run(machine, "serve", "--host", "0.0.0.0", "--port", str(PORT), "--no-work")  # noqa: S104 (its own network)
        for machine in WORK:
            self._run(machine, "work")
        for machine in WEB:
            until(lambda machine=machine: ask(machine, "GET", "/c/load")[0].status == 200, f"{machine} does not answer")
        return time.monotonic() - began

    def _run(self, machine: str, *words: str) -> None:
        folder = self._home / machine
        folder.mkdir(exist_ok=True)
        with (folder / "log").open("ab") as log:
            self._running[machine] = subprocess.Popen(
                [*inside(machine), sys.executable, "-m", "consult", *words], start_new_session=True,
                env=self._surroundings | {"CONSULT_INSTANCE": str(folder)}, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip

    def replica_reads(self) -> dict[str, int]:
        """Where the web machines read for strangers."""
        found: Counter[str] = Counter()
        for machine in WEB:
            command = [*inside(machine), "curl", "-s", "-H", f"Host: {SITE}", f"http://127.0.0.1:{PORT}/metrics"]
            for line in subprocess.run(command, check=False, capture_output=True, text=True).stdout.splitlines():
                if line.startswith("consult_replica_reads_total"):
                    found[line.split('"')[1]] += int(line.split()[-1])
        return dict(found)

    def kill(self) -> None:
        for process in self._running.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def stop(self) -> None:
        """End all, do what is left to do, and gather the mails of all machines."""
        for process in self._running.values():
            process.send_signal(signal.SIGINT)
        for process in self._running.values():
            process.wait(timeout=60)
        with self.app.app_context(), clock.shifted(timedelta(minutes=30)):
            while jobs.run_due():
                pass
        (self.folder / "mail").mkdir(exist_ok=True)
        for machine in (*WEB, *WORK):
            for mail in (self._home / machine).glob("mail/*.eml"):
                shutil.copy(mail, self.folder / "mail" / f"{machine}-{mail.name}")

    def end(self) -> None:
        self.kill()
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


@contextmanager
def cache() -> Iterator[None]:
    """A Redis of its own, which keeps nothing."""
    command = ("redis-server", "--bind", ADDRESS["cache"], "--port", str(REDIS), "--protected-mode", "no", "--save", "")
    process = subprocess.Popen([*inside("cache"), *command], stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


@contextmanager
def machines(folder: Path) -> Iterator[Machines]:
    """Everything, of which nothing is left afterwards."""
    bin = programs()
    if bin is None or pooler_program() is None:
        raise SystemExit("The PostgreSQL server and PgBouncer are needed, and one of them is not installed.")
    with ExitStack() as left:
        servers = Cluster(folder, bin, DURABLE, (inside("db1"), inside("db2")), ADDRESS["db1"])
        left.callback(servers.end)
        left.enter_context(cache())
        direct, replica = url(servers.primary.port, ADDRESS["db1"]), url(servers.replica.port, ADDRESS["db2"])
        port = left.enter_context(
            pooler(servers.primary.port, NAME, 12, ADDRESS["db1"], ADDRESS["pool"], inside("pool"))
        )
        of = Machines(folder, direct, url(port, ADDRESS["pool"]), replica)
        left.callback(of.end)
        yield of


def run(of: Machines, seconds: float) -> tuple[Account, int]:
    """Post and read; cut off one machine after the other; the account, and how many pages were older than they may be."""
    took, is_over = of.start(), threading.Event()
    for writer in of.writers:
        writer.patience = 30 * seconds + PATIENCE
    print(f"two web and two work machines answer after {took:.1f} s")
    readers = [Reader(of.heard, turn) for turn in range(READERS)]
    busy = [threading.Thread(target=w.post, args=(f"Writer {i},", is_over)) for i, w in enumerate(of.writers)]
    busy += [threading.Thread(target=reader.read, args=(is_over,)) for reader in readers]
    for thread in busy:
        thread.start()
    _watch("all machines", of, readers, seconds)
    for machine in ("web1", "db2", "cache"):
        with cut_off(machine):
            _watch(f"{machine} cut off", of, readers, seconds)
        _watch(f"{machine} back", of, readers, seconds / 2)
    is_over.set()
    for thread in busy:
        thread.join(PATIENCE)
    of.stop()
    return account(of), sum(reader.stale for reader in readers)


def _watch(what: str, of: Machines, readers: list[Reader], seconds: float) -> None:
    """Wait, and print what people saw meanwhile."""
    before = sum(len(writer.acknowledged) for writer in of.writers)
    refused = sum((writer.refused for writer in of.writers), Counter[int]())
    for reader in readers:
        reader.seen, reader.slowest = Counter(), 0.0
    read = of.replica_reads()
    time.sleep(seconds)
    posted = sum(len(writer.acknowledged) for writer in of.writers) - before
    newly = sum((writer.refused for writer in of.writers), Counter[int]()) - refused
    seen: Counter[str] = sum((reader.seen for reader in readers), Counter())
    where = {name: count - read.get(name, 0) for name, count in of.replica_reads().items()}
    print(
        f"{what:<16} {posted / seconds:5.1f} comments/s, refused {dict(newly) or 0}; pages {dict(seen)},"
        f" slowest {max(reader.slowest for reader in readers):.1f} s; strangers read on {where}", flush=True,
    )  # fmt: skip


def main() -> int:
    """Print the figures; 1 when something was lost, there twice or shown too old."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--seconds", type=float, default=20, help="how long each machine is away")
    asked.add_argument("--keep", action="store_true", help="leave the folder with all logs")
    given = asked.parse_args()
    folder = own_folder()
    folder.chmod(0o755)
    try:
        with machines(folder) as of:
            found, stale = run(of, given.seconds)
    finally:
        print(f"logs in {folder}") if given.keep else shutil.rmtree(folder, ignore_errors=True)
    print(found)
    print(f"lost {found.lost}, twice {found.twice}, pages older than what was acknowledged {stale}")
    return 0 if found.is_whole and not stale else 1


if __name__ == "__main__":
    sys.exit(main())
