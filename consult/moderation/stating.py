"""What every decision is written from: its statement, the act, the reports it closes, and that nobody was quicker."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select, update

from consult.core import clock
from consult.core.errors import Conflict, Invalid
from consult.core.operations import session
from consult.core.rules import Actor
from consult.core.text import normalise, plain
from consult.debate.models import Comment

from .claiming import KEPT, settle
from .models import MEANINGS, RULES, UNDONE_BY, ModerationAct, Report
from .rules import Contribution, appeal_until, consultation_of

# What a colleague did meanwhile.
DID = {
    "hide": "hid it ({rule})", "redact": "removed words from it ({rule})",
    "ask": "asked the author to change it ({rule})", "suspend": "decided that its author posts nothing for some time ({rule})",
    "withhold": "withheld the name over it ({rule})", "restore": "showed it again", "put_back": "put its words back",
    "lift": "let its author post again", "name": "showed the name over it again", "keep": "kept it on show", "release": "put it on show",
}  # fmt: skip


def about(thing: Contribution) -> dict[str, int]:
    """The column of a row that is about a contribution."""
    return {"comment_id" if isinstance(thing, Comment) else "reply_id": thing.id}


def write_down(
    actor: Actor, thing: Contribution, verb: str, reason: str, *, role: str, facts: str, rule: str, passage: str = "",
    days: int | None = None, undoes_id: int | None = None, removal_id: int | None = None,
) -> ModerationAct:  # fmt: skip
    """Write down a decision, with what the rule says today. What was asked before waits no more.

    Conflict when another moderator looks at it just now.
    """
    settle(actor.person_id, thing)
    session().execute(update(ModerationAct).filter_by(is_waiting=True, **about(thing)).values(is_waiting=False))
    now, consultation = clock.now(), consultation_of(thing)
    act = ModerationAct(
        consultation_id=consultation.id, verb=verb, rule=rule, ground=MEANINGS.get(rule, ""), passage=passage,
        facts=facts, reason=reason, role=role, is_automated=False, moderator_id=actor.person_id, at=now,
        until=None if days is None else now + timedelta(days=days), is_waiting=verb == "ask", undoes_id=undoes_id,
        removal_id=removal_id, appeal_until=appeal_until(consultation, now) if verb in UNDONE_BY else None,
        **about(thing),
    )  # fmt: skip
    session().add(act)
    session().flush()
    return act


def close_reports(act: ModerationAct) -> int:
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


def reported_rule(thing: Contribution) -> str:
    """The rule named most often in the open reports: what was judged, for the log."""
    named = session().scalars(select(Report.rule).filter_by(closed_at=None, **about(thing)).order_by(Report.id)).all()
    return max(named, key=named.count, default="")


def nobody_was_quicker(thing: Contribution, seen_act_id: int) -> None:
    """Conflict when a colleague decided since the page was opened."""
    newest = (
        session()
        .execute(
            select(ModerationAct.id, ModerationAct.verb, ModerationAct.rule, ModerationAct.reason)
            .filter_by(**about(thing))
            .order_by(ModerationAct.id.desc())
        )
        .first()
    )
    if newest is None or newest.id <= seen_act_id:
        return
    did = DID[newest.verb].format(rule=RULES.get(newest.rule, ""))
    raise Conflict(
        f"While you were reading, a colleague {did}, because: “{newest.reason}” Look at it again before you decide. {KEPT}"
    )


def is_stated(thing: Contribution, rule: str, passage: str, reason: str, facts: str) -> None:
    """What stands against it is there in full: the rule, the words that break it, and a reason fit for the public."""
    if rule not in RULES:
        raise Invalid("Choose the rule it breaks.", field="rule")
    passage_is_there(thing, passage)
    reason_is_fit_for_the_public(reason, passage)
    is_without(facts, passage, "facts")


def passage_is_there(thing: Contribution, passage: str) -> None:
    """The words that break the rule are in what was said, proposed, or in the name over it."""
    shown = [thing.body, plain(thing.html), thing.author_name]
    if isinstance(thing, Comment):
        shown += [change.new_text for change in thing.changes]
    passage_is_in(passage, shown)


def passage_is_in(passage: str, shown: Sequence[str]) -> None:
    """The words that break the rule are in one of these texts."""
    wanted = _folded(passage)
    if not wanted:
        raise Invalid("Copy the words that break the rule.", field="passage")
    if not any(wanted in _folded(text) for text in shown):
        raise Invalid("These words are not in the text. Copy them exactly as they stand there.", field="passage")


def reason_is_given(reason: str) -> None:
    """Every decision has one."""
    if not reason.strip():
        raise Invalid("Give the reason. Everybody can read it in the log.", field="reason")


def reason_is_fit_for_the_public(reason: str, passage: str) -> None:
    """Given, and not a second showing of the hidden words."""
    reason_is_given(reason)
    is_without(reason, passage, "reason")


def is_without(text: str, passage: str, field: str) -> None:
    """What everybody reads does not show the words again."""
    hidden = f" {_bare(passage)} "
    if hidden.strip() and hidden in f" {_bare(text)} ":
        raise Invalid("Everybody can read this. Say it without the hidden words.", field=field)


def _bare(text: str) -> str:
    """Words only, so that punctuation around them does not hide them."""
    return _folded("".join(c if c.isalnum() else " " for c in text))


def _folded(text: str) -> str:
    return " ".join(normalise(text).casefold().split())
