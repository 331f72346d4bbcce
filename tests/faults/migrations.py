"""Migrations over 20,000 comments: up, down and up leave every row as it was, and killed midway they did nothing.

python -m tests.faults.migrations --rows 20000 --database postgresql

Every revision that the installed version has is taken back to the first and done again; behind the newest one stands a
trial (`trial_migration.txt`), which rebuilds the comments and a guarded table. The trial is killed at each of its steps.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Table, inspect, select, text, update
from sqlalchemy.exc import OperationalError

from consult.app import create_app
from consult.core import schema
from consult.core.db import Base, db
from consult.core.paths import MIGRATIONS
from consult.debate.models import Comment
from consult.demo.sown.sowing import sow
from consult.settings import Settings
from tests import postgresql, rows

TRIAL = Path(__file__).with_name("trial_migration.txt")
STEPS = (5, 3, 4, 2, 1)  # of the trial, each way; those first at which most is half done
EDGES = (
    "", "0", "NULL", "'; DROP TABLE comment; --", "%s %(x)s :x ? \\ \" '", "\r\n\t \u00a0\u2028", "e\u0301 \u202eright\u202c",
    "\U0001f9d1\U0001f3fd\u200d\U0001f680\U0010ffff", "\x01\x7f\ufeff\ufffd", "long " * 40_000,
)  # fmt: skip
MOMENTS = tuple(
    datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type]
    for parts in ((1, 1, 1), (1969, 12, 31, 23, 59, 59, 999_999), (9999, 12, 31, 23, 59, 59, 999_999))
)
MOVE = (
    "import sys; from consult.app import create_app; from flask_migrate import downgrade, upgrade\n"
    "with create_app().app_context(): (upgrade if sys.argv[2] == 'up' else downgrade)(sys.argv[1], sys.argv[3])"
)
Contents = dict[str, str]


class Site:
    """An installation full of rows, and a folder of migrations with the trial at its end."""

    def __init__(self, folder: Path, url: str, comments: int) -> None:
        self.folder = folder / "instance"
        self.settings = Settings(
            instance=str(self.folder), database_url=url, mode="test", public_url="http://localhost"
        )
        self.app: Flask = create_app(self.settings)
        self.scripts = folder / "migrations"
        shutil.copytree(MIGRATIONS, self.scripts)
        with self.app.app_context():
            upgrade(str(MIGRATIONS))
            sow(slug="full", comments=comments, password_hash="none", tell=lambda _done: None)
            self.head = str(schema.needed())
        self.trial()
        with rows.unchecked(self.app) as connection:
            for place, words in enumerate(EDGES):
                when = MOMENTS[place % len(MOMENTS)]
                row = connection.execute(select(Comment.id).order_by(Comment.id).offset(place).limit(1)).scalar_one()
                connection.execute(
                    update(Comment).where(Comment.id == row).values(body=words, html=words, posted_at=when)
                )
                connection.execute(
                    text("UPDATE comment SET posted_at = :when WHERE id = :id"), {"when": when, "id": row}
                )

    def trial(self, *, forgets: int = 0, pause: float = 0.0, then: str = "SELECT 1") -> None:
        """Write the trial; `forgets`: how many triggers of a rebuilt table, `pause`: seconds at each step, `then`: SQL."""
        words, known = TRIAL.read_text(), {"before": self.head, "forgets": forgets, "pause": pause, "then": then}
        for name, value in known.items():
            words = words.replace(f"{{{name}}}", str(value))
        (self.scripts / "versions" / "trial.py").write_text(words)

    def contents(self, columns: dict[str, list[str]]) -> Contents:
        """A digest of each table: of these columns of all rows."""
        with self.app.app_context(), db.engine.connect() as connection:
            return {
                name: _digest(
                    connection.execute(text(f'SELECT {_quoted(wanted)} FROM "{name}" ORDER BY {_quoted(wanted)}'))
                )
                for name, wanted in columns.items()
            }

    def columns(self) -> dict[str, list[str]]:
        """Which columns each table has now, but the mark of the revision itself."""
        with self.app.app_context():
            look = inspect(db.engine)
            return {
                name: [column["name"] for column in look.get_columns(name)]
                for name in look.get_table_names()
                if name != "alembic_version" and not name.startswith("search_")  # those of full text are SQLite's own
            } | {"search_row": [column["name"] for column in look.get_columns("search_row")]}

    def shape(self) -> str:
        """Lines, in no order, of all tables, constraints, indexes and triggers; of PostgreSQL triggers and indexes."""
        asked = {
            "sqlite": "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL",
            "postgresql": "SELECT tgname::text, tgrelid::regclass::text, '' FROM pg_trigger WHERE NOT tgisinternal"
            " UNION ALL SELECT indexname::text, tablename::text, indexdef FROM pg_indexes WHERE schemaname = 'public'",
        }
        with self.app.app_context(), db.engine.connect() as connection:
            told = "\n".join(
                " ".join(map(str, row)) for row in connection.execute(text(asked[connection.dialect.name]))
            )
            return "\n".join(sorted(line.strip().rstrip(",").replace('"', "") for line in told.split("\n")))

    def is_sound(self) -> bool:
        """Whether references lead somewhere and the file is whole; PostgreSQL sees to that itself."""
        with self.app.app_context(), db.engine.connect() as connection:
            if connection.dialect.name != "sqlite":
                return True
            broken = connection.execute(text("PRAGMA foreign_key_check")).all()
            return not broken and connection.scalar(text("PRAGMA integrity_check")) == "ok"

    def revision(self) -> str | None:
        with self.app.app_context():
            return schema.present()

    def move(self, way: str, to: str) -> None:
        with self.app.app_context():
            (upgrade if way == "up" else downgrade)(str(self.scripts), to)

    def command(self, *words: str) -> subprocess.Popen[str]:
        """Python in a process of its own that is about this installation."""
        given = {"INSTANCE": str(self.folder), "DATABASE_URL": self.settings.database_url, "MODE": "test"}
        surroundings = os.environ | {f"CONSULT_{name}": value for name, value in given.items()}
        return subprocess.Popen(
            [sys.executable, *words], env=surroundings, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    def killed(self, way: str, to: str, at: int) -> None:
        """Begin to migrate, and kill it when it has come to step `at`."""
        process = self.command("-c", MOVE, str(self.scripts), way, to)
        assert process.stdout is not None
        reached, said = 0, []
        for line in process.stdout:
            said.append(line)
            reached += line == "here\n"
            if reached == at:
                break
        process.kill()
        process.wait()
        process.stdout.close()
        if reached < at:
            raise RuntimeError(f"it came to step {reached} only: {''.join(said)[-2000:]}")

    def refuses(self) -> list[str]:
        """What commands say that must not run on these tables; empty where one ran."""
        processes = [self.command("-m", "consult", *words) for words in (("serve", "--no-work"), ("work",))]
        try:
            said = [process.communicate(timeout=60)[0] for process in processes]
        except subprocess.TimeoutExpired:
            return []
        finally:
            for process in processes:
                process.kill()
                process.wait()
        return [words if process.returncode else "" for words, process in zip(said, processes, strict=True)]

    def end(self) -> None:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


def _quoted(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _digest(found) -> str:  # type: ignore[no-untyped-def]
    digest = hashlib.sha256()
    for row in found:
        digest.update(repr(tuple(row)).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


@contextmanager
def site(folder: Path, database: str, comments: int) -> Iterator[Site]:
    """One on `sqlite` or `postgresql`, of which nothing is left."""
    url = postgresql.fresh(f"consult_migrations_{os.getpid()}") if database == "postgresql" else ""
    of = Site(folder, url, comments)
    try:
        yield of
    finally:
        of.end()
        if url:
            postgresql.drop(url)


@dataclass(frozen=True, slots=True)
class Found:
    """What there was to see; everything but `revisions` and `seconds` must be as its name says."""

    revisions: int  # pairs of revisions between which it was moved, the trial among them
    kills: int
    same_after_down_and_up: bool
    same_after_each_kill: bool
    is_refused: bool  # tables of another version, by what serves and what works
    is_sound: bool
    seconds: float  # of the trial, up

    @property
    def is_well(self) -> bool:
        return self.same_after_down_and_up and self.same_after_each_kill and self.is_refused and self.is_sound


def run(of: Site, kills: int = 2 * len(STEPS)) -> Found:
    """Move the site through all revisions, killing the trial `kills` times."""
    columns = of.columns()
    first, shape = of.contents(columns), of.shape()
    chain = [str(script.revision) for script in ScriptDirectory(str(of.scripts)).walk_revisions()][::-1]
    began = time.monotonic()
    of.move("up", "trial")
    took = time.monotonic() - began
    is_same = of.contents(columns) == first
    is_refused = all("not ready for this version" in words for words in of.refuses() or [""])
    of.move("down", of.head)
    is_same = is_same and (of.contents(columns), of.shape()) == (first, shape)
    is_same = is_same and all(_again(of, before) for before, _after in pairwise(chain[:-1]))
    return Found(len(chain) - 1, kills, is_same, _killed(of, kills), is_refused, of.is_sound(), took)


def _again(of: Site, before: str) -> bool:
    """Take back all after the revision `before` and do it again: whether what was there on both ends is the same."""
    of.move("down", before)
    columns, held, shape = of.columns(), of.contents(of.columns()), of.shape()
    of.move("up", of.head)
    is_same = of.contents(columns) == held
    of.move("down", before)
    is_same = is_same and (of.contents(columns), of.shape()) == (held, shape)
    of.move("up", of.head)
    return is_same


def _killed(of: Site, kills: int) -> bool:
    """Kill it on the way up and on the way down, in turn at each step; whether it was as before each time, and goes on."""
    of.trial(pause=0.05)
    is_same = True
    for way, start, to in (("up", of.head, "trial"), ("down", "trial", of.head)):
        columns = of.columns()
        held, shape = of.contents(columns), of.shape()
        for kill in range(kills // 2):
            of.killed(way, to, STEPS[kill % len(STEPS)])
            is_same = is_same and _settled(of) == start and (of.contents(columns), of.shape()) == (held, shape)
        of.move(way, to)
        is_same = is_same and of.revision() == to and of.is_sound()
    return is_same


def _settled(of: Site) -> str | None:
    """The revision, once PostgreSQL noticed that nobody is there any more."""
    for _ in range(20):
        try:
            return of.revision()
        except OperationalError:  # a lock that is about to go
            time.sleep(0.2)
    return None


def main() -> int:
    """Print the figures; 1 when something was not as it must be."""
    ask = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ask.add_argument("--rows", type=int, default=20_000)
    ask.add_argument("--kills", type=int, default=2 * len(STEPS))
    ask.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    given = ask.parse_args()
    with tempfile.TemporaryDirectory() as folder, site(Path(folder), given.database, given.rows) as of:
        counted = sum(of_table(of, table) for table in Base.metadata.sorted_tables)
        found = run(of, given.kills)
    print(f"{counted:,} rows in {len(Base.metadata.sorted_tables)} tables, {given.rows:,} comments")
    print(found)
    return 0 if found.is_well else 1


def of_table(of: Site, table: Table) -> int:
    with of.app.app_context(), db.engine.connect() as connection:
        return int(connection.scalar(text(f'SELECT count(*) FROM "{table.name}"')) or 0)


if __name__ == "__main__":
    sys.exit(main())
