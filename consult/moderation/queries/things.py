"""One contribution with what a decision about it needs, and the acts on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from consult.consultations.models import Consultation
from consult.consultations.queries import visible_to
from consult.core import clock
from consult.core.db import db
from consult.core.errors import Missing, Refused
from consult.core.records import Record
from consult.core.rules import Actor, Verdict
from consult.core.text import normalise
from consult.debate import redaction
from consult.debate.models import Anchor, Comment, CommentPosition, Reply, ReplyPosition
from consult.debate.queries.visibility import listed_for, replies_listed_for
from consult.documents.models import Clause

from .. import rules
from ..models import FALLS, STANDS, UNDONE_BY, Appeal, Campaign, Claim, Correction, ModerationAct, Report
from ..rules import Contribution, thing_of

KINDS = ("comments", "replies")
THE_WORDS = "The words themselves."
NOT_HERE = "There is no such contribution, or it is not public yet."


def comment_parts() -> tuple[Any, ...]:
    """What is loaded with a comment that is shown whole."""
    return (
        joinedload(Comment.consultation),
        joinedload(Comment.round),
        joinedload(Comment.organisation),
        joinedload(Comment.unsigned_for),
        joinedload(Comment.changes),
        joinedload(Comment.positions).joinedload(CommentPosition.position),
        selectinload(Comment.anchors).joinedload(Anchor.clause).joinedload(Clause.version),
    )


def reply_parts() -> tuple[Any, ...]:
    """What is loaded with a reply that is shown whole."""
    return (
        joinedload(Reply.comment).options(joinedload(Comment.consultation), joinedload(Comment.round)),
        joinedload(Reply.organisation),
        joinedload(Reply.positions).joinedload(ReplyPosition.position),
    )


def find(*, viewer: Actor, slug: str, kind: str, key: str) -> Contribution:
    """A comment by its number or a reply by its id, in whatever state the viewer may know of."""
    row: Contribution | None = None
    if kind == "comments":
        row = (
            db.session.scalars(
                select(Comment)
                .join(Comment.consultation)
                .options(*comment_parts())
                .where(Consultation.slug == slug, Comment.number == normalise(key), listed_for(viewer))
            )
            .unique()
            .first()
        )
    elif key.isascii() and key.isdecimal() and len(key) < 19:
        row = (
            db.session.scalars(
                select(Reply)
                .join(Reply.comment)
                .join(Comment.consultation)
                .options(*reply_parts())
                .where(Consultation.slug == slug, Reply.id == int(key), replies_listed_for(viewer))
            )
            .unique()
            .first()
        )
    if row is None:
        raise Missing(NOT_HERE)
    return row


class ReportPage(Record):
    """What a reader is about to report."""

    thing: Contribution
    number: str
    is_reply: bool

    @property
    def args(self) -> dict[str, str]:
        """The rest of its address."""
        return {"reply": str(self.thing.id)} if self.is_reply else {}


def report_page(*, viewer: Actor, slug: str, number: str, reply: str = "") -> ReportPage:
    """A comment, or a reply under it, that the viewer may report; Refused when it is not on show or their own."""
    thing = find(viewer=viewer, slug=slug, kind="replies" if reply else "comments", key=reply or number)
    if isinstance(thing, Reply) and thing.comment.number != number:
        raise Missing(NOT_HERE)
    verdict = rules.may_report(viewer, thing)
    if not verdict:
        raise Refused(verdict.reason)
    return ReportPage(thing=thing, number=number, is_reply=bool(reply))


def disowned(*, viewer: Actor, slug: str, number: str) -> Comment:
    """A comment that somebody says they did not write; Refused when it is not on show or came from an account."""
    comment = find(viewer=viewer, slug=slug, kind="comments", key=number)
    assert isinstance(comment, Comment), "found as one"
    verdict = rules.may_disown(viewer, comment)
    if not verdict:
        raise Refused(verdict.reason)
    return comment


class AppealPage(Record):
    """A decision as its author sees it, the appeal if there is one, and the better words she handed in."""

    act: ModerationAct
    appeal: Appeal | None
    comment_number: str
    is_in_force: bool
    may_appeal: Verdict
    may_hand_in: Verdict
    correction: Correction | None
    is_let_in: bool  # or she wrote it in a private consultation that let her go

    @property
    def stands(self) -> str:
        """'it stays hidden', as a sentence goes on."""
        return STANDS[self.act.verb]

    @property
    def falls(self) -> str:
        return FALLS[self.act.verb]

    @property
    def words(self) -> str:
        """What she wrote, as far as it may stand on a page."""
        thing = thing_of(self.act)
        return self.words_to_correct if thing.state == "hidden" else thing.body

    @property
    def words_to_correct(self) -> str:
        """Her words without those that break the rule; nothing where they cannot be cut out."""
        left, taken = redaction.take_out(thing_of(self.act).body, self.act.passage, "…")
        return left if taken else ""


def appeal_page(*, viewer: Actor, act: ModerationAct) -> AppealPage:
    """What the author of what was decided on sees (`act` as `act_for_its_author` gave it)."""
    correction = db.session.scalars(
        select(Correction).where(Correction.act_id == act.id).order_by(Correction.id.desc()).limit(1)
    ).first()
    return AppealPage(
        act=act, appeal=appeal_of(viewer=viewer, act=act), comment_number=_comment_of(act).number,
        is_in_force=is_in_force(viewer=viewer, act=act), may_appeal=rules.may_appeal(viewer, act),
        may_hand_in=rules.may_hand_in_again(viewer, act), correction=correction,
        is_let_in=bool(db.session.scalar(
            select(exists().where(Consultation.id == act.consultation_id, visible_to(viewer)))
        )),
    )  # fmt: skip


def is_in_force(*, viewer: Actor, act: ModerationAct) -> bool:
    """Whether what an act took away is still away. For its author and the moderators."""
    thing = thing_of(act)
    if not (thing.author_id == viewer.person_id or _moderates(viewer, thing)):
        return False
    if act.verb == "hide":
        now_standing = standing(viewer=viewer, thing=thing)
        return now_standing is not None and now_standing.id == act.id
    if act.verb == "suspend" and act.until is not None and act.until <= clock.now():
        return False
    return not db.session.scalar(select(exists().where(ModerationAct.undoes_id == act.id)))


def address_of(act: ModerationAct) -> tuple[str, str]:
    """Kind and key of what an act is about, as in the desk's addresses."""
    return ("comments", _comment_of(act).number) if act.comment else ("replies", str(act.reply_id))


