"""The words of a unit found again inside its HTML, so that some of them can be marked there, or the unit cut in two.

Pure. `text` is what was kept with the HTML (parsed.words_of); offsets count its code points. Tags, and blanks that the
text has not, belong to no offset. Where HTML and text do not say the same, nothing is found: `woven` gives None.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from html import unescape
from itertools import pairwise

from consult.core.records import Record

TOKEN = re.compile(r'<[^<>"]*(?:"[^"]*"[^<>"]*)*>|&[^;\s<>&]+;|[^<&]|[<&]', re.DOTALL)
RUN = re.compile(TOKEN.pattern.replace("|[^<&]|", "|[^<&]+|"), re.DOTALL)  # the same, with plain words in one
LINK = re.compile(r"</?a[\s>]")


class Thread(Record):
    """A tag, or a character (or some) as the HTML writes it. `at` is its offset in the text; a tag and a blank have none."""

    html: str
    at: int | None = None

    @property
    def is_tag(self) -> bool:
        return len(self.html) > 1 and self.html[0] == "<"


class Mark(Record):
    """What to write before and after the words from `start` up to `end`; marks do not overlap.

    `in_link`: the same where the words are inside a link, which takes no other link.
    """

    start: int
    end: int
    before: str
    after: str
    in_link: tuple[str, str] | None = None

    def around(self, *, is_in_link: bool) -> tuple[str, str]:
        """What to write here."""
        return self.in_link if is_in_link and self.in_link else (self.before, self.after)


def woven(html: str, text: str, edges: Sequence[int] | None = None) -> Sequence[Thread] | None:
    """The HTML thread by thread; None if its words are not those of `text`.

    With `edges`, offsets in order, words that none of these parts stay one thread, and the blanks beside them another.
    """
    threads, at = list[Thread](), _skip(text, 0)
    waiting = (TOKEN if edges is None else RUN).findall(html)[::-1]
    while waiting:
        token = waiting.pop()
        if token[0] == "<" and len(token) > 1:
            threads.append(Thread(token))
            continue
        words = unescape(token)
        if not words.strip():
            threads.append(Thread(token))
        elif words == token and edges is not None and text.startswith(token.strip(), at):
            threads += _run(token, at, edges)
            at = _skip(text, at + len(token.strip()))
        elif words == token and len(token) > 1:  # it has other blanks than the text
            waiting += token[::-1]
        elif text.startswith(words, at):
            threads.append(Thread(token, at))
            at = _skip(text, at + len(words))
        else:
            return None
    return threads if at == len(text) else None


def _run(token: str, at: int, edges: Sequence[int]) -> Iterator[Thread]:
    """Plain words that begin at an offset, cut at the edges within."""
    words = token.strip()
    inside = edges[bisect_right(edges, at) : bisect_left(edges, at + len(words))]
    places = [0, *(edge - at for edge in inside), len(words)]
    yield from _bare(token[: token.index(words)])
    for begin, end in pairwise(places):
        piece = words[begin:end]
        first = begin + len(piece) - len(piece.lstrip())
        last = begin + len(piece.rstrip())
        yield from _bare(words[begin:first] if first < end else piece)
        if first < last:
            yield Thread(words[first:last], at + first)
            yield from _bare(words[last:end])
    yield from _bare(token[token.index(words) + len(words) :])


def _bare(blanks: str) -> Iterator[Thread]:
    if blanks:
        yield Thread(blanks)


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def marked(html: str, text: str, marks: Sequence[Mark]) -> str:
    """The HTML with every mark (sorted, apart) written around its words; around each stretch between tags anew."""
    edges = sorted({edge for mark in marks for edge in (mark.start, mark.end)})
    threads = woven(html, text, edges) if marks else None
    return html if threads is None else "".join(_marked(threads, marks))


def _marked(threads: Sequence[Thread], marks: Sequence[Mark]) -> Iterator[str]:
    waiting, opened = list(marks), list[tuple[Mark, str]]()  # at most one is open, with what closes it
    blanks, is_in_link = "", False
    for thread in threads:
        if thread.at is None and not thread.is_tag:
            blanks += thread.html
            continue
        while waiting and thread.at is not None and waiting[0].end <= thread.at:
            waiting.pop(0)
        here = waiting[0] if waiting and thread.at is not None and waiting[0].start <= thread.at else None
        if opened and here is not opened[0][0]:
            yield opened.pop()[1]
        yield blanks
        blanks = ""
        if here is not None and not opened:
            before, after = here.around(is_in_link=is_in_link)
            opened.append((here, after))
            yield before
        yield thread.html
        if thread.is_tag and LINK.match(thread.html):
            is_in_link = thread.html[1] != "/"
    if opened:
        yield opened.pop()[1]
    yield blanks


VOID = frozenset({"br", "col", "hr", "img"})
WHOLE = frozenset(
    {"caption", "dd", "dt", "figcaption", "figure", "li", "td", "th", "tr"}
)  # nothing is cut inside these
NAME = re.compile(r"</?([a-z0-9]+)")
START = re.compile(r' start="(\d+)"')


def cut(html: str, text: str, offset: int) -> tuple[str, str] | None:
    """The HTML before and from `offset` of its text, each well-formed: what is open there is closed and opened again.

    A table is cut between rows and a list between items; None for a place inside a row, an item, a term or a figure,
    or where HTML and text do not say the same.
    """
    threads = woven(html, text)
    if threads is None:
        return None
    at = next((n for n, thread in enumerate(threads) if thread.at is not None and thread.at >= offset), len(threads))
    at = _before_openings(threads, at)
    opened = _opened(threads[:at])
    names = [NAME.match(tag)[1] for tag, _ in opened]  # type: ignore[index]
    if WHOLE.intersection(names) or ("dl" in names and not threads[at].html.startswith("<dt")):
        return None
    first = "".join(t.html for t in threads[:at]).rstrip() + "".join(f"</{name}>" for name in reversed(names))
    rest = "".join(t.html for t in threads[at:])
    again = "".join(tag for tag, _ in opened)
    return first, again + (rest if "pre" in names else rest.lstrip())


def _before_openings(threads: Sequence[Thread], at: int) -> int:
    """Further up, before the tags that open for the words at `at`, and the blanks between them."""
    first = at
    while first and threads[first - 1].at is None and not threads[first - 1].html.startswith("</"):
        if threads[first - 1].html == "\n" or _name(threads[first - 1]) in VOID:
            break
        first -= 1
    return first


def _name(thread: Thread) -> str:
    found = NAME.match(thread.html) if thread.is_tag else None
    return found[1] if found else ""


def _opened(threads: Sequence[Thread]) -> list[tuple[str, int]]:
    """The tags that are open after these threads, as they are to be opened again; with how many items a list has had."""
    opened: list[tuple[str, int]] = []
    for thread in threads:
        name = _name(thread)
        if not name or name in VOID:
            continue
        if thread.html[1] == "/":
            opened.pop()
            continue
        if name == "li" and opened:
            opened[-1] = (opened[-1][0], opened[-1][1] + 1)
        opened.append((thread.html, 0))
    return [(_going_on(tag, items), items) for tag, items in opened]


def _going_on(tag: str, items: int) -> str:
    """The tag of a list that goes on counting."""
    if not tag.startswith("<ol") or not items:
        return tag
    start = START.search(tag)
    return f'{START.sub("", tag)[:-1]} start="{items + (int(start[1]) if start else 1)}">'
