"""Who may answer comments, write the summary and publish it, and when answers are public."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from consult.consultations import rules as consultations
from consult.consultations.models import Consultation, Round
from consult.core import clock
from consult.core.rules import YES, Actor, Verdict, no
from consult.debate import rules as debate
from consult.debate.models import Comment

from .models import (
    AnswerTemplate,
    Assignment,
    Objection,
    ObjectionAct,
    ObjectionAppeal,
    OutcomeSummary,
    SavedView,
    StandardVersion,
    Theme,
)

ANSWERING = ("analysis", "review")
ENDED = ("published", "adopted", "archived")
PUBLIC = ("review", "published", "adopted")
CORRECTED = ("published", "adopted")
NOT_NOW = {
    "draft": "Answers are written after the round has closed. This consultation is still a draft.",
    "announced": "Answers are written after the round has closed. This one has not opened yet.",
    "open": "Answers are written after the round has closed. This one is still open.",
    "paused": "Answers are written after the round has closed. This one is paused.",
    "withdrawn": "This consultation was withdrawn; its comments stay as they are.",
}
NOT_CHECKING = "Commenters say whether the answers satisfy them during the review, until its end."
NOT_OBJECTING = "Objections to the summary are taken during the review, until its end."
NOT_HERS = "This objection is your own, or one of your own organisation. Leave it to somebody else."
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


def may_prepare(actor: Actor, consultation: Consultation) -> Verdict:
    """Make the answering ready: themes, templates, who answers what. From the first comment to the publication."""
    if not actor.holds("moderator", consultation.id):
        return no("Only moderators of this consultation prepare its answers.")
    if consultation.state in ENDED:
        return no(FROZEN)
    return no(NOT_NOW["withdrawn"]) if consultation.state == "withdrawn" else YES


def may_change_theme(actor: Actor, theme: Theme) -> Verdict:
    """Say otherwise what a theme is, put comments into it, take them out. Its consultation and round must be loaded."""
    return no(FROZEN) if theme.round.is_over else may_prepare(actor, theme.consultation)


def may_answer_theme(actor: Actor, theme: Theme) -> Verdict:
    """Answer a theme; each of its comments is judged by `may_answer` when it has been read anew."""
    verdict = may_change_theme(actor, theme)
    return _while_answering(theme.consultation) if verdict else verdict


def may_change_template(actor: Actor, template: AnswerTemplate) -> Verdict:
    """Change or remove a template, whoever wrote it."""
    return may_prepare(actor, template.consultation)


def may_take_back(actor: Actor, assignment: Assignment) -> Verdict:
    """Undo an assignment."""
    return may_prepare(actor, assignment.consultation)


def may_drop_view(actor: Actor, view: SavedView) -> Verdict:
    """Remove a saved view: one's own."""
    if view.person_id == actor.person_id:
        return YES
    return no("Only the person who saved this view removes it.")


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
    """Write the summary: headline, statements, sources. Once it is published only a correction can be written."""
    if not _writes(actor, consultation):
        return no("Only moderators and organisers of this consultation write its summary.")
    return YES if consultation.state in CORRECTED else _while_answering(consultation)


def may_approve(actor: Actor, consultation: Consultation) -> Verdict:
    """Say yes to the words of a summary as a second person: during the review, or for a correction."""
    if not _writes(actor, consultation):
        return no("Only moderators and organisers of this consultation approve its summary.")
    if consultation.state == "review" or consultation.state in CORRECTED:
        return YES
    return no("The summary is approved during the review, before it is published.")


def may_correct(actor: Actor, consultation: Consultation) -> Verdict:
    """Begin, publish or drop a correction of a published summary."""
    if not _writes(actor, consultation):
        return no("Only moderators and organisers of this consultation correct its summary.")
    if consultation.state in CORRECTED:
        return YES
    return no("Only a summary that is published is corrected. Until then it can simply be changed.")


def is_second(actor: Actor, writers: Collection[int]) -> Verdict:
    """Whoever wrote anything in a summary (ids of people) leaves it to somebody else to approve it."""
    if actor.person_id not in writers:
        return YES
    return no(
        "You wrote in this summary, so somebody else approves it: a moderator or organiser who changed nothing in it."
        " Is there nobody? An organiser can invite one."
    )


def may_object(actor: Actor, consultation: Consultation, of: Round) -> Verdict:
    """Object to the summary or to a sentence of it: anybody who takes part, while the review runs."""
    if not (verdict := consultations.may_take_part(actor, consultation)):
        return verdict
    if not actor.is_authenticated:
        return no("Sign in to object.")
    if not actor.is_verified:
        return no("Confirm your e-mail address first. The link is in the mail we sent when you registered.")
    return YES if is_running(consultation, of) else no(NOT_OBJECTING)


def may_withdraw_objection(actor: Actor, objection: Objection) -> Verdict:
    """Take one's objection back, until it is answered."""
    if not actor.is_authenticated or objection.person_id != actor.person_id:
        return no("Only whoever made an objection can take it back.")
    if objection.round.is_over:
        return no(FROZEN)
    return YES if objection.is_open else no("It is answered or taken back already.")


def may_name_objection(actor: Actor, objection: Objection) -> Verdict:
    """Choose how much of one's name is shown over one's objection, at any time."""
    is_hers = actor.is_authenticated and objection.person_id == actor.person_id
    return YES if is_hers else no("Only whoever made an objection can choose how much of her name is shown.")


