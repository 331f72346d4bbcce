"""Who is meant by `@OWF` or `@P0007`: the letters that begin the numbers of somebody's comments."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import quote as escaped

from sqlalchemy import ColumnElement, Select, select

from consult.accounts.bodies import of_body
from consult.accounts.models import Organisation, Person
from consult.core.operations import session

from .models import Comment, Reply

MOST = 20  # different voices one contribution can name


@dataclass(frozen=True, slots=True)
class Voice:
    """A person, or an organisation."""

    name: str
    address: str
    person_id: int = 0
    organisation_id: int = 0


def named(consultation_id: int, names: Collection[str]) -> dict[str, Voice]:
    """The voices with these names ("@OWF") that have a contribution on show in this consultation; others are not there."""
    wanted = sorted(names)[:MOST]
    ids = {int(name[2:]) for name in wanted if name[1] == "P" and name[2:].isdecimal() and len(name) < 18}
    found = {
        f"@P{row.id:04d}": Voice(row.name, f"/people/{row.id}", person_id=row.id)
        for row in _people(consultation_id, ids)
    }
    found |= {f"@{row.code}": _organisation(row) for row in _organisations(consultation_id, [n[1:] for n in wanted])}
    return {name: voice for name, voice in found.items() if name in wanted}  # "@P7" is nobody, "@P0007" is


def _organisation(row: Organisation) -> Voice:
    return Voice(row.name, f"/organisations/{escaped(row.slug)}", organisation_id=row.id)


def _organisations(consultation_id: int, codes: Collection[str]) -> Collection[Organisation]:
    said = select(Comment.id).where(*_comments(consultation_id), of_body(Comment.organisation_id, Organisation.id))
    replied = _replies(consultation_id).where(of_body(Reply.organisation_id, Organisation.id))
    shown = said.exists() | replied.exists()
    return session().scalars(select(Organisation).where(Organisation.code.in_(codes), shown)).all()


def _people(consultation_id: int, ids: Collection[int]) -> Collection[Person]:
    """Only those who spoke for themselves: who spoke for an organisation is named by its letters."""
    mine = (Comment.author_id == Person.id, Comment.organisation_id.is_(None))
    said = select(Comment.id).where(*_comments(consultation_id), *mine)
    replied = _replies(consultation_id).where(Reply.author_id == Person.id, Reply.organisation_id.is_(None))
    return session().scalars(select(Person).where(Person.id.in_(ids), said.exists() | replied.exists())).all()


def _comments(consultation_id: int) -> tuple[ColumnElement[bool], ...]:
    return Comment.consultation_id == consultation_id, Comment.state == "posted"


def _replies(consultation_id: int) -> Select[int]:
    return (
        select(Reply.id).join(Reply.comment).where(Comment.consultation_id == consultation_id, Reply.state == "posted")
    )
