"""Comments that share a text: for the moderators who decide, and for everybody once it is confirmed.

No words are kept beside the comments: what is hidden or withdrawn is in no template and no addition, at once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, true
from sqlalchemy.orm import joinedload

from consult.accounts.models import CATEGORIES, Organisation
from consult.consultations import queries as consultations
from consult.consultations.models import Consultation, Round
from consult.core import paging
from consult.core.conditions import per_viewer
from consult.core.db import db
from consult.core.errors import Missing, Refused
from consult.core.paging import Listing
from consult.core.records import Record
from consult.core.rules import Actor, Verdict, no
from consult.core.text import excerpt
from consult.debate.models import Comment

from .. import rules
from ..models import CAMPAIGN_STATES, CAMPAIGN_VERBS, Campaign, CampaignAct, CampaignMember, Claim
from ..resemblance import additions
from ..resemblance.words import Words
from .claims import claim_on
from .searches import Progress, cut_lines, progress

PAGE = 20
LONGEST_LIST = 100
LATEST = 20  # acts in the public log
NOT_HERE = "There are no comments that share a text at this address."
BELONGS = CampaignMember.standing != "left_out"
IS_COUNTED = and_(CampaignMember.standing == "counted", Comment.state == "posted")


class Member(Record):
    """A comment of a campaign: who, and what it says beside the template."""

    number: str
    who: str
    category: str
    posted_at: datetime
    standing: str
    is_template: bool
    added: Sequence[str]
    left_out: Sequence[str]

    @property
    def is_same(self) -> bool:
        return not self.added and not self.left_out


class Act(Record):
    """A decision about a campaign, as everybody may read it."""

    number: int
    name: str
    verb: str
    count: int
    reason: str
    at: datetime
    slug: str
    title: str
    timezone: str
    is_shown: bool  # it has a public page

    @property
    def what(self) -> str:
        return CAMPAIGN_VERBS[self.verb]


class CampaignPage(Record):
    """One campaign: the text once, who sent it, and what each of them added."""

    campaign: Campaign
    count: int  # comments on show that belong to it
    waiting: int  # of them found since it was confirmed
    with_more: int  # of them that did not only send the text as it is
    categories: Sequence[tuple[str, str, int]]  # key, name, comments
    category: str  # the one that is shown, or all
    template: str
    template_number: str
    members: Listing[Member]
    acts: Sequence[Act]
    newest_act_id: int
    verdict: Verdict
    claim: Claim | None  # who looks at it now; for moderators

    @property
    def state(self) -> str:
        return CAMPAIGN_STATES[self.campaign.state]


class Line(Record):
    """One campaign in the moderators' list."""

    number: int
    state: str
    name: str
    begins: str
    count: int
    waiting: int  # found since it was confirmed
    same: int

    @property
    def state_word(self) -> str:
        return CAMPAIGN_STATES[self.state]


class Overview(Record):
    """All campaigns of a consultation for its moderators, those first that wait, and how far the search is."""

    lines: Sequence[Line]
    progress: Progress | None


@per_viewer
def visible_to(viewer: Actor) -> ColumnElement[bool]:
    """Campaigns this viewer may know of: confirmed ones, for moderators all. Needs a join to Consultation."""
    moderated = [where for where, role in viewer.roles if role in ("moderator", "appeals_panel")]
    mine = true() if viewer.is_system else Campaign.consultation_id.in_(moderated) if moderated else false()
    return and_(consultations.visible_to(viewer), or_(Campaign.state == "confirmed", mine))


def find(*, viewer: Actor, slug: str, number: int) -> Campaign:
    """A campaign by its number; Missing for who may not know of it."""
    row = db.session.scalars(
        select(Campaign)
        .join(Campaign.consultation)
        .options(joinedload(Campaign.consultation))
        .where(Consultation.slug == slug, Campaign.number == number, visible_to(viewer))
    ).first()
    if row is None:
        raise Missing(NOT_HERE)
    return row


def may_decide(*, viewer: Actor, campaign: Campaign) -> Verdict:
    """The moderator's rule, and that none of the comments is of their own side."""
    verdict = rules.may_decide_campaign(viewer, campaign)
    if not verdict or viewer.person_id is None:
        return verdict
    body = func.coalesce(Comment.organisation_id, Comment.unsigned_for_id)  # it has one of them at most
    theirs = or_(body.in_(viewer.member_of), Organisation.parent_id.in_(viewer.member_of))
    own = db.session.scalar(
        select(CampaignMember.id)
        .join(CampaignMember.comment)
        .outerjoin(Organisation, Organisation.id == body)
        .where(CampaignMember.campaign_id == campaign.id, or_(Comment.author_id == viewer.person_id, theirs))
        .limit(1)
    )
    return verdict if own is None else no(f"{rules.NOBODY_JUDGES_THEMSELVES} Leave it to a colleague.")


