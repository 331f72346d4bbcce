"""The workbench in a browser: answering one after the other, several at once, two moderators at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from consult.debate.models import Comment
from consult.outcomes.models import Disposition
from tests.listening import listening
from tests.make import Make
from tests.visitor import Visitor, words

from .world import NAUGHTY, World

Visit = Callable[..., Visitor]


def _bench(world: World, number: str = "") -> str:
    return f"/c/{world.slug}/manage/answers" + (f"/{number}" if number else "")


def _queue(visitor: Visitor) -> list[str]:
    """What the list on the left links to, by comment number."""
    assert visitor.page is not None
    assert visitor.page.tree is not None
    lists = [node for node in visitor.page.tree.iter("ul") if node.get("class") == "q"]
    return [(a.get("href") or "").split("?")[0].rsplit("/", 1)[1] for node in lists for a in node.iter("a")]


def test_answering_one_after_the_other_until_nothing_is_left(make: Make, visit: Visit) -> None:
    world = World(make)
    first, second = world.comments(2)
    browser = visit(world.moderator)
    page = browser.open(_bench(world))
    assert "2to decide" in page.text
    assert f"Decide {first.number}" in page.text
    page = browser.press("Save and next", code="rejected", observation="Not now.")
    assert f"Decide {second.number}" in page.text
    assert "1to decide" in page.text
    assert f"{first.number}: not accepted. Saved." in page.text
    page = browser.press("Save and next", code="accepted", change_class="editorial", change_note="1.1")
    assert "0to decide" in page.text
    assert "2decided" in page.text
    page = browser.press(f"Undo: {second.number} accepted")
    assert "1to decide" in page.text
    assert "Taken back" in page.text
    assert "Not answered yet" in page.text, "the history keeps both rows"
    assert make.count(Disposition) == 3


def test_a_decision_without_a_reason_keeps_what_was_typed(make: Make, visit: Visit) -> None:
    world = World(make)
    comment = world.comment()
    browser = visit(world.moderator)
    browser.open(_bench(world, comment.number))
    page = browser.press("Save and next", status=422, code="rejected", change_note="Clause nine")
    assert "Say why" in " ".join(page.errors())
    form = page.form("Save and next")
    assert form.fields["code"] == ["rejected"]
    assert form.fields["change_note"] == ["Clause nine"]
    page = browser.press("Save and next", status=422, code=None, observation="Words I typed")
    assert "Choose what you decide." in " ".join(page.errors())
    assert page.form("Save and next").fields["observation"] == ["Words I typed"]
    page = browser.press("Save and next", status=422, code="duplicate", duplicate_of="NOPE-1")
    assert "no comment NOPE-1" in " ".join(page.errors())
    assert make.count(Disposition) == 0


def test_a_megabyte_is_too_long_and_is_not_lost(make: Make, visit: Visit) -> None:
    world = World(make)
    browser = visit(world.moderator)
    browser.open(_bench(world, world.comment().number))
    page = browser.press("Save and next", status=422, code="noted", observation="x" * 1_000_000)
    assert "1,000,000 characters long" in " ".join(page.errors())
    assert page.form("Save and next").fields["observation"] == ["x" * 1_000_000]


def test_of_two_moderators_the_second_sees_the_first(make: Make, visit: Visit) -> None:
    world = World(make)
    comment = world.comment()
    other = visit(make.staff(world.consultation, "moderator", "Otto Other"))
    mine = visit(world.moderator)
    mine.open(_bench(world, comment.number))
    other.open(_bench(world, comment.number))
    other.press("Save and next", code="deferred", observation="In the next round.")
    page = mine.press("Save and next", status=422, code="rejected", observation="My long reason.")
    assert "answered meanwhile by Otto Other with “Deferred”: “In the next round.”" in page.text
    assert page.form("Save and next").fields["observation"] == ["My long reason."]
    mine.press("Save and next")
    page = mine.open(_bench(world, comment.number))
    assert "Not accepted" in page.text
    assert "In the next round." in page.text


def test_ticked_comments_are_answered_together(make: Make, visit: Visit) -> None:
    world = World(make)
    first, second, third = world.comments(3)
    browser = visit(world.moderator)
    browser.open(_bench(world))
    page = browser.press("Answer the ticked ones together", also=[second.number, third.number])
    assert f"Decide {second.number} and 1 more" in page.text
    assert page.form("Save and next").fields["also"] == [third.number]
    page = browser.press("Save and next", code="noted", observation="Thank you.")
    assert f"Decide {first.number}" in page.text
    assert f"{second.number} and 1 more: noted." in page.text
    page = browser.press(f"Undo: {second.number} and 1 more noted")
    assert "3to decide" in page.text


def test_who_may_see_the_workbench(make: Make, visit: Visit) -> None:
    world = World(make)
    comment = world.comment()
    for address in (_bench(world), _bench(world, comment.number)):
        assert "/sign-in" in visit().open(address, status=303, follow=False).headers["Location"]
        page = visit(make.person()).open(address, status=403)
        assert "Only the moderators, organisers and editors" in page.text
        visit(make.staff(world.consultation, "observer")).open(address, status=403)
    page = visit(make.staff(world.consultation, "editor")).open(_bench(world, comment.number))
    assert "Only moderators of this consultation answer its comments." in page.text
    assert not [form for form in page.forms if any(b[0] == "Save and next" for b in form.buttons)]
    draft = World(make, "draft")
    visit(make.person()).open(_bench(draft), status=404)


def test_a_crafted_post_by_somebody_else_is_refused(make: Make, visit: Visit) -> None:
    world = World(make)
    comment = world.comment()
    browser = visit(world.moderator)
    values = {"code": "accepted", "observation": "", "csrf_token": ""}
    page = browser.open(_bench(world, comment.number))
    values |= {name: v[0] for name, v in page.form("Save and next").fields.items() if name == "csrf_token"}
    stranger = visit(make.person())
    stranger.open(f"/c/{world.slug}/outcome")
    stranger.send(_bench(world, comment.number), values, status=None)
    assert make.count(Disposition) == 0
    browser.send(_bench(world, "NOPE-1"), values, status=404)


def test_own_comments_are_shown_with_the_reason_why_not(make: Make, visit: Visit) -> None:
    world = World(make)
    own = world.comment(author=world.moderator)
    page = visit(world.moderator).open(_bench(world, own.number))
    assert "is your own comment, or one of your own organisation" in page.text
    assert "1 left to a colleague" in page.text


def test_the_list_can_be_narrowed(make: Make, visit: Visit) -> None:
    world = World(make)
    plain = world.comment(author=make.person("Ada Adams", category="academia"))
    placed = world.comment(clause=2, positions=("profit",), body="Costs too much at 100%.")
    bare = world.comment(positions=(), disposition="noted")
    world.comment(state="hidden")
    browser = visit(world.moderator)
    everything = [plain.number, placed.number, bare.number]
    for query, expected in (
        ("", everything), ("show=open", [plain.number, placed.number]), ("show=answered", [bare.number]),
        ("position=profit", [placed.number]), ("position=none", [bare.number]), ("category=academia", [plain.number]),
        ("clause=1.2", [placed.number]), ("clause=1", everything), ("q=100%25", [placed.number]),
        ("q=ada", [plain.number]), (f"q={bare.number}", [bare.number]), ("category=nobody", []), ("position=x", []),
    ):  # fmt: skip
        browser.open(f"{_bench(world)}?{query}")
        assert _queue(browser) == expected, query


@pytest.mark.parametrize("text", NAUGHTY, ids=range(len(NAUGHTY)))
def test_naughty_input_is_no_error(make: Make, visit: Visit, text: str) -> None:
    world = World(make)
    comment = world.comment()
    browser = visit(world.moderator)
    for name in ("show", "position", "category", "clause", "q", "after", "before"):
        browser.send(_bench(world), {name: text}, method="get")
    browser.send(_bench(world), {"also": text}, method="get", status=None)
    assert browser.page is not None
    assert browser.page.status in (200, 404)
    browser.open(_bench(world, comment.number))
    browser.press("Save and next", code="duplicate", duplicate_of=text, observation=text, status=422)
    browser.press("Save and next", code="accepted", observation=text, change_note=text, duplicate_of="", status=None)
    assert browser.page.status in (200, 422)
    if browser.page.status == 200:
        shown = browser.open(_bench(world, comment.number))
        assert "<script>alert" not in shown.body


def test_pages_of_the_list_lead_on_and_back(make: Make, visit: Visit) -> None:
    world = World(make)
    numbers = [comment.number for comment in world.comments(33)]
    browser = visit(world.moderator)
    page = browser.open(_bench(world))
    seen = _queue(browser)
    while "Show more" in page.links():
        page = browser.open(page.links()["Show more"])
        seen += _queue(browser)
    assert seen == numbers
    browser.open(page.links()["Show earlier ones"])
    assert _queue(browser) == numbers[15:30]


def test_the_number_of_statements_does_not_grow(app: Flask, make: Make, visit: Visit) -> None:
    world = World(make)
    browser = visit(world.moderator)
    world.comments(2)
    with listening(app) as few:
        browser.open(_bench(world))
    world.comments(20)
    with listening(app) as many:
        browser.open(_bench(world))
    assert len(few) == len(many)
    assert len(many) <= 32


def test_what_was_withdrawn_or_hidden_is_not_on_the_desk_by_its_words(make: Make, visit: Visit) -> None:
    world = World(make)
    gone = world.comment(state="withdrawn", html="<p>Secret words</p>", state_reason="I was wrong.")
    hidden = world.comment(state="hidden", html="<p>Secret words</p>")
    browser = visit(world.moderator)
    for comment in (gone, hidden):
        page = browser.open(_bench(world, comment.number))
        assert "Secret words" not in page.body
        assert f"{comment.number}" in words(page.tree)
    assert make.count(Comment) == 2
