"""Workers are woken by a queue that is made when the first one has to be woken."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from flask import Flask


def init_app(app: Flask, redis_url: str, folder: Path) -> None:
    """`consult.queue` returns the queue of this installation, `consult.wake` wakes a worker for a job."""

    @cache
    def built() -> tuple[Any, Any]:
        both: tuple[Any, Any] = import_module("consult.core.queue").build(app, redis_url, folder)
        return both

    def wake(job_id: int, due_at: datetime | None) -> None:
        built()[1](job_id, due_at)

    app.extensions["consult.queue"] = lambda: built()[0]
    app.extensions["consult.wake"] = wake
