"""The queue that wakes workers: huey on Redis when there is one, else on a file of its own.

A message says that something is due, not only the job it names: whoever takes it does that one, and then looks for more. So
none is put in while one lies there. It is taken before the look, and what found it lying had been committed before.

Imported by `waking` only when there is something to wake for: it takes a tenth of a second to load.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from huey import Huey, RedisHuey
from huey.serializer import SignedSerializer
from huey.storage import SqliteStorage

from . import clock, jobs
from .redis_pool import WAITING, pool

FIRST_LOOK, EACH = 2.0, 60.0  # s
REST = 10.0  # s in which a queue that did not answer is not asked again
Wake = Callable[[int, datetime | None], None]
log = logging.getLogger(__name__)


class _Signed(SignedSerializer):  # type: ignore[misc]
    """What lies in the queue is pickled, so only what we signed is read: whoever can write into Redis runs nothing here."""

    def _signature(self, message: bytes) -> bytes:
        return hmac.new(self._key, message, hashlib.sha256).hexdigest().encode()


class _File(SqliteStorage):  # type: ignore[misc]
    """A file that a power cut leaves sound, perhaps without the last messages: nobody who posts waits for the disk."""

    def _create_connection(self) -> Any:
        connection = super()._create_connection()
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection


def _opened(secret: str, redis_url: str, folder: Path) -> Huey:
    signed = {"results": False, "serializer": _Signed(secret=secret, salt="consult.queue")}
    if redis_url:
        return RedisHuey("consult", connection_pool=pool(redis_url, WAITING), **signed)
    return Huey("consult", storage_class=_File, filename=str(folder / "queue.sqlite3"), **signed)


def build(app: Flask, redis_url: str, folder: Path) -> tuple[Huey, Wake]:
    """The queue of this installation, through which a job is done at once; and what wakes workers with it."""
    queue = _opened(app.config["SECRET_KEY"], redis_url, folder)

    @queue.task(name="run_job")  # type: ignore[untyped-decorator]
    def run_job(job_id: int) -> None:
        with app.app_context():
            jobs.run_job(job_id)
            following = jobs.next_due()
            if following is not None:
                wake(following, None)

    rests_until = 0.0

    def wake(job_id: int, due_at: datetime | None) -> None:
        nonlocal rests_until
        if time.monotonic() < rests_until:
            return
        try:
            if due_at is None or due_at <= clock.now():
                if not queue.pending_count():
                    run_job(job_id)
            else:
                # Not in the queue, where it would be moved from without a look.
                queue.add_schedule(run_job.s(job_id, eta=due_at.astimezone().replace(tzinfo=None)))
        except Exception:  # the queue may vanish; the sweep finds the job in the table
            rests_until = time.monotonic() + REST  # whoever posts now should not wait for it as well
            log.warning("could not wake a worker for job %s", job_id, exc_info=True)

    return queue, wake


def work(app: Flask, queue: Huey) -> None:
    """Run a worker until it is told to stop; finishes the job it has begun.

    Once a minute it looks by itself for what is due: the queue only makes it sooner, and may be gone.
    """
    is_over = threading.Event()
    looking = threading.Thread(target=_look_each_minute, args=(app, is_over), name="sweep")
    looking.start()
    try:
        queue.create_consumer(workers=1, worker_type="thread", initial_delay=0.1, max_delay=2.0, periodic=False).run()
    finally:
        is_over.set()
        looking.join()


def _look_each_minute(app: Flask, is_over: threading.Event) -> None:
    wait = FIRST_LOOK
    while not is_over.wait(wait):
        wait = EACH
        try:
            with app.app_context():
                jobs.sweep()
        except Exception:  # a database that is away comes back
            log.exception("could not look for what is due")
