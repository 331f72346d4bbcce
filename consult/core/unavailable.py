"""The database fails for a reason that passes: which one, and how people are told. Nothing acknowledged is ever in doubt."""

from __future__ import annotations

import errno
from typing import NamedTuple

from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from .errors import Busy

# PendingRollbackError: somebody before us in this request went on after the connection broke.
FAILURES: tuple[type[Exception], ...] = (PoolTimeout, OperationalError, InterfaceError, PendingRollbackError)
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}
# PostgreSQL: disk full, read-only transaction (a replica, or a server put on hold), a transaction it ended itself.
FULL_STATES = {"53100", "25006"}
PASSING_STATES = FULL_STATES | {"25P03", "25P04"}
FULL_SQLITE = ("SQLITE_FULL", "SQLITE_READONLY", "SQLITE_IOERR", "SQLITE_CANTOPEN")
BUSY_SQLITE = ("SQLITE_BUSY", "SQLITE_LOCKED")
BUSY_STATES = {"55P03", "57014", "40001", "40P01", "53300"}


class Told(NamedTuple):
    """A title and a sentence for a page."""

    title: str
    sentence: str


BUSY = Told("Very busy just now", "Too many people are writing at this moment. Try again in a few seconds.")
FULL = Told(
    "Nothing can be saved just now",
    "The disk of this site is full or cannot be written to, so what you sent was not kept. Reading works. Whoever runs"
    " this site has to make room first; try again later.",
)
AWAY = Told(
    "The database does not answer just now",
    "This mostly passes within seconds. Try again: if what you sent was saved already, it counts once all the same.",
)


class Unwritable(Busy):
    """Nothing can be written where the instance folder is."""

    def __init__(self) -> None:
        super().__init__(FULL.sentence)


def told(error: Exception) -> Told:
    """How people are told of one of FAILURES."""
    if isinstance(error, PoolTimeout):
        return BUSY
    original = error.orig if isinstance(error, DBAPIError) else None
    state, name = getattr(original, "sqlstate", None) or "", getattr(original, "sqlite_errorname", None) or ""
    if state in FULL_STATES or name.startswith(FULL_SQLITE):
        return FULL
    is_busy = state in BUSY_STATES or name.startswith(BUSY_SQLITE)
    return BUSY if is_busy else AWAY


def passes(error: InternalError) -> bool:
    """Whether what PostgreSQL calls an internal error is one that passes."""
    return getattr(error.orig, "sqlstate", None) in PASSING_STATES
