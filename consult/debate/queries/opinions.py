"""Opinion groups of a round: how many, what is typical of each, what unites them, and what a comment's place rests on."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Boolean,
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)  # fmt: skip

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation, Round
from consult.core import clock, text
from consult.core.conditions import per_viewer
from consult.core.db import db, read_rows
from consult.core.records import Record
from consult.core.rules import Actor
from consult.debate import opinions
from consult.debate.models import Comment, OpinionMap, OpinionTally, Vote, VoteTally

from .lines import Line
from .visibility import visible_to

Count = tuple[int, int, int]
LETTERS = "ABCDE"
TOLD = 3  # comments told of each group, and of what unites them
HEARD = 5  # votes of a category on a comment before it is told whether most of them agree
NEW_VOTES = 5  # since the last finding before there is another: what one voter changes is not seen
EVERY = timedelta(minutes=10)
VALUES = {"agree": 1, "disagree": -1, "pass": 0}


class Opinion(Record):
    """A comment with what each group thinks of it."""

    number: str
    excerpt: str
    language: str
    choice: str  # "agree" or "disagree": what is typical
    shares: Sequence[tuple[str, int, int]]  # letter of the group, percent that made this choice, who voted


class Group(Record):
    """People who vote alike."""

    letter: str
    people: int
    typical: Sequence[Opinion]


class OpinionGroups(Record):
    """What was found in the votes of a round; no groups: people do not fall into distinct ones."""

    voters: int
    counted: int
    groups: Sequence[Group]
    uniting: Sequence[Opinion]
    gain: int  # percent of the uncertainty about a vote that the groups take away
    is_stable: bool
    is_told: bool  # everything may be shown; else only of comments this viewer has voted on
    made_at: datetime

    @property
    def unplaced(self) -> int:
        """Who voted often enough and is in no group for sure."""
        return self.counted - sum(group.people for group in self.groups)


class Agreed(Record):
    """In how many of the groups and kinds of people that were heard most agree with a comment."""

    groups: int
    of_groups: int  # 0: there are none, or too few of one have voted on it
    kinds: int
    of_kinds: int


class _Voted(Record):
    """A comment with what each group chose on it."""

    number: str
    html: str
    language: str
    counts: list[Count]


def opinion_groups(*, viewer: Actor, consultation: Consultation, of: Round) -> OpinionGroups | None:
    """The opinion groups of a round; None: nothing was looked for yet."""
    return common_ground(viewer=viewer, consultation=consultation, of=of)[0]


def common_ground(
    *, viewer: Actor, consultation: Consultation, of: Round, lines: Sequence[Line] = ()
) -> tuple[OpinionGroups | None, Mapping[int, Agreed]]:
    """The opinion groups of a round, and who agrees with these lines.

    The latter by id, for lines whose agreement may be told: in how many groups and kinds most of those who voted agree.
    """
    row = db.session.scalar(
        select(OpinionMap)
        .join(Round, Round.id == OpinionMap.round_id)
        .join(Consultation, Consultation.id == Round.consultation_id)
        .where(OpinionMap.round_id == of.id, consultations.visible_to(viewer))
    )
    typical: list[list[tuple[int, str]]] = [] if row is None else json.loads(row.typical)
    uniting: list[int] = [] if row is None else json.loads(row.uniting)
    is_told = of.is_over or not consultation.takes_comments()
    told = {comment_id for group in typical for comment_id, _choice in group} | set(uniting)
    known, agreed = _voting(viewer, is_told, list(told), [line.id for line in lines if line.ground])
    if row is None:
        return None, agreed
    groups = OpinionGroups(
        row.voters, row.counted,
        [
            Group(LETTERS[n], people, _told(known, typical[n] if typical else ()))
            for n, people in enumerate(row.people)
        ],
        _told(known, [(c, "agree") for c in uniting]), round(row.gain / 10), row.is_stable, is_told, row.made_at,
    )  # fmt: skip
    return groups, agreed


def _voting(
    viewer: Actor, is_told: bool, told: Sequence[int], listed: Sequence[int]
) -> tuple[Mapping[int, _Voted], Mapping[int, Agreed]]:
    """Comments to tell of with their groups' counts, as far as this viewer may see these; and who agrees with others."""
    if not told and not listed:
        return {}, {}
    known = dict[int, _Voted]()
    agreeing = {comment_id: ([0, 0], [0, 0]) for comment_id in listed}  # groups, kinds: most agree, all that were heard
    given = {"told": told, "listed": listed, "ids": [*told, *listed], "is_told": is_told}
    for comment_id, group, *counts, number, html, language in read_rows(_counts(viewer), given).all():
        if number:
            known.setdefault(comment_id, _Voted(number, html, language, [])).counts.append(tuple(counts))
        if comment_id in agreeing:
            of = agreeing[comment_id][0 if group else 1]
            of[0] += counts[0] * 2 > sum(counts)
            of[1] += 1
    return known, {i: Agreed(*groups, *kinds) for i, (groups, kinds) in agreeing.items() if groups[1] or kinds[1]}


