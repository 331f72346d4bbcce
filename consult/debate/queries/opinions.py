"""Opinion groups of a round: how many, what is typical of each, what unites them, and what a comment's place rests on."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, false, func, select, true

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation, Round
from consult.core import clock, text
from consult.core.db import db
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


def opinion_groups(*, viewer: Actor, consultation: Consultation, of: Round) -> OpinionGroups | None:
    """The opinion groups of a round; None: nothing was looked for yet."""
    row = db.session.scalar(
        select(OpinionMap)
        .join(Round, Round.id == OpinionMap.round_id)
        .join(Consultation, Consultation.id == Round.consultation_id)
        .where(OpinionMap.round_id == of.id, consultations.visible_to(viewer))
    )
    if row is None:
        return None
    typical: list[list[tuple[int, str]]] = json.loads(row.typical)
    uniting: list[int] = json.loads(row.uniting)
    is_told = of.is_over or not consultation.takes_comments()
    known = _opinions(viewer, is_told, {c for group in typical for c, _choice in group} | set(uniting))
    return OpinionGroups(
        row.voters, row.counted,
        [
            Group(LETTERS[n], people, _told(known, typical[n] if typical else ()))
            for n, people in enumerate(row.people)
        ],
        _told(known, [(c, "agree") for c in uniting]), round(row.gain / 10), row.is_stable, is_told, row.made_at,
    )  # fmt: skip


def _opinions(viewer: Actor, is_told: bool, ids: set[int]) -> dict[int, tuple[Comment, list[Count]]]:
    """These comments and their groups' counts, as far as this viewer may see how others voted on them."""
    if not ids:
        return {}
    rows = db.session.execute(
        select(Comment, OpinionTally)
        .join(Comment.consultation)
        .join(OpinionTally, OpinionTally.comment_id == Comment.id)
        .where(Comment.id.in_(ids), Comment.state == "posted", visible_to(viewer), _has_voted(viewer, is_told))
        .order_by(Comment.id, OpinionTally.number)
    )
    found: dict[int, tuple[Comment, list[Count]]] = {}
    for comment, tally in rows:
        counts = found.setdefault(comment.id, (comment, []))[1]
        counts.append((tally.agree_count, tally.disagree_count, tally.pass_count))
    return found


def _has_voted(viewer: Actor, is_told: bool) -> ColumnElement[bool]:
    """Nobody sees how others voted before she has voted herself, while votes are cast."""
    if is_told or viewer.is_system:
        return true()
    if not viewer.is_authenticated:
        return false()
    return select(Vote.id).where(Vote.comment_id == Comment.id, Vote.person_id == viewer.person_id).exists()


def _told(known: Mapping[int, tuple[Comment, list[Count]]], wanted: Sequence[tuple[int, str]]) -> list[Opinion]:
    return [_opinion(*known[comment_id], choice) for comment_id, choice in wanted if comment_id in known][:TOLD]


def _opinion(comment: Comment, counts: Sequence[Count], choice: str) -> Opinion:
    n = 0 if choice == "agree" else 1
    shares = [(LETTERS[g], round(100 * count[n] / sum(count)), sum(count)) for g, count in enumerate(counts)]
    return Opinion(comment.number, text.excerpt(text.plain(comment.html), 160), comment.language, choice, shares)


def agreed_by(*, viewer: Actor, lines: Sequence[Line]) -> dict[int, Agreed]:
    """For lines whose agreement may be told, by id: in how many groups and kinds most of those who voted agree."""
    ids = [line.id for line in lines if line.ground]
    groups = _most_agree(viewer, OpinionTally, ids)
    kinds = _most_agree(viewer, VoteTally, ids)
    return {
        i: Agreed(sum(groups[i]), len(groups[i]), sum(kinds[i]), len(kinds[i])) for i in ids if groups[i] or kinds[i]
    }


def _most_agree(
    viewer: Actor, table: type[OpinionTally] | type[VoteTally], ids: Sequence[int]
) -> defaultdict[int, list[bool]]:
    votes = table.agree_count + table.disagree_count + table.pass_count
    rows = db.session.execute(
        select(table.comment_id, table.agree_count * 2 > votes)
        .join(Comment, Comment.id == table.comment_id)
        .join(Comment.consultation)
        .where(table.comment_id.in_(ids), votes >= HEARD, visible_to(viewer))
    )
    found: defaultdict[int, list[bool]] = defaultdict(list)
    for comment_id, is_agreed in rows:
        found[comment_id].append(bool(is_agreed))
    return found


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
