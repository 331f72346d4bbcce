"""The fingerprint of a summary: what a second person approves is named by it. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Protocol


class Sentence(Protocol):
    """A sentence as it is read."""

    @property
    def section(self) -> str: ...
    @property
    def heading(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def is_minority(self) -> bool: ...
    @property
    def sources(self) -> Sequence[str]: ...


def digest(headline: str, sentences: Iterable[Sentence], omissions: Iterable[tuple[str, str, str]]) -> str:
    """SHA-256 (hexadecimal) of everything that is read: the order of sentences counts, that of their sources does not.

    `omissions`: (position, clause, reason) of each view of few without a sentence.
    """
    said = [[s.section, s.heading, s.text, s.is_minority, sorted(s.sources)] for s in sentences]
    words = json.dumps([headline, said, sorted(omissions)], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()