@per_viewer
def _counts(viewer: Actor) -> CompoundSelect[Any]:
    """The statement of `_voting`: what groups (of all) and categories (of those listed) chose, words where they are told."""
    is_told = and_(Comment.id.in_(_given("told")), Comment.state == "posted", _may_see_votes(viewer))
    words = [case((is_told, column), else_="") for column in (Comment.number, Comment.html, Comment.language)]
    groups = _of(viewer, OpinionTally, OpinionTally.number, words).where(OpinionTally.comment_id.in_(_given("ids")))
    nothing = [literal("")] * len(words)
    kinds = _of(viewer, VoteTally, literal(0), nothing).where(VoteTally.comment_id.in_(_given("listed")))
    return union_all(groups, kinds).order_by("comment_id", "group")


def _given(name: str) -> BindParameter[int]:
    return bindparam(name, type_=BigInteger, expanding=True)


def _of(
    viewer: Actor, table: type[OpinionTally] | type[VoteTally], group: Any, words: Sequence[Any]
) -> Select[Any]:  # fmt: skip
    counts = table.agree_count, table.disagree_count, table.pass_count
    return (
        select(table.comment_id.label("comment_id"), group.label("group"), *counts, *words)
        .join(Comment, Comment.id == table.comment_id)
        .join(Comment.consultation)
        .where(sum(counts[1:], counts[0]) >= HEARD, visible_to(viewer))
    )


def _may_see_votes(viewer: Actor) -> ColumnElement[bool]:
    """Nobody sees how others voted before she has voted herself, while votes are cast."""
    if viewer.is_system:
        return true()
    over = bindparam("is_told", type_=Boolean)
    if not viewer.is_authenticated:
        return or_(over, false())
    return or_(over, exists().where(Vote.comment_id == Comment.id, Vote.person_id == viewer.person_id))


def _told(known: Mapping[int, _Voted], wanted: Sequence[tuple[int, str]]) -> list[Opinion]:
    return [_opinion(known[comment_id], choice) for comment_id, choice in wanted if comment_id in known][:TOLD]


def _opinion(of: _Voted, choice: str) -> Opinion:
    n = 0 if choice == "agree" else 1
    shares = [(LETTERS[g], round(100 * count[n] / sum(count)), sum(count)) for g, count in enumerate(of.counts)]
    return Opinion(of.number, text.excerpt(text.plain(of.html), 160), of.language, choice, shares)


def ballots_of(*, viewer: Actor, round_id: int) -> tuple[list[dict[int, int]], int]:
    """Each person's votes on the shown comments of a round, and how many; for the job only, without whose they are."""
    rows = db.session.execute(
        select(Vote.person_id, Vote.comment_id, Vote.choice)
        .join(Comment, Comment.id == Vote.comment_id)
        .where(Comment.round_id == round_id, Comment.state == "posted", true() if viewer.is_system else false())
        .where(Vote.person_id.is_not(None))  # who had herself erased is in no group; her votes count
    )
    cast: dict[int | None, dict[int, int]] = defaultdict(dict)
    for person_id, comment_id, choice in rows:
        cast[person_id][comment_id] = VALUES[choice]
    return list(cast.values()), sum(map(len, cast.values()))


def has_enough_news(*, viewer: Actor, round_id: int) -> bool:
    """Whether so many votes were cast, changed or taken back since the last finding that there may be another one."""
    last = db.session.scalar(select(OpinionMap).where(OpinionMap.round_id == round_id))
    if last is None or last.formula != opinions.FORMULA:
        return viewer.is_system
    now, new = db.session.execute(
        select(func.count(), func.count().filter(Vote.voted_at > last.made_at))
        .join(Comment, Comment.id == Vote.comment_id)
        .where(Comment.round_id == round_id, Comment.state == "posted", Vote.person_id.is_not(None))
    ).one()
    return viewer.is_system and (new >= NEW_VOTES or abs(now - last.votes) >= NEW_VOTES)


def cells_before(*, viewer: Actor, round_id: int) -> dict[int, list[Count]]:
    """The counts of the last finding, by comment, in the order of its groups."""
    rows = db.session.scalars(
        select(OpinionTally)
        .join(Comment, Comment.id == OpinionTally.comment_id)
        .join(Comment.consultation)
        .where(Comment.round_id == round_id, visible_to(viewer))
        .order_by(OpinionTally.comment_id, OpinionTally.number)
    )
    found: dict[int, list[Count]] = defaultdict(list)
    for row in rows:
        found[row.comment_id].append((row.agree_count, row.disagree_count, row.pass_count))
    return found


def next_finding(now: datetime | None = None) -> datetime:
    """When votes cast now are looked at: at the end of these ten minutes, all of them at once."""
    seconds = EVERY.total_seconds()
    at = now or clock.now()
    return datetime.fromtimestamp((at.timestamp() // seconds + 1) * seconds, tz=at.tzinfo)
