"""What of the debate points to an organisation; see accounts.bodies. What was said stays as it was said."""

from __future__ import annotations

from consult.accounts.bodies import Refers, refer

from .models import BodyTally, Comment, Cosignature, Letter, OrganisationDraft, Reply

refer(
    Refers(Comment.organisation_id, False, ("comment", "comments")),
    Refers(Comment.unsigned_for_id, False, ("comment nobody signed", "comments nobody signed")),
    Refers(BodyTally.organisation_id, False),
    Refers(Reply.organisation_id, False, ("reply", "replies")),
    Refers(Cosignature.organisation_id, False, ("name under a comment", "names under comments")),
    Refers(Letter.organisation_id, False, ("letter", "letters")),
    Refers(Letter.unsigned_for_id, False),
    Refers(OrganisationDraft.organisation_id, True, ("shared draft", "shared drafts")),
)
