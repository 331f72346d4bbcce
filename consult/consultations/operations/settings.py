"""The settings of a draft consultation, saved page by page. Once it is announced they are fixed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import delete, select

from consult.accounts import operations as accounts
from consult.accounts.models import Organisation
from consult.core import ids
from consult.core.errors import Conflict, Invalid
from consult.core.operations import SubmissionKey, operation, session
from consult.core.records import Record
from consult.core.rules import GUEST, Actor
from consult.core.text import normalise

from .. import naming, rules
from ..models import ACCESS, APPEAL_DAYS, APPEALS, PRE_MODERATION, SIGNS, Consultation, Position, Question, Topic
from ..wall_clock import dates_of

MOST_QUESTIONS = 20
MOST_TOPICS = 12
MOST_POSITIONS = len(SIGNS)
# A new position takes the first sign that is free, those made for additions first.
SIGNS_FOR_NEW = ("p4", "p5", "p6", "safety", "profit", "access")


class PositionText(Record):
    """A position as typed; `key` is empty for a new one."""

    key: str
    name: str
    definition: str


@operation(rule=rules.may_settle, on="consultation")
def describe(
    *, actor: Actor, consultation: Consultation, edit_number: int, title: str, summary: str, scope: str
) -> Consultation:
    """Title, plain-language summary (Markdown) and scope."""
    if not title.strip():
        raise Invalid("Give it a title.", field="title")
    values = {"title": " ".join(title.split()), "summary": normalise(summary), "scope": normalise(scope)}
    return _save_columns(consultation, edit_number, values)


@operation(rule=rules.may_settle, on="consultation")
def name_bodies(
    *, actor: Actor, consultation: Consultation, edit_number: int, organiser_name: str,
    co_organisers: Sequence[str] = (),
) -> Consultation:  # fmt: skip
    """Who calls for comments, and with whom."""
    if not organiser_name.strip():
        raise Invalid("Say who calls for comments.", field="organiser_name")
    values = {"organiser_name": " ".join(organiser_name.split()), "co_organisers": "\n".join(_each(co_organisers))}
    return _save_columns(consultation, edit_number, values)


@operation(rule=rules.may_settle, on="consultation")
def ask(
    *, actor: Actor, consultation: Consultation, edit_number: int, questions: Sequence[str], topics: Sequence[str] = ()
) -> Consultation:
    """What the organisers ask, in order, and words to find the consultation by."""
    asked, named = _each(questions), sorted(_each(topics))
    if len(asked) > MOST_QUESTIONS:
        raise Invalid(f"These are {len(asked)} questions; {MOST_QUESTIONS} is the most.", field="questions")
    if len(named) > MOST_TOPICS:
        raise Invalid(f"These are {len(named)} topics; {MOST_TOPICS} is the most.", field="topics")
    before = (
        list(session().scalars(_of(Question.text, Question, consultation).order_by(Question.rank))),
        sorted(session().scalars(_of(Topic.name, Topic, consultation))),
    )

    def write() -> None:
        for model in (Question, Topic):
            session().execute(delete(model).where(model.consultation_id == consultation.id))
        for rank, text in enumerate(asked):
            session().add(Question(consultation_id=consultation.id, text=text, rank=rank))
        for name in named:
            session().add(Topic(consultation_id=consultation.id, name=name))

    return _save(consultation, edit_number, is_same=before == (asked, named), write=write)


@operation(rule=rules.may_settle, on="consultation")
def define_positions(
    *, actor: Actor, consultation: Consultation, edit_number: int, positions: Sequence[PositionText]
) -> Consultation:
    """The interests people can argue from, in order, each with what it means here.

    Kept ones keep their key, sign and row; a new one gets a free sign; one not named any more goes.
    """
    _check_positions(positions)
    rows = {
        row.key: row
        for row in session().scalars(select(Position).where(Position.consultation_id == consultation.id))
    }  # fmt: skip
    before = [(r.name, r.definition) for r in sorted(rows.values(), key=lambda r: r.rank)]
    after = [(p.name, p.definition) for p in positions]
    return _save(
        consultation, edit_number, is_same=before == after, write=lambda: _write_positions(consultation, rows, positions)
    )  # fmt: skip


@operation(rule=rules.may_settle, on="consultation")
def set_dates(
    *, actor: Actor, consultation: Consultation, edit_number: int, timezone: str, opens: datetime, closes: datetime,
    response_day: date | None, review_days: int, appeal_days: int = APPEAL_DAYS,
) -> Consultation:  # fmt: skip
    """When it opens and closes, as a clock on the wall in `timezone` shows it; the day every answer is promised
    for; and how many days people have to check the answers, and to ask for a second look at a moderator's decision."""
    when = dates_of(timezone, opens, closes, response_day, review_days)
    if appeal_days not in APPEALS:
        raise Invalid(f"Between {APPEALS[0]} and {APPEALS[-1]} days, please.", field="appeal_days")
    return _save_columns(consultation, edit_number, {"timezone": timezone, "appeal_days": appeal_days, **when})


@operation(rule=rules.may_settle, on="consultation")
def choose_looks(
    *, actor: Actor, consultation: Consultation, edit_number: int, pre_moderation: str, least_named: str = "nobody"
) -> Consultation:  # fmt: skip
    """Whose contributions a moderator looks at before they are on show (nobody's, first ones, or all), and the least
    that may stand in place of a name."""
    if pre_moderation not in PRE_MODERATION:
        raise Invalid("Choose what is looked at first.", field="pre_moderation")
    if least_named not in naming.LEVELS:
        raise Invalid("Choose what people may show.", field="least_named")
    return _save_columns(consultation, edit_number, {"pre_moderation": pre_moderation, "least_named": least_named})


