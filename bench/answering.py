"""What the workbench costs with few and with many comments: `python bench/answering.py [few] [many]` (100 and 5,000).

Every page is fetched over HTTP from two consultations that differ only in the number of comments; half of them are
answered. Then a theme of 1,000 is answered in one act, and that is taken back. Prints medians in milliseconds and the
ratio. CONSULT_DATABASE_URL chooses PostgreSQL.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[1]))

from flask import Flask
from sqlalchemy import insert, select, text

from consult.accounts.queries import actor_for
from consult.app import create_app
from consult.consultations.models import Consultation
from consult.consultations.queries import find
from consult.core.db import db, write_transaction
from consult.core.rules import SYSTEM
from consult.debate.models import Anchor, Comment
from consult.outcomes import operations, queries
from consult.outcomes.models import Disposition
from consult.settings import Settings
from tests.make import Make
from tests.visitor import Visitor

ROUNDS, WARM = 15, 3
AT_ONCE = 1_000
PAGES = {
    "desk": "", "the table": "/table", "its second page": "/table?after=WyAxLCAxMDBd", "a clause": "/table?clause=1.2",
    "what waits": "/table?show=open", "nobody's": "/table?assigned=nobody", "words": "/table?q=Remark",
    "all chosen": "/chosen?all=y",
}  # fmt: skip


def fill(app: Flask, make: Make, count: int) -> Consultation:
    """A consultation that is being answered, with so many comments on two clauses; every second has an answer."""
    row = make.consultation("analysis")
    clauses = make.clauses(make.version(row))
    one = make.comment(row, clauses[1])
    with app.app_context(), write_transaction() as session:
        same = {column.name: getattr(one, column.name) for column in Comment.__table__.c if column.name != "id"}
        rows = [
            same
            | {
                "number": f"B{n:05d}", "fingerprint": None, "place": clauses[1 + n % 2].rank,
                "disposition": "noted" if n % 2 else "unresolved", "is_answered": bool(n % 2),
            }
            for n in range(1, count)
        ]  # fmt: skip
        session.execute(insert(Comment), rows)
        made = session.execute(select(Comment.id, Comment.disposition).where(Comment.consultation_id == row.id)).all()
        session.execute(
            insert(Anchor),
            [
                {"comment_id": i, "clause_id": clauses[1 + n % 2].id, "status": "exact"}
                for n, (i, _) in enumerate(made)
                if i != one.id
            ],
        )
        session.execute(
            insert(Disposition),
            [{"comment_id": i, "code": "noted", "observation": "Seen."} for i, code in made if code == "noted"],
        )
        session.execute(text("ANALYZE"))
    return row


def measure(app: Flask, make: Make, row: Consultation) -> Iterator[float]:
    """The median of each page in milliseconds, as a moderator gets it."""
    visitor = Visitor(app, make.staff(row, "moderator"))
    for path in PAGES.values():
        taken = []
        for _ in range(WARM + ROUNDS):
            began = perf_counter()
            answer = visitor.client.get(f"/c/{row.slug}/manage/answers{path}")
            taken.append((perf_counter() - began) * 1000)
            assert answer.status_code == 200
        yield median(taken[WARM:])


def together(app: Flask, make: Make, row: Consultation) -> tuple[float, float]:
    """Seconds to answer a theme of `AT_ONCE` comments, and to take that back."""
    moderator = make.staff(row, "moderator")
    with app.app_context():
        actor, consultation = actor_for(moderator), find(viewer=SYSTEM, slug=row.slug)
        waits = select(Comment).where(Comment.consultation_id == row.id, Comment.disposition == "unresolved")
        comments = db.session.scalars(waits.limit(AT_ONCE)).all()
        theme = operations.gather(actor=actor, consultation=consultation, comments=comments, name="The same")
        theme = queries.find_theme(viewer=actor, consultation=consultation, number=theme.number)
        began = perf_counter()
        given = operations.answer_theme(actor=actor, theme=theme, code="noted", observation="On {number}: seen.")
        answered = perf_counter()
        operations.undo_theme(actor=actor, theme=theme, answer=given.id)
        return answered - began, perf_counter() - answered


def main() -> None:
    """Fill, measure, compare."""
    few, many = (int(n) for n in (sys.argv[1:3] if len(sys.argv) > 2 else (100, 5_000)))
    with tempfile.TemporaryDirectory() as folder:
        url = os.environ.get("CONSULT_DATABASE_URL", "")
        app = create_app(Settings(instance=folder, mode="test", public_url="http://localhost", database_url=url))
        with app.app_context():
            db.create_all()
        make = Make(app)
        worlds = [fill(app, make, count) for count in (few, many)]
        small, large = (list(measure(app, make, row)) for row in worlds)
        print(f"{'median in ms':<20}{few:>10,}{many:>10,}{'ratio':>8}")
        for name, a, b in zip(PAGES, small, large, strict=True):
            print(f"{name:<20}{a:>10.1f}{b:>10.1f}{b / a:>8.2f}")
        print(f"{'all of them':<20}{sum(small):>10.1f}{sum(large):>10.1f}{sum(large) / sum(small):>8.2f}")
        answered, undone = together(app, make, worlds[1])
        print(f"{AT_ONCE:,} comments answered in one act: {answered:.1f} s, taken back: {undone:.1f} s")


if __name__ == "__main__":
    main()
