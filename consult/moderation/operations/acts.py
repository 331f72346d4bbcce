"""Reports, and decisions on what is shown. One act is one transaction: the decision, what it does, the reports it closes, the mail."""

from __future__ import annotations

from sqlalchemy import select, update

from consult.accounts.addresses import email_address
from consult.core import clock
from consult.core.db import insert_new
from consult.core.errors import Conflict, Invalid
from consult.core.events import emit
from consult.core.operations import SubmissionKey, operation, session
from consult.core.rules import Actor, system_only
from consult.core.text import normalise
from consult.debate import operations as debate
from consult.debate.models import Comment
from consult.debate.rules import takes_words

from .. import rules
from ..claiming import KEPT
from ..events import Asked, Hidden, Kept, Reported
from ..models import RULES, ModerationAct, Report
from ..queries.things import facts as facts_now
from ..queries.things import standing, waiting_request
from ..rules import Contribution, consultation_of, role_of
from ..stating import (
    about,
    close_reports,
    is_stated,
    is_without,
    nobody_was_quicker,
    reason_is_fit_for_the_public,
    reported_rule,
    write_down,
)
from ..undoing import undo

DAYS = (3, 7, 14)  # that an author can be given


@operation(rule=rules.may_report, on="thing")
def report(
    *, actor: Actor, thing: Contribution, rule: str, text: str = "", reader: str = "", key: SubmissionKey | None = None
) -> Report:
    """Tell the moderators that something breaks a rule. The same reader again on the same thing keeps one open report.

    `reader` tells visitors apart (a digest of their session); people with an account are told apart by it.
    """
    if rule not in RULES:
        raise Invalid("Choose the rule it breaks.", field="rule")
    reader = f"person {actor.person_id}" if actor.is_authenticated else reader
    if not reader:
        raise Invalid("Your browser did not say who it is. Open the page again; cookies must be allowed.")
    new_id = insert_new(
        Report, consultation_id=consultation_of(thing).id, rule=rule, text=text, reporter_id=actor.person_id,
        reader=reader, reported_at=clock.now(), **about(thing),
    )  # fmt: skip
    if new_id is not None:
        emit(Reported(new_id))
        return session().get_one(Report, new_id)
    earlier = (
        session()
        .scalars(select(Report).filter_by(reader=reader, closed_at=None, **about(thing)).with_for_update())
        .one()
    )
    earlier.rule, earlier.text = rule, text or earlier.text
    return earlier


@operation(rule=rules.may_disown, on="comment")
def disown(
    *, actor: Actor, comment: Comment, name: str, email: str, text: str, reader: str = "",
    key: SubmissionKey | None = None,
) -> Report:  # fmt: skip
    """Tell the moderators: this stands in my name, and I did not write it. It changes nothing by itself.

    Name and address are for the moderators alone. The same reader again keeps one open report.
    """
    name, email = normalise(name), email_address(email)
    if not name:
        raise Invalid("Say who you are.", field="name")
    made = report(actor=actor, thing=comment, rule="false_identity", text=text, reader=reader)
    made.is_disowned, made.claimant, made.claimant_email = True, name, email
    return made


@operation(rule=rules.may_decide, on="thing")
def hide_contribution(
    *, actor: Actor, thing: Contribution, rule: str, passage: str, reason: str, seen_act_id: int, facts: str = "",
    key: SubmissionKey | None = None,
) -> ModerationAct:  # fmt: skip
    """Hide a comment or a reply: names the rule, the passage that breaks it, and a public reason.

    `facts` (public) is what it relies on beside the words themselves. `seen_act_id` is the newest act the moderator had seen (0: none); a newer one is a Conflict.
    """
    nobody_was_quicker(thing, seen_act_id)
    if thing.state not in ("posted", "held"):
        raise Conflict(f"It is not on show any more ({thing.state}), so there is nothing to hide. {KEPT}")
    is_stated(thing, rule, passage, reason, facts)
    act = write_down(
        actor, thing, "hide", reason, rule=rule, passage=passage, role=role_of(actor, consultation_of(thing)),
        facts=facts_now(viewer=actor, thing=thing, typed=facts),
    )  # fmt: skip
    debate.hide(actor=actor, thing=thing, reason=f"{RULES[rule]}. {reason}")
    close_reports(act)
    emit(Hidden(act.id))
    return act


