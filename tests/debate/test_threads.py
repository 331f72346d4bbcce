"""Threads: two levels at a time, each deeper part a thread of its own, nothing lost and nothing twice."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from consult.core.db import db
from consult.core.rules import SYSTEM, VISITOR
from consult.debate import branching, operations, queries
from consult.debate.models import Comment, Reply
from tests.debate.conftest import Statements, World
from tests.make import Make
from tests.visitor import Page, Visitor

Visit = Callable[..., Visitor]
Tree = tuple[str, str, list[Any]]  # author, moment, replies
REAL: list[Tree] = json.loads(Path("tests/data/threads-wikipedia/ckb.json").read_text("utf-8"))
PATHS = st.lists(st.integers(1, 999_999), min_size=1, max_size=branching.DEEPEST)


def path(places: list[int]) -> str:
    made = ""
    for place in places:
        made = branching.path_of(made, place)
    return made


@given(PATHS, PATHS)
def test_paths_sort_as_a_thread_is_read(one: list[int], other: list[int]) -> None:
    assert branching.places(path(one)) == one
    assert (path(one) < path(other)) == (one < other)
    assert [branching.places(over) for over in branching.above(path(one))] == [one[:n] for n in range(1, len(one))]


@given(st.integers(1, 999_999))
def test_a_place_is_on_one_page(place: int) -> None:
    before = branching.page_before(place)
    assert before < place <= before + branching.PAGE
    assert before % branching.PAGE == 0


def find(world: World, comment: Comment) -> Comment:
    return queries.find_comment(viewer=SYSTEM, slug=world.consultation.slug, number=comment.number)


def find_reply(world: World, comment: Comment, reply_id: int) -> Reply:
    return queries.find_reply(viewer=SYSTEM, slug=world.consultation.slug, number=comment.number, reply_id=reply_id)


def plant(world: World, comment: Comment, trees: list[Tree], parent: Reply | None = None) -> int:
    """Say a real discussion again; how many replies that are."""
    said = 0
    for author, moment, answers in trees:
        actor = world.actor(author)
        reply = operations.post_reply(
            actor=actor, comment=find(world, comment), parent=parent, body=f"{author}, {moment}"
        )
        said += 1 + plant(world, comment, answers, reply)
    return said


def walk(browser: Visitor, address: str, seen: dict[str, int], pages: set[str]) -> None:
    """Read a thread as a person does: every page, every further page, every thread that goes on elsewhere."""
    if address in pages:
        return
    pages.add(address)
    page = browser.open(address)
    for reply in re.findall(r'id="reply-(\d+)"', page.body):
        seen[reply] = seen.get(reply, 0) + 1
    for text, there in all_links(page):
        if re.match(r"Continue as its own thread|All answers to|Show more replies", text):
            walk(browser, there.split("#")[0], seen, pages)


def all_links(page: Page) -> list[tuple[str, str]]:
    assert page.tree is not None
    return [(re.sub(r"\s+", " ", "".join(a.itertext())).strip(), a.get("href", "")) for a in page.tree.iter("a")]


def test_a_real_discussion_can_be_read_whole(app: Flask, world: World, visit: Visit) -> None:
    with app.app_context():
        comment = world.post()
        said = plant(world, comment, REAL)
        deepest = db.session.scalar(db.select(db.func.max(Reply.depth)))
    assert (said, deepest) == (205, 7)
    seen: dict[str, int] = {}
    pages: set[str] = set()
    walk(visit(), f"{world.address}/{comment.number}", seen, pages)
    assert len(seen) == said
    assert f"{said} replies" in visit().open(f"{world.address}/{comment.number}").text


def test_counts_behind_links_are_what_is_there(app: Flask, world: World, visit: Visit) -> None:
    with app.app_context():
        comment = world.post()
        plant(world, comment, REAL[:20])
    page = visit().open(f"{world.address}/{comment.number}")
    onward = [(text, there) for text, there in all_links(page) if text.startswith("Continue as its own thread")]
    assert onward
    for text, there in onward:
        count = re.search(r": (\d+) repl", text)
        assert count is not None, text
        reply_id = int(there.rsplit("/", 1)[1])
        with app.app_context():
            row = find_reply(world, comment, reply_id)
            assert int(count[1]) == row.below_count
        assert re.search(rf"\b{count[1]} repl", visit().open(there).text)


@pytest.mark.usefixtures("inside")
def test_where_a_reply_is_shown_among_the_others(world: World) -> None:
    comment = world.post()
    plant(world, comment, REAL)
    for reply in db.session.scalars(db.select(Reply)).all():
        root_id, after = queries.where_shown(reply)
        db.session.expire_all()
        there = find(world, comment)
        if root_id is None:
            rows = queries.thread(viewer=VISITOR, comment=there, after=after).replies.rows
        else:
            root = find_reply(world, comment, root_id)
            rows = queries.conversation(viewer=VISITOR, comment=there, reply=root, after=after).replies.rows
        shown = {card.id for branch in rows for card in (branch.reply, *branch.answers)}
        assert reply.id in shown


def test_a_thread_of_its_own_names_what_it_answers(app: Flask, world: World, visit: Visit) -> None:
    with app.app_context():
        comment = world.post(body="The comment itself.")
        parents: list[Reply] = []
        for n in range(6):
            parent = parents[-1] if parents else None
            actor = world.actor(f"Speaker {n}")
            parents.append(
                operations.post_reply(actor=actor, comment=find(world, comment), parent=parent, body=f"Word {n}.")
            )
    ids = [reply.id for reply in parents]
    page = visit().open(f"{world.address}/{comment.number}/replies/{ids[5]}")
    assert page.heading == f"Speaker 5’s reply under {comment.number}"
    assert "The comment itself." in page.text
    assert "3 replies between are left out here." in page.text
    assert "Speaker 3 Word 3." in page.text
    assert "Speaker 4 Word 4." in page.text
    assert "Word 2." not in page.text
    assert page.links()["Its thread, Speaker 4"].endswith(f"/replies/{ids[4]}")
    visit().open(f"{world.address}/{comment.number}/replies/{ids[5]}?after=99999999999999999999&to=x")
    for wrong in (ids[5] + 1, 0, 9223372036854775807, 99999999999999999999999):
        visit().open(f"{world.address}/{comment.number}/replies/{wrong}", status=404)


def test_what_is_hidden_keeps_its_place_and_its_thread(app: Flask, world: World, visit: Visit) -> None:
    with app.app_context():
        comment = world.post()
        one = operations.post_reply(
            actor=world.actor("Ada"), comment=find(world, comment), parent=None, body="Kept one."
        )
        two = operations.post_reply(
            actor=world.actor("Grace"), comment=find(world, comment), parent=one, body="Insult."
        )
        three = operations.post_reply(
            actor=world.actor("Kari"), comment=find(world, comment), parent=two, body="Kept two."
        )
        operations.hide(actor=world.moderator(), thing=find_reply(world, comment, two.id), reason="It insults.")
        lone = operations.post_reply(
            actor=world.actor("Nils"), comment=find(world, comment), parent=three, body="Alone."
        )
        operations.hide(actor=world.moderator(), thing=find_reply(world, comment, lone.id), reason="It sells.")
    address = f"{world.address}/{comment.number}"
    page = visit().open(address)
    assert "It insults." in page.text
    assert page.links()["Continue as its own thread under a reply that is not shown: 1 reply"]
    page = visit().open(f"{address}/replies/{two.id}")
    assert page.heading == f"A reply under {comment.number}"
    assert "Kept one." in page.text
    assert "Kept two." in page.text
    assert "It sells." in page.text
    page = visit().open(f"{address}/replies/{three.id}")
    assert "A reply that is not shown." in page.text
    for place in ("", f"/replies/{two.id}", f"/replies/{three.id}", f"/replies/{lone.id}"):
        page = visit().open(address + place)
        for word in ("Insult.", "Grace", "Alone.", "Nils"):
            assert word not in page.body, (place, word)
    browser = visit(world.make.person())
    assert "nobody can answer it" in browser.open(f"{address}/replies/{two.id}").text


def test_an_answer_deep_down_is_shown_among_its_neighbours(app: Flask, world: World, visit: Visit) -> None:
    with app.app_context():
        comment = world.post()
        parent = None
        for n in range(3):
            parent = operations.post_reply(
                actor=world.actor("Ada"), comment=find(world, comment), parent=parent, body=f"Answer {n}."
            )
    assert parent is not None
    browser = visit(world.make.person("Grace"))
    page = browser.open(f"{world.address}/{comment.number}/replies/{parent.id}")
    assert "You answer Ada." in page.text
    page = browser.press("Post reply", body="", status=422)
    assert any("Write your reply" in error for error in page.errors())
    assert page.heading.startswith("Ada’s reply")
    page = browser.press("Post reply", body="Deep down.")
    assert page.url.split("?")[0] == f"{world.address}/{comment.number}/replies/{parent.id}"
    assert "Grace answers Ada: Deep down." in page.text


def test_a_long_thread_comes_in_pages_that_stay(app: Flask, world: World, visit: Visit) -> None:
    with app.app_context():
        comment = world.post()
        for n in range(45):
            operations.post_reply(
                actor=world.actor(), comment=find(world, comment), parent=None, body=f"Number {n:02d}."
            )
    address, seen = f"{world.address}/{comment.number}", []
    page = visit().open(address)
    while True:
        seen += re.findall(r"Number \d\d", page.text)
        if "Show more replies" not in page.links():
            break
        page = visit().open(page.links()["Show more replies"])
    assert seen == [f"Number {n:02d}" for n in range(45)]
    assert page.links()["Show earlier replies"].split("#")[0] == f"{address}?after=20"


def test_a_thread_costs_the_same_however_much_there_is(
    app: Flask, world: World, make: Make, visit: Visit, statements: Statements
) -> None:
    browser = visit(make.person())
    with app.app_context():
        comment = world.post()

    def cost(n: int) -> tuple[int, int]:
        with app.app_context():
            one = None
            for _ in range(n):
                top = operations.post_reply(
                    actor=world.actor(), comment=find(world, comment), parent=None, body="1", positions={"safety"}
                )
                one = operations.post_reply(
                    actor=world.actor(), comment=find(world, comment), parent=top, body="2", positions={"profit"}
                )
                for _ in range(3):
                    one = operations.post_reply(
                        actor=world.actor(), comment=find(world, comment), parent=one, body="3", positions={"profit"}
                    )
            assert one is not None
        with statements() as told:
            browser.open(f"{world.address}/{comment.number}")
        whole = len(told)
        with statements() as told:
            browser.open(f"{world.address}/{comment.number}/replies/{one.parent_id}")
        return whole, len(told)

    few = cost(1)
    assert cost(15) == few
    assert max(few) <= 22