def may_answer_objection(actor: Actor, objection: Objection) -> Verdict:
    """Answer an objection in public: moderators and organisers, not the one who objects nor her organisation."""
    if not _writes(actor, objection.consultation):
        return no("Only moderators and organisers of this consultation answer objections.")
    if objection.round.is_over:
        return no(FROZEN)
    if objection.hidden_at is not None:
        return no("It is hidden, so it needs no answer.")
    if not objection.is_open:
        return no("It is answered or taken back already.")
    return no(NOT_HERS) if _is_own_objection(actor, objection) else YES


def may_report_objection(actor: Actor, objection: Objection) -> Verdict:
    """Every reader, with or without an account, about what is on show and not their own."""
    if objection.withdrawn_at is not None or objection.hidden_at is not None:
        return no("It is not on show any more, so there is nothing to report.")
    if actor.is_authenticated and objection.person_id == actor.person_id:
        return no("You made this objection yourself. You can take it back.")
    return YES


def may_moderate_objection(actor: Actor, objection: Objection) -> Verdict:
    """Decide whether an objection is shown: moderators, not on their own or their organisation's."""
    if actor.person_id is None or not actor.holds("moderator", objection.consultation_id):
        return no("Only the moderators of this consultation decide what is shown.")
    if objection.withdrawn_at is not None:
        return no("It was taken back; its words are shown to nobody.")
    return no(NOT_HERS) if _is_own_objection(actor, objection) else YES


def may_appeal_hiding(actor: Actor, act: ObjectionAct) -> Verdict:
    """Ask for a second look: whoever made the objection, while it is hidden by this act and in time."""
    objection = act.objection
    if not actor.is_authenticated or objection.person_id != actor.person_id:
        return no("Only whoever made the objection can ask for a second look.")
    if act.appeal_until is None or objection.hidden_at is None or objection.hidden_at > act.at:
        return no("It is not in force any more, so there is nothing to look at a second time.")
    return YES if clock.now() <= act.appeal_until else no("The time to ask for a second look is over.")


def may_decide_hiding_appeal(actor: Actor, appeal: ObjectionAppeal) -> Verdict:
    """A moderator or the appeals panel, other than who hid it and not of the side of whoever objected."""
    objection = appeal.act.objection
    roles = ("moderator", "appeals_panel")
    if actor.person_id is None or not any(actor.holds(role, objection.consultation_id) for role in roles):
        return no("Only the moderators and the appeals panel of this consultation decide on appeals.")
    if appeal.act.moderator_id == actor.person_id:
        return no("You decided this yourself, so somebody else looks at it again.")
    return no(NOT_HERS) if _is_own_objection(actor, objection) else YES


def _is_own_objection(actor: Actor, objection: Objection) -> bool:
    return objection.person_id == actor.person_id or objection.organisation_id in actor.member_of


def may_state_immaterial(actor: Actor, consultation: Consultation) -> Verdict:
    """State why the changes of the last round are not material: editors and organisers, once it is published."""
    if not (actor.is_administrator or any(actor.holds(role, consultation.id) for role in ("editor", "organiser"))):
        return no("Only editors and organisers of this consultation state that its changes are not material.")
    if consultation.state != "published":
        return no("This is stated when the outcome is published, before the draft is adopted.")
    return YES


def may_implement(actor: Actor, consultation: Consultation) -> Verdict:
    """Note what became of accepted changes in a later draft: the staff, also while a further round goes on."""
    if not actor.is_staff_of(consultation.id):
        return no("Only the editors, moderators and organisers of this consultation note what became of its answers.")
    if consultation.state in ("withdrawn", "archived"):
        return no("This consultation is over; what became of its answers no longer changes.")
    return YES


def may_verify(actor: Actor, applied_by: int) -> Verdict:
    """Whoever applied a change (id of a person) leaves it to somebody else to verify it."""
    if actor.person_id != applied_by:
        return YES
    return no("You applied this yourself, so somebody else verifies it.")


def may_cite(actor: Actor, comment: Comment, consultation: Consultation) -> Verdict:
    """Let the summary rest on this comment."""
    verdict = may_write_summary(actor, consultation)
    if not verdict:
        return verdict
    if comment.consultation_id != consultation.id:
        return no(f"{comment.number} belongs to another consultation.")
    if comment.round.is_over and consultation.state in ANSWERING:
        return no(f"{comment.number} belongs to an earlier round, whose outcome is published.")
    if comment.state != "posted":
        return no(f"{comment.number} was withdrawn or hidden, so nothing can rest on it.")
    return YES


is_own = debate.is_own
may_begin_review = consultations.may("begin_review")
may_publish = consultations.may("publish")
may_adopt = consultations.may("adopt")


def may_review(actor: Actor, version: StandardVersion) -> Verdict:
    """Confirm, revise or withdraw a standard: who organised the consultation in which its newest version was adopted."""
    if not (actor.is_administrator or actor.holds("organiser", version.consultation_id)):
        return no("Only the organisers who adopted its newest version decide about a standard.")
    if version.number != version.standard.latest:
        return no("There is a newer version of this standard. Decide about that one.")
    if version.standard.withdrawn_at is not None:
        return no("This standard was withdrawn. Its pages stay as they are.")
    return YES


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


def _writes(actor: Actor, consultation: Consultation) -> bool:
    roles = ("moderator", "organiser")
    return actor.is_administrator or any(actor.holds(role, consultation.id) for role in roles)


def _while_answering(consultation: Consultation) -> Verdict:
    if consultation.state in ANSWERING:
        return YES
    return no(NOT_NOW.get(consultation.state, FROZEN))
