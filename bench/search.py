"""How long sixty searches take in a consultation with many comments, in times they take in one with few; prints ratios.

    python bench/search.py                            1,000 and 20,000 comments, SQLite
    python bench/search.py --sizes 1000 1000000 --folder /somewhere
    python bench/search.py --database postgresql://…/flat     makes the databases flat_1000 and flat_20000

Words, pairs of words, two words in a row, and beginnings, drawn from the sentences that comments are made of, and some that
nobody wrote; the same in both, each the best of four, without what makes a page of it. Median and 95th percentile of all
sixty. The two are measured one after the other, so a machine that is busy for only one of them distorts it. What is seeded
is what `bench/flat.py` seeds, and with --folder what is there already is used.
"""

from __future__ import annotations

import argparse
import sys
import time
from multiprocessing import get_context
from pathlib import Path
from random import Random
from statistics import quantiles

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import flat
from consult.app import create_app
from consult.consultations import queries as consultations
from consult.core.db import db
from consult.core.rules import SYSTEM, VISITOR
from consult.demo.sown import words
from consult.search import queries

BEST_OF = 4
NOBODY = "nobodysaysthis", "unicorn", "zzz", "xylophone weights", "Q-5"


def main() -> None:
    """Seed, search, print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--sizes", type=int, nargs=2, default=[1_000, 20_000], help="comments")
    ask.add_argument("--database", default="", help="address of PostgreSQL databases; _<comments> is added to the name")
    ask.add_argument("--folder", default="", help="keep what is seeded here")
    given = ask.parse_args()
    found = []
    with flat.installations(given.folder) as folder:
        for comments in sorted(given.sizes):
            world = flat.world_of(folder, given.database, comments)
            flat.seed(world)
            with get_context("spawn").Pool(1) as pool:  # a process of its own: nothing is warm from the other one
                found.append(sorted(pool.apply(times, [world])))
    table = Table("searches", *(f"{size:,}, ms" for size in sorted(given.sizes)), "ratio", box=None)
    for name, nth in (("median", 50), ("95th percentile", 95)):
        few, many = (quantiles(taken, n=100)[nth - 1] * 1000 for taken in found)
        table.add_row(name, f"{few:.1f}", f"{many:.1f}", f"{many / few:.2f}")
    Console().print(table)


def searches() -> list[str]:
    """What is typed, the same each time."""
    random = Random(9)
    said = [sentence.text.strip(".") for sentence in words.sentences(300, Random(5))]
    known = sorted({word.strip(",;:“”").lower() for text in said for word in text.split() if len(word) > 3})
    pairs = [" ".join(random.sample(known, 2)) for _ in range(15)]
    rows = [random.choice(said).split() for _ in range(12)]
    in_a_row = [f'"{row[0]} {row[1]}"' for row in rows]
    return [*random.sample(known, 20), *pairs, *in_a_row, *(word[:4] for word in random.sample(known, 8)), *NOBODY]


def times(world: flat.World) -> list[float]:
    """How long each search takes, s."""
    with create_app(world.settings).app_context():
        of = consultations.find(viewer=SYSTEM, slug=world.slug)
        return [min(_time(typed, of) for _ in range(BEST_OF)) for typed in searches()]


def _time(typed: str, of: object) -> float:
    db.session.rollback()
    began = time.perf_counter()
    queries.search(viewer=VISITOR, filters=queries.Filters(typed), consultation=of)  # type: ignore[arg-type]
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
