"""Far more searches than can be answered, and people who post: with and without the proxy's word of when a request came.

python bench/overload.py --crowd 60 --seconds 20

The crowd stands where a proxy would, so it sets `X-Request-Start` itself. Without that header nothing is refused, which is
how it would be without shedding. Wall time of requests is what is measured here: compare within one run only.
"""

from __future__ import annotations

import argparse
import http.client
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.faults.load import Installation, Writer, account, installation


@dataclass
class Timed(Writer):
    """A writer who notes how long each comment took."""

    tells: bool = True
    took: list[float] = field(default_factory=list)

    def headers(self) -> dict[str, str]:
        return {"X-Request-Start": f"t={time.time():.3f}"} if self.tells else {}

    def _send(self, body: str, key: str, token: str) -> int:
        began = time.monotonic()
        status = super()._send(body, key, token)
        self.took.append(time.monotonic() - began)
        return status


def crowd(port: int, tells: bool, address: str, seen: Counter[str], is_over: threading.Event) -> None:
    """Ask for one thing again and again."""
    number = 0
    while not is_over.is_set():
        number += 1
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            told = {"X-Request-Start": f"t={time.time():.3f}"} if tells else {}
            connection.request("GET", f"{address}{time.monotonic_ns()}", headers=told)
            answer = connection.getresponse()
            answer.read()
            seen[f"{address.split('?')[0].rpartition('/')[2]} {answer.status}"] += 1
        except (OSError, http.client.HTTPException):
            seen["no answer"] += 1
        finally:
            connection.close()


def run(of: Installation, count: int, seconds: float, *, tells: bool) -> float:
    """Let them come; comments posted per second."""
    writers = [Timed(of.port, writer.cookie, tells=tells) for writer in of.writers]
    seen, is_over = Counter[str](), threading.Event()
    kinds = ["/search?q=penguin"] * 3 + ["/c/load/comments?n="]
    threads = [
        threading.Thread(target=crowd, args=(of.port, tells, kinds[n % 4], seen, is_over), daemon=True)
        for n in range(count)
    ]
    prefix = "Writer told" if tells else "Writer untold"
    threads += [
        threading.Thread(target=writer.post, args=(f"{prefix} {n},", is_over), daemon=True)
        for n, writer in enumerate(writers)
    ]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    posted = sum(len(writer.acknowledged) for writer in writers) / seconds
    took = [one for writer in writers for one in writer.took] or [float("inf")]
    is_over.set()
    for thread in threads:
        thread.join(120)
    for old, new in zip(of.writers, writers, strict=True):
        old.acknowledged += new.acknowledged
        old.refused += new.refused
        old.cookie = new.cookie
    print(
        f"{'with' if tells else 'without'} the header: {posted:.1f} comments/s, one took {statistics.median(took):.2f} s"
        f" (median), {max(took):.2f} s (longest); the crowd saw {dict(sorted(seen.items()))}"
    )
    return posted


def main() -> int:
    """Print both, and the ratio; 1 when a comment was lost or refused."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--crowd", type=int, default=60)
    ask.add_argument("--seconds", type=float, default=20)
    given = ask.parse_args()
    with tempfile.TemporaryDirectory() as folder, installation(Path(folder), "sqlite", proxies="1") as of:
        of.start()
        without = run(of, given.crowd, given.seconds, tells=False)
        told = run(of, given.crowd, given.seconds, tells=True)
        of.stop()
        found = account(of)
    print(f"comments with ÷ without: {told / max(without, 0.01):.1f}; lost {found.lost}, twice {found.twice}")
    return 0 if found.is_whole else 1


if __name__ == "__main__":
    sys.exit(main())
