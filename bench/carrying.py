"""Comments carried to the next version, through the database: `python bench/carrying.py [comments]`.

Brings CSAF 2.1 csd01 into a new SQLite file, puts comments on random words of it (the same each time), makes csd02
public, and runs the job as a worker does. Prints its time for every thousand, in all against the limit, and as a
ratio to aligning and redlining the two texts in the same process; then that for two versions of 450 units.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from sqlalchemy import func, insert, select

from bench.anchoring import SEED, anchors, redline_all, seconds
from consult.app import create_app
from consult.core.db import db, write_transaction
from consult.core.jobs import Job, run_job
from consult.core.paths import PACKAGE
from consult.debate import operations
from consult.debate.carrying import Found
from consult.debate.models import Anchor, CarriedAnchor, Comment
from consult.documents.lineage import blocks_of
from consult.documents.models import Clause, DraftVersion
from consult.settings import Settings
from tests.debate.drafts import Drafts
from tests.documents import real_drafts as real
from tests.make import Make

LIMIT, LIMIT_450 = 20.0, 2.0  # seconds
THOUSAND = 1_000
TEXTS = [PACKAGE / "demo" / "data" / "csaf-2.1" / f"csaf-v2.1-csd0{n}.md" for n in (1, 2)]


def comment(drafts: Drafts, count: int) -> None:
    """Comments on one to thirty words in random clauses of the first version."""
    clauses = db.session.scalars(select(Clause).where(Clause.version_id == drafts.first.id).order_by(Clause.rank)).all()
    sample = drafts.make.comment(drafts.consultation)
    common = {c.key: getattr(sample, c.key) for c in Comment.__mapper__.column_attrs if c.key not in ("id", "number")}
    some = anchors(blocks_of(clauses), count, random.Random(SEED))
    with write_transaction() as session:
        statement = insert(Comment).returning(Comment.id, sort_by_parameter_order=True)
        ids = session.scalars(statement, [common | {"number": f"B-{n}"} for n in range(count)]).all()
        rows = [
            {
                "comment_id": comment_id, "clause_id": clauses[a.place].id, "quote": a.exact, "prefix": a.prefix,
                "suffix": a.suffix, "start": a.start, "end": a.end,
            }
            for comment_id, a in zip(ids, some, strict=True)
        ]  # fmt: skip
        session.execute(insert(Anchor), rows)


def watched(moments: list[tuple[int, float]]) -> Callable[..., None]:
    """The operation that keeps a batch, noting how many are kept by when."""
    carry = operations.carry_anchors

    def keep(*, found: list[Found], **rest: object) -> None:
        carry(found=found, **rest)  # type: ignore[arg-type]
        moments.append(((moments[-1][0] if moments else 0) + len(found), time.perf_counter()))

    return keep


def carry(drafts: Drafts) -> tuple[float, list[tuple[int, float]]]:
    """Make the next version public and do its job; the seconds of the job, and how many were kept after how many."""
    drafts.next(TEXTS[1].read_text("utf-8"), is_carried=False)
    job_id = db.session.scalars(select(Job.id).where(Job.kind == "debate.carry")).one()
    moments: list[tuple[int, float]] = []
    operations.carry_anchors = watched(moments)
    began = time.perf_counter()
    assert run_job(job_id), "the job failed; its traceback is above"
    took = time.perf_counter() - began
    return took, [(count, moment - began) for count, moment in moments]


def report(took: float, moments: list[tuple[int, float]]) -> None:
    """What carrying took, thousand by thousand."""
    size = {
        n: db.session.scalar(select(func.count(Clause.id)).join(Clause.version).where(DraftVersion.number == n))
        for n in (1, 2)
    }
    total = moments[-1][0]
    print(f"CSAF 2.1 csd01 → csd02, {size[1]:,} and {size[2]:,} units, {total:,} comments")
    before = 0.0
    for count, moment in moments:
        if count % THOUSAND == 0 or count == total:
            print(f"  {count:>7,}  {moment - before:6.2f} s")
            before = moment
    statuses = db.session.execute(select(CarriedAnchor.status, func.count()).group_by(CarriedAnchor.status))
    print("  " + ", ".join(f"{status} {100 * n / total:.1f} %" for status, n in statuses))
    aligned = seconds(lambda: redline_all(real.csaf(1), real.csaf(2)))
    small = [real.csaf(n)[:450] for n in (1, 2)]
    per_small = seconds(lambda: redline_all(*small))
    print(f"  in all {took:.2f} s, limit {LIMIT:.0f} s (for 10,000)")
    print(f"  carrying : aligning and redlining the two texts  {took / aligned:.1f}")
    print(f"two versions of 450 units aligned and redlined: {per_small:.2f} s, limit {LIMIT_450:.0f} s")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10 * THOUSAND
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(instance=folder, database_url="", mode="test", public_url="http://localhost"))
        with app.app_context():
            db.create_all()
            drafts = Drafts(Make(app), TEXTS[0].read_text("utf-8"))
            comment(drafts, count)
            report(*carry(drafts))
            db.session.remove()
            db.engine.dispose()


if __name__ == "__main__":
    main()
