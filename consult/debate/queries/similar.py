"""Comments that say already what somebody is about to say."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, func, or_, select

from consult.core import text
from consult.core.db import db
from consult.core.likeness import READ, folded
from consult.core.operations import Submission
from consult.core.records import Record
from consult.core.rules import Actor
from consult.debate import likeness
from consult.debate.likeness import Likeness, Remark
from consult.debate.models import Anchor, Comment, ProposedChange

from .cards import WITH_CARD, Card, cards
from .visibility import visible_to
from .writing import Writing

NEWEST = 100  # comments on the same clauses that are compared: the price does not grow with the consultation
COSIGNED = 200  # most cosigned ones of the consultation, of which those on the same clauses are compared as well
LEAST = 3  # letters; of less nothing can be like it
OPPOSED = {frozenset({"support", "object"})}


class Similar(Record):
    """A comment like the one that is being written, and how."""

    card: Card
    is_nearly_same: bool  # so much that its author is asked first
    is_same_change: bool


def similar(
    *, viewer: Actor, target: Writing, body: str, new_text: str = "", stance: str = ""
) -> Sequence[Similar]:  # fmt: skip
    """Shown comments of others on the same clauses that say or propose the same, the most alike first."""
    is_proposing = bool(new_text) and bool(target.old_text) and text.normalise(new_text) != target.old_text
    if len(folded(body)) < LEAST and not is_proposing:
        return ()
    mine = Remark(body, new_text if is_proposing else "")
    known = _known(viewer, target)
    found = likeness.closest(
        mine, known.items(), clause=target.old_text, language=target.consultation.language
    )  # fmt: skip
    rows = {row.id: row for row in db.session.scalars(
        select(Comment).options(*WITH_CARD).where(Comment.id.in_([one.id for one in found]))
    ).unique()} if found else {}  # fmt: skip
    shown = cards(viewer=viewer, comments=[rows[one.id] for one in found])
    return [_similar(one, card, stance) for one, card in zip(found, shown, strict=True)]


def _similar(one: Likeness, card: Card, stance: str) -> Similar:
    is_opposed = frozenset({stance, card.stance}) in OPPOSED
    is_asked = one.is_nearly_same and not is_opposed and bool(card.may_cosign) and not card.is_signed
    return Similar(card, is_nearly_same=is_asked, is_same_change=one.is_same_change)


def _known(viewer: Actor, target: Writing) -> dict[int, Remark]:
    """What others said about the same clauses (or about the whole draft), as much of it as is compared."""
    newest = db.session.scalars(
        select(Anchor.comment_id).distinct().where(_there(target)).order_by(Anchor.comment_id.desc()).limit(NEWEST)
        if target.clauses
        else _about_the_whole(target)
    ).all()
    signed = (
        select(Comment.id)
        .where(Comment.consultation_id == target.consultation.id, Comment.cosignature_count > 0)
        .order_by(Comment.cosignature_count.desc(), Comment.id.desc())
        .limit(COSIGNED)
    )
    also = select(Anchor.comment_id).where(_there(target), Anchor.comment_id.in_(signed))
    rows = db.session.execute(
        select(Comment.id, func.substr(Comment.body, 1, READ), ProposedChange.new_text)
        .join(Comment.consultation)
        .outerjoin(ProposedChange, ProposedChange.comment_id == Comment.id)
        .where(
            or_(Comment.id.in_(newest), Comment.id.in_(also)), Comment.consultation_id == target.consultation.id,
            visible_to(viewer), Comment.state == "posted", func.coalesce(Comment.author_id, 0) != viewer.person_id,
        )
    ).all()  # fmt: skip
    return {row_id: Remark(words, new_text or "") for row_id, words, new_text in rows}


def _there(target: Writing) -> ColumnElement[bool]:
    if target.clauses:
        return Anchor.clause_id.in_([clause.id for clause in target.clauses])
    return Anchor.status == "global"


def _about_the_whole(target: Writing) -> Select[int]:
    """Comments without a clause of this round; they have the place 0."""
    return (
        select(Comment.id)
        .where(
            Comment.consultation_id == target.consultation.id, Comment.place == 0,
            Comment.round_id == target.version.round_id,
            select(Anchor.id).where(Anchor.comment_id == Comment.id, Anchor.status == "global").exists(),
        )
        .order_by(Comment.id.desc())
        .limit(NEWEST)
    )  # fmt: skip


def is_sent(*, viewer: Actor, key: str) -> bool:
    """Whether this viewer sent a form with this key before: then nothing is asked any more."""
    sent = select(Submission.id).where(Submission.key == key, Submission.actor_id == viewer.person_id)
    return db.session.scalar(sent) is not None
