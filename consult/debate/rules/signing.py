"""What is written and said for an organisation: who may write with the others, and who signs."""

from __future__ import annotations

from consult.consultations.models import Consultation
from consult.core.rules import YES, Actor, Verdict, no

from ..models import Comment, OrganisationDraft
from .talking import is_open, is_up, may_post_comment, may_post_here, takes_part, takes_words

TOO_LATE = "Comments are closed, so nobody can sign it for the organisation now. It stays its author's own."


def awaits_signature(comment: Comment) -> Verdict:
    """Whether what a member wrote for an organisation can still be signed for it."""
    if comment.organisation_id is not None:
        return no("It stands in the name of the organisation already.")
    if comment.unsigned_for_id is None:
        return no("It was not written for an organisation, so there is nothing to sign.")
    if comment.named == "nobody":
        return no("Its author shows nobody who wrote it, so it stays her own as long as she does not change that.")
    if comment.state != "posted":
        return no("It is not shown any more, so nobody can sign it.")
    if comment.consultation.state == "paused":
        return no("This consultation is paused for now. It can be signed when it goes on.")
    return YES if takes_words(comment) else no(TOO_LATE)


def may_sign_comment(actor: Actor, comment: Comment) -> Verdict:
    """A signatory of the organisation it was written for, while comments are open."""
    return (
        takes_part(actor, "sign for an organisation", comment.consultation)
        and awaits_signature(comment)
        and _signs_for(actor, comment.unsigned_for_id)
    )


def _signs_for(actor: Actor, organisation_id: int | None) -> Verdict:
    return YES if organisation_id in actor.signatory_of else no("Only a signatory of the organisation can sign for it.")


def may_share_draft(actor: Actor, consultation: Consultation) -> Verdict:
    """Members who write for their organisation, while comments are open."""
    if actor.is_authenticated and actor.acting_for_id is None:
        return no("Choose the organisation you write for first; then its members can write this with you.")
    return may_post_comment(actor, consultation)


def may_see_shared(actor: Actor, draft: OrganisationDraft) -> Verdict:
    """Members of the organisation, now: nobody who left, no moderator, no administrator."""
    if draft.organisation_id in actor.member_of:
        return YES
    return no("Only members of the organisation write together here.")


def may_write_shared(actor: Actor, draft: OrganisationDraft) -> Verdict:
    """Every member, until it is posted or put away, while comments are open."""
    verdict = may_see_shared(actor, draft) and takes_part(actor, "write with the others", draft.consultation)
    verdict = verdict and _is_at_work(draft) and is_open(draft.consultation)
    return verdict and may_post_here(actor, draft.consultation)


def _is_at_work(draft: OrganisationDraft) -> Verdict:
    if draft.stage == "posted":
        return no("It is posted already; its words are on its page.")
    return no("It was put away. Take it up again first.") if draft.stage == "dropped" else YES


def may_propose_for_signature(actor: Actor, draft: OrganisationDraft) -> Verdict:
    """Every member, once."""
    if draft.stage == "proposed":
        return no("It waits for a signature already.")
    return may_write_shared(actor, draft)


def may_send_back(actor: Actor, draft: OrganisationDraft) -> Verdict:
    """A signatory, what waits for a signature."""
    if draft.stage != "proposed":
        return no("It does not wait for a signature any more.")
    return may_see_shared(actor, draft) and _signs_for(actor, draft.organisation_id)


def may_sign_shared(actor: Actor, draft: OrganisationDraft) -> Verdict:
    """A signatory, while comments are open on the version it is about. That version is loaded with its round."""
    verdict = may_write_shared(actor, draft) and is_up(draft.version)
    return verdict and _signs_for(actor, draft.organisation_id)


def may_post_as_own(actor: Actor, draft: OrganisationDraft) -> Verdict:
    """Who began it, without waiting for a signature."""
    if actor.person_id != draft.begun_by_id:
        return no("Only the member who began it can post it as a comment of her own.")
    return may_write_shared(actor, draft) and is_up(draft.version)


def may_put_away(actor: Actor, draft: OrganisationDraft) -> Verdict:
    """Who began it, or a signatory, until it is posted; also after comments are closed."""
    if draft.stage not in ("open", "proposed"):
        return no("It is posted or put away already.")
    return _keeps_it(actor, draft)


def may_take_up(actor: Actor, draft: OrganisationDraft) -> Verdict:
    """The same people may take it up again."""
    return _keeps_it(actor, draft) if draft.stage == "dropped" else no("It is not put away.")


def _keeps_it(actor: Actor, draft: OrganisationDraft) -> Verdict:
    verdict = may_see_shared(actor, draft)
    if verdict and actor.person_id != draft.begun_by_id and draft.organisation_id not in actor.signatory_of:
        return no("Only the member who began it, or a signatory, can do this.")
    return verdict
