"""Archives of issues and pull requests of a GitHub repository, as the IETF's i-d-template writes them.

One JSON object: `magic`, `repo`, and the lists `issues` and `pulls`, each entry with its `comments`; a pull
request also with its `reviews`, which have comments of their own. Comments have no ids and no addresses.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from consult.core.records import Record, replace
from consult.core.text import normalise

from .. import suggestions
from .table import CommentFile, CommentRow, WrongFile, bold

MAGIC = "E!vIA5L86J2I"
LARGEST = 20_000_000  # bytes; the archive of AI Preferences, one and a half years of work, has 740 thousand
MOST_ROWS = 20_000
LONGEST = 20_000  # characters of a comment or a reply
REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]{0,99}/[\w.-]{1,100}", re.ASCII)
KINDS = {"issues": ("issue", "issue", "issues"), "pulls": ("pull", "pull request", "pull")}  # key, words, address
STATES = {"CLOSED": "closed", "MERGED": "merged"}


class _Post(Record):
    """Something that was said under an issue or a pull request."""

    key: str  # what is stable of it
    author: str
    body: str
    said_at: datetime | None
    suggests: str = ""


def read(data: bytes) -> CommentFile:
    """Read an archive; raises WrongFile with a sentence when it is not one."""
    archive = _archive(data)
    repository = archive["repo"]
    rows: list[CommentRow] = []
    for name in KINDS:
        entries = archive.get(name, [])
        if not isinstance(entries, list):
            raise WrongFile(f"“{name}” of this archive is no list.")
        for entry in entries:
            rows += _thread(name, entry, repository)
            if len(rows) > MOST_ROWS:
                raise WrongFile(f"This archive has more than {MOST_ROWS:,} posts; that many cannot be read at once.")
    if not rows:
        raise WrongFile("This archive has no issues and no pull requests.")
    numbered = tuple(replace(row, line=line) for line, row in enumerate(rows, start=1))
    return CommentFile(f"GitHub {repository}", repository, numbered, "GH", has_stable_ids=True)


def _archive(data: bytes) -> dict[str, Any]:
    if len(data) > LARGEST:
        raise WrongFile(f"This file has {len(data):,} bytes; an archive has at most {LARGEST:,}.")
    try:
        archive = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise WrongFile("This file is not text in UTF-8. Choose the archive (archive.json).") from None
    except (ValueError, RecursionError):  # json's own error is a ValueError, and so is a number of 5,000 digits
        raise WrongFile("This file is not JSON. Choose the archive (archive.json).") from None
    if not isinstance(archive, dict) or archive.get("magic") != MAGIC:
        raise WrongFile(f"This is not an archive of i-d-template: it does not have “magic”: “{MAGIC}”.")
    if not isinstance(archive.get("repo"), str) or not REPOSITORY.fullmatch(archive["repo"]):
        raise WrongFile("This archive does not say of which repository it is (“repo”: “owner/name”).")
    return archive


def _thread(name: str, entry: object, repository: str) -> Iterator[CommentRow]:
    """An issue or a pull request as a comment, and all that was said under it in the order of time."""
    kind, words, address = KINDS[name]
    number = _get(entry, "number")
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < 10**9:
        yield CommentRow(0, "", problem=f"An entry of “{name}” has no number, but {str(number)[:40]!r}.")
        return
    top = f"{kind} {number}"
    url = f"https://github.com/{repository}/{address}/{number}"
    title = bold(_text(entry, "title"))
    post = _Post(top, _text(entry, "author"), f"{title}\n\n{_text(entry, 'body')}".strip(), _moment(entry, "createdAt"))
    note = f"GitHub {repository}, {words} {number}{_labels(entry)}{_ended(entry)}"
    yield _row(post, url, note=note)
    seen: Counter[str] = Counter()
    for said in sorted(_posts(entry), key=lambda post: post.said_at or datetime.max.replace(tzinfo=UTC)):
        seen[said.key] += 1
        again = f" {seen[said.key]}" if seen[said.key] > 1 else ""
        yield _row(replace(said, key=f"{top}, {said.key}{again}"), url, top=top)


def _posts(entry: object) -> Iterator[_Post]:
    """Comments, reviews with words, and comments of reviews, whose author is that of the review."""
    for said in _list(entry, "comments"):
        yield _post("comment", said, _text(said, "author"))
    for review in _list(entry, "reviews"):
        author, key = _text(review, "author"), _text(review, "id")
        if _text(review, "body"):
            yield _post(f"review {key}".strip(), review, author)
        for said in _list(review, "comments"):
            place = _get(said, "originalPosition")
            at = f" at {place}" if isinstance(place, int) and abs(place) < 10**9 else ""
            post = _post(f"remark{at} in {key}".strip(), said, author)
            yield replace(post, suggests=_suggested(post.body))


def _suggested(body: str) -> str:
    """The words a remark suggests, where they are those of one unit."""
    lines = suggestions.suggested(body)
    return (suggestions.words(lines) or "") if lines else ""


def _post(kind: str, said: object, author: str) -> _Post:
    key = " ".join(part for part in (kind, "of", author, _text(said, "createdAt")) if part)[:300]
    return _Post(key, author, _text(said, "body"), _moment(said, "createdAt"))


def _row(post: _Post, url: str, *, note: str = "", top: str = "") -> CommentRow:
    problem = ""
    if not post.body:
        problem = f"{post.key} has no words."
    elif len(post.body) > LONGEST:
        problem = f"{post.key} has {len(post.body):,} characters; {LONGEST:,} is the most."
    elif post.said_at is None:
        problem = f"{post.key} does not say when it was written."
    return CommentRow(
        0, post.key, post.author or "Not named in the archive", post.body, source_note=note, source_url=url,
        problem=problem[:500], posted_at=post.said_at, top=top,
        suggests=post.suggests,
    )  # fmt: skip


def _labels(entry: object) -> str:
    labels = [normalise(label)[:50] for label in _list(entry, "labels") if isinstance(label, str) and normalise(label)]
    return f", labelled {', '.join(labels[:10])}" if labels else ""


def _ended(entry: object) -> str:
    """What became of it there. It is no answer here: a merged change is what an editor did, not what a body decided."""
    state, at = STATES.get(_text(entry, "state")), _moment(entry, "closedAt")
    return f", {state} on {at:%Y-%m-%d}" if state and at else ""


def _get(entry: object, name: str) -> Any:
    return entry.get(name) if isinstance(entry, dict) else None


def _list(entry: object, name: str) -> list[Any]:
    found = _get(entry, name)
    return found if isinstance(found, list) else []


def _text(entry: object, name: str) -> str:
    found = _get(entry, name)
    return normalise(found) if isinstance(found, str) else ""


def _moment(entry: object, name: str) -> datetime | None:
    """ "2025-04-10T13:45:58Z"; None when it is no moment after the beginning of the year 1970."""
    try:
        found = datetime.fromisoformat(_text(entry, name))
        found = found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found if 1970 <= found.year < 3000 else None
