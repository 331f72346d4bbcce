"""Who may answer comments, write the summary and publish it, and when answers are public."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from consult.consultations import rules as consultations
from consult.consultations.models import Consultation, Round
from consult.core import clock
from consult.core.rules import YES, Actor, Verdict, no
from consult.debate import rules as debate
from consult.debate.models import Comment

from .models import OutcomeSummary

ANSWERING = ("analysis", "review")
ENDED = ("published", "adopted", "archived")
PUBLIC = ("review", "published", "adopted")
NOT_NOW = {
    "draft": "Answers are written after the round has closed. This consultation is still a draft.",
    "announced": "Answers are written after the round has closed. This one has not opened yet.",
    "open": "Answers are written after the round has closed. This one is still open.",
    "paused": "Answers are written after the round has closed. This one is paused.",
    "withdrawn": "This consultation was withdrawn; its comments stay as they are.",
}
NOT_CHECKING = "Commenters say whether the answers satisfy them during the review, until its end."
FROZEN = "The outcome is published; its answers and its summary no longer change."


def may_work(actor: Actor, consultation: Consultation) -> Verdict:
    """See the workbench and the unpublished summary."""
    if actor.is_staff_of(consultation.id) or actor.is_administrator:
        return YES
    return no("Only the moderators, organisers and editors of this consultation see its workbench.")


def may_decide(actor: Actor, comments: Sequence[Comment]) -> Verdict:
    """Answer comments at all; each one is judged by `may_answer` when it has been read anew."""
    if all(actor.holds("moderator", comment.consultation_id) for comment in comments):
        return YES
    return no("Only moderators of this consultation answer its comments.")


def may_answer(actor: Actor, comment: Comment) -> Verdict:
    """Answer this comment now. Its consultation, round and organisation must be loaded."""
    verdict = no(FROZEN) if comment.round.is_over else _while_answering(comment.consultation)
    if not verdict:
        return verdict
    if comment.state == "withdrawn":
        return no(f"{comment.number} was withdrawn by its author and needs no answer.")
    if comment.state == "hidden":
        return no(f"{comment.number} is hidden and not counted. Restore it before you answer it.")
    if comment.state == "held":
        return no(f"{comment.number} waits for a look by a moderator. Decide whether it is shown before you answer it.")
    if is_own(actor, comment):
        return no(
            f"{comment.number} is your own comment, or one of your own organisation. Leave it to another moderator."
        )
    return YES


def may_answer_again(actor: Actor, comment: Comment, contested: Collection[int]) -> Verdict:
    """Whose answer was contested last (ids of people) leaves the next one to somebody else."""
    if actor.person_id not in contested:
        return YES
    return no(
        f"The author of {comment.number} is not satisfied with your answer, so another moderator decides it again."
        " Are you the only one? Then it needs another moderator; an organiser can invite one."
    )


def may_acknowledge(actor: Actor, comment: Comment) -> Verdict:
    """Say whether the answer satisfies: the author, or a signatory where it stands in an organisation's name."""
    verdict = _speaks_for_its_author(actor, comment)
    if not verdict:
        return verdict
    if not is_running(comment.consultation, comment.round):
        return no(NOT_CHECKING)
    if comment.state != "posted":
        return no("It is withdrawn or hidden, so there is no answer to judge.")
    return no("It has no answer yet.") if comment.disposition == "unresolved" else YES


def _speaks_for_its_author(actor: Actor, comment: Comment) -> Verdict:
    if not actor.is_authenticated:
        return no("Sign in to say whether the answer satisfies you.")
    if comment.author_id is None:
        return no("This comment came from outside; nobody here can speak for its author.")
    if comment.organisation_id is None:
        is_hers = comment.author_id == actor.person_id
        return YES if is_hers else no("Only the person who wrote it can say whether the answer satisfies.")
    if comment.organisation_id in actor.signatory_of:
        return YES
    return no("Only a signatory of the organisation in whose name it stands can say whether the answer satisfies.")


def is_running(consultation: Consultation, of: Round) -> bool:
    """Whether the review of a round goes on, in which commenters say whether the answers satisfy."""
    ends_at = consultation.review_ends_at
    is_now = ends_at is None or clock.now() < ends_at
    return is_now and consultation.state == "review" and not of.is_over


def is_asked(consultation: Consultation, of: Round) -> bool:
    """Whether there is or was a review of a round; what ended elsewhere long ago had none here."""
    if of.is_over:
        return consultation.state not in ENDED or consultation.review_ends_at is not None
    return consultation.state == "review"


def may_write_summary(actor: Actor, consultation: Consultation) -> Verdict:
    """Write the summary: headline, statements, sources."""
    if actor.is_administrator or any(actor.holds(role, consultation.id) for role in ("moderator", "organiser")):
        return _while_answering(consultation)
    return no("Only moderators and organisers of this consultation write its summary.")


def may_cite(actor: Actor, comment: Comment, consultation: Consultation) -> Verdict:
    """Let the summary rest on this comment."""
    verdict = may_write_summary(actor, consultation)
    if not verdict:
        return verdict
    if comment.consultation_id != consultation.id:
        return no(f"{comment.number} belongs to another consultation.")
    if comment.round.is_over:
        return no(f"{comment.number} belongs to an earlier round, whose outcome is published.")
    if comment.state != "posted":
        return no(f"{comment.number} was withdrawn or hidden, so nothing can rest on it.")
    return YES


is_own = debate.is_own
may_begin_review = consultations.may("begin_review")
may_publish = consultations.may("publish")


def may_see_answers(actor: Actor, consultation: Consultation, of: Round) -> Verdict:
    """Read dispositions and summary of a round: everybody from its review on, the staff always."""
    if debate.may_read_answers(actor, consultation, of):
        return YES
    return no("The answers are being written. They are public when the review begins.")


def is_proposed(consultation: Consultation, of: Round) -> bool:
    """Whether answers and summary of a round are proposals that may still change."""
    return consultation.state in ANSWERING and not of.is_over


def is_frozen(summary: OutcomeSummary | None) -> bool:
    """Whether the summary was published."""
    return summary is not None and summary.published_at is not None


def _while_answering(consultation: Consultation) -> Verdict:
    if consultation.state in ANSWERING:
        return YES
    return no(NOT_NOW.get(consultation.state, FROZEN))