@operation(rule=rules.may_decide, on="thing")
def ask_for_change(
    *, actor: Actor, thing: Contribution, rule: str, passage: str, reason: str, days: int, seen_act_id: int,
    facts: str = "", key: SubmissionKey | None = None,
) -> ModerationAct:  # fmt: skip
    """Ask the author to change a comment or a reply within some days; it stays on show, and its reports are closed."""
    nobody_was_quicker(thing, seen_act_id)
    _can_be_changed(thing)
    is_stated(thing, rule, passage, reason, facts)
    if days not in DAYS:
        raise Invalid("Choose how long the author has.", field="days")
    act = write_down(
        actor, thing, "ask", reason, rule=rule, passage=passage, role=role_of(actor, consultation_of(thing)),
        facts=facts_now(viewer=actor, thing=thing, typed=facts), days=days,
    )  # fmt: skip
    close_reports(act)
    emit(Asked(act.id))
    return act


@operation(rule=system_only)
def note_correction(*, actor: Actor, thing: Contribution) -> None:
    """The author changed the words: what the moderators asked for is done, and they look at it again."""
    session().execute(
        update(ModerationAct)
        .filter_by(is_waiting=True, corrected_at=None, **about(thing))
        .values(corrected_at=clock.now())
    )


@operation(rule=rules.may_decide, on="thing")
def keep_contribution(
    *, actor: Actor, thing: Contribution, reason: str, seen_act_id: int, facts: str = "",
    key: SubmissionKey | None = None,
) -> ModerationAct:  # fmt: skip
    """Leave a comment or reply that was reported, or asked to be changed, as it is now; its reports are closed."""
    nobody_was_quicker(thing, seen_act_id)
    if thing.state == "hidden":
        raise Conflict(f"It is hidden. To show it again, choose “show again”. {KEPT}")
    request = waiting_request(viewer=actor, thing=thing)
    reason_is_fit_for_the_public(reason, request.passage if request else "")
    rule = reported_rule(thing) or (request.rule if request else "")
    act = write_down(
        actor, thing, "keep", reason, rule=rule, role=role_of(actor, consultation_of(thing)),
        facts=facts_now(viewer=actor, thing=thing, typed=facts),
    )  # fmt: skip
    if not close_reports(act) and request is None:
        raise Conflict(f"There is no open report on it any more. {KEPT}")
    emit(Kept(act.id))
    return act


@operation(rule=rules.may_decide, on="thing")
def restore_contribution(
    *, actor: Actor, thing: Contribution, reason: str, seen_act_id: int, facts: str = "",
    key: SubmissionKey | None = None,
) -> ModerationAct:  # fmt: skip
    """Show a hidden comment or reply again. An appeal that waits is answered by this."""
    nobody_was_quicker(thing, seen_act_id)
    if thing.state != "hidden":
        raise Conflict(f"It is not hidden. {KEPT}")
    hiding = standing(viewer=actor, thing=thing)
    reason_is_fit_for_the_public(reason, hiding.passage if hiding else "")
    is_without(facts, hiding.passage if hiding else "", "facts")
    return undo(actor, thing, hiding, reason, role=role_of(actor, consultation_of(thing)), facts=facts)


def _can_be_changed(thing: Contribution) -> None:
    if thing.state != "posted":
        raise Conflict(f"It is not on show any more ({thing.state}), so there is nothing to change. {KEPT}")
    if thing.author_id is None:
        raise Conflict(f"It came from outside, so there is no author here who could be asked. {KEPT}")
    verdict = takes_words(thing if isinstance(thing, Comment) else thing.comment)
    if not verdict:
        raise Conflict(f"Nobody can change it now, so nobody can be asked to. {verdict.reason} {KEPT}")
