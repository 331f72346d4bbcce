"""What came by mail, on paper or in a meeting: entered, compared by a second person, posted, claimed by its sender."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select

from consult.accounts.countries import COUNTRIES
from consult.accounts.models import CATEGORIES, Person
from consult.consultations import naming
from consult.consultations.models import Consultation, StoredFile
from consult.core import clock, jobs
from consult.core.errors import Conflict, Invalid
from consult.core.operations import SubmissionKey, operation, session
from consult.core.rules import SYSTEM, Actor
from consult.core.store import Kept
from consult.core.text import normalise
from consult.debate import composing
from consult.debate import operations as debate
from consult.debate import queries as debates
from consult.debate.models import STANCES, Comment, Removal
from consult.documents import queries as documents
from consult.documents.models import Clause, DraftVersion
from consult.learning.models import LANGUAGES

from .. import receipt_codes, rules
from ..mail_files import ReadMail
from ..models import INTAKE_SOURCES, IntakeEntry, IntakeFile
from ..queries import intake

RECEIPT_JOB = "moderation.receipt"
PREFIXES = {"email": "MAIL", "paper": "PAPER", "meeting": "MEETING"}
ARRIVED = {"email": "received", "paper": "received", "meeting": "taken down"}
FIELDS = {  # what is typed in, by the word that says so where a second person corrected it
    "source": "how it came", "received_on": "the day", "sender": "the name", "organisation": "the organisation",
    "category": "the category", "country": "the country", "email": "the e-mail address", "address": "the address",
    "language": "the language", "named": "whether the name is public",
    "are_scans_public": "whether the scans are public", "positions": "the positions", "stance": "where it stands",
    "type": "its kind", "clauses": "the clauses", "body": "the text", "note": "the note",
}  # fmt: skip
FIRST_DAY = date(1990, 1, 1)
MOST_FILES = 20
CHANGED = "Somebody changed this entry since you opened it. What you typed is below; compare it with what is there now."
WRONG_CODE = "This code does not fit. It has sixteen signs, never the digits 0 and 1 nor the letters O and I."


@operation(rule=rules.may_take_in, on="consultation")
def begin_from_mail(
    *, actor: Actor, consultation: Consultation, mail: ReadMail, kept: Sequence[Kept]
) -> IntakeEntry:  # fmt: skip
    """Take in what a mail says, to be completed; Conflict when it is here already. Of `kept` the first is the mail."""
    named = {"message_id": mail.message_id, "sha256": kept[0].sha256 if kept else ""}
    known = intake.number_of_mail(viewer=SYSTEM, consultation=consultation, **named)
    if known is not None:
        raise Conflict(f"This mail is here already: it is contribution {known}.")
    entry = _new(actor, consultation)
    today = clock.day_in(consultation.timezone)
    sent_on = clock.day_in(consultation.timezone, mail.sent_at)
    entry.source, entry.received_on = "email", min(max(sent_on, FIRST_DAY), today)
    entry.sender, entry.email, entry.body = mail.sender, mail.address, mail.text
    entry.message_id, entry.headers, entry.language = mail.message_id, mail.headers, consultation.language
    session().add(entry)
    session().flush()
    _enclose(actor, entry, kept)
    return entry


@operation(rule=rules.may_take_in, on="consultation")
def enter(
    *, actor: Actor, consultation: Consultation, fields: Mapping[str, Any], kept: Sequence[Kept] = (),
    key: SubmissionKey | None = None,
) -> IntakeEntry:  # fmt: skip
    """Enter a contribution; it waits for a second person."""
    entry = _new(actor, consultation)
    _settle(entry, consultation, fields)
    session().add(entry)
    session().flush()
    _enclose(actor, entry, kept)
    return entry


@operation(rule=rules.may_change_entry, on="entry")
def change_entry(
    *, actor: Actor, entry: IntakeEntry, fields: Mapping[str, Any], seen: int, kept: Sequence[Kept] = (),
    key: SubmissionKey | None = None,
) -> IntakeEntry:  # fmt: skip
    """Complete or correct an entry; whoever does so entered it, and somebody else compares it."""
    _check_seen(entry, seen)
    _settle(entry, entry.consultation, fields)
    entry.entered_by_id, entry.entered_at = actor.person_id, clock.now()
    _enclose(actor, entry, kept)
    return entry


@operation(rule=rules.may_check_entry, on="entry")
def check_entry(
    *, actor: Actor, entry: IntakeEntry, fields: Mapping[str, Any], seen: int, key: SubmissionKey | None = None
) -> IntakeEntry:
    """The second person has compared it, and corrected what was wrong: it is a comment now, and the receipt goes out."""
    _check_seen(entry, seen)
    before = {name: getattr(entry, name) for name in FIELDS}
    version, clauses = _settle(entry, entry.consultation, fields)
    entry.corrections = ", ".join(word for name, word in FIELDS.items() if getattr(entry, name) != before[name])
    comment = _post(entry, version, clauses)
    entry.state, entry.comment_id = "posted", comment.id
    entry.checked_by_id, entry.checked_at = actor.person_id, clock.now()
    session().flush()
    session().expire(entry, ["comment", "checked_by"])
    if entry.email:
        jobs.later(RECEIPT_JOB, {"entry_id": entry.id}, dedupe_key=f"receipt {entry.id}")
    return entry


@operation(rule=rules.may_change_entry, on="entry")
def set_aside(*, actor: Actor, entry: IntakeEntry, reason: str, key: SubmissionKey | None = None) -> IntakeEntry:
    """It becomes no comment, and why; what came stays."""
    entry.reason = normalise(reason)[:2_000]
    if not entry.reason:
        raise Invalid("Say why it becomes no comment: your colleagues read it.", "reason")
    entry.state = "set_aside"
    return entry


@operation(rule=rules.may_renew_code, on="entry")
def renew_code(*, actor: Actor, entry: IntakeEntry, key: SubmissionKey | None = None) -> IntakeEntry:
    """Make the code of its receipt worthless, and a new one."""
    entry.code_count += 1
    return entry


@operation(rule=rules.may_claim, on="entry")
def claim(
    *, actor: Actor, entry: IntakeEntry, typed: str, secret: str, key: SubmissionKey | None = None
) -> IntakeEntry:
    """Who has the code of the receipt becomes the author, once; `secret` is the installation's."""
    if not receipt_codes.fits(typed, receipt_codes.code(secret, entry.id, entry.code_count)):
        raise Invalid(WRONG_CODE, "code")
    comment = session().get_one(Comment, entry.comment_id)
    debate.give_to_author(actor=SYSTEM, comment=comment, person=session().get_one(Person, actor.person_id))
    entry.claimed_by_id, entry.claimed_at = actor.person_id, clock.now()
    return entry


