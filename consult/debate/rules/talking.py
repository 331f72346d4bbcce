"""Comments, replies, votes: who may say what, and when."""

from __future__ import annotations

from datetime import datetime, timedelta

from consult.consultations.models import Consultation
from consult.consultations.rules import may_take_part
from consult.core import clock
from consult.core.rules import YES, Actor, Verdict, no, system_only
from consult.documents.models import DraftVersion

from ..models import Comment, CommentDraft, Reply

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
WAITS = "It waits for a look by a moderator. You can change it once it is on show, or withdraw it and write it anew."
LOOKED_AT = "Every contribution is looked at before it is on show here, so words that were let through stay as they are. Withdraw it and write it anew."
ANSWERS_PUBLIC = ("review", "published", "adopted")
SETTLED = ("published", "adopted", "withdrawn", "archived")
OVER = "This round is over; its outcome is published."


def takes_part(actor: Actor, verb: str, consultation: Consultation | None = None) -> Verdict:
    """Somebody with a confirmed address; of a consultation by invitation, whom it let in."""
    if consultation is not None and not (verdict := may_take_part(actor, consultation)):
        return verdict
    if not actor.is_authenticated:
        return no(f"Sign in to {verb}.")
    if not actor.is_verified:
        return no(f"Confirm your e-mail address first, with the link we sent you; then you can {verb}.")
    return YES


def counts(actor: Actor) -> Verdict:
    """Votes and names count people once each."""
    return no("A machine takes part with words; votes and names are for people.") if actor.is_machine else YES


def is_open(consultation: Consultation) -> Verdict:
    if consultation.takes_comments():
        return YES
    return no(NOT_OPEN.get(consultation.state, CLOSED))


def takes_words(comment: Comment) -> Verdict:
    """Whether the debate under a comment goes on: its consultation is open, in the comment's own round."""
    return no(OVER) if comment.round.is_over else is_open(comment.consultation)


def may_post_here(actor: Actor, consultation: Consultation) -> Verdict:
    """Whom no moderator has told to post nothing new here for some time."""
    until = actor.suspended_until(consultation.id)
    if until is None:
        return YES
    wall = until.astimezone(clock.zone(consultation.timezone))
    return no(
        f"You may post nothing new in this consultation until {wall.day} {wall:%B %Y, %H:%M} ({consultation.timezone})."
        " A moderator decided so; the mail we sent you says why, and how to ask for a second look. You can still read,"
        " vote, and change or withdraw what you wrote."
    )


def may_post_comment(actor: Actor, consultation: Consultation) -> Verdict:
    """People with a confirmed address, while comments are open by the clock."""
    return takes_part(actor, "comment", consultation) and is_open(consultation) and may_post_here(actor, consultation)


def may_keep_draft(actor: Actor, consultation: Consultation) -> Verdict:
    """Who may comment may keep what she has begun; so may somebody who may not post for some time."""
    return takes_part(actor, "comment", consultation) and is_open(consultation)


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
    return _may_reword(actor, comment, comment.consultation) and takes_words(comment)


def _may_reword(actor: Actor, thing: Comment | Reply, consultation: Consultation) -> Verdict:
    """Its author, where nobody has to look at the words again before they are on show."""
    verdict = _is_authors(actor, thing) and may_take_part(actor, consultation)
    if verdict and thing.state == "held":
        return no(WAITS)
    return no(LOOKED_AT) if verdict and consultation.pre_moderation == "all" else verdict


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
    return YES if thing.state in ("posted", "held") else no("It is hidden by a moderator; it cannot be changed.")


def may_place_comment(actor: Actor, comment: Comment) -> Verdict:
    """A comment from outside gets its positions from its author or a moderator."""
    if comment.source == "web" and comment.placed_by_id is None:  # placed: cut by a moderator from a letter
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


def may_give_to_author(actor: Actor, comment: Comment) -> Verdict:
    """Consult itself, when somebody proved that she sent what was entered for her."""
    if comment.author_id is not None or comment.source == "web":
        return no("It has an author already.")
    return system_only(actor)


def may_take_from_author(actor: Actor, comment: Comment) -> Verdict:
    """Consult itself, when a claim is taken back."""
    if comment.author_id is None or comment.source == "web":
        return no("It was written from an account, or nobody has claimed it.")
    return system_only(actor)


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
    return (
        takes_part(actor, "reply", comment.consultation)
        and takes_words(comment)
        and may_post_here(actor, comment.consultation)
    )


def may_edit_reply(actor: Actor, reply: Reply) -> Verdict:
    """The author, while comments are open."""
    return _may_reword(actor, reply, reply.comment.consultation) and takes_words(reply.comment)


def may_withdraw_reply(actor: Actor, reply: Reply) -> Verdict:
    """The author, until the outcome is published."""
    if _is_settled(reply.comment):
        return no("The outcome is published; the debate stays as it was.")
    return _is_authors(actor, reply)


def may_vote(actor: Actor, comment: Comment) -> Verdict:
    """Everybody once, on the comments of others."""
    if comment.state != "posted":
        return no("This comment is not shown any more.")
    verdict = takes_part(actor, "vote", comment.consultation) and counts(actor) and takes_words(comment)
    if verdict and (comment.author_id == actor.person_id or _speaks_for_it(actor, comment)):
        return no("This is your own comment; others vote on it.")
    return verdict


def may_weigh_in(actor: Actor, consultation: Consultation) -> Verdict:
    """Everybody with a confirmed address, while comments are open."""
    return takes_part(actor, "weigh in", consultation) and counts(actor) and is_open(consultation)


def _speaks_for_it(actor: Actor, comment: Comment) -> bool:
    """Whether it is said, signed or not, for the organisation that the actor acts for."""
    unsigned = comment.unsigned_for_id if comment.named != "nobody" else None  # nobody is told that a member wrote it
    return bool({comment.organisation_id, unsigned} - {None} & actor.acts_as)


def may_cosign(actor: Actor, comment: Comment) -> Verdict:
    """Everybody once, under the comments of others, while comments are open."""
    if comment.state != "posted":
        return no("This comment is not shown any more.")
    verdict = takes_part(actor, "put your name under it", comment.consultation) and counts(actor)
    verdict = verdict and takes_words(comment) and may_post_here(actor, comment.consultation)
    if verdict and (comment.author_id == actor.person_id or _speaks_for_it(actor, comment)):
        return no("This is your own comment: your name is on it already.")
    return verdict


def may_take_back_name(actor: Actor, comment: Comment) -> Verdict:
    """Who put a name there, while comments are open."""
    return takes_part(actor, "take your name back") and takes_words(comment)


def may_note_visit(actor: Actor, consultation: Consultation) -> Verdict:
    """Everybody who is signed in, for themselves."""
    return YES if actor.is_authenticated else no("Sign in, and what is new will be marked.")


def since(before: datetime, latest: datetime, now: datetime) -> datetime:
    """The end of somebody's last visit: `before` while this one goes on, its own end once there was a PAUSE."""
    return latest if now - latest > PAUSE else before
