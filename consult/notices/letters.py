"""What each mail says, read at the moment it is sent: what was hidden or taken back meanwhile is not mailed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from consult.accounts.models import Person
from consult.consultations.models import Consultation
from consult.consultations.queries import newest_round
from consult.core.rendering import moment_text
from consult.core.rules import SYSTEM
from consult.core.text import excerpt
from consult.debate import queries as debate
from consult.debate.models import DISPOSITIONS
from consult.moderation import letters as moderation
from consult.moderation.models import RULES
from consult.moderation.queries.things import address_of
from consult.moderation.rules import thing_of

from . import queries

Values = dict[str, Any]
Letter = tuple[str, Values]  # the template under templates/mail, and what it needs
MOST_ANSWERS = 60  # in one mail; the rest is on the reader's own page


def letter(notice: str, about: int, person: Person) -> Letter | None:
    """The mail called `notice` about the row `about`, for a person; None when there is nothing to say any more."""
    return LETTERS[notice](about, person)


def _hidden(act_id: int, person: Person) -> Letter:
    act = queries.act(viewer=SYSTEM, act_id=act_id)
    values = moderation.hidden(thing_of(act), rule=act.rule, passage=act.passage, reason=act.reason, act_id=act.id)
    return "moderation/hidden", values


def _restored(act_id: int, person: Person) -> Letter:
    return "moderation/restored", moderation.restored(queries.act(viewer=SYSTEM, act_id=act_id))


def _appeal_decided(appeal_id: int, person: Person) -> Letter:
    return "moderation/appeal_decided", moderation.appeal_decided(queries.appeal(viewer=SYSTEM, appeal_id=appeal_id))


def _replied(reply_id: int, person: Person) -> Letter | None:
    reply = queries.reply(viewer=SYSTEM, reply_id=reply_id)
    comment = reply.comment
    if reply.state != "posted" or comment.state != "posted":
        return None
    return "notices/replied", _of(comment.consultation, person) | {
        "number": comment.number, "is_own_comment": comment.author_id == person.id, "who": reply.author_name,
        "words": reply.body, "reply_id": reply.id,
    }  # fmt: skip


def _reported(report_id: int, person: Person) -> Letter | None:
    report = queries.report(viewer=SYSTEM, report_id=report_id)
    thing = report.comment or report.reply
    if report.closed_at is not None or thing is None:
        return None
    kind, key, number = (
        ("comments", report.comment.number, report.comment.number) if report.comment
        else ("replies", str(thing.id), report.reply.comment.number if report.reply else "")
    )  # fmt: skip
    return "notices/reported", _of(report.consultation, person) | {
        "kind": kind, "key": key, "number": number, "rule": RULES[report.rule], "words": report.text,
    }  # fmt: skip


def _appealed(appeal_id: int, person: Person) -> Letter | None:
    appeal = queries.appeal(viewer=SYSTEM, appeal_id=appeal_id)
    if appeal.outcome:
        return None
    kind, key = address_of(appeal.act)
    about = moderation.about(thing_of(appeal.act))
    return "notices/appealed", _of(appeal.act.consultation, person) | {
        "kind": kind, "key": key, "number": about["number"], "rule": RULES[appeal.act.rule],
        "reason": appeal.act.reason, "words": appeal.text,
    }  # fmt: skip


def _opened(consultation_id: int, person: Person) -> Letter | None:
    return _step("open", consultation_id, person)


def _closed(consultation_id: int, person: Person) -> Letter | None:
    return _step("close", consultation_id, person)


def _step(verb: str, consultation_id: int, person: Person) -> Letter | None:
    """A beginning or an end, for the staff; not for the one who did it."""
    step = queries.last_step(viewer=SYSTEM, consultation_id=consultation_id, verb=verb)
    if step is not None and step.actor_id == person.id:
        return None
    row = queries.consultation(viewer=SYSTEM, consultation_id=consultation_id)
    of = newest_round(viewer=SYSTEM, consultation=row)
    return f"notices/{verb}", _of(row, person) | {
        "comments": of.comment_count, "organisations": of.organisation_count, "people": of.person_count,
        "closes": _when(row, "closes_at"), "response_due": _when(row, "response_due_at"),
    }  # fmt: skip


def _extended(consultation_id: int, person: Person) -> Letter:
    row = queries.consultation(viewer=SYSTEM, consultation_id=consultation_id)
    step = queries.last_step(viewer=SYSTEM, consultation_id=consultation_id, verb="extend")
    return "notices/extended", _of(row, person) | {
        "closes": _when(row, "closes_at"), "reason": step.reason if step else "",
    }  # fmt: skip


def _new_round(consultation_id: int, person: Person) -> Letter:
    row = queries.consultation(viewer=SYSTEM, consultation_id=consultation_id)
    waiting = debate.to_check(viewer=SYSTEM, person_id=person.id, consultation_id=consultation_id)
    return "notices/new_round", _of(row, person) | {
        "opens": _when(row, "opens_at"), "closes": _when(row, "closes_at"),
        "to_check": waiting[0].count if waiting else 0,
        "is_on_its_way": debate.is_on_its_way(viewer=SYSTEM, consultation_id=consultation_id),
    }  # fmt: skip


def _outcome(consultation_id: int, person: Person) -> Letter | None:
    row = queries.consultation(viewer=SYSTEM, consultation_id=consultation_id)
    found = queries.answers(viewer=SYSTEM, person_id=person.id, consultation_id=consultation_id)
    answers = [
        {
            "number": a.number, "became": DISPOSITIONS[a.code], "duplicate_of": a.duplicate_of,
            "why": excerpt(a.observation, 800),
        }
        for a in found[:MOST_ANSWERS]
    ]  # fmt: skip
    if not answers:
        return None
    return "notices/outcome", _of(row, person) | {"answers": answers, "more": len(found) - len(answers)}


def _of(consultation: Consultation, person: Person) -> Values:
    return {"name": person.name, "title": consultation.title, "slug": consultation.slug}


def _when(row: Consultation, column: str) -> str:
    moment = getattr(row, column)
    return moment_text(moment, row.timezone) if moment else ""


LETTERS: dict[str, Callable[[int, Person], Letter | None]] = {
    "hidden": _hidden, "restored": _restored, "appeal_decided": _appeal_decided, "replied": _replied,
    "reported": _reported, "appealed": _appealed, "opened": _opened, "closed": _closed, "extended": _extended,
    "outcome": _outcome, "new_round": _new_round,
}  # fmt: skip