@operation(rule=rules.may_settle, on="consultation")
def choose_access(*, actor: Actor, consultation: Consultation, edit_number: int, access: str) -> Consultation:
    """Who reads it, and who takes part."""
    if access not in ACCESS:
        raise Invalid("Choose who takes part.", field="access")
    return _save_columns(consultation, edit_number, {"access": access})


@operation(rule=rules.may_organise, on="consultation")
def invite(
    *, actor: Actor, consultation: Consultation, email: str, role: str, key: SubmissionKey | None = None
) -> Consultation:
    """Invite an address to a role, which begins when whoever has the address accepts it."""
    if role == GUEST:
        _check_guests(consultation, "role")
    accounts.invite_to_role(
        actor=actor, consultation_id=consultation.id, title=consultation.title, email=email, role=role
    )
    return consultation


@operation(rule=rules.may_organise, on="consultation")
def dismiss(*, actor: Actor, consultation: Consultation, person_id: int, role: str) -> Consultation:
    """Take a role away."""
    accounts.revoke_role(actor=actor, consultation_id=consultation.id, person_id=person_id, role=role)
    return consultation


@operation(rule=rules.may_organise, on="consultation")
def invite_organisation(
    *, actor: Actor, consultation: Consultation, organisation: Organisation, key: SubmissionKey | None = None
) -> Consultation:
    """Let all members of an organisation take part."""
    _check_guests(consultation, "name")
    accounts.invite_organisation(
        actor=actor, consultation_id=consultation.id, title=consultation.title, organisation=organisation
    )
    return consultation


@operation(rule=rules.may_organise, on="consultation")
def dismiss_organisation(*, actor: Actor, consultation: Consultation, organisation_id: int) -> Consultation:
    """Take that back."""
    accounts.uninvite_organisation(actor=actor, consultation_id=consultation.id, organisation_id=organisation_id)
    return consultation


def _check_guests(consultation: Consultation, field: str) -> None:
    if consultation.access == "public":
        raise Invalid("This consultation is public: everybody can take part, so nobody is invited to it.", field)


def _save_columns(consultation: Consultation, edit_number: int, values: Mapping[str, object]) -> Consultation:
    is_same = all(getattr(consultation, name) == value for name, value in values.items())

    def write() -> None:
        for name, value in values.items():
            setattr(consultation, name, value)

    return _save(consultation, edit_number, is_same=is_same, write=write)


def _save(consultation: Consultation, edit_number: int, *, is_same: bool, write: Callable[[], None]) -> Consultation:
    """Write once: the same again changes nothing, and what somebody else saved meanwhile is not overwritten."""
    if is_same:
        return consultation
    if edit_number != consultation.edit_number:
        raise Conflict(
            "Somebody saved other settings since you opened this page. Nothing you typed is lost: compare it with what"
            " is saved now, and save again."
        )
    write()
    consultation.edit_number += 1
    session().flush()
    return consultation


def _each(lines: Sequence[str]) -> list[str]:
    """Each line once, without blank ones."""
    return list(dict.fromkeys(line for line in (" ".join(normalise(x).split()) for x in lines) if line))


def _of(column: object, model: type[Question] | type[Topic], consultation: Consultation):  # type: ignore[no-untyped-def]
    return select(column).where(model.consultation_id == consultation.id)  # type: ignore[call-overload]


def _check_positions(positions: Sequence[PositionText]) -> None:
    if len(positions) < 2:
        raise Invalid("Name at least two positions, so that people have a choice.")
    if len(positions) > MOST_POSITIONS:
        raise Invalid(f"{MOST_POSITIONS} positions are the most: more cannot be told apart.")
    names = [p.name.casefold() for p in positions]
    for place, position in enumerate(positions, start=1):
        if not position.name:
            raise Invalid("Give this position a name, or empty both fields to remove it.", field=f"name_{place}")
        if not position.definition:
            raise Invalid(f"Say what “{position.name}” means here.", field=f"definition_{place}")
        if names.count(position.name.casefold()) > 1:
            raise Invalid("Two positions have the same name. Choose another for one.", field=f"name_{place}")


def _write_positions(consultation: Consultation, rows: dict[str, Position], positions: Sequence[PositionText]) -> None:
    kept = {p.key for p in positions if p.key in rows}
    for key, row in rows.items():
        if key not in kept:
            session().delete(row)
    session().flush()
    signs = {rows[key].sign for key in kept}
    for rank, position in enumerate(positions):
        if position.key in kept:
            row = rows[position.key]
        else:
            row = _new_position(consultation, position.name, {*rows, *SIGNS}, signs)
            rows[row.key] = row
        row.name, row.definition, row.rank = position.name, position.definition, rank
        session().add(row)
        session().flush()


def _new_position(consultation: Consultation, name: str, taken: set[str], signs: set[str]) -> Position:
    sign = next(sign for sign in SIGNS_FOR_NEW if sign not in signs)
    signs.add(sign)
    base = ids.slug(name, 30)
    key = next(k for k in (base, *(f"{base}-{n}" for n in range(2, 20))) if k not in taken)
    return Position(consultation_id=consultation.id, key=key, name=name, definition="", sign=sign, rank=0)
