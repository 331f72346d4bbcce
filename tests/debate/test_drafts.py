"""Drafts on the server: for their author alone, from device to device, never overwritten unseen, gone with the posting."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from consult.accounts.models import Person
from consult.consultations import queries as consultations
from consult.core import clock, ids
from consult.core.db import db, write_transaction
from consult.core.errors import Conflict, Invalid, Missing, Refused
from consult.core.rules import VISITOR, Actor
from consult.debate import jobs, operations, queries
from consult.debate.models import Comment, CommentDraft
from tests.debate.conftest import Statements, World, build
from tests.debate.test_races import at_once
from tests.make import Make
from tests.visitor import Page, Visitor

Visit = Callable[..., Visitor]
WORDS, MORE = "A thought about summaries.", "A longer thought about summaries."


def save(world: World, actor: Actor, seen: int = 0, **values: Any) -> CommentDraft | None:
    given = {
        "consultation": world.consultation, "version": world.version, "place": "1-1", "fields": {"body": WORDS},
        "sheet": ids.new_key(),
    } | values  # fmt: skip
    return operations.save_draft(actor=actor, seen=seen, **given)


def drafts(app: Flask) -> list[CommentDraft]:
    with app.app_context():
        return list(db.session.scalars(select(CommentDraft).order_by(CommentDraft.id)))


def write(world: World, browser: Visitor) -> Page:
    return browser.open(f"/c/{world.consultation.slug}/comments/new?version=1&clause=1-1")


@pytest.fixture
def ada(world: World) -> Person:
    return world.make.person("Ada Lovelace")


def test_saved_on_one_device_and_gone_on_with_on_another(app: Flask, world: World, visit: Visit, ada: Person) -> None:
    desk, phone = visit(ada), visit(ada)
    write(world, desk)
    page = desk.press(
        "Save as draft", body=WORDS, positions=["safety", "access"], stance="object", costs="profit",
        new_text="Providers shall publish everything.", type="technical", must_be_satisfied="y",
    )  # fmt: skip
    assert "Saved as a draft" in page.text
    assert [draft.place for draft in drafts(app)] == ["1-1"]
    page = phone.open(f"/c/{world.consultation.slug}/v1/clauses/1-1")
    assert f"“{WORDS}”" in page.text
    page = phone.open(page.url + page.links()["Go on writing"])
    form = page.form("Post comment").fields
    assert "You began this on" in page.text
    assert form["body"][0].strip() == WORDS
    assert (form["positions"], form["costs"], form["stance"]) == (["safety", "access"], ["profit"], ["object"])
    assert form["new_text"][0].strip() == "Providers shall publish everything."
    assert (form["type"], form["must_be_satisfied"]) == (["technical"], ["y"])
    phone.press("Post comment")
    assert drafts(app) == []  # in the same transaction
    assert "You have no drafts." in desk.open("/me/drafts").text


def test_posted_from_two_devices_it_is_one_comment(app: Flask, world: World, visit: Visit, ada: Person) -> None:
    desk, phone = visit(ada), visit(ada)
    write(world, desk)
    desk.press("Save as draft", body=WORDS, positions="safety", stance="object")
    write(world, desk)
    write(world, phone)
    first = desk.press("Post comment").heading
    assert phone.press("Post comment").heading == first
    assert world.make.count(Comment) == 1


def test_posting_takes_nothing_away_that_another_device_saved_meanwhile(
    app: Flask, world: World, visit: Visit, ada: Person
) -> None:
    desk, phone = visit(ada), visit(ada)
    write(world, phone)
    write(world, desk)
    desk.press("Save as draft", body=MORE)
    phone.press("Post comment", body=WORDS, positions="safety", stance="object")
    assert [json.loads(draft.fields)["body"] for draft in drafts(app)] == [MORE]
    page = write(world, desk)
    desk.press("Post comment", positions="safety", stance="object")
    assert MORE in page.body
    assert drafts(app) == []
    assert world.make.count(Comment) == 2


def test_the_words_it_quotes_come_back_with_it(world: World, visit: Visit, ada: Person) -> None:
    browser = visit(ada)
    browser.open(f"/c/{world.consultation.slug}/comments/new?version=1&clause=1-1&passage=1-1:0-9")
    browser.press("Save as draft", body=WORDS)
    assert "Leave out the words “Providers”" in write(world, browser).text


def test_two_devices_that_differ_are_shown_side_by_side(app: Flask, world: World, visit: Visit, ada: Person) -> None:
    desk, phone = visit(ada), visit(ada)
    write(world, desk)
    write(world, phone)
    desk.press("Save as draft", body=WORDS)
    page = phone.press("Save as draft", status=409, body=MORE)
    assert "Two wordings of this comment" in page.text
    assert page.text.index(MORE) < page.text.index(WORDS)
    assert page.form("Save as draft").fields["body"][0].strip() == MORE
    assert json.loads(drafts(app)[0].fields)["body"] == WORDS  # nothing is overwritten
    phone.press("Save as draft")  # deliberately
    assert json.loads(drafts(app)[0].fields)["body"] == MORE
    desk.press("Save as draft", status=409, body=WORDS + " And so on.")


def test_the_script_hears_a_number_and_nothing_else(app: Flask, world: World, visit: Visit, ada: Person) -> None:
    browser = visit(ada)
    form = write(world, browser).form("Save as draft")
    values = form.fields | {"body": [WORDS], "quiet": ["1"]}
    address = f"{world.address}/draft"
    page = browser.send(address, values, status=204)
    assert (page.headers["X-Draft"], page.body) == ("1", "")
    assert browser.send(address, values, status=204).headers["X-Draft"] == "1"  # the same words: nothing to do
    later = values | {"draft": ["1"], "body": [MORE]}
    assert browser.send(address, later, status=204).headers["X-Draft"] == "2"
    browser.send(address, values | {"body": ["Other."]}, status=409)
    browser.send(world.address, later | {"positions": ["safety"], "stance": ["object"]})
    late = browser.send(address, later | {"body": ["Too late."]}, status=204)  # an answer after the posting
    assert "X-Draft" not in late.headers
    assert drafts(app) == []


def test_a_name_instead_of_a_comment_uses_the_draft_up(app: Flask, world: World, visit: Visit, ada: Person) -> None:
    said = "A summary after thirty days comes too late for those who have to build on the model."
    first = world.make.comment(world.consultation, world.clauses[1], body=said, html=said)
    browser = visit(ada)
    write(world, browser)
    browser.press("Save as draft", body=said)
    browser.press("Preview", positions="safety", stance="object")
    browser.press(f"Add my name to {first.number}")
    assert len(drafts(app)) == 1
    browser.press("Add my name")
    assert drafts(app) == []


def test_discarding_can_be_undone_and_is_forgotten_after_a_month(
    app: Flask, world: World, visit: Visit, ada: Person
) -> None:
    browser = visit(ada)
    write(world, browser)
    browser.press("Save as draft", body=WORDS)
    page = browser.press("Discard the draft")
    assert page.heading == "My drafts"
    assert WORDS not in write(world, browser).text
    browser.open("/me/drafts")
    page = browser.press("Put it back")
    assert WORDS in write(world, browser).body
    browser.open("/me/drafts")
    browser.press("Discard")
    with app.app_context():
        jobs.forget_discarded_drafts()
    assert len(drafts(app)) == 1
    with app.app_context():
        with write_transaction() as session:
            session.execute(update(CommentDraft).values(discarded_at=clock.now() - timedelta(days=31)))
        jobs.forget_discarded_drafts()
    assert drafts(app) == []


def test_what_was_discarded_stands_in_nobodys_way(app: Flask, world: World, visit: Visit, ada: Person) -> None:
    browser = visit(ada)
    write(world, browser)
    browser.press("Save as draft", body=WORDS)
    browser.press("Discard the draft")
    write(world, browser)
    page = browser.press("Save as draft", body=MORE)
    assert "Saved as a draft" in page.text
    (draft,) = drafts(app)
    assert (json.loads(draft.fields)["body"], draft.discarded_at) == (MORE, None)


def test_nobody_else_sees_it_whatever_their_role(app: Flask, world: World, visit: Visit, ada: Person) -> None:
    with app.app_context():
        draft = save(world, world.make.actor(ada))
        assert draft is not None
    people = [
        *(world.make.staff(world.consultation, role) for role in ("organiser", "moderator", "editor")),
        world.make.person("Administrator", is_administrator=True),
    ]  # fmt: skip
    for person in people:
        other = visit(person)
        for page in ("/me/drafts", "/me", f"/c/{world.consultation.slug}/v1/clauses/1-1", world.address):
            assert WORDS not in other.open(page).body
        assert WORDS not in write(world, other).body
        token = other.page.forms[0].fields["csrf_token"]  # type: ignore[union-attr]
        for act in ("discarding", "restoring"):
            other.send(f"/me/drafts/{draft.id}/{act}", {"csrf_token": token}, status=404)
        with app.app_context(), pytest.raises(Missing):
            queries.find_draft(viewer=world.make.actor(person), draft_id=draft.id)
        with app.app_context(), pytest.raises(Refused):
            operations.discard_draft(actor=world.make.actor(person), draft=draft)
    assert WORDS not in visit().open(f"/c/{world.consultation.slug}/v1/clauses/1-1").body


def test_closed_consultations_take_no_drafts_and_keep_them_readable(
    app: Flask, world: World, visit: Visit, ada: Person
) -> None:
    with app.app_context():
        save(world, world.make.actor(ada))
        with write_transaction() as session:
            row = session.get_one(type(world.consultation), world.consultation.id)
            row.state, row.closes_at = "analysis", clock.now() - timedelta(days=1)
        closed = consultations.find(viewer=VISITOR, slug=world.consultation.slug)
        with pytest.raises(Refused, match="closed"):
            save(world, world.make.actor(ada), seen=1, fields={"body": MORE}, consultation=closed)
        with pytest.raises(Refused, match="Sign in"):
            save(world, VISITOR)
    page = visit(ada).open("/me/drafts")
    assert WORDS in page.text
    assert "Your words stay here." in page.text
    assert "Go on writing" not in page.text


def test_places_do_not_mix_and_a_megabyte_is_told(inside: Flask, make: Make) -> None:
    world = build(make)
    actor = world.actor()
    save(world, actor)
    save(world, actor, place="")
    save(world, actor, place="1-1 1-2")
    save(world, world.actor())
    assert make.count(CommentDraft) == 4
    found = queries.begun(viewer=actor, version=world.version, place="")
    assert found is not None
    assert found.body == WORDS
    with pytest.raises(Invalid, match="nothing to save"):
        save(world, actor, place="1-2", fields={"body": "", "passages": []})
    with pytest.raises(Invalid, match="too long"):
        save(world, actor, seen=1, fields={"body": "x" * 400_000})


def test_many_at_once_lose_nothing(app: Flask, make: Make) -> None:
    world = build(make)
    actor = world.actor()

    def keep(n: int) -> str:
        try:
            save(world, actor, fields={"body": f"Wording {n % 5}."})
        except Conflict:
            return "both shown"
        return f"Wording {n % 5}."

    said = at_once(app, keep, 20)
    (draft,) = drafts(app)
    assert set(said) == {"both shown", json.loads(draft.fields)["body"]}
    assert (said.count("both shown"), draft.edit_number) == (16, 1)


def test_the_list_costs_the_same_for_one_and_for_many(
    app: Flask, world: World, visit: Visit, ada: Person, statements: Statements
) -> None:
    browser, actor = visit(ada), world.make.actor(ada)

    def cost(numbers: range) -> int:
        with app.app_context():
            for n in numbers:
                save(world, actor, place=" ".join(["1-1"] * (n + 1)))
        with statements() as told:
            browser.open("/me/drafts")
        return len(told)

    few = cost(range(1))
    assert cost(range(1, 22)) == few
    page = browser.open("/me/drafts")
    assert "20 of 22 shown" in page.text
    assert "2 of 22 shown" in browser.open(page.links()["Show more"]).text
    browser.open("/me/drafts?after=WyJ4IiwgInkiXQ")


def test_posting_without_a_draft_is_as_before(app: Flask, make: Make) -> None:
    world = build(make)
    with app.app_context():
        world.post(begun_at="1-1")
    assert make.count(Comment) == 1
