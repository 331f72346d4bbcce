"""The session everything is read and written with: it asks whether a read may go to a replica."""

from __future__ import annotations

from typing import Any

import flask_sqlalchemy.session as base
from flask import current_app
from sqlalchemy import Connection, Engine

READS = "consult.reads"  # in the information of a session: where it reads from now
PRIMARY = "primary"


class Session(base.Session):
    """Flask-SQLAlchemy's, which reads from a replica where `core/replica.py` finds that this is the same."""

    def get_bind(
        self, mapper: Any = None, clause: Any = None, bind: Engine | Connection | None = None, **options: Any
    ) -> Engine | Connection:
        if bind is None and self.info.get(READS) is not PRIMARY:
            replica = current_app.extensions.get("consult.replica")
            engine: Engine | None = replica.engine_for(self) if replica is not None else None
            if engine is not None:
                return engine
        return super().get_bind(mapper=mapper, clause=clause, bind=bind, **options)
