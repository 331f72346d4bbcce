"""How much of a name is shown over what one said, changed afterwards."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from consult.accounts.models import Person
from consult.consultations import naming
from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import KEY_STAYS
from consult.core.errors import Invalid, Missing
from consult.core.events import emit
from consult.core.operations import operation, session
from consult.core.rules import Actor
from consult.debate import composing, letters, rules, wording
from consult.debate.events import ShownAnew
from consult.debate.models import Comment, Cosignature, Letter, LetterPiece, Reply

OF_LETTER = "This comment was cut from your letter, and leads to it. Choose for the letter as a whole, on its page."


@operation(rule=rules.may_name, on="comment")
def name_comment(*, actor: Actor, comment: Comment, named: str, key: str | None = None) -> Comment:
    """Show more or less of the actor's name over her comment, or beside her signature under it; its number stays."""
    composing.chosen_name(comment.consultation, named)
    if actor.person_id == comment.author_id and _is_cut(comment):
        raise Invalid(OF_LETTER, "named")
    if actor.person_id == comment.signed_by_id:
        comment.signer_named, comment.named_at = named, clock.now()
    if actor.person_id == comment.author_id:
        _show(comment, named)
    else:
        emit(ShownAnew(comment.id, None))
    return comment


@operation(rule=rules.may_name, on="reply")
def name_reply(*, actor: Actor, reply: Reply, named: str, key: str | None = None) -> Reply:
    """The same for a reply; what came with a name under the comment goes with that name."""
    composing.chosen_name(reply.comment.consultation, named)
    _show(reply, named)
    with_it = session().scalars(select(Cosignature).where(Cosignature.reply_id == reply.id)).first()
    if with_it is not None:
        _sign(with_it, named)
    return reply


@operation(rule=rules.may_name_cosignature, on="comment")
def name_cosignature(*, actor: Actor, comment: Comment, named: str, key: str | None = None) -> Cosignature:
    """The same for the actor's name under the comment of somebody else, and for what she added there."""
    composing.chosen_name(comment.consultation, named)
    mine = Cosignature.comment_id == comment.id, Cosignature.person_id == actor.person_id
    row = session().scalars(select(Cosignature).where(*mine)).first()
    if row is None:
        raise Missing("Your name is not under this comment.")
    _sign(row, named)
    if row.reply_id is not None:
        _show(session().get_one(Reply, row.reply_id), named)
    return row


def _is_cut(comment: Comment) -> bool:
    return session().scalar(select(LetterPiece.id).where(LetterPiece.comment_id == comment.id)) is not None


def _lock_comments(*, letter: Letter, **_rest: object) -> None:
    """Before the letter, as everybody does."""
    its = select(Comment.id).where(Comment.id.in_(_cut_from(letter))).order_by(Comment.id)
    session().execute(its.with_for_update(**KEY_STAYS)).all()


def _cut_from(letter: Letter) -> Select[Any]:
    return select(LetterPiece.comment_id).where(LetterPiece.letter_id == letter.id)


@operation(rule=rules.may_name, on="letter", first=_lock_comments)
def name_letter(*, actor: Actor, letter: Letter, named: str, key: str | None = None) -> Letter:
    """The same for a whole letter and all comments cut from it: each of them leads to the letter."""
    composing.chosen_name(session().get_one(Consultation, letter.consultation_id), named)
    before = letters.titled(letter.author_name)
    letter.named = named
    letter.author_name = naming.byline(named, _name_of(letter.author_id), letter.category)
    if letter.title == before:
        letter.title = letters.titled(letter.author_name)
    pieces = select(Comment).where(Comment.id.in_(_cut_from(letter))).order_by(Comment.id)
    for comment in session().scalars(pieces).all():
        if comment.signed_by_id == letter.author_id:
            comment.signer_named = named
        _show(comment, named)
    return letter


def _sign(row: Cosignature, named: str) -> None:
    row.named, row.named_at = named, clock.now()
    row.name = naming.byline(named, _name_of(row.person_id), row.category)


def _show(thing: Comment | Reply, named: str) -> None:
    """Write what everybody reads where the name stands, also where others quote it or name it by its number."""
    before = thing.author_name
    thing.named, thing.named_at = named, clock.now()
    thing.author_name = naming.byline(named, _name_of(thing.author_id or 0), thing.category)
    session().flush()
    if thing.organisation_id is None:
        wording.call_anew(thing, before, thing.author_name)
    wording.show_anew(thing)


def _name_of(person_id: int) -> str:
    return session().scalars(select(Person.name).where(Person.id == person_id)).one()
