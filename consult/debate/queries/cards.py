"""One comment as pages show it: frozen, with nothing on it that this viewer may not read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from consult.accounts.models import CATEGORIES, Organisation
from consult.consultations.models import Position
from consult.core import text
from consult.core.db import db
from consult.core.records import Record
from consult.core.rules import Actor, Verdict
from consult.debate import agreement, rules
from consult.debate.models import (
    DISPOSITIONS,
    HOLDS,
    STANCES,
    TYPES,
    Anchor,
    Comment,
    CommentPosition,
    ProposedChange,
    Reply,
    ReplyPosition,
    Vote,
)  # fmt: skip
from consult.documents.models import Clause, DraftVersion

from .names import signed as signed_by
from .names import tallies
from .naming import who_it_is
from .visibility import may_read
from .visits import new_replies

SOURCES = {
    "web": "", "email": "came by e-mail", "paper": "came by post", "meeting": "said in a meeting",
    "docx": "came in a document", "xlsx": "came in a table", "csv": "came in a table", "api": "came from a program",
    "log": "from an earlier record",
}  # fmt: skip


def _clause(link: Any) -> _AbstractLoad:
    return joinedload(link).load_only(
        Clause.key, Clause.label, Clause.title, Clause.text, Clause.rank, Clause.version_id
    )


# What a card shows: two statements for any number of comments. It argues from few positions and proposes few changes,
# so these come in the same rows, which must be made `unique()`.
WITH_CARD: tuple[_AbstractLoad, ...] = (
    joinedload(Comment.consultation),
    joinedload(Comment.round),
    joinedload(Comment.organisation),
    joinedload(Comment.unsigned_for),
    joinedload(Comment.signed_by),
    joinedload(Comment.placed_by),
    selectinload(Comment.anchors).options(
        _clause(Anchor.clause), joinedload(Anchor.clause).joinedload(Clause.version).load_only(DraftVersion.number)
    ),
    joinedload(Comment.positions).joinedload(CommentPosition.position),
    joinedload(Comment.changes).options(_clause(ProposedChange.clause)),
)
WITH_REPLY: tuple[_AbstractLoad, ...] = (
    joinedload(Reply.organisation),
    joinedload(Reply.positions).joinedload(ReplyPosition.position),
)


class Place(Record):
    """A clause a comment is about."""

    key: str
    name: str
    version: int
    quotes: Sequence[str]  # none: the clause as a whole


class Votes(Record):
    """Voices on a comment; counts are shown after one has voted, or when comments are closed."""

    agree: int
    disagree: int
    passed: int
    mine: str
    is_shown: bool
    is_ranked: bool  # enough people of different categories have voted to say how far they agree
    ground: int  # of ten, how far interest categories and opinion groups agree; 0: not shown


class ReplyCard(Record):
    """One reply as pages show it; a tombstone has no `html`."""

    id: int
    who: str
    written_by: str
    is_organisation: bool
    organisation_slug: str
    author_id: int | None
    category: str
    positions: Sequence[Position]
    html: str
    language: str  # of the words
    came: str  # how it came, when not through the site
    source_url: str
    state: str
    state_reason: str
    held_for: str  # why it waited for a look, or waits
    place: int
    answer_count: int  # that answer it, tombstones too
    below_count: int  # shown ones at any depth below
    answers: str  # whom it answers, when that is shown beside it
    posted_at: datetime
    edited_at: datetime | None
    is_mine: bool
    is_new: bool  # since the viewer's last visit
    named: str = "name"  # how much of a name is shown
    known_as: str = ""  # who it is, where that is withheld: for moderators and for herself
    named_at: datetime | None = None


class Card(Record):
    """One comment as pages show it; a tombstone has its number and reason but no words."""

    id: int
    slug: str  # of its consultation
    number: str
    who: str  # the organisation, or the person
    written_by: str  # the person who wrote for the organisation
    is_organisation: bool
    organisation_slug: str
    author_id: int | None
    signed_by: str  # who signed it for the organisation; from outside: nobody here
    signed_at: datetime | None
    unsigned_for: Organisation | None  # a member wrote it for this one, which has not signed it
    awaits_signature: bool  # and still can
    may_sign: bool
    category: str
    country: str
    came: str  # how it came, when not through the site
    source_note: str
    source_url: str
    stance: str
    stance_word: str
    type_word: str
    must_be_satisfied: bool
    positions: Sequence[Position]
    costs: Sequence[Position]
    placed_by: str
    places: Sequence[Place]
    changes: Sequence[tuple[str, str]]  # clause name, redline
    html: str
    language: str  # of the words
    excerpt: str
    state: str
    state_reason: str
    held_for: str  # why it waited for a look, or waits
    disposition: str
    disposition_word: str  # of several clauses with different answers, each
    is_partly_answered: bool
    posted_at: datetime
    released_at: datetime | None  # after a look
    edited_at: datetime | None
    edit_number: int
    reply_count: int
    name_count: int
    names: Sequence[tuple[str, int]]  # how many of each category
    is_signed: bool  # by this viewer
    may_cosign: Verdict
    first_reply: ReplyCard | None
    votes: Votes
    may_vote: Verdict
    may_reply: Verdict
    is_mine: bool
    is_new: bool  # since the viewer's last visit
    new_replies: int
    timezone: str
    round: int
    named: str = "name"  # how much of a name is shown
    known_as: str = ""  # who it is, where that is withheld: for moderators and for herself
    named_at: datetime | None = None
    may_name: bool = False

    @property
    def is_readable(self) -> bool:
        return bool(self.html)

    @property
    def is_answered(self) -> bool:
        """Whether there is an answer to it, or to some of its clauses, that this viewer may read."""
        return self.disposition != "unresolved" or self.is_partly_answered


def cards(
    *, viewer: Actor, comments: Sequence[Comment], since: datetime | None = None,
    votes: Mapping[int, str] | None = None, fresh: Mapping[int, int] | None = None, replies: Sequence[Reply] = (),
) -> Sequence[Card]:  # fmt: skip
    """Cards of comments loaded with WITH_CARD, in the same order; five statements at most. `since`: what is new.

    `votes`: what the viewer voted on them, where that is known; `fresh`: how many replies are new, where that is.
    `replies`: the first ones, where they are shown, loaded with WITH_REPLY.
    """
    ids = [comment.id for comment in comments]
    new = new_replies(viewer, ids, since) if fresh is None else fresh
    mine = _my_votes(viewer, ids) if votes is None else votes
    first = _first_replies(viewer, comments, replies)
    shown = [comment for comment in comments if may_read(viewer, comment, comment.consultation_id)]
    names, signed = tallies(viewer=viewer, comments=shown), signed_by(viewer=viewer, comments=shown)
    known = who_it_is(viewer=viewer, things=[(comment.consultation_id, comment) for comment in comments])
    return [
        _card(
            viewer, comment, mine.get(comment.id, ""), first.get(comment.id), names.get(comment.id, ()), since,
            new.get(comment.id, 0), known, is_signed=comment.id in signed,
        )
        for comment in comments
    ]  # fmt: skip


def card(
    *, viewer: Actor, comment: Comment, since: datetime | None = None, votes: Mapping[int, str] | None = None,
    fresh: Mapping[int, int] | None = None,
) -> Card:  # fmt: skip
    """The card of one comment loaded with WITH_CARD; the rest as for `cards`."""
    return cards(viewer=viewer, comments=[comment], since=since, votes=votes, fresh=fresh)[0]


def _my_votes(viewer: Actor, comment_ids: Sequence[int]) -> Mapping[int, str]:
    """What the viewer voted on these comments; one statement."""
    if not viewer.is_authenticated or not comment_ids:
        return {}
    statement = select(Vote.comment_id, Vote.choice).where(
        Vote.person_id == viewer.person_id, Vote.comment_id.in_(comment_ids)
    )
    return dict(db.session.execute(statement).all())


def _first_replies(viewer: Actor, comments: Sequence[Comment], replies: Sequence[Reply]) -> dict[int, ReplyCard]:
    """Under comments that are on show, where any reply is."""
    places = {
        comment.id: comment.consultation_id for comment in comments if comment.reply_count and comment.state == "posted"
    }
    rows = [row for row in replies if row.comment_id in places]
    known = who_it_is(viewer=viewer, things=[(places[row.comment_id], row) for row in rows])
    return {row.comment_id: reply_card(viewer, row, places[row.comment_id], known) for row in rows}


def reply_card(
    viewer: Actor, row: Reply, consultation_id: int, known: Mapping[int, str], answers: str = "",
    since: datetime | None = None,
) -> ReplyCard:  # fmt: skip
    """The card of a reply loaded with WITH_REPLY; `known`: of `who_it_is`."""
    is_readable = may_read(viewer, row, consultation_id)
    is_mine = viewer.is_authenticated and viewer.person_id == row.author_id
    return ReplyCard(
        id=row.id, **_speaker(row), named=row.named, known_as=_known_as(row, known), named_at=row.named_at, category=CATEGORIES[row.category],
        positions=[p.position for p in row.positions] if is_readable else [], html=row.html if is_readable else "",
        language=row.language, came=SOURCES[row.source], source_url=row.source_url,
        state=row.state, state_reason=row.state_reason, held_for=HOLDS[row.held_for], place=row.place, answer_count=row.answer_count, below_count=row.below_count,
        answers=answers, posted_at=row.posted_at, edited_at=row.edited_at, is_mine=is_mine,
        is_new=since is not None and (row.released_at or row.posted_at) > since and not is_mine,
    )  # fmt: skip


def _speaker(thing: Comment | Reply) -> dict[str, Any]:
    """Who says it. Where the name is withheld, nothing leads to the person either."""
    organisation, is_named = thing.organisation, thing.named == "name"
    who = {"author_id": thing.author_id if is_named else None}
    if organisation is None:
        return who | {"who": thing.author_name, "written_by": "", "is_organisation": False, "organisation_slug": ""}
    return who | {
        "who": organisation.name, "written_by": thing.author_name if is_named else "", "is_organisation": True,
        "organisation_slug": organisation.slug,
    }  # fmt: skip


def _known_as(thing: Comment | Reply, known: Mapping[int, str]) -> str:
    return known.get(thing.author_id or 0, "") if thing.named != "name" else ""


def _signature(viewer: Actor, comment: Comment, known: Mapping[int, str]) -> dict[str, Any]:
    is_told = comment.named != "nobody" or bool(_known_as(comment, known))
    is_named = comment.signed_by is not None and comment.signer_named == "name"
    return {
        "signed_by": comment.signed_by.name if comment.signed_by and is_named else "", "signed_at": comment.signed_at,
        "unsigned_for": comment.unsigned_for if is_told else None, "awaits_signature": bool(rules.awaits_signature(comment)),
        "may_sign": bool(rules.may_sign_comment(viewer, comment)), "may_name": bool(rules.may_name(viewer, comment)),
    }  # fmt: skip


def _naming(comment: Comment, known: Mapping[int, str]) -> dict[str, Any]:
    """How much is shown, and who it is, of its author and of who signed it, for those who may know."""
    people = [known.get(comment.author_id or 0), known.get(comment.signed_by_id or 0)]
    levels = {comment.named, comment.signer_named if comment.signed_by_id else "name"} - {"name"}
    return {
        "named": min(levels, default="name"), "named_at": comment.named_at,
        "known_as": ", ".join(dict.fromkeys(name for name in people if name)),
    }  # fmt: skip


def _votes(comment: Comment, mine: str) -> Votes:
    is_shown = bool(mine) or comment.round.is_over or not comment.consultation.takes_comments()
    counts = (comment.agree_count, comment.disagree_count, comment.pass_count) if is_shown else (0, 0, 0)
    ground = agreement.tenths(comment.common_ground) if sum(counts) >= agreement.SHOWN_FROM else 0
    return Votes(*counts, mine=mine, is_shown=is_shown, is_ranked=comment.common_ground > 0, ground=ground)


def _words(comment: Comment, is_readable: bool) -> dict[str, Any]:
    if not is_readable:
        return {"positions": (), "costs": (), "changes": (), "html": "", "excerpt": "", "placed_by": ""}
    return {
        "positions": [p.position for p in comment.positions if not p.is_cost],
        "costs": [p.position for p in comment.positions if p.is_cost],
        "changes": [(change.clause.name, change.redline) for change in comment.changes],
        "html": comment.html, "excerpt": text.excerpt(text.plain(comment.html), 220),
        "placed_by": _placed_by(comment),
    }  # fmt: skip


def _placed_by(comment: Comment) -> str:
    if comment.placed_at is None:
        return ""
    if comment.placed_by_id == comment.author_id and comment.named != "name":
        return "whoever wrote it"
    return comment.placed_by.name if comment.placed_by else "an import"


def _places(comment: Comment, is_readable: bool) -> list[Place]:
    return [
        Place(clause.key, clause.name, clause.version.number, comment.quotes_of(clause) if is_readable else ())
        for clause in comment.clauses
    ]


def _card(
    viewer: Actor, comment: Comment, mine: str, first_reply: ReplyCard | None, names: Sequence[tuple[str, int]],
    since: datetime | None, fresh: int, known: Mapping[int, str], *, is_signed: bool,
) -> Card:  # fmt: skip
    is_mine = viewer.is_authenticated and viewer.person_id == comment.author_id
    is_readable = may_read(viewer, comment, comment.consultation_id)
    is_told = rules.may_read_answers(viewer, comment.consultation, comment.round)
    answer = comment.disposition if is_told else "unresolved"
    return Card(
        id=comment.id, slug=comment.consultation.slug, number=comment.number,
        **_speaker(comment), **_signature(viewer, comment, known), **_naming(comment, known),
        category=CATEGORIES[comment.category], country=comment.organisation.country if comment.organisation else "",
        came=SOURCES[comment.source], source_note=comment.source_note, source_url=comment.source_url, language=comment.language,
        stance=comment.stance, stance_word=STANCES[comment.stance], type_word=TYPES[comment.type],
        must_be_satisfied=comment.must_be_satisfied, places=_places(comment, is_readable),
        **_words(comment, is_readable), state=comment.state, state_reason=comment.state_reason, held_for=HOLDS[comment.held_for],
        disposition=answer, disposition_word=comment.became if is_told else DISPOSITIONS[answer],
        is_partly_answered=is_told and answer == "unresolved" and bool(comment.answers_apart),
        posted_at=comment.posted_at, released_at=comment.released_at, edited_at=comment.edited_at, edit_number=comment.edit_number,
        reply_count=comment.reply_count, first_reply=first_reply, names=names, is_signed=is_signed,
        name_count=comment.cosignature_count if is_readable else 0, may_cosign=rules.may_cosign(viewer, comment),
        votes=_votes(comment, mine), may_vote=rules.may_vote(viewer, comment),
        may_reply=rules.may_reply(viewer, comment),
        is_mine=is_mine, is_new=since is not None and (comment.released_at or comment.posted_at) > since and not is_mine, new_replies=fresh,
        timezone=comment.consultation.timezone, round=comment.round.number,
    )  # fmt: skip
