"""Reads of strangers on a replica of the database, and never an older page than the primary would give.

The primary is asked for its editions, one for each group of processes (`core/editions.py`); then a transaction is
begun on the replica, and its first statement reads the editions there. Within a group commits wait for each other at
one row, so a number that is there means that all commits it counts are. Is any smaller than on the primary, or does
the replica not answer, the primary is read. What is read of a table that makes no edition is read on the primary.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from typing import Any

from flask import Flask, current_app, g, has_request_context, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine, create_engine, event, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session, SessionTransaction

from .db import db
from .editions import Edition, Reader, unseen_tables
from .metrics import HEALTH, metrics
from .session import PRIMARY, READS

FIRST_REST, LONGEST_REST = 2.0, 30.0  # s in which a replica that did not answer is left alone
TOO_SLOW = "57014"  # a statement that ran into its limit would do so on the primary as well
log = logging.getLogger(__name__)


class OnlyOnPrimary(Exception):
    """This was about to read a table on the replica of which nobody can tell whether it is as on the primary."""


class Replica:
    """One replica, and for how long it is left alone. `primary`: reads the editions there."""

    def __init__(self, engine: Engine, primary: Reader) -> None:
        self.engine = engine
        self._primary = primary
        self._editions = select(Edition.id, Edition.number)
        self._lock = threading.Lock()
        self._rests_until = self._rest = 0.0
        self._elsewhere: set[str] = set(HEALTH)  # doors that need the primary
        self._uncounted = re.compile(rf"(?<![.\w])({'|'.join(sorted(unseen_tables() - {Edition.__tablename__}))})\b")
        event.listen(engine, "before_cursor_execute", self._look)

    def engine_for(self, session: Session) -> Engine | None:
        """The engine of the replica where this session may read from it now; None: the primary."""
        where = session.info.get(READS)
        if where is None:
            where = session.info[READS] = self._begin(session) if self._is_for_strangers() else PRIMARY
        elif where is not PRIMARY and where is not session.get_transaction():
            where = session.info[READS] = PRIMARY  # it committed or failed since: what it then reads is the newest
        return None if where is PRIMARY else self.engine

    def _is_for_strangers(self) -> bool:
        return (
            has_request_context()
            and request.method in ("GET", "HEAD")
            and current_app.config["SESSION_COOKIE_NAME"] not in request.cookies
            and "Authorization" not in request.headers
            and request.endpoint not in self._elsewhere
        )

    def _begin(self, session: Session) -> SessionTransaction | str:
        """A transaction on the replica in which all is there that the primary had when this began; else PRIMARY."""
        if time.monotonic() < self._rests_until:
            metrics().read("away")
            return PRIMARY
        wanted = self._primary.numbers()
        if wanted is None:
            return PRIMARY
        try:
            found = session.connection({"bind": self.engine}).execute(self._editions)
            there = {row.id: row.number for row in found}
        except (DBAPIError, PoolTimeout) as failure:
            self.leave_alone(failure)
            there = {}
        if any(there.get(group, -1) < number for group, number in wanted.items()):
            session.rollback()
            metrics().read("behind" if there else "away")
            return PRIMARY
        self._rest = 0.0
        metrics().read("replica")
        return session.get_transaction() or PRIMARY

    def leave_alone(self, failure: Exception) -> None:
        """It did not answer: do not ask it again for a while, which is longer each time."""
        with self._lock:
            self._rest = min(max(FIRST_REST, 2 * self._rest), LONGEST_REST)
            self._rests_until = time.monotonic() + self._rest
        log.warning("the replica does not answer (%s): left alone for %s s", type(failure).__name__, self._rest)

    def _look(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if self._uncounted.search(statement):
            raise OnlyOnPrimary

    def needs_primary(self, endpoint: str) -> None:
        """Remember a door that reads what only the primary knows."""
        self._elsewhere.add(endpoint)


def init_app(app: Flask, url: str, options: dict[str, Any]) -> Engine | None:
    """Read what strangers ask for on the replica at `url`; the engine, or None where there is no replica."""
    if not url:
        return None
    with app.app_context():
        primary = Reader(db.engine)
        engine = create_engine(url, **options)
    app.extensions["consult.replica"] = Replica(engine, primary)
    return engine


def again_on_primary(failure: Exception) -> ResponseReturnValue | None:
    """Answer the request once more from the primary where reading the replica failed; None where it was not that."""
    session = db.session()
    if session.info.get(READS) in (None, PRIMARY):
        return None
    replica: Replica = current_app.extensions["consult.replica"]
    if isinstance(failure, OnlyOnPrimary):
        replica.needs_primary(request.endpoint or "")
    elif not isinstance(failure, DBAPIError) or getattr(failure.orig, "sqlstate", None) == TOO_SLOW:
        return None
    elif failure.connection_invalidated:
        replica.leave_alone(failure)
    db.session.remove()  # with all that was read there
    db.session().info[READS] = PRIMARY
    g.pop("actor", None)
    try:
        return current_app.dispatch_request()
    except Exception as other:
        return current_app.handle_user_exception(other)
