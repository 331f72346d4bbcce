"""From the file of a standard to a PDF that screen readers can follow (PDF/UA-1), made in a process of its own.

WeasyPrint is an extra (`pip install consult[pdf]`, 59 MB and Pango): a site without it has the file and the print
sheet. It is never imported here, so nothing of it is loaded into a server, and what it takes is limited.
"""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from importlib.util import find_spec

SECONDS = 240  # less than the lease of a job
MEMORY = 2 * 1024**3  # bytes of address space; 71 pages took 140 MB
# Only pictures that the file holds itself are read: nothing from the network or from this machine.
PROGRAM = (
    "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv.pop(1)),) * 2);"
    " runpy.run_module('weasyprint', run_name='__main__', alter_sys=True)"
)
OPTIONS = ("--pdf-variant", "pdf/ua-1", "--allowed-protocols", "data", "--quiet", "-", "-")


class PrintFailed(RuntimeError):
    """No PDF came of it; says what WeasyPrint said last."""


@cache
def is_possible() -> bool:
    """Whether this installation can make PDFs."""
    return find_spec("weasyprint") is not None


def pdf(html: str) -> bytes:
    """The PDF of a page that needs nothing else. Raises PrintFailed."""
    command = [sys.executable, "-I", "-X", "utf8", "-c", PROGRAM, str(MEMORY), *OPTIONS]
    try:
        done = subprocess.run(command, input=html.encode(), capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise PrintFailed(f"it took more than {SECONDS} seconds") from None
    if done.returncode or not done.stdout.startswith(b"%PDF"):
        raise PrintFailed(done.stderr.decode(errors="replace").strip()[-500:] or f"code {done.returncode}")
    return done.stdout
