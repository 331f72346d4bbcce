"""The process that reads one file: bytes on standard input, a draft or a sentence on standard output.

Started by `taking`. It first imports everything it needs, then gives up what it does not: memory beyond 512 MiB, more
than 10 seconds of work, writing files, starting processes, and opening anything at all. A limit of three open files
leaves it its input, its output and its errors, so that no parser, in Python or in C, can open a file or a socket:
whatever a document points at, nothing is fetched and nothing is read. Python code that only tries to connect, look up
a name or start a process ends the child before the system is asked, so that the try is heard of, on any system.

So nothing can be imported in the middle of the work. What a library imports or looks up late is imported here, or
used once in `warm_up`.
"""

from __future__ import annotations

import codecs
import heapq  # noqa: F401 (collections.Counter imports it when it is first asked for the most common)
import os
import signal
import sys
import traceback
from collections.abc import Callable
from typing import NoReturn

from consult.core.errors import Invalid

from ..parsed import to_json
from . import guard
from .protocol import DRAFT, OUT_OF_MEMORY, OUT_OF_TIME, REACHED_OUT, REFUSED
from .readers import parse

try:
    import resource
except ImportError:  # Windows has no limits for processes
    resource = None  # type: ignore[assignment]

MEMORY = 512 * 1024 * 1024  # bytes of address space; with everything imported it is at about 50
WORK = 10  # seconds of processor time; 500 pages of Markdown take 3
LARGEST_ANSWER = 64 * 1024 * 1024  # bytes
# What Python tells before it asks the system for it (its table of audit events): all of the network, all new processes.
REACHING = (
    "socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.startfile", "os.system", "pty.spawn",
)  # fmt: skip
UNPROTECTED = (
    "This server cannot read Word, OpenDocument and PDF files safely, because its operating system has no limits for"
    " processes. Save the draft as Markdown (.md) or plain text (.txt), and send that."
)


def main(name: str = "") -> NoReturn:
    """Read a draft from standard input, answer, end. `name` is what the sender calls the file."""
    warm_up()
    serve(lambda data: to_json(parse(data, name)))


def serve(read: Callable[[bytes], bytes]) -> NoReturn:
    """Give up what is not needed, answer with what `read` makes of standard input, end."""
    is_confined = confine()
    code = _answer(read, is_confined)
    sys.stdout.flush()
    os._exit(code)  # nothing to tidy up: a large tree takes a second to take down


def confine() -> bool:
    """Give up, for good, what reading a file does not need. False where the system has no limits."""
    sys.addaudithook(_stay_inside)
    if resource is None:
        return False
    signal.signal(signal.SIGXCPU, _too_long)
    resource.setrlimit(resource.RLIMIT_CPU, (WORK, WORK + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_ANSWER, LARGEST_ANSWER))
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
    return True


def _stay_inside(event: str, _given: tuple[object, ...]) -> None:
    """End when something reaches out: an error could be caught by the library that wanted to, and nobody would know."""
    if event.startswith(REACHING):
        os.write(2, event.encode())
        os._exit(REACHED_OUT)


def _too_long(_signal: int, _frame: object) -> NoReturn:
    os._exit(OUT_OF_TIME)


def warm_up() -> None:
    """What is imported or looked up on first use is used once, while files can still be opened."""
    for encoding in ("cp437", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"):  # the first for names in archives
        codecs.lookup(encoding)
    for text in (
        b"# 1 Scope\n\n- words[^1]\n\n[^1]: more\n", b"<html><p>words", b"<standard><p>words</p></standard>"
    ):  # fmt: skip
        parse(text, "")


def _answer(read: Callable[[bytes], bytes], is_confined: bool) -> int:
    """Write the answer; the code to end with."""
    try:
        data = sys.stdin.buffer.read()
        if not is_confined and guard.needs_confinement(data):
            raise Invalid(UNPROTECTED, field="file")
        answer = DRAFT + b"\n" + read(data)
    except Invalid as error:
        answer = REFUSED + b"\n" + error.sentence.encode("utf-8", "replace")
    except MemoryError:
        return OUT_OF_MEMORY
    except RecursionError:
        answer = REFUSED + b"\n" + guard.TOO_DEEP.encode()
    except Exception:
        traceback.print_exc()
        return 1
    if len(answer) > LARGEST_ANSWER:
        return OUT_OF_MEMORY
    sys.stdout.buffer.write(answer)
    return 0
