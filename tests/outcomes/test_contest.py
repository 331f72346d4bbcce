"""In a browser: approving, objecting and answering, correcting, and what the outcome page says of it all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.listening import listening
from tests.make import Make
from tests.visitor import Visitor

from .test_guards import Review, _published
from .world import NAUGHTY

Visit = Callable[..., Visitor]


@pytest.fixture
def review(app: Flask, make: Make) -> Review:
    with app.app_context():
        return Review(make)


def test_an_objection_from_the_outcome_page_to_its_answer(review: Review, make: Make, visit: Visit) -> None:
    critic = make.person("Cleo Critic")
    reader = visit(critic)
    page = reader.open(f"/c/{review.slug}/outcome")
    assert "Nobody has objected to this summary so far." in page.text
    page = reader.open(page.links()["Object to: Some want it clearer."])
    assert "Some want it clearer." in page.text
    page = reader.press("Object", text=" ", status=422)
    assert "Say what is wrong or missing." in " ".join(page.errors())
    page = reader.press("Object", text="You forgot the <b>libraries</b>.")
    assert "Objection 1 by Cleo Critic" in page.text
    assert "<b>libraries</b>" not in page.body
    page = visit().open(f"/c/{review.slug}/outcome")
    assert "1 objection to this summary is not followed" in page.text
    desk = visit(make.staff(review.consultation, "organiser"))
    page = desk.open(f"/c/{review.slug}/manage")
    assert "1 objection to the summary has no answer yet." in page.text
    page = desk.open(page.links()["Answer them"])
    desk.open(page.links()["Answer objection 1"])
    page = desk.press("Publish the answer", decision="followed", answer="Short.", status=422)
    assert "at least 20 characters" in " ".join(page.errors())
    page = desk.press("Publish the answer", decision="followed", answer="They have their own sentence now.")
    assert "Followed" in page.text
    assert "They have their own sentence now." in visit().open(f"/c/{review.slug}/outcome/objections").text
    page = reader.open("/me/inbox")
    assert "Your objection 1 to the summary is answered: followed" in page.text


def test_one_takes_an_objection_back(review: Review, make: Make, visit: Visit) -> None:
    reader = visit(make.person())
    reader.open(f"/c/{review.slug}/outcome/objections")
    reader.press("Object", text="My words are wrong.")
    page = reader.press("Take my objection back")
    assert "Taken back on" in page.text
    assert "My words are wrong." not in page.text


def test_a_correction_from_its_reason_to_the_marked_words(
    app: Flask, make: Make, visit: Visit
) -> None:  # fmt: skip
    with app.app_context():
        world = _published(make)
    writer, second = visit(world.moderator), visit(make.staff(world.consultation, "organiser", "Sol Second"))
    writer.open(f"/c/{world.slug}/manage/summary")
    page = writer.press("Begin a correction", reason="One word was missing.")
    assert "Correction: version 2." in page.text
    page = writer.open(page.links()["Edit: Some want it clearer."])
    page = writer.press("Save sentence", text="Some want it much clearer.")
    assert "Some want it clearer." in visit().open(f"/c/{world.slug}/outcome").text
    second.open(f"/c/{world.slug}/manage/summary")
    second.press("Approve these words")
    writer.open(f"/c/{world.slug}/manage/summary")
    page = writer.press("Publish the correction")
    assert "Version 2. Corrects version 1: One word was missing." in page.text
    assert "Some want it much clearer." in page.text
    page = visit().open(page.links()["All versions"])
    assert "Approved by Sol Second." in page.text
    page = visit().open(page.links()["Version 2"])
    assert "<ins>much </ins>" in page.body or "<ins> much</ins>" in page.body
    page = visit().open(f"/c/{world.slug}/outcome/versions/1")
    assert "A later version is in force." in page.text
    visit().open(f"/c/{world.slug}/outcome/versions/3", status=404)


def test_a_section_of_ones_own_and_a_view_of_few(review: Review, make: Make, visit: Visit) -> None:
    with review.make.app.app_context():
        for whom in ("archives", "museums", "libraries", "schools"):
            review.answered(positions=("profit",), body=f"The audits cost too much for small providers like {whom}.")
        review.answered(positions=("safety",), body="One fears harm.")
    desk = visit(review.moderator)
    desk.open(f"/c/{review.slug}/manage/summary")
    page = desk.press("Add sentence", section="own", text="We thank all.", status=422)
    assert "Write the heading of your section." in " ".join(page.errors())
    page = desk.press(
        "Add sentence", section="own", heading="What comes next", text="We go on.", sources=review.one.number
    )
    assert "What comes next" in page.text
    assert "Safety in the whole round: 1 of 6 who speak there" in page.text
    page = desk.press("Save the reason", reason="It was about another draft.")
    assert "Your reason: It was about another draft." in page.text
    page = visit().open(f"/c/{review.slug}/outcome")
    assert "What comes next" in page.text
    assert "It was about another draft." in page.text
    page = desk.open(f"/c/{review.slug}/manage/summary?statement={review.line.id}&position=profit")
    assert "Most representative of these" in page.text
    assert "Its words are close to" in page.text


def test_the_page_of_material_changes(app: Flask, make: Make, visit: Visit) -> None:
    with app.app_context():
        world = _published(make, change_class="technical")
    organiser = visit(make.staff(world.consultation, "organiser"))
    organiser.open(f"/c/{world.slug}/manage/adoption")
    organiser.press("Adopt", bodies="Alliance", status=403)
    assert "changes the draft materially" in organiser.page.text
    page = visit().open(f"/c/{world.slug}/outcome")
    assert "its next version is put to comment in a new round" in page.text
    organiser.open(f"/c/{world.slug}/manage/material-changes")
    page = organiser.press("Make this reason public", reason="Short.", status=422)
    assert "at least 20 characters" in " ".join(page.errors())
    organiser.press("Make this reason public", reason="They only repeat what annex B said.")
    assert "They only repeat what annex B said." in visit().open(f"/c/{world.slug}/outcome").text
    visit(make.person()).open(f"/c/{world.slug}/manage/material-changes", status=403)


@pytest.mark.parametrize("text", NAUGHTY, ids=range(len(NAUGHTY)))
def test_naughty_addresses_and_words(review: Review, make: Make, visit: Visit, text: str) -> None:
    browser = visit(make.person())
    for name in ("statement", "answer", "round", "version"):
        browser.send(f"/c/{review.slug}/outcome/objections", {name: text}, method="get", status=None)
        assert browser.page.status in (200, 404)
        browser.send(f"/c/{review.slug}/outcome/versions", {name: text}, method="get", status=None)
        assert browser.page.status in (200, 404)
    browser.open(f"/c/{review.slug}/outcome/objections")
    browser.press("Object", text=text, statement=text, seen=text, status=None)
    assert browser.page.status < 500
    assert "<script>alert" not in browser.page.body


def test_the_number_of_statements_does_not_grow(app: Flask, review: Review, make: Make, visit: Visit) -> None:
    reader = visit(make.person())

    def object_times(count: int) -> None:
        with app.app_context():
            for _ in range(count):
                review.objects(make.person())

    for address in (f"/c/{review.slug}/outcome/objections", f"/c/{review.slug}/outcome"):
        object_times(1)
        with listening(app) as few:
            reader.open(address)
        object_times(18)
        with listening(app) as many:
            reader.open(address)
        assert len(few) == len(many)


def test_a_comment_that_is_hidden_leaves_the_sentence_without_source(review: Review, app: Flask, visit: Visit) -> None:
    with app.app_context():
        review.approve()
    review.set(review.one, state="hidden")
    page = visit(review.moderator).open(f"/c/{review.slug}/manage")
    assert "1 sentence of the summary names no comment as a source." in page.text
    with app.app_context():
        assert "sources" in review.kinds()
