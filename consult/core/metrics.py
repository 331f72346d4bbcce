"""Counts for Prometheus, right with any number of web processes that come and go.

Each process has a slot, a small file mapped into its memory and locked while it lives. One that comes later takes a
free slot and counts on from what it finds there; so the sum of all slots only grows, nothing has to be gathered from
the dead, and the folder never has more files than there were processes at once.
"""

from __future__ import annotations

import fcntl
import hashlib
import mmap
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import Flask, current_app

CLASSES = ("page", "search", "file", "comment", "write", "asset", "health", "none")
STATUSES = ("2xx", "3xx", "4xx", "429", "5xx", "503")
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # s
HEALTH = {"lobby.healthz", "lobby.readyz", "lobby.metrics"}
COMMENTING = {"debate.post_comment", "debate.post_reply"}
READ = ("replica", "behind", "away")  # of strangers, where there is a replica; it was read, or why it was not
FILES = ("download", "export", "file", "picture", "print")
SERIES = (
    [("requests", c, s) for c in CLASSES for s in STATUSES]
    + [("within", c, str(b)) for c in CLASSES for b in (*BOUNDS, "+Inf")]
    + [("seconds", c, "") for c in CLASSES]
    + [("kept", "", answer) for answer in ("hit", "miss")]
    + [("slow", "", "")]
    + [("reads", "", where) for where in READ]
)
PLACE = {series: place for place, series in enumerate(SERIES)}
MARK = hashlib.sha256(repr(SERIES).encode()).digest()  # another version counts other things: it begins at nothing
LENGTH = len(MARK) + 8 * len(SERIES)  # bytes


def class_of(endpoint: str, method: str) -> str:
    """What kind of request it was; few kinds, so that there are few series."""
    if not endpoint:
        return "none"
    if endpoint == "asset":
        return "asset"
    if endpoint in HEALTH:
        return "health"
    if method == "POST":
        return "comment" if endpoint in COMMENTING else "write"
    room, _, view = endpoint.partition(".")
    if room == "search":
        return "search"
    return "file" if room == "feeds" or any(word in view for word in FILES) else "page"


class Metrics:
    """What this process counts, and what all of this machine counted."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._values: memoryview[float] | None = None
        self._owner = 0
        self._held: list[Any] = []  # file and mapping stay as long as the process

    def answered(self, endpoint: str, method: str, status: int, seconds: float) -> None:
        """Count an answer."""
        kind = class_of(endpoint, method)
        self._add(("requests", kind, str(status) if status in (429, 503) else f"{status // 100}xx"), 1)
        bound = next((str(b) for b in BOUNDS if seconds <= b), "+Inf")
        self._add(("within", kind, bound), 1)
        self._add(("seconds", kind, ""), seconds)

    def kept(self, is_hit: bool) -> None:
        """Count a page that a browser may keep: whether it still had the very same."""
        self._add(("kept", "", "hit" if is_hit else "miss"), 1)

    def slow(self) -> None:
        """Count a slow query."""
        self._add(("slow", "", ""), 1)

    def read(self, where: str) -> None:
        """Count a request whose data could come from the replica: one of READ."""
        self._add(("reads", "", where), 1)

    def _add(self, series: tuple[str, str, str], amount: float) -> None:
        place = PLACE.get(series)
        if place is None:
            return
        with self._lock:
            if self._values is None or self._owner != os.getpid():  # not before the first count: a fork has its own
                self._values, self._owner = self._slot(), os.getpid()
            if self._values:
                self._values[place] += amount

    def _slot(self) -> memoryview[float]:
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            for number in range(1024):
                handle = os.open(self._folder / f"{number}.counts", os.O_RDWR | os.O_CREAT, 0o600)
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    os.close(handle)
                    continue
                return self._mapped(handle)
        except OSError:  # no room on the disk: nobody waits for a count
            pass
        return memoryview(b"").cast("d")

    def _mapped(self, handle: int) -> memoryview[float]:
        if os.pread(handle, len(MARK), 0) != MARK or os.fstat(handle).st_size != LENGTH:
            os.ftruncate(handle, 0)
            os.pwrite(handle, MARK + bytes(LENGTH - len(MARK)), 0)
        mapping = mmap.mmap(handle, LENGTH)
        self._held = [handle, mapping]
        return memoryview(mapping)[len(MARK) :].cast("d")

    def totals(self) -> dict[tuple[str, str, str], float]:
        """The sum over all slots of this machine, of the living and the dead."""
        sums = [0.0] * len(SERIES)
        for path in self._folder.glob("*.counts"):
            data = path.read_bytes()
            if data[: len(MARK)] == MARK and len(data) == LENGTH:
                sums = [a + b for a, b in zip(sums, memoryview(data)[len(MARK) :].cast("d"), strict=True)]
        return dict(zip(SERIES, sums, strict=True))

    def lines(self) -> Iterator[str]:
        """The counts as Prometheus reads them."""
        totals = self.totals()
        yield "# HELP consult_requests_total Requests answered, by kind of route and status."
        yield "# TYPE consult_requests_total counter"
        for kind in CLASSES:
            for status in STATUSES:
                yield f'consult_requests_total{{kind="{kind}",status="{status}"}} {totals["requests", kind, status]:.0f}'
        yield "# HELP consult_request_seconds How long answers took."
        yield "# TYPE consult_request_seconds histogram"
        for kind in CLASSES:
            count = 0.0
            for bound in (*BOUNDS, "+Inf"):
                count += totals["within", kind, str(bound)]
                yield f'consult_request_seconds_bucket{{kind="{kind}",le="{bound}"}} {count:.0f}'
            yield f'consult_request_seconds_sum{{kind="{kind}"}} {totals["seconds", kind, ""]:.6f}'
            yield f'consult_request_seconds_count{{kind="{kind}"}} {count:.0f}'
        yield "# HELP consult_kept_pages_total Pages a browser may keep: hit, it still had the very same."
        yield "# TYPE consult_kept_pages_total counter"
        for answer in ("hit", "miss"):
            yield f'consult_kept_pages_total{{answer="{answer}"}} {totals["kept", "", answer]:.0f}'
        yield "# HELP consult_replica_reads_total Requests for the replica: read there, or why not (behind, away)."
        yield "# TYPE consult_replica_reads_total counter"
        for where in READ:
            yield f'consult_replica_reads_total{{answer="{where}"}} {totals["reads", "", where]:.0f}'
        yield "# HELP consult_slow_queries_total Statements that took longer than CONSULT_SLOW_QUERY."
        yield "# TYPE consult_slow_queries_total counter"
        yield f"consult_slow_queries_total {totals['slow', '', '']:.0f}"


def init_app(app: Flask, folder: Path) -> None:
    """Count in `folder`."""
    app.extensions["consult.metrics"] = Metrics(folder)


def metrics() -> Metrics:
    """The counts of this installation."""
    found: Metrics = current_app.extensions["consult.metrics"]
    return found
