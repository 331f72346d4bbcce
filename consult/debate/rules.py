"""Who may say what, and when. Each answer is a sentence the person can act on."""

from __future__ import annotations

from datetime import datetime, timedelta

from consult.consultations.models import Consultation, Round
from consult.core.rules import YES, Actor, Verdict, no
from consult.documents.models import DraftVersion

from .models import CarriedAnchor, Comment, CommentDraft, OrganisationDraft, Reply

NOT_OPEN = {
    "draft": "This consultation is still being prepared; it takes no comments yet.",
    "announced": "Comments are not open yet. You can read the draft already.",
    "paused": "This consultation is paused for now. Try again when it goes on; your text stays in your browser.",
    "published": "Comments are closed; the outcome is published.",
    "adopted": "Comments are closed; the draft is adopted.",
    "withdrawn": "This consultation was withdrawn; it takes no comments any more.",
}
CLOSED = "Comments are closed; the answers are being written."
PAUSE = timedelta(hours=4)  # without a sign of life, after which somebody comes back on another visit
ANSWERS_PUBLIC = ("review", "published", "adopted")
SETTLED = ("published", "adopted", "withdrawn", "archived")
TOO_LATE = "Comments are closed, so nobody can sign it for the organisation now. It stays its author's own."
OVER = "This round is over; its outcome is published."


def _takes_part(actor: Actor, verb: str) -> Verdict:
    if not actor.is_authenticated:
        return no(f"Sign in to {verb}.")
    if not actor.is_verified:
        return no(f"Confirm your e-mail address first, with the link we sent you; then you can {verb}.")
    return YES


def _is_open(consultation: Consultation) -> Verdict:
    if consultation.takes_comments():
        return YES
    return no(NOT_OPEN.get(consultation.state, CLOSED))


def _takes_words(comment: Comment) -> Verdict:
    """Whether the debate under a comment goes on: its consultation is open, in the comment's own round."""
    return no(OVER) if comment.round.is_over else _is_open(comment.consultation)


def may_post_comment(actor: Actor, consultation: Consultation) -> Verdict:
    """People with a confirmed address, while comments are open by the clock."""
    return _takes_part(actor, "comment") and _is_open(consultation)


def may_keep_draft(actor: Actor, consultation: Consultation) -> Verdict:
    """Who may comment may keep what she has begun."""
    return may_post_comment(actor, consultation)


def is_my_draft(actor: Actor, draft: CommentDraft) -> Verdict:
    """What somebody began to write is hers alone, also after comments are closed."""
    if actor.is_authenticated and actor.person_id == draft.person_id:
        return YES
    return no("Only the person who began it can do this.")


def is_up(version: DraftVersion) -> Verdict:
    """Whether this is the version the newest round is about. Its round must be loaded."""
    if version.round is None:
        return no("This version of the draft is not put to comment.")
    return no(OVER) if version.round.is_over else YES


def may_edit_comment(actor: Actor, comment: Comment) -> Verdict:
    """The author, or a signatory where it stands in an organisation's name, while comments are open."""
    return _is_authors(actor, comment) and _takes_words(comment)


def may_withdraw_comment(actor: Actor, comment: Comment) -> Verdict:
    """The author, or a signatory where it stands in an organisation's name, until the outcome is published."""
    if _is_settled(comment):
        return no("The outcome is published; your comment stays as part of it.")
    return _is_authors(actor, comment)


def _is_settled(comment: Comment) -> bool:
    return comment.round.is_over or comment.consultation.state in SETTLED


def _is_authors(actor: Actor, thing: Comment | Reply) -> Verdict:
    if thing.organisation_id is not None and thing.author_id is not None:
        if thing.organisation_id not in actor.signatory_of:
            return no("Only a signatory of the organisation in whose name it stands can change it.")
    elif not actor.is_authenticated or thing.author_id != actor.person_id:
        return no("Only the person who wrote it can change it.")
    if thing.state == "withdrawn":
        return no("It is withdrawn already.")
    return YES if thing.state == "posted" else no("It is hidden by a moderator; it cannot be changed.")


