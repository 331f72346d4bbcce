"""How we ask Redis: it may be cut off at any moment, and nobody waits long for what is only a convenience."""

from __future__ import annotations

from importlib import import_module
from typing import Any

CONNECTING = 0.5  # s
COUNTING = 0.5  # s for an answer to a count
WAITING = 2.0  # s where a worker asks for a second whether there is something


def pool(url: str, answering: float) -> Any:
    """Connections to the Redis at `url`; left to itself the library waits five seconds for each question.

    What the address says (`?socket_timeout=…`) goes before. The library is loaded only where there is a Redis.
    """
    backoff, retry = import_module("redis.backoff"), import_module("redis.retry")
    return import_module("redis").ConnectionPool.from_url(
        url, socket_connect_timeout=CONNECTING, socket_timeout=answering, retry=retry.Retry(backoff.NoBackoff(), 1)
    )
