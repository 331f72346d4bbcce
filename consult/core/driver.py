"""The driver of PostgreSQL, where it does less for us. Imported by `db` only where there is PostgreSQL."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.pq import ExecStatus

ROWS = (ExecStatus.TUPLES_OK, ExecStatus.SINGLE_TUPLE, ExecStatus.TUPLES_CHUNK)
UNSAID = (None,) * 5  # sizes, which nobody asks for


class Cursor(psycopg.Cursor[Any]):
    """One that describes a result by its names and types alone, as SQLAlchemy asks after each statement for all columns.

    The driver's own makes an object of each column in five calls: a twelfth of a post, an eighth of a mail.
    """

    @property
    def description(self) -> Any:
        result = self.pgresult
        if result is None or not (result.nfields or result.status in ROWS):
            return None
        return [((result.fname(i) or b"").decode(), result.ftype(i), *UNSAID) for i in range(result.nfields)]
