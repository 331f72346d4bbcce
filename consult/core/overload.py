"""When more comes than can be answered: what is let go first, and what last.

The honest sign is how long a request waited before we began with it. The proxy says when it came (`X-Request-Start`), so
the wait has everything in it: the proxy's own queue, the server's, and a machine that is out of breath. Searches and
files go first, then pages for strangers; one that is kept is sent although it may be a minute old. What people write
is refused last, with all they typed. Without the header nothing is ever refused. See decision 0144.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from datetime import timedelta

from flask import Flask, current_app, g, request

from .errors import Busy
from .metrics import class_of
from .rules import VISITOR

WAITED = "consult.waited"  # in the environment of a request: s it waited, as far as is known
# s of waiting from which a kind of request is refused. Assets and what watches us never are.
REFUSED_FROM = {"search": 1.0, "file": 1.0, "page": 4.0, "write": 10.0, "comment": 20.0}
SIGNED_IN_FROM = 10.0  # s, for pages of who has a session: she may be about to write
STALE_FROM, STALEST = 2.0, timedelta(seconds=60)  # strangers get what is kept
NONSENSE = 120.0  # s: no browser waits so long; a clock is wrong
IDLE = 0.25  # s without anything to do: whatever comes then did not wait for us
CROWD = "Very many people are here at this moment, so "
TOLD = {
    "search": f"{CROWD}searching is closed for a little while. You can read and comment all the same.",
    "file": f"{CROWD}files are not given out for a little while. You can read and comment all the same.",
    "page": f"{CROWD}not everybody gets every page at once. Open it again in a few seconds.",
}


class Waits:
    """How long requests waited for this process.

    What seems to have waited although we had nothing to do tells how far the proxy's clock and ours are apart.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._at_work, self._ended = 0, time.monotonic()
        self._apart: deque[float] = deque(maxlen=8)  # s; the newest, of which the smallest is meant

    def begin(self, told: str) -> float:
        """A request begins; how long it waited. `told`: Unix time in s (nginx), ms (Caddy) or µs, perhaps after `t=`."""
        waited = _since(told)
        with self._lock:
            is_idle = not self._at_work and time.monotonic() - self._ended > IDLE
            self._at_work += 1
            if waited is None:
                return 0.0
            if is_idle:
                self._apart.append(waited)
                return 0.0
            return max(0.0, waited - min(self._apart, default=0.0))

    def end(self) -> None:
        """It was answered."""
        with self._lock:
            self._at_work -= 1
            self._ended = time.monotonic()


def _since(told: str) -> float | None:
    try:
        moment = float(told.strip().removeprefix("t="))
    except ValueError:
        return None
    for _ in range(2):
        if moment > 1e11:  # the year 5138 in seconds, 1973 in milliseconds
            moment /= 1000
    waited = time.time() - moment
    return waited if abs(waited) < NONSENSE else None  # nan and infinity are none either


def refuses(kind: str, waited: float, *, is_stranger: bool) -> bool:
    """Whether a request of a kind (`metrics.class_of`) that waited so many seconds is let go."""
    limit = SIGNED_IN_FROM if kind == "page" and not is_stranger else REFUSED_FROM.get(kind)
    return limit is not None and waited >= limit


def _let_go() -> None:
    waited: float = request.environ.get(WAITED, 0.0)
    kind = class_of(request.endpoint or "", request.method)
    is_stranger = current_app.config["SESSION_COOKIE_NAME"] not in request.cookies
    if refuses(kind, waited, is_stranger=is_stranger):
        g.actor = VISITOR  # nobody asks the database who it was
        raise Busy(TOLD.get(kind, ""))


def init_app(app: Flask) -> None:
    """Let go before anybody does anything for the request."""
    app.before_request(_let_go)