def public_page(*, viewer: Actor, slug: str, number: int, category: str = "", after: str = "") -> CampaignPage:
    """A confirmed campaign as everybody sees it: what is counted."""
    campaign = find(viewer=viewer, slug=slug, number=number)
    if campaign.state != "confirmed":
        raise Missing(NOT_HERE)
    return _page(viewer, campaign, category, after, is_desk=False)


def desk_page(
    *, viewer: Actor, consultation: Consultation, number: int, category: str = "", after: str = ""
) -> CampaignPage:
    """A campaign as its moderators see it: also what waits and what they left out. Refused for everybody else."""
    verdict = rules.may_see_queue(viewer, consultation)
    if not verdict:
        raise Refused(verdict.reason)
    campaign = find(viewer=viewer, slug=consultation.slug, number=number)
    return _page(viewer, campaign, category, after, is_desk=True)


def _page(viewer: Actor, campaign: Campaign, category: str, after: str, *, is_desk: bool) -> CampaignPage:
    category = category if category in CATEGORIES else ""
    categories, waiting, with_more = _counts(campaign, is_desk)
    template = _template(campaign, is_desk)
    beside = cut_lines(viewer=viewer, consultation=campaign.consultation)
    acts = _acts(viewer, CampaignAct.campaign_id == campaign.id)
    return CampaignPage(
        campaign=campaign, count=sum(count for *_, count in categories), waiting=waiting, with_more=with_more,
        categories=categories, category=category,
        template=additions.shown(template.body, beside) if template else "",
        template_number=template.number if template else "",
        members=_members(campaign, is_desk, category, after, template, beside), acts=[act for _, act in acts],
        newest_act_id=acts[0][0] if acts else 0, verdict=may_decide(viewer=viewer, campaign=campaign),
        claim=claim_on(viewer=viewer, thing=campaign) if is_desk else None,
    )  # fmt: skip


def _on_show(campaign: Campaign, is_desk: bool) -> tuple[ColumnElement[bool], ...]:
    """Its comments that belong to it and whose words anybody may read."""
    belongs = BELONGS if is_desk else CampaignMember.standing == "counted"
    return CampaignMember.campaign_id == campaign.id, belongs, Comment.state == "posted"


def _counts(campaign: Campaign, is_desk: bool) -> tuple[Sequence[tuple[str, str, int]], int, int]:
    rows = db.session.execute(
        select(
            Comment.category, func.count(),
            func.sum(case((CampaignMember.standing == "proposed", 1), else_=0)),
            func.sum(case((CampaignMember.is_same, 0), else_=1)),
        )
        .select_from(CampaignMember).join(CampaignMember.comment)
        .where(*_on_show(campaign, is_desk)).group_by(Comment.category)
    ).all()  # fmt: skip
    found = {category: count for category, count, _, _ in rows}
    named = [(key, name, found[key]) for key, name in CATEGORIES.items() if key in found]
    waiting = sum(row[2] for row in rows) if campaign.state == "confirmed" else 0
    return named, waiting, sum(row[3] for row in rows)


def _template(campaign: Campaign, is_desk: bool) -> Comment | None:
    """The comment whose words are shown for all: what most say; where it is not on show, the next one."""
    return db.session.scalars(
        select(Comment)
        .join(CampaignMember, CampaignMember.comment_id == Comment.id)
        .where(*_on_show(campaign, is_desk))
        .order_by(case((Comment.id == campaign.template_id, 0), else_=1), CampaignMember.is_same.desc(), Comment.id)
        .limit(1)
    ).first()


def _members(
    campaign: Campaign, is_desk: bool, category: str, after: str, template: Comment | None, beside: Collection[Words]
) -> Listing[Member]:
    """Those who say more than the template first."""
    scope = [CampaignMember.campaign_id == campaign.id, Comment.state == "posted"]
    scope += [] if is_desk else [CampaignMember.standing == "counted"]
    scope += [Comment.category == category] if category else []
    chosen = select(CampaignMember).join(CampaignMember.comment).where(*scope)
    total = db.session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    rows = db.session.scalars(
        _after(chosen, after)
        .options(joinedload(CampaignMember.comment).joinedload(Comment.organisation))
        .order_by(CampaignMember.is_same, CampaignMember.comment_id)
        .limit(PAGE + 1)
    ).all()
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return Listing(
        rows=[_member(row, template, beside) for row in rows[:PAGE]],
        total=total,
        next_cursor=paging.encode([int(last.is_same), last.comment_id]) if last else None,
    )


def _after(statement: Select[Any], cursor: str) -> Select[Any]:
    keys = paging.decode(cursor, 2)
    if keys is None or not all(isinstance(key, int) for key in keys):
        return statement
    is_same, comment_id = bool(keys[0]), keys[1]
    further = and_(CampaignMember.is_same.is_(is_same), CampaignMember.comment_id > comment_id)
    return statement.where(further if is_same else or_(further, CampaignMember.is_same.is_(True)))


