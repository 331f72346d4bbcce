"""What takes long: carrying comments to the next version of a draft, finding opinion groups."""

from __future__ import annotations

from typing import Any

from consult.core import clock
from consult.core.jobs import job, periodic
from consult.core.rules import SYSTEM
from consult.documents.models import DraftVersion

from . import operations, opinions, queries

BATCH = 500  # anchors in one transaction: about 50 ms of writing, between which others get their turn


@job("debate.carry")
def carry(payload: dict[str, Any]) -> None:
    """Carry whatever was not carried yet, version by version; started again it goes on where it stopped."""
    for version in queries.versions_after(viewer=SYSTEM, version_id=payload["version_id"]):
        _carry_to(version)


def _carry_to(version: DraftVersion) -> None:
    batch = queries.waiting(viewer=SYSTEM, version=version, limit=BATCH)
    road = queries.road_to(viewer=SYSTEM, version=version) if batch else None
    while batch and road:
        found = [road.carry(anchor) for anchor in batch]  # outside the write transaction
        operations.carry_anchors(actor=SYSTEM, version=version, found=found)
        batch = queries.waiting(viewer=SYSTEM, version=version, limit=BATCH)


@job("debate.opinions")
def find_opinion_groups(payload: dict[str, Any]) -> None:
    """Find who votes alike in a round, once there is enough new; the work is done outside of the write transaction."""
    round_id = payload["round_id"]
    if not queries.has_enough_news(viewer=SYSTEM, round_id=round_id):
        return
    ballots, votes = queries.ballots_of(viewer=SYSTEM, round_id=round_id)
    found = opinions.as_before(opinions.find(ballots), queries.cells_before(viewer=SYSTEM, round_id=round_id))
    operations.keep_opinions(actor=SYSTEM, round_id=round_id, found=found, votes=votes)


@periodic
def forget_discarded_drafts() -> None:
    """Once a minute a look: what was put away long ago goes."""
    before = clock.now() - queries.PUT_BACK
    if queries.has_discarded_before(viewer=SYSTEM, moment=before):
        operations.forget_discarded(actor=SYSTEM, before=before)


@periodic
def forget_trails() -> None:
    """Each minute: who was new here an hour ago is nobody's business."""
    if queries.has_old_trails(viewer=SYSTEM):
        operations.forget_trails(actor=SYSTEM)
