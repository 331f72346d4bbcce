"""Which comments of a page share a text: what everybody sees of confirmed campaigns beside each of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import BigInteger, Select, bindparam, func, select

from consult.core.conditions import per_viewer
from consult.core.db import read_rows
from consult.core.records import Record
from consult.core.rules import Actor

from ..models import Campaign, CampaignMember
from .campaigns import IS_COUNTED, visible_to


class Shared(Record):
    """That a comment shares its text: with how many, itself among them, and where they stand."""

    number: int
    count: int


def shared_by(*, viewer: Actor, ids: Collection[int]) -> Mapping[int, Shared]:
    """Which of these comments are counted in a confirmed campaign the viewer may know of; one statement for a page."""
    if not ids:
        return {}
    rows = read_rows(_sharing(viewer), {"ids": list(ids)})
    return {comment_id: Shared(number, count) for comment_id, number, count in rows if count > 1}


@per_viewer
def _sharing(viewer: Actor) -> Select[int, int, int]:
    """The statement of `shared_by`, about the comments `ids`."""
    asked = (
        select(CampaignMember.comment_id, CampaignMember.campaign_id)
        .where(CampaignMember.comment_id.in_(bindparam("ids", type_=BigInteger, expanding=True)))
        .where(CampaignMember.standing == "counted")
        .subquery()
    )
    counts = (
        select(CampaignMember.campaign_id, func.count().label("count"))
        .join(CampaignMember.comment)
        .where(CampaignMember.campaign_id.in_(select(asked.c.campaign_id)), IS_COUNTED)
        .group_by(CampaignMember.campaign_id)
        .subquery()
    )
    return (
        select(asked.c.comment_id, Campaign.number, counts.c.count)
        .join(Campaign, Campaign.id == asked.c.campaign_id)
        .join(counts, counts.c.campaign_id == Campaign.id)
        .join(Campaign.consultation)
        .where(Campaign.state == "confirmed", visible_to(viewer))
    )
