"""Where the PostgreSQL half of the tests runs: 127.0.0.1:5432, role root or postgres, no password.

`python -m tests.postgresql` answers by its exit code whether there is one.
"""

from __future__ import annotations

import sys

import psycopg

ROLES = ("root", "postgres")


def role() -> str | None:
    """The role that may sign in, or None when no server answers."""
    for name in ROLES:
        try:
            with psycopg.connect(host="127.0.0.1", user=name, dbname="postgres", connect_timeout=3):
                return name
        except psycopg.OperationalError:
            continue
    return None


def fresh(database: str) -> str:
    """Make an empty database of that name (dropping an old one), which never waits for the disk; returns its address."""
    name = role()
    if name is None:
        raise RuntimeError("CONSULT_TEST_DATABASE=postgresql, but no server answers on 127.0.0.1:5432")
    drop(f"postgresql://{name}@127.0.0.1:5432/{database}")
    with psycopg.connect(host="127.0.0.1", user=name, dbname="postgres", autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{database}"')
        server.execute(f'ALTER DATABASE "{database}" SET synchronous_commit = off')  # a power cut may lose it all
    return f"postgresql://{name}@127.0.0.1:5432/{database}"


def drop(url: str) -> None:
    """Drop the database at `url`, whoever is still connected to it."""
    server, database = url.rsplit("/", 1)
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


if __name__ == "__main__":
    sys.exit(role() is None)
