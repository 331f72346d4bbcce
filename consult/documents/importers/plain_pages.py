"""What a printed page adds to a plain text, and is no part of it: headers, footers, form feeds, a list of contents."""

from __future__ import annotations

import re
from collections import Counter

LONGEST_LINE = 200  # characters; a longer line is words, whatever it looks like
FOOTER = re.compile(r"\[Page \d{1,5}\]$")
NUMBER_ONLY = re.compile(r"\W*(?:page )?\d{1,5}(?: (?:of|/) \d{1,5})?\W*", re.IGNORECASE)
RUNNING = re.compile(r"(?:RFC \d+|Internet-Draft)\b.*\b(?:19|20)\d\d$")
LEADERS = re.compile(r"(?<!\.)(?:\s|(?<!\s))\.(?:\s?\.){2,}\s*\w{1,6}$")
CONTENTS = {"contents", "table of contents"}
ENDS = (".", ":", ";", "!", "?")


def bare_lines(text: str) -> tuple[list[str], list[str]]:
    """The lines of a text without the furniture of pages and without its contents, and remarks on that.

    The lines of a page and of the next are one paragraph where the sentence goes on.
    """
    kept, remarks = lines_of_pages(text)
    return _without_contents(kept), remarks


def lines_of_pages(text: str) -> tuple[list[str], list[str]]:
    """The same with its contents."""
    lines = [line.rstrip(" \t") for line in text.replace("\f", "\n\f\n").split("\n")]
    furniture = _furniture(lines)
    kept = _joined(lines, furniture)
    dropped = sum(bool(lines[at].strip()) for at in furniture)
    remarks = []
    if dropped:
        remarks.append(f"Headers and footers of printed pages ({dropped:,} lines) were left out.")
    return kept, remarks


def _key(line: str) -> str:
    return re.sub(r"\d+", "0", " ".join(line.split()))


def _furniture(lines: list[str]) -> set[int]:
    """The places of lines that belong to a page."""
    found = {at for at, line in enumerate(lines) if len(line) <= LONGEST_LINE and FOOTER.search(line)}
    feeds = [at for at, line in enumerate(lines) if line == "\f"]
    heads = {_next(lines, at, 1) for at in [*found, *feeds]} - {None} - found
    feet = {_next(lines, at, -1) for at in feeds} - {None} - found
    headers, footers = Counter(_key(lines[at]) for at in heads if at), Counter(_key(lines[at]) for at in feet if at)
    for at in heads | feet:
        if at is None or len(lines[at]) > LONGEST_LINE:
            continue
        times = headers[_key(lines[at])] if at in heads else footers[_key(lines[at])]
        if times > 1 or RUNNING.match(lines[at]) or NUMBER_ONLY.fullmatch(lines[at].strip()):
            found.add(at)
    found |= _first_header(lines, headers)
    return found | set(feeds)


def _next(lines: list[str], at: int, step: int) -> int | None:
    """The place of the next line with words, in one direction, without crossing more than a margin."""
    for far in range(1, 12):
        place = at + step * far
        if not 0 <= place < len(lines):
            return None
        if lines[place].strip():
            return place
    return None


def _first_header(lines: list[str], headers: Counter[str]) -> set[int]:
    """The header of the first page, which no page break stands before."""
    first = next((at for at, line in enumerate(lines) if line.strip()), None)
    return {first} if first is not None and headers[_key(lines[first])] > 1 else set()


def _joined(lines: list[str], furniture: set[int]) -> list[str]:
    """The lines without the furniture; between two pages one empty line, or none within a sentence."""
    kept: list[str] = []
    is_break = False
    for at, line in enumerate(lines):
        if at in furniture:
            is_break = True
        elif not is_break:
            kept.append(line)
        elif line.strip():
            while kept and not kept[-1]:
                kept.pop()
            goes_on = kept and not kept[-1].endswith(ENDS) and line.lstrip()[0].islower()
            kept += [line] if goes_on else ["", line]
            is_break = False
    return kept


def _without_contents(lines: list[str]) -> list[str]:
    """The lines without a list of contents: lines with dots to a page number, or whose words come again below."""
    start = next((at for at, line in enumerate(lines) if line.strip().lower().rstrip(":") in CONTENTS), None)
    if start is None:
        return lines
    last = {_entry(line): at for at, line in enumerate(lines)}
    end = at = start + 1
    while at < len(lines) and at < end + 3:
        line = lines[at]
        is_entry = bool(line.strip()) and len(line) <= LONGEST_LINE
        if is_entry and (LEADERS.search(line) or last[_entry(line)] > at):
            end = at + 1
        elif is_entry and last[_entry(line)] == at and not lines[at - 1].strip() and end > start + 1:
            break
        at += 1
    return lines if end == start + 1 else [*lines[:start], *lines[end:]]


def _entry(line: str) -> str:
    """The words of a line of contents, without dots and page."""
    return " ".join(LEADERS.sub("", line).split()) if len(line) <= LONGEST_LINE else line
