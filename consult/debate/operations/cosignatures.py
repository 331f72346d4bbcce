"""Names under the comments of others, put there and taken back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from consult.accounts.models import Organisation
from consult.consultations import naming
from consult.core import clock
from consult.core.db import insert_new
from consult.core.errors import Conflict
from consult.core.events import emit
from consult.core.operations import operation, session
from consult.core.rules import Actor
from consult.core.text import normalise
from consult.debate import composing, counters, merging, rules
from consult.debate.events import Cosigned, NameTakenBack
from consult.debate.models import Comment, Cosignature

from .replies import post_reply

CHANGED = "Its words were changed while you read. Read them as they are now, then put your name under them."
OTHER_NAME = "Your name is under it already, {}. Take it back first to sign in another name."
NAME_THERE = "The name of {} is under it already. You can put your own there: write for yourself."
ADDED = "Your name is under it already, with what you added. Post this as a reply on its page; it is kept here."


@operation(rule=rules.may_cosign, on="comment")
def cosign(
    *, actor: Actor, comment: Comment, seen_edit_number: int, addition: str = "", begun_on: str | None = None,
    seen_draft: int = 0, origin: str = "", is_proven: bool = True, named: str = "name", key: str | None = None,
) -> Cosignature:  # fmt: skip
    """Put the actor's name, or that of the organisation she speaks for, under a comment; once, however often asked.

    `addition`: what she says beside it, kept as a reply of her own. `begun_on`: the form of the comment she began
    instead, whose draft goes. `named`: how much of her name is shown, here and over what she adds. `origin`, `is_proven`: of the addition, as in `holding`. Raises Conflict when the words were changed since
    the page with `seen_edit_number`, or when the name is there in another way.
    """
    if seen_edit_number != comment.edit_number:
        raise Conflict(CHANGED)
    _prefix, organisation, category = composing.voice(actor)
    if organisation is not None and merging.other_name(comment, organisation.id, actor.person_id):
        raise Conflict(NAME_THERE.format(organisation.name))
    new_id = insert_new(
        Cosignature, comment_id=comment.id, person_id=actor.person_id, name=naming.byline(named, actor.name, category),
        named=composing.chosen_name(comment.consultation, named), named_at=None, category=category,
        organisation_id=organisation.id if organisation else None, edit_number=comment.edit_number, is_counted=True,
        reply_id=None, signed_at=clock.now(),
    )  # fmt: skip
    if new_id is None:
        mine = _mine(actor, comment, organisation)
    else:
        mine = session().get_one(Cosignature, new_id)
        counters.count_name(comment.id, category, 1)
        emit(Cosigned(comment.id, mine.person_id))
    if normalise(addition):
        _add(actor, comment, mine, addition, named=mine.named, origin=origin, is_proven=is_proven)
    if begun_on is not None:
        composing.use_up_draft(actor, seen=seen_draft, body=comment.body, sheet=begun_on)
    return mine


def _mine(actor: Actor, comment: Comment, organisation: Organisation | None) -> Cosignature:
    """The name that is there already; Conflict when it is somebody else's for the organisation, or in another name."""
    mine = session().scalars(
        select(Cosignature).where(Cosignature.comment_id == comment.id, Cosignature.person_id == actor.person_id)
    ).first()  # fmt: skip
    if mine is None:
        name = organisation.name if organisation else "your organisation"
        raise Conflict(NAME_THERE.format(name))
    if mine.organisation_id not in ({organisation.id} | actor.acts_as if organisation else {None}):
        raise Conflict(OTHER_NAME.format("for an organisation" if mine.organisation_id else "for yourself"))
    return mine


def _add(actor: Actor, comment: Comment, mine: Cosignature, addition: str, **sent: Any) -> None:
    if mine.reply_id is not None:
        raise Conflict(ADDED, "addition")
    mine.reply_id = post_reply(actor=actor, comment=comment, parent=None, body=addition, **sent).id


@operation(rule=rules.may_take_back_name, on="comment")
def take_back_name(*, actor: Actor, comment: Comment, key: str | None = None) -> None:
    """Take the actor's name away from under a comment. What she added stays as her reply, which she can withdraw."""
    gone = (
        session()
        .execute(
            delete(Cosignature)
            .where(Cosignature.comment_id == comment.id, Cosignature.person_id == actor.person_id)
            .returning(Cosignature.category, Cosignature.is_counted)
        )
        .first()
    )
    if gone is not None and actor.person_id is not None:
        counters.count_name(comment.id, gone.category, -int(gone.is_counted))
        merging.settle_names([comment.id])
        emit(NameTakenBack(comment.id, actor.person_id))
