"""What is written: the guide, answers, terms, the shelf; and what happens when two write at once."""

from __future__ import annotations

import pytest

from consult.core import events
from consult.core.errors import Conflict, Invalid, Missing, Refused
from consult.learning import operations, queries
from consult.learning.events import GuideChanged, ResourceDecided, ResourceProposed, ShelfChanged
from consult.learning.models import Guide, GuideQuestion, Resource, Term

from .conftest import Class, all_of, label


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every event of the room, as a listener hears it."""
    heard: list[object] = []
    for kind in (GuideChanged, ResourceProposed, ResourceDecided, ShelfChanged):
        monkeypatch.setitem(events._listeners, kind, [*events._listeners[kind], heard.append])
    return heard


def test_the_guide_is_one_row_rendered_when_it_is_saved(known: Class, told: list[object]) -> None:
    row = operations.write_guide(
        actor=known.actor("editor"), consultation=known.consultation(), text="# About\n\n" + "word " * 400, seen=0
    )
    assert row.html.startswith("<h3>About</h3>")
    assert 100 < row.seconds < 140
    assert told == [GuideChanged(known.row.id)]
    operations.write_guide(actor=known.actor("organiser"), consultation=known.consultation(), text="Other.", seen=1)
    assert [(g.html.strip(), g.edit_number) for g in all_of(Guide)] == [("<p>Other.</p>", 2)]


def test_what_somebody_else_saved_is_not_overwritten(known: Class) -> None:
    operations.write_guide(actor=known.actor("editor"), consultation=known.consultation(), text="Theirs.", seen=0)
    with pytest.raises(Conflict, match="Nothing you typed is lost"):
        operations.write_guide(actor=known.actor("organiser"), consultation=known.consultation(), text="Mine.", seen=0)
    same = operations.write_guide(
        actor=known.actor("organiser"), consultation=known.consultation(), text="Theirs.", seen=0
    )
    assert same.edit_number == 1, "the same words again are no conflict, and no edit"
    term = known.term()
    values = {"consultation": known.consultation(), "term_id": term.id, "name": "provider"}
    operations.edit_term(actor=known.actor("editor"), explanation="First.", seen=0, **values)
    with pytest.raises(Conflict):
        operations.edit_term(actor=known.actor("editor"), explanation="Second.", seen=0, **values)


def test_a_moderator_does_not_write_the_guide(known: Class) -> None:
    for role in ("moderator", "observer", "reader"):
        with pytest.raises(Refused):
            operations.write_guide(actor=known.actor(role), consultation=known.consultation(), text="No.", seen=0)
    assert all_of(Guide) == []


def test_questions_change_places_and_go(known: Class) -> None:
    known.ask(3)
    first, second, third = all_of(GuideQuestion)
    values = {"actor": known.actor("organiser"), "consultation": known.consultation()}
    operations.move_question(**values, question_id=third.id, is_up=True)
    operations.move_question(**values, question_id=first.id, is_up=True)
    asked = queries.questions(viewer=known.actor("reader"), consultation=known.row)
    assert [row.question for row in asked] == ["Question 0?", "Question 2?", "Question 1?"]
    operations.remove_question(**values, question_id=second.id)
    with pytest.raises(Missing):
        operations.remove_question(**values, question_id=second.id)
    assert len(all_of(GuideQuestion)) == 2


def test_a_question_of_another_consultation_is_not_there(known: Class) -> None:
    known.ask(1)
    other = known.make.consultation()
    known.make.role(known.people["organiser"], other, "organiser")
    with pytest.raises(Missing):
        operations.edit_question(
            actor=known.actor("organiser"), consultation=other, question_id=all_of(GuideQuestion)[0].id, question="Mine?",
            answer="Yes.", seen=0,
        )  # fmt: skip


def test_a_term_keeps_its_address_and_no_two_are_written_alike(known: Class) -> None:
    term = known.term("AI system", variants="AI systems\n\nai  SYSTEMS\nAI system", clause="1.1")
    assert (term.key, term.variants) == ("ai-system", "AI systems\nai SYSTEMS")
    assert term.lineage_id == known.make.clauses(known.version)[1].lineage_id
    for name in ("ai  system", "AI SYSTEMS", "ai\u00a0systems"):
        with pytest.raises(Invalid, match="already") as error:
            known.term(name)
        assert error.value.field == "name"
    with pytest.raises(Invalid) as error:
        known.term("artificial intelligence system", variants="Ai Systems")
    assert error.value.field == "variants"
    operations.edit_term(
        actor=known.actor("editor"), consultation=known.consultation(), term_id=term.id, name="machine", explanation="X.",
        seen=0,
    )  # fmt: skip
    assert [(t.key, t.name, t.lineage_id) for t in all_of(Term)] == [("ai-system", "machine", "")]
    assert known.term("AI  system").key == "ai-system-2"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"), ({"name": "…"}, "name"), ({"name": "x" * 81}, "name"), ({"explanation": ""}, "explanation"),
        ({"clause": "99.9"}, "clause"), ({"variants": "\n".join(f"form{n}" for n in range(21))}, "variants"),
    ],
)  # fmt: skip
def test_a_term_that_cannot_be_used_is_told_at_its_field(known: Class, values: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as error:
        known.term(**{"name": "word", **values})
    assert error.value.field == field
    assert all_of(Term) == []


def test_a_definition_of_the_draft_is_taken_over_once(known: Class) -> None:
    reader = known.actor("organiser")
    offers = queries.offers(viewer=reader, consultation=known.row, terms=[])
    assert [(o.name, o.words) for o in offers] == [("deployer", "A person using an AI system under its authority")]
    values = {"actor": reader, "consultation": known.consultation(), "clause_key": offers[0].key}
    term = operations.take_definition(**values)
    assert term.lineage_id == offers[0].lineage_id
    with pytest.raises(Missing):
        operations.take_definition(**values)
    with pytest.raises(Missing):
        operations.take_definition(**values | {"clause_key": "1-1"})
    assert queries.offers(viewer=reader, consultation=known.row, terms=all_of(Term)) == []


def test_a_proposal_is_accepted_corrected_or_declined_with_a_reason(known: Class, told: list[object]) -> None:
    first, second = known.proposed(), known.proposed(url="https://example.org/2")
    better = label(title="Impact assessment, 2nd edition")
    operations.accept_proposal(actor=known.actor("moderator"), resource=first, label=better, seen=0)
    with pytest.raises(Invalid, match="Say why"):
        operations.decline_proposal(actor=known.actor("organiser"), resource=second, reason=" ")
    operations.decline_proposal(actor=known.actor("organiser"), resource=second, reason="It is an advertisement.")
    one, two = all_of(Resource)
    assert (one.state, one.title, one.decided_by_id) == (
        "accepted", "Impact assessment, 2nd edition", known.people["moderator"].id,
    )  # fmt: skip
    assert (two.state, two.reason) == ("declined", "It is an advertisement.")
    assert told == [
        ResourceProposed(one.id),
        ResourceProposed(two.id),
        ResourceDecided(one.id),
        ResourceDecided(two.id),
    ]
    with pytest.raises(Refused, match="decided already"):
        operations.accept_proposal(actor=known.actor("organiser"), resource=second, label=label(), seen=0)


def test_an_address_stands_on_the_shelf_once(known: Class) -> None:
    waiting, row = known.proposed(), known.on_shelf()
    for act in (known.on_shelf, known.proposed):
        with pytest.raises(Invalid, match="on the shelf already"):
            act()
    with pytest.raises(Invalid, match="on the shelf already"):
        operations.accept_proposal(actor=known.actor("moderator"), resource=waiting, label=label(), seen=0)
    operations.take_off(actor=known.actor("moderator"), resource=row, reason="Outdated.")
    again = known.on_shelf()
    with pytest.raises(Invalid, match="on the shelf already"):
        operations.put_back(actor=known.actor("moderator"), resource=row)
    operations.take_off(actor=known.actor("moderator"), resource=again, reason="Wrong one.")
    operations.put_back(actor=known.actor("moderator"), resource=row)
    assert [r.state for r in all_of(Resource)] == ["proposed", "accepted", "removed"]


def test_somebody_with_ten_open_proposals_waits(known: Class) -> None:
    rows = [known.proposed(url=f"https://example.org/{n}") for n in range(10)]
    with pytest.raises(Invalid, match="wait for a decision"):
        known.proposed(url="https://example.org/11")
    operations.withdraw_proposal(actor=known.actor("reader"), resource=rows[0])
    assert known.proposed(url="https://example.org/11").state == "proposed"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"url": "javascript:alert(1)"}, "url"), ({"url": "ftp://example.org/x"}, "url"), ({"url": "https://localhost/"}, "url"),
        ({"url": "https://me:pw@example.org/"}, "url"), ({"url": "https://example.org/a b"}, "url"), ({"title": " "}, "title"),
        ({"kind": "weapon"}, "kind"), ({"licence": "WTF"}, "licence"), ({"licence": "other"}, "licence_words"),
        ({"language": "xx"}, "language"), ({"description": "x" * 1001}, "description"),
    ],
)  # fmt: skip
def test_a_label_that_cannot_be_used_is_told_at_its_field(known: Class, values: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as error:
        known.proposed(**values)
    assert error.value.field == field
    assert all_of(Resource) == []


def test_an_address_without_its_scheme_is_a_secure_one(known: Class) -> None:
    assert known.on_shelf(url=" example.org/report ").url == "https://example.org/report"


def test_things_change_places(known: Class) -> None:
    rows = [known.on_shelf(url=f"https://example.org/{n}", title=f"T{n}") for n in range(3)]
    operations.move_resource(actor=known.actor("editor"), resource=rows[2], is_up=True)
    operations.move_resource(actor=known.actor("editor"), resource=rows[1], is_up=False)
    shelf = queries.shelf(viewer=known.actor("reader"), consultation=known.row)
    assert [row.title for row in shelf.rows] == ["T0", "T2", "T1"]
