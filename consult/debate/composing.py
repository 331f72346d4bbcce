"""What operations compose a contribution from: words, positions, places, proposed words, numbers."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Executable, Select, bindparam, select

from consult.accounts.models import Organisation
from consult.consultations import naming
from consult.consultations.models import Consultation, Position
from consult.core import clock, text
from consult.core.db import dialect_name, insert_rows, inserting, read_rows, table_of, write_rows
from consult.core.errors import Invalid, Missing
from consult.core.operations import session
from consult.core.rules import Actor
from consult.documents import redline
from consult.documents.anchoring import anchor_at
from consult.documents.models import Clause, Draft, DraftVersion

from .models import (
    STANCES,
    TYPES,
    Anchor,
    Comment,
    CommentDraft,
    CommentPosition,
    Numbering,
    OrganisationDraft,
    OrganisationNote,
    ProposedChange,
)
from .passages import MOST, Span, is_there, settle

_POSITIONS = select(Position.id, Position.key).where(Position.consultation_id == bindparam("consultation"))
_NEWER = (
    select(DraftVersion.number)
    .where(DraftVersion.draft_id == bindparam("draft"), DraftVersion.number > bindparam("number"))
    .where(DraftVersion.frozen_at.is_not(None))
    .limit(1)
)
OF_PEOPLE = "P"  # before the numbers of what people say for themselves
LONGEST = 20_000  # characters of a comment or a reply
NOT_THERE = (
    f"Some of the words you quoted are not in this draft, or they are more than {MOST} passages. They are left out now:"
    " choose them again, or go on without them. Nothing you typed is lost."
)


def words(body: str, *, ask: str, field: str = "body") -> str:
    """What somebody says here, tidied; Invalid when it is empty, too long, or nothing but signs."""
    tidy = given(body, ask=ask, field=field)
    if not text.has_words(tidy):
        raise Invalid(text.NO_WORDS, field)
    return tidy


def given(body: str, *, ask: str, field: str = "body") -> str:
    """What came from outside, or is said among colleagues, tidied; Invalid when it is empty or too long."""
    tidy = text.normalise(body)
    if not tidy:
        raise Invalid(ask, field)
    if len(tidy) > LONGEST:
        raise Invalid(
            f"This is {len(tidy):,} characters long; {LONGEST:,} is the most. Shorten it, or send the rest as a"
            " second comment. Nothing you typed is lost.",
            field,
        )
    return tidy


def one_of(value: str, known: Collection[str], sentence: str, field: str) -> str:
    """`value` when it is one of the known words."""
    if value not in known:
        raise Invalid(sentence, field)
    return value


def stance_of(value: str) -> str:
    """A stance somebody chose."""
    return one_of(value, STANCES.keys() - {""}, "Choose where you stand.", "stance")


def type_of(value: str) -> str:
    """A type of comment."""
    return one_of(value, TYPES, "Choose what kind of comment this is.", "type")


def chosen_positions(
    consultation_id: int, positions: Collection[str], costs: Collection[str] = (), *, least: int = 1
) -> tuple[list[int], list[int]]:
    """The ids of the positions with these keys; at least `least`, all known, none on both sides."""
    if len(set(positions)) < least:
        raise Invalid("Choose what you argue from: at least one.", "positions")
    both = set(positions) & set(costs)
    rows = read_rows(_POSITIONS, {"consultation": consultation_id}).all()
    known = {row.key for row in rows}
    if not set(positions) <= known:
        raise Invalid("Choose from the positions of this consultation.", "positions")
    if not set(costs) <= known:
        raise Invalid("Choose from the positions of this consultation.", "costs")
    if both:
        raise Invalid("A comment cannot argue from a position at the cost of the same position.", "costs")
    return [r.id for r in rows if r.key in positions], [r.id for r in rows if r.key in costs]


def argue(comment: Comment, positions: Sequence[int], costs: Sequence[int]) -> None:
    """Say which positions the comment argues from, and at whose cost."""
    if comment.is_placed != bool(positions):  # what is set to what it was is looked at as if it were changed
        comment.is_placed = bool(positions)
    sides = [(position_id, False) for position_id in positions] + [(position_id, True) for position_id in costs]
    insert_rows(
        CommentPosition, [{"comment_id": comment.id, "position_id": position_id, "is_cost": is_cost} for position_id, is_cost in sides]
    )  # fmt: skip


def check_places(consultation: Consultation, version: DraftVersion, clauses: Collection[Clause]) -> None:
    """The version is of this consultation and public, the clauses are of this version."""
    draft = session().get_one(Draft, version.draft_id)
    if draft.consultation_id != consultation.id or version.frozen_at is None:
        raise Missing("This version of the draft is not part of this consultation.")
    if any(clause.version_id != version.id for clause in clauses):
        raise Missing("This clause is not part of this version of the draft.")


def check_newest(version: DraftVersion) -> None:
    """Comments go to the newest public version; what was typed for an older one is not lost."""
    if read_rows(_NEWER, {"draft": version.draft_id, "number": version.number}).first() is not None:
        raise Invalid("There is a newer version of the draft. Open it and comment there; copy your text first.", "body")


def anchor(comment: Comment, clauses: Collection[Clause], spans: Collection[Span] = ()) -> None:
    """Point the comment at words of its clauses; at a clause as a whole where it names none; or at the whole draft."""
    if not clauses:
        insert_rows(Anchor, [{"comment_id": comment.id, "status": "global"}])
    texts = {clause.key: clause.text for clause in clauses}
    if len(spans) > MOST or not all(is_there(span, texts) for span in spans):
        raise Invalid(NOT_THERE, "passages")
    found = settle(spans, texts)
    for clause in clauses:
        words = [_words_at(clause, span) for span in found if span.key == clause.key]
        here = {"comment_id": comment.id, "clause_id": clause.id, "status": "exact"}
        insert_rows(Anchor, [here | values for values in words or [{}]])


def _words_at(clause: Clause, span: Span) -> dict[str, str | int]:
    at = anchor_at(clause.text, 0, span.start, span.end)
    return {"quote": at.exact, "start": at.start, "end": at.end, "prefix": at.prefix, "suffix": at.suffix}


def propose(comment: Comment, clauses: Sequence[Clause], new_text: str | None) -> bool:
    """Keep other words for the clause with their redline; False when nothing differs from it."""
    new = text.normalise(new_text or "")
    if not new or (len(clauses) == 1 and new == text.normalise(clauses[0].text)):
        return False
    if len(clauses) != 1:
        raise Invalid("Propose words for one clause at a time. Write a comment of its own for each.", "new_text")
    old = clauses[0].text
    if len(new) > len(old) + LONGEST:
        raise Invalid(
            f"Your wording is more than {LONGEST:,} characters longer than the clause. Shorten it.", "new_text"
        )
    session().add(
        ProposedChange(
            comment_id=comment.id, clause_id=clauses[0].id, old_text=old, new_text=new, redline=redline.html(old, new)
        )
    )
    return True


def next_number(consultation_id: int, prefix: str) -> str:
    """The next comment number for a prefix; unique because the row of the counter is held until the commit."""
    numbered = {"consultation_id": consultation_id, "prefix": prefix, "last": 1}
    taken = write_rows(_taking(dialect_name()), numbered).scalar()
    return f"{prefix}-{taken:03d}"


@cache
def _taking(dialect: str) -> Executable:
    last = table_of(Numbering).c.last
    statement = inserting(Numbering, dialect).on_conflict_do_update(
        index_elements=["consultation_id", "prefix"], set_={"last": last + 1}
    )
    taking: Executable = statement.returning(last)
    return taking


def voice(actor: Actor) -> tuple[str, Organisation | None, str]:
    """In whose name the actor's words stand: prefix of the numbers, organisation, category.

    An organisation's name is its signatories' to give: a member who does not sign for it speaks as herself. The
    numbers of people tell nobody who it is: a number stays for ever, and how much of her name she shows may change.
    """
    if actor.speaks_for_id is None:
        return OF_PEOPLE, None, actor.category
    organisation = body(actor.speaks_for_id)
    return organisation.code, organisation, organisation.category


def body(organisation_id: int | None) -> Organisation:
    """As which organisation this one speaks now: itself, or the one it was merged into."""
    of = session().get_one(Organisation, organisation_id, populate_existing=True)
    return of if of.merged_into_id is None else session().get_one(Organisation, of.merged_into_id)


def shown_name(consultation: Consultation, named: str, actor: Actor, category: str) -> dict[str, str]:
    """The columns of a contribution that say how much of the actor's name she shows, and what stands there."""
    return {"named": chosen_name(consultation, named), "author_name": naming.byline(named, actor.name, category)}


