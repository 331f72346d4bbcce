"""What a request costs the server, in times the cost of a bare Flask route that sends as many bytes; prints ratios.

    python bench/serve.py                 10,000 comments, SQLite
    python bench/serve.py --comments 1000000 --database postgresql://…/empty

Starts the production server (Granian, one process) on a seeded consultation, with a bare Flask route in the same process,
and drives both with `wrk`, eight clients, in turn. The cost of a request is the CPU time of the process that answers,
user and system, all its threads, read from /proc before and after, divided by the requests wrk counted: a busy machine
distorts it little. A database server of its own is not in it. The bare route sends as many bytes as the page was long,
or its own 304. A figure is the median of the ratios of all turns. Needs Linux and wrk (apt-get install wrk). Takes four
minutes and the seeding; with --folder a seeded installation is used again.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    PORT = free.getsockname()[1]
HOST = f"http://127.0.0.1:{PORT}"
TICKS = os.sysconf("SC_CLK_TCK")
SECONDS, TURNS = 3, 3
PASSWORD = "a consultation of any size"  # noqa: S105  of everybody who is seeded
NO_HEADERS: Mapping[str, str] = {}
EACH_ANEW = """
local n = 0
request = function() n = n + 1; return wrk.format(nil, wrk.path .. "?anew=" .. n .. "-%s") end
"""
KEPT, PACKED, SAME, ANEW = "stranger", "stranger, packed", "stranger, 304", "stranger, made anew"
READER, READER_ANEW = "signed in, once more", "signed in, made anew"


def main() -> None:
    """Seed, serve, measure, print."""
    asked = _arguments()
    if shutil.which("wrk") is None:
        raise SystemExit("This needs wrk: apt-get install wrk")
    with _folder(asked.folder) as folder:
        environ = os.environ | {"CONSULT_INSTANCE": str(folder), "CONSULT_PUBLIC_URL": HOST, "PYTHONPATH": str(ROOT)}
        if asked.database:
            environ["CONSULT_DATABASE_URL"] = asked.database
        slug = f"measured-{asked.comments}"
        _consult(environ, "db", "upgrade")
        if slug not in (folder / "seeded").read_text().split() if (folder / "seeded").exists() else True:
            _consult(environ, "bench", "seed", "--comments", str(asked.comments), "--slug", slug)
            with (folder / "seeded").open("a") as seeded:
                seeded.write(f"{slug}\n")
        with _server(environ):
            _measure(slug, asked.comments)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--comments", type=int, default=10_000)
    parser.add_argument("--database", default="", help="an empty PostgreSQL database, or one seeded by this script")
    parser.add_argument("--folder", default="", help="keep the installation here")
    return parser.parse_args()


@contextmanager
def _folder(given: str) -> Iterator[Path]:
    if given:
        Path(given).mkdir(parents=True, exist_ok=True)
        yield Path(given)
        return
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


def _consult(environ: dict[str, str], *words: str) -> None:
    subprocess.run([sys.executable, "-m", "consult", *words], env=environ, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def _server(environ: dict[str, str]) -> Iterator[None]:
    """Granian with one process, as `consult serve` starts it, on the application below."""
    command = [
        sys.executable, "-m", "granian", "bench.serving:app", "--interface", "wsgi", "--port", str(PORT),
        "--workers", "1", "--blocking-threads", "1", "--no-access-log", "--workers-kill-timeout", "2",
    ]  # fmt: skip
    server = subprocess.Popen(command, env=environ, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{HOST}/bare/1", timeout=1)  # noqa: S310
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        server.terminate()
        server.wait()


def _spent() -> float:
    """CPU seconds of the process that answers: it says its number itself."""
    number = urllib.request.urlopen(f"{HOST}/process").read().decode()  # noqa: S310
    fields = Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _cost(address: str, *headers: str, is_anew: bool = False) -> float:
    """CPU seconds for one request, over some seconds of eight clients; anew: each under an address of its own."""
    command = ["wrk", "-t1", "-c8", f"-d{SECONDS}s", *(part for h in headers for part in ("-H", h)), HOST + address]
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(EACH_ANEW % time.time_ns())
        script.flush()
        before = _spent()
        asked = [*command, *(("-s", script.name) if is_anew else ())]
        said = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
        spent = _spent() - before
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    if failed:
        raise SystemExit(f"{address}: {failed[0]}")
    many = re.search(r"(\d+) requests in", said)
    return spent / max(1, int(many[1] if many else 0))


def _fetch(address: str, headers: Mapping[str, str] = NO_HEADERS) -> tuple[int, bytes, str]:
    request = urllib.request.Request(HOST + address, headers=dict(headers))  # noqa: S310
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return answer.status, answer.read(), answer.headers.get("ETag", "")


def _sign_in(slug: str) -> str:
    """The cookie of somebody who takes part, has voted and has a role nowhere."""
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = opener.open(f"{HOST}/sign-in").read().decode()
    hidden = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page))
    fields = hidden | {"email": f"{slug}-3@example.org", "password": PASSWORD}
    opener.open(f"{HOST}/sign-in", urllib.parse.urlencode(fields).encode()).read()
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def _pages(slug: str) -> dict[str, str]:
    base = f"/c/{slug}"
    room = re.search(rf'href="({base}/v1/[^"?#]+)"', _fetch(f"{base}/draft")[1].decode())
    return {"reading room": room[1] if room else f"{base}/draft", "comments": f"{base}/comments"}


def _measure(slug: str, comments: int) -> None:
    cookie = _sign_in(slug)
    ways = {
        KEPT: {},
        PACKED: {"Accept-Encoding": "gzip"},
        SAME: {},
        ANEW: {},
        READER: {"Cookie": cookie},
        READER_ANEW: {"Cookie": cookie},
    }
    table = Table("page", "who", "KB", "CPU, times the bare route", box=None)
    for name, address in _pages(slug).items():
        for way, headers in ways.items():
            _status, body, tag = _fetch(address, headers)
            same = {"If-None-Match": tag} if way == SAME else {}
            ratio = _ratio(address, len(body), headers | same, way)
            table.add_row(name, way, "0" if way == SAME else f"{len(body) / 1000:.1f}", f"{ratio:.1f}")
    Console(width=100).print(f"{comments:,} comments")
    Console(width=100).print(table)


def _ratio(address: str, size: int, headers: Mapping[str, str], way: str) -> float:
    """What a request costs in times the bare route that sends `size` bytes, or a 304."""
    bare = ['If-None-Match: "bare"'] if way == SAME else []
    given = [f"{name}: {value}" for name, value in headers.items()]
    turns = [
        (_cost(address, *given, is_anew=way in (ANEW, READER_ANEW)), _cost(f"/bare/{size}", *bare))
        for _ in range(TURNS)
    ]
    return median(cost / floor for cost, floor in turns)


if __name__ == "__main__":
    main()