def _comment_of(act: ModerationAct) -> Comment:
    thing = thing_of(act)
    return thing if isinstance(thing, Comment) else thing.comment


def address_of_claim(*, viewer: Actor, claim: Claim) -> tuple[str, str]:
    """Kind and key of what a moderator looks at."""
    if claim.campaign_id is not None:
        return "campaigns", str(db.session.scalar(select(Campaign.number).where(Campaign.id == claim.campaign_id)))
    if claim.comment_id is None:
        return "replies", str(claim.reply_id)
    number = db.session.scalar(
        select(Comment.number).join(Comment.consultation).where(Comment.id == claim.comment_id, listed_for(viewer))
    )
    return "comments", number or ""


def standing(*, viewer: Actor, thing: Contribution) -> ModerationAct | None:
    """The hiding in force: the newest `hide` on a thing that is hidden. For its moderators and its author."""
    if thing.state != "hidden" or not (thing.author_id == viewer.person_id or _moderates(viewer, thing)):
        return None
    here = ModerationAct.comment_id if isinstance(thing, Comment) else ModerationAct.reply_id
    return db.session.scalars(
        select(ModerationAct)
        .where(here == thing.id, ModerationAct.verb == "hide")
        .order_by(ModerationAct.id.desc())
        .limit(1)
    ).first()


def facts(*, viewer: Actor, thing: Contribution, typed: str) -> str:
    """What a decision made now relies on (without more: the words), and whether somebody had reported it.

    Not how many, nor who: the author reads it, too. Whether there are reports is told to the moderators only.
    """
    here = Report.comment_id if isinstance(thing, Comment) else Report.reply_id
    is_reported = _moderates(viewer, thing) and db.session.scalar(
        select(exists().where(here == thing.id, Report.closed_at.is_(None)))
    )
    how = "It had been reported." if is_reported else "It had not been reported."
    return f"{typed.strip() or THE_WORDS} {how}"


def waiting_request(*, viewer: Actor, thing: Contribution) -> ModerationAct | None:
    """That the author should change it, when nothing was decided since. For its moderators."""
    if not _moderates(viewer, thing):
        return None
    here = ModerationAct.comment_id if isinstance(thing, Comment) else ModerationAct.reply_id
    return db.session.scalars(select(ModerationAct).where(here == thing.id, ModerationAct.is_waiting)).first()


