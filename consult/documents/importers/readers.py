"""Everything a file is read with, behind one function; imported only where files are read, see `child`."""

from __future__ import annotations

from collections.abc import Callable

from consult.core.records import replace

from ..parsed import ParsedDraft
from . import guard, odt, texts, word
from .formats import FORMATS
from .source import decode

ARCHIVES: dict[guard.Kind, Callable[[guard.Archive], ParsedDraft]] = {"docx": word.parse, "odt": odt.parse}


def parse(data: bytes, name: str = "") -> ParsedDraft:
    """Cut a file into units; Invalid (field `file`) with a sentence when that cannot be done."""
    guard.glance(data, name)
    draft = _archive(data) if guard.is_archive(data) else texts.read(decode(data))
    return _with_remark_on_name(draft, name)


def _archive(data: bytes) -> ParsedDraft:
    archive = guard.unpack(data)
    return ARCHIVES[archive.kind](archive)


def _with_remark_on_name(draft: ParsedDraft, name: str) -> ParsedDraft:
    known = FORMATS.get(draft.format)
    if known is None or "." not in name or name.lower().endswith(known.endings):
        return draft
    remark = f"The file is called {name[-60:]}, but it is a {known.called}, and was read as one."
    return replace(draft, warnings=[remark, *draft.warnings])
