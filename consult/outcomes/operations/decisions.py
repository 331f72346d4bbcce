"""Answers to comments: only ever added, so that every earlier one can be read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from consult.consultations.models import Consultation
from consult.core import clock, text
from consult.core.db import KEY_STAYS
from consult.core.errors import Conflict, Invalid, Refused
from consult.core.events import emit
from consult.core.operations import operation, session
from consult.core.rules import Actor, system_only
from consult.debate import operations as debate
from consult.debate.became import listed
from consult.debate.models import DISPOSITIONS, Anchor, Comment

from .. import queries, rules
from ..events import AnswersChanged, AnswerTakenBack, CommentAnswered
from ..models import CHANGE_CLASSES, DECISIONS, Disposition, links_of
from ..placeholders import filled
from ..standing import before, codes, concerns, of_comment

Place = tuple[Comment, int | None]  # a comment, and which of its clauses; None: all of it
Answer = tuple[Comment, Mapping[str, object]]
History = Mapping[int, Sequence[Disposition]]  # by comment id, oldest first
WORDS = ("code", "observation", "html", "change_class", "change_note", "duplicate_of_id", "source_note", "theme_id")


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
    clauses: Collection[int] | None = None,
    seen: Mapping[int, int] | None = None,
    key: str | None = None,
) -> Disposition:
    """Give one or several comments the same answer; returns the answer to the first.

    `clauses`: ids of those clauses of the first comment that it is for; others that are about some of these get it
    for the same. None: for all of each comment. `duplicate_of` is the number of the comment that these repeat. `seen`
    maps a comment's id to the id of the last answer its moderator saw (0: none); Conflict names a later one.
    """
    rows = _judged_anew(actor, comments)
    places = _places(rows, comments[0].id, clauses)
    if seen is not None:
        history = _history([comment.id for comment in rows])
        for comment, clause_id in places:
            _refuse_later(comment, clause_id, seen.get(comment.id, 0), history)
    answer = {
        **_checked(code, observation, change_class, change_note),
        "duplicate_of_id": _end_of_chain(rows, duplicate_of) if code == "duplicate" else None,
    }
    added = _add(actor, _filled(answer, places))
    return next(row for row in added if row.comment_id == comments[0].id)


@operation(rule=rules.may_decide, on="comments")
def undo_decisions(
    *, actor: Actor, comments: Sequence[Comment], answers: Collection[int], key: str | None = None
) -> Disposition:
    """Take back answers (ids) to these comments: new rows say again what stood before, or that nothing did.

    Conflict when somebody answered the same since.
    """
    by_id = {comment.id: comment for comment in _judged_anew(actor, comments)}
    history = _history(by_id)
    undone = [row for rows in history.values() for row in rows if row.id in answers]
    if not undone or {row.comment_id for row in undone} != set(by_id):
        raise Conflict(f"There is no answer to {comments[0].number} to take back.")
    for row in undone:
        _refuse_later(by_id[row.comment_id], row.clause_id, row.id, history)
    return _take_back(actor, undone, by_id, history)[0]


def _take_back(
    actor: Actor, undone: Collection[Disposition], by_id: Mapping[int, Comment], history: History
) -> Sequence[Disposition]:
    return _add(actor, [pair for row in undone for pair in _restored(row, by_id[row.comment_id], history)])


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
    """Take over an answer to all of a comment that was given elsewhere; the same one again changes nothing.

    `source_note` says where it is from. Raises Refused once the outcome is published.
    """
    row = _locked([comment])[0]
    answer = {
        **_checked(code, observation, change_class, change_note, allowed=(*DECISIONS, "withdrawn")),
        "duplicate_of_id": _target([row], duplicate_of) if code == "duplicate" else None,
        "source_note": source_note,
    }
    same = [getattr(Disposition, name) == value for name, value in answer.items() if value is not None]
    mine = (Disposition.comment_id == row.id, Disposition.clause_id.is_(None))
    earlier = session().scalars(select(Disposition).where(*mine, *same)).first()
    if earlier is not None:
        return earlier
    if row.round.is_over:
        raise Refused(rules.FROZEN)
    return _add(actor, [(row, answer)], decided_at)[0]


@operation(rule=system_only)
def note_withdrawal(*, actor: Actor, comment: Comment) -> Disposition:
    """Answer a withdrawn comment: its author took it back."""
    return _add(actor, [(_locked([comment])[0], {"code": "withdrawn", "source_note": "Withdrawn by its author"})])[0]


def _locked(comments: Sequence[Comment]) -> Sequence[Comment]:
    """The comments as they are now, locked child before parent, with consultation and organisation."""
    rows = (
        session()
        .scalars(
            select(Comment)
            .options(
                joinedload(Comment.consultation),
                joinedload(Comment.round),
                joinedload(Comment.organisation),
                joinedload(Comment.unsigned_for),
                selectinload(Comment.anchors).joinedload(Anchor.clause),
            )
            .where(Comment.id.in_({comment.id for comment in comments}))
            .order_by(Comment.id)
            .with_for_update(of=Comment, **KEY_STAYS)
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


def _judged_anew(actor: Actor, comments: Sequence[Comment]) -> Sequence[Comment]:
    rows = _locked(comments)
    barred = queries.contested(viewer=actor, comments=rows)
    for comment in rows:
        verdict = rules.may_answer(actor, comment) and rules.may_answer_again(
            actor, comment, barred.get(comment.id, frozenset())
        )
        if not verdict:
            raise Refused(verdict.reason)
    return rows


def _places(rows: Sequence[Comment], first: int, clauses: Collection[int] | None) -> Sequence[Place]:
    """For which comments and which of their clauses an answer is; a clause of None: for all of the comment."""
    links = {comment.id: [clause.id for clause in comment.links if clause] for comment in rows}
    if clauses is not None and links[first] and not set(clauses) & set(links[first]):
        raise Invalid("Choose the clauses that this answer is for.", field="clauses")
    places: list[Place] = []
    for comment in rows:
        chosen = [clause_id for clause_id in links[comment.id] if clause_id in (clauses or ())]
        is_part = bool(chosen) and len(chosen) < len(links[comment.id])
        places += [(comment, clause_id) for clause_id in chosen] if is_part else [(comment, None)]
    return places


def _history(comment_ids: Collection[int]) -> History:
    rows = session().scalars(
        select(Disposition)
        .options(joinedload(Disposition.decided_by), joinedload(Disposition.clause))
        .where(Disposition.comment_id.in_(comment_ids))
        .order_by(Disposition.id)
    )
    found: dict[int, list[Disposition]] = {comment_id: [] for comment_id in comment_ids}
    for row in rows:
        found[row.comment_id].append(row)
    return found


def _filled(answer: Mapping[str, object], places: Sequence[Place]) -> Sequence[Answer]:
    """The answer for each place, what its words leave open filled in with the comment's number and the clause."""
    observation = str(answer["observation"])
    if filled(observation, number="", clause="") == observation:
        return [(comment, {**answer, "clause_id": clause_id}) for comment, clause_id in places]
    return [
        (comment, {**answer, "clause_id": clause_id, "observation": words, "html": text.markdown(words)})
        for comment, clause_id in places
        for words in [filled(observation, number=comment.number, clause=_clauses(comment, clause_id))]
    ]


