"""A comment on several clauses: each has an answer of its own, or one answer is for all of them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from consult.core.db import db
from consult.core.errors import Conflict, Invalid, Refused
from consult.core.rules import SYSTEM, VISITOR
from consult.debate import operations as debate
from consult.debate.became import told
from consult.debate.models import DISPOSITIONS, Anchor, Comment
from consult.documents import queries as documents
from consult.feeds import queries as feeds
from consult.outcomes import operations, queries
from consult.outcomes.models import Disposition
from consult.outcomes.queries import Filters
from consult.outcomes.queries.visibility import code_of_link, is_current
from consult.outcomes.standing import of_comment, standing
from consult.search.models import SearchRow
from tests.listening import listening
from tests.make import Make
from tests.visitor import Visitor

from .world import NAUGHTY, World

Visit = Callable[..., Visitor]
CODES = ("accepted", "accepted_modified", "rejected", "noted", "deferred", "out_of_scope")


@pytest.fixture
def world(make: Make) -> World:
    return World(make)


def _ids(world: World, places: Sequence[int]) -> list[int]:
    return [world.clauses[place].id for place in places]


def _decide(world: World, comment: Comment, code: str, *places: int, **values: object) -> list[int]:
    """Answer a comment, for these of its clauses or for all; the ids of the new rows."""
    known = set(db.session.scalars(select(Disposition.id)))
    given = {"observation": f"{code} because."} | values
    operations.decide(
        actor=world.make.actor(world.moderator), comments=[comment], code=code,
        clauses=_ids(world, places) if places else None, **given,
    )  # fmt: skip
    return sorted(set(db.session.scalars(select(Disposition.id))) - known)


def _undo(world: World, comment: Comment, answers: Sequence[int]) -> list[int]:
    known = set(db.session.scalars(select(Disposition.id)))
    operations.undo_decisions(actor=world.make.actor(world.moderator), comments=[comment], answers=answers)
    return sorted(set(db.session.scalars(select(Disposition.id))) - known)


def _copy(comment: Comment) -> tuple[str, dict[str, str]]:
    row = db.session.execute(
        select(Comment.disposition, Comment.answers_apart).where(Comment.id == comment.id)
    ).one()  # fmt: skip
    return row.disposition, json.loads(row.answers_apart or "{}")


def _missing(world: World) -> str:
    return " ".join(gap.sentence for gap in queries.missing(viewer=SYSTEM, of=world.found().round))


# --- what stands


def test_one_answer_for_all_of_it_is_one_row(inside: Flask, world: World) -> None:
    comment = world.on(0, 1, 2)
    _decide(world, comment, "rejected")
    assert [row.clause_id for row in db.session.scalars(select(Disposition))] == [None]
    _decide(world, comment, "noted", 0, 1, 2)
    assert [row.clause_id for row in db.session.scalars(select(Disposition).order_by(Disposition.id))] == [None, None]
    assert _copy(comment) == ("noted", {})


def test_it_waits_until_each_of_its_clauses_is_answered(inside: Flask, world: World) -> None:
    comment, other = world.on(0, 1, 2), world.comment()
    _decide(world, comment, "accepted", 1)
    keys = [str(clause.id) for clause in world.clauses]
    assert _copy(comment) == ("unresolved", dict(zip(keys, ("unresolved", "accepted", "unresolved"), strict=True)))
    assert _missing(world).startswith(
        f"1 comment has no answer yet. {comment.number} has no answer yet for 1 and 1.2."
    )  # fmt: skip
    page = queries.workbench(viewer=world.make.actor(world.moderator), consultation=world.found(), filters=Filters())
    assert (page.counters.to_decide, page.counters.partly, page.counters.decided) == (2, 1, 0)
    _decide(world, comment, "rejected", 0, 2)
    _decide(world, other, "noted")
    assert _copy(comment) == ("accepted_modified", dict(zip(keys, ("rejected", "accepted", "rejected"), strict=True)))
    assert "no answer" not in _missing(world)
    db.session.expire_all()
    assert [world.row(comment).disposition_for(clause.id) for clause in world.clauses[1:]] == ["accepted", "rejected"]
    facts = queries.facts(viewer=SYSTEM, of=world.found().round)
    assert (facts.comments, facts.answered, facts.apart) == (2, 2, 1)
    assert sum(count for _code, _label, count in facts.shares) == facts.comments, "each comment counts once"


def test_many_that_wait_in_part_are_named_up_to_three(inside: Flask, world: World) -> None:
    comments = [world.on(1, 2) for _ in range(5)]
    for comment in comments:
        _decide(world, comment, "accepted", 1)
    sentence = _missing(world)
    assert all(f"{comment.number} has no answer yet for 1.2." in sentence for comment in comments[:3])
    assert comments[3].number not in sentence
    assert "2 more comments have no answer yet for some of their clauses." in sentence
    assert "0 comments" not in sentence


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (("accepted", "accepted"), "accepted"),
        (("rejected", "unresolved"), "unresolved"),
        (("rejected", "accepted"), "accepted_modified"),
        (("accepted", "accepted_modified"), "accepted_modified"),
        (("noted", "rejected"), "rejected"),
        (("out_of_scope", "deferred"), "deferred"),
        (("duplicate", "noted"), "noted"),
    ],
)  # fmt: skip
def test_what_a_comment_says_of_itself(answers: tuple[str, str], said: str) -> None:
    code, apart = of_comment(dict(enumerate(answers, 1)))
    assert code == said
    assert bool(apart) == (len(set(answers)) > 1)


def test_in_words() -> None:
    pairs = [("6.3", "accepted"), ("7.1", "rejected"), ("Annex A", "accepted")]
    assert told(pairs, DISPOSITIONS) == "Accepted for 6.3 and Annex A, not accepted for 7.1"
    assert told([("X", "unresolved")], DISPOSITIONS) == "Not answered yet for X"


UNDO = ("undo", (), "")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("whole"), st.just(()), st.sampled_from(CODES)),
        st.tuples(
            st.just("part"), st.lists(st.integers(0, 2), min_size=1, unique=True).map(tuple), st.sampled_from(CODES)
        ),
        st.just(UNDO),
    ),
    max_size=6,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
@example(steps=[("whole", (), "noted"), ("part", (0, 1), "accepted"), ("part", (2,), "rejected")])
@example(steps=[("part", (0, 2), "accepted"), ("whole", (), "rejected"), UNDO, UNDO, UNDO])
def test_the_copy_and_every_query_say_what_the_history_says(
    inside: Flask, world: World, steps: list[tuple[str, tuple[int, ...], str]]
) -> None:
    comment, links = world.on(0, 1, 2), _ids(world, (0, 1, 2))
    states = [dict.fromkeys(links, "unresolved")]  # after each act; an undo leads back to the one before the last
    acts: list[list[int]] = []
    for kind, places, code in steps:
        if kind == "undo" and acts:
            states.append(states[-2])
            acts.append(_undo(world, comment, acts[-1]))
        elif kind != "undo":
            states.append(states[-1] | dict.fromkeys(_ids(world, places) or links, code))
            acts.append(_decide(world, comment, code, *places))
    expected, apart = of_comment(dict(states[-1]))
    assert _copy(comment) == (expected, {str(link): code for link, code in apart.items()})
    db.session.expire_all()
    assert _by_sql(comment) == states[-1]
    history = db.session.scalars(select(Disposition).where(Disposition.comment_id == comment.id)).all()
    stands = {row.id for row in standing(history, links).values()}
    current = set(db.session.scalars(select(Disposition.id).where(Disposition.comment_id == comment.id, is_current())))
    assert current == stands
    found = queries.answer_of(viewer=SYSTEM, comment=comment)
    read = {link: found.of(link) if found else None for link in links}
    assert {link: answer.code if answer else "unresolved" for link, answer in read.items()} == states[-1]


def _by_sql(comment: Comment) -> dict[int | None, str]:
    rows = db.session.execute(
        select(Anchor.clause_id, code_of_link()).where(Anchor.comment_id == comment.id).order_by(Anchor.id)
    )
    return {clause_id: code or "unresolved" for clause_id, code in rows}


# --- deciding


def test_a_clause_that_another_moderator_answered_does_not_stop_the_answer_to_the_next(
    inside: Flask, world: World
) -> None:
    comment = world.on(1, 2)
    seen = {comment.id: 0}
    other = world.make.staff(world.consultation, "moderator", "Otto Other")
    operations.decide(
        actor=world.make.actor(other), comments=[comment], code="deferred", observation="Later.",
        clauses=_ids(world, [1]), seen=seen,
    )  # fmt: skip
    for places in ((1,), ()):
        with pytest.raises(Conflict, match=r"answered meanwhile for 1\.1 by Otto Other with “Deferred”: “Later"):
            _decide(world, comment, "rejected", *places, seen=seen)
    _decide(world, comment, "rejected", 2, seen=seen)
    assert _copy(comment)[0] == "rejected"


def test_an_answer_for_all_of_it_replaces_those_for_its_clauses(inside: Flask, world: World) -> None:
    comment = world.on(1, 2)
    _decide(world, comment, "accepted", 1)
    _decide(world, comment, "rejected", 2)
    whole = _decide(world, comment, "noted")
    assert _copy(comment) == ("noted", {})
    _undo(world, comment, whole)
    assert _copy(comment)[1] == {str(world.clauses[1].id): "accepted", str(world.clauses[2].id): "rejected"}
    assert db.session.scalar(select(Disposition.observation).order_by(Disposition.id.desc())) == "rejected because."


def test_undo_takes_back_only_what_still_stands(inside: Flask, world: World) -> None:
    comment = world.on(1, 2)
    whole = _decide(world, comment, "noted")
    _decide(world, comment, "rejected", 2)
    with pytest.raises(Conflict, match=r"answered meanwhile for 1\.2"):
        _undo(world, comment, whole)
    stranger = _decide(world, world.comment(), "noted")
    with pytest.raises(Conflict, match="no answer to"):
        _undo(world, comment, stranger)


def test_only_its_own_clauses_can_be_chosen(inside: Flask, world: World) -> None:
    comment, single = world.on(1, 2), world.comment(1)
    for places in ([0], []):
        with pytest.raises(Invalid, match="Choose the clauses") as problem:
            operations.decide(
                actor=world.make.actor(world.moderator), comments=[comment], code="accepted",
                clauses=_ids(world, places),
            )  # fmt: skip
        assert problem.value.field == "clauses"
    _decide(world, single, "accepted", 1)
    assert [row.clause_id for row in db.session.scalars(select(Disposition))] == [None]


def test_others_get_the_answer_for_the_same_clauses(inside: Flask, world: World) -> None:
    desk, near, elsewhere = world.on(1, 2), world.on(0, 1), world.comment(0)
    operations.decide(
        actor=world.make.actor(world.moderator), comments=[desk, near, elsewhere], code="accepted",
        clauses=_ids(world, [1]),
    )  # fmt: skip
    assert _by_sql(desk) == {world.clauses[1].id: "accepted", world.clauses[2].id: "unresolved"}
    assert _by_sql(near) == {world.clauses[0].id: "unresolved", world.clauses[1].id: "accepted"}
    assert _copy(elsewhere) == ("accepted", {})


def test_what_repeats_another_for_a_clause_cannot_be_repeated(inside: Flask, world: World) -> None:
    first, second, third = world.comment(1), world.on(1, 2), world.comment(2)
    _decide(world, second, "duplicate", 1, duplicate_of=first.number)
    with pytest.raises(Invalid, match="itself marked"):
        _decide(world, third, "duplicate", duplicate_of=second.number)


def test_withdrawing_and_importing_are_about_all_of_it(inside: Flask, world: World) -> None:
    author = world.make.person()
    world.set(world.consultation, state="review")
    comment, logged = world.on(1, 2, author=author), world.on(1, 2)
    _decide(world, comment, "accepted", 1)
    debate.withdraw_comment(actor=world.make.actor(author), comment=world.row(comment))
    assert _copy(comment) == ("withdrawn", {})
    _decide(world, logged, "accepted", 1, observation="")
    operations.record_decision(actor=SYSTEM, comment=logged, code="accepted", source_note="")
    assert _copy(logged) == ("accepted", {}), "the log's answer is for all, though one clause has the same already"


def test_the_review_waits_for_every_clause(inside: Flask, world: World) -> None:
    comment = world.on(1, 2)
    actor = world.make.actor(world.moderator)
    operations.set_headline(actor=actor, consultation=world.consultation, headline="It is shorter.")
    _decide(world, comment, "accepted", 1)
    with pytest.raises(Refused, match=rf"{comment.number} has no answer yet for 1\.2"):
        operations.check_outcome(actor=SYSTEM, consultation=world.found())
    _decide(world, comment, "rejected", 2)
    operations.check_outcome(actor=SYSTEM, consultation=world.found())


# --- reading


def _answered_apart(world: World, author: object = None) -> Comment:
    comment = world.on(1, 2, **({"author": author} if author else {}))
    with world.make.app.app_context():
        _decide(world, comment, "accepted", 1, observation="We put it in.", change_class="technical", change_note="1.1")
        _decide(world, comment, "rejected", 2, observation="It stays out.")
        db.session.remove()
    return comment


def test_the_pages_say_which_clause(make: Make, visit: Visit) -> None:
    world = World(make, "analysis")
    author = make.person()
    comment = _answered_apart(world, author)
    other = world.comment(2)
    with make.app.app_context():
        _decide(world, other, "noted")
    world.set(world.consultation, state="review")
    mixed = "Accepted for 1.1, not accepted for 1.2"
    one = f"/c/{world.slug}/comments/{comment.number}"
    for person, address in ((None, one), (author, "/me"), (None, f"/c/{world.slug}/v1/clauses/1-2")):
        page = visit(person).open(address)
        for words in ("Accepted for 1.1", "We put it in.", "Not accepted for 1.2", "It stays out."):
            assert words in page.text, address
    assert mixed in visit().open(f"/c/{world.slug}/comments").text
    page = visit().open(f"/c/{world.slug}/outcome?show=apart")
    assert "Different answers by clause 1" in page.text
    assert "All 2" in page.text
    assert other.number not in page.text.split("Every comment")[1]
    with make.app.app_context():
        titles = [f"{number} {a.says}" for number, a in feeds.answers(viewer=VISITOR, consultation=world.found())]
        words = db.session.scalars(
            select(SearchRow.words).where(SearchRow.comment_id == comment.id, SearchRow.kind == "answer")
        ).all()
    number = comment.number
    assert titles[1:] == [f"{number} Not accepted for 1.2", f"{number} Accepted for 1.1"]
    assert len(words) == 1


def test_a_clause_that_waits_is_said_to_wait(make: Make, visit: Visit) -> None:
    world = World(make, "analysis")
    author = make.person()
    comment = world.on(1, 2, author=author)
    with make.app.app_context():
        ids = _decide(world, comment, "accepted", 1, observation="Gladly.")
    world.set(world.consultation, state="review")
    for person, address in ((None, f"/c/{world.slug}/comments/{comment.number}"), (author, "/me")):
        page = visit(person).open(address)
        assert "Accepted for 1.1" in page.text
        assert "Not answered yet for 1.2." in page.text
    assert "On its way" in page.text
    with make.app.app_context():
        _undo(world, comment, ids)
        left = db.session.scalars(
            select(SearchRow.id).where(SearchRow.comment_id == comment.id, SearchRow.kind == "answer")
        ).all()
    assert left == [], "what was taken back is not found"


def test_the_register_has_a_row_for_each_clause_and_its_figures_count_comments(make: Make, visit: Visit) -> None:
    world = World(make, "analysis")
    comment = _answered_apart(world)
    single, gone = world.comment(1), world.on(1, 2, state="withdrawn", disposition="withdrawn")
    with make.app.app_context():
        _decide(world, single, "noted")
    world.set(world.consultation, state="review")
    body = visit().open(f"/c/{world.slug}/outcome/register.csv").body.removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(body)))
    assert [(r["number"], r["link"], r["links"], r["clause"], r["disposition"], r["change"]) for r in rows] == [
        (comment.number, "1", "2", "1.1", "accepted", "technical"),
        (comment.number, "2", "2", "1.2", "rejected", "none"),
        (single.number, "1", "1", "1.1", "noted", "none"),
        (gone.number, "1", "2", "1.1", "withdrawn", "none"),
        (gone.number, "2", "2", "1.2", "withdrawn", "none"),
    ]
    data = make.app.test_client().get(f"/c/{world.slug}/outcome/register.json").get_json()
    assert data["figures"] == {
        "comments": 2, "answered": 2, "withdrawn": 1, "satisfied": 0, "not_satisfied": 0, "campaigns": 0,
        "campaign_signatories": 0,
    }  # fmt: skip
    numbers = [row["number"] for row in data["rows"] if row["link"] == 1]
    assert len(numbers) == len(set(numbers)) == data["figures"]["comments"] + data["figures"]["withdrawn"]
    page = visit().open(f"/c/{world.slug}/outcome")
    assert "1 of 2" in page.text
    assert "3 of 3 shown" in page.text, "comments, not lines"
    assert "The numbers here count it once." in page.text


def test_it_stands_behind_changes_only_where_it_was_accepted(make: Make, visit: Visit) -> None:
    world = World(make, "analysis")
    comment = _answered_apart(world)
    later = world.on(1, 2)
    with make.app.app_context():
        _decide(world, later, "accepted", 2)
    world.set(world.consultation, state="review")
    with make.app.app_context():
        versions = documents.versions(viewer=SYSTEM, consultation_id=world.consultation.id)
        found = queries.accepted(viewer=VISITOR, consultation=world.found(), between=versions)
        assert dict(found.by_lineage) == {
            world.clauses[1].lineage_id: [comment.id], world.clauses[2].lineage_id: [later.id],
        }  # fmt: skip
        causes = queries.tell_causes(viewer=VISITOR, comment_ids=[comment.id, later.id])
    assert (causes[comment.id].answer, causes[comment.id].note) == ("accepted for 1.1", "1.1")
    assert causes[later.id].answer == "accepted for 1.2"


# --- the desk


def _labels(visitor: Visitor) -> Iterator[tuple[str, bool]]:
    assert visitor.page is not None
    assert visitor.page.tree is not None
    for label in visitor.page.tree.iter("label"):
        for box in label.iter("input"):
            if box.get("name") == "clauses":
                yield " ".join("".join(label.itertext()).split()), box.get("checked") is not None


def test_the_desk_answers_clause_by_clause(make: Make, visit: Visit) -> None:
    world = World(make)
    comment, other = world.on(1, 2), world.comment(2)
    browser = visit(world.moderator)
    desk = f"/c/{world.slug}/manage/answers/{comment.number}"
    browser.open(desk)
    assert list(_labels(browser)) == [("1.1, not answered yet", True), ("1.2, not answered yet", True)]
    page = browser.press("Save and next", code="accepted", clauses=[str(world.clauses[1].id)])
    assert f"{comment.number} still waits for an answer for 1.2." in page.text
    assert f"Decide {comment.number}" in page.text, "it stays until it is answered"
    assert list(_labels(browser)) == [("1.1, accepted", False), ("1.2, not answered yet", True)]
    assert "Undo: " + comment.number + " accepted for 1.1" in page.text
    page = browser.press("Save and next", code="rejected", observation="No.")
    assert f"Decide {other.number}" in page.text
    browser.open(f"/c/{world.slug}/manage/answers/{comment.number}")
    assert "Not accepted for 1.2" in browser.page.text  # type: ignore[union-attr]
    page = browser.press("Save and next", status=422, code="noted", observation="Kept words.", clauses=[])
    assert "Choose the clauses that this answer is for." in " ".join(page.errors())
    assert page.form("Save and next").fields["observation"] == ["Kept words."]
    assert not any(is_ticked for _, is_ticked in _labels(browser))


def test_made_up_clauses_are_refused_in_words(make: Make, visit: Visit) -> None:
    world = World(make)
    browser = visit(world.moderator)
    browser.open(f"/c/{world.slug}/manage/answers/{world.on(1, 2).number}")
    for clauses in (list(NAUGHTY), [str(world.clauses[0].id)], ["٣"]):
        page = browser.press("Save and next", status=422, code="noted", observation="So.", clauses=clauses)
        assert "Choose the clauses that this answer is for." in " ".join(page.errors())
    assert make.count(Disposition) == 0


def test_a_list_narrowed_to_a_clause_asks_for_that_clause(make: Make, visit: Visit) -> None:
    world = World(make)
    comment, other = world.on(1, 2), world.comment(2)
    bench = f"/c/{world.slug}/manage/answers"
    browser = visit(world.moderator)
    browser.open(f"{bench}/{comment.number}?clause=1.2")
    assert [is_ticked for _, is_ticked in _labels(browser)] == [False, True]
    page = browser.press("Save and next", code="accepted")
    assert f"Decide {other.number}" in page.text, "of this clause, the next"
    in_list = f"Answer {comment.number} together"
    for query, is_there in (
        ("clause=1.2&show=open", False), ("clause=1.1&show=open", True), ("clause=1.2&show=accepted", True),
        ("clause=1.2&show=answered", True), ("clause=1.1&show=answered", False), ("show=open", True),
    ):  # fmt: skip
        assert (in_list in browser.open(f"{bench}?{query}").text) == is_there, query


def test_undo_on_the_desk_is_for_what_was_answered_last(make: Make, visit: Visit) -> None:
    world = World(make)
    comment = world.on(0, 1, 2)
    browser = visit(world.moderator)
    browser.open(f"/c/{world.slug}/manage/answers/{comment.number}")
    browser.press("Save and next", code="accepted")
    browser.open(f"/c/{world.slug}/manage/answers/{comment.number}")
    browser.press("Save and next", code="noted", observation="So.", clauses=[str(world.clauses[n].id) for n in (0, 2)])
    page = browser.press(f"Undo: {comment.number} noted for 1, 1.2")
    assert "Taken back" in page.text
    with make.app.app_context():
        assert _copy(comment) == ("accepted", {})


def test_statements_do_not_grow_with_comments_on_several_clauses(app: Flask, make: Make, visit: Visit) -> None:
    def build(count: int) -> World:
        world = World(make, "analysis")
        for _ in range(count):
            _answered_apart(world)
        world.set(world.consultation, state="review")
        return world

    one, many = build(1), build(5)
    browser, staff = visit(), (visit(one.moderator), visit(many.moderator))
    for rest in ("/outcome", "/comments", "/v1/clauses/1-1"):
        with listening(app) as few:
            browser.open(f"/c/{one.slug}{rest}")
        with listening(app) as lots:
            browser.open(f"/c/{many.slug}{rest}")
        assert len(few) == len(lots), rest
    for rest in ("", "/summary"):
        sizes = []
        for visitor, world in zip(staff, (one, many), strict=True):
            with listening(app) as found:
                visitor.open(f"/c/{world.slug}/manage{rest or '/answers'}")
            sizes.append(len(found))
        assert sizes[0] == sizes[1], rest
