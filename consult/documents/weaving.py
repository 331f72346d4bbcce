"""The words of a unit found again inside its HTML, so that some of them can be marked there, or the unit cut in two.

Pure. `text` is what was kept with the HTML (parsed.words_of); offsets count its code points. Tags, and blanks that the
text has not, belong to no offset. Where HTML and text do not say the same, nothing is found: `woven` gives None.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape

TOKEN = re.compile(r'<[^<>"]*(?:"[^"]*"[^<>"]*)*>|&[^;\s<>&]+;|[^<&]|[<&]', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Thread:
    """A tag, or a character as the HTML writes it. `at` is its offset in the text; a tag and a blank have none."""

    html: str
    at: int | None = None

    @property
    def is_tag(self) -> bool:
        return len(self.html) > 1 and self.html[0] == "<"


@dataclass(frozen=True, slots=True)
class Mark:
    """What to write before and after the words from `start` up to `end`; marks do not overlap."""

    start: int
    end: int
    before: str
    after: str


def woven(html: str, text: str) -> Sequence[Thread] | None:
    """The HTML thread by thread; None if its words are not those of `text`."""
    threads, at = list[Thread](), _skip(text, 0)
    for token in TOKEN.findall(html):
        if token[0] == "<" and len(token) > 1:
            threads.append(Thread(token))
            continue
        words = unescape(token)
        if not words.strip():
            threads.append(Thread(token))
        elif text.startswith(words, at):
            threads.append(Thread(token, at))
            at = _skip(text, at + len(words))
        else:
            return None
    return threads if at == len(text) else None


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def marked(html: str, text: str, marks: Sequence[Mark]) -> str:
    """The HTML with every mark (sorted, apart) written around its words; around each stretch between tags anew."""
    threads = woven(html, text) if marks else None
    return html if threads is None else "".join(_marked(threads, marks))


def _marked(threads: Sequence[Thread], marks: Sequence[Mark]) -> Iterator[str]:
    waiting, opened = list(marks), list[Mark]()  # at most one is open
    blanks = ""
    for thread in threads:
        if thread.at is None and not thread.is_tag:
            blanks += thread.html
            continue
        while waiting and thread.at is not None and waiting[0].end <= thread.at:
            waiting.pop(0)
        here = waiting[0] if waiting and thread.at is not None and waiting[0].start <= thread.at else None
        if opened and here is not opened[0]:
            yield opened.pop().after
        yield blanks
        blanks = ""
        if here is not None and not opened:
            opened.append(here)
            yield here.before
        yield thread.html
    if opened:
        yield opened.pop().after
    yield blanks
