"""The debate over HTTP, without JavaScript."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from consult.core import clock
from consult.core.db import db
from consult.core.rules import SYSTEM
from consult.core.text import NO_WORDS, normalise
from consult.debate import operations, queries
from consult.debate.models import Anchor, Comment, Reply
from consult.documents.models import Clause
from tests.debate.conftest import Statements, World, build
from tests.make import Make
from tests.visitor import Page, Visitor

Visit = Callable[..., Visitor]
NAUGHTY: list[str] = json.loads(Path("tests/data/strings-naughty/blns.json").read_text("utf-8"))


def write(world: World, visitor: Visitor, clause: str = "1-1") -> Page:
    return visitor.open(f"{world.address}/new?version=1&clause={clause}")


def post(world: World, visitor: Visitor, **typed: Any) -> Page:
    write(world, visitor)
    return visitor.press("Post comment", **({"body": "Too long.", "positions": "safety", "stance": "object"} | typed))


def stored(app: Flask, model: type[Comment] | type[Reply]) -> list[Any]:
    with app.app_context():
        return list(db.session.scalars(select(model).order_by(model.id)))


def test_a_comment_from_form_to_page(app: Flask, world: World, visit: Visit) -> None:
    person = world.make.person("Ada Lovelace")
    browser = visit(person)
    page = write(world, browser)
    assert page.heading == "Your comment on 1.1"
    assert "Providers shall publish a summary." in page.text
    page = browser.press(
        "Preview", body="It is **too long**.", positions=["safety", "access"], stance="object", type="technical",
        new_text="Providers shall publish.", must_be_satisfied="y",
    )  # fmt: skip
    assert "It is not posted yet" in page.text
    assert "<strong>too long</strong>" in page.body
    assert "<del> a summary</del>" in page.body
    assert stored(app, Comment) == []
    page = browser.press("Post comment")
    assert page.heading == "P-001"
    assert "Your comment is public as" in page.text
    assert "<strong>too long</strong>" in page.body
    assert "Must be satisfied" in page.text
    assert {"Safety", "Access"} <= set(re.findall(r"Safety|Profit|Access", page.text.split("Proposed words")[0]))
    assert 'data-behaviour="sent"' in page.body
    assert "Ada Lovelace" in visit().open(world.address).text


def test_the_preview_has_the_links_and_the_quotations_it_will_have(app: Flask, world: World, visit: Visit) -> None:
    number, slug = post(world, visit(world.make.person())).heading, world.consultation.slug
    browser = visit(world.make.person())
    write(world, browser)
    fields = {"positions": "safety", "stance": "object"}
    page = browser.press("Preview", body=f"As {number} says, and NOPE-001 does not: clause 1.2 is worse.", **fields)
    shown = page.body.split("It is not posted yet")[1].split("</section>")[0]
    there = f"/c/{slug}"
    assert re.findall(r'href="([^"]+)"', shown) == [f"{there}/comments/{number}", f"{there}/v1/clauses/1-2"]
    page = browser.press(
        "Preview", body=f"> [{number}]({there}/comments/{number}):\n>\n> Never said.", status=422, **fields
    )
    assert "The words you quote are not in" in " ".join(page.errors())
    assert len(stored(app, Comment)) == 1


def test_other_clauses_are_named_by_their_numbers(app: Flask, world: World, visit: Visit) -> None:
    browser = visit(world.make.person())
    page = write(world, browser)
    page = browser.press(
        "Post comment", body="Both are too long.", positions="safety", stance="object", also="1.2, 9.9", status=422
    )
    assert "This draft has no clause “9.9”." in " ".join(page.errors())
    assert page.form("Post comment").fields["also"] == ["1.2, 9.9"]
    assert page.form("Post comment").fields["body"] == ["Both are too long."]
    page = browser.press("Post comment", also="1.2,1.2 , 1-1")
    assert "Your comment is public as" in page.text
    with app.app_context():
        anchors = db.session.execute(
            select(Clause.key).join(Anchor, Anchor.clause_id == Clause.id).order_by(Clause.rank)
        ).scalars()
        assert list(anchors) == ["1-1", "1-2"]
    write(world, browser)
    page = browser.press(
        "Post comment",
        body="Shorter.",
        positions="safety",
        stance="object",
        also="1.2",
        new_text="Publish.",
        status=422,
    )
    assert "Propose words for one clause at a time." in " ".join(page.errors())


def test_the_draft_as_a_whole_and_several_clauses(world: World, visit: Visit) -> None:
    browser = visit(world.make.person())
    page = browser.open(f"{world.address}/new")
    assert page.heading == "Your comment on the whole draft"
    assert "Your wording" not in page.text
    page = browser.press("Post comment", body="Well done.", positions="access", stance="support")
    assert "About the whole draft" in page.text
    page = browser.open(f"{world.address}/new?version=1&clause=1-1&clause=1-2")
    assert page.heading == "Your comment on 1.1, 1.2"
    page = browser.press("Post comment", body="Both.", positions="access", stance="support")
    assert "About 1.1, 1.2" in page.text


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(world: World, visit: Visit) -> None:
    browser = visit(world.make.person())
    write(world, browser)
    page = browser.press("Post comment", body="My long thought", costs="profit", status=422)
    assert any("Choose what you argue from" in error for error in page.errors())
    form = page.form("Post comment")
    assert (form.fields["body"], form.fields["costs"]) == (["My long thought"], ["profit"])
    page = browser.press("Post comment", positions="safety", status=422)
    assert any("Choose where you stand" in error for error in page.errors())
    page = browser.press("Post comment", stance="object", must_be_satisfied="y", status=422)
    assert any("Only a technical comment" in error for error in page.errors())
    page = browser.press("Post comment", must_be_satisfied=None)
    assert "at the cost of Profit" in page.text


@pytest.mark.parametrize("button", ["Preview", "Post comment"])
def test_signs_alone_are_told_and_kept(world: World, visit: Visit, button: str) -> None:
    browser = visit(world.make.person())
    write(world, browser)
    page = browser.press(button, body="👎 !!!", positions="safety", stance="object", status=422)
    assert [error for error in page.errors() if "no letter and no number" in error] == [NO_WORDS]
    assert page.form("Post comment").fields["body"] == ["👎 !!!"]


def test_a_megabyte_is_told_and_kept(world: World, visit: Visit) -> None:
    browser = visit(world.make.person())
    write(world, browser)
    text = "word " * 200_000 + "end"
    page = browser.press("Post comment", body=text, positions="safety", stance="object", status=422)
    assert any("1,000,003 characters long; 20,000 is the most" in error for error in page.errors())
    assert page.form("Post comment").fields["body"] == [text]
    page = browser.press("Preview", status=422)
    assert page.form("Post comment").fields["body"] == [text]


def test_wrong_places_are_not_there(world: World, visit: Visit) -> None:
    other = build(world.make)
    browser = visit(world.make.person())
    for query in (
        "version=1&clause=nowhere", "version=9", "version=1&clause=1-1&clause=nowhere", "version=1&clause=%00",
        "version=99999999999999999999", "version=1&clause=" + "x" * 3000,
    ):  # fmt: skip
        browser.open(f"{world.address}/new?{query}", status=404)
    for number in ("P9999-001", "x%00", "-1", "9" * 40, "%F0%9F%92%A9"):
        for rest in ("", "/wording", "/withdrawal", "/positions", "/replies/1/wording"):
            browser.open(f"{world.address}/{number}{rest}", status=404)
    comment = post(world, browser).heading
    for reply in ("1", "0", "9223372036854775807", "99999999999999999999999"):
        browser.open(f"{world.address}/{comment}/replies/{reply}/wording", status=404)
    browser.open(f"{other.address}/{comment}", status=404)
    browser.open("/c/nowhere/comments", status=404)
    browser.open("/c/nowhere/comments/new", status=404)
    write(world, browser)
    form = browser.page.form("Post comment").fields  # type: ignore[union-attr]
    given = form | {"body": ["x"], "positions": ["safety"], "stance": ["object"]}
    for wrong in ({"version": ["7"]}, {"clause": ["nowhere"]}, {"version": ["1"], "clause": ["\0"]}):
        browser.send(world.address, given | wrong, status=404)
    browser.send(other.address, given | {"clause": ["1-1"], "passage": ["not in it"]}, status=422)


def test_a_version_that_is_not_the_newest_keeps_what_was_typed(world: World, visit: Visit) -> None:
    browser = visit(world.make.person())
    write(world, browser)
    world.make.version(world.consultation)
    page = browser.press("Post comment", body="Typed.", positions="safety", stance="object", status=422)
    assert any("newer version" in error for error in page.errors())
    assert page.form("Post comment").fields["body"] == ["Typed."]


def test_visitors_and_the_unverified_are_told_what_to_do(world: World, visit: Visit) -> None:
    assert "Sign in to comment." in write(world, visit()).text
    assert "Confirm your e-mail" in write(world, visit(world.make.person(email_verified_at=None))).text
    browser = visit()
    browser.open("/appearance")
    token = browser.page.forms[0].fields["csrf_token"]  # type: ignore[union-attr]
    held = browser.send(world.address, {"csrf_token": token, "body": "My long thought"}, status=401)
    assert "My long thought" in held.body


def test_a_closed_consultation_shows_why_and_refuses(make: Make, visit: Visit) -> None:
    world = build(make, "analysis")
    comment = make.comment(world.consultation, world.clauses[1], agree_count=3)
    browser = visit(make.person())
    assert "the answers are being written" in write(world, browser).text
    page = browser.open(f"{world.address}/{comment.number}")
    assert "Agree 3" in page.text
    assert not any(button[0] == "Post reply" for form in page.forms for button in form.buttons)
    browser.open("/appearance")
    token = browser.page.forms[0].fields["csrf_token"]  # type: ignore[union-attr]
    values = {"csrf_token": token, "version": "1", "body": "Late.", "positions": "safety", "stance": "object"}
    assert "Late." in browser.send(world.address, values, status=403).body


def test_pressing_twice_gives_one_comment_and_other_words_are_not_swallowed(
    app: Flask, world: World, visit: Visit
) -> None:
    browser = visit(world.make.person())
    write(world, browser)
    values = browser.page.form("Post comment").fields | {  # type: ignore[union-attr]
        "body": ["Once."], "positions": ["safety"], "stance": ["object"],
    }  # fmt: skip
    first = browser.send(world.address, values)
    again = browser.send(world.address, values)
    assert first.heading == again.heading
    other = browser.send(world.address, values | {"body": ["A second thought."]}, status=422)
    assert any("sent once already" in error for error in other.errors())
    page = browser.press("Post comment")
    assert page.heading != first.heading
    assert [c.body for c in stored(app, Comment)] == ["Once.", "A second thought."]


def test_words_are_changed_with_their_history(world: World, visit: Visit) -> None:
    browser, window = visit(person := world.make.person()), visit(person)
    number = post(world, browser, body="First wording.").heading
    window.open(f"{world.address}/{number}/wording")
    browser.open(f"{world.address}/{number}/wording")
    page = browser.press("Save", body="Second wording.")
    assert "What it said before" in page.text
    assert "First wording." in page.text
    page = window.press("Save", body="Third wording.", status=422)
    assert any("another window" in error for error in page.errors())
    assert "Second wording." in page.text
    assert page.form("Save").fields["body"] == ["Third wording."]
    assert "Third wording." in window.press("Save").text
    visit(world.make.person()).open(f"{world.address}/{number}/wording", status=403)


@pytest.mark.parametrize("number", ["9223372036854775808", "-9223372036854775809", "77"])
def test_a_reply_to_a_number_that_is_not_there(world: World, visit: Visit, number: str) -> None:
    browser = visit(world.make.person())
    browser.open(f"{world.address}/{post(world, browser).heading}")
    browser.press("Post reply", body="And why?", to=number, status=404)


def test_a_withdrawn_comment_is_a_tombstone(world: World, visit: Visit) -> None:
    browser = visit(world.make.person())
    number = post(world, browser, body="Hasty words.").heading
    browser.press("Post reply", body="My own reply.")
    browser.open(f"{world.address}/{number}/withdrawal")
    page = browser.press("Withdraw it", reason="I was wrong.")
    for text in (page.text, visit().open(f"{world.address}/{number}").text, visit().open(world.address).text):
        assert "Withdrawn by its author. “I was wrong.”" in text
        assert "Hasty words" not in text
    assert "My own reply." in page.text
    browser.open(f"{world.address}/{number}/withdrawal", status=403)


def test_votes_change_and_lead_back(world: World, visit: Visit) -> None:
    number = post(world, visit(world.make.person())).heading
    voter = visit(world.make.person())
    page = voter.open(f"{world.address}/{number}")
    assert "You see the counts once you have voted." in page.text
    page = voter.press("Agree")
    assert page.url.startswith(f"{world.address}/{number}")
    assert "Agree 1" in page.text
    assert "Disagree 1" in voter.press("Disagree 0").text
    form = page.form("Agree 1")
    for back in ("https://elsewhere.example/", "//elsewhere.example", "/c/other/draft", "\\\\x", ""):
        values = form.fields | {"choice": ["agree"], "back": [back]}
        answer = voter.send(form.action, values, status=303, follow=False)
        assert answer.headers["Location"].split("#")[0] == f"{world.address}/{number}"
    assert "Choose agree" in voter.send(form.action, form.fields | {"choice": ["maybe"]}).text


def test_replies_are_written_answered_changed_and_withdrawn(app: Flask, world: World, visit: Visit) -> None:
    ada, grace = visit(world.make.person("Ada")), visit(world.make.person("Grace"))
    number = post(world, ada).heading
    grace.open(f"{world.address}/{number}")
    page = grace.press("Post reply", body="", status=422)
    assert any("Write your reply" in error for error in page.errors())
    page = grace.press("Post reply", body="I see it differently.", positions="access")
    assert "Grace answers:" in page.text
    page = ada.open(f"{world.address}/{number}")
    page = ada.open(page.links()["Answer Grace"])
    assert "You answer Grace." in page.text
    page = ada.press("Post reply", body="Tell me how.")
    page = grace.open(grace.open(f"{world.address}/{number}").links()["Answer Ada"])
    page = grace.press("Post reply", body="Like this.")
    assert "Grace answers Ada:" in page.text
    page = grace.open(f"{world.address}/{number}")
    page = grace.open(page.links()["Change your reply"])
    page = grace.press("Save", body="I see it *quite* differently.")
    assert "quite" in page.text
    page = grace.open(page.links()["Withdraw your reply"])
    page = grace.press("Withdraw it")
    assert "Withdrawn by its author." in page.text
    assert [r.state for r in stored(app, Reply)] == ["withdrawn", "posted", "posted"]


def test_a_comment_from_outside_is_placed(world: World, visit: Visit, make: Make) -> None:
    comment = make.comment(
        world.consultation, world.clauses[1], source="paper", positions=(), number="EXT-001", stance=""
    )  # fmt: skip
    moderator = visit(make.staff(world.consultation, "moderator", "Mira"))
    page = moderator.open(f"{world.address}/{comment.number}")
    assert "Not placed" in page.text
    page = moderator.open(page.links()["Say what it argues from"])
    page = moderator.press("Place it", status=422)
    assert any("at least one" in error for error in page.errors())
    page = moderator.press("Place it", positions="access")
    assert "Placed by Mira, not by its author." in page.text
    assert page.links()["Place it again"]
    visit(make.person()).open(f"{world.address}/EXT-001/positions", status=403)


def test_the_list_is_sifted_by_form_and_chips(world: World, visit: Visit) -> None:
    browser = visit(world.make.person("Ada"))
    assert "Nobody has commented yet." in browser.open(world.address).text
    post(world, browser, body="About lorries.", positions="safety")
    post(world, browser, body="About bicycles.", positions="access", stance="support")
    page = browser.open(world.address)
    assert page.heading == "All 2 comments"
    page = browser.press("Show these", position="access", q="bicycles")
    assert page.heading == "1 comment of 2"
    assert "lorries" not in page.text
    page = browser.open(page.links()["Access ×, take away"])
    assert page.links()["“bicycles” ×, take away"] == world.address
    assert "No comment is like that." in browser.open(f"{world.address}?stance=question").text
    browser.open(page.links()["In random order"])
    assert "seed=" in browser.page.url  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "query",
    [
        "position=wealth&stance=furious&type=poem&category=x&answer=y&organisation=z&clause=q&sort=w&seed=e",
        "after=meddled&sort=newest", "before=W10", "seed=99999999999999999999&sort=random", "q=%00%FF%27%22%3C",
        "q=" + "x" * 5000, "clause=%00", "organisation=%00", "after=" + "A" * 5000, "seed=%C2%B2&sort=random",
    ],
)  # fmt: skip
def test_a_made_up_address_of_the_list_is_a_page_all_the_same(world: World, visit: Visit, query: str) -> None:
    visit().open(f"{world.address}?{query}")


def _batches(size: int) -> list[list[str]]:
    kept = [s for s in (normalise(text) for text in NAUGHTY) if s]
    return [kept[i : i + size] for i in range(0, len(kept), size)]


def test_naughty_words_come_back_as_they_were_typed(app: Flask, world: World, visit: Visit) -> None:
    known = world.make.person()
    world.make.comment(world.consultation, author=known, posted_at=clock.now() - timedelta(hours=1))
    browser = visit(known)
    write(world, browser)
    fields = browser.page.form("Post comment").fields  # type: ignore[union-attr]
    for n, batch in enumerate(_batches(40)):
        text = "\n\n".join(f"    {s}" for s in batch)
        values = fields | {
            "submission": [f"{n:032d}"], "body": [text], "new_text": [text], "positions": ["safety"], "stance": ["object"],
        }  # fmt: skip
        page = browser.send(world.address, values)
        words = re.sub(r"\s+", " ", page.text)
        for s in batch:
            assert re.sub(r"\s+", " ", s).strip() in words, repr(s)
        assert stored(app, Comment)[-1].body == normalise(text)
        browser.press("Post reply", body=text)
        assert stored(app, Reply)[-1].body == normalise(text)
    browser.open(world.address)


def test_naughty_words_in_every_field_are_taken_or_told(world: World, visit: Visit) -> None:
    browser = visit(world.make.person())
    write(world, browser)
    fields = browser.page.form("Post comment").fields | {  # type: ignore[union-attr]
        "body": ["Words."], "positions": ["safety"], "stance": ["object"],
    }  # fmt: skip
    for name in ("positions", "costs", "stance", "type", "passage", "submission", "must_be_satisfied"):
        for batch in _batches(130):
            browser.send(world.address, fields | {name: batch}, status=None)
            assert browser.page.status in (200, 422), (name, batch)  # type: ignore[union-attr]
    for batch in _batches(130):
        for name in ("version", "clause"):
            browser.send(world.address, fields | {name: batch}, status=None)
            assert browser.page.status in (200, 404, 422), name  # type: ignore[union-attr]
    number = post(world, browser).heading
    fields = browser.page.form("Post reply").fields | {"body": ["Words."]}  # type: ignore[union-attr]
    for name in ("positions", "to", "submission"):
        for batch in _batches(130):
            browser.send(f"{world.address}/{number}/replies", fields | {name: batch}, status=None)
            assert browser.page.status in (200, 404, 422), (name, batch)  # type: ignore[union-attr]


def test_posting_has_a_limit(world: World, visit: Visit) -> None:
    browser = visit(world.make.person())
    write(world, browser)
    for _ in range(121):
        page = (
            browser.send(world.address, browser.page.form("Post comment").fields, status=None)
            if browser.page.status != 429
            else browser.page
        )  # type: ignore[union-attr]
    assert page.status == 429


def test_pages_cost_the_same_for_one_and_for_twenty(
    app: Flask, world: World, visit: Visit, statements: Statements
) -> None:
    browser = visit(world.make.person())

    def cost(n: int) -> tuple[int, int]:
        for _ in range(n):
            comment = world.make.comment(world.consultation, world.clauses[1])
        with statements() as told:
            browser.open(world.address)
        listing = len(told)
        with statements() as told:
            browser.open(f"{world.address}/{comment.number}")
        return listing, len(told)

    few = cost(1)
    assert cost(19) == few
    assert max(few) <= 22


def test_an_order_says_why_and_agreement_shows_after_voting(app: Flask, world: World, visit: Visit) -> None:
    browser = visit(world.make.person())
    with app.app_context():
        comments = [world.post(body=body) for body in ("Loved by one kind.", "Agreed on by several.")]
        for category, n, comment in (("industry", 8, 0), ("industry", 4, 1), ("academia", 4, 1), ("government", 2, 1)):
            for _ in range(n):
                row = queries.find_comment(viewer=SYSTEM, slug=world.consultation.slug, number=comments[comment].number)
                operations.vote(actor=world.actor(category=category), comment=row, choice="agree")
    page = browser.open(world.address)
    assert "Votes and replies do not move a comment." in page.text
    page = browser.open(page.links()["Agreed across groups"])
    assert page.text.index("Agreed on by several.") < page.text.index("Loved by one kind.")
    assert "of 10" not in page.text
    assert "geometric mean" in page.text
    browser.open(f"{world.address}/{comments[1].number}")
    assert "Agreed across groups: 6 of 10." in browser.press("Agree").text
    assert "agreed across groups: 6 of 10" in browser.open(f"{world.address}?sort=bridging").text
    page = browser.open(f"{world.address}?sort=unanswered")
    assert "The answers are not public yet" in page.text
    for sort in ("newest", "oldest", "discussed", "random"):
        assert 'aria-current="true"' in browser.open(f"{world.address}?sort={sort}").body
