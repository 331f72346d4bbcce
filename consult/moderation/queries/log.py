"""The public log: what was decided, by which rule and why. Never the hidden words, never the passage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, select

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.core import clock, paging
from consult.core.conditions import per_viewer
from consult.core.db import db
from consult.core.paging import Listing
from consult.core.records import Record
from consult.core.rules import Actor
from consult.core.text import normalise
from consult.debate.models import Comment, Reply

from ..models import FALLS, ROLES, RULES, STANDS, VERBS, Appeal, ModerationAct

PAGE = 20
Counted = tuple[str, str, str | None, int]  # rule, verb, what became of the appeal, how many


class Entry(Record):
    """One act as everybody may read it."""

    id: int
    at: datetime
    verb: str
    rule: str
    ground: str
    facts: str
    reason: str
    role: str
    is_automated: bool
    number: str
    is_reply: bool
    slug: str
    title: str
    timezone: str
    appealed_at: datetime | None
    outcome: str
    answer: str
    answered_as: str  # the role of who answered
    answered_at: datetime | None
    until: datetime | None  # the author is asked to change it, or may not post, until then
    appeal_until: datetime | None
    is_mine: bool  # written by the viewer

    @property
    def may_be_appealed(self) -> bool:
        """Whether its author, who reads this, can still ask for a second look."""
        return (
            self.is_mine and self.appeal_until is not None and clock.now() <= self.appeal_until
            and self.appealed_at is None
        )  # fmt: skip

    @property
    def became(self) -> str:
        """What an answer to an appeal did: 'it stays hidden'."""
        return {"upheld": STANDS, "restored": FALLS}.get(self.outcome, {}).get(self.verb, "")

    @property
    def what(self) -> str:
        """'Hidden', 'Shown again', 'Kept'."""
        return VERBS[self.verb]

    @property
    def by(self) -> str:
        """'a moderator', 'the appeals panel'."""
        return ROLES[self.role]

    @property
    def answered_by(self) -> str:
        return ROLES.get(self.answered_as, "")

    @property
    def rule_name(self) -> str:
        return RULES.get(self.rule, "")


class RuleCount(Record):
    """How often a rule was named."""

    rule: str
    name: str
    acts: Mapping[str, int]  # by COLUMNS_OF_ACTS
    appeals: int
    upheld: int
    overturned: int

    @property
    def total(self) -> int:
        """Decisions that took something away, or asked for a change: what the picture shows."""
        return sum(self.acts[name] for name in ("hidden", "redacted", "asked", "suspended", "withheld"))


class Filters(Record):
    """What of the log is asked for; unknown values ask for everything."""

    rule: str = ""
    verb: str = ""
    number: str = ""

    def args(self) -> dict[str, str]:
        """For addresses: only what is set."""
        return {name: value for name in ("rule", "verb", "number") if (value := getattr(self, name))}


class LogPage(Record):
    """One page of the log with its counts."""

    listing: Listing[Entry]
    counts: Sequence[RuleCount]
    filters: Filters


def filters(rule: str, verb: str, number: str = "") -> Filters:
    """Read filters from an address."""
    return Filters(rule if rule in RULES else "", verb if verb in VERBS else "", normalise(number)[:80])


@per_viewer
def visible_to(viewer: Actor) -> ColumnElement[bool]:
    """Acts in consultations the viewer may see, but what was only looked at and put on show. Needs a join to Consultation."""
    return and_(consultations.visible_to(viewer), ModerationAct.verb != "release")


def log(
    *, viewer: Actor, wanted: Filters, consultation: Consultation | None = None, after: str = "", before: str = "",
    judged: Sequence[Counted] = (),
) -> LogPage:  # fmt: skip
    """The acts, newest first; of one consultation, or of all the viewer may see.

    `judged`: decisions on what is not of this room, which count by rule like these.
    """
    scope = [visible_to(viewer)]
    if consultation is not None:
        scope.append(ModerationAct.consultation_id == consultation.id)
    asked = [*scope, *_asked(wanted)]
    total = db.session.scalar(_joined(select(func.count(ModerationAct.id))).where(*asked)) or 0
    rows, older, newer = _window(_joined(select(*COLUMNS, _is_mine(viewer))).where(*asked), after, before)
    listing = Listing(
        rows=[Entry(*row) for row in rows],
        total=total,
        next_cursor=paging.encode([rows[-1].id]) if rows and older else None,
        previous_cursor=paging.encode([rows[0].id]) if rows and newer else None,
    )
    return LogPage(listing=listing, counts=_counts(scope, judged), filters=wanted)


COLUMNS = (
    ModerationAct.id, ModerationAct.at, ModerationAct.verb, ModerationAct.rule, ModerationAct.ground,
    ModerationAct.facts, ModerationAct.reason, ModerationAct.role, ModerationAct.is_automated, Comment.number,
    ModerationAct.reply_id.is_not(None), Consultation.slug, Consultation.title, Consultation.timezone,
    Appeal.made_at, func.coalesce(Appeal.outcome, ""), func.coalesce(Appeal.reason, ""),
    func.coalesce(Appeal.role, ""), Appeal.decided_at, ModerationAct.until, ModerationAct.appeal_until,
)  # fmt: skip


def _is_mine(viewer: Actor) -> ColumnElement[bool]:
    return func.coalesce(func.coalesce(Reply.author_id, Comment.author_id) == (viewer.person_id or 0), false())


def _joined(statement: Any) -> Any:
    return (
        statement.select_from(ModerationAct)
        .join(Consultation, Consultation.id == ModerationAct.consultation_id)
        .outerjoin(Reply, Reply.id == ModerationAct.reply_id)
        .join(Comment, Comment.id == func.coalesce(ModerationAct.comment_id, Reply.comment_id))
        .outerjoin(Appeal, Appeal.act_id == ModerationAct.id)
    )


def _asked(wanted: Filters) -> list[ColumnElement[bool]]:
    columns = {"rule": ModerationAct.rule, "verb": ModerationAct.verb, "number": Comment.number}
    return [columns[name] == value for name, value in wanted.args().items()]


def _window(statement: Any, after: str, before: str) -> tuple[list[Any], bool, bool]:
    """One page of rows, newest first, and whether there are older and newer ones."""
    newest, oldest = _id_in(before), _id_in(after)
    if newest is not None:
        rows = db.session.execute(
            statement.where(ModerationAct.id > newest).order_by(ModerationAct.id).limit(PAGE + 1)
        ).all()
        return list(reversed(rows[:PAGE])), True, len(rows) > PAGE
    if oldest is not None:
        statement = statement.where(ModerationAct.id < oldest)
    rows = db.session.execute(statement.order_by(ModerationAct.id.desc()).limit(PAGE + 1)).all()
    return list(rows[:PAGE]), len(rows) > PAGE, oldest is not None


def _id_in(cursor: str) -> int | None:
    """The id a cursor holds; None when somebody has meddled with it."""
    keys = paging.decode(cursor, 1)
    return keys[0] if keys and isinstance(keys[0], int) and 0 <= keys[0] < 2**63 else None


# The columns of the table of counts: name → the verbs it counts.
COLUMNS_OF_ACTS = {
    "hidden": ("hide",), "redacted": ("redact",), "asked": ("ask",), "suspended": ("suspend",), "withheld": ("withhold",),
    "given_back": ("restore", "put_back", "lift", "name"), "kept": ("keep", "keep_hidden"),
}  # fmt: skip


def _counts(scope: list[ColumnElement[bool]], judged: Sequence[Counted]) -> Sequence[RuleCount]:
    """A line for each rule that was named, in the order of RULES, and what became of the appeals."""
    own = db.session.execute(
        select(ModerationAct.rule, ModerationAct.verb, Appeal.outcome, func.count())
        .join(Consultation, Consultation.id == ModerationAct.consultation_id)
        .outerjoin(Appeal, Appeal.act_id == ModerationAct.id)
        .where(*scope, ModerationAct.rule != "")
        .group_by(ModerationAct.rule, ModerationAct.verb, Appeal.outcome)
    ).all()
    rows = [*own, *judged]
    named = [rule for rule in RULES if any(rule == row[0] for row in rows)]
    return [_line(rule, [row[1:] for row in rows if row[0] == rule]) for rule in named]


def _line(rule: str, rows: Sequence[tuple[str, str | None, int]]) -> RuleCount:
    acts = {name: sum(n for verb, _, n in rows if verb in verbs) for name, verbs in COLUMNS_OF_ACTS.items()}
    became = {outcome: sum(n for _, found, n in rows if found == outcome) for outcome in ("", "upheld", "restored")}
    return RuleCount(rule, RULES[rule], acts, sum(became.values()), became["upheld"], became["restored"])
