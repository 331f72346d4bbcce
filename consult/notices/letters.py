"""What each mail says, read at the moment it is sent: what was hidden or taken back meanwhile is not mailed."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

from consult.accounts.models import Person
from consult.accounts.queries import actor_for
from consult.consultations.models import Consultation
from consult.consultations.queries import newest_round
from consult.core.rendering import moment_text
from consult.core.rules import SYSTEM
from consult.core.text import excerpt
from consult.debate import queries as debate
from consult.learning.rules import JUDGES
from consult.moderation import letters as moderation
from consult.moderation.models import RULES
from consult.moderation.queries.things import address_of
from consult.moderation.rules import thing_of

from . import queries
from .models import Digest, Notice

Values = dict[str, Any]
Letter = tuple[str, Values]  # the template under templates/mail, and what it needs
MOST_ANSWERS = 60  # in one mail; the rest is on the reader's own page
MOST_LINES = 30  # of one consultation in a digest; the rest is in the inbox
LONGEST = 1_200  # characters of what somebody wrote in a digest


def letter(notice: Notice, person: Person) -> Letter | None:
    """The mail of a notice to a person; None when there is nothing to say any more, or she may not know it any more."""
    found = LETTERS[notice.what](notice, person)
    if found is None or notice.what not in queries.OWED:
        return found
    knows = queries.is_let_in(viewer=SYSTEM, person_id=person.id, consultation_id=notice.place.id)
    return found[0], found[1] | {"is_let_in": knows}


def digest(row: Digest, person: Person) -> Letter | None:
    """The mail that gathers what a person has not read yet; None when nothing of it is left to say."""
    viewer = actor_for(person)
    found = queries.entries(viewer=viewer, notices=queries.in_digest(viewer=viewer, digest_id=row.id))
    told = [entry for entry in found if not entry.line.is_gone]
    if not told:
        return None
    parts = [(title, list(group)) for (_, title), group in groupby(told, key=lambda entry: (entry.slug, entry.title))]
    return "notices/digest", {
        "name": person.name, "rhythm": row.rhythm, "count": len(told), "longest": LONGEST,
        "parts": [(title, group[:MOST_LINES], max(0, len(group) - MOST_LINES)) for title, group in parts],
    }  # fmt: skip


def _hidden(notice: Notice, person: Person) -> Letter:
    return "moderation/hidden", moderation.hidden(queries.act(viewer=SYSTEM, act_id=notice.about))


def _asked(notice: Notice, person: Person) -> Letter | None:
    act = queries.act(viewer=SYSTEM, act_id=notice.about)
    if not act.is_waiting or act.corrected_at is not None or thing_of(act).state != "posted":
        return None
    return "moderation/asked", moderation.asked(act)


def _restored(notice: Notice, person: Person) -> Letter:
    act = queries.act(viewer=SYSTEM, act_id=notice.about)
    given = moderation.restored(thing_of(act), reason=act.reason, role=act.role, verb=act.verb)
    return "moderation/restored", given


def _refused(notice: Notice, person: Person) -> Letter | None:
    act = queries.act(viewer=SYSTEM, act_id=notice.about)
    return ("moderation/refused", moderation.refused(act)) if thing_of(act).state == "hidden" else None


def _corrected(notice: Notice, person: Person) -> Letter | None:
    row = queries.correction(viewer=SYSTEM, correction_id=notice.about)
    if row.outcome or not _may_still_know(notice, person):
        return None
    kind, key = address_of(row.act)
    return "notices/corrected", _of(row.act.consultation, person) | {
        "kind": kind, "key": key, "number": moderation.about(thing_of(row.act))["number"], "rule": RULES[row.act.rule],
    }  # fmt: skip


def _appeal_decided(notice: Notice, person: Person) -> Letter:
    appeal = queries.appeal(viewer=SYSTEM, appeal_id=notice.about)
    given = moderation.appeal_decided(appeal, outcome=appeal.outcome, reason=appeal.reason, role=appeal.role)
    return "moderation/appeal_decided", given


def _replied(notice: Notice, person: Person) -> Letter | None:
    reply = queries.reply(viewer=SYSTEM, reply_id=notice.about)
    comment = reply.comment
    if reply.state != "posted" or comment.state != "posted":
        return None
    return "notices/replied", _of(comment.consultation, person) | {
        "number": comment.number, "is_own_comment": comment.author_id == person.id, "who": reply.author_name,
        "is_to_her": notice.kind == "replies", "words": reply.body, "reply_id": reply.id,
    }  # fmt: skip


def _reported(notice: Notice, person: Person) -> Letter | None:
    report = queries.report(viewer=SYSTEM, report_id=notice.about)
    thing = report.comment or report.reply
    if report.closed_at is not None or thing is None or not _may_still_know(notice, person):
        return None
    kind, key, number = (
        ("comments", report.comment.number, report.comment.number) if report.comment
        else ("replies", str(thing.id), report.reply.comment.number if report.reply else "")
    )  # fmt: skip
    return "notices/reported", _of(report.consultation, person) | {
        "kind": kind, "key": key, "number": number, "rule": RULES[report.rule], "words": report.text,
    }  # fmt: skip


def _appealed(notice: Notice, person: Person) -> Letter | None:
    appeal = queries.appeal(viewer=SYSTEM, appeal_id=notice.about)
    if appeal.outcome or not _may_still_know(notice, person):
        return None
    kind, key = address_of(appeal.act)
    about = moderation.about(thing_of(appeal.act))
    return "notices/appealed", _of(appeal.act.consultation, person) | {
        "kind": kind, "key": key, "number": about["number"], "rule": RULES[appeal.act.rule],
        "reason": appeal.act.reason, "words": appeal.text,
    }  # fmt: skip


def _may_still_know(notice: Notice, person: Person) -> bool:
    """Whether somebody still has a role that looks at reports and appeals there."""
    roles = ("moderator", "appeals_panel")
    return queries.has_role(viewer=SYSTEM, person_id=person.id, consultation_id=notice.place.id, roles=roles)


def _opened(notice: Notice, person: Person) -> Letter:
    return _beginning_or_end("open", notice, person)


def _closed(notice: Notice, person: Person) -> Letter:
    return _beginning_or_end("close", notice, person)


def _beginning_or_end(verb: str, notice: Notice, person: Person) -> Letter:
    """For the staff: what they have to do now."""
    row = queries.consultation(viewer=SYSTEM, consultation_id=notice.place.id)
    of = newest_round(viewer=SYSTEM, consultation=row)
    return f"notices/{verb}", _of(row, person) | {
        "comments": of.comment_count, "organisations": of.organisation_count, "people": of.person_count,
        "closes": _when(row, "closes_at"), "response_due": _when(row, "response_due_at"),
    }  # fmt: skip


def _extended(notice: Notice, person: Person) -> Letter:
    row = queries.consultation(viewer=SYSTEM, consultation_id=notice.place.id)
    step = queries.step(viewer=SYSTEM, transition_id=notice.about)
    return "notices/extended", _of(row, person) | {"closes": _when(row, "closes_at"), "reason": step.reason}


def _new_round(notice: Notice, person: Person) -> Letter:
    row = queries.consultation(viewer=SYSTEM, consultation_id=notice.place.id)
    waiting = debate.to_check(viewer=SYSTEM, person_id=person.id, consultation_id=row.id)
    return "notices/new_round", _of(row, person) | {
        "opens": _when(row, "opens_at"), "closes": _when(row, "closes_at"),
        "to_check": waiting[0].count if waiting else 0,
        "is_on_its_way": debate.is_on_its_way(viewer=SYSTEM, consultation_id=row.id),
    }  # fmt: skip


def _outcome(notice: Notice, person: Person) -> Letter | None:
    row = queries.consultation(viewer=SYSTEM, consultation_id=notice.place.id)
    found = queries.answers(viewer=SYSTEM, person_id=person.id, consultation_id=row.id)
    answers = [
        {
            "number": number, "where": a.where, "became": a.label, "duplicate_of": a.duplicate_of,
            "why": excerpt(a.observation, 800),
        }
        for number, a in found[:MOST_ANSWERS]
    ]  # fmt: skip
    if not answers:
        return None
    return "notices/outcome", _of(row, person) | {"answers": answers, "more": len(found) - len(answers)}


def _told(notice: Notice, person: Person) -> Letter | None:
    """What somebody follows: the line of her inbox, with all its words."""
    line = queries.entries(viewer=SYSTEM, notices=[notice])[0].line
    if line.is_gone:
        return None
    return "notices/told", {"name": person.name, "title": notice.place.title, "line": line}


def _standard_review(notice: Notice, person: Person) -> Letter | None:
    line = queries.entries(viewer=SYSTEM, notices=[notice])[0].line
    return None if line.is_gone else ("notices/standard_review", {"name": person.name, "line": line})


def _work(notice: Notice, person: Person) -> Letter | None:
    """What waits for somebody who answers comments there: the line of her inbox."""
    roles = ("moderator", "organiser")
    is_staff = queries.has_role(viewer=SYSTEM, person_id=person.id, consultation_id=notice.place.id, roles=roles)
    line = queries.entries(viewer=SYSTEM, notices=[notice])[0].line
    if line.is_gone or not is_staff:
        return None
    return "notices/work", {"name": person.name, "title": notice.place.title, "line": line}


def _waits(notice: Notice, person: Person) -> Letter | None:
    """What waits for moderators, by kind; no words of it."""
    line = queries.entries(viewer=SYSTEM, notices=[notice])[0].line
    if line.is_gone or not _may_still_know(notice, person):
        return None
    return "notices/work", {"name": person.name, "title": notice.place.title, "line": line}


def _decided_again(notice: Notice, person: Person) -> Letter | None:
    line = queries.entries(viewer=SYSTEM, notices=[notice])[0].line
    if line.is_gone:
        return None
    return "notices/decided_again", {"name": person.name, "title": notice.place.title, "line": line}


def _proposed(notice: Notice, person: Person) -> Letter | None:
    row = queries.resource(viewer=SYSTEM, resource_id=notice.about)
    people = queries.staff(viewer=SYSTEM, consultation_id=row.consultation_id, roles=JUDGES)
    if row.state != "proposed" or person.id not in people:
        return None
    return "notices/proposed", _of(row.consultation, person) | {"row": row}


def _proposal_decided(notice: Notice, person: Person) -> Letter:
    row = queries.resource(viewer=SYSTEM, resource_id=notice.about)
    return "notices/proposal_decided", _of(row.consultation, person) | {"row": row}


def _of(consultation: Consultation, person: Person) -> Values:
    return {
        "name": person.name,
        "title": consultation.title,
        "slug": consultation.slug,
        "readers": consultation.readers,
    }


def _when(row: Consultation, column: str) -> str:
    moment = getattr(row, column)
    return moment_text(moment, row.timezone) if moment else ""


LETTERS: dict[str, Callable[[Notice, Person], Letter | None]] = {
    "hidden": _hidden, "asked": _asked, "restored": _restored, "refused": _refused, "corrected": _corrected, "appeal_decided": _appeal_decided, "replied": _replied,
    "reported": _reported, "appealed": _appealed, "opened": _opened, "closed": _closed, "extended": _extended,
    "outcome": _outcome, "new_round": _new_round, "commented": _told, "step": _told, "reminder": _told,
    "cosigned": _told, "proposed": _proposed, "proposal_decided": _proposal_decided, "decided_again": _decided_again,
    **dict.fromkeys(("contested", "assigned", "assignment_due"), _work),
    "standard_review": _standard_review, "waits": _waits,
    **dict.fromkeys(("objected", "objection_answered", "objection_reported", "objection_judged", "summary_corrected"), _told),
}  # fmt: skip
