"""Comments that share a text: looking for them, and deciding how they are counted. Nothing is hidden or deleted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import func, select, update

from consult.consultations.models import Consultation
from consult.core import clock, jobs
from consult.core.db import insert_all_new
from consult.core.errors import Conflict, Invalid, Refused
from consult.core.events import emit
from consult.core.operations import SubmissionKey, operation, session
from consult.core.records import Record
from consult.core.rules import Actor, system_only
from consult.core.text import normalise
from consult.debate.models import Comment

from .. import rules
from ..claiming import KEPT, settle
from ..events import TextsFound
from ..models import Campaign, CampaignAct, CampaignMember, CampaignSearch
from ..queries import campaigns, searches
from ..resemblance.words import Words

LONGEST_NAME = 200


class Part(Record):
    """Some comments of a group that share a text; `campaign_id` is the campaign the group belongs to, if any yet."""

    ids: Sequence[int]
    template: int
    same: frozenset[int]  # those that say what the template says, no more
    campaign_id: int | None


@operation(rule=rules.may_find_campaigns, on="consultation")
def ask_for_search(
    *, actor: Actor, consultation: Consultation, key: SubmissionKey | None = None
) -> CampaignSearch:  # fmt: skip
    """Have all comments looked through by a job. One that is under way is not asked for twice."""
    progress = searches.progress(viewer=actor, consultation=consultation)
    if progress is not None and not progress.is_done and not progress.is_parked:
        raise Conflict("The comments are being looked through at this moment.")
    search = _new_search(consultation.id)
    payload = {"consultation_id": consultation.id, "search_id": search.id}
    jobs.later(searches.JOB, payload, dedupe_key=searches.job_key(search.id))
    return search


@operation(rule=system_only)
def begin_search(
    *, actor: Actor, consultation_id: int, total: int, search_id: int | None = None
) -> CampaignSearch:  # fmt: skip
    """Say that a search begins and how many comments it reads; without `search_id` it is one that nobody asked for."""
    search = _new_search(consultation_id) if search_id is None else session().get_one(CampaignSearch, search_id)
    search.total, search.done = total, 0
    return search


@operation(rule=system_only)
def tell_progress(*, actor: Actor, search_id: int, done: int) -> None:
    """Say how many comments are read."""
    session().execute(update(CampaignSearch).where(CampaignSearch.id == search_id).values(done=done))


@operation(rule=system_only)
def keep_part(*, actor: Actor, search: CampaignSearch, part: Part) -> int | None:
    """Propose some of a group that are new; what was decided stays. Returns the campaign they are in.

    A group that holds comments of a campaign belongs to it, whatever was decided about that; a comment is in one.
    Parts are small, so that nobody who writes here waits for the search.
    """
    known = searches.campaigns_of(viewer=actor, comment_ids=part.ids)
    new = [comment_id for comment_id in part.ids if comment_id not in known]
    if not new:
        return part.campaign_id
    campaign_id = part.campaign_id or _propose(search.consultation_id, part.template).id
    insert_all_new(CampaignMember, [
        {"campaign_id": campaign_id, "comment_id": comment_id, "standing": "proposed", "is_same": comment_id in part.same}
        for comment_id in new
    ], returning=("id",))  # fmt: skip
    session().get_one(CampaignSearch, search.id).found += len(new)
    return campaign_id


@operation(rule=system_only)
def end_search(*, actor: Actor, search: CampaignSearch, shared: Iterable[Words]) -> None:
    """Everything that was found is kept; `shared` are the lines that were cut because most comments have them."""
    search.done, search.finished_at = search.total, clock.now()
    if search.found:
        emit(TextsFound(search.consultation_id))
    search.beside = "\n".join(sorted(" ".join(line) for line in shared))


def _new_search(consultation_id: int) -> CampaignSearch:
    """A search; one that never came to its end makes room."""
    session().get_one(Consultation, consultation_id, with_for_update=True)
    session().execute(
        update(CampaignSearch)
        .where(CampaignSearch.consultation_id == consultation_id, CampaignSearch.finished_at.is_(None))
        .values(finished_at=clock.now())
    )
    search = CampaignSearch(consultation_id=consultation_id, asked_at=clock.now())
    session().add(search)
    session().flush()
    return search


def _propose(consultation_id: int, template_id: int) -> Campaign:
    session().get_one(Consultation, consultation_id, with_for_update=True)  # so that no two get the same number
    last = session().scalar(select(func.max(Campaign.number)).where(Campaign.consultation_id == consultation_id))
    campaign = Campaign(consultation_id=consultation_id, number=(last or 0) + 1, template_id=template_id)
    session().add(campaign)
    session().flush()
    return campaign


@operation(rule=rules.may_decide_campaign, on="campaign")
def confirm_campaign(
    *, actor: Actor, campaign: Campaign, name: str, reason: str, seen_act_id: int, organiser: str = "",
    listed: Collection[str] = (), left_out: Collection[str] = (), key: SubmissionKey | None = None,
) -> CampaignAct:  # fmt: skip
    """Count the comments as one argument with so many who say it. Again on a confirmed one: with those found since.

    Of the comments whose numbers are `listed` those `left_out` do not belong to it; the others do.
    """
    _check(actor, campaign, reason, seen_act_id)
    campaign.name, campaign.organiser = normalise(name)[:LONGEST_NAME], normalise(organiser)[:LONGEST_NAME]
    if not campaign.name:
        raise Invalid("Give it a name that says what they ask for.", field="name")
    _sort(campaign, listed, left_out)
    _set_standing(campaign, "proposed", "counted")
    count = _count(campaign)
    if count < 2:
        raise Invalid("Fewer than two comments are left. Dismiss it instead.", field="left_out")
    campaign.state = "confirmed"
    return _act(actor, campaign, "confirm", reason, count)


@operation(rule=rules.may_decide_campaign, on="campaign")
def dismiss_campaign(
    *, actor: Actor, campaign: Campaign, reason: str, seen_act_id: int, key: SubmissionKey | None = None
) -> CampaignAct:
    """Count each comment by itself; a later search does not propose them again."""
    _check(actor, campaign, reason, seen_act_id)
    if campaign.state == "dismissed":
        raise Conflict(f"It is dismissed already. {KEPT}")
    campaign.state = "dismissed"
    return _act(actor, campaign, "dismiss", reason, _count(campaign))


@operation(rule=rules.may_decide_campaign, on="campaign")
def reopen_campaign(
    *, actor: Actor, campaign: Campaign, reason: str, seen_act_id: int, key: SubmissionKey | None = None
) -> CampaignAct:
    """Take a decision back: it is as it was proposed, without what was left out of it."""
    _check(actor, campaign, reason, seen_act_id)
    if campaign.state == "proposed":
        raise Conflict(f"Nothing is decided about it. {KEPT}")
    campaign.state = "proposed"
    _set_standing(campaign, "counted", "proposed")
    return _act(actor, campaign, "reopen", reason, _count(campaign))


def _check(actor: Actor, campaign: Campaign, reason: str, seen_act_id: int) -> None:
    """Nobody was quicker or looks at it just now, nobody decides about their own side, and there is a reason."""
    verdict = campaigns.may_decide(viewer=actor, campaign=campaign)
    if not verdict:
        raise Refused(verdict.reason)
    newest = session().scalar(select(func.max(CampaignAct.id)).where(CampaignAct.campaign_id == campaign.id)) or 0
    if newest > seen_act_id:
        raise Conflict(f"While you were reading, a colleague decided about it. Look at it again. {KEPT}")
    if not normalise(reason):
        raise Invalid("Give the reason. Everybody can read it in the log.", field="reason")
    settle(actor.person_id, campaign)


def _sort(campaign: Campaign, listed: Collection[str], left_out: Collection[str]) -> None:
    """Who of those on the page belongs to it."""
    for standing, numbers in (("left_out", set(left_out)), ("proposed", set(listed) - set(left_out))):
        _put(campaign, sorted(numbers), standing)


def _put(campaign: Campaign, numbers: Iterable[str], standing: str) -> None:
    named = select(Comment.id).where(
        Comment.consultation_id == campaign.consultation_id, Comment.number.in_(list(numbers))
    )
    session().execute(
        update(CampaignMember)
        .where(CampaignMember.campaign_id == campaign.id, CampaignMember.comment_id.in_(named))
        .values(standing=standing)
        .execution_options(synchronize_session=False)
    )


def _set_standing(campaign: Campaign, before: str, after: str) -> None:
    session().execute(
        update(CampaignMember)
        .where(CampaignMember.campaign_id == campaign.id, CampaignMember.standing == before)
        .values(standing=after)
        .execution_options(synchronize_session=False)
    )


def _count(campaign: Campaign) -> int:
    """Comments on show that belong to it."""
    belong = (CampaignMember.campaign_id == campaign.id, campaigns.BELONGS, Comment.state == "posted")
    statement = select(func.count(CampaignMember.id)).join(CampaignMember.comment).where(*belong)
    return session().scalar(statement) or 0


def _act(actor: Actor, campaign: Campaign, verb: str, reason: str, count: int) -> CampaignAct:
    act = CampaignAct(
        consultation_id=campaign.consultation_id, campaign_id=campaign.id, verb=verb, count=count,
        reason=normalise(reason), moderator_id=actor.person_id, at=clock.now(),
    )  # fmt: skip
    session().add(act)
    session().flush()
    return act
