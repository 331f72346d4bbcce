"""What is counted by organisation, when two of them become one or two again."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from consult.accounts.bodies import of_body, standing
from consult.consultations.models import Consultation
from consult.core.db import KEY_STAYS
from consult.core.errors import Conflict
from consult.core.operations import session

from . import counters, recounting
from .models import Comment, Cosignature

BUSY = "Somebody is just putting a name under a comment. Nothing was changed; press the button again."


def count_anew(organisation_id: int) -> None:
    """Set every counter that this organisation, under all its names, has a part in; all consultations are held.

    A comment is held by whoever then waits for its consultation, so this does not wait for it.
    """
    spoken = select(Comment.consultation_id).where(of_body(Comment.organisation_id, organisation_id))
    where = Consultation.id.in_(spoken)
    for consultation in session().scalars(select(Consultation).where(where).order_by(Consultation.id)).all():
        recounting.recount_voices(consultation)
    named = select(Cosignature.comment_id).where(of_body(Cosignature.organisation_id, organisation_id))
    try:
        found = session().scalars(
            select(Comment.id).where(Comment.id.in_(named)).order_by(Comment.id).with_for_update(nowait=True, **KEY_STAYS)
        ).all()  # fmt: skip
    except OperationalError as error:
        raise Conflict(BUSY) from error
    settle_names(found)


def settle_names(comments: Collection[int]) -> None:
    """Of an organisation's names under a comment (several by a merge) the first counts, under its own comment none."""
    rows = (
        session()
        .execute(
            select(Cosignature, standing(Cosignature.organisation_id), standing(Comment.organisation_id))
            .join(Cosignature.comment)
            .where(Cosignature.comment_id.in_(comments), Cosignature.organisation_id.is_not(None))
            .order_by(Cosignature.comment_id, Cosignature.id)
        )
        .all()
    )
    seen = set[tuple[int, int]]()
    for row, body, author in rows:
        should = body != author and (row.comment_id, body) not in seen
        seen.add((row.comment_id, body))
        if row.is_counted != should:
            row.is_counted = should
            counters.count_name(row.comment_id, row.category, 1 if should else -1)
    session().flush()


def other_name(comment: Comment, organisation_id: int, person_id: int | None) -> bool:
    """Whether somebody else put the name of this organisation under it, or of one that is the same by a merge."""
    there = select(Cosignature.id).where(
        Cosignature.comment_id == comment.id, Cosignature.person_id != person_id,
        of_body(Cosignature.organisation_id, organisation_id),
    )  # fmt: skip
    return session().scalar(there.limit(1)) is not None
