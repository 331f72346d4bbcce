"""The answer to a comment, as people read it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from consult.core.db import db
from consult.core.records import Record
from consult.core.rules import Actor
from consult.debate.became import listed
from consult.debate.models import DISPOSITIONS, Anchor, Comment

from ..models import CHANGE_CLASSES, Disposition, Implementation, links_of
from ..rules import is_proposed, may_acknowledge
from ..standing import standing
from .acknowledgements import Word, words_of
from .implementations import Made, last_noted, made
from .visibility import is_current, visible_to

Notes = Mapping[int, Implementation | None]  # the newest, by answer id


class Answer(Record):
    """What was decided on a comment, or on some of its clauses, and why."""

    id: int
    comment_id: int
    clause_id: int | None
    where: str  # which of its clauses, "6.3 and 7.1"; "": all of the comment
    code: str
    label: str
    observation: str
    html: str
    change_class: str
    change: str
    change_note: str
    duplicate_of: str
    made: Made  # what became of it in a later draft
    theme: tuple[int, str] | None  # number and name of the theme it was given to, with all its comments
    decided_at: datetime
    by: str
    is_proposed: bool
    slug: str
    timezone: str

    @property
    def says(self) -> str:
        """ "Accepted", or "Accepted for 6.3"."""
        return f"{self.label} for {self.where}" if self.where else self.label


class Answers(Record):
    """All that a comment was told: as a rule one answer, else those for its clauses, in their order."""

    by_link: Mapping[int | None, Answer]  # by clause id; by None: one for all of it
    waiting: str  # for which of its clauses there is none yet, "7.1 and 8.2"
    comment: Comment
    word: Word | None  # what its author says of it
    may_say: bool  # whether this viewer may say so now

    @property
    def each(self) -> Sequence[Answer]:
        return list({answer.id: answer for answer in self.by_link.values()}.values())

    def of(self, clause_id: int | None) -> Answer | None:
        """The answer as far as the comment is about this clause."""
        return self.by_link.get(None) or self.by_link.get(clause_id)

    @property
    def newest(self) -> int:
        """The id of the newest answer: what an acknowledgement is about."""
        return max(answer.id for answer in self.each)

    @property
    def decided_at(self) -> datetime:
        return max(answer.decided_at for answer in self.each)

    @property
    def changes(self) -> bool:
        return any(answer.change for answer in self.each)


def answer_of(*, viewer: Actor, comment: Comment) -> Answers | None:
    """What a comment was told; None while there is nothing that this viewer may read."""
    return answers_of(viewer=viewer, comment_ids=[comment.id]).get(comment.id)


def answers_of(*, viewer: Actor, comment_ids: Collection[int]) -> Mapping[int, Answers]:
    """What several comments were told by comment id, as far as this viewer may read it. Three statements; none for none."""
    if not comment_ids:
        return {}
    rows = db.session.execute(
        select(Disposition, Implementation)
        .join(Disposition.comment)
        .join(Comment.consultation)
        .outerjoin(Implementation, Implementation.id == last_noted())
        .options(
            joinedload(Implementation.version), joinedload(Implementation.clause),
            contains_eager(Disposition.comment).options(
                contains_eager(Comment.consultation), joinedload(Comment.round),
                selectinload(Comment.anchors).joinedload(Anchor.clause),
            ),
            joinedload(Disposition.duplicate_of), joinedload(Disposition.theme),
        )
        .where(Disposition.comment_id.in_(comment_ids), Comment.state.not_in(("hidden", "held")), is_current(), visible_to(viewer))
    ).all()  # fmt: skip
    notes = {row.id: note for row, note in rows}
    by_comment: dict[int, list[Disposition]] = {}
    for row, _ in rows:
        by_comment.setdefault(row.comment_id, []).append(row)
    words = words_of(viewer=viewer, comments=[mine[0].comment for mine in by_comment.values()])
    told = {
        comment_id: Answers(
            *_told(mine[0].comment, mine, notes), mine[0].comment, words.get(comment_id),
            bool(may_acknowledge(viewer, mine[0].comment)),
        )
        for comment_id, mine in by_comment.items()
    }  # fmt: skip
    return {comment_id: answers for comment_id, answers in told.items() if answers.by_link}


def first_answers(*, viewer: Actor, ids: Collection[int], comment_ids: Collection[int]) -> Sequence[Disposition]:
    """Of some rows the first answer to each of these comments, with the comment, for the system, which tells of it."""
    rows = db.session.scalars(
        select(Disposition)
        .options(joinedload(Disposition.comment))
        .where(Disposition.id.in_(ids), Disposition.comment_id.in_(comment_ids), Disposition.code != "unresolved")
        .order_by(Disposition.id.desc())
    )
    return list({row.comment_id: row for row in rows}.values())


def _told(comment: Comment, rows: Sequence[Disposition], notes: Notes) -> tuple[Mapping[int | None, Answer], str]:
    names = dict(zip(links_of(comment), (clause.short_name if clause else "" for clause in comment.links), strict=True))
    stands = {link: row for link, row in standing(rows, list(names)).items() if row.code != "unresolved"}
    if len(stands) == len(names) and len(set(stands.values())) == 1:
        (row,) = set(stands.values())
        return dict.fromkeys([None], _answer(row, "", notes)), ""
    places: dict[int, list[str]] = {}
    for link, row in stands.items():
        places.setdefault(row.id, []).append(names[link])
    made = {row.id: _answer(row, listed(places[row.id]), notes) for row in stands.values()}
    waiting = [name for link, name in names.items() if link not in stands]
    return {link: made[row.id] for link, row in stands.items()}, listed(waiting) if waiting else ""


def _answer(row: Disposition, where: str, notes: Notes) -> Answer:
    target = row.duplicate_of
    consultation = row.comment.consultation
    return Answer(
        id=row.id,
        comment_id=row.comment_id,
        clause_id=row.clause_id,
        where=where,
        code=row.code,
        label=DISPOSITIONS[row.code],
        observation=row.observation,
        html=row.html,
        change_class=row.change_class,
        change=CHANGE_CLASSES[row.change_class] if row.change_class != "none" else "",
        change_note=row.change_note,
        duplicate_of=target.number if target is not None and target.state not in ("hidden", "held") else "",
        made=made(row, notes[row.id]),
        theme=(row.theme.number, row.theme.name) if row.theme else None,
        decided_at=row.decided_at,
        by=row.source_note or "The secretariat",
        is_proposed=is_proposed(consultation, row.comment.round),
        slug=consultation.slug,
        timezone=consultation.timezone,
    )