def chosen_name(consultation: Consultation, named: str) -> str:
    """How much of a name is to be shown, when this consultation lets people choose that."""
    if named in naming.LEVELS and named not in naming.allowed(consultation.least_named):
        raise Invalid(naming.TOLD[consultation.least_named], "named")
    return one_of(named, naming.LEVELS, "Choose whose name is shown.", "named")


def signature(actor: Actor, organisation: Organisation | None) -> dict[str, Any]:
    """For which organisation a comment stands, with who signs; or which one's member wrote it without signing."""
    if organisation is None:
        return {"unsigned_for_id": None if actor.acting_for_id is None else body(actor.acting_for_id).id}
    return {"organisation_id": organisation.id, "signed_by_id": actor.person_id, "signed_at": clock.now()}


def use_up_draft(actor: Actor, *, seen: int, body: str, **which: int | str) -> None:
    """What was begun is said now: the actor's draft there goes, in the same transaction.

    One that another device has saved since (its edit number is not `seen`) stays, unless it says the same.
    """
    row = session().scalars(_begun(frozenset(which)), which | {"person_id": actor.person_id}).first()
    if row is not None and (row.edit_number == seen or json.loads(row.fields).get("body") == body):
        session().delete(row)


@cache
def _begun(names: frozenset[str]) -> Select[CommentDraft]:
    return select(CommentDraft).filter_by(**{name: bindparam(name) for name in (*names, "person_id")})


def note_down(actor: Actor, draft: OrganisationDraft, act: str, body: str = "") -> OrganisationNote:
    """A line in the thread of the members who write a shared draft."""
    html = text.markdown(body) if body else ""
    note = OrganisationNote(draft_id=draft.id, person_id=actor.person_id, act=act, body=body, html=html)
    session().add(note)
    return note
