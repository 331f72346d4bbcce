"""How often one address or one person may do something. Redis when there is one, else one SQLite file."""

from __future__ import annotations

import hmac
import ipaddress
import logging
import math
import sqlite3
import threading
import time
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, request
from flask_limiter import Limiter
from limits import parse
from limits.storage import Storage

from .errors import TooOften
from .ids import digest
from .jobs import periodic
from .redis_pool import COUNTING, pool

log = logging.getLogger(__name__)


class SQLiteStorage(Storage):
    """Fixed windows counted in one SQLite file shared by all processes of this machine."""

    STORAGE_SCHEME = ["sqlitefile"]

    def __init__(self, uri: str, wrap_exceptions: bool = False, **_options: Any) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self._path = urlsplit(uri).path
        self._local = threading.local()

    @property
    def base_exceptions(self) -> type[Exception]:
        return sqlite3.Error

    def _execute(self, statement: str, values: tuple[Any, ...] = ()) -> list[Any]:
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self._path, timeout=5, isolation_level=None)
            # Counters may be lost in a power cut: no WAL, no fsync.
            connection.execute("PRAGMA journal_mode=TRUNCATE")
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS hits (key TEXT PRIMARY KEY, n INTEGER, until REAL) WITHOUT ROWID"
            )
            self._local.connection = connection
        return list(connection.execute(statement, values).fetchall())

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count `amount` hits on `key`, whose window is `expiry` seconds; returns the hits in the window."""
        moment = time.time()
        rows = self._execute(
            "INSERT INTO hits VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET"
            " n = CASE WHEN until < ? THEN excluded.n ELSE n + excluded.n END,"
            " until = CASE WHEN until < ? THEN excluded.until ELSE until END RETURNING n",
            (key, amount, moment + expiry, moment, moment),
        )
        return int(rows[0][0])

    def forget(self) -> None:
        """Delete the counts whose window is over: they hold addresses of people."""
        self._execute("DELETE FROM hits WHERE until < ?", (time.time(),))

    def get(self, key: str) -> int:
        rows = self._execute("SELECT n FROM hits WHERE key = ? AND until >= ?", (key, time.time()))
        return int(rows[0][0]) if rows else 0

    def get_expiry(self, key: str) -> float:
        rows = self._execute("SELECT until FROM hits WHERE key = ?", (key,))
        return float(rows[0][0]) if rows else time.time()

    def check(self) -> bool:
        return self._execute("SELECT 1") == [(1,)]

    def reset(self) -> int | None:
        self._execute("DELETE FROM hits")
        return None

    def clear(self, key: str) -> None:
        self._execute("DELETE FROM hits WHERE key = ?", (key,))


def client_mark() -> str:
    """What a request counts against: a keyed digest of its address, so that no address is stored anywhere."""
    return _digest(_client_address())


def _client_address() -> str:
    """One IPv4 address, or the /64 of an IPv6 one."""
    raw = request.remote_addr or "unknown"
    try:
        address = ipaddress.ip_address(raw)
    except ValueError:
        return raw
    if address.version == 6:
        return str(ipaddress.ip_network(f"{raw}/64", strict=False))
    return str(address)


def origin() -> str:
    """A digest of the range a request comes from (IPv4 /24, IPv6 /48): it tells ranges apart, and nobody finds the address in it."""
    address = request.remote_addr or ""
    try:
        width = 48 if ipaddress.ip_address(address).version == 6 else 24
    except ValueError:
        return ""
    network = ipaddress.ip_network(f"{address}/{width}", strict=False)
    return _digest(str(network))


def _digest(address: str) -> str:
    return hmac.new(current_app.config["SECRET_KEY"].encode(), address.encode(), "sha256").hexdigest()


limiter = Limiter(key_func=client_mark, strategy="fixed-window")


def seconds_left() -> int:
    """How long until a request that was one too many may be sent again; 0 when no limit was passed."""
    passed = limiter.current_limit
    return max(1, math.ceil(passed.reset_at - time.time())) if passed is not None and passed.breached else 0


def at_most(limit: str, what: str, whom: object, sentence: str) -> None:
    """Count one try of `what` against an account or person; TooOften(sentence) beyond `limit` ("10 per hour").

    Doors count per address by themselves (`limit=` of Room.post). A storage that is down lets people in.
    """
    if not limiter.enabled:
        return
    try:
        is_within = limiter.limiter.hit(parse(limit), what, digest(str(whom)))
    except Exception:
        log.exception("the storage of rate limits does not answer")
        return
    if not is_within:
        raise TooOften(sentence)


@periodic
def forget_counts() -> None:
    """Each minute: who was here is nobody's business once the window is over. Redis forgets by itself."""
    if isinstance(limiter.storage, SQLiteStorage):
        limiter.storage.forget()


def init_app(app: Flask, storage: str) -> None:
    """Count in `storage` (a redis:// or sqlitefile:// address); while it is down, each process counts by itself."""
    app.config.update(
        RATELIMIT_STORAGE_URI=storage, RATELIMIT_SWALLOW_ERRORS=True, RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True
    )
    if not storage.startswith("sqlitefile"):
        app.config["RATELIMIT_STORAGE_OPTIONS"] = {"connection_pool": pool(storage, COUNTING)}
    limiter.init_app(app)
