"""What a list of comments is narrowed by: the same on the workbench, beside the summary and in the register."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal_column, or_, select
from sqlalchemy.orm import aliased

from consult.accounts.models import CATEGORIES
from consult.consultations.models import Position, Round
from consult.core import clock, paging
from consult.core.records import Record, asdict
from consult.core.rules import VISITOR, Actor
from consult.core.text import normalise
from consult.debate.models import (
    DISPOSITIONS,
    UNPLACED,
    Anchor,
    Comment,
    CommentPosition,
    OpinionTally,
    RoundTally,
)  # fmt: skip
from consult.debate.queries.opinions import LETTERS
from consult.documents.models import Clause

from ..models import CHANGING, AssignedComment, Assignment, Citation, Disposition, Statement, Theme, ThemeComment
from .acknowledgements import among_contested
from .visibility import is_current, link_became

LONGEST = 100
BELOW = ("(", ".", " ")  # what follows the label of a clause in those of its parts
NOT_PLACED = "none"
NO_THEME = "none"
WORK = {"mine": "Mine", "overdue": "Overdue", "nobody": "Nobody’s"}
GATHERED = ("changed", "apart", "contested")  # what of `show` an index holds
ID = re.compile(r"[0-9]{1,9}")  # the number of a theme, the id of a person


def keys_of(cursor: str | None, length: int) -> list[int] | None:
    """Read a cursor of ids back; None when there is none or somebody has meddled with it."""
    keys = paging.decode(cursor, length)
    return keys if keys is not None and all(type(key) is int for key in keys) else None


class Filters(Record):
    """Each one empty: not narrowed by it."""

    show: str = ""
    position: str = ""
    category: str = ""
    clause: str = ""
    q: str = ""
    theme: str = ""  # its number, or "none"
    group: str = ""  # the letter of an opinion group: most of it agree
    assigned: str = ""  # of WORK, or the id of a person; only the staff's lists are narrowed by it

    @classmethod
    def read(cls, args: Mapping[str, str]) -> Filters:
        """Take the filters from an address; what is too long is cut, what is unknown finds nothing."""
        return cls(**{name: normalise(args.get(name, ""))[:LONGEST] for name in cls.__struct_fields__})

    @property
    def args(self) -> dict[str, str]:
        """The filters for an address."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def is_narrow(self) -> bool:
        """Whether anything but `show` is given."""
        return bool(
            self.position or self.category or self.clause or self.q or self.theme or self.group or self.assigned
        )

    @property
    def is_tallied(self) -> bool:
        """Whether how many comments fit is kept: see RoundTally."""
        is_kind = self.show not in (*GATHERED, "uncited")
        return is_kind and self == Filters(show=self.show, category=self.category)

    @property
    def is_gathered(self) -> bool:
        """Whether an index holds what fits, so that it is found first and then put in order."""
        is_work = self.assigned not in ("", "nobody")
        return self.show in GATHERED or self.theme not in ("", NO_THEME) or is_work

    def kinds(self) -> list[ColumnElement[bool]]:
        """The filters that are tallied as conditions on RoundTally; the same as `conditions` on Comment."""
        found = [RoundTally.category == self.category] if self.category else []
        if self.show == "answered":
            return [*found, RoundTally.disposition != "unresolved"]
        code = "unresolved" if self.show == "open" else self.show
        return [*found, RoundTally.disposition == code] if code in DISPOSITIONS else found

    def conditions(self, viewer: Actor = VISITOR) -> list[ColumnElement[bool]]:
        """The filters as conditions on Comment; `viewer` is given where one may narrow by who answers what."""
        found = []
        if self.theme:
            found.append(_in_theme(self.theme))
        if self.group:
            found.append(_agreed_by(self.group))
        if self.assigned and viewer.is_authenticated:
            found.append(_assigned(self.assigned, viewer))
        if self.position:
            found.append(_argues_from(self.position))
        if self.category:
            found.append(Comment.category == self.category if self.category in CATEGORIES else Comment.id < 0)
        if self.clause:
            found.append(_on_clause(self.clause, *_shown_there(self.show)))
        if self.q:
            found.append(
                or_(
                    Comment.number.icontains(self.q, autoescape=True),
                    Comment.author_name.icontains(self.q, autoescape=True),
                    Comment.body.icontains(self.q, autoescape=True),
                )
            )
        shown = _shown(self.show) if not (self.clause and _shown_there(self.show)) else None
        return [*found, shown] if shown is not None else found


