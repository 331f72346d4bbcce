"""Who is meant by `@OWF`, the letters before the numbers of an organisation, or by `@P-007`: whoever wrote that comment."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import quote as escaped

from sqlalchemy import ColumnElement, Row, Select, and_, select
from sqlalchemy.orm import joinedload

from consult.accounts.bodies import of_body
from consult.accounts.models import Organisation
from consult.consultations.models import Consultation
from consult.core.operations import session
from consult.core.records import Record

from .models import Comment, Reply

MOST = 20  # different voices one contribution can name


class Voice(Record):
    """A person, or an organisation."""

    name: str
    address: str
    person_id: int = 0
    organisation_id: int = 0


def named(consultation_id: int, names: Collection[str]) -> dict[str, Voice]:
    """The voices with these names ("@OWF") that have a contribution on show in this consultation; others are not there."""
    wanted = sorted(names)[:MOST]
    numbers = {name[1:] for name in wanted if "-" in name}
    found = {f"@{row.number}": _author(row, slug) for row, slug in _written(consultation_id, numbers)}
    codes = [name[1:] for name in wanted if "-" not in name]
    return found | {f"@{row.code}": _organisation(row) for row in _organisations(consultation_id, codes)}


def _author(row: Comment, slug: str) -> Voice:
    """Who wrote a comment; where she shows no name, she is called by its number, and told all the same."""
    if row.organisation is not None:
        return _organisation(row.organisation)
    if row.named == "name":
        return Voice(row.author_name, f"/people/{row.author_id}", person_id=row.author_id or 0)
    address = f"/c/{escaped(slug)}/comments/{escaped(row.number)}"
    return Voice(row.number, address, person_id=row.author_id or 0)


def _written(consultation_id: int, numbers: Collection[str]) -> Collection[Row[Comment, str]]:
    there = and_(*_comments(consultation_id), Comment.number.in_(numbers), Comment.author_id.is_not(None))
    found = select(Comment, Consultation.slug).join(Comment.consultation).options(joinedload(Comment.organisation))
    return session().execute(found.where(there)).all()


def _organisation(row: Organisation) -> Voice:
    return Voice(row.name, f"/organisations/{escaped(row.slug)}", organisation_id=row.id)


def _organisations(consultation_id: int, codes: Collection[str]) -> Collection[Organisation]:
    said = select(Comment.id).where(*_comments(consultation_id), of_body(Comment.organisation_id, Organisation.id))
    replied = _replies(consultation_id).where(of_body(Reply.organisation_id, Organisation.id))
    shown = said.exists() | replied.exists()
    return session().scalars(select(Organisation).where(Organisation.code.in_(codes), shown)).all()


def _comments(consultation_id: int) -> tuple[ColumnElement[bool], ...]:
    return Comment.consultation_id == consultation_id, Comment.state == "posted"


def _replies(consultation_id: int) -> Select[int]:
    return (
        select(Reply.id).join(Reply.comment).where(Comment.consultation_id == consultation_id, Reply.state == "posted")
    )
