"""What moderation keeps about people; see core.personal."""

from __future__ import annotations

from sqlalchemy import Text, case, cast, delete, or_, select

from consult.consultations.models import StoredFile
from consult.core.operations import session
from consult.core.personal import ERASED, KEPT, PERSON, Held, Leaving, erasing, hold
from consult.debate.models import Comment, Reply

from .models import Appeal, CampaignAct, Claim, Correction, IntakeEntry, IntakeFile, ModerationAct, Report

ABOUT_HER = or_(
    ModerationAct.comment_id.in_(select(Comment.id).where(Comment.author_id == PERSON)),
    ModerationAct.reply_id.in_(select(Reply.id).where(Reply.author_id == PERSON)),
)

hold(
    Held(
        Report, Report.reporter_id == PERSON,
        {
            "text": "", "reporter_id": None, "reader": "erased " + cast(Report.id, Text),
            "claimant": case((Report.is_disowned, ERASED), else_=""),
            "claimant_email": case((Report.is_disowned, ERASED), else_=""),
        },
    ),
    Held(
        ModerationAct, ABOUT_HER,
        {"passage": case((ModerationAct.passage == "", ""), else_=ERASED)},
        only=("verb", "rule", "ground", "passage", "facts", "reason", "role", "at", "until", "appeal_until", "comment_id",
              "reply_id"),
    ),
    Held(ModerationAct, ModerationAct.moderator_id == PERSON, KEPT, only=("verb", "reason", "moderator_id", "at")),
    Held(Appeal, Appeal.author_id == PERSON, {"text": ERASED}),
    Held(Appeal, Appeal.decided_by_id == PERSON, KEPT, only=("outcome", "reason", "decided_by_id", "decided_at")),
    Held(Correction, Correction.author_id == PERSON, {"body": ERASED, "html": "<p>(erased)</p>"}),
    Held(Claim, Claim.person_id == PERSON, None),
    Held(CampaignAct, CampaignAct.moderator_id == PERSON, KEPT),
    Held(
        IntakeEntry, IntakeEntry.claimed_by_id == PERSON,
        {"sender": "", "organisation": "", "country": "", "email": "", "address": "", "body": "", "note": "",
         "message_id": "", "headers": ""},
    ),
    Held(IntakeEntry, IntakeEntry.entered_by_id == PERSON, KEPT, only=("number", "entered_by_id", "entered_at")),
    Held(IntakeEntry, IntakeEntry.checked_by_id == PERSON, KEPT, only=("number", "checked_by_id", "checked_at")),
)  # fmt: skip


@erasing
def scans_go(leaving: Leaving) -> None:
    """The mails and scans of contributions that she has claimed as hers."""
    hers = select(IntakeEntry.id).where(IntakeEntry.claimed_by_id == leaving.person_id)
    files = session().scalars(select(IntakeFile.file_id).where(IntakeFile.entry_id.in_(hers))).all()
    session().execute(delete(IntakeFile).where(IntakeFile.entry_id.in_(hers)))
    session().execute(delete(StoredFile).where(StoredFile.id.in_(files)))