def may_place_comment(actor: Actor, comment: Comment) -> Verdict:
    """A comment from outside gets its positions from its author or a moderator."""
    if comment.source == "web":
        return no("Its author chose its positions; nobody else changes them.")
    if comment.state != "posted":
        return no("It is not shown any more.")
    is_author = actor.is_authenticated and actor.person_id == comment.author_id
    if is_author or actor.holds("moderator", comment.consultation_id):
        return YES
    return no("Only its author or a moderator of this consultation can say what it argues from.")


def may_record_comment(actor: Actor, consultation: Consultation) -> Verdict:
    """What came by post, mail or a file is entered by moderators or by an import."""
    if actor.holds("moderator", consultation.id):
        return YES
    return no("Only moderators of this consultation can enter comments for others.")


def may_record_replies(actor: Actor, comment: Comment) -> Verdict:
    """Where a comment from outside may be entered, what answered it there may too; not under what was written here."""
    if comment.source == "web":
        return no("This comment was written here, and so are the replies to it.")
    if actor.holds("moderator", comment.consultation_id):
        return YES
    return no("Only moderators of this consultation can enter replies for others.")


def may_renote_comment(actor: Actor, comment: Comment) -> Verdict:
    """Only what came from outside has a source that can say something new."""
    return may_record_replies(actor, comment)


def may_reply(actor: Actor, comment: Comment) -> Verdict:
    """People with a confirmed address, under a comment that is shown, while comments are open."""
    if comment.state != "posted":
        return no("This comment is not shown any more, so nobody can reply to it.")
    return _takes_part(actor, "reply") and _takes_words(comment)


def may_edit_reply(actor: Actor, reply: Reply) -> Verdict:
    """The author, while comments are open."""
    return _is_authors(actor, reply) and _takes_words(reply.comment)


def may_withdraw_reply(actor: Actor, reply: Reply) -> Verdict:
    """The author, until the outcome is published."""
    if _is_settled(reply.comment):
        return no("The outcome is published; the debate stays as it was.")
    return _is_authors(actor, reply)


def may_vote(actor: Actor, comment: Comment) -> Verdict:
    """Everybody once, on the comments of others."""
    if comment.state != "posted":
        return no("This comment is not shown any more.")
    verdict = _takes_part(actor, "vote") and _takes_words(comment)
    if verdict and (comment.author_id == actor.person_id or _speaks_for_it(actor, comment)):
        return no("This is your own comment; others vote on it.")
    return verdict


def may_weigh_in(actor: Actor, consultation: Consultation) -> Verdict:
    """Everybody with a confirmed address, while comments are open."""
    return _takes_part(actor, "weigh in") and _is_open(consultation)


def _speaks_for_it(actor: Actor, comment: Comment) -> bool:
    """Whether it is said, signed or not, for the organisation that the actor acts for."""
    bodies = {comment.organisation_id, comment.unsigned_for_id} - {None}
    return actor.acting_for_id in bodies


def may_cosign(actor: Actor, comment: Comment) -> Verdict:
    """Everybody once, under the comments of others, while comments are open."""
    if comment.state != "posted":
        return no("This comment is not shown any more.")
    verdict = _takes_part(actor, "put your name under it") and _takes_words(comment)
    if verdict and (comment.author_id == actor.person_id or _speaks_for_it(actor, comment)):
        return no("This is your own comment: your name is on it already.")
    return verdict


def may_take_back_name(actor: Actor, comment: Comment) -> Verdict:
    """Who put a name there, while comments are open."""
    return _takes_part(actor, "take your name back") and _takes_words(comment)


def awaits_signature(comment: Comment) -> Verdict:
    """Whether what a member wrote for an organisation can still be signed for it."""
    if comment.organisation_id is not None:
        return no("It stands in the name of the organisation already.")
    if comment.unsigned_for_id is None:
        return no("It was not written for an organisation, so there is nothing to sign.")
    if comment.state != "posted":
        return no("It is not shown any more, so nobody can sign it.")
    if comment.consultation.state == "paused":
        return no("This consultation is paused for now. It can be signed when it goes on.")
    return YES if _takes_words(comment) else no(TOO_LATE)


