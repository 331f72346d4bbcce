"""What became of my comments, and the answer under a letter."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, render_template
from sqlalchemy import select

from consult.core import clock
from consult.core.rules import VISITOR
from consult.documents.models import Clause, DraftVersion
from consult.outcomes import operations, queries
from tests.listening import listening
from tests.make import Make
from tests.visitor import Visitor

from .world import World

Visit = Callable[..., Visitor]


def _answered(make: Make, state: str, **values: object) -> tuple[World, object, object]:
    world = World(make, "analysis")
    author = make.person("Ann Author")
    comment = world.comment(author=author, **values)
    with make.app.app_context():
        operations.decide(
            actor=make.actor(world.moderator), comments=[comment], code="accepted_modified", observation="We say so now.",
            change_class="clarification", change_note="1.1",
        )  # fmt: skip
    world.set(world.consultation, state=state)
    return world, author, comment


def test_it_is_only_for_people_who_are_signed_in(visit: Visit) -> None:
    assert "/sign-in" in visit().open("/me", status=303, follow=False).headers["Location"]


def test_whoever_wrote_nothing_is_shown_where_to_begin(make: Make, visit: Visit) -> None:
    page = visit(make.person()).open("/me")
    assert page.heading == "You have not commented yet"
    assert "/consultations" in page.links().values()


@pytest.mark.parametrize("state", ["analysis", "withdrawn"])
def test_a_proposed_answer_is_not_told_before_the_review(make: Make, visit: Visit, state: str) -> None:
    _world, author, comment = _answered(make, state)
    page = visit(author).open("/me")
    assert comment.number in page.text
    assert "We say so now." not in page.body
    assert page.heading == "Your 1 comment waits for an answer"


@pytest.mark.parametrize(("state", "word"), [("review", "(proposed)"), ("published", "Accepted with changes")])
def test_the_answer_is_told_from_the_review_on(make: Make, visit: Visit, state: str, word: str) -> None:
    world, author, comment = _answered(make, state, reply_count=2)
    page = visit(author).open("/me")
    assert page.heading == "1 of your 1 comment changed a draft"
    for text in ("We say so now.", "Clarification: 1.1", "2 replies", word):
        assert text in page.text
    assert f"/c/{world.slug}/comments/{comment.number}" in page.links().values()  # type: ignore[attr-defined]
    stranger = visit(make.person()).open("/me")
    assert "We say so now." not in stranger.body


def test_hidden_and_withdrawn_ones_keep_their_line(make: Make, visit: Visit) -> None:
    world = World(make)
    author = make.person()
    world.comment(author=author, state="hidden", state_reason="Names a neighbour.")
    world.comment(author=author, state="withdrawn", disposition="withdrawn")
    page = visit(author).open("/me")
    assert "A moderator has hidden it: Names a neighbour." in page.text
    assert "You withdrew it" in page.text


def test_long_lists_lead_on(make: Make, visit: Visit) -> None:
    world = World(make)
    author = make.person()
    numbers = [world.comment(author=author).number for _ in range(23)]
    browser = visit(author)
    page = browser.open("/me")
    assert "23comments by you" in page.text.replace("comments by you23", "23comments by you")
    assert numbers[-1] in page.text
    assert numbers[0] not in page.text
    page = browser.open(page.links()["Show more"])
    assert numbers[0] in page.text
    assert numbers[-1] not in page.text
    browser.open("/me?after=xyz")
    browser.open("/me?after=WyJ4Il0")


def test_the_number_of_statements_does_not_grow(app: Flask, make: Make, visit: Visit) -> None:
    _world, author, _comment = _answered(make, "published")
    browser = visit(author)
    with listening(app) as few:
        browser.open("/me")
    world = World(make)
    for _ in range(19):
        world.comment(author=author)
    with listening(app) as many:
        browser.open("/me")
    assert len(few) == len(many) <= 18


def test_the_answer_under_a_letter(app: Flask, make: Make) -> None:
    _world, _author, comment = _answered(make, "review")
    _world, _author, early = _answered(make, "analysis")
    with app.test_request_context():
        told = queries.answer_of(viewer=VISITOR, comment=comment)  # type: ignore[arg-type]
        html = render_template("outcomes/_answer.html", told=told)
        assert "We say so now." in html
        assert "(proposed)" in html
        assert "Clarification: 1.1" in html
        assert queries.answer_of(viewer=VISITOR, comment=early) is None  # type: ignore[arg-type]


def test_proposals_do_not_leak_through_the_debate(make: Make, visit: Visit) -> None:
    world, _author, comment = _answered(make, "analysis")
    url = f"/c/{world.slug}/comments"
    for person in (None, make.person()):
        for address in (f"{url}/{comment.number}", url, f"{url}?sort=unanswered"):  # type: ignore[attr-defined]
            page = visit(person).open(address)
            assert "<b>Accepted with changes" not in page.body
            assert "We say so now." not in page.body
        assert comment.number not in visit(person).open(f"{url}?answer=answered").text  # type: ignore[attr-defined]
        assert comment.number in visit(person).open(f"{url}?answer=open").text  # type: ignore[attr-defined]
    world.set(world.consultation, state="review")
    assert "We say so now." in visit().open(f"{url}/{comment.number}").text  # type: ignore[attr-defined]
    assert comment.number in visit().open(f"{url}?answer=answered").text  # type: ignore[attr-defined]


def test_a_duplicate_leads_to_the_comment_it_repeats(app: Flask, make: Make) -> None:
    world = World(make, "review")
    first, second = world.comments(2)
    with app.test_request_context():
        operations.decide(
            actor=make.actor(world.moderator), comments=[second], code="duplicate", observation="Same.",
            duplicate_of=first.number,
        )  # fmt: skip
        told = queries.answer_of(viewer=VISITOR, comment=second)
        html = render_template("outcomes/_answer.html", told=told)
        assert f"/c/{world.slug}/comments/{first.number}" in html


def _next_draft(world: World, words: str) -> None:
    """The next version of the draft, in which the clause of the comment has these words."""
    old = world.clauses[1]
    new = world.make.version(
        world.consultation,
        (words, "Small providers may publish it later."),
        frozen_at=None,
        supersedes_id=old.version_id,
    )
    with world.make.writing() as session:
        found = session.scalars(select(Clause).where(Clause.version_id == new.id, Clause.key == old.key)).one()
        found.lineage_id = old.lineage_id
        session.flush()
        session.get_one(DraftVersion, new.id).frozen_at = clock.now()


def test_the_change_itself_is_told_with_the_answer(make: Make, visit: Visit) -> None:
    world, author, _comment = _answered(make, "published")
    assert "What changed in" not in visit(author).open("/me").text
    _next_draft(world, "Providers shall publish a short summary.")
    page = visit(author).open("/me")
    assert "What changed in 1.1" in page.text
    assert '<ins><span class="vh">[came: </span>short <span class="vh">]</span></ins>' in page.body
    assert (
        page.links()["Everything that changed from draft 1 to draft 2"] == f"/c/{world.slug}/draft/compare?from=1&to=2"
    )


def test_a_clause_with_the_same_words_did_not_change(make: Make, visit: Visit) -> None:
    world, author, _comment = _answered(make, "published")
    _next_draft(world, "Providers shall publish a summary.")
    page = visit(author).open("/me")
    assert "What changed in" not in page.text
    assert "In draft 2 1.1 has the same words" in page.text


def test_what_changed_without_her_is_not_said_to_be_hers(make: Make, visit: Visit) -> None:
    world, author, comment = _answered(make, "published")
    world.set(comment, disposition="rejected")  # type: ignore[arg-type]
    _next_draft(world, "Providers shall publish a short summary.")
    assert "draft 2" not in visit(author).open("/me").text
