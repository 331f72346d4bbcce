"""What the people who run a consultation see: the guided form, and their home for it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from consult.accounts.models import Interest, Person, RoleGrant
from consult.core import clock
from consult.core.db import db
from consult.core.errors import Missing, Refused
from consult.core.records import Record
from consult.core.rules import GUEST, Actor

from .. import rules
from ..models import Consultation
from ..readiness import STAGES, Check, checks
from ..states import MOVES, Move
from .header import Header, header_of
from .one import Entry, Overview, find, overview, visible_to

# Steps that have their own page elsewhere: the guided form, and the workbench of the answers.
ELSEWHERE = {"announce", "begin_review", "publish"}
ONLY_IF_IT_CAN = {"open", "close", "make_public"}  # the clock does the first two; the third is for what is private


class Opening(Record):
    """One page of the guided form, with everything that was saved so far."""

    row: Consultation
    stage: str
    about: Overview
    staff: Sequence[RoleGrant]
    participants: Sequence[RoleGrant]
    is_organiser: bool
    why_fixed: str

    @property
    def next_stage(self) -> str:
        """The stage after this one; the last stays."""
        keys = list(STAGES)
        return keys[min(keys.index(self.stage) + 1, len(keys) - 1)]

    @property
    def previous_stage(self) -> str | None:
        """The stage before this one."""
        place = list(STAGES).index(self.stage)
        return list(STAGES)[place - 1] if place else None

    def checks(self, *, has_draft: bool) -> Sequence[Check]:
        """What is there and what is missing."""
        moderators = sum(grant.role == "moderator" for grant in self.staff)
        return checks(
            self.row, positions=self.row.positions, questions=len(self.about.questions), moderators=moderators,
            has_draft=has_draft, moment=clock.now(),
        )  # fmt: skip


def opening(*, viewer: Actor, slug: str, stage: str = "words") -> Opening:
    """One page of the guided form; Refused for those who only take part, Missing for an unknown page."""
    row = _run_by(viewer, slug)
    if stage not in STAGES:
        raise Missing
    settle, people = rules.may_settle(viewer, row), _people(viewer, row)
    return Opening(
        row=row, stage=stage, about=overview(viewer=viewer, consultation=row),
        staff=[grant for grant in people if grant.role != GUEST],
        participants=[grant for grant in people if grant.role == GUEST],
        is_organiser=bool(rules.may_organise(viewer, row)), why_fixed=settle.reason,
    )  # fmt: skip


class Act(Record):
    """A step one can take now, or the reason why not yet."""

    move: Move
    why_not: str


class Manage(Record):
    """The home of those who run one consultation."""

    header: Header
    row: Consultation
    opening: Opening
    acts: Sequence[Act]
    history: Sequence[Entry]
    is_moderator: bool

    def act(self, verb: str) -> Act:
        """The step called `verb`; Missing when there is none on this page."""
        for act in self.acts:
            if act.move.verb == verb:
                return act
        raise Missing


def manage(*, viewer: Actor, slug: str) -> Manage:
    """Everything about running one consultation; Refused for those who only take part."""
    page = opening(viewer=viewer, slug=slug)
    return Manage(
        header=header_of(page.row, viewer=viewer), row=page.row, opening=page, acts=_acts(viewer, page.row),
        history=page.about.history, is_moderator=viewer.holds("moderator", page.row.id),
    )  # fmt: skip


def _acts(viewer: Actor, row: Consultation) -> Sequence[Act]:
    if not rules.may_organise(viewer, row):
        return ()
    found = []
    for move in MOVES:
        if row.state not in move.origins or move.verb in ELSEWHERE:
            continue
        verdict = rules.may(move.verb)(viewer, row)
        if verdict or move.verb not in ONLY_IF_IT_CAN:
            found.append(Act(move=move, why_not=verdict.reason))
    return found


def _run_by(viewer: Actor, slug: str) -> Consultation:
    row = find(viewer=viewer, slug=slug)
    verdict = rules.may_manage(viewer, row)
    if not verdict:
        raise Refused(verdict.reason)
    return row


def _people(viewer: Actor, row: Consultation) -> Sequence[RoleGrant]:
    return db.session.scalars(
        select(RoleGrant)
        .join(Consultation, Consultation.id == RoleGrant.consultation_id)
        .options(joinedload(RoleGrant.person).selectinload(Person.interests.and_(Interest.ended_at.is_(None))))
        .where(RoleGrant.consultation_id == row.id, visible_to(viewer))
        .order_by(RoleGrant.id)
    ).all()


def due(*, viewer: Actor) -> Sequence[Consultation]:
    """Announced ones whose opening time has come, and open ones whose closing time has come."""
    moment = clock.now()
    return db.session.scalars(
        select(Consultation)
        .where(visible_to(viewer))
        .where(
            or_(
                and_(Consultation.state == "announced", Consultation.opens_at <= moment),
                and_(Consultation.state == "open", Consultation.closes_at <= moment),
            )
        )
        .order_by(Consultation.id)
    ).all()
