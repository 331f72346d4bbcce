"""The words of a stretch of a page as our Markdown: paragraphs, lists, quotations, links, emphasis; no pictures."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .talk_stream import Token, address

QUIET = re.compile(r"[\\`*_\[\]<>&~|]")
AT_FRONT = re.compile(r"^(\s*)([#+=-]|\d+[.)])")  # what Markdown would read as the beginning of something
MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "s": "~~", "strike": "~~", "del": "~~"}
# What stands before a signature, read from its end.
DASHES = re.compile(r"[\s\u200e\u200f(]*+(?:--++|[—–-]|(?:~\\)++)?[\s\u200e\u200f]*+")


@dataclass(slots=True)
class _Writer:
    """Paragraphs that are done, and the one that is being written; each open mark or link has words of its own."""

    base: str
    done: list[str] = field(default_factory=list)
    open: list[tuple[str, str, str]] = field(default_factory=list)  # tag, what comes before and behind
    words: list[str] = field(default_factory=lambda: [""])
    quotes: int = 0
    front: str = ""

    def say(self, words: str) -> None:
        """Add words, with nothing in them that Markdown would read."""
        self.words[-1] += QUIET.sub(r"\\\g<0>", " ".join(f"<{words}>".split())[1:-1])

    def begin(self, token: Token) -> None:
        """An element opens."""
        if token.is_edge:
            self.end_line()
            self.quotes += token.tag == "blockquote"
            if token.tag == "li":
                self.front = "- "
            return
        before, behind = MARKS.get(token.tag, ""), MARKS.get(token.tag, "")
        if token.tag == "a":
            url = address(token.element, self.base)
            before, behind = ("[", f"](<{_quiet_url(url)}>)") if url else ("", "")
        self.open.append((token.tag, before, behind))
        self.words.append("")

    def end(self, token: Token) -> None:
        """An element closes; one that opened before the stretch is not asked about."""
        if token.is_edge:
            self.end_line()
            self.quotes = max(0, self.quotes - (token.tag == "blockquote"))
        elif self.open and self.open[-1][0] == token.tag:
            self._close()

    def _close(self) -> None:
        _tag, before, behind = self.open.pop()
        inner = self.words.pop()
        core = inner.strip()
        if core and before:
            inner = inner.replace(core, f"{before}{core}{behind}", 1)
        self.words[-1] += inner

    def end_line(self) -> None:
        """What was written so far is a paragraph; marks that are open go on in the next one."""
        again = list(self.open)
        while self.open:
            self._close()
        line = AT_FRONT.sub(r"\1\\\2", self.words[0].strip())
        if line:
            self.done.append("> " * min(self.quotes, 5) + self.front + line)
            self.front = ""
        self.open, self.words = again, ["" for _ in range(len(again) + 1)]


def markdown(tokens: list[Token], base: str) -> str:
    """The words of these tokens as Markdown; links lead from the page `base`."""
    writer = _Writer(base)
    for token in tokens:
        if token.kind == "w":
            writer.say(token.words)
        elif token.kind == "+":
            writer.begin(token)
        else:
            writer.end(token)
    writer.end_line()
    return "\n\n".join(writer.done)


def before_signature(body: str) -> str:
    """Without the dashes that lead over to a name."""
    found = DASHES.match(body[::-1])
    return body[: len(body) - found.end()] if found else body


def _quiet_url(url: str) -> str:
    return re.sub(r"[<>\\\s]", lambda m: f"%{ord(m[0]):02X}", url)
