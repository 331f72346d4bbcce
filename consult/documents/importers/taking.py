"""A file as it arrives is read in a process of its own, which can neither reach anything nor take much.

Whatever a file does to that process, here it becomes a sentence: a parser that crashes, hangs or eats memory is
ended, and nobody else notices.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from threading import BoundedSemaphore
from typing import NamedTuple, TypeVar

import msgspec

from consult.core import paths
from consult.core.errors import Busy, Invalid

from .. import parsed as drafts
from ..parsed import ParsedDraft
from . import guard, letter_files
from .letter_files import ReadLetter
from .protocol import DRAFT, OUT_OF_MEMORY, OUT_OF_TIME, REACHED_OUT, REFUSED

R = TypeVar("R")
READS_DRAFTS, READS_LETTERS = (f"{__package__}.{module}" for module in ("child", "letter_child"))
LONGEST = 30  # seconds by the clock; the child gives up by itself after 10 seconds of work
AT_ONCE = 2  # children of one process of ours: a crowd of uploads waits instead of taking all of the memory
START = (
    "import sys; sys.path.insert(0, sys.argv[1]);"
    " from importlib import import_module; import_module(sys.argv[3]).main(sys.argv[2])"
)
SENTENCES = {
    OUT_OF_MEMORY: "Reading this file needs more memory than one file may take. Split the document into parts, or save"
    " it again without what is embedded in it.",
    OUT_OF_TIME: "Reading this file took too long and was stopped. Split the document into parts, or save it again in a"
    " simpler format such as Markdown.",
    REACHED_OUT: "This file leads to something outside of it, which is never opened here. Take out what is linked instead of"
    " embedded, save it again, and send that.",
}
# A library in C hears of a limit by being ended: by the clock, or where memory is not to be had.
SIGNALS = {-signal.SIGKILL: OUT_OF_TIME, -signal.SIGABRT: OUT_OF_MEMORY}
CRASHED = (
    "This file could not be read to its end: it may be damaged. Open it in your editor, save it again, and send that."
)

_log = logging.getLogger(__name__)
_places = BoundedSemaphore(AT_ONCE)


class Taken(NamedTuple):
    """A file that could be read: its bytes exactly as they arrived, and its units."""

    source: bytes
    parsed: ParsedDraft


def take(*, data: bytes, field: str = "file", name: str = "") -> Taken:
    """Read a file; what is wrong with it is said at `field` of the form it came by.

    `name` is what its sender calls it: it decides nothing, but a name that says something else is told.
    """
    try:
        guard.glance(data, name)
        return Taken(data, _received(_read_outside(data, name, READS_DRAFTS), drafts.from_json))
    except Invalid as error:
        raise Invalid(error.sentence, field=field) from None


def take_letter(*, data: bytes, field: str = "file", name: str = "") -> ReadLetter:
    """Read a file with a letter, as its text; what is wrong with it is said at `field` of the form it came by."""
    try:
        letter_files.glance(data, name)
        return _received(_read_outside(data, name, READS_LETTERS), letter_files.from_json)
    except Invalid as error:
        raise Invalid(error.sentence.replace("the draft", "the letter"), field=field) from None


def _read_outside(data: bytes, name: str, reader: str) -> bytes:
    """Let a child process read it; Invalid with its sentence, Busy when too many are being read."""
    if not _places.acquire(timeout=LONGEST):
        raise Busy("Many files are being read at this moment. Send yours again in a minute.")
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-B", "-X", "utf8", "-c", START, str(paths.PACKAGE.parent), name, reader],
            input=data, capture_output=True, timeout=LONGEST, cwd=os.path.abspath(os.sep), env=_surroundings(),
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Invalid(SENTENCES[OUT_OF_TIME], field="file") from None
    finally:
        _places.release()
    kind, _, rest = done.stdout.partition(b"\n")
    if done.returncode == 0 and kind == DRAFT:
        return rest
    if done.returncode == 0 and kind == REFUSED:
        raise Invalid(rest.decode("utf-8"), field="file")
    raise Invalid(_why_it_ended(done), field="file")


def _received(data: bytes, read: Callable[[bytes], R]) -> R:
    try:
        return read(data)
    except msgspec.MsgspecError:
        _log.exception("the importer wrote something else than what was asked for")
        raise Invalid(CRASHED, field="file") from None


def _why_it_ended(done: subprocess.CompletedProcess[bytes]) -> str:
    code = SIGNALS.get(done.returncode, done.returncode)
    if code not in SENTENCES or code == REACHED_OUT:  # nothing of ours does that, whatever is in the file
        _log.error("the importer ended with %s: %s", done.returncode, done.stderr[-2_000:].decode("utf-8", "replace"))
    return SENTENCES.get(code, CRASHED)


def _surroundings() -> dict[str, str]:
    """No settings, no addresses, no secrets: only what some systems need to start a program at all."""
    return {name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