@operation(rule=rules.may_undo_claim, on="entry")
def undo_claim(*, actor: Actor, entry: IntakeEntry, reason: str = "", key: SubmissionKey | None = None) -> IntakeEntry:
    """The comment stands in the name it came with again, and the code that was used is worthless.

    Moderators and organisers say why; who claimed it need not.
    """
    reason = normalise(reason)[:2_000]
    if not reason and actor.person_id != entry.claimed_by_id:
        raise Invalid("Say why it is not theirs: your colleagues read it.", "reason")
    comment = session().get_one(Comment, entry.comment_id)
    claimant = session().get_one(Person, entry.claimed_by_id)
    debate.take_from_author(actor=SYSTEM, comment=comment, name=_shown_name(entry), named=entry.named)
    day = clock.day_in(entry.consultation.timezone)
    entry.note = (
        f"{entry.note}\n{day.isoformat()}: claim by {claimant.name} taken back by {actor.name}. {reason}".strip()
    )
    entry.claimed_by_id, entry.claimed_at, entry.code_count = None, None, entry.code_count + 1
    return entry


def _new(actor: Actor, consultation: Consultation) -> IntakeEntry:
    """An entry with the next number; the consultation's row is held, so two do not get the same."""
    here = IntakeEntry.consultation_id == consultation.id
    last = session().scalar(select(func.max(IntakeEntry.number)).where(here)) or 0
    entry = IntakeEntry(number=last + 1, entered_by_id=actor.person_id, entered_at=clock.now(), edit_number=0)
    entry.consultation_id, entry.source = consultation.id, "paper"
    return entry


