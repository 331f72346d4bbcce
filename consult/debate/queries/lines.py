"""One comment as a line of a list: its columns and no more, read without making objects of everything around it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, bindparam, case, func, literal, select, union_all
from sqlalchemy.orm import aliased

from consult.accounts.models import CATEGORIES, Organisation, Person
from consult.consultations.models import Consultation, Round
from consult.core import text
from consult.core.db import Moment, read_rows
from consult.core.records import Record
from consult.core.rules import Actor
from consult.debate import agreement, became, rules
from consult.debate.models import DISPOSITIONS, STANCES, TYPES, Anchor, Comment, CommentPosition, Reply, Vote
from consult.documents.models import Clause, DraftVersion

from .cards import SOURCES, Place
from .visibility import may_read
from .visits import are_new

LONGEST = 220  # characters of a comment
BODY, UNSIGNED, SIGNER = aliased(Organisation), aliased(Organisation), aliased(Person)
COLUMNS = (
    Comment.id, Comment.number, Comment.author_id, Comment.author_name, Comment.named, Comment.signer_named,
    Comment.category, Comment.source, Comment.stance, Comment.type, Comment.must_be_satisfied, Comment.html,
    Comment.language, Comment.state, Comment.state_reason, Comment.released_at, Comment.posted_at, Comment.disposition,
    Comment.answers_apart, Comment.reply_count, Comment.cosignature_count, Comment.common_ground,
    (Comment.agree_count + Comment.disagree_count + Comment.pass_count).label("votes"),
    BODY.name.label("body"), UNSIGNED.name.label("unsigned_for"), SIGNER.name.label("signer"),
)  # fmt: skip
IDS = bindparam("ids", type_=BigInteger, expanding=True)
PLACES = (
    select(
        Anchor.comment_id, Clause.id, Clause.key, Clause.label, Clause.title,
        func.substr(Clause.text, 1, 60).label("text"), DraftVersion.number,
    )
    .join(Anchor.clause).join(Clause.version).where(Anchor.comment_id.in_(IDS)).order_by(Anchor.id)
)  # fmt: skip
WHO = bindparam("person_id", type_=BigInteger)
# What is said about each comment: which it is, a number, and where it stands among the others.
ARGUED = select(
    CommentPosition.comment_id, case((CommentPosition.is_cost, "cost"), else_="position").label("what"),
    CommentPosition.position_id.label("number"), CommentPosition.id.label("nth"),
).where(CommentPosition.comment_id.in_(IDS))  # fmt: skip
NEW = (
    select(Reply.comment_id, literal("new"), func.count(), literal(0))
    .where(Reply.comment_id.in_(IDS), *are_new(WHO, bindparam("since", type_=Moment())))
    .group_by(Reply.comment_id)
)
VOTED = select(Vote.comment_id, literal("voted"), literal(1), literal(0)).where(
    Vote.person_id == WHO, Vote.comment_id.in_(IDS)
)


class Argued(Record):
    """A position as a line shows it."""

    key: str
    name: str
    sign: str


class Line(Record):
    """One comment in a list, with nothing on it that this viewer may not read; a tombstone has no `excerpt`.

    Words and numbers throughout, so that equal lines are rendered once (see `fragments`).
    """

    id: int
    slug: str  # of its consultation
    number: str
    is_readable: bool
    is_mine: bool
    is_new: bool  # since the viewer's last visit
    who: str  # the organisation, or the person
    category: str
    unsigned_for: str  # a member wrote it for this organisation, which has not signed it
    signed_by: str
    came: str  # how it came, when not through the site
    stance_word: str
    type_word: str
    must_be_satisfied: bool
    positions: tuple[Argued, ...]
    costs: tuple[Argued, ...]
    places: tuple[Place, ...]
    excerpt: str
    language: str
    state: str
    state_reason: str
    disposition: str
    disposition_word: str  # of several clauses with different answers, each
    is_partly_answered: bool
    posted_at: datetime
    reply_count: int
    new_replies: int
    name_count: int
    is_ranked: bool  # enough people of different categories have voted to say how far they agree
    ground: int  # of ten, how far interest categories and opinion groups agree; 0: not shown


def with_lines(chosen: Any) -> Any:
    """A statement that finds comments, asked for what their lines show."""
    return (
        chosen.with_only_columns(*COLUMNS)
        .outerjoin(BODY, BODY.id == Comment.organisation_id)
        .outerjoin(UNSIGNED, UNSIGNED.id == Comment.unsigned_for_id)
        .outerjoin(SIGNER, SIGNER.id == Comment.signed_by_id)
    )


def lines(
    *, viewer: Actor, rows: Sequence[Any], consultation: Consultation, of: Round, since: datetime | None,
    with_ground: bool = False,
) -> Sequence[Line]:  # fmt: skip
    """Lines of rows found by `with_lines`, in the same order; two statements, however many rows.

    The consultation has its positions; `of`: the round they belong to; `since`: what is new. `with_ground`: also how
    far people agree, as far as this viewer may know.
    """
    if not rows:
        return []
    ids = [row.id for row in rows]
    around = _Around(
        viewer, consultation, since, rules.may_read_answers(viewer, consultation, of),
        of.is_over or not consultation.takes_comments(), _places(ids),
        **_told(viewer, consultation, ids, since, with_votes=with_ground and viewer.is_authenticated),
    )  # fmt: skip
    return [_line(row, around) for row in rows]


class _Around(Record):
    """What the lines of one list have in common, and what they say by the ids of comments."""

    viewer: Actor
    consultation: Consultation
    since: datetime | None
    is_told: bool
    is_counted: bool  # votes are for everybody to see
    places: Mapping[int, Sequence[tuple[int, Place]]]  # with the clause's id
    positions: Mapping[int, Sequence[tuple[Argued, bool]]]  # whether it is at its cost
    new_replies: Mapping[int, int]
    voted: Collection[int]  # on these this viewer has voted


def _places(ids: Sequence[int]) -> Mapping[int, Sequence[tuple[int, Place]]]:
    found = defaultdict[int, dict[int, Place]](dict)  # each clause once, however many words of it are quoted
    for comment_id, clause_id, key, label, title, words, version in read_rows(PLACES, {"ids": ids}).all():
        found[comment_id].setdefault(clause_id, Place(key, label or title or words, version, ()))
    return {comment_id: tuple(places.items()) for comment_id, places in found.items()}


def _told(
    viewer: Actor, consultation: Consultation, ids: Sequence[int], since: datetime | None, *, with_votes: bool
) -> dict[str, Any]:
    """What comments argue from, how many of their replies are new, and which of them the viewer has voted on."""
    known = {row.id: Argued(row.key, row.name, row.sign) for row in consultation.positions}
    positions = defaultdict[int, list[tuple[Argued, bool]]](list)
    new_replies, voted = dict[int, int](), set[int]()
    given = {"ids": ids, "person_id": viewer.person_id, "since": since}
    for comment_id, what, number, _nth in read_rows(_telling(since is not None, with_votes), given).all():
        if what == "new":
            new_replies[comment_id] = number
        elif what == "voted":
            voted.add(comment_id)
        else:
            positions[comment_id].append((known[number], what == "cost"))
    return {"positions": positions, "new_replies": new_replies, "voted": voted}


@lru_cache
def _telling(with_new: bool, with_votes: bool) -> Any:
    parts = [ARGUED, *([NEW] if with_new else []), *([VOTED] if with_votes else [])]
    return union_all(*parts).order_by("nth") if parts[1:] else ARGUED.order_by("nth")


def _line(row: Any, around: _Around) -> Line:
    viewer, of = around.viewer, around.consultation
    is_readable = may_read(viewer, row, of.id)
    is_mine = viewer.is_authenticated and viewer.person_id == row.author_id
    argued = around.positions.get(row.id, ()) if is_readable else ()
    places = around.places.get(row.id, ())
    answer = row.disposition if around.is_told else "unresolved"
    is_new = around.since is not None and (row.released_at or row.posted_at) > around.since and not is_mine
    return Line(
        id=row.id, slug=of.slug, number=row.number, is_readable=is_readable, is_mine=is_mine, is_new=is_new,
        who=row.author_name if row.body is None else row.body, category=CATEGORIES[row.category],
        unsigned_for=_unsigned_for(row, around, is_mine=is_mine),
        signed_by=(row.signer or "") if row.signer_named == "name" else "", came=SOURCES[row.source],
        stance_word=STANCES[row.stance], type_word=TYPES[row.type], must_be_satisfied=row.must_be_satisfied,
        positions=tuple(position for position, is_cost in argued if not is_cost),
        costs=tuple(position for position, is_cost in argued if is_cost), places=tuple(place for _clause_id, place in places),
        excerpt=text.excerpt(text.plain(row.html), LONGEST) if is_readable else "", language=row.language,
        state=row.state, state_reason=row.state_reason, disposition=answer,
        disposition_word=_became(row, places) if around.is_told else DISPOSITIONS[answer],
        is_partly_answered=around.is_told and answer == "unresolved" and bool(row.answers_apart),
        posted_at=row.posted_at, reply_count=row.reply_count, new_replies=around.new_replies.get(row.id, 0),
        name_count=row.cosignature_count if is_readable else 0, is_ranked=row.common_ground > 0,
        ground=_ground(row, around),
    )  # fmt: skip


def _unsigned_for(row: Any, around: _Around, *, is_mine: bool) -> str:
    """The organisation says as much as a name; of somebody who shows none, only those hear it who know who it is."""
    knows = row.author_id is not None and (is_mine or rules.may_know_names(around.viewer, around.consultation.id))
    return row.unsigned_for or "" if row.named != "nobody" or knows else ""


def _became(row: Any, places: Sequence[tuple[int, Place]]) -> str:
    if not row.answers_apart:
        return DISPOSITIONS[row.disposition]
    apart = json.loads(row.answers_apart)
    answers = (
        (text.excerpt(place.name, 40), apart.get(str(clause_id), row.disposition)) for clause_id, place in places
    )
    return became.told(answers, DISPOSITIONS)


def _ground(row: Any, around: _Around) -> int:
    is_shown = row.votes >= agreement.SHOWN_FROM and (around.is_counted or row.id in around.voted)
    return agreement.tenths(row.common_ground) if is_shown else 0
