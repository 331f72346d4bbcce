"""The positions side by side, and where different ones propose the same change."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from consult.core.rules import SYSTEM, VISITOR
from consult.debate import operations, queries
from consult.debate.models import Comment
from tests.debate.conftest import Statements, World, build
from tests.make import Make
from tests.visitor import Visitor

Visit = Callable[..., Visitor]
WAS = "Providers shall publish a summary."
WANTED = "Providers shall publish a summary and keep it up to date."
NEARLY = "Providers shall publish a summary, and keep it up to date."


def page_of(world: World) -> queries.Sides:
    return queries.sides(viewer=VISITOR, consultation=world.consultation, clause=world.clauses[1])


def address(world: World) -> str:
    return f"/c/{world.consultation.slug}/v1/clauses/1-1/positions"


def find(world: World, comment: Comment) -> Comment:
    return queries.find_comment(viewer=SYSTEM, slug=world.consultation.slug, number=comment.number)


def loaded(world: World) -> World:
    """With the positions of its consultation."""
    world.consultation = queries.writing(viewer=VISITOR, slug=world.consultation.slug).consultation
    return world


def test_each_position_has_its_lines_stances_and_categories(inside: Flask, make: Make) -> None:
    world = build(make)
    world.post(world.actor(category="industry"), positions={"safety", "profit"}, body="First.")
    signed = world.post(world.actor(category="academia"), positions={"safety"}, stance="support", body="Second.")
    world.post(positions={"access"}, costs={"profit"}, clauses=[world.clauses[2]])
    operations.cosign(actor=world.actor(), comment=find(world, signed), seen_edit_number=0)
    safety, profit, access = page_of(loaded(world)).sides
    assert [line.begins for line in safety.lines] == ["Second.", "First."]  # what names stand under comes first
    assert (safety.total, safety.stances) == (2, [("Supports", 1), ("Objects", 1)])
    assert safety.categories == [("Academia", 1), ("Industry", 1)]
    assert (profit.total, access.total, access.lines) == (1, 0, ())


def proposal(world: World, text: str, *positions: str) -> Comment:
    return world.post(body=text, new_text=text, positions=set(positions))


def test_different_positions_that_propose_the_same_are_pointed_out(inside: Flask, make: Make) -> None:
    world = loaded(build(make))
    first, second = proposal(world, WANTED, "safety"), proposal(world, NEARLY, "access", "profit")
    proposal(world, "Providers shall publish everything.", "safety")
    (one,) = page_of(world).agreements
    assert [by.number for by in one.proposers] == [first.number, second.number]
    assert [by.is_other_wording for by in one.proposers] == [False, True]
    assert [position.key for position in one.positions] == ["safety", "profit", "access"]
    assert "<ins> and keep it up to date</ins>" in one.redline


def test_the_same_position_twice_is_no_agreement_and_hidden_words_are_none(inside: Flask, make: Make) -> None:
    world = loaded(build(make))
    proposal(world, WANTED, "safety")
    proposal(world, WANTED, "safety")
    assert page_of(world).agreements == []
    third = proposal(world, WANTED, "access")
    assert len(page_of(world).agreements) == 1
    operations.hide(actor=SYSTEM, thing=find(world, third), reason="Spam.")
    page = page_of(world)
    assert (page.agreements, page.proposals) == ([], 2)
    assert page.sides[2].total == 0


def test_the_page_says_what_is_silent_and_how_to_change_that(app: Flask, world: World, visit: Visit) -> None:
    with app.app_context():
        proposal(world, WANTED, "safety")
        proposal(world, WANTED, "access")
    writer = visit(world.make.person())
    page = writer.open(f"/c/{world.consultation.slug}/v1/clauses/1-1")
    page = writer.open(page.links()["The positions side by side"])
    assert page.heading == "1.1, position by position"
    assert "Safety says" in page.text
    assert "Profit is silent" in page.text
    assert "Nobody has argued from profit here yet." in page.text
    assert page.body.count("keep it up to date</ins>") == 1
    page = writer.open(page.links()["Argue from profit on 1.1"])
    assert page.form("Post comment").fields["positions"] == ["profit"]


def test_a_closed_consultation_asks_for_nothing(make: Make, visit: Visit) -> None:
    world = build(make, "published")
    page = visit().open(address(world))
    assert "Nobody has argued from safety here." in page.text
    assert "Argue from" not in page.text
    assert "Nobody has proposed other words for this clause." in page.text


def test_places_that_are_not_there(world: World, visit: Visit, make: Make) -> None:
    stranger = visit()
    for wrong in ("v1/clauses/9-9", "v2/clauses/1-1"):
        stranger.open(f"/c/{world.consultation.slug}/{wrong}/positions", status=404)
    hidden = build(make, "draft")
    stranger.open(address(hidden), status=404)


def test_it_costs_the_same_for_one_and_for_twenty(
    app: Flask, world: World, visit: Visit, statements: Statements
) -> None:
    browser = visit()

    def cost(n: int) -> int:
        with app.app_context():
            for _ in range(n):
                proposal(world, WANTED, "safety", "access")
        with statements() as told:
            browser.open(address(world))
        return len(told)

    few = cost(1)
    assert cost(19) == few <= 16


def test_a_long_list_is_cut_with_the_way_to_the_rest(app: Flask, world: World, visit: Visit) -> None:
    with app.app_context():
        for n in range(9):
            world.post(positions={"profit"}, body=f"Remark {n}.")
    page = visit().open(address(world))
    assert "Remark 7." in page.text
    assert "Remark 8." not in page.text
    assert visit().open(page.links()["All 9 comments from Profit"]).text.count("Remark") == 9


def test_a_heading_speaks_for_its_points_and_each_comment_counts_once(app: Flask, world: World, visit: Visit) -> None:
    heading, first, second = world.clauses[:3]
    with app.app_context():
        world.post(positions={"safety"}, body="On the first.", clauses=[first])
        world.post(positions={"safety"}, body="On both.", clauses=[first, second])
        world.post(positions={"profit"}, body="On the heading.", clauses=[heading])
    there = f"/c/{world.consultation.slug}/v1/clauses"
    page = visit().open(f"{there}/{heading.key}")
    page = visit().open(page.links()["The positions side by side"])
    assert "2 comments: 2 objects" in page.text
    assert "individual, on 1.1, objects" in page.text
    assert "on 1.1, 1.2" in page.text
    assert "One by one: 1.1 2, 1.2 1." in page.text
    assert "Different positions propose" not in page.text
    alone = visit().open(page.links()["1.1"])
    assert "On the heading." not in alone.text
    assert "On both." in alone.text


def test_clauses_without_comments_do_not_lead_there(world: World, visit: Visit) -> None:
    assert "The positions side by side" not in visit().open(f"/c/{world.consultation.slug}/v1/clauses/1-1").text
