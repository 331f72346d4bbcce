"""What each page costs in a consultation with many comments, in times its cost in one with few; prints ratios.

    python bench/flat.py                            1,000 and 20,000 comments, SQLite; three minutes
    python bench/flat.py --sizes 1000 1000000 --folder /somewhere
    python bench/flat.py --database postgresql://…/flat     makes the databases flat_1000 and flat_20000

The cost is CPU time, which a busy machine distorts little: of the process that answers, and on PostgreSQL also of the
server's processes for it, read from /proc (so the server must run on this machine, as somebody whose numbers one may
read). Every page is made anew: each request has an address of its own. The two consultations are asked in turn, each
by a process of its own; a figure is the median of the ratios of all turns. Statements are those of one such request,
without the one that reads the edition (decision 0134). With --folder what was seeded is used again. Needs Linux.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import psycopg
from flask.testing import FlaskClient
from rich.console import Console
from rich.table import Table
from sqlalchemy import event, text

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from consult.accounts.models import RoleGrant
from consult.app import create_app
from consult.consultations.models import Consultation
from consult.core.db import db, insert_new, write_transaction
from consult.debate.models import Comment
from consult.demo.bench_cli import PASSWORD
from consult.documents.models import Clause, ReadingPage
from consult.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
TURNS = 5
AT_ONCE = 2  # requests in one turn
STRANGER, READER, MODERATOR = "stranger", "signed in", "moderator"
LISTS = {
    "in the order of the text": "", "newest": "?sort=newest", "oldest": "?sort=oldest", "most discussed": "?sort=discussed",
    "not answered first": "?sort=unanswered", "agreed across groups": "?sort=bridging", "random": "?sort=random&seed=7",
    "by stance": "?stance=object", "by position": "?position=safety", "by kind": "?type=editorial",
    "by category": "?category=academia", "by organisation": "?organisation={body}", "by clause": "?clause={clause}",
    "by words": "?q=weights", "by rare words": "?q=nobodysaysthis", "not placed": "?position=none", "not answered": "?answer=open",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class World:
    """One installation with a consultation of so many comments."""

    comments: int
    folder: Path
    database: str  # address; empty: SQLite in the folder

    @property
    def slug(self) -> str:
        return f"measured-{self.comments}"

    @property
    def settings(self) -> Settings:
        return Settings(instance=str(self.folder), database_url=self.database, public_url="http://localhost")


def main() -> None:
    """Seed, measure in turn, print."""
    asked = _arguments()
    with installations(asked.folder) as folder:
        worlds = [world_of(folder, asked.database, comments) for comments in sorted(asked.sizes)]
        for world in worlds:
            seed(world)
        with _process(worlds[0]) as ask_few, _process(worlds[1]) as ask_many:
            names = [name for name in ask_few("names") if re.search(asked.only, " ".join(name))]
            _print(asked.sizes, asked.database, {name: _compare(name, ask_few, ask_many) for name in names})


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs=2, default=[1_000, 20_000], help="comments")
    parser.add_argument(
        "--database", default="", help="address of PostgreSQL databases; _<comments> is added to the name"
    )
    parser.add_argument("--folder", default="", help="keep what is seeded here")
    parser.add_argument("--only", default="", help="pages whose name matches this expression")
    return parser.parse_args()


@contextmanager
def installations(given: str) -> Iterator[Path]:
    """The folder of the worlds; one that goes away when none is given."""
    if given:
        yield Path(given)
        return
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


def world_of(folder: Path, database: str, comments: int) -> World:
    """A world of so many comments, in a database of its own where an address is given."""
    kind = "postgresql" if database else "sqlite"
    return World(comments, folder / f"{kind}-{comments}", f"{database}_{comments}" if database else "")


def seed(world: World) -> None:
    """Make the installation, unless it is there."""
    world.folder.mkdir(parents=True, exist_ok=True)
    done = world.folder / "seeded"
    if done.exists():
        return
    if world.database:
        server, name = world.database.rsplit("/", 1)
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
            connection.execute(f'CREATE DATABASE "{name}"')
            # The CPU time of a helper is gone with it.
            connection.execute(f'ALTER DATABASE "{name}" SET max_parallel_workers_per_gather = 0')
    environ = os.environ | {"CONSULT_INSTANCE": str(world.folder), "CONSULT_PUBLIC_URL": "http://localhost"}
    environ |= {"CONSULT_DATABASE_URL": world.database, "PYTHONPATH": str(ROOT)}
    for words in (["db", "upgrade"], ["bench", "seed", "--comments", str(world.comments), "--slug", world.slug]):
        subprocess.run([sys.executable, "-m", "consult", *words], env=environ, check=True, stdout=subprocess.DEVNULL)
    if world.database:
        with psycopg.connect(world.database, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
    done.touch()


@contextmanager
def _process(world: World) -> Iterator[Any]:
    """A process that serves one world; what is yielded asks it one thing and waits for the answer."""
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_answer, args=(world, there), daemon=True)
    process.start()

    def ask(*what: Any) -> Any:
        here.send(what)
        answer = here.recv()
        if isinstance(answer, BaseException):
            raise answer
        return answer

    try:
        yield ask
    finally:
        here.send(("end",))
        process.join()


def _answer(world: World, pipe: Any) -> None:
    server = Server(world)
    while (what := pipe.recv()) != ("end",):
        try:
            pipe.send(list(server.pages) if what == ("names",) else server.cost(*what))
        except Exception as failure:  # it is for who asked
            pipe.send(RuntimeError(f"{world.slug}: {what}: {failure!r}"))


class Server:
    """One world, answering three people; says what an answer cost."""

    def __init__(self, world: World) -> None:
        self.app = create_app(world.settings)
        self.slug, self.anew, self.statements = world.slug, count(), 0
        with self.app.app_context():
            self.engine = db.engine
            self._appoint()
            self.pages = dict(self._pages())
        event.listen(self.engine, "before_cursor_execute", self._note)
        self.clients = {STRANGER: self.app.test_client(), READER: self._sign_in(3), MODERATOR: self._sign_in(0)}

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self.statements += statement != "BEGIN"

    def _appoint(self) -> None:
        with write_transaction() as session:
            person = session.execute(
                text("SELECT id FROM person WHERE email = :e"), {"e": f"{self.slug}-0@example.org"}
            )
            insert_new(RoleGrant, person_id=person.scalar(), consultation_id=self._consultation().id, role="moderator")

    def _consultation(self) -> Consultation:
        return db.session.scalars(db.select(Consultation).where(Consultation.slug == self.slug)).one()

    def _pages(self) -> Iterator[tuple[tuple[str, str], str]]:
        """Address of each page, by its name and who asks."""
        base = f"/c/{self.slug}"
        clause, page = self._busiest()
        here = db.select(Comment).where(Comment.consultation_id == self._consultation().id)
        ordinary = here.where(Comment.reply_count == 1, Comment.agree_count == 1).order_by(Comment.id).limit(1)
        number = db.session.scalars(ordinary).one().number
        body = f"{self.slug}-body-1"
        everybody = {
            "home": "/", "consultations": "/consultations", "overview": base, "reading page": f"{base}/v1/{page}",
            "reading page, letters on a clause": f"{base}/v1/{page}?at={clause}", "clause page": f"{base}/v1/clauses/{clause}",
            "comment page": f"{base}/comments/{number}", "search": f"{base}/search?q=weights",
            "search, rare words": f"{base}/search?q=nobodysaysthis", "search everywhere": "/search?q=weights",
            "search by position": f"{base}/search?q=weights&position=safety",
            "outcome": f"{base}/outcome", "moderation log": f"{base}/moderation", "campaigns": f"{base}/campaigns",
            "weigh in": f"{base}/weigh-in",
        } | {
            f"comments, {name}": f"{base}/comments{query.format(body=body, clause=clause)}" for name, query in LISTS.items()
        }  # fmt: skip
        staff = {
            "queue": f"{base}/manage/moderation", "manage": f"{base}/manage", "answers": f"{base}/manage/answers",
            "answers, open": f"{base}/manage/answers?show=open", "answers, by category": f"{base}/manage/answers?category=academia",
            "answers, contested": f"{base}/manage/answers?show=contested", "answers, one comment": f"{base}/manage/answers/{number}",
            "answers, table": f"{base}/manage/answers/table", "answers, all at once": f"{base}/manage/answers/chosen?all=y",
        }  # fmt: skip
        for name, address in everybody.items():
            yield (name, STRANGER), address
            yield (name, READER), address
        for name, address in staff.items():
            yield (name, MODERATOR), address

    def _busiest(self) -> tuple[str, str]:
        """The clause with the most comments, and its page."""
        rows = db.session.execute(
            db.select(Clause.key, ReadingPage.key)
            .join(ReadingPage, ReadingPage.id == Clause.page_id)
            .order_by(Clause.comment_count.desc(), Clause.id)
            .limit(1)
        )
        key, page = rows.one()
        return key, page

    def _sign_in(self, number: int) -> FlaskClient:
        client = self.app.test_client()
        page = client.get("/sign-in").text
        hidden = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page))
        answer = client.post(
            "/sign-in", data=hidden | {"email": f"{self.slug}-{number}@example.org", "password": PASSWORD}
        )
        if answer.status_code != 303:
            raise RuntimeError("could not sign in")
        return client

    def cost(self, name: str, who: str) -> tuple[float, int]:
        """CPU seconds of one request, and its statements."""
        address = self.pages[name, who]
        before, self.statements = self._spent(), 0
        for _ in range(AT_ONCE):
            mark = "&" if "?" in address else "?"
            answer = self.clients[who].get(f"{address}{mark}anew={next(self.anew)}")
            if answer.status_code != 200:
                raise RuntimeError(f"{address}: {answer.status}")
        return (self._spent() - before) / AT_ONCE, self.statements // AT_ONCE

    def _spent(self) -> float:
        if self.engine.dialect.name == "sqlite":
            return process_time()
        with self.engine.connect() as connection:
            pids = connection.scalars(text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")).all()
        return process_time() + sum(map(_on_cpu, pids))


def _on_cpu(pid: int) -> float:
    """Seconds a process has run, to the nanosecond."""
    file = Path(f"/proc/{pid}/schedstat")
    return int(file.read_text().split()[0]) / 1e9 if file.exists() else 0.0


def _compare(name: tuple[str, str], ask_few: Any, ask_many: Any) -> tuple[float, float, int, int]:
    """Ratio of the costs, CPU seconds with few comments, statements with few and many."""
    ask_few(*name), ask_many(*name)  # templates and statements are compiled once
    turns = [(ask_few(*name), ask_many(*name)) for _ in range(TURNS)]
    few, many = turns[-1]
    ratio = median(more[0] / less[0] for less, more in turns)
    return ratio, median(less[0] for less, _more in turns), few[1], many[1]


def _print(sizes: list[int], database: str, found: dict[tuple[str, str], tuple[float, float, int, int]]) -> None:
    few, many = sorted(sizes)
    table = Table("page", "who", f"CPU, {many:,} ÷ {few:,}", "times the cheapest page", "statements", box=None)
    cheapest = min(cost for _ratio, cost, *_ in found.values())
    for (page, who), (ratio, cost, less, more) in found.items():
        statements = f"{less}" if less == more else f"{less} and {more}"
        table.add_row(page, who, f"{ratio:.2f}", f"{cost / cheapest:.1f}", statements)
    Console(width=120).print(f"{few:,} and {many:,} comments, {'PostgreSQL' if database else 'SQLite'}")
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
