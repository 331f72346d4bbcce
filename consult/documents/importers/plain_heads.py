"""Which lines of a plain text are headings, and at which level: printed numbers, capitals, underlined lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from consult.core.records import Record

from . import numbering

LONGEST_HEADING = 120  # characters
LONGEST_TITLE = 80  # characters of a title on a line of its own, below "CHAPTER I"
UNDERLINE = re.compile(r"[=\-~^*_]{3,}")
RANKS = {
    "part": 1, "title": 2, "chapter": 3, "section": 4, "article": 6, "clause": 6, "recital": 6, "annex": 1,
    "appendix": 1, "schedule": 1,
}  # fmt: skip
DIVISIONS = {"part", "title", "chapter", "section", "article", "clause"}
TOP = 7  # of "1 Scope", below any chapter or article
ENDS = (".", ",", ";", ":", "!", "?")
STYLE = re.compile(r"\d{1,3}([.:)]?)")


@dataclass(slots=True)
class Chunk:
    """Lines without an empty one between them."""

    lines: list[str]

    @property
    def indent(self) -> int:
        """Blanks before the line that has the fewest."""
        return min(len(line) - len(line.lstrip()) for line in self.lines)

    @property
    def words(self) -> str:
        return " ".join(line.strip() for line in self.lines)


class Head(Record):
    """A heading: its level and its words as printed. `after` counts the chunks that belong to it."""

    level: int
    words: str
    label: str
    after: int = 1


def chunks_of(lines: Sequence[str]) -> list[Chunk]:
    """Lines in chunks; a heading that stands right above its text is a chunk of its own."""
    chunks: list[Chunk] = []
    for raw in lines:
        line = raw.expandtabs(4)
        if not line.strip():
            chunks.append(Chunk([]))
        elif chunks and chunks[-1].lines and not _stands_apart(chunks[-1].lines, line):
            chunks[-1].lines.append(line)
        else:
            chunks.append(Chunk([line]))
    return [chunk for chunk in chunks if chunk.lines]


def _stands_apart(lines: list[str], following: str) -> bool:
    """Whether the lines so far are a whole heading, and the line after them begins its text."""
    if len(lines) == 2 and is_underlined(lines):
        return True
    line = lines[0]
    return (
        len(lines) == 1
        and numbered(line) is not None
        and len(line) * 4 <= min(LONGEST_TITLE, len(following)) * 3  # a paragraph is broken near the end of the line
        and following.lstrip()[0].isupper()
        and numbered(following) is None
    )


def is_underlined(lines: Sequence[str]) -> bool:
    """A short line with a line of dashes or the like right below it."""
    return len(lines) == 2 and len(lines[0]) <= LONGEST_HEADING and bool(UNDERLINE.fullmatch(lines[1].strip()))


def numbered(line: str) -> re.Match[str] | None:
    """A line that looks like a heading with a printed number, by itself."""
    words = line.strip()
    if len(words) > LONGEST_HEADING:
        return None
    worded = numbering.WORDED.fullmatch(words)
    if worded and words[0].isupper() and (worded["number"].isdigit() or not worded["number"].islower()):
        return None if worded["title"].endswith(ENDS) or worded["title"][:1].islower() else worded
    match = numbering.DECIMAL.fullmatch(words) or numbering.SINGLE.fullmatch(words)
    if match is None or numbering.MONTH.match(match["title"] or ""):
        return None
    title = match["title"] or ""
    is_title = bool(title) and not title.endswith(ENDS) and not title[0].islower()
    return match if is_title and ")" not in words[: match.start("title")] else None


def is_capitals(words: str) -> bool:
    """A short line in capitals."""
    return len(words) <= LONGEST_TITLE and words.isupper() and sum(c.isalpha() for c in words) > 3


def heads(chunks: Sequence[Chunk], margin: int) -> dict[int, Head]:
    """The headings among the chunks, by place. `margin` is the indent of ordinary text."""
    found: dict[int, Head] = {}
    skipped = _lists(chunks)
    has_divisions = any(_division(chunk) in DIVISIONS for at, chunk in enumerate(chunks) if at not in skipped)
    top = 1 if has_divisions else TOP
    done = 0
    for at, chunk in enumerate(chunks):
        head = None if at in skipped or at < done else _head(chunk, margin, top)
        if head is not None:
            found[at] = _with_title(head, chunks[at + 1 : at + 2], chunk)
            done = at + found[at].after
    return _where_rows_go_on(found)


def _head(chunk: Chunk, margin: int, top: int) -> Head | None:
    """The heading a chunk may be; without a label when only its looks say so."""
    lines = chunk.lines
    words = chunk.lines[0].strip() if is_underlined(lines) else chunk.words
    number = numbered(words) if len(lines) == 1 or is_underlined(lines) else numbered(lines[0])
    if number is not None and (len(lines) <= 1 or is_underlined(lines)):
        return Head(_level(number, top), words, number["number"])
    if number is not None and len(lines) == 2 and _division(chunk) and _is_title(lines[1]):
        return Head(_level(number, top), chunk.words, number["number"])
    if is_underlined(lines):
        return Head(top if lines[1].strip()[0] == "=" else top + 1, words, "")
    if len(lines) == 1 and (is_capitals(words) or _hangs_out(chunk, margin)):
        return Head(top, words, "")
    return None


def _hangs_out(chunk: Chunk, margin: int) -> bool:
    """A short line to the left of all text, as headings stand in an RFC."""
    words = chunk.words
    return chunk.indent == 0 and margin >= 2 and len(words) <= LONGEST_TITLE and not words.endswith(ENDS)


def _division(chunk: Chunk) -> str:
    match = numbered(chunk.lines[0])
    return match["word"].lower() if match is not None and "word" in match.re.groupindex else ""


def _level(match: re.Match[str], top: int) -> int:
    """Parts before titles before chapters …; below all of them the depth of a decimal number."""
    if "word" not in match.re.groupindex:
        return TOP + match["number"].count(".")
    word = match["word"].lower()
    return top if numbering.KINDS.get(word) == "annex" else RANKS[word]


def _is_title(line: str) -> bool:
    words = line.strip()
    return 0 < len(words) <= LONGEST_TITLE and not words.endswith(ENDS) and words[0].isalpha() and words[0].isupper()


def _with_title(head: Head, following: Sequence[Chunk], chunk: Chunk) -> Head:
    """ "CHAPTER I" and its title on the next line are one heading."""
    match = numbering.WORDED.fullmatch(head.words)
    bare = match is not None and (not match["title"] or match["title"].lower() in ("(normative)", "(informative)"))
    if not bare or not following or len(following[0].lines) != 1 or numbered(following[0].lines[0]):
        return head
    title = following[0].lines[0]
    is_centred = title.startswith(" " * 8) and chunk.indent >= 8
    if _is_title(title) and (is_capitals(title.strip()) or is_centred or following[0].indent <= chunk.indent):
        return Head(head.level, f"{head.words} {title.strip()}", head.label, 2)
    return head


def _lists(chunks: Sequence[Chunk]) -> set[int]:
    """The places of "1. first", "2. second" … that follow each other without a word between them: a list."""
    singles = [numbering.SINGLE.fullmatch(c.words) if len(c.words) <= LONGEST_HEADING else None for c in chunks]
    numbers = [int(match["number"]) if match else -1 for match in singles]
    found: set[int] = set()
    for at in range(1, len(chunks)):
        if numbers[at] > 0 and numbers[at] == numbers[at - 1] + 1:
            found |= {at - 1, at}
    styles = Counter(
        _style(chunk)
        for at, chunk in enumerate(chunks)
        if at not in found and numbers[at] > 0 and numbered(chunk.words)
    )
    usual = styles.most_common(1)[0][0] if styles else ""
    return found | {at for at, chunk in enumerate(chunks) if numbers[at] > 0 and _style(chunk) != usual}


def _style(chunk: Chunk) -> str:
    match = STYLE.match(chunk.words)
    return match[1] if match else ""


def _where_rows_go_on(found: dict[int, Head]) -> dict[int, Head]:
    """The headings without those whose lone number belongs to no row."""
    titles = [(head.level, head.words) for head in found.values()]
    if not any(head.label for head in found.values()):
        return found
    read = numbering.read(titles)
    return {
        at: head for (at, head), heading in zip(found.items(), read, strict=True) if heading.label or not head.label
    }
