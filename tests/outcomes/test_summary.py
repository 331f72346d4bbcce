"""The summary rests on comments, survives two writers, and guards the publication."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from consult.consultations import operations as consultations
from consult.core import events
from consult.core.db import db
from consult.core.errors import Conflict, Invalid, Missing, Refused
from consult.core.rules import SYSTEM
from consult.debate import operations as debate
from consult.outcomes import operations, queries
from consult.outcomes.events import OutcomePublished
from consult.outcomes.models import Citation, OutcomeSummary, Statement, mark
from consult.outcomes.queries import Line
from tests.make import Make

from .world import World


@pytest.fixture
def told() -> Iterator[list[OutcomePublished]]:
    """Every OutcomePublished that is emitted."""
    heard: list[OutcomePublished] = []
    events._listeners[OutcomePublished].append(heard.append)
    yield heard
    events._listeners[OutcomePublished].remove(heard.append)


class Writer:
    """A moderator who writes the summary of a world."""

    def __init__(self, make: Make, state: str = "analysis") -> None:
        self.world = World(make, state)
        self.actor = make.actor(self.world.moderator)
        self.consultation = self.world.consultation

    def headline(self, words: str = "It stays as it is.", **values: object) -> OutcomeSummary:
        return operations.set_headline(actor=self.actor, consultation=self.consultation, headline=words, **values)

    def add(self, words: str = "A sentence.", section: str = "said", **values: object) -> Statement:
        return operations.add_statement(
            actor=self.actor, consultation=self.consultation, section=section, text=words, **values
        )

    def edit(self, row: Statement, words: str, **values: object) -> Statement:
        return operations.edit_statement(
            actor=self.actor, consultation=self.consultation, statement_id=row.id, section=row.section, text=words,
            **values,
        )  # fmt: skip

    def move(self, row: Statement, is_up: bool) -> None:
        operations.move_statement(actor=self.actor, consultation=self.consultation, statement_id=row.id, is_up=is_up)

    def decide(self, *comments: object, **values: object) -> None:
        given = {"code": "rejected", "observation": "No."} | values
        operations.decide(actor=self.actor, comments=list(comments), **given)

    def lines(self, section: str = "said") -> list[Line]:
        found = self.world.found()
        return list(queries.account(viewer=self.actor, consultation=found, of=found.round).sections[section])

    def gaps(self) -> list[str]:
        return [gap.kind for gap in queries.missing(viewer=SYSTEM, of=self.world.found().round)]


def test_sentences_keep_their_order_and_move(inside: Flask, make: Make) -> None:
    writer = Writer(make)
    first, second, third = (writer.add(words) for words in ("One.", "Two.", "Three."))
    writer.add("Done.", "did")
    writer.move(third, is_up=True)
    writer.move(first, is_up=True)  # at the end already
    assert [line.text for line in writer.lines()] == ["One.", "Three.", "Two."]
    writer.move(second, is_up=False)
    writer.move(first, is_up=False)
    assert [line.text for line in writer.lines()] == ["Three.", "One.", "Two."]
    assert [line.text for line in writer.lines("did")] == ["Done."]
    assert make.count(OutcomeSummary) == 1


def test_a_sentence_rests_on_comments_given_by_number(inside: Flask, make: Make) -> None:
    writer = Writer(make)
    first, second, third = writer.world.comments(3)
    row = writer.add(sources=[f"{first.number.lower()}, {second.number};{first.number}"])
    assert writer.lines()[0].sources == [first.number, second.number]
    for _ in range(2):
        operations.cite(actor=writer.actor, comment=third, consultation=writer.consultation, statement_id=row.id)
    operations.uncite(actor=writer.actor, comment=first, consultation=writer.consultation, statement_id=row.id)
    assert writer.lines()[0].sources == [second.number, third.number]
    with pytest.raises(Invalid, match="no comment NOPE-1") as problem:
        writer.add("Another.", sources=["NOPE-1"])
    assert problem.value.field == "sources"
    assert len(writer.lines()) == 1


def test_nothing_rests_on_what_is_hidden_withdrawn_or_from_elsewhere(inside: Flask, make: Make) -> None:
    writer = Writer(make)
    row = writer.add()
    for bad in (
        writer.world.comment(state="hidden"), writer.world.comment(state="withdrawn"), World(make).comment(),
    ):  # fmt: skip
        with pytest.raises(Refused):
            operations.cite(
                actor=writer.actor, comment=writer.world.row(bad), consultation=writer.consultation, statement_id=row.id
            )  # fmt: skip
    assert make.count(Citation) == 0


def test_a_source_that_is_hidden_later_no_longer_counts(inside: Flask, make: Make) -> None:
    writer = Writer(make)
    comment = writer.world.comment()
    writer.decide(comment)
    writer.headline()
    writer.add(sources=[comment.number])
    assert writer.gaps() == []
    debate.hide(actor=SYSTEM, thing=writer.world.row(comment), reason="personal data")
    assert not writer.lines()[0].sources
    assert writer.gaps() == ["sources"]


def test_stale_edits_are_told_what_stands_there_now(inside: Flask, make: Make) -> None:
    writer = Writer(make)
    row = writer.add("Old words.")
    seen = row.mark
    writer.edit(row, "New words.", seen=seen)
    with pytest.raises(Conflict, match=r"It now says: “New words\.") as problem:
        writer.edit(row, "Mine.", seen=seen)
    assert problem.value.field == "text"
    writer.headline("A", seen=mark(""))
    with pytest.raises(Conflict, match="It now says: “A”") as problem:
        writer.headline("B", seen=mark(""))
    assert problem.value.field == "headline"
    edits = db.session.scalars(select(OutcomeSummary.edit_number)).one()
    assert edits == 3, "one for each change that was made"


def test_removing_takes_the_sources_too(inside: Flask, make: Make) -> None:
    writer = Writer(make)
    row = writer.add(sources=[writer.world.comment().number])
    operations.remove_statement(actor=writer.actor, consultation=writer.consultation, statement_id=row.id)
    assert make.count(Statement) == make.count(Citation) == 0
    with pytest.raises(Missing):
        writer.edit(row, "Too late.")


def test_a_statement_of_another_consultation_is_not_there(inside: Flask, make: Make) -> None:
    mine, theirs = Writer(make), Writer(make)
    row = theirs.add()
    with pytest.raises(Missing):
        mine.edit(row, "Mine.")


@pytest.mark.parametrize(
    ("role", "state", "may"),
    [
        ("moderator", "analysis", True), ("moderator", "review", True), ("organiser", "analysis", True),
        ("editor", "analysis", False), ("observer", "analysis", False), ("", "analysis", False),
        ("moderator", "open", False), ("moderator", "published", False), ("organiser", "withdrawn", False),
    ],
)  # fmt: skip
def test_who_writes_the_summary_and_when(inside: Flask, make: Make, role: str, state: str, may: bool) -> None:
    world = World(make, state)
    person = make.staff(world.consultation, role) if role else make.person()
    given = {"actor": make.actor(person), "consultation": world.consultation, "section": "asked", "text": "Why?"}
    if may:
        assert operations.add_statement(**given).text == "Why?"
    else:
        with pytest.raises(Refused):
            operations.add_statement(**given)
        assert make.count(Statement) == 0


@pytest.mark.parametrize(("field", "value"), [("text", "  "), ("section", "elsewhere")])
def test_a_sentence_needs_words_and_a_place(inside: Flask, make: Make, field: str, value: str) -> None:
    writer = Writer(make)
    given = {"section": "said", "text": "Words."} | {field: value}
    with pytest.raises(Invalid) as problem:
        operations.add_statement(actor=writer.actor, consultation=writer.consultation, **given)
    assert problem.value.field == field


def test_publication_waits_for_answers_headline_and_sources(
    inside: Flask, make: Make, told: list[OutcomePublished]
) -> None:
    writer = Writer(make)
    first, second = writer.world.comments(2)
    writer.world.comment(state="hidden")
    writer.world.comment(state="withdrawn", disposition="withdrawn")
    writer.add("What do you think?", "asked")
    row = writer.add("This.")
    assert writer.gaps() == ["answers", "headline", "sources"]
    with pytest.raises(Refused, match=r"2 comments have no answer yet\..*no headline.*1 sentence"):
        operations.begin_review(actor=writer.actor, consultation=writer.consultation)
    with pytest.raises(Refused, match="2 comments have no answer"):  # whoever tries, and from wherever
        consultations.begin_review(actor=SYSTEM, consultation=writer.consultation)
    db.session.refresh(writer.consultation)
    assert writer.consultation.state == "analysis"
    writer.decide(first, second, code="accepted_modified", observation="Yes.", change_class="technical")
    writer.headline()
    operations.cite(actor=writer.actor, comment=first, consultation=writer.consultation, statement_id=row.id)
    operations.begin_review(actor=writer.actor, consultation=writer.consultation)
    assert writer.consultation.state == "review"
    assert not told


def _reviewed(make: Make) -> Writer:
    writer = Writer(make, "review")
    comments = writer.world.comments(3)
    writer.decide(*comments[:2], code="accepted", observation="Same words.", change_class="editorial")
    writer.decide(comments[2], code="accepted", observation="", change_class="technical")
    writer.add(sources=[comments[0].number])
    writer.headline("Two words are clearer.")
    return writer


def test_publishing_freezes_and_tells_once(inside: Flask, make: Make, told: list[OutcomePublished]) -> None:
    writer = _reviewed(make)
    writer.world.approve()
    edits = db.session.scalars(select(OutcomeSummary.edit_number)).one()
    operations.publish_outcome(actor=writer.actor, consultation=writer.consultation, seen=edits)
    summary = db.session.scalars(select(OutcomeSummary)).one()
    assert summary.published_at is not None
    assert told == [OutcomePublished(summary_id=summary.id, consultation_id=writer.consultation.id)]
    assert writer.consultation.state == "published"
    assert writer.consultation.headline == "2 changes made from 3 comments"
    assert writer.consultation.outcome_line == "Two words are clearer."
    for late in (
        lambda: writer.headline("Late."),
        lambda: writer.add("Late."),
        lambda: writer.decide(writer.world.comment()),
    ):
        with pytest.raises(Refused):
            late()


def test_publishing_by_the_organisers_door_seals_just_the_same(
    inside: Flask, make: Make, told: list[OutcomePublished]
) -> None:
    writer = _reviewed(make)
    writer.world.approve()
    consultations.publish(actor=SYSTEM, consultation=writer.consultation)
    assert len(told) == 1
    assert db.session.scalars(select(OutcomeSummary.published_at)).one() is not None


def test_nobody_publishes_what_changed_since_it_was_read(
    inside: Flask, make: Make, told: list[OutcomePublished]
) -> None:
    writer = _reviewed(make)
    edits = db.session.scalars(select(OutcomeSummary.edit_number)).one()
    writer.headline("Something else.")
    with pytest.raises(Conflict, match="Somebody changed the summary"):
        operations.publish_outcome(actor=writer.actor, consultation=writer.consultation, seen=edits)
    assert not told


def test_a_comment_that_comes_back_stops_the_publication(inside: Flask, make: Make) -> None:
    writer = _reviewed(make)
    writer.world.approve()
    hidden = writer.world.comment(state="hidden")
    debate.unhide(actor=SYSTEM, thing=writer.world.row(hidden))
    with pytest.raises(Refused, match="1 comment has no answer yet"):
        operations.publish_outcome(actor=writer.actor, consultation=writer.consultation)


def test_coverage_counts_what_is_cited_by_category_and_position(inside: Flask, make: Make) -> None:
    writer = Writer(make)
    world = writer.world
    cited = world.comment(author=make.person(category="industry"), positions=("profit", "access"))
    world.comment(author=make.person(category="industry"), positions=("profit",))
    world.comment(author=make.person(category="academia"), positions=())
    world.comment(author=make.person(category="academia"), state="hidden")
    writer.add(sources=[cited.number])
    found = world.found()
    summary_id = db.session.scalars(select(OutcomeSummary.id)).one()
    cover = queries.coverage(viewer=writer.actor, consultation=found, of=found.round, summary_id=summary_id)
    cells = {
        (row[0], key): (cell.total, cell.cited) for row in cover.rows for key, cell in row[3].items() if cell.total
    }
    assert cells == {
        ("industry", "profit"): (2, 1), ("industry", "access"): (1, 1), ("academia", "none"): (1, 0),
    }  # fmt: skip
    assert (cover.all.total, cover.all.cited) == (3, 1)
