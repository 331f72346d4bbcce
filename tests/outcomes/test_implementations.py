"""Accepted changes in a later draft: noted by the staff, verified by somebody else, proposed by the redline."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from consult.accounts.models import Person
from consult.core.db import db
from consult.core.errors import Conflict, Invalid, Refused
from consult.core.rules import VISITOR
from consult.debate.models import Comment
from consult.documents.models import Clause, DraftVersion
from consult.outcomes import operations, queries, tables
from consult.outcomes.models import Disposition, Implementation
from tests.listening import listening
from tests.make import Make
from tests.visitor import Visitor

from .world import World

Visit = Callable[..., Visitor]
NEW = ("Providers shall publish a short summary.", "Small providers may publish it later.")


def accept(world: World, *comments: Comment, code: str = "accepted", change_class: str = "technical") -> None:
    actor = world.make.actor(world.moderator)
    for comment in comments:
        operations.decide(
            actor=actor, comments=[world.row(comment)], code=code, observation=f"So be it, {comment.number}.",
            change_class=change_class,
        )  # fmt: skip


def next_draft(world: World, texts: tuple[str, ...] = NEW) -> DraftVersion:
    """A second draft whose clauses continue those of the first."""
    version = world.make.version(
        world.consultation, texts=texts, supersedes_id=world.clauses[0].version_id, frozen_at=None
    )
    with world.make.writing() as session:
        for clause, earlier in zip(world.make.clauses(version), world.clauses, strict=True):
            session.execute(update(Clause).where(Clause.id == clause.id).values(lineage_id=earlier.lineage_id))
    return version


def note(world: World, person: Person, state: str, *comments: Comment, **given: object) -> Implementation:
    ids = [queries.answer_of(viewer=world.make.actor(world.moderator), comment=world.row(c)).newest for c in comments]  # type: ignore[union-attr]
    found = world.found()
    given = {"version": 2} | given if state == "applied" else given
    return operations.implement(
        actor=world.make.actor(person), consultation=found, of=found.round, answers=ids, state=state, **given
    )


def rows(world: World) -> dict[str, dict[str, object]]:
    found = world.found()
    viewer = world.make.actor(world.moderator)
    entries = queries.entries(viewer=viewer, consultation=found, of=found.round)
    return {str(row["number"]): row for row in tables.rows(entries, lambda number: number)}


def test_applied_by_one_verified_by_another_and_nothing_is_forgotten(inside: Flask, make: Make) -> None:
    world = World(make)
    one, left, noted = world.comments(3)
    accept(world, one, left)
    accept(world, noted, code="noted")
    editor, other = make.staff(world.consultation, "editor"), make.staff(world.consultation, "organiser")
    with pytest.raises(Invalid, match="Choose a draft after"):
        note(world, editor, "applied", one)
    draft = next_draft(world)
    with pytest.raises(Invalid, match="not applied yet"):
        note(world, other, "verified", one)
    row = note(world, editor, "applied", one)
    assert row.clause_id == make.clauses(draft)[1].id
    with pytest.raises(Invalid, match="somebody else verifies"):
        note(world, editor, "verified", one)
    with pytest.raises(Conflict, match="says already"):
        note(world, editor, "applied", one)
    note(world, other, "verified", one)
    found = world.found()
    work = queries.work(viewer=VISITOR, of=found.round)
    assert (work.to_do, work.applied, work.verified) == (1, 0, 1)
    told = rows(world)
    assert {number: row["implementation"] for number, row in told.items()} == {
        one.number: "verified", left.number: "to_do", noted.number: "not_needed",
    }  # fmt: skip
    assert (told[one.number]["implemented_in"], told[one.number]["implemented_at_clause"]) == (2, "")  # not public yet
    with pytest.raises(Invalid, match="Say why"):
        note(world, other, "to_do", one)
    note(world, other, "to_do", one, note="The sentence is not there.")
    assert make.count(Implementation) == 3
    assert rows(world)[one.number]["implementation"] == "to_do"


def test_another_answer_is_to_be_made_anew(inside: Flask, make: Make) -> None:
    world = World(make)
    one = world.comment()
    accept(world, one)
    next_draft(world)
    note(world, world.moderator, "applied", one)
    old = queries.shown_answers(viewer=VISITOR, of=world.found().round, show="applied")
    accept(world, one, code="accepted_modified")
    assert rows(world)[one.number]["implementation"] == "to_do"
    found = world.found()
    with pytest.raises(Conflict, match="changed meanwhile"):
        operations.implement(
            actor=make.actor(world.moderator), consultation=found, of=found.round, answers=old, state="verified"
        )


def test_the_redline_proposes_and_sets_nothing(inside: Flask, make: Make) -> None:
    world = World(make)
    changed, same, above, whole = (*(world.comment(n) for n in (1, 2, 0)), world.make.comment(world.consultation))
    accept(world, changed, same, above, whole)
    next_draft(world)
    viewer, found = make.actor(world.moderator), world.found()
    page = queries.work_page(viewer=viewer, consultation=found, of=found.round)
    assert {line.answer.comment.number: line.proposed for line in page.lines.rows} == {
        whole.number: [], above.number: ["1"], changed.number: ["1.1"], same.number: [],
    }  # fmt: skip
    proposed = queries.work_page(viewer=viewer, consultation=found, of=found.round, show="proposed")
    assert [line.answer.comment_id for line in proposed.lines.rows] == [above.id, changed.id]
    assert (page.proposed, page.work.to_do, make.count(Implementation)) == (2, 4, 0)


def test_the_table_itself_refuses_who_verifies_her_own_work(inside: Flask, make: Make) -> None:
    world = World(make)
    accept(world, world.comment())
    version, answer = next_draft(world), db.session.query(Disposition).one()
    mine = {"disposition_id": answer.id, "version_id": version.id, "by_id": world.moderator.id}
    for wrong in ({"applied_by_id": world.moderator.id}, {"applied_by_id": None}):
        with pytest.raises(IntegrityError):
            make.row(Implementation(**mine, state="verified", **wrong))


def test_who_is_not_of_the_staff_notes_nothing(inside: Flask, make: Make) -> None:
    world = World(make)
    one = world.comment()
    accept(world, one)
    with pytest.raises(Refused, match="Only the editors"):
        note(world, make.person(), "to_do", one, note="Again.")


def test_a_page_costs_the_same_for_one_and_for_many(inside: Flask, make: Make) -> None:
    world = World(make)
    costs = []
    for _ in range(2):
        accept(world, *world.comments(1 + 4 * len(costs)))
        found, viewer = world.found(), make.actor(world.moderator)
        db.session.expunge_all()
        with listening(inside) as seen:
            queries.work_page(viewer=viewer, consultation=found, of=found.round)
        costs.append(len(seen))
    assert costs[0] == costs[1]


def test_many_at_once_on_the_page_and_told_to_everybody(make: Make, visit: Visit) -> None:
    world = World(make, "analysis")
    comments = world.comments(3)
    with make.app.app_context():
        accept(world, *comments)
    version = next_draft(world)
    with make.writing() as session:
        session.execute(update(DraftVersion).where(DraftVersion.id == version.id).values(frozen_at=version.created_at))
    editor = visit(make.staff(world.consultation, "editor"))
    editor.open(f"/c/{world.slug}/manage/changes?show=proposed")
    page = editor.press("Applied", all="y", version="2", clause="9.9", status=422)
    assert "has no clause 9.9" in page.text
    page = editor.press("Applied", clause="1.1")
    assert "3 changes: applied." in page.text
    editor.open(f"/c/{world.slug}/manage/changes?show=applied")
    page = editor.press("Verified", all="y", status=422)
    assert "somebody else verifies" in page.text
    other = visit(world.moderator)
    other.open(f"/c/{world.slug}/manage/changes?show=applied")
    with make.app.app_context():
        first = db.session.query(Disposition).first()
        assert first is not None
    page = other.press("Verified", also=[str(first.id)])
    world.set(world.consultation, state="review")
    outcome = visit().open(f"/c/{world.slug}/outcome")
    assert "Of 3 accepted changes 1 is in the next draft and verified by a second person, 2 are applied" in outcome.text
    assert "Verified in draft 2, 1.1." in outcome.text
    comment = visit().open(f"/c/{world.slug}/comments/{comments[1].number}")
    assert "Applied in draft 2, 1.1." in comment.text
    table = other.open(f"/c/{world.slug}/manage/answers/table")
    assert "Applied in draft 2, 1.1" in table.text
