"""The shelf: what is proposed, put on it, moved, taken off."""

from __future__ import annotations

from sqlalchemy import func, select

from consult.consultations.models import Consultation, StoredFile
from consult.core import clock
from consult.core.errors import Conflict, Invalid
from consult.core.events import emit
from consult.core.operations import SubmissionKey, operation, session
from consult.core.records import Record
from consult.core.rules import Actor
from consult.core.store import Kept
from consult.core.text import normalise

from .. import rules
from ..addresses import checked
from ..events import ResourceDecided, ResourceProposed, ShelfChanged
from ..models import KINDS, LANGUAGES, LICENCES, Resource

MOST_ON_SHELF, MOST_WAITING = 200, 10
LONGEST_TITLE, LONGEST_DESCRIPTION, LONGEST_LICENCE, LONGEST_REASON = 200, 1_000, 120, 1_000


class Label(Record, kw_only=True):
    """What is said of a thing on the shelf, as typed."""

    kind: str
    title: str
    url: str = ""  # none: the thing is a file
    licence: str
    description: str
    language: str
    licence_words: str = ""


@operation(rule=rules.may_keep_shelf, on="consultation")
def add_resource(
    *, actor: Actor, consultation: Consultation, label: Label, key: SubmissionKey | None = None
) -> Resource:
    """Put something on the shelf, at its end."""
    values = _checked(label)
    _is_new(consultation.id, values["url"])
    row = _new(actor, consultation, values, state="accepted", rank=_end(consultation.id))
    row.decided_by_id, row.decided_at = actor.person_id, clock.now()
    emit(ShelfChanged(consultation.id))
    return row


@operation(rule=rules.may_keep_shelf, on="consultation")
def add_file(
    *, actor: Actor, consultation: Consultation, label: Label, file: Kept, key: SubmissionKey | None = None
) -> Resource:
    """Put a file on the shelf, at its end; its content is in the store already. A corrected one is another thing."""
    values = _checked(label, is_file=True)
    same = select(Resource.id).join(Resource.file).where(StoredFile.sha256 == file.sha256)
    if session().scalar(same.where(Resource.consultation_id == consultation.id, Resource.state == "accepted")):
        raise Invalid("This file is on the shelf already.", "file")
    kept = StoredFile(consultation_id=consultation.id, added_by_id=actor.person_id, **file._asdict())
    session().add(kept)
    session().flush()
    row = _new(actor, consultation, values, state="accepted", rank=_end(consultation.id), file_id=kept.id)
    row.decided_by_id, row.decided_at = actor.person_id, clock.now()
    emit(ShelfChanged(consultation.id))
    return row


@operation(rule=rules.may_propose, on="consultation")
def propose_resource(
    *, actor: Actor, consultation: Consultation, label: Label, key: SubmissionKey | None = None
) -> Resource:
    """Propose something for the shelf; only those who decide, and whoever proposed it, see it before it is accepted."""
    waiting = select(func.count()).where(
        Resource.consultation_id == consultation.id, Resource.added_by_id == actor.person_id,
        Resource.state == "proposed",
    )  # fmt: skip
    if (session().scalar(waiting) or 0) >= MOST_WAITING:
        raise Invalid(f"{MOST_WAITING} of your proposals wait for a decision. Propose more when they are decided.")
    values = _checked(label)
    _is_new(consultation.id, values["url"])
    row = _new(actor, consultation, values, state="proposed")
    emit(ResourceProposed(row.id))
    return row


@operation(rule=rules.may_decide, on="resource")
def accept_proposal(*, actor: Actor, resource: Resource, label: Label, seen: int) -> Resource:
    """Put a proposal on the shelf, with its label as it stands or corrected."""
    values = _checked(label)
    _unchanged(resource, seen)
    _is_new(resource.consultation_id, values["url"])
    _write(resource, values)
    resource.rank = _end(resource.consultation_id)
    return _decide(actor, resource, "accepted")


@operation(rule=rules.may_decide, on="resource")
def decline_proposal(*, actor: Actor, resource: Resource, reason: str) -> Resource:
    """Decline a proposal; whoever made it reads the reason."""
    return _decide(actor, resource, "declined", _reason(reason))


@operation(rule=rules.may_withdraw, on="resource")
def withdraw_proposal(*, actor: Actor, resource: Resource) -> Resource:
    """Take one's own proposal back."""
    resource.state = "withdrawn"
    return resource


@operation(rule=rules.may_change, on="resource")
def edit_resource(*, actor: Actor, resource: Resource, label: Label, seen: int) -> Resource:
    """Correct what is said of something on the shelf. `seen` is the edit number that was open."""
    values = _checked(label, is_file=resource.file_id is not None)
    if all(getattr(resource, name) == value for name, value in values.items()):  # pressed twice
        return resource
    _unchanged(resource, seen)
    if values["url"] != resource.url:
        _is_new(resource.consultation_id, values["url"])
    _write(resource, values)
    emit(ShelfChanged(resource.consultation_id))
    return resource


