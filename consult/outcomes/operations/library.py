"""The library of standards: a text enters it when it is adopted, and its owner looks at it again from time to time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select

from consult.consultations import operations as consultations
from consult.consultations.models import Consultation
from consult.core import clock, ids, jobs
from consult.core.db import insert_new
from consult.core.errors import Conflict, Invalid, Refused
from consult.core.events import emit
from consult.core.operations import operation, session
from consult.core.records import Record
from consult.core.rules import SYSTEM, Actor, system_only
from consult.core.text import normalise
from consult.documents.models import DraftVersion

from .. import queries, rules
from ..events import StandardAdopted, StandardReviewDue
from ..models import Standard, StandardPdf, StandardReview, StandardVersion

PDF_JOB = queries.PDF_JOB
REVIEW_YEARS = 5  # after which ISO and IEC look at a standard again
REVISION_YEARS = 1  # a revision that never came is asked about again


class Terms(Record):
    """What the adopting bodies say of a text beside its words. `revises`: the address of the standard it replaces."""

    title: str
    bodies: str
    designation: str = ""
    editors: str = ""
    licence: str = "unknown"
    licence_words: str = ""
    review_years: int = REVIEW_YEARS
    revises: str = ""


@operation(rule=rules.may_adopt, on="consultation")
def adopt(
    *, actor: Actor, consultation: Consultation, terms: Terms, seen: int, key: str | None = None
) -> StandardVersion:
    """Adopt the newest public text: it enters the library as a new standard, or as the next version of one.

    `seen` is the id of the text that was looked at. Raises Conflict when another one became public since, Invalid
    where a standard cannot be revised by it.
    """
    text = _text_of(consultation)
    if text.id != seen:
        raise Conflict("Another version of the draft became public since you opened this page. Look at it first.")
    version = _enter(actor, consultation, text, terms)
    consultations.adopt(actor=actor, consultation=consultation)  # its event finds the text in the library
    return version


@operation(rule=system_only)
def enter_library(*, actor: Actor, consultation: Consultation) -> None:
    """Put what was adopted by whatever way into the library, with what its consultation says, unless it is there."""
    if session().scalar(select(exists().where(StandardVersion.consultation_id == consultation.id))):
        return
    text = _text_of(consultation)
    bodies = "\n".join(filter(None, (consultation.organiser_name, consultation.co_organisers)))
    _enter(actor, consultation, text, Terms(title=text.draft.title, bodies=bodies or "The organisers"))


@operation(rule=rules.may_review, on="version")
def review(
    *, actor: Actor, version: StandardVersion, decision: str, reason: str, years: int = REVIEW_YEARS,
    key: str | None = None,
) -> StandardReview:  # fmt: skip
    """Say of a standard that it stays for so many years, is to be revised, or holds no more; with the public reason."""
    standard, reason = version.standard, normalise(reason)
    if not reason:
        raise Invalid("Write the reason. It stands in the library for everybody.", field="reason")
    if decision == "withdraw":
        standard.withdrawn_at, standard.review_at = clock.now(), None
    else:
        standard.review_at = _in_years(years if decision == "confirm" else REVISION_YEARS)
    standard.reminded_days = None
    row = StandardReview(
        standard_id=standard.id, number=version.number, decision=decision, reason=reason, person_id=actor.person_id
    )
    session().add(row)
    return row


@operation(rule=system_only)
def remind_of_review(*, actor: Actor, standard_id: int, days: int) -> None:
    """Tell that a standard is to be looked at again in so many days; once for each day it is due and each distance."""
    found = session().execute(
        select(Standard, StandardVersion.consultation_id)
        .join(StandardVersion, (StandardVersion.standard_id == Standard.id) & (StandardVersion.number == Standard.latest))
        .where(Standard.id == standard_id)
        .with_for_update(of=Standard)
        .execution_options(populate_existing=True)
    ).one()  # fmt: skip
    standard, consultation_id = found
    is_told = standard.reminded_days is not None and standard.reminded_days <= days
    if standard.review_at is None or is_told:
        return
    standard.reminded_days = days
    emit(StandardReviewDue(standard.id, consultation_id, f"{standard.review_at:%Y-%m-%d}", days))


@operation(rule=system_only)
def order_pdf(*, actor: Actor, version_id: int) -> None:
    """Have the PDF of a version made, once."""
    jobs.later(PDF_JOB, {"version": version_id}, dedupe_key=f"{PDF_JOB} {version_id}")


@operation(rule=system_only)
def keep_pdf(*, actor: Actor, version_id: int, data: bytes) -> None:
    """Keep the PDF of a version; the first one stays."""
    insert_new(StandardPdf, version_id=version_id, data=data, made_at=clock.now())


def _text_of(consultation: Consultation) -> DraftVersion:
    """The newest public version of the draft: with what was changed after the last round, where that was brought in."""
    text = queries.text_to_adopt(viewer=SYSTEM, consultation=consultation)
    if text is None:
        raise Refused("There is no public version of the draft that could be adopted.")
    return text


def _enter(actor: Actor, consultation: Consultation, text: DraftVersion, terms: Terms) -> StandardVersion:
    title, bodies = " ".join(normalise(terms.title).split()), _lines(terms.bodies)
    if not title or not bodies:
        raise Invalid("Give it a title, and say who adopts it.", field="bodies" if title else "title")
    if terms.licence == "other" and not normalise(terms.licence_words):
        raise Invalid("Say which licence it is.", field="licence_words")
    review_at = _in_years(terms.review_years)
    if terms.revises:
        standard = _revised(actor, terms.revises)
        standard.latest, standard.review_at, standard.reminded_days = standard.latest + 1, review_at, None
    else:
        standard = _new_standard(terms.designation or title, review_at)
    version = StandardVersion(
        standard_id=standard.id, number=standard.latest, consultation_id=consultation.id, draft_version_id=text.id,
        title=title, designation=normalise(terms.designation), bodies=bodies, editors=_lines(terms.editors),
        licence=terms.licence, licence_words=normalise(terms.licence_words), language=consultation.language,
        adopted_by_id=actor.person_id,
    )  # fmt: skip
    session().add(version)
    session().flush()
    emit(StandardAdopted(version.id, consultation.id))
    return version


def _revised(actor: Actor, slug: str) -> Standard:
    """The standard that gets its next version, locked; Invalid where the actor does not keep it, or it holds no more."""
    wanted = select(Standard).where(Standard.slug == slug).with_for_update()
    standard = session().scalars(wanted.execution_options(populate_existing=True)).first()
    if standard is None:
        raise Invalid("There is no such standard in the library.", field="revises")
    newest = queries.newest_version(viewer=actor, standard_id=standard.id)
    verdict = rules.may_review(actor, newest)
    if not verdict:
        raise Invalid(verdict.reason, field="revises")
    return standard


def _new_standard(name: str, review_at: datetime) -> Standard:
    base = ids.slug(name)
    for candidate in (base, *(f"{base}-{n}" for n in range(2, 10)), f"{base}-{ids.new_key()[:8]}"):
        row_id = insert_new(Standard, slug=candidate, latest=1, review_at=review_at)
        if row_id is not None:
            return session().get_one(Standard, row_id)
    raise Conflict("No address is free for it. Give it another title.")


def _lines(text: str) -> str:
    """One name a line, each once, without empty ones."""
    return "\n".join(dict.fromkeys(filter(None, (" ".join(line.split()) for line in normalise(text).splitlines()))))


def _in_years(years: int) -> datetime:
    moment = clock.now()
    day = 28 if (moment.month, moment.day) == (2, 29) else moment.day
    return moment.replace(year=moment.year + years, day=day)
