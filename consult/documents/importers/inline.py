"""Words of one paragraph with their looks, joined into HTML without a tag that opens and closes for nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from markupsafe import escape

BLANKS = re.compile(r"[ \t\n\r\u00a0]+")
UNUSABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ud800-\udfff\ufffe\uffff]")
ORDER = ("code", "strong", "em", "s", "sub", "sup")  # outermost first
WEB = ("http://", "https://", "mailto:")


Piece = tuple[str, tuple[str, ...], str]  # (address, looks, HTML)


class Words:
    """What a paragraph says so far."""

    def __init__(self) -> None:
        self._pieces: list[Piece] = []
        self.is_told = False  # there are words, not pictures alone
        self.names: list[str] = []  # bookmarks
        self.pictures: list[str] = []  # HTML of each

    def say(self, text: str, looks: frozenset[str] = frozenset(), address: str = "") -> None:
        """Add words; `looks` are tags, `address` is where they lead."""
        text = BLANKS.sub(" ", UNUSABLE.sub("", text))
        if text:
            self.is_told = self.is_told or not text.isspace()
            self.put(str(escape(text)), looks, address)

    def put(self, html: str, looks: frozenset[str] = frozenset(), address: str = "") -> None:
        """Add safe HTML."""
        self._pieces.append((address, tuple(tag for tag in ORDER if tag in looks), html))

    def picture(self, html: str) -> None:
        """Add a picture or the line in its place."""
        self.pictures.append(html)
        self.put(html)

    @property
    def html(self) -> str:
        """All of it."""
        return _joined(self._pieces)

    @property
    def html_without_pictures(self) -> str:
        """The words alone."""
        return _joined([piece for piece in self._pieces if piece[2] not in self.pictures])


def _joined(all_pieces: Sequence[Piece]) -> str:
    joined = []
    for address, pieces in groupby(all_pieces, key=lambda piece: piece[0]):
        inner = "".join(_dressed(looks, "".join(p[2] for p in same)) for looks, same in groupby(pieces, lambda p: p[1]))
        joined.append(f'<a href="{escape(address)}">{inner}</a>' if address and inner.strip() else inner)
    html = re.sub(r" {2,}", " ", "".join(joined))
    return re.sub(r"^(?: |<br>)+|(?: |<br>)+$", "", html)


def _dressed(looks: tuple[str, ...], html: str) -> str:
    """HTML in its tags; blanks alone need none."""
    if not html.strip():
        return html
    for tag in reversed(looks):
        html = f"<{tag}>{html}</{tag}>"
    return html


def outward(address: str) -> str:
    """An address that leads out of the document, if it is one a page may lead to; else nothing."""
    return address.strip() if address.strip().lower().startswith(WEB) else ""
