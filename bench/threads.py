"""What a thread costs with how long it is: `python bench/threads.py`.

Three shapes of 100 and of 10,000 replies: all under the comment, all under one reply, and spread over five levels.
Opens the comment's page and a thread of its own in turn, and posts a reply. The ratio of the medians is the figure;
1.5 or less is the goal.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[1]))

from flask.testing import FlaskClient
from rich.console import Console
from rich.table import Table
from sqlalchemy import insert, select, update

from consult.app import create_app
from consult.consultations.models import Consultation
from consult.core.db import db, write_transaction
from consult.core.rules import SYSTEM
from consult.debate import branching, operations, queries
from consult.debate.models import Comment, Reply
from consult.settings import Settings
from tests.make import Make

FEW, MANY, ROUNDS = 100, 10_000, 60
SHAPES = {"beside each other": 1, "under one reply": 2, "five levels": 5}


def parent_of(n: int, levels: int, size: int) -> int | None:
    """Which earlier reply (counted from 0) number `n` answers."""
    if levels == 1 or n == 0:
        return None
    if levels == 2:
        return 0
    wide = max(2, round(size ** (1 / levels)))
    above = (n - 1) // wide
    return above if above < n else None


def plant(make: Make, consultation: Consultation, levels: int, size: int) -> Comment:
    """A comment with so many replies, as `post_reply` would have written them."""
    comment, author = make.comment(consultation), make.person()
    rows: list[dict[str, object]] = []
    answers, below = [0] * size, [0] * size
    top = 0
    with write_transaction() as session:
        for n in range(size):
            parent = parent_of(n, levels, size)
            if parent is None:
                top += 1
                place, over = top, ""
            else:
                answers[parent] += 1
                place, over = answers[parent], str(rows[parent]["path"])
            rows.append({
                "id": 1_000_000 * comment.id + n, "comment_id": comment.id, "path": branching.path_of(over, place),
                "parent_id": None if parent is None else 1_000_000 * comment.id + parent, "place": place,
                "depth": len(over) // branching.DIGITS + 1, "author_id": author.id, "author_name": author.name,
                "category": "individual", "body": f"Number {n}.", "html": f"<p>Number {n}: {'words ' * 30}</p>",
            })  # fmt: skip
        for n in range(size - 1, 0, -1):
            parent = parent_of(n, levels, size)
            if parent is not None:
                below[parent] += below[n] + 1
        for n, row in enumerate(rows):
            row |= {"answer_count": answers[n], "below_count": below[n]}
        for start in range(0, size, 1_000):
            session.execute(insert(Reply), rows[start : start + 1_000])
        session.execute(update(Comment).where(Comment.id == comment.id).values(reply_count=size))
    return comment


def cost(client: FlaskClient, address: str) -> float:
    """Seconds for one page."""
    start = perf_counter()
    answer = client.get(address)
    assert answer.status_code == 200, address
    return perf_counter() - start


def reply_cost(slug: str, number: str, make: Make) -> float:
    """Seconds for one more reply to the first one."""
    comment = queries.find_comment(viewer=SYSTEM, slug=slug, number=number)
    parent = db.session.scalars(select(Reply).where(Reply.comment_id == comment.id, Reply.path == "000001")).one()
    actor = make.actor(make.person())
    start = perf_counter()
    operations.post_reply(actor=actor, comment=comment, parent=parent, body="One more.")
    return perf_counter() - start


def main() -> None:
    """Plant, then measure in turn."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(instance=folder, mode="test", public_url="http://localhost"))
        table = Table("shape", "comment's page", "own thread", "one more reply", box=None)
        client = app.test_client()
        with app.app_context():
            db.create_all()
            make = Make(app)
            consultation = make.consultation()
            make.version(consultation)
            planted = {
                (shape, size): plant(make, consultation, levels, size).number
                for shape, levels in SHAPES.items() for size in (FEW, MANY)
            }  # fmt: skip
            firsts = {
                number: db.session.scalars(
                    select(Reply.id).join(Reply.comment).where(Comment.number == number, Reply.path == "000001")
                ).one()
                for number in planted.values()
            }
        spent: dict[tuple[str, int, str], list[float]] = {}
        for _ in range(ROUNDS):
            for (shape, size), number in planted.items():
                address = f"/c/{consultation.slug}/comments/{number}"
                spent.setdefault((shape, size, "page"), []).append(cost(client, address))
                spent.setdefault((shape, size, "own"), []).append(cost(client, f"{address}/replies/{firsts[number]}"))
        with app.app_context():
            for _ in range(ROUNDS // 2):
                for (shape, size), number in planted.items():
                    spent.setdefault((shape, size, "post"), []).append(reply_cost(consultation.slug, number, make))
        for shape in SHAPES:
            ratios = [
                median(spent[shape, MANY, what]) / median(spent[shape, FEW, what]) for what in ("page", "own", "post")
            ]
            table.add_row(shape, *(f"{ratio:.2f}" for ratio in ratios))
    Console(width=100).print(f"{MANY:,} replies against {FEW}: how many times as long")
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
