"""Answers to comments: only ever added, so that every earlier one can be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from consult.consultations.models import Consultation
from consult.core import clock, text
from consult.core.errors import Conflict, Invalid, Refused
from consult.core.events import emit
from consult.core.operations import operation, session
from consult.core.rules import Actor, system_only
from consult.debate import operations as debate
from consult.debate.models import DISPOSITIONS, Comment

from .. import rules
from ..events import CommentAnswered
from ..models import CHANGE_CLASSES, DECISIONS, Disposition


@operation(rule=rules.may_decide, on="comments")
def decide(
    *,
    actor: Actor,
    comments: Sequence[Comment],
    code: str,
    observation: str = "",
    change_class: str = "none",
    change_note: str = "",
    duplicate_of: str = "",
    seen: Mapping[int, int] | None = None,
    key: str | None = None,
) -> Disposition:
    """Give one or several comments the same answer; returns the answer to the first.

    `duplicate_of` is the number of the comment that these repeat. `seen` maps a comment's id to the id of
    the last answer its moderator saw (0: none); if there is another by now, Conflict names it.
    """
    rows = _judged_anew(actor, comments, seen)
    answer = {
        **_checked(code, observation, change_class, change_note),
        "duplicate_of_id": _target(rows, duplicate_of) if code == "duplicate" else None,
    }
    added = _add(actor, [(comment, answer) for comment in rows])
    return next(row for row in added if row.comment_id == comments[0].id)


@operation(rule=rules.may_decide, on="comments")
def undo_decisions(
    *, actor: Actor, comments: Sequence[Comment], seen: Mapping[int, int], key: str | None = None
) -> Disposition:
    """Take back the last answer to each comment: a new row says again what stood before, or that nothing did."""
    rows = _judged_anew(actor, comments, seen)
    added = _add(actor, [(comment, _before(seen.get(comment.id, 0), comment)) for comment in rows])
    return added[0]


@operation(rule=system_only)
def record_decision(
    *,
    actor: Actor,
    comment: Comment,
    code: str,
    observation: str = "",
    change_class: str = "none",
    change_note: str = "",
    duplicate_of: str = "",
    source_note: str = "",
    decided_at: datetime | None = None,
) -> Disposition:
    """Take over an answer that was given elsewhere; the same one again changes nothing.

    `source_note` says where it is from. Raises Refused once the outcome is published.
    """
    row = _locked([comment])[0]
    answer = {
        **_checked(code, observation, change_class, change_note, allowed=(*DECISIONS, "withdrawn")),
        "duplicate_of_id": _target([row], duplicate_of) if code == "duplicate" else None,
        "source_note": source_note,
    }
    same = [getattr(Disposition, name) == value for name, value in answer.items() if value is not None]
    earlier = session().scalars(select(Disposition).where(Disposition.comment_id == row.id, *same)).first()
    if earlier is not None:
        return earlier
    if row.round.is_over:
        raise Refused(rules.FROZEN)
    return _add(actor, [(row, answer)], decided_at)[0]


@operation(rule=system_only)
def note_withdrawal(*, actor: Actor, comment: Comment) -> Disposition:
    """Answer a withdrawn comment: its author took it back."""
    return _add(actor, [(comment, {"code": "withdrawn", "source_note": "Withdrawn by its author"})])[0]


def _locked(comments: Sequence[Comment]) -> Sequence[Comment]:
    """The comments as they are now, locked child before parent, with consultation and organisation."""
    rows = (
        session()
        .scalars(
            select(Comment)
            .options(joinedload(Comment.consultation), joinedload(Comment.round), joinedload(Comment.organisation))
            .where(Comment.id.in_({comment.id for comment in comments}))
            .order_by(Comment.id)
            .with_for_update(of=Comment)
            .execution_options(populate_existing=True)
        )
        .all()
    )
    if not rows:
        raise Invalid("Choose at least one comment to answer.")
    session().scalars(
        select(Consultation)
        .where(Consultation.id.in_({row.consultation_id for row in rows}))
        .order_by(Consultation.id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    ).all()
    return rows


def _judged_anew(actor: Actor, comments: Sequence[Comment], seen: Mapping[int, int] | None) -> Sequence[Comment]:
    rows = _locked(comments)
    for comment in rows:
        verdict = rules.may_answer(actor, comment)
        if not verdict:
            raise Refused(verdict.reason)
    if seen is not None:
        _refuse_stale(rows, seen)
    return rows


def _refuse_stale(comments: Sequence[Comment], seen: Mapping[int, int]) -> None:
    by_id = {comment.id: comment for comment in comments}
    newest = select(func.max(Disposition.id)).where(Disposition.comment_id.in_(by_id)).group_by(Disposition.comment_id)
    current = session().scalars(
        select(Disposition).options(joinedload(Disposition.decided_by)).where(Disposition.id.in_(newest))
    )
    for row in current:
        if row.id != seen.get(row.comment_id, 0):
            who = row.decided_by.name if row.decided_by else "an import"
            said = f": “{text.excerpt(row.observation)}”" if row.observation else ""
            raise Conflict(
                f"{by_id[row.comment_id].number} was answered meanwhile by {who} with"
                f" “{DISPOSITIONS[row.code]}”{said}. Nothing you typed is lost: save again to replace that answer,"
                " or go on to the next comment to keep it."
            )


def _checked(
    code: str, observation: str, change_class: str, change_note: str, allowed: Sequence[str] = DECISIONS
) -> dict[str, object]:
    observation = text.normalise(observation)
    if code not in allowed:
        raise Invalid("Choose one of the decisions.", field="code")
    if change_class not in CHANGE_CLASSES:
        raise Invalid("Choose what changes in the draft.", field="change_class")
    if not observation and code not in ("accepted", "withdrawn"):
        raise Invalid(
            f"Say why. Only “{DISPOSITIONS['accepted']}” may stand without a reason.", field="observation"
        )  # fmt: skip
    return {
        "code": code, "observation": observation, "html": text.markdown(observation), "change_class": change_class,
        "change_note": text.normalise(change_note),
    }  # fmt: skip


def _target(comments: Sequence[Comment], number: str) -> int:
    """The id of the comment that these comments repeat."""
    number = text.normalise(number)
    if not number:
        raise Invalid("Give the number of the comment that this one repeats.", field="duplicate_of")
    target = (
        session()
        .scalars(
            select(Comment).where(
                Comment.consultation_id == comments[0].consultation_id,
                func.upper(Comment.number) == number.upper(),
                Comment.state == "posted",
            )
        )
        .first()
    )
    if target is None:
        raise Invalid(f"There is no comment {text.excerpt(number, 40)} in this consultation.", field="duplicate_of")
    if target.id in {comment.id for comment in comments}:
        raise Invalid("A comment cannot repeat itself. Give the number of another one.", field="duplicate_of")
    if target.disposition == "duplicate":
        raise Invalid(
            f"{target.number} is itself marked as a duplicate. Name the comment that it repeats.", field="duplicate_of"
        )
    return target.id


def _before(disposition_id: int, comment: Comment) -> dict[str, object]:
    """What was answered before that answer."""
    undone = session().get(Disposition, disposition_id)
    if undone is None or undone.comment_id != comment.id:
        raise Conflict(f"There is no answer to {comment.number} to take back.")
    earlier = (
        session()
        .scalars(
            select(Disposition)
            .where(Disposition.comment_id == comment.id, Disposition.id < disposition_id)
            .order_by(Disposition.id.desc())
            .limit(1)
        )
        .first()
    )
    names = ("code", "observation", "html", "change_class", "change_note", "duplicate_of_id", "source_note")
    return {name: getattr(earlier, name) for name in names} if earlier else {"code": "unresolved"}


def _add(
    actor: Actor, answers: Sequence[tuple[Comment, Mapping[str, object]]], decided_at: datetime | None = None
) -> list[Disposition]:
    """Add the rows, all of one moment; keep each comment's copy; tell."""
    moment = decided_at or clock.now()
    rows = [
        Disposition(comment=comment, decided_by_id=actor.person_id, decided_at=moment, **answer)
        for comment, answer in answers
    ]
    session().add_all(rows)
    session().flush()
    for row in rows:
        debate.set_disposition(actor=actor, comment=row.comment, code=row.code)
        if row.code != "unresolved":
            emit(CommentAnswered(disposition_id=row.id, comment_id=row.comment_id))
    return rows
