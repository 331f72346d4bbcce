"""A disk that is full, and one that can only be read any more, under eight people who post.

python -m tests.faults.disk --refused 200 --database sqlite

The installation is on a small disk of its own (an ext4 image; needs root and a free loop device). Read-only is what the
kernel makes of it after an error, with everything open, and not a mode, which root would not notice. With
`--database postgresql` the data of a server of our own are on that disk, and the instance folder is not.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

from consult.core.db import db

from . import cluster
from .load import Account, Installation, account, installation, posting

MEGABYTES = {"sqlite": 48, "postgresql": 256}
PAGES = ("/", "/c/load", "/c/load/comments", "/consultations")


def missing() -> str:
    """Why no disk can be made here; "" when one can."""
    if os.geteuid():
        return "only root may mount a disk"
    if not Path("/dev/loop-control").exists():
        return "there are no loop devices"
    with tempfile.TemporaryDirectory() as folder:
        try:
            with disk(Path(folder), 8):
                return ""
        except (OSError, subprocess.SubprocessError) as problem:
            return f"a disk of our own cannot be mounted ({problem})"


class Disk:
    """A small disk at `place`, made of a file."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        self.image, self.place = folder / "disk.img", folder / "disk"
        with self.image.open("wb") as file:
            file.truncate(megabytes * 1024 * 1024)
        self.place.mkdir()
        _run("mkfs.ext4", "-q", "-m", "0", str(self.image))

    def mount(self) -> None:
        _run("mount", "-o", "loop,errors=remount-ro", str(self.image), str(self.place))

    def unmount(self) -> None:
        """Take it off; whoever was just killed may hold it for a moment."""
        until(lambda: not subprocess.run(("umount", str(self.place)), capture_output=True).returncode, 30)

    def fill(self, leave: float = 0.0) -> None:
        """Fill it until only this share of it is free; with 0 to the last byte."""
        wanted = int(self._space().f_blocks * leave)
        with (self.place / "filler").open("ab", buffering=0) as file, suppress(OSError):
            for size in (1024 * 1024, 4096, 1):
                with suppress(OSError):
                    while (left := self._space().f_bavail - wanted) > 0 or not wanted:
                        file.write(bytes(min(size, max(1, left) * self._space().f_frsize)))

    def _space(self) -> os.statvfs_result:
        return os.statvfs(self.place)

    def free(self) -> None:
        """Give the room back."""
        (self.place / "filler").unlink()

    def fail(self) -> None:
        """Let the kernel find an error on it: from now on it can only be read."""
        device = subprocess.run(
            ("findmnt", "-no", "SOURCE", str(self.place)), check=True, capture_output=True, text=True
        ).stdout.strip()
        Path(f"/sys/fs/ext4/{Path(device).name}/trigger_fs_error").write_text("1")


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=60)


@contextmanager
def disk(folder: Path, megabytes: int) -> Iterator[Disk]:
    """One that is mounted, and gone afterwards."""
    of = Disk(folder, megabytes)
    of.mount()
    try:
        yield of
    finally:
        with suppress(subprocess.SubprocessError):
            _run("umount", "--lazy", str(of.place))  # we may have files open on it


@dataclass(frozen=True, slots=True)
class Found:
    """What was to be seen while nothing could be written, and afterwards."""

    account: Account
    warned: str  # what /readyz said of the disk while writing still worked
    refused: int
    unread: list[str]  # pages that were not answered with 200 meanwhile, and with what
    read: int
    seconds: float  # from when there was room until something was acknowledged

    @property
    def is_well(self) -> bool:
        return self.account.is_whole and self.account.is_polite and not self.unread and bool(self.read and self.refused)


def run(folder: Path, kind: str, refusals: int, how: str) -> Found:
    """`how`: full or read-only; until so many posts were refused."""
    with disk(folder, MEGABYTES[kind]) as small:
        on = small.place / "instance"
        if kind == "postgresql":
            on = folder / "instance"
            small.place.chmod(0o755)
        on.mkdir()
        server = cluster.cluster(small.place) if kind == "postgresql" else nullcontext()
        with server as postgresql, installation(on, postgresql.url if postgresql else "sqlite") as of:
            of.start()
            with posting(of):
                until(lambda: len(told(of)) >= 20)
                small.fill(0.03)
                warned = ready(of)
                unread, read = while_refused(of, refusals, small.fill if how == "full" else once(small.fail))
                refused, before = sum(writer.refused.total() for writer in of.writers), len(told(of))
                began = time.monotonic()
                if how == "full":
                    small.free()
                else:
                    repaired(of, small)
                until(lambda: len(told(of)) > before)
                took = time.monotonic() - began
            of.stop()
            return Found(account(of), warned, refused, unread, read, took)


def while_refused(of: Installation, refusals: int, harm: Callable[[], None]) -> tuple[list[str], int]:
    """Harm the disk until so many posts were refused, and read meanwhile: what could not be read, and how many pages could."""
    unread, read = [], 0
    start = sum(writer.refused.total() for writer in of.writers)

    def is_over() -> bool:
        nonlocal read
        harm()
        for cookie in ("", of.writers[0].cookie):
            for page in PAGES:
                answer, _ = of.writers[0].ask("GET", page, cookie=cookie)
                read += answer.status == 200
                if answer.status != 200:
                    unread.append(f"{answer.status} {page}")
        return sum(writer.refused.total() for writer in of.writers) - start >= refusals

    until(is_over)
    return unread, read


def once(act: Callable[[], None]) -> Callable[[], None]:
    """Do it the first time only."""
    done = threading.Event()

    def perhaps() -> None:
        if not done.is_set():
            done.set()
            act()

    return perhaps


def repaired(of: Installation, small: Disk) -> None:
    """What somebody does who finds the disk read-only: stop, mount it anew, start."""
    for writer in of.writers:
        writer.is_patient = True  # nobody answers meanwhile
    of.kill()
    with of.app.app_context():
        db.session.remove()
        db.engine.dispose()
        of.app.extensions["consult.queue"]().storage.close()
    small.unmount()
    small.mount()
    (small.place / "filler").unlink(missing_ok=True)
    of.start()


def told(of: Installation) -> list[str]:
    return [body for writer in of.writers for body in writer.acknowledged]


def ready(of: Installation) -> str:
    """What /readyz says of the disk."""
    _, said = of.writers[0].ask("GET", "/readyz", cookie="")
    return str(json.loads(said)["checks"]["disk"].get("reason", ""))


def until(is_so: Callable[[], bool], seconds: float = 120) -> None:
    """Wait for it; RuntimeError when it does not come."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise RuntimeError("it did not come to that")
        time.sleep(0.05)


def main() -> int:
    """Print the figures; 1 when something was lost, could not be read, or was refused without a word."""
    ask = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ask.add_argument("--refused", type=int, default=200)
    ask.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    given = ask.parse_args()
    if why := missing() or (cluster.missing() if given.database == "postgresql" else ""):
        print(f"Cannot be tried here: {why}.")
        return 2
    bad = 0
    for how in ("full", "read-only") if given.database == "sqlite" else ("full",):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder).chmod(0o755)
            found = run(Path(folder), given.database, given.refused, how)
        print(f"{how}: {found}")
        bad += not found.is_well
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
