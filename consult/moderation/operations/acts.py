"""Reports, decisions on what is shown, appeals. One act is one transaction: the decision, what it does, the reports it closes, the mail."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from consult.accounts.addresses import email_address
from consult.core import clock
from consult.core.db import insert_new
from consult.core.errors import Conflict, Invalid
from consult.core.events import emit
from consult.core.operations import SubmissionKey, operation, session
from consult.core.rules import Actor, system_only
from consult.core.text import normalise, plain
from consult.debate import operations as debate
from consult.debate.models import Comment
from consult.debate.rules import takes_words

from .. import rules
from ..events import AppealDecided, Appealed, Asked, Hidden, Kept, Reported, Restored
from ..models import MEANINGS, RULES, Appeal, ModerationAct, Report
from ..queries.things import THE_WORDS, standing, waiting_request
from ..queries.things import facts as facts_now
from ..rules import Contribution, consultation_of, role_of, thing_of
from . import claims

DAYS = (3, 7, 14)  # that an author can be given
KEPT = "Nothing you typed is lost."


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
        reader=reader, reported_at=clock.now(), **_about(thing),
    )  # fmt: skip
    if new_id is not None:
        emit(Reported(new_id))
        return session().get_one(Report, new_id)
    earlier = (
        session()
        .scalars(select(Report).filter_by(reader=reader, closed_at=None, **_about(thing)).with_for_update())
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
    _nobody_was_quicker(thing, seen_act_id)
    if thing.state not in ("posted", "held"):
        raise Conflict(f"It is not on show any more ({thing.state}), so there is nothing to hide. {KEPT}")
    _is_stated(thing, rule, passage, reason, facts)
    act = _act(
        actor, thing, "hide", reason, rule=rule, passage=passage, role=role_of(actor, consultation_of(thing)),
        facts=facts_now(viewer=actor, thing=thing, typed=facts),
    )  # fmt: skip
    debate.hide(actor=actor, thing=thing, reason=f"{RULES[rule]}. {reason}")
    _close_reports(act)
    emit(Hidden(act.id))
    return act


@operation(rule=rules.may_decide, on="thing")
def ask_for_change(
    *, actor: Actor, thing: Contribution, rule: str, passage: str, reason: str, days: int, seen_act_id: int,
    facts: str = "", key: SubmissionKey | None = None,
) -> ModerationAct:  # fmt: skip
    """Ask the author to change a comment or a reply within some days; it stays on show, and its reports are closed."""
    _nobody_was_quicker(thing, seen_act_id)
    _can_be_changed(thing)
    _is_stated(thing, rule, passage, reason, facts)
    if days not in DAYS:
        raise Invalid("Choose how long the author has.", field="days")
    act = _act(
        actor, thing, "ask", reason, rule=rule, passage=passage, role=role_of(actor, consultation_of(thing)),
        facts=facts_now(viewer=actor, thing=thing, typed=facts), days=days,
    )  # fmt: skip
    _close_reports(act)
    emit(Asked(act.id))
    return act


@operation(rule=system_only)
def note_correction(*, actor: Actor, thing: Contribution) -> None:
    """The author changed the words: what the moderators asked for is done, and they look at it again."""
    session().execute(
        update(ModerationAct)
        .filter_by(is_waiting=True, corrected_at=None, **_about(thing))
        .values(corrected_at=clock.now())
    )


@operation(rule=rules.may_decide, on="thing")
def keep_contribution(
    *, actor: Actor, thing: Contribution, reason: str, seen_act_id: int, facts: str = "",
    key: SubmissionKey | None = None,
) -> ModerationAct:  # fmt: skip
    """Leave a comment or reply that was reported, or asked to be changed, as it is now; its reports are closed."""
    _nobody_was_quicker(thing, seen_act_id)
    if thing.state == "hidden":
        raise Conflict(f"It is hidden. To show it again, choose “show again”. {KEPT}")
    request = waiting_request(viewer=actor, thing=thing)
    _reason_is_fit_for_the_public(reason, request.passage if request else "")
    rule = _reported_rule(thing) or (request.rule if request else "")
    act = _act(
        actor, thing, "keep", reason, rule=rule, role=role_of(actor, consultation_of(thing)),
        facts=facts_now(viewer=actor, thing=thing, typed=facts),
    )  # fmt: skip
    if not _close_reports(act) and request is None:
        raise Conflict(f"There is no open report on it any more. {KEPT}")
    emit(Kept(act.id))
    return act


@operation(rule=rules.may_decide, on="thing")
def restore_contribution(
    *, actor: Actor, thing: Contribution, reason: str, seen_act_id: int, facts: str = "",
    key: SubmissionKey | None = None,
) -> ModerationAct:  # fmt: skip
    """Show a hidden comment or reply again. An appeal that waits is answered by this."""
    _nobody_was_quicker(thing, seen_act_id)
    if thing.state != "hidden":
        raise Conflict(f"It is not hidden. {KEPT}")
    hiding = standing(viewer=actor, thing=thing)
    _reason_is_fit_for_the_public(reason, hiding.passage if hiding else "")
    _is_without(facts, hiding.passage if hiding else "", "facts")
    appeal = session().scalars(select(Appeal).filter_by(act_id=hiding.id, outcome="")).first() if hiding else None
    role = role_of(actor, consultation_of(thing))
    return _restore(actor, thing, reason, hiding.rule if hiding else "", appeal, role=role, facts=facts)


@operation(rule=rules.may_appeal, on="act")
def appeal(*, actor: Actor, act: ModerationAct, text: str, key: SubmissionKey | None = None) -> Appeal:
    """Ask for a second look at a hiding, once; somebody else decides."""
    if not text.strip():
        raise Invalid("Say why it should be shown again.", field="text")
    now_standing = standing(viewer=actor, thing=thing_of(act))
    if thing_of(act).state != "hidden" or now_standing is None or now_standing.id != act.id:
        raise Conflict("What you wrote is on show again, so there is nothing to look at a second time.")
    new_id = insert_new(
        Appeal, act_id=act.id, author_id=actor.person_id, text=text, made_at=clock.now(), outcome="", reason=""
    )
    if new_id is None:
        raise Conflict("You have already asked for a second look at this decision. You get a mail when it is decided.")
    emit(Appealed(new_id))
    return session().get_one(Appeal, new_id)


@operation(rule=rules.may_decide_appeal, on="appeal")
def decide_appeal(
    *, actor: Actor, appeal: Appeal, outcome: str, reason: str, key: SubmissionKey | None = None
) -> Appeal:
    """Answer an appeal: `upheld` (it stays hidden) or `restored`, with a public reason."""
    if appeal.outcome:
        raise Conflict(_told_appeal(appeal))
    if outcome not in ("upheld", "restored"):
        raise Invalid("Choose whether it stays hidden or is shown again.", field="outcome")
    _reason_is_fit_for_the_public(reason, appeal.act.passage)
    thing = thing_of(appeal.act)
    claims.settle(actor=actor, thing=thing)
    role = role_of(actor, consultation_of(thing), looks_again=True)
    if outcome == "restored" and thing.state == "hidden":
        _restore(actor, thing, reason, appeal.act.rule, appeal, role=role)
        return appeal
    _answer(appeal, actor, outcome, reason, role)
    return appeal


def _restore(
    actor: Actor, thing: Contribution, reason: str, rule: str, appeal: Appeal | None, *, role: str, facts: str = ""
) -> ModerationAct:
    relied = facts.strip() or THE_WORDS
    relied += " Its author had asked for a second look." if appeal else ""
    act = _act(actor, thing, "restore", reason, rule=rule, role=role, facts=relied)
    debate.unhide(actor=actor, thing=thing)
    emit(Restored(act.id, appeal.id if appeal else None))
    if appeal is not None:
        _answer(appeal, actor, "restored", reason, role)
    return act


def _answer(appeal: Appeal, actor: Actor, outcome: str, reason: str, role: str) -> None:
    appeal.outcome, appeal.reason, appeal.role = outcome, reason, role
    appeal.decided_by_id, appeal.decided_at = actor.person_id, clock.now()
    session().flush()
    emit(AppealDecided(appeal.id))


def _about(thing: Contribution) -> dict[str, int]:
    return {"comment_id" if isinstance(thing, Comment) else "reply_id": thing.id}


def _act(
    actor: Actor, thing: Contribution, verb: str, reason: str, *, role: str, facts: str, rule: str, passage: str = "",
    days: int | None = None,
) -> ModerationAct:  # fmt: skip
    """Write down a decision, with what the rule says today. What was asked before waits no more.

    Conflict when another moderator looks at it just now.
    """
    claims.settle(actor=actor, thing=thing)
    session().execute(update(ModerationAct).filter_by(is_waiting=True, **_about(thing)).values(is_waiting=False))
    now = clock.now()
    act = ModerationAct(
        consultation_id=consultation_of(thing).id, verb=verb, rule=rule, ground=MEANINGS.get(rule, ""), passage=passage,
        facts=facts, reason=reason, role=role, is_automated=False, moderator_id=actor.person_id, at=now,
        until=None if days is None else now + timedelta(days=days), is_waiting=days is not None, **_about(thing),
    )  # fmt: skip
    session().add(act)
    session().flush()
    return act


def _close_reports(act: ModerationAct) -> int:
    """Close the open reports on what the act decides; returns how many."""
    here = Report.comment_id == act.comment_id if act.comment_id else Report.reply_id == act.reply_id
    closed = session().scalars(
        update(Report)
        .where(here, Report.closed_at.is_(None))
        .values(closed_at=act.at, closed_by_act_id=act.id)
        .returning(Report.id)
        .execution_options(synchronize_session=False)
    )
    return len(closed.all())


def _reported_rule(thing: Contribution) -> str:
    """The rule named most often in the open reports: what was judged, for the log."""
    named = session().scalars(select(Report.rule).filter_by(closed_at=None, **_about(thing)).order_by(Report.id)).all()
    return max(named, key=named.count, default="")


def _nobody_was_quicker(thing: Contribution, seen_act_id: int) -> None:
    newest = (
        session()
        .execute(
            select(ModerationAct.id, ModerationAct.verb, ModerationAct.rule, ModerationAct.reason)
            .filter_by(**_about(thing))
            .order_by(ModerationAct.id.desc())
        )
        .first()
    )
    if newest is None or newest.id <= seen_act_id:
        return
    did = {
        "hide": f"hid it ({RULES.get(newest.rule, '')})", "keep": "kept it on show", "restore": "showed it again",
        "release": "put it on show", "ask": f"asked the author to change it ({RULES.get(newest.rule, '')})",
    }[newest.verb]  # fmt: skip
    raise Conflict(
        f"While you were reading, a colleague {did}, because: “{newest.reason}” Look at it again before you decide. {KEPT}"
    )


def _told_appeal(appeal: Appeal) -> str:
    did = "decided that it stays hidden" if appeal.outcome == "upheld" else "showed it again"
    return f"While you were reading, a colleague {did}, because: “{appeal.reason}” {KEPT}"


def _can_be_changed(thing: Contribution) -> None:
    if thing.state != "posted":
        raise Conflict(f"It is not on show any more ({thing.state}), so there is nothing to change. {KEPT}")
    if thing.author_id is None:
        raise Conflict(f"It came from outside, so there is no author here who could be asked. {KEPT}")
    verdict = takes_words(thing if isinstance(thing, Comment) else thing.comment)
    if not verdict:
        raise Conflict(f"Nobody can change it now, so nobody can be asked to. {verdict.reason} {KEPT}")


def _is_stated(thing: Contribution, rule: str, passage: str, reason: str, facts: str) -> None:
    """What stands against it is there in full: the rule, the words that break it, and a reason fit for the public."""
    if rule not in RULES:
        raise Invalid("Choose the rule it breaks.", field="rule")
    _passage_is_there(thing, passage)
    _reason_is_fit_for_the_public(reason, passage)
    _is_without(facts, passage, "facts")


def _passage_is_there(thing: Contribution, passage: str) -> None:
    wanted = _folded(passage)
    if not wanted:
        raise Invalid("Copy the words that break the rule.", field="passage")
    shown = [thing.body, plain(thing.html), thing.author_name]
    if isinstance(thing, Comment):
        shown += [change.new_text for change in thing.changes]
    if not any(wanted in _folded(text) for text in shown):
        raise Invalid("These words are not in the text. Copy them exactly as they stand there.", field="passage")


def _reason_is_given(reason: str) -> None:
    if not reason.strip():
        raise Invalid("Give the reason. Everybody can read it in the log.", field="reason")


def _reason_is_fit_for_the_public(reason: str, passage: str) -> None:
    """Given, and not a second showing of the hidden words."""
    _reason_is_given(reason)
    _is_without(reason, passage, "reason")


def _is_without(text: str, passage: str, field: str) -> None:
    hidden = f" {_bare(passage)} "
    if hidden.strip() and hidden in f" {_bare(text)} ":
        raise Invalid("Everybody can read this. Say it without the hidden words.", field=field)


def _bare(text: str) -> str:
    """Words only, so that punctuation around them does not hide them."""
    return _folded("".join(c if c.isalnum() else " " for c in text))


def _folded(text: str) -> str:
    return " ".join(normalise(text).casefold().split())