def _clauses(comment: Comment, clause_id: int | None) -> str:
    """'6.3', '6.3 and 7.1': what of a comment an answer is for."""
    return listed([c.short_name for c in comment.clauses if clause_id in (None, c.id)])


def _refuse_later(comment: Comment, clause_id: int | None, seen: int, history: History) -> None:
    """Refuse when this was answered after what its moderator saw; another clause of the comment does not matter."""
    for row in reversed(history[comment.id]):
        if row.id > seen and concerns(row, clause_id):
            who = row.decided_by.name if row.decided_by else "an import"
            where = f" for {row.clause.short_name}" if row.clause else ""
            said = f": “{text.excerpt(row.observation)}”" if row.observation else ""
            raise Conflict(
                f"{comment.number} was answered meanwhile{where} by {who} with"
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


def _end_of_chain(comments: Sequence[Comment], number: str) -> int:
    """The id of the comment that these repeat. None of them is one that others repeat: their answer would be nowhere."""
    found = _target(comments, number)
    repeated = [comment.id for comment in comments]
    first = session().execute(
        select(Comment.number, Disposition.duplicate_of_id)
        .join(Comment, Comment.id == Disposition.comment_id)
        .where(
            Disposition.duplicate_of_id.in_(repeated),
            Comment.id.not_in(repeated),
            Comment.state == "posted",
            queries.is_current(),
        )
        .order_by(Comment.id)
        .limit(1)
    )
    for other, target_id in first:
        target = next(comment.number for comment in comments if comment.id == target_id)
        raise Invalid(
            f"{other} is answered as a duplicate of {target}, so {target} needs an answer of its own. Or decide {other} first.",
            field="duplicate_of",
        )
    return found


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
    if "duplicate" in (target.disposition, *target.apart.values()):
        raise Invalid(
            f"{target.number} is itself marked as a duplicate. Name the comment that it repeats.", field="duplicate_of"
        )
    return target.id


def _restored(row: Disposition, comment: Comment, history: History) -> Iterator[Answer]:
    """What stood before an answer, for each clause it was for."""
    for clause_id, earlier in before(row, history[comment.id], links_of(comment)).items():
        words = {name: getattr(earlier, name) for name in WORDS} if earlier else {"code": "unresolved"}
        yield comment, words | {"clause_id": clause_id}


def _add(actor: Actor, answers: Sequence[Answer], decided_at: datetime | None = None) -> list[Disposition]:
    """Add the rows, all of one moment; keep each comment's copy; tell."""
    moment = decided_at or clock.now()
    rows = [
        Disposition(comment=comment, decided_by_id=actor.person_id, decided_at=moment, **answer)
        for comment, answer in answers
    ]
    session().add_all(rows)
    session().flush()
    comments = {comment.id: comment for comment, _ in answers}
    history = _history(comments)
    for comment in comments.values():
        code, apart = of_comment(codes(history[comment.id], links_of(comment)))
        debate.set_disposition(actor=actor, comment=comment, code=code, apart=apart)
    for row in rows:
        answered = AnswerTakenBack if row.code == "unresolved" else CommentAnswered
        emit(answered(disposition_id=row.id, comment_id=row.comment_id))
    emit(AnswersChanged(comment_ids=tuple(comments), disposition_ids=tuple(row.id for row in rows)))
    return rows
