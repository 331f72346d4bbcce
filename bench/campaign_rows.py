"""The search for shared texts as the real job over rows of a real database, while others go on writing.

`python bench/campaigns.py --rows 100000 [--database postgresql]` seeds a database of its own with the same texts each
time, asks for a search as a moderator does, and lets a worker of its own process do the job. Meanwhile this process
posts a reply every 50 ms in that consultation and tells how long each took. Prints progress, seconds, the most memory
the worker had, the longest wait of a writer, and what of the planted letters is in the campaigns that were kept.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from statistics import median
from typing import Protocol

from sqlalchemy import insert, select

from consult.app import create_app
from consult.consultations.models import Consultation
from consult.core import clock, jobs
from consult.core.db import db, write_transaction
from consult.core.rules import SYSTEM
from consult.debate import operations as debate
from consult.debate import queries as debates
from consult.debate.models import Anchor, Comment
from consult.moderation import operations
from consult.moderation.models import CampaignMember
from consult.moderation.queries import searches
from consult.settings import Settings
from tests import postgresql
from tests.make import Make

DATABASE = "consult_bench_campaigns"
AT_ONCE = 2_000  # rows in one statement
PAUSE = 0.05  # seconds between two replies


class Said(Protocol):
    """A text that was made for this."""

    @property
    def body(self) -> str: ...


def run(made: Sequence[Said], kind: str, tell: Callable[[Sequence[Sequence[int]]], None]) -> None:
    """Seed, search, measure; `tell` is given the campaigns as places in `made`."""
    url = postgresql.fresh(DATABASE) if kind == "postgresql" else ""
    try:
        with tempfile.TemporaryDirectory() as folder:
            app = create_app(_settings(folder, url))
            with app.app_context():
                db.create_all()
                make = Make(app)
                consultation, first = _seed(make, made)
                moderator = make.actor(make.staff(consultation, "moderator"))
                operations.ask_for_search(actor=moderator, consultation=consultation)
                waits = _while_a_worker_works(make, folder, url, consultation)
                rows = db.session.execute(select(CampaignMember.campaign_id, CampaignMember.comment_id)).all()
                db.session.remove()
                db.engine.dispose()
    finally:
        if url:
            postgresql.drop(url)
    kept: dict[int, list[int]] = defaultdict(list)
    for campaign, comment in rows:
        kept[campaign].append(comment - first)
    print(
        f"replies posted meanwhile: {len(waits)}; half of them within {median(waits):.3f} s, the longest {max(waits):.2f} s"
    )
    tell(list(kept.values()))


def work(folder: str, url: str) -> None:
    """What the worker's process does: the jobs that are due, and its figures."""
    app = create_app(_settings(folder, url))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began, used = time.perf_counter(), time.process_time()
    with app.app_context():
        jobs.run_due()
        failed = db.session.scalars(select(jobs.Job.error).where(jobs.Job.error.is_not(None))).all()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"the job: {time.perf_counter() - began:.1f} s, {time.process_time() - used:.1f} s of a processor;"
        f" memory {before // 1024:,} MB before, {most // 1024:,} MB at most"
    )
    sys.exit(f"it failed: {failed}" if failed else 0)


def _settings(folder: str, url: str) -> Settings:
    return Settings(instance=folder, mode="test", public_url="http://localhost", database_url=url)


def _seed(make: Make, made: Sequence[Said]) -> tuple[Consultation, int]:
    """A comment for each text, from outside; the id of the first."""
    began = time.perf_counter()
    consultation = make.consultation(slug="campaigns")
    make.version(consultation)
    first = make.comment(consultation, body="To be answered.").id + 1
    round_id = db.session.scalars(select(Comment.round_id)).first()
    common = {
        "consultation_id": consultation.id, "round_id": round_id, "author_name": "Not named", "category": "individual",
        "stance": "", "type": "general", "source": "csv", "place": 0, "posted_at": clock.now(),
    }  # fmt: skip
    for start in range(0, len(made), AT_ONCE):
        part = list(enumerate(made[start : start + AT_ONCE], start))
        with write_transaction() as session:
            session.execute(insert(Comment), [
                common | {
                    "id": first + n, "number": f"IN-{n + 1:06d}", "body": text.body,
                    "html": f"<p>{escape(text.body)}</p>",
                }
                for n, text in part
            ])  # fmt: skip
            session.execute(insert(Anchor), [{"comment_id": first + n, "status": "global"} for n, _ in part])
    print(f"{len(made):,} comments seeded in {time.perf_counter() - began:.0f} s")
    return consultation, first


def _while_a_worker_works(make: Make, folder: str, url: str, consultation: Consultation) -> list[float]:
    """Post replies until the worker has ended; how long each took."""
    waits, told = list[float](), ""
    number = debates.find_comment(viewer=SYSTEM, slug=consultation.slug, number=_first_number()).number
    actor = make.actor(make.person())
    command = [sys.executable, str(Path(__file__)), folder, url]
    worker = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])})
    while worker.poll() is None:
        comment = debates.find_comment(viewer=SYSTEM, slug=consultation.slug, number=number)
        began = time.perf_counter()
        debate.post_reply(actor=actor, comment=comment, parent=None, body="Meanwhile.")
        waits.append(time.perf_counter() - began)
        now = searches.progress(viewer=SYSTEM, consultation=consultation)
        line = f"{now.done:,} of {now.total:,}" if now and now.total else ""
        if line != told:
            print(f"  read: {line}", flush=True)
        told = line
        db.session.remove()  # the next look sees what the worker kept meanwhile
        time.sleep(PAUSE)
    if worker.returncode:
        sys.exit(worker.returncode)
    return waits


def _first_number() -> str:
    return db.session.scalars(select(Comment.number).order_by(Comment.id).limit(1)).one()


if __name__ == "__main__":
    work(sys.argv[1], sys.argv[2])