def may_sign_comment(actor: Actor, comment: Comment) -> Verdict:
    """A signatory of the organisation it was written for, while comments are open."""
    return (
        _takes_part(actor, "sign for an organisation")
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
    verdict = may_see_shared(actor, draft) and _takes_part(actor, "write with the others")
    return verdict and _is_at_work(draft) and _is_open(draft.consultation)


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


def may_hide(actor: Actor, thing: Comment | Reply) -> Verdict:
    """Moderators and the appeals panel of the consultation; a Reply comes with its comment loaded."""
    consultation_id = thing.consultation_id if isinstance(thing, Comment) else thing.comment.consultation_id
    if actor.holds("moderator", consultation_id) or actor.holds("appeals_panel", consultation_id):
        return YES
    return no("Only moderators of this consultation can do this.")


def may_decide(actor: Actor, comment: Comment) -> Verdict:
    """Moderators of the consultation, or an import."""
    if actor.holds("moderator", comment.consultation_id):
        return YES
    return no("Only moderators of this consultation decide what becomes of a comment.")


def may_read_answers(actor: Actor, consultation: Consultation, of: Round) -> bool:
    """Whether what became of the comments of a round may be shown: to all from its review on, to the staff before."""
    is_told = of.is_over or consultation.state in ANSWERS_PUBLIC
    return is_told or actor.is_staff_of(consultation.id) or actor.is_administrator


def is_own(actor: Actor, comment: Comment) -> bool:
    """Whether the actor, or an organisation the actor belongs to (or its subsidiary), wrote the comment."""
    if actor.person_id is not None and comment.author_id == actor.person_id:
        return True
    return bool(bodies_of(comment) & actor.member_of)


def bodies_of(thing: Comment | Reply) -> set[int]:
    """The organisation it was written for, signed or not, and the one that is a part of; both links are loaded."""
    ids, loaded = [thing.organisation_id], [thing.organisation]
    if isinstance(thing, Comment):
        ids, loaded = [*ids, thing.unsigned_for_id], [*loaded, thing.unsigned_for]
    ids += [one.parent_id for one in loaded if one is not None]
    return {body for body in ids if body is not None}


def may_see_carried(actor: Actor, consultation: Consultation) -> Verdict:
    """The list of what became of all comments in the next draft; everybody sees it beside the text."""
    if actor.is_staff_of(consultation.id) or actor.is_administrator:
        return YES
    return no("Only the moderators, organisers and editors of this consultation see this list.")


def may_check_anchor(actor: Actor, carried: CarriedAnchor) -> Verdict:
    """Its author, or a moderator whose own comment it is not. Its comment with consultation and organisation is loaded."""
    comment = carried.comment
    if comment.consultation.state in ("withdrawn", "archived"):
        return no("This consultation has ended; its comments stay as they are.")
    if comment.state == "withdrawn":
        return no("It was withdrawn by its author, so there is nothing to check.")
    is_author = actor.is_authenticated and actor.person_id == comment.author_id
    if is_author and comment.state == "posted":
        return YES
    if not actor.holds("moderator", comment.consultation_id):
        return no("Only its author and the moderators of this consultation say what became of it.")
    if is_own(actor, comment):
        return no("It is a comment of your own organisation. Leave it to its author, or to another moderator.")
    return YES


def may_give_up(actor: Actor, carried: CarriedAnchor) -> Verdict:
    """Say that one's comment is not meant any more: only its author."""
    if actor.is_authenticated and actor.person_id == carried.comment.author_id:
        return may_check_anchor(actor, carried)
    return no("Only its author can say that it is not meant any more.")


def may_judge_anchor(actor: Actor, carried: CarriedAnchor, said: str) -> Verdict:
    """Say this of it."""
    return may_give_up(actor, carried) if said == "withdrawn" else may_check_anchor(actor, carried)


def may_take_back_judgement(actor: Actor, carried: CarriedAnchor) -> Verdict:
    """Whoever may say the same may take it back."""
    return may_judge_anchor(actor, carried, carried.checked_as)


def may_note_visit(actor: Actor, consultation: Consultation) -> Verdict:
    """Everybody who is signed in, for themselves."""
    return YES if actor.is_authenticated else no("Sign in, and what is new will be marked.")


def since(before: datetime, latest: datetime, now: datetime) -> datetime:
    """The end of somebody's last visit: `before` while this one goes on, its own end once there was a PAUSE."""
    return latest if now - latest > PAUSE else before
