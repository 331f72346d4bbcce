"""For `bench/posting.py --confirm-ms`: each commit to SQLite that changed something waits as for a disk.

Python loads a module of this name at its start, in every process that has this folder on its path: the server's, and those
that commit bare rows. The wait is in the commit, so whoever holds the lock to write holds it meanwhile. What reads waits
for nothing, nor do the queue and the counts of limits, which use another module and never wait for a disk.
"""

from __future__ import annotations

import os
import time
from typing import Any

from pysqlite3 import dbapi2

SECONDS = float(os.environ["BENCH_CONFIRM_MS"]) / 1000
_connect = dbapi2.connect


class Connection(dbapi2.Connection):  # type: ignore[misc]
    """One that notices whether anything was changed since it last waited."""

    confirmed = 0

    def commit(self) -> None:
        self._wait()
        super().commit()

    def execute(self, statement: str, *given: Any) -> Any:
        if statement == "COMMIT":
            self._wait()
        return super().execute(statement, *given)

    def _wait(self) -> None:
        if self.total_changes != self.confirmed:
            self.confirmed = self.total_changes
            time.sleep(SECONDS)


def connect(*given: Any, **named: Any) -> Any:
    """As the module's own."""
    return _connect(*given, **named, factory=Connection)


dbapi2.connect = connect
