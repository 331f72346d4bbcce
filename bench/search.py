"""What a search costs with how much there is: `python bench/search.py [small] [large]` (comments; 1,000 and 100,000).

Fills one database with `small` comments, then goes on to `large`, and measures the same searches at both: common
and rare words, several words, a phrase, a number, within the consultation and over everything. Prints the 95th
percentile of each in milliseconds and, last, the ratio. CONSULT_DATABASE_URL chooses PostgreSQL.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from sqlalchemy import insert, select, text

from consult.app import create_app
from consult.consultations.models import Consultation
from consult.core.db import db, write_transaction
from consult.core.rules import VISITOR
from consult.debate.models import Comment
from consult.search.rebuilding import queries, rebuild
from consult.settings import Settings
from tests.make import Make

SEED = 18974
BATCH = 5_000
WARM, TIMES = 5, 40
COMMON = [
    "provider",
    "shall",
    "publish",
    "the",
    "summary",
    "of",
    "training",
    "data",
    "before",
    "placing",
    "model",
    "on",
    "the",
    "market",
    "and",
    "keep",
    "it",
]
RARE = [f"term{n:04d}" for n in range(5_000)]
ASKED = {
    "a common word": "summary", "common words": "publish summary training", "a phrase": '"training data"',
    "a rare word": "term0042", "rare and common": "term0042 summary", "a beginning": "term00", "a number": "P0000500",
    "not this": "summary -market", "nothing": "unicorn",
}  # fmt: skip


def fill(consultation: Consultation, start: int, end: int) -> None:
    """Comments `start` to `end`, some with rare words, and the index anew."""
    chance = random.Random(SEED + start)
    with write_transaction() as session:
        one = session.scalars(select(Comment)).first()
        assert one is not None
        columns = [
            c.name
            for c in Comment.__table__.c
            if c.name not in ("id", "number", "body", "html", "place", "fingerprint")
        ]
        same = {name: getattr(one, name) for name in columns}
        for first in range(start, end, BATCH):
            rows = []
            for n in range(first, min(first + BATCH, end)):
                words = " ".join([*chance.choices(COMMON, k=40), *chance.choices(RARE, k=8)])
                rows.append(same | {"number": f"P{n:07d}", "body": words, "html": f"<p>{words}</p>", "place": n % 500})
            session.execute(insert(Comment), rows)
    rebuild(consultation)


def measure(consultation: Consultation) -> dict[str, float]:
    """The 95th percentile of each search, in milliseconds."""
    found = {}
    for where, of in (("here", consultation), ("everywhere", None)):
        for name, typed in ASKED.items():
            taken = []
            for _ in range(WARM + TIMES):  # the first ones compile statements and fill caches
                db.session.rollback()
                began = time.perf_counter()
                queries.search(viewer=VISITOR, filters=queries.Filters(typed), consultation=of)
                taken.append((time.perf_counter() - began) * 1000)
            found[f"{name}, {where}"] = sorted(taken[WARM:])[int(TIMES * 0.95) - 1]
    return found


def main() -> None:
    """Fill, measure, fill more, measure, compare."""
    small, large = (int(n) for n in (sys.argv[1:3] if len(sys.argv) > 2 else (1_000, 100_000)))
    with tempfile.TemporaryDirectory() as folder:
        url = os.environ.get("CONSULT_DATABASE_URL", "")
        app = create_app(Settings(instance=folder, mode="test", public_url="http://localhost", database_url=url))
        with app.app_context():
            db.create_all()
            make = Make(app)
            row = make.consultation()
            version = make.version(row)
            make.comment(row, make.clauses(version)[1], number="P-1")
            results = []
            for start, end in ((0, small), (small, large)):
                fill(row, start, end)
                with write_transaction() as session:
                    session.execute(text("ANALYZE"))
                results.append(measure(row))
    print(f"{'p95 in ms':<32}{small:>12,}{large:>12,}{'ratio':>8}")
    for name, first in results[0].items():
        print(f"{name:<32}{first:>12.1f}{results[1][name]:>12.1f}{results[1][name] / first:>8.1f}")
    worst = [max(result.values()) for result in results]
    print(f"{'the slowest':<32}{worst[0]:>12.1f}{worst[1]:>12.1f}{worst[1] / worst[0]:>8.1f}")


if __name__ == "__main__":
    main()