def _argues_from(key: str) -> ColumnElement[bool]:
    if key == NOT_PLACED:
        return UNPLACED
    placed = select(CommentPosition.id).where(
        CommentPosition.comment_id == Comment.id, CommentPosition.is_cost.is_(False)
    )
    return exists(placed.join(Position, Position.id == CommentPosition.position_id).where(Position.key == key))


def _in_theme(number: str) -> ColumnElement[bool]:
    """A theme has comments of its own consultation only, so its number is enough."""
    if number == NO_THEME:
        return ~exists(select(ThemeComment.id).where(ThemeComment.comment_id == Comment.id))
    wanted = int(number) if ID.fullmatch(number) else 0
    inside = select(ThemeComment.comment_id).join(Theme, Theme.id == ThemeComment.theme_id)
    return Comment.id.in_(inside.where(Theme.number == wanted))


def _agreed_by(letter: str) -> ColumnElement[bool]:
    """Comments that most of an opinion group agree with; from its counts, and only once the round takes no votes."""
    number = LETTERS.find(letter) + 1 if len(letter) == 1 else 0
    votes = OpinionTally.agree_count + OpinionTally.disagree_count + OpinionTally.pass_count
    agreed = (
        OpinionTally.comment_id == Comment.id,
        OpinionTally.number == number,
        OpinionTally.agree_count * 2 > votes,
    )
    is_closed = exists(select(Round.id).where(Round.id == Comment.round_id, Round.closed_at.is_not(None)))
    return and_(is_closed, exists(select(OpinionTally.id).where(*agreed)))


def _assigned(whose: str, viewer: Actor) -> ColumnElement[bool]:
    """Comments that are somebody's work now; of those that are overdue, the ones that still wait."""
    given = select(AssignedComment.comment_id).join(AssignedComment.assignment).where(AssignedComment.is_current)
    if whose == "nobody":
        of_somebody = given.where(AssignedComment.comment_id == Comment.id, Assignment.person_id.is_not(None))
        return ~exists(of_somebody.correlate(Comment))
    if whose == "overdue":
        return and_(~Comment.is_answered, Comment.id.in_(given.where(Assignment.due_at < clock.now())))
    person_id = viewer.person_id if whose == "mine" else int(whose) if ID.fullmatch(whose) else 0
    return Comment.id.in_(given.where(Assignment.person_id == person_id))


def is_within(label: str, of: str) -> bool:
    """The same as `_on_clause` for labels one has: 53(2)(a) is within 53(2), 53(21) is not."""
    return label.lower() == of.lower() or label.lower().startswith(tuple(of.lower() + mark for mark in BELOW))


def _on_clause(label: str, *there: ColumnElement[bool]) -> ColumnElement[bool]:
    """53(2) finds 53(2) and 53(2)(a), but not 53(21). `there`: what must hold for the comment at that place."""
    below = [func.lower(Clause.label).startswith(label.lower() + mark, autoescape=True) for mark in BELOW]
    return exists(
        select(Anchor.id)
        .join(Clause, Clause.id == Anchor.clause_id)
        .where(Anchor.comment_id == Comment.id, or_(func.lower(Clause.label) == label.lower(), *below), *there)
    )


def _shown_there(show: str) -> list[ColumnElement[bool]]:
    """What `show` asks of a place, where a list is narrowed to a clause: the answer that the comment has there."""
    if show == "answered":
        return [~link_became("unresolved")]
    if show == "open" or show in DISPOSITIONS:
        return [link_became("unresolved" if show == "open" else show)]
    return []


def _shown(show: str) -> ColumnElement[bool] | None:
    """Whether it is answered stands beside what the answer is: it begins the order of the workbench."""
    if show in ("open", "unresolved"):
        return ~Comment.is_answered
    if show == "answered":
        return Comment.is_answered.is_(True)
    if show in DISPOSITIONS:
        return and_(Comment.is_answered, Comment.disposition == show)
    if show == "changed":
        return Comment.id.in_(select(Disposition.comment_id).where(CHANGING, is_current()))
    if show == "apart":
        return and_(Comment.is_answered, Comment.id.in_(_with_answers_apart()))
    if show == "contested":
        return Comment.id.in_(among_contested())
    if show == "uncited":
        return ~exists(select(Citation.id).where(Citation.comment_id == Comment.id))
    return None


def _with_answers_apart() -> Select[int]:
    """By another name than the list has, so that it is found by its own index: see APART."""
    other = aliased(Comment)
    return select(other.id).where(other.answers_apart != literal_column("''"))


def cited(summary_id: int) -> Select[int]:
    """Numbers of the comments that the statements of this summary rest on."""
    return select(Citation.comment_id).join(Citation.statement).where(Statement.summary_id == summary_id)
