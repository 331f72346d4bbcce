"""Before posting: who says this already; and names under the comments of others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from consult.accounts.models import Person
from consult.core.db import db
from consult.core.errors import Conflict, Refused
from consult.core.rules import SYSTEM, Actor
from consult.debate import mending, operations, queries
from consult.debate.models import Comment, Cosignature, Reply
from tests.debate.conftest import Statements, World, build
from tests.debate.test_races import at_once, corrections
from tests.make import Make
from tests.visitor import Page, Visitor

Visit = Callable[..., Visitor]
WORDS = "A summary after thirty days comes too late for those who have to build on the model."
NEARLY = "A summary after thirty days comes too late for those who must build on the model!"
ALSO = "Small laboratories need help with it."


def posted(world: World, person: Person | None = None, **values: Any) -> Comment:
    person = person or world.make.person("Ada Lovelace")
    given = {"body": WORDS, "html": f"<p>{WORDS}</p>", "number": f"LOG-{next(world.make.numbers):03d}"} | values
    return world.make.comment(world.consultation, world.clauses[1], author=person, **given)


def sent(
    world: World, browser: Visitor, *, status: int = 200, body: str = NEARLY, stance: str = "object", **typed: Any
) -> Page:
    browser.open(f"/c/{world.consultation.slug}/comments/new?version=1&clause=1-1")
    return browser.press("Post comment", status=status, body=body, positions="access", stance=stance, **typed)


@pytest.fixture
def browser(world: World, visit: Visit) -> Visitor:
    return visit(world.make.person("Grace Hopper", category="academia"))


def rows(app: Flask, model: type[Any]) -> list[Any]:
    with app.app_context():
        return list(db.session.scalars(select(model).order_by(model.id)))


def test_somebody_who_says_it_too_is_asked_once_and_nothing_is_lost(
    app: Flask, world: World, browser: Visitor
) -> None:  # fmt: skip
    first = posted(world)
    page = sent(world, browser, status=409)
    assert "Somebody has said this already" in page.text
    assert first.number in page.text
    assert NEARLY in page.body
    assert page.form("Post mine anyway").fields["positions"] == ["access"]
    assert len(rows(app, Comment)) == 1
    page = browser.press("Post mine anyway")
    assert "Your comment is public" in page.text
    assert [comment.body for comment in rows(app, Comment)] == [WORDS, NEARLY]


def test_add_my_name_keeps_what_is_new_as_ones_own_words(app: Flask, world: World, browser: Visitor) -> None:
    first = posted(world)
    browser.open(f"/c/{world.consultation.slug}/comments/new?version=1&clause=1-1")
    browser.press("Does somebody say this already?", body=f"{NEARLY}\n\n{ALSO}", positions="safety", stance="object")
    page = browser.press(f"Add my name to {first.number}")
    assert page.heading == f"Add your name to {first.number}"
    assert page.form("Add my name").fields["addition"][0].strip() == ALSO
    page = browser.press("Back to my own comment")
    assert NEARLY in page.body
    browser.press("Preview")
    browser.press(f"Add my name to {first.number}")
    page = browser.press("Add my name")
    assert page.heading == first.number
    assert "With 1 name under" in page.text
    assert "1 academia" in page.text
    assert "Grace Hopper puts a name under it, and adds" in page.text
    assert len(rows(app, Comment)) == 1
    (name,), (reply,) = rows(app, Cosignature), rows(app, Reply)
    assert (name.reply_id, reply.body, name.category) == (reply.id, ALSO, "academia")
    assert not any("cosign" in line for line in corrections(app, world))


def test_preview_and_the_button_tell_what_is_alike_and_the_opposite_is_not_the_same(
    world: World, browser: Visitor
) -> None:  # fmt: skip
    first = posted(world, stance="support")
    browser.open(f"/c/{world.consultation.slug}/comments/new?version=1&clause=1-1")
    page = browser.press("Does somebody say this already?", body=NEARLY)
    assert first.number in page.text
    page = browser.press("Preview", positions="safety", stance="object")
    assert "Others say something like this" in page.text
    assert "It is not posted yet" in page.text
    assert browser.press("Post comment", stance="object").status == 200  # nobody is asked: they disagree


def test_one_is_not_asked_about_ones_own_hidden_withdrawn_or_other_places(
    world: World, browser: Visitor, make: Make
) -> None:  # fmt: skip
    posted(world, state="hidden", state_reason="Spam.")
    posted(world, state="withdrawn")
    make.comment(world.consultation, world.clauses[2], body=WORDS, html=WORDS, number="LOG-900")
    page = sent(world, browser)
    assert "Your comment is public" in page.text
    assert "Your comment is public" in sent(world, browser).text  # the same again: it is her own


def test_a_retry_after_somebody_else_said_it_gives_the_first_comment(
    app: Flask, world: World, browser: Visitor
) -> None:  # fmt: skip
    browser.open(f"/c/{world.consultation.slug}/comments/new?version=1&clause=1-1")
    values = browser.page.form("Post comment").fields | {  # type: ignore[union-attr]
        "body": [WORDS], "positions": ["safety"], "stance": ["object"],
    }  # fmt: skip
    first = browser.send(world.address, values)
    posted(world)
    assert browser.send(world.address, values).heading == first.heading
    assert len(rows(app, Comment)) == 2


def test_a_comment_that_is_hidden_meanwhile_costs_nobody_the_own_one(
    app: Flask, world: World, browser: Visitor
) -> None:  # fmt: skip
    first = posted(world)
    sent(world, browser, status=409)
    with app.app_context():
        row = queries.find_comment(viewer=SYSTEM, slug=world.consultation.slug, number=first.number)
        operations.hide(actor=SYSTEM, thing=row, reason="Spam.")
    page = browser.press(f"Add my name to {first.number}", status=404)
    assert NEARLY in page.body
    assert WORDS not in page.body
    assert "Your comment is public" in browser.press("Post comment").text


def test_the_same_proposed_words_are_told_whatever_is_said_about_them(
    app: Flask, world: World, browser: Visitor
) -> None:  # fmt: skip
    wanted = "Providers shall publish a summary within 14 days."
    with app.app_context():
        number = world.post(new_text=wanted, body="Two weeks are enough.").number
    page = sent(world, browser, status=409, body="Nobody needs longer than a fortnight.", new_text=wanted)
    assert number in page.text
    assert "Proposes the same words" in page.text


def test_whole_drafts_are_compared_with_whole_drafts(world: World, browser: Visitor, make: Make) -> None:
    first = make.comment(world.consultation, None, body=WORDS, html=WORDS)
    posted(world)
    browser.open(f"/c/{world.consultation.slug}/comments/new")
    page = browser.press("Does somebody say this already?", body=NEARLY)
    assert page.text.count("Add my name") == 1
    assert first.number in page.text


def test_what_is_compared_does_not_grow_with_the_consultation(
    world: World, browser: Visitor, statements: Statements
) -> None:  # fmt: skip
    def cost(n: int) -> int:
        for _ in range(n):
            posted(world)
        browser.open(f"/c/{world.consultation.slug}/comments/new?version=1&clause=1-1")
        with statements() as told:
            browser.press("Does somebody say this already?", body=NEARLY)
        return len(told)

    few = cost(3)
    assert cost(20) == few <= 20


# Names


def find(world: World, number: str) -> Comment:
    return queries.find_comment(viewer=SYSTEM, slug=world.consultation.slug, number=number)


def test_a_person_counts_once_and_an_organisation_counts_once(inside: Flask, make: Make) -> None:
    world = build(make)
    comment = world.post()
    guild = make.organisation("Guild", category="industry")
    people = [make.person(category="academia") for _ in range(2)]
    for person in people:
        make.member(person, guild, is_signatory=True)
    first, second = (make.actor(person, acting_for_id=guild.id) for person in people)
    for _ in range(2):
        operations.cosign(actor=first, comment=find(world, comment.number), seen_edit_number=0)
    with pytest.raises(Conflict, match="The name of Guild is under it already"):
        operations.cosign(actor=second, comment=find(world, comment.number), seen_edit_number=0)
    operations.cosign(actor=make.actor(people[1]), comment=find(world, comment.number), seen_edit_number=0)
    with pytest.raises(Conflict, match="for an organisation"):
        operations.cosign(actor=make.actor(people[0]), comment=find(world, comment.number), seen_edit_number=0)
    card = queries.card(viewer=first, comment=find(world, comment.number))
    assert (card.name_count, set(card.names), card.is_signed) == (2, {("Industry", 1), ("Academia", 1)}, True)
    assert mending.recount(world.consultation) == []


def test_who_may_not_sign(inside: Flask, make: Make) -> None:
    world = build(make)
    author = world.actor()
    comment = world.post(author)

    def refused(actor: Actor, sentence: str) -> None:
        with pytest.raises(Refused, match=sentence):
            operations.cosign(actor=actor, comment=find(world, comment.number), seen_edit_number=0)

    refused(Actor(), "Sign in")
    refused(author, "your own comment")
    refused(world.actor(email_verified_at=None), "Confirm your e-mail")
    operations.hide(actor=SYSTEM, thing=find(world, comment.number), reason="Spam.")
    refused(world.actor(), "not shown any more")
    closed = build(make, "analysis")
    late = make.comment(closed.consultation, closed.clauses[1])
    with pytest.raises(Refused, match="closed"):
        operations.cosign(actor=closed.actor(), comment=find(closed, late.number), seen_edit_number=0)
    with pytest.raises(Refused, match="closed"):
        operations.take_back_name(actor=closed.actor(), comment=find(closed, late.number))
    assert make.count(Cosignature) == 0


def test_nobody_signs_words_that_were_changed_while_reading(inside: Flask, make: Make) -> None:
    world = build(make)
    author, reader = world.actor(), world.actor()
    comment = world.post(author)
    operations.cosign(actor=world.actor(), comment=find(world, comment.number), seen_edit_number=0)
    operations.edit_comment(
        actor=author, comment=find(world, comment.number), body="Other words.", seen_edit_number=0
    )  # fmt: skip
    with pytest.raises(Conflict, match="changed while you read"):
        operations.cosign(actor=reader, comment=find(world, comment.number), seen_edit_number=0)
    operations.cosign(actor=reader, comment=find(world, comment.number), seen_edit_number=1)
    page = queries.names(viewer=reader, comment=find(world, comment.number))
    assert [name.is_of_earlier_words for name in page.rows] == [True, False]


def test_a_name_is_taken_back_and_its_words_stay(app: Flask, world: World, browser: Visitor) -> None:
    first = posted(world)
    address = f"{world.address}/{first.number}"
    browser.open(f"{address}/names/new")
    browser.press("Add my name", addition=ALSO)
    assert "Your name is under" in browser.open("/me").text
    browser.open(f"{address}/names")
    page = browser.press("Take my name back")
    assert "is not under" in page.text
    assert ALSO in page.text
    assert "puts a name under it" not in page.text
    assert "No names yet" in browser.open(f"{address}/names").text
    assert "Your name is under" not in browser.open("/me").text
    assert not any("cosign" in line for line in corrections(app, world))


def test_words_that_are_hidden_show_nowhere(app: Flask, world: World, browser: Visitor, visit: Visit) -> None:
    first = posted(world)
    address = f"{world.address}/{first.number}"
    browser.open(f"{address}/names/new")
    browser.press("Add my name", addition="Xylophone words.")
    browser.open(f"{address}/names")
    assert f"{address}#reply-" in browser.page.body  # type: ignore[union-attr]
    with app.app_context():
        (reply,) = db.session.scalars(select(Reply))
        shown = queries.find_reply(
            viewer=SYSTEM, slug=world.consultation.slug, number=first.number, reply_id=reply.id
        )  # fmt: skip
        operations.hide(actor=SYSTEM, thing=shown, reason="Spam.")
    for page in (address, f"{address}/names", "/me", f"/c/{world.consultation.slug}/v1/clauses/1-1", world.address):
        assert "Xylophone" not in browser.open(page).body
    assert f"{address}#reply-" not in browser.open(f"{address}/names").body
    with app.app_context():
        operations.hide(actor=SYSTEM, thing=find(world, first.number), reason="Spam.")
    stranger = visit()
    for page in (address, f"/c/{world.consultation.slug}/v1/clauses/1-1", world.address):
        body = stranger.open(page).body
        assert "With 1 name" not in body
        assert "with 1 name" not in body
    stranger.open(f"{address}/names", status=404)
    assert "A moderator has hidden it: Spam." in browser.open("/me").text


def test_names_are_in_the_balance_once(app: Flask, world: World, browser: Visitor, visit: Visit) -> None:
    with app.app_context():
        one, other = (world.post(world.actor(), body=body) for body in ("One.", "Other."))
        writer = world.actor(category="academia")
        world.post(writer, body="Mine.")
        for comment in (one, other):
            operations.cosign(actor=writer, comment=find(world, comment.number), seen_edit_number=0)
    for comment in (one, other):
        browser.open(f"{world.address}/{comment.number}/names/new")
        browser.press("Add my name")
    text = visit().open(f"/c/{world.consultation.slug}").text
    assert "1 person1 more by name only" in text
    assert "By name only: 1 voice" in text


def test_lists_of_names_cost_the_same_for_one_and_for_many(
    app: Flask, world: World, browser: Visitor, statements: Statements
) -> None:  # fmt: skip
    first = posted(world)

    def cost(n: int) -> tuple[int, ...]:
        with app.app_context():
            for _ in range(n):
                operations.cosign(actor=world.actor(), comment=find(world, first.number), seen_edit_number=0)
        found = []
        for page in (f"{world.address}/{first.number}/names", f"{world.address}/{first.number}", world.address):
            with statements() as told:
                browser.open(page)
            found.append(len(told))
        return tuple(found)

    few = cost(1)
    assert cost(60) == few
    page = browser.open(f"{world.address}/{first.number}/names")
    assert page.heading == f"61 names under {first.number}"
    assert "50 of 61 shown" in page.text
    assert "11 of 61 shown" in browser.open(page.links()["Show more"]).text


def test_fifty_at_once_are_one_name(app: Flask, make: Make) -> None:
    world = build(make)
    with app.app_context():
        number = world.post().number
    signer = world.actor()
    at_once(
        app, lambda _n: operations.cosign(actor=signer, comment=find(world, number), seen_edit_number=0, addition="")
    )
    others = [world.actor() for _ in range(8)]
    at_once(app, lambda n: operations.cosign(actor=others[n], comment=find(world, number), seen_edit_number=0), 8)
    at_once(app, lambda n: operations.take_back_name(actor=others[n % 4], comment=find(world, number)), 8)
    assert make.count(Cosignature) == 5
    assert not any("cosign" in line for line in corrections(app, world))
