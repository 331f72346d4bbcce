"""Whose name is shown: what one chose last, and who it is, for those who may know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select, union_all
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.consultations.models import Consultation
from consult.core.db import db
from consult.core.errors import Missing
from consult.core.rules import Actor
from consult.debate import rules
from consult.debate.models import Comment, Cosignature, Letter, LetterPiece, Reply


def who_it_is(*, viewer: Actor, things: Sequence[tuple[int, Comment | Reply | Cosignature]]) -> Mapping[int, str]:
    """Person id → name of those who withhold theirs, as far as this viewer may know: moderators, and herself.

    `things`: each with the id of its consultation. No statement for anybody else.
    """
    ids = {i for where, thing in things if rules.may_know_names(viewer, where) for i in _withheld(thing)}
    mine = {i for _where, thing in things for i in _withheld(thing) if i == viewer.person_id}
    found = dict.fromkeys(mine, viewer.name)
    if ids - mine:
        rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids - mine)))
        found |= dict(rows.all())
    return found


def _withheld(thing: Comment | Reply | Cosignature) -> Sequence[int]:
    author = thing.person_id if isinstance(thing, Cosignature) else thing.author_id
    found = [author] if thing.named != "name" else []
    if isinstance(thing, Comment) and thing.signer_named != "name":
        found.append(thing.signed_by_id)
    return [i for i in found if i is not None]


def last_named(*, viewer: Actor, consultation: Consultation) -> str:
    """What this viewer chose last in a consultation, speaking for the same as now; who withheld her name once should not show it by an oversight."""
    comments = (
        select(Comment.named, Comment.posted_at.label("at"))
        .where(
            Comment.author_id == viewer.person_id,
            Comment.consultation_id == consultation.id,
            (Comment.organisation_id + 0).is_not_distinct_from(viewer.speaks_for_id),  # see below
        )
        .order_by(Comment.posted_at.desc(), Comment.id.desc())
        .limit(1)
    )
    replies = (
        select(Reply.named, Reply.posted_at.label("at"))
        .join(Reply.comment)
        .where(
            Reply.author_id == viewer.person_id,
            Comment.consultation_id == consultation.id,
            (Reply.organisation_id + 0).is_not_distinct_from(viewer.speaks_for_id),
        )
        .order_by(Reply.posted_at.desc(), Reply.id.desc())
        .limit(1)
    )
    both = union_all(select(comments.subquery()), select(replies.subquery())).subquery()
    return db.session.scalar(select(both.c.named).order_by(both.c.at.desc()).limit(1)) or "name"


def letter_with(*, viewer: Actor, comment: Comment) -> Letter | None:
    """The letter a comment was cut from: its name goes with the letter's."""
    its = select(Letter).join(LetterPiece, LetterPiece.letter_id == Letter.id)
    return db.session.scalars(its.where(LetterPiece.comment_id == comment.id)).first()


def my_cosignature(*, viewer: Actor, comment: Comment) -> Cosignature:
    """The name the viewer put under a comment."""
    mine = Cosignature.comment_id == comment.id, Cosignature.person_id == viewer.person_id
    both = joinedload(Cosignature.comment), joinedload(Cosignature.organisation)
    row = db.session.scalars(select(Cosignature).options(*both).where(*mine)).first()
    if row is None:
        raise Missing("Your name is not under this comment.")
    return row