@operation(rule=rules.may_change, on="resource")
def move_resource(*, actor: Actor, resource: Resource, is_up: bool) -> Resource:
    """Change places with what stands before (or after) it; at the end nothing happens."""
    beyond = Resource.rank < resource.rank if is_up else Resource.rank > resource.rank
    neighbours = session().scalars(
        select(Resource)
        .where(Resource.consultation_id == resource.consultation_id, Resource.state == "accepted", beyond)
        .order_by(Resource.rank.desc() if is_up else Resource.rank)
        .limit(1)
    )
    other = neighbours.first()
    if other is not None:
        resource.rank, other.rank = other.rank, resource.rank
        emit(ShelfChanged(resource.consultation_id))
    return resource


@operation(rule=rules.may_change, on="resource")
def take_off(*, actor: Actor, resource: Resource, reason: str) -> Resource:
    """Take something off the shelf. That it stood there, what kind it was, and the reason stay readable."""
    resource.reason = _reason(reason)
    resource.state, resource.decided_by_id, resource.decided_at = "removed", actor.person_id, clock.now()
    emit(ShelfChanged(resource.consultation_id))
    return resource


@operation(rule=rules.may_put_back, on="resource")
def put_back(*, actor: Actor, resource: Resource) -> Resource:
    """Undo taking something off: it stands where it stood."""
    if resource.url:
        _is_new(resource.consultation_id, resource.url)
    resource.reason = ""
    resource.state, resource.decided_by_id, resource.decided_at = "accepted", actor.person_id, clock.now()
    emit(ShelfChanged(resource.consultation_id))
    return resource


def _new(
    actor: Actor, consultation: Consultation, values: dict[str, str], *, state: str, rank: int = 0, file_id: int | None = None
) -> Resource:  # fmt: skip
    name = f"{actor.name}, {actor.acting_for_name}" if actor.acting_for_name else actor.name
    row = Resource(
        consultation=consultation, added_by_id=actor.person_id, added_by_name=name, state=state, rank=rank,
        file_id=file_id, **values,
    )  # fmt: skip
    session().add(row)
    session().flush()
    return row


def _decide(actor: Actor, resource: Resource, state: str, reason: str = "") -> Resource:
    resource.state, resource.reason = state, reason
    resource.decided_by_id, resource.decided_at = actor.person_id, clock.now()
    session().flush()
    emit(ResourceDecided(resource.id))
    return resource


def _write(resource: Resource, values: dict[str, str]) -> None:
    for name, value in values.items():
        setattr(resource, name, value)
    resource.edit_number += 1


def _unchanged(resource: Resource, seen: int) -> None:
    if resource.edit_number != seen:
        raise Conflict(
            "Somebody saved other words since you opened this page. Nothing you typed is lost: compare it with what is"
            " saved now, and save again."
        )


def _is_new(consultation_id: int, url: str) -> None:
    mine = (Resource.consultation_id == consultation_id) & (Resource.state == "accepted")
    if session().scalar(select(Resource.id).where(mine, Resource.url == url)) is not None:
        raise Invalid("This address is on the shelf already.", "url")


def _end(consultation_id: int) -> int:
    """The rank behind everything on the shelf, or taken off it; Invalid when it is full."""
    mine = Resource.consultation_id == consultation_id
    count, last = session().execute(
        select(func.count().filter(Resource.state == "accepted"), func.max(Resource.rank)).where(mine)
    ).one()  # fmt: skip
    if count >= MOST_ON_SHELF:
        raise Invalid(f"{count} things are on the shelf; nobody finds more. Take some off first.")
    return int(last or 0) + 1


def _checked(label: Label, *, is_file: bool = False) -> dict[str, str]:
    """A label as it is kept; Invalid says what is missing. A file has no address of another site."""
    for value, known, sentence, field in (
        (label.kind, KINDS, "Choose what it is.", "kind"),
        (label.licence, LICENCES, "Choose under which licence it is.", "licence"),
        (label.language, LANGUAGES, "Choose in which language it is.", "language"),
    ):
        if value not in known:
            raise Invalid(sentence, field)
    url = "" if is_file else checked(label.url)
    if url is None:
        raise Invalid("Write the address of a web page, like https://example.org/report.", "url")
    words = ""
    if label.licence == "other":
        words = _line(label.licence_words, LONGEST_LICENCE, "Say which licence it is.", "licence_words")
    return {
        "kind": label.kind, "url": url, "licence": label.licence, "licence_words": words, "language": label.language,
        "title": _line(label.title, LONGEST_TITLE, "Say what it is called.", "title"),
        "description": _line(label.description, LONGEST_DESCRIPTION, "Say what one finds there.", "description"),
    }  # fmt: skip


def _line(text: str, longest: int, ask: str, field: str) -> str:
    words = " ".join(normalise(text).split())
    if not words:
        raise Invalid(ask, field)
    if len(words) > longest:
        raise Invalid(f"This is {len(words):,} characters long; {longest:,} is the most. Shorten it.", field)
    return words


def _reason(reason: str) -> str:
    return _line(reason, LONGEST_REASON, "Say why; it is read by whoever this concerns.", "reason")