def requests_to(*, viewer: Actor, comment: Comment | None = None) -> Sequence[ModerationAct]:
    """What the viewer is asked to change and has not changed yet; on the page of one comment only what is there."""
    if viewer.person_id is None:
        return []
    where = [
        ModerationAct.is_waiting,
        ModerationAct.corrected_at.is_(None),
        or_(
            (Comment.author_id == viewer.person_id) & (Comment.state == "posted"),
            (Reply.author_id == viewer.person_id) & (Reply.state == "posted"),
        ),
    ]
    if comment is not None:
        where.append(or_(ModerationAct.comment_id == comment.id, Reply.comment_id == comment.id))
    return db.session.scalars(
        select(ModerationAct)
        .outerjoin(Comment, Comment.id == ModerationAct.comment_id)
        .outerjoin(Reply, Reply.id == ModerationAct.reply_id)
        .options(*act_parts())
        .where(*where)
        .order_by(ModerationAct.until, ModerationAct.id)
    ).all()


def act_for_its_author(*, viewer: Actor, slug: str, act_id: int) -> ModerationAct:
    """A decision that took something away, for the author of what it is about; Missing for everybody else."""
    row = db.session.scalars(
        select(ModerationAct)
        .join(ModerationAct.consultation)
        .options(*act_parts())
        .where(Consultation.slug == slug, ModerationAct.id == act_id, ModerationAct.verb.in_(UNDONE_BY))
    ).first()
    if row is None or viewer.person_id is None or thing_of(row).author_id != viewer.person_id:
        raise Missing("There is no such decision about something you wrote. Are you signed in as its author?")
    return row


def act_parts() -> tuple[Any, ...]:
    """What is loaded with an act whose rule is to be judged."""
    return (
        joinedload(ModerationAct.consultation),
        joinedload(ModerationAct.comment).options(
            joinedload(Comment.consultation),
            joinedload(Comment.round),
            joinedload(Comment.organisation),
            joinedload(Comment.unsigned_for),
        ),
        joinedload(ModerationAct.reply).options(
            joinedload(Reply.comment).options(joinedload(Comment.consultation), joinedload(Comment.round)),
            joinedload(Reply.organisation),
        ),
    )


def appeal_of(*, viewer: Actor, act: ModerationAct) -> Appeal | None:
    """The appeal against an act, for its author and the moderators."""
    if thing_of(act).author_id != viewer.person_id and not rules.may_see_queue(viewer, act.consultation):
        return None
    return db.session.scalars(select(Appeal).where(Appeal.act_id == act.id)).first()


def find_act(*, viewer: Actor, slug: str, act_id: int) -> ModerationAct:
    """An act with everything its taking back is judged by; Missing for who does not moderate there."""
    row = db.session.scalars(
        select(ModerationAct)
        .join(ModerationAct.consultation)
        .options(*act_parts())
        .where(ModerationAct.id == act_id, ModerationAct.verb.in_(UNDONE_BY), Consultation.slug == slug)
    ).first()
    if row is None or not rules.may_see_queue(viewer, row.consultation):
        raise Missing("There is no such decision.")
    return row


def find_correction(*, viewer: Actor, slug: str, correction_id: int) -> Correction:
    """Better words with everything their answer is judged by; Missing for who does not moderate there."""
    row = db.session.scalars(
        select(Correction)
        .join(Correction.act)
        .join(ModerationAct.consultation)
        .options(joinedload(Correction.act).options(*act_parts()))
        .where(Correction.id == correction_id, Consultation.slug == slug)
    ).first()
    if row is None or not rules.may_see_queue(viewer, row.act.consultation):
        raise Missing("Nothing like that was handed in.")
    return row


def find_appeal(*, viewer: Actor, slug: str, appeal_id: int) -> Appeal:
    """An appeal with everything its decision is judged by; Missing for who does not moderate there."""
    row = db.session.scalars(
        select(Appeal)
        .join(Appeal.act)
        .join(ModerationAct.consultation)
        .options(joinedload(Appeal.act).options(*act_parts()))
        .where(Appeal.id == appeal_id, Consultation.slug == slug)
    ).first()
    if row is None or not rules.may_see_queue(viewer, row.act.consultation):
        raise Missing("There is no such appeal.")
    return row


def _moderates(viewer: Actor, thing: Contribution) -> bool:
    return bool(rules.may_see_queue(viewer, rules.consultation_of(thing)))
