"""Objections to a summary and their answers, as everybody reads them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from consult.accounts.models import Person
from consult.consultations import queries as consultations
from consult.consultations.models import Consultation, Round
from consult.core.db import db
from consult.core.errors import Missing
from consult.core.records import Record
from consult.core.rules import Actor, Verdict
from consult.core.text import excerpt
from consult.debate.rules import may_know_names
from consult.moderation.models import RULES
from consult.moderation.queries.log import Counted
from consult.moderation.queries.waiting import LONGEST_LIST, Elsewhere, Waiting
from consult.moderation.rules import may_see_queue

from .. import rules
from ..models import Objection, ObjectionAct, ObjectionAppeal, ObjectionReport
from .account import Account, Line, account, one_line

ACTS = 50  # in the log


class Judged(Record):
    """A decision on an objection, and the appeal against it."""

    act: ObjectionAct
    appeal: ObjectionAppeal | None


class ObjectionsPage(Record):
    """All objections of a round, oldest first, and what this viewer may do."""

    consultation: Consultation
    of: Round
    account: Account
    objections: Sequence[Objection]
    line: Line | None  # the sentence that is objected to
    verdict: Verdict
    answering: Objection | None
    may_answer: Verdict
    judged: Mapping[int, Judged]  # by objection id, what was decided last
    reports: Mapping[int, Sequence[ObjectionReport]]  # open ones, for those who decide on them
    known: Mapping[int, str]  # by objection id, who it is where that is withheld: for moderators, and herself


def objections(*, viewer: Actor, consultation: Consultation, of: Round) -> Sequence[Objection]:
    """The objections of a round that this viewer may read, oldest first."""
    if not rules.may_see_answers(viewer, consultation, of):
        return ()
    return db.session.scalars(
        select(Objection)
        .options(joinedload(Objection.organisation))
        .where(Objection.round_id == of.id)
        .order_by(Objection.number)
    ).all()


def objections_page(
    *, viewer: Actor, consultation: Consultation, of: Round, statement_id: int = 0, answering: int = 0
) -> ObjectionsPage:
    """Everything said against the summary of a round; with `statement_id` the form is about that sentence.

    `answering`: the number of the objection whose answer is being written.
    """
    if not rules.may_see_answers(viewer, consultation, of):
        raise Missing("The summary is public when the review begins.")
    read = account(viewer=viewer, consultation=consultation, of=of)
    found = objections(viewer=viewer, consultation=consultation, of=of)
    asked = find_objection(viewer=viewer, of=of, number=answering) if answering else None
    return ObjectionsPage(
        consultation=consultation, of=of, account=read, objections=found,
        line=one_line(read, statement_id) if statement_id else None,
        verdict=rules.may_object(viewer, consultation, of), answering=asked,
        may_answer=rules.may_answer_objection(viewer, asked) if asked else rules.may_approve(viewer, consultation),
        judged=_judged(of), reports=_reports(viewer, of), known=_known(viewer, consultation, found),
    )  # fmt: skip


def _known(viewer: Actor, consultation: Consultation, found: Sequence[Objection]) -> Mapping[int, str]:
    withheld = [row for row in found if row.named != "name"]
    if not may_know_names(viewer, consultation.id):
        return {row.id: viewer.name for row in withheld if row.person_id == viewer.person_id}
    people = select(Person.id, Person.name).where(Person.id.in_([row.person_id for row in withheld]))
    names = dict(db.session.execute(people).all()) if withheld else {}
    return {row.id: names[row.person_id] for row in withheld}


def find_objection(*, viewer: Actor, of: Round, number: int) -> Objection:
    """One objection with its consultation and round; Missing when there is none."""
    row = db.session.scalars(
        _with_both().where(Objection.round_id == of.id, Objection.number == number, consultations.visible_to(viewer))
    ).first()
    if row is None:
        raise Missing("There is no such objection.")
    return row


def objection_by_id(*, viewer: Actor, objection_id: int) -> Objection:
    """The objection a notice is about."""
    return db.session.scalars(_with_both().where(Objection.id == objection_id, consultations.visible_to(viewer))).one()


def newest_act(*, viewer: Actor, objection: Objection) -> Judged:
    """What was decided last on an objection; Missing when nothing was."""
    row = db.session.execute(
        _acts().where(ObjectionAct.objection_id == objection.id).order_by(ObjectionAct.id.desc()).limit(1)
    ).first()
    if row is None:
        raise Missing("Nothing was decided about this objection.")
    return Judged(*row)


def appeal_of(*, viewer: Actor, objection: Objection) -> ObjectionAppeal:
    """The appeal against what was decided last, with its act; Missing when there is none."""
    found = newest_act(viewer=viewer, objection=objection)
    row = db.session.scalars(
        select(ObjectionAppeal)
        .join(ObjectionAppeal.act)
        .options(
            contains_eager(ObjectionAppeal.act).joinedload(ObjectionAct.objection).joinedload(Objection.consultation)
        )
        .where(ObjectionAct.id == found.act.id)
    ).first()
    if row is None:
        raise Missing("Nobody has asked for a second look.")
    return row


def judged_objections(*, viewer: Actor, consultation: Consultation | None = None) -> Sequence[Judged]:
    """The newest decisions on objections, of one consultation or of all this viewer may see, for the public log."""
    here = [Objection.consultation_id == consultation.id] if consultation else []
    rows = db.session.execute(
        _acts()
        .join(Consultation, Consultation.id == Objection.consultation_id)
        .where(consultations.visible_to(viewer), *here)
        .order_by(ObjectionAct.id.desc())
        .limit(ACTS)
    )
    return [Judged(*row) for row in rows]


def counts_of_judged(*, viewer: Actor, consultation: Consultation | None = None) -> Sequence[Counted]:
    """How often a rule was named over objections, for the counts of the public log."""
    here = [Objection.consultation_id == consultation.id] if consultation else []
    rows = db.session.execute(
        select(ObjectionAct.rule, ObjectionAct.verb, ObjectionAppeal.outcome, func.count())
        .join(ObjectionAct.objection)
        .join(Consultation, Consultation.id == Objection.consultation_id)
        .outerjoin(ObjectionAppeal, ObjectionAppeal.act_id == ObjectionAct.id)
        .where(consultations.visible_to(viewer), ObjectionAct.rule != "", *here)
        .group_by(ObjectionAct.rule, ObjectionAct.verb, ObjectionAppeal.outcome)
    )
    return list(rows)


def objections_to_look_at(*, viewer: Actor, consultation: Consultation) -> Elsewhere:
    """Objections with an open report or appeal, for the moderators' list of what waits; one statement."""
    if not may_see_queue(viewer, consultation):
        return Elsewhere()
    reported = (
        select(
            ObjectionReport.objection_id, func.count().label("many"), func.min(ObjectionReport.reported_at).label("at")
        )
        .where(ObjectionReport.closed_at.is_(None))
        .group_by(ObjectionReport.objection_id)
        .subquery()
    )
    appealed = (
        select(ObjectionAct.objection_id, func.min(ObjectionAppeal.made_at).label("at"), ObjectionAct.rule)
        .join(ObjectionAppeal.act)
        .where(ObjectionAppeal.outcome == "")
        .group_by(ObjectionAct.objection_id, ObjectionAct.rule)
        .subquery()
    )
    since = func.coalesce(reported.c.at, appealed.c.at)
    rows = db.session.execute(
        select(Objection, Round.number, since, reported.c.many, appealed.c.rule, func.count().over())
        .join(Objection.round)
        .outerjoin(reported, reported.c.objection_id == Objection.id)
        .outerjoin(appealed, appealed.c.objection_id == Objection.id)
        .where(Objection.consultation_id == consultation.id, or_(reported.c.many > 0, appealed.c.rule.is_not(None)))
        .order_by(since, Objection.id)
        .limit(LONGEST_LIST)
    ).all()
    return Elsewhere(rows[0][-1] if rows else 0, [_waiting(*row[:-1]) for row in rows])


