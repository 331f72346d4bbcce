"""Writing the summary in a browser, and publishing it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, update

from consult.consultations.models import Round
from consult.core.db import db
from consult.debate.models import OpinionMap, OpinionTally
from consult.outcomes import operations
from consult.outcomes.models import Citation, OutcomeSummary, Statement
from tests.listening import listening
from tests.make import Make
from tests.visitor import Visitor

from .world import NAUGHTY, World

Visit = Callable[..., Visitor]


def _summary(world: World) -> str:
    return f"/c/{world.slug}/manage/summary"


def test_from_the_first_sentence_to_the_published_outcome(make: Make, visit: Visit) -> None:
    world = World(make)
    comment = world.comment(body="Please say it clearly.", html="<p>Please say it clearly.</p>")
    browser = visit(world.moderator)
    page = browser.open(_summary(world))
    assert "1 comment has no answer yet." in page.text
    assert "Begin the review" not in page.text
    browser.press("Save headline", headline="One word is clearer now.")
    page = browser.press("Add sentence", section="said", text="People want clear words.", is_minority="y")
    assert "No source yet" in page.text
    assert "Minority view." in page.text
    page = browser.press("Search", q="clearly")
    assert "1 comment found" in page.text
    page = browser.press(f"Cite {comment.number}")
    assert "No source yet" not in page.text
    assert f"Remove {comment.number}" in page.text
    browser.open(f"/c/{world.slug}/manage/answers")
    page = browser.press("Save and next", code="accepted_modified", observation="Done.", change_class="editorial")
    assert "0to decide" in page.text
    page = browser.open(_summary(world))
    page = browser.press("Begin the review")
    assert "Proposed." in page.text
    assert page.heading == "One word is clearer now."
    page = browser.open(_summary(world))
    assert "You wrote in this summary, so somebody else approves it" in page.text
    second = visit(make.staff(world.consultation, "organiser"))
    second.open(_summary(world))
    page = second.press("Approve these words")
    assert "Approved by Organiser" in page.text
    assert "Publish the outcome" not in page.text, "the review still runs"
    world.set(world.consultation, review_ends_at=None)
    browser.open(_summary(world))
    page = browser.press("Publish the outcome")
    assert "Proposed." not in page.text
    assert "1 change made from 1 comment." in page.text
    page = browser.open(_summary(world))
    assert "The outcome is published" in page.text
    assert "Save headline" not in page.body


def test_somebody_elses_edit_is_shown_and_ones_own_words_are_kept(make: Make, visit: Visit) -> None:
    world = World(make)
    mine, other = visit(world.moderator), visit(make.staff(world.consultation, "organiser"))
    mine.open(_summary(world))
    mine.press("Add sentence", section="said", text="Old words.")
    edit = f"{_summary(world)}?edit={_first(make)}"
    mine.open(edit)
    other.open(edit)
    other.press("Save sentence", text="Their words.")
    page = mine.press("Save sentence", text="My words.", status=422)
    assert "It now says: “Their words.”" in page.text
    assert page.form("Save sentence").fields["text"] == ["My words."]
    page = mine.press("Save sentence")
    assert "My words." in page.text
    assert "Their words." not in page.text
    mine.open(_summary(world))
    other.open(_summary(world))
    other.press("Save headline", headline="Theirs.")
    page = mine.press("Save headline", headline="Mine.", status=422)
    assert "It now says: “Theirs.”" in page.text
    assert page.form("Save headline").fields["headline"] == ["Mine."]


def test_sentences_move_and_go_after_a_question(make: Make, visit: Visit) -> None:
    world = World(make)
    browser = visit(world.moderator)
    browser.open(_summary(world))
    for text in ("First sentence.", "Second sentence."):
        browser.press("Add sentence", section="did", text=text)
    page = browser.press("Up: Second sentence.")
    assert page.text.index("Second sentence.") < page.text.index("First sentence.")
    page = browser.open(page.links()["Remove: Second sentence."])
    assert page.heading == "Remove this sentence?"
    assert "Second sentence." in page.text
    page = browser.press("Remove sentence")
    assert "Second sentence." not in page.text
    assert make.count(Statement) == 1


def test_what_cannot_be_used_is_said_at_its_field(make: Make, visit: Visit) -> None:
    world = World(make)
    browser = visit(world.moderator)
    for button, typed, sentence in (
        ("Add sentence", {"text": "", "section": "did"}, "Write the sentence."),
        ("Add sentence", {"text": "x" * 1_000_000}, "1,000,000 characters long"),
        ("Add sentence", {"text": "Fine.", "sources": "P-9999"}, "no comment P-9999"),
        ("Add sentence", {"text": "Fine.", "section": "elsewhere"}, ""),
        ("Save headline", {"headline": "  "}, "Write one sentence"),
        ("Save headline", {"headline": "y" * 300}, "300 characters long"),
    ):
        browser.open(_summary(world))
        page = browser.press(button, status=422, **typed)
        assert sentence in " ".join(page.errors())
        kept = page.form(button).fields
        assert all(kept[name] == [value.strip()] for name, value in typed.items() if name != "section")
    assert make.count(Statement) == 0


@pytest.mark.parametrize("text", NAUGHTY, ids=range(len(NAUGHTY)))
def test_naughty_words_are_words(make: Make, visit: Visit, text: str) -> None:
    world = World(make)
    comment = world.comment()
    browser = visit(world.moderator)
    browser.open(_summary(world))
    browser.press("Add sentence", text=text, status=None)
    assert browser.page.status in (200, 422)
    for name in ("q", "clause", "position", "category", "show", "after", "statement", "edit"):
        browser.send(_summary(world), {name: text}, method="get", status=None)
        assert browser.page.status in (200, 404)
    browser.open(_summary(world))
    page = browser.press("Add sentence", text="Plain.", sources=comment.number)
    assert "<script>alert" not in page.body
    token = page.form("Add sentence").fields["csrf_token"][0]
    line = f"{_summary(world)}/statements/{_first(make)}"
    for path, values in (
        (f"{line}/citations", {"number": text}), (f"{line}/citations/removal", {"number": text}),
        (f"{line}/moves", {"direction": text}), (f"{_summary(world)}/publication", {"seen": text}),
        (f"{_summary(world)}/statements/{'9' * 30}", {"text": "x"}),
        (f"{_summary(world)}/statements/999999999999999", {"text": "x", "section": "said"}),
    ):  # fmt: skip
        browser.send(path, values | {"csrf_token": token}, status=None)
        assert browser.page.status < 500, path


def test_who_may_write_and_who_may_only_look(make: Make, visit: Visit) -> None:
    world = World(make)
    assert "/sign-in" in visit().open(_summary(world), status=303, follow=False).headers["Location"]
    visit(make.person()).open(_summary(world), status=403)
    page = visit(make.staff(world.consultation, "editor")).open(_summary(world))
    assert "Only moderators and organisers" in page.text
    assert "Add sentence" not in page.body
    visit(make.person()).open(f"{_summary(world)}/preview", status=403)
    draft = World(make, "draft")
    visit(make.person()).open(_summary(draft), status=404)


def test_the_number_of_statements_does_not_grow(app: Flask, make: Make, visit: Visit) -> None:
    world = World(make)
    browser = visit(world.moderator)

    def write(count: int) -> None:
        with make.app.app_context():
            for comment in world.comments(count):
                operations.add_statement(
                    actor=make.actor(world.moderator), consultation=world.consultation, section="said",
                    text="Something.", sources=[comment.number],
                )  # fmt: skip

    write(1)
    address = f"{_summary(world)}?statement={_first(make)}"
    with listening(app) as few:
        browser.open(address)
    write(19)
    with listening(app) as many:
        browser.open(address)
    assert (make.count(Statement), make.count(Citation), make.count(OutcomeSummary)) == (20, 20, 1)
    assert len(few) == len(many) <= 30


def test_sources_are_found_by_what_most_of_an_opinion_group_agree_with(make: Make, visit: Visit) -> None:
    world = World(make)
    liked, disliked, uncounted = world.comments(3)
    browser = visit(world.moderator)
    browser.open(_summary(world))
    browser.press("Add sentence", text="Some say so.", sources=liked.number)
    address = f"{_summary(world)}?statement={_first(make)}"
    assert "opinion group" not in browser.open(address).text  # none were found
    make.row(OpinionMap(round_id=liked.round_id, formula=1, votes=80, voters=30, counted=30, sizes="[12, 18]"))
    for comment, counts in ((liked, ((9, 2, 1), (2, 15, 1))), (disliked, ((6, 6, 0), (17, 1, 0)))):
        for number, (agree, disagree, passed) in enumerate(counts, 1):
            make.row(
                OpinionTally(
                    comment_id=comment.id, number=number, agree_count=agree, disagree_count=disagree, pass_count=passed
                )
            )  # fmt: skip
    assert "A, 12 people" in browser.open(address).text
    for group, found in (
        ("A", {liked}),
        ("B", {disliked}),
        ("C", set()),
        ("AB", set()),
        ("", {liked, disliked, uncounted}),
    ):
        page = browser.open(f"{address}&group={group}")
        numbers = {c.number for c in (liked, disliked, uncounted) if f'name="number" value="{c.number}"' in page.body}
        assert numbers == {c.number for c in found}, group
    with make.writing() as session:  # while votes are cast, nobody learns from it how others voted
        session.execute(update(Round).where(Round.id == liked.round_id).values(closed_at=None))
    assert f'name="number" value="{liked.number}"' not in browser.open(f"{address}&group=A").body


def _first(make: Make) -> int:
    with make.app.app_context():
        return db.session.scalars(select(Statement.id).order_by(Statement.id)).first() or 0
