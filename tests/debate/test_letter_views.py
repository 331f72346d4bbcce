"""Whole letters over HTTP, without JavaScript: sent, cut, posted, read, discarded."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from consult.accounts.models import Person
from consult.core.db import db
from consult.debate import operations
from consult.debate.models import Comment, Letter
from tests.debate.conftest import Statements, World
from tests.debate.test_letter_operations import LETTER
from tests.documents.office import docx, p
from tests.visitor import Page, Visitor

Visit = Callable[..., Visitor]
READY = {"positions": "safety", "stance": "object"}


def stored(app: Flask) -> list[Letter]:
    with app.app_context():
        return list(db.session.scalars(select(Letter).order_by(Letter.id)))


def send(world: World, browser: Visitor, **typed: object) -> Page:
    browser.open(f"/c/{world.consultation.slug}/letters/new")
    given = {"body": LETTER, "title": "Our answer"} | typed
    return browser.press("Send the letter", **given)  # type: ignore[arg-type]


def chosen(page: Page, **values: object) -> dict[str, object]:
    """Positions and a stance for every piece on the page."""
    firsts = sorted(set(re.findall(r'name="p(\d+)-given"', page.body)), key=int)
    return {f"p{at}-{name}": value for at in firsts for name, value in (READY | values).items()}


@pytest.fixture
def ada(world: World) -> Person:
    return world.make.person("Ada Lovelace")


def test_from_a_letter_to_its_comments(app: Flask, world: World, visit: Visit, ada: Person) -> None:
    browser = visit(ada)
    assert "Send it whole" in " ".join(browser.open(world.address).links())
    page = send(world, browser)
    assert page.heading == "Cut your letter into comments"
    assert "Nothing of it is public yet" in page.text
    assert "Comment 3, still missing: Choose what it argues from" in page.text
    page = browser.press("Post 3 comments", status=422)
    assert "comment 1, comment 2, comment 3 cannot be posted like this" in page.text
    page = browser.press("Preview", **chosen(page))
    assert "<strong>Say less.</strong>" in page.body
    assert "still missing" not in page.text
    assert world.make.count(Comment) == 0
    page = browser.press("Post 3 comments")
    assert page.heading == "Our answer"
    assert "Public now: 3 comments, and the letter" in page.text
    stranger = visit()
    page = stranger.open(page.url.partition("?")[0])
    assert "We speak for 200 libraries" in page.text
    page = stranger.open(page.links()["P-002"])
    assert "Part 2 of 3 of a letter of" in page.text
    assert page.links()["read it in its place"].endswith("#part-2")
    assert "About 1.1" in page.text


def test_what_one_chose_is_there_again_on_another_device(world: World, visit: Visit, ada: Person) -> None:
    desk, phone = visit(ada), visit(ada)
    send(world, desk)
    page = desk.press("Save", **{"cut-1": "leave", "p2-positions": ["safety", "access"], "p2-stance": "support"})
    assert "Saved" in page.text
    assert page.forms[-1].fields["cut-1"] == ["leave"]
    assert "Post 2 comments" in page.body
    listed = phone.open("/me/letters")
    page = phone.open(listed.links()["Cut it into comments: Our answer"])
    cut = page.form("Post 2 comments")
    assert (cut.fields["p2-positions"], cut.fields["p2-stance"]) == (["safety", "access"], ["support"])
    phone.press("Save", **{"cut-2": "leave"})
    page = phone.press("Save", **{"cut-2": "begin"})
    assert page.form("Post 2 comments").fields["p2-positions"] == ["safety", "access"]  # what was left out comes back
    page = desk.press("Save", status=409, **{"cut-1": "begin", "p2-stance": "object"})
    assert "changed meanwhile" in page.text
    assert page.form("Post 3 comments").fields["p2-stance"] == ["object"]
    assert "Saved" in desk.press("Save").text


def test_the_numbers_of_clauses_are_filled_in_and_judged(world: World, visit: Visit, ada: Person) -> None:
    browser = visit(ada)
    page = send(world, browser)
    fields = page.form("Post 3 comments").fields
    assert (fields["p1-clauses"], fields["p2-clauses"], fields["p3-clauses"]) == ([""], ["1.1"], ["1.2, 1.1"])
    given = chosen(page) | {"p3-clauses": "1.2, 7.7"}
    page = browser.press("Post 3 comments", status=422, **given)
    assert "This draft has no clause “7.7”" in page.text
    assert page.form("Post 3 comments").fields["p3-clauses"] == ["1.2, 7.7"]
    browser.press("Post 3 comments", **{"p3-clauses": "1.2"})
    assert world.make.count(Comment) == 3


def test_pressed_twice_it_is_posted_once(world: World, visit: Visit, ada: Person) -> None:
    browser = visit(ada)
    page = send(world, browser)
    form = page.form("Post 3 comments")
    values = {**form.fields, **chosen(page)}
    for _ in range(2):
        assert browser.send(form.action, values).heading == "Our answer"
    assert world.make.count(Comment) == 3
    assert browser.open(f"{page.url.partition('?')[0]}").heading == "Our answer"  # the table is empty now


@pytest.mark.parametrize(
    ("name", "kind"), [("answer.docx", "docx"), ("answer.md", "md"), ("answer.txt", "txt")]
)  # fmt: skip
def test_a_file_is_read_and_its_fingerprint_kept(
    app: Flask, world: World, visit: Visit, ada: Person, name: str, kind: str
) -> None:  # fmt: skip
    data = docx("".join(map(p, LETTER.split("\n\n")))) if kind == "docx" else LETTER.encode()
    browser = visit(ada)
    page = send(world, browser, body="", files={"file": (BytesIO(data), name)})
    assert page.heading == "Cut your letter into comments"
    letter = stored(app)[0]
    assert (letter.kind, letter.source_name, letter.sha256) == (kind, name, hashlib.sha256(data).hexdigest())
    assert letter.text.split() == LETTER.replace("e\u0301", "é").split()


@pytest.mark.parametrize(
    ("body", "data", "sentence"),
    [
        (LETTER, b"Words.", "You chose a file and wrote a text"), ("", None, "Choose a file, or write"),
        ("", b"%PDF-1.4 nonsense", "This PDF is damaged"), ("", b"", "This file is empty"),
        ("", b"\x89PNG\r\n\x1a\n", "This is a picture, not a text. Send the file that holds the letter"),
        ("x " * 110_000, None, "200,000 is the most"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_gets_a_sentence(
    app: Flask, world: World, visit: Visit, ada: Person, body: str, data: bytes | None, sentence: str
) -> None:
    browser = visit(ada)
    files = None if data is None else {"file": (BytesIO(data), "answer.pdf")}
    page = send(world, browser, body=body, files=files, status=422)
    assert sentence in page.text
    assert page.form("Send the letter").fields["title"] == ["Our answer"]
    assert page.form("Send the letter").fields["body"] == [body.strip().replace("e\u0301", "é")]
    assert stored(app) == []


def test_handed_over_and_cut_by_a_moderator(world: World, visit: Visit, ada: Person) -> None:
    browser, moderator = visit(ada), visit(world.make.staff(world.consultation, "moderator", "Mo Derator"))
    page = send(world, browser, cut_by="moderators")
    assert "The moderators can cut it now" in page.text
    address = page.url.partition("?")[0]
    assert visit().open(address, status=404)
    page = moderator.open(f"/c/{world.consultation.slug}/letters")
    assert "Waits to be cut" in page.text
    page = moderator.open(page.links()["Cut it into comments: Our answer"])
    assert "in the name of Ada Lovelace" in page.text
    page = moderator.press("Post 3 comments", **chosen(page))
    assert "Cut into comments by Mo Derator" in page.text
    page = browser.open(page.links()["P-001"])
    assert "Placed by Mo Derator, not by its author" in page.text
    assert "A moderator cut your letter into comments" in browser.open("/me/inbox").text


def test_taken_back_from_the_moderators(world: World, visit: Visit, ada: Person) -> None:
    browser, moderator = visit(ada), visit(world.make.staff(world.consultation, "moderator"))
    page = send(world, browser, cut_by="moderators")
    address = page.url.partition("?")[0]
    moderator.open(address)
    browser.press("Cut it only myself")
    moderator.open(address, status=404)
    browser.press("Let the moderators cut it")
    moderator.open(f"{address}/cut")


def test_discarded_after_one_more_question(app: Flask, world: World, visit: Visit, ada: Person) -> None:
    browser = visit(ada)
    address = send(world, browser).url.partition("/cut")[0]
    page = browser.open(address)
    assert "Only you can read it" in page.text
    page = browser.open(page.links()["Discard it"])
    assert page.heading == "Discard “Our answer”?"
    assert "Nothing of it was public" in browser.press("Discard it").text
    assert stored(app) == []
    browser.open(address, status=404)


def test_a_hidden_comment_is_a_tombstone_in_the_letter(app: Flask, world: World, visit: Visit, ada: Person) -> None:
    browser = visit(ada)
    page = send(world, browser)
    address = browser.press("Post 3 comments", **chosen(page)).url.partition("?")[0]
    moderator = world.moderator()
    with app.app_context():
        comment = db.session.scalars(select(Comment).where(Comment.number.like("%-002"))).one()
        operations.hide(actor=moderator, thing=comment, reason="An insult.")
    page = visit().open(address)
    assert "Hidden by a moderator: An insult." in page.text
    assert "too strict" not in page.body
    assert "too strict" not in visit().open(f"/c/{world.consultation.slug}/letters").body


def test_a_list_of_letters_costs_the_same_for_one_and_for_many(
    world: World, visit: Visit, ada: Person, statements: Callable[[], Statements]
) -> None:
    browser, reader, costs = visit(ada), visit(), []
    for count in (1, 6):
        for _ in range(count):
            page = send(world, browser)
            browser.press("Post 3 comments", **chosen(page))
        with statements() as told:
            reader.open(f"/c/{world.consultation.slug}/letters")
            browser.open("/me/letters")
        costs.append(len(told))
    assert costs[0] == costs[1]


def test_a_stranger_is_told_how_to_send_one(world: World, visit: Visit) -> None:
    page = visit().open(f"/c/{world.consultation.slug}/letters/new")
    assert "Sign in to comment." in page.text
    assert "Send the letter" not in page.body
