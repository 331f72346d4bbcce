"""The moderators' desk: what waits, oldest first, and the one item being looked at with all its context."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consult.consultations.models import Consultation
from consult.core.db import db
from consult.core.errors import Refused
from consult.core.records import Record
from consult.core.rules import Actor, Verdict
from consult.debate.models import Comment, Reply
from consult.debate.rules import takes_words

from .. import rules
from ..models import Appeal, Claim, ModerationAct, Report
from ..rules import Contribution
from . import claims, corrections
from .things import KINDS, find
from .waiting import LISTS, LONGEST_LIST, NOTHING, Counts, Elsewhere, Waiting, queue

LONGEST_THREAD = 40


class Item(Record):
    """One contribution with everything a decision needs."""

    thing: Contribution
    kind: str
    key: str
    comment: Comment
    thread: Sequence[Reply]
    reports: Sequence[Report]
    acts: Sequence[ModerationAct]
    appeal: Appeal | None
    verbs: Sequence[str]
    verdict: Verdict
    appeal_verdict: Verdict | None
    pair: corrections.Pair | None  # the old and the new words, where its author changed them
    in_force: Sequence[ModerationAct]  # that can be taken back one by one
    claim: Claim | None  # who looks at it now

    @property
    def is_held(self) -> bool:
        return self.thing.state == "held"

    @property
    def newest_act_id(self) -> int:
        return self.acts[0].id if self.acts else 0

    @property
    def number(self) -> str:
        """'ORG1-003', 'reply to ORG1-003'."""
        return self.comment.number if self.kind == "comments" else f"reply to {self.comment.number}"


class Desk(Record):
    """The whole page: counts, one list, one item."""

    counts: Counts
    shown: str
    waiting: Sequence[Waiting]
    item: Item | None


def desk(
    *, viewer: Actor, consultation: Consultation, shown: str = "", kind: str = "", key: str = "", first: bool = False,
    objections: Elsewhere = NOTHING,
) -> Desk:  # fmt: skip
    """The desk with the list called `shown` (without it: all that waits) and one item (`first`: the top one that nobody else has).

    `objections`: those that wait for moderators; they are decided on where they stand. Refused for who does not moderate here.
    """
    verdict = rules.may_see_queue(viewer, consultation)
    if not verdict:
        raise Refused(verdict.reason)
    shown = shown if shown in LISTS else "all"
    taken = claims.in_force(viewer=viewer, consultation=consultation)
    waiting = queue(viewer=viewer, consultation=consultation, shown=shown, claims=taken, objections=objections)
    if first:
        free = (line for line in waiting.lines if line.kind in KINDS and not line.is_taken)
        kind, key = next(((line.kind, line.key) for line in free), ("", ""))
    item = None
    if kind:
        thing = find(viewer=viewer, slug=consultation.slug, kind=kind, key=key)
        item = _item(viewer, thing, kind, key, taken.get((thing.__tablename__, thing.id)))
    return Desk(counts=waiting.counts, shown=shown, waiting=waiting.lines, item=item)


def _item(viewer: Actor, thing: Contribution, kind: str, key: str, claim: Claim | None) -> Item:
    comment = thing if isinstance(thing, Comment) else thing.comment
    decided = corrections.decided(viewer=viewer, thing=thing)
    acts = [one.act for one in decided]
    appeals = [one.appeal for one in decided if one.appeal is not None]
    # One that waits before one that is answered.
    appeal = max(appeals, key=lambda one: (one.outcome == "", one.id), default=None)
    about = Report.comment_id if isinstance(thing, Comment) else Report.reply_id
    reports = db.session.scalars(
        select(Report)
        .options(joinedload(Report.reporter))
        .where(about == thing.id, Report.closed_at.is_(None))
        .order_by(Report.id)
        .limit(LONGEST_LIST)
    ).all()
    waits = appeal is not None and appeal.outcome == ""
    return Item(
        thing=thing, kind=kind, key=key, comment=comment, thread=_thread(comment), reports=reports, acts=acts,
        appeal=appeal, verbs=_verbs(thing, comment, bool(reports) or any(act.is_waiting for act in acts)), verdict=rules.may_decide(viewer, thing),
        claim=claim, appeal_verdict=rules.may_decide_appeal(viewer, appeal) if appeal is not None and waits else None,
        pair=corrections.pair(viewer=viewer, thing=thing, decided=decided), in_force=corrections.in_force(acts),
    )  # fmt: skip


def _thread(comment: Comment) -> Sequence[Reply]:
    return db.session.scalars(
        select(Reply).where(Reply.comment_id == comment.id, Reply.place > 0).order_by(Reply.path).limit(LONGEST_THREAD)
    ).all()


def _verbs(thing: Contribution, comment: Comment, waits: bool) -> Sequence[str]:
    """What can be decided now, the mildest first."""
    has_author = ("suspend",) if thing.author_id is not None else ()
    if thing.state in ("hidden", "held"):
        return ("restore" if thing.state == "hidden" else "hide", *has_author)
    kept = ("keep",) if waits else ()
    if thing.state != "posted":
        return kept
    asked = ("ask",) if thing.author_id is not None and takes_words(comment) else ()
    return (*kept, *asked, "redact", *(() if has_author else ("withhold",)), "hide", *has_author)