def _enclose(actor: Actor, entry: IntakeEntry, kept: Sequence[Kept]) -> None:
    here = session().scalar(select(func.count()).select_from(IntakeFile).where(IntakeFile.entry_id == entry.id)) or 0
    if here + len(kept) > MOST_FILES + 1:  # and the mail itself
        raise Invalid(f"{MOST_FILES} files are the most for one contribution. Put the scans into one PDF.", "scans")
    rows = [
        StoredFile(consultation_id=entry.consultation_id, added_by_id=actor.person_id, **one._asdict()) for one in kept
    ]  # fmt: skip
    session().add_all(rows)
    session().flush()
    session().add_all(IntakeFile(entry_id=entry.id, file_id=row.id) for row in rows)
    session().flush()
    if rows:
        session().expire(entry, ["enclosed"])


def _check_seen(entry: IntakeEntry, seen: int) -> None:
    if entry.edit_number != seen:
        raise Conflict(CHANGED)


def _settle(
    entry: IntakeEntry, consultation: Consultation, fields: Mapping[str, Any]
) -> tuple[DraftVersion, Collection[Clause]]:
    """Put what was typed into the entry; Invalid with its field where something cannot be so."""
    _check_words(consultation, fields)
    composing.chosen_positions(consultation.id, fields["positions"].split(), least=0)
    version = documents.version(viewer=SYSTEM, consultation_id=consultation.id)
    names = [name for part in fields["clauses"].split(",") if (name := part.strip())]
    try:
        clauses = debates.further_clauses(viewer=SYSTEM, version=version, names=names)
    except Invalid as error:
        raise Invalid(error.sentence, "clauses") from None
    for name in FIELDS:
        setattr(entry, name, fields[name])
    entry.state, entry.edit_number = "entered", entry.edit_number + 1
    return version, clauses


def _check_words(consultation: Consultation, fields: Mapping[str, Any]) -> None:
    composing.given(fields["body"], ask="Enter the words of the contribution.")
    composing.type_of(fields["type"])
    for name, known, sentence in (
        ("source", INTAKE_SOURCES, "Choose how it came."), ("category", CATEGORIES, "Choose who wrote it."),
        ("stance", STANCES, "Choose where it stands."), ("language", LANGUAGES, "Choose the language it is written in."), ("country", {"", *COUNTRIES}, "Choose a country."),
    ):  # fmt: skip
        composing.one_of(fields[name], known, sentence, name)
    if not FIRST_DAY <= fields["received_on"] <= clock.day_in(consultation.timezone):
        raise Invalid("Enter the day it was received; it cannot be after today.", "received_on")
    if fields["named"] == "name" and not fields["sender"]:
        raise Invalid("Enter the name that is to stand over it, or choose that it is withheld.", "sender")


def _post(entry: IntakeEntry, version: DraftVersion, clauses: Collection[Clause]) -> Comment:
    """The comment, in the sender's name where there is consent."""
    return debate.record_comment(
        actor=SYSTEM, consultation=entry.consultation, version=version, clauses=clauses, body=entry.body,
        author_name=_shown_name(entry),
        source=entry.source, source_note=_how_it_came(entry), category=entry.category, stance=entry.stance,
        type=entry.type, positions=entry.positions.split(), prefix=PREFIXES[entry.source], language=entry.language, named=entry.named,
    )  # fmt: skip


def _shown_name(entry: IntakeEntry) -> str:
    """With consent; two withheld names are two people, so each has a number. What a moderator withheld stays so."""
    withheld = select(Removal.id).where(
        Removal.comment_id == entry.comment_id, Removal.is_name, Removal.put_back_at.is_(None)
    )
    level = entry.named if session().scalar(withheld.limit(1)) is None else "nobody"
    if level != "name":
        return f"{naming.byline(level, '', entry.category)}, contribution {entry.number}"
    return ", ".join(part for part in (entry.sender, entry.organisation) if part)


def _how_it_came(entry: IntakeEntry) -> str:
    """What everybody reads beside it."""
    day = f"{entry.received_on.day} {entry.received_on:%B %Y}"
    late = ", after comments closed" if entry.is_late else ""
    return f"{ARRIVED[entry.source]} on {day}{late}; entered by staff and checked by a second person"
