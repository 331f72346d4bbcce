"""What the debate does when a next version becomes public, and when a comment on an earlier one comes late."""

from __future__ import annotations

from consult.accounts.events import OrganisationsMerged, OrganisationsParted
from consult.core.db import db
from consult.core.events import listen
from consult.core.jobs import later
from consult.core.rules import SYSTEM
from consult.documents.events import VersionFrozen
from consult.documents.models import DraftVersion

from . import merging, queries
from .events import CommentPosted, Voted, VoteTakenBack
from .models import Comment


@listen(VersionFrozen)
def carry_all_comments(event: VersionFrozen) -> None:
    """Every comment on the versions before is carried to the new one, by a job of the same transaction."""
    version = db.session.get_one(DraftVersion, event.version_id)
    if version.supersedes_id is not None:
        later("debate.carry", {"version_id": version.id}, dedupe_key=queries.job_key(version.id))


@listen(CommentPosted)
def carry_a_late_comment(event: CommentPosted) -> None:
    """What came from outside may be about a version that is not the newest any more; on the site nobody can do that."""
    if db.session.get_one(Comment, event.comment_id).source == "web":
        return
    version_id = queries.next_version_of(viewer=SYSTEM, comment_id=event.comment_id)
    if version_id is not None:
        key = f"{queries.job_key(version_id)}:{event.comment_id}"
        later("debate.carry", {"version_id": version_id}, dedupe_key=key)


@listen(OrganisationsMerged)
def count_two_as_one(event: OrganisationsMerged) -> None:
    """An organisation counts once, whatever it was called."""
    merging.count_anew(event.into_id)


@listen(OrganisationsParted)
def count_one_as_two(event: OrganisationsParted) -> None:
    """The same when they are two again."""
    for organisation_id in (event.into_id, event.former_id):
        merging.count_anew(organisation_id)


@listen(Voted)
def look_for_opinion_groups(event: Voted) -> None:
    """Votes of ten minutes are looked at together, after them: one job, however many they are."""
    _look_at_votes(event.comment_id)


@listen(VoteTakenBack)
def look_for_opinion_groups_again(event: VoteTakenBack) -> None:
    """The same when a vote goes."""
    _look_at_votes(event.comment_id)


def _look_at_votes(comment_id: int) -> None:
    round_id = db.session.get_one(Comment, comment_id).round_id
    at = queries.next_finding()
    later("debate.opinions", {"round_id": round_id}, due_at=at, dedupe_key=f"opinions {round_id} {at:%Y%m%d%H%M}")
