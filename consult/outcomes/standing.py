"""Which of the answers to a comment stand, clause by clause. Knows neither database nor web.

A comment has `links`: the ids of its clauses, or `[None]` when it points to one place only. An answer concerns one
link, or (clause None) all of them. The newest answer that concerns a link is the one that stands for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

Link = int | None
# What is said of a comment whose clauses got different answers, none of which accepts: the first of these there is.
WEIGHT = ("rejected", "deferred", "noted", "out_of_scope", "duplicate", "withdrawn")


class Answered(Protocol):
    """A row of the history."""

    @property
    def id(self) -> int: ...
    @property
    def clause_id(self) -> int | None: ...
    @property
    def code(self) -> str: ...


R = TypeVar("R", bound=Answered)


def concerns(row: Answered, link: Link) -> bool:
    """Whether an answer speaks about a link; None as link: about any."""
    return row.clause_id is None or link is None or row.clause_id == link


def standing(rows: Iterable[R], links: Sequence[Link]) -> dict[Link, R]:
    """The answer that stands for each link, in the order of the links; a link that was never answered is not there."""
    oldest_first = sorted(rows, key=lambda row: row.id)
    newest = {link: row for link in links for row in oldest_first if concerns(row, link)}
    return {link: newest[link] for link in links if link in newest}


def codes(rows: Iterable[Answered], links: Sequence[Link]) -> dict[Link, str]:
    """What became of each link, `unresolved` where nothing did yet."""
    found = standing(rows, links)
    return {link: found[link].code if link in found else "unresolved" for link in links}


def of_comment(by_link: Mapping[Link, str]) -> tuple[str, dict[int, str]]:
    """What a comment says of itself: one code, and where its links differ the code of each.

    It has no answer until every link has one. Then it has the common one; with an acceptance among different ones it
    is accepted with changes, else what weighs most.
    """
    found = set(by_link.values())
    if len(found) == 1:
        return found.pop(), {}
    apart = {link: code for link, code in by_link.items() if link is not None}
    if "unresolved" in found:
        return "unresolved", apart
    if found & {"accepted", "accepted_modified"}:
        return "accepted_modified", apart
    return next(code for code in WEIGHT if code in found), apart


def before(row: R, rows: Iterable[R], links: Sequence[Link]) -> dict[Link, R | None]:
    """What stood before an answer for the links it concerns; {None: …} when it was the same for all of the comment."""
    earlier = standing((other for other in rows if other.id < row.id), links)
    stood = {link: earlier.get(link) for link in links if concerns(row, link)}
    if row.clause_id is None and len({other and other.id for other in stood.values()}) == 1:
        return {None: next(iter(stood.values()))}
    return stood