def _member(row: CampaignMember, template: Comment | None, beside: Collection[Words]) -> Member:
    comment = row.comment
    text = template.body if template else ""
    found = additions.difference(comment.body, text, beside)
    return Member(
        number=comment.number, who=comment.organisation.name if comment.organisation else comment.author_name,
        category=CATEGORIES[comment.category], posted_at=comment.posted_at, standing=row.standing,
        is_template=template is not None and comment.id == template.id, added=found.added, left_out=found.left_out,
    )  # fmt: skip


def overview(*, viewer: Actor, consultation: Consultation) -> Overview:
    """The moderators' list; Refused for who does not moderate here."""
    verdict = rules.may_see_queue(viewer, consultation)
    if not verdict:
        raise Refused(verdict.reason)
    beside = cut_lines(viewer=viewer, consultation=consultation)
    return Overview(_lines(consultation, beside), progress(viewer=viewer, consultation=consultation))


def confirmed(*, viewer: Actor, consultation: Consultation) -> Sequence[Line]:
    """The campaigns that everybody may read of, the largest first."""
    beside = cut_lines(viewer=viewer, consultation=consultation)
    return _lines(consultation, beside, IS_COUNTED, Campaign.state == "confirmed")


def _lines(
    consultation: Consultation, beside: Collection[Words], belongs: ColumnElement[bool] = BELONGS,
    which: ColumnElement[bool] | None = None,
) -> Sequence[Line]:  # fmt: skip
    is_waiting = case((CampaignMember.standing == "proposed", 1), else_=0)
    count, waiting = func.count().label("size"), func.sum(is_waiting).label("waiting")
    same = func.sum(case((CampaignMember.is_same, 1), else_=0)).label("same")
    rows = db.session.execute(
        select(Campaign.id, count, waiting, same)
        .select_from(Campaign)
        .join(CampaignMember, CampaignMember.campaign_id == Campaign.id)
        .join(CampaignMember.comment)
        .where(Campaign.consultation_id == consultation.id, belongs, Comment.state == "posted")
        .where(true() if which is None else which)
        .group_by(Campaign.id)
        .order_by(case((Campaign.state == "proposed", 0), else_=1), count.desc(), Campaign.number)
        .limit(LONGEST_LIST)
    ).all()
    ids = [row.id for row in rows]
    known = db.session.execute(
        select(Campaign, Comment.body)
        .outerjoin(Comment, and_(Comment.id == Campaign.template_id, Comment.state == "posted"))
        .where(Campaign.id.in_(ids))
    )
    of = {campaign.id: (campaign, body or "") for campaign, body in known}
    return [
        Line(
            of[row.id][0].number, of[row.id][0].state, of[row.id][0].name, excerpt(additions.shown(of[row.id][1], beside), 160), row.size,
            row.waiting if of[row.id][0].state == "confirmed" else 0, row.same,
        )
        for row in rows
    ]  # fmt: skip


class Tally(Record):
    """Of the comments of a round: how many share a text with others, and how many such texts there are."""

    comments: int
    campaigns: int


def tally(*, viewer: Actor, of: Round) -> Tally:
    """Confirmed campaigns in a round; what is hidden is not counted."""
    comments, campaigns = db.session.execute(
        select(func.count(), func.count(func.distinct(CampaignMember.campaign_id)))
        .select_from(CampaignMember)
        .join(CampaignMember.comment)
        .join(CampaignMember.campaign)
        .join(Campaign.consultation)
        .where(Comment.round_id == of.id, IS_COUNTED, Campaign.state == "confirmed", consultations.visible_to(viewer))
    ).one()
    return Tally(comments, campaigns)


def latest_acts(*, viewer: Actor, consultation: Consultation | None = None) -> Sequence[Act]:
    """The newest decisions about campaigns, of one consultation or of all the viewer may see: public, like the log."""
    return [act for _, act in latest_with_ids(viewer=viewer, consultation=consultation)]


def latest_with_ids(*, viewer: Actor, consultation: Consultation | None = None) -> Sequence[tuple[int, Act]]:
    """The same, each with its number, which a feed names it by."""
    scope = CampaignAct.consultation_id == consultation.id if consultation is not None else true()
    return _acts(viewer, scope)


def _acts(viewer: Actor, scope: ColumnElement[bool]) -> Sequence[tuple[int, Act]]:
    rows = db.session.execute(
        select(
            CampaignAct.id, Campaign.number, Campaign.name, CampaignAct.verb, CampaignAct.count, CampaignAct.reason,
            CampaignAct.at, Consultation.slug, Consultation.title, Consultation.timezone, Campaign.state == "confirmed",
        )
        .join(CampaignAct.campaign).join(Campaign.consultation)
        .where(scope, consultations.visible_to(viewer)).order_by(CampaignAct.id.desc()).limit(LATEST)
    )  # fmt: skip
    return [(row[0], Act(*row[1:])) for row in rows]