def _waiting(row: Objection, of: int, since: datetime, reports: int | None, appealed: str | None) -> Waiting:
    signs = [f"{reports} report{'' if reports == 1 else 's'}"] if reports else []
    signs += [f"Appeal: {RULES[appealed]}"] if appealed else []
    return Waiting(
        thing=("objection", row.id), kind="objections", key=str(row.number), who=row.person_name,
        number=f"Objection {row.number}", begins=excerpt(row.text, 80), since=since, signs=signs, round=of,
    )  # fmt: skip


def _acts() -> Select[ObjectionAct, ObjectionAppeal]:
    return (
        select(ObjectionAct, ObjectionAppeal)
        .join(ObjectionAct.objection)
        .outerjoin(ObjectionAppeal, ObjectionAppeal.act_id == ObjectionAct.id)
        .options(
            contains_eager(ObjectionAct.objection).options(
                joinedload(Objection.consultation), joinedload(Objection.round)
            )
        )
    )


def _judged(of: Round) -> Mapping[int, Judged]:
    newest = select(func.max(ObjectionAct.id)).group_by(ObjectionAct.objection_id)
    rows = db.session.execute(_acts().where(Objection.round_id == of.id, ObjectionAct.id.in_(newest)))
    return {act.objection_id: Judged(act, appeal) for act, appeal in rows}


def _reports(viewer: Actor, of: Round) -> Mapping[int, Sequence[ObjectionReport]]:
    if not viewer.holds("moderator", of.consultation_id):
        return {}
    rows = db.session.scalars(
        select(ObjectionReport)
        .join(Objection, Objection.id == ObjectionReport.objection_id)
        .where(Objection.round_id == of.id, ObjectionReport.closed_at.is_(None))
        .order_by(ObjectionReport.id)
    )
    found: dict[int, list[ObjectionReport]] = defaultdict(list)
    for row in rows:
        found[row.objection_id].append(row)
    return found


def _with_both() -> Select[Objection]:
    return (
        select(Objection)
        .join(Objection.consultation)
        .options(
            contains_eager(Objection.consultation), joinedload(Objection.round), joinedload(Objection.organisation)
        )
    )
