"""What measurements share: an installation in a folder that goes away, run as an operator runs it. Measures nothing itself."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.cookiejar import CookieJar
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 120  # s for a start on a busy machine
FREE = "1000000 per minute"  # nobody who measures waits for a limit
HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"')
SEEDED_WITH = "a consultation of any size"  # the password of everybody who is seeded


class Installation:
    """A folder, a database and a server with its own port; commands run in it."""

    def __init__(self, folder: Path, *, workers: int = 2, database: str = "") -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.folder, self.url = folder, f"http://127.0.0.1:{self.port}"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CONSULT_")}
        kept.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed package has its bytecode
        self.environ = kept | {
            "CONSULT_INSTANCE": str(folder), "CONSULT_PUBLIC_URL": self.url, "CONSULT_DATABASE_URL": database,
            "CONSULT_WORKERS": str(workers), "CONSULT_WRITING_PER_PERSON": FREE, "CONSULT_WRITING_PER_ADDRESS": FREE,
            "PYTHONPATH": str(ROOT),
        }  # fmt: skip

    def run(self, *words: str) -> str:
        """What `consult …` prints; CalledProcessError when it fails."""
        command = [sys.executable, "-m", "consult", *words]
        done = subprocess.run(command, env=self.environ, check=True, stdout=subprocess.PIPE, text=True)
        return done.stdout

    @contextmanager
    def serving(self, *words: str) -> Iterator[None]:
        """`consult serve …` inside the block."""
        self.server = subprocess.Popen(
            [sys.executable, "-m", "consult", "serve", "--port", str(self.port), *words], env=self.environ,
            start_new_session=True, stdout=subprocess.DEVNULL, stderr=(self.folder / "said").open("w"),
        )  # fmt: skip
        try:
            until = time.monotonic() + PATIENCE
            while not self._answers():
                if time.monotonic() > until or self.server.poll() is not None:
                    raise SystemExit(f"the server did not start: {(self.folder / 'said').read_text()[-500:]}")
                time.sleep(0.05)
            yield
        finally:
            self.server.send_signal(signal.SIGTERM)
            try:
                self.server.wait(timeout=45)
            except subprocess.TimeoutExpired:
                os.killpg(self.server.pid, signal.SIGKILL)

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def processes(self) -> dict[int, str]:
        """Every process of the server by number: `first` (which forked the others), `work`, or `web`."""
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                name = (entry / "comm").read_text().strip()
            except OSError:
                continue
            if int(fields[3]) == self.server.pid and fields[0] != "Z":
                number = int(entry.name)
                found[number] = "first" if number == self.server.pid else "work" if name == "consult work" else "web"
        return found

    def sign_in(self, email: str, password: str) -> str:
        """The cookies of somebody who has just signed in."""
        jar = CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        page = opener.open(f"{self.url}/sign-in").read().decode()
        fields = dict(HIDDEN.findall(page)) | {"email": email, "password": password}
        opener.open(f"{self.url}/sign-in", urllib.parse.urlencode(fields).encode()).read()
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


@contextmanager
def installation(*, workers: int = 2, database: str = "", folder: str = "") -> Iterator[Installation]:
    """One in `folder`, which is kept; without, an empty one, of which only what is in `database` is left afterwards."""
    with ExitStack() as stack:
        place = Path(folder or stack.enter_context(tempfile.TemporaryDirectory()))
        place.mkdir(parents=True, exist_ok=True)
        of = Installation(place, workers=workers, database=database)
        of.run("db", "upgrade")
        yield of


def seeded(of: Installation, comments: int) -> str:
    """The slug of a consultation with so many comments, sown unless it is there."""
    slug, note = f"measured-{comments}", of.folder / "seeded"
    if slug not in (note.read_text().split() if note.exists() else []):
        of.run("bench", "seed", "--comments", str(comments), "--slug", slug)
        with note.open("a") as file:
            file.write(f"{slug}\n")
    return slug
