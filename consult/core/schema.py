"""Which state of its tables a database has, and which one this version of Consult needs.

Asked at each start and by whoever watches; without the library that makes migrations, which takes long to load.
A migration that says `ADDS_ONLY` leaves the version before it able to serve: both run side by side while one replaces
the other (decision 0150).
"""

from __future__ import annotations

import re
from functools import cache

from flask import Flask
from sqlalchemy import Connection, column, inspect, select, table
from sqlalchemy.orm import Mapped, mapped_column

from . import later
from .db import Base, db
from .paths import MIGRATIONS

REVISION = re.compile(r"^(revision|down_revision)\b[^=\n]*=(.*)$", re.MULTILINE)
NAME = re.compile(r"""["']([^"']+)["']""")


class ServedRevision(Base):
    """An earlier revision of the tables whose version of Consult can serve them as they are now. Migrations write it."""

    __tablename__ = "served_revision"
    __is_unseen__ = True

    revision: Mapped[str] = mapped_column(unique=True)


def init_app(app: Flask) -> None:
    """Make `flask db` and migrations possible: what they need is loaded when they ask for it."""

    def made() -> object:
        later.module("flask_migrate").Migrate(
            app, db, directory=str(MIGRATIONS), render_as_batch=True, compare_type=True
        )
        return app.extensions["migrate"]

    app.extensions["migrate"] = later.Later(made)


def present(connection: Connection | None = None) -> str | None:
    """The revision the database has; None where there are no tables yet."""
    if connection is None:
        with db.engine.connect() as made:
            return present(made)
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(select(column("version_num")).select_from(table("alembic_version")))
    return found


@cache
def needed() -> str | None:
    """The revision this version of Consult needs: the one that no other begins with."""
    made, gone_on_from = set[str](), set[str]()
    for path in (MIGRATIONS / "versions").glob("*.py"):
        for what, said in REVISION.findall(path.read_text("utf-8")):
            (made if what == "revision" else gone_on_from).update(NAME.findall(said))
    heads = sorted(made - gone_on_from)
    return heads[-1] if heads else None


def served(connection: Connection | None = None) -> frozenset[str]:
    """Earlier revisions whose version of Consult can serve the tables as they are."""
    if connection is None:
        with db.engine.connect() as made:
            return served(made)
    if not inspect(connection).has_table(ServedRevision.__tablename__):
        return frozenset()
    return frozenset(connection.scalars(select(ServedRevision.revision)))


def fits(connection: Connection | None = None) -> bool:
    """Whether this version can serve the tables: they are its own, or what came since has only added to them."""
    found = present(connection)
    return found is not None and (found == needed() or needed() in served(connection))
