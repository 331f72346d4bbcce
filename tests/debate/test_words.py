"""Comments on words: where they point, what is counted, the marks in the text, the way without JavaScript."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, update

from consult.core.db import db
from consult.core.rules import SYSTEM
from consult.debate import mending, operations, queries
from consult.debate.models import Anchor, Comment
from consult.debate.passages import Span
from consult.documents.models import PassageTally
from tests.debate.conftest import Statements, World
from tests.make import Make
from tests.visitor import Page, Visitor

Visit = Callable[..., Visitor]
SHALL = "Providers shall tell. Users shall ask, e.g. by mail. “Nobody” pays a fee 👩‍👧 here."
POINT = "Small providers may publish it later."


@pytest.fixture
def world(make: Make) -> World:
    return build_with(make, SHALL, POINT)


def build_with(make: Make, *texts: str) -> World:
    consultation = make.consultation()
    version = make.version(consultation, texts)
    return World(make, consultation, version, make.clauses(version))


def span(words: str, nth: int = 0, key: str = "1-1", text: str = SHALL) -> Span:
    start = [m.start() for m in re.finditer(re.escape(words), text)][nth]
    return Span(key, start, start + len(words))


def anchors(comment: Comment) -> list[tuple[str, int | None, int | None]]:
    rows = db.session.scalars(select(Anchor).where(Anchor.comment_id == comment.id).order_by(Anchor.id))
    return [(row.quote, row.start, row.end) for row in rows]


def tallies() -> dict[tuple[int, int, str], int]:
    rows = db.session.execute(select(PassageTally, PassageTally.position_id).where(PassageTally.count > 0)).all()
    return {(row.start, row.end, str(position)): row.count for row, position in rows}


@pytest.mark.usefixtures("inside")
def test_equal_words_point_to_where_they_were_chosen(world: World) -> None:
    second = span("shall", 1)
    comment = world.post(passages=[second])
    anchor = db.session.scalars(select(Anchor).where(Anchor.comment_id == comment.id)).one()
    assert (anchor.quote, anchor.start) == ("shall", second.start)
    assert anchor.prefix == SHALL[: second.start]
    assert anchor.suffix == SHALL[second.end : second.end + 64]


@pytest.mark.usefixtures("inside")
def test_several_passages_of_several_clauses_and_a_clause_as_a_whole(world: World) -> None:
    passages = [span("later", key="1-2", text=POINT), span("Users"), span("Users shall"), span("Providers")]
    comment = world.post(clauses=world.clauses, passages=passages)
    assert anchors(comment) == [("", None, None), ("Providers", 0, 9), ("Users shall", 22, 33), ("later", 31, 36)]
    card = queries.card(viewer=SYSTEM, comment=_found(world, comment))
    assert [(place.key, list(place.quotes)) for place in card.places] == [
        ("1", []), ("1-1", ["Providers", "Users shall"]), ("1-2", ["later"]),
    ]  # fmt: skip


@pytest.mark.usefixtures("inside")
def test_a_character_of_several_code_points_is_quoted_whole(world: World) -> None:
    at = SHALL.index("👧")
    assert anchors(world.post(passages=[Span("1-1", at, at + 3)])) == [("👩‍👧 h", at - 2, at + 3)]


def _found(world: World, comment: Comment) -> Comment:
    return queries.find_comment(viewer=SYSTEM, slug=world.consultation.slug, number=comment.number)


@pytest.mark.usefixtures("inside")
def test_words_are_counted_while_the_comment_is_shown(world: World) -> None:
    ids = {key: str(position.id) for key, position in world.make.positions(world.consultation).items()}
    first = world.post(passages=[span("Users shall")], positions={"safety", "access"})
    author = world.actor()
    second = world.post(author, passages=[span("Users shall"), span("fee")], positions={"safety"})
    both = {(22, 33, ids["safety"]): 2, (22, 33, ids["access"]): 1, (*_at("fee"), ids["safety"]): 1}
    assert tallies() == both
    operations.withdraw_comment(actor=author, comment=_found(world, second))
    assert tallies() == {(22, 33, ids["safety"]): 1, (22, 33, ids["access"]): 1}
    moderator = world.moderator()
    operations.hide(actor=moderator, thing=_found(world, first), reason="Spam.")
    assert tallies() == {}
    operations.unhide(actor=moderator, thing=_found(world, first))
    assert tallies() == {(22, 33, ids["safety"]): 1, (22, 33, ids["access"]): 1}
    assert mending.recount(world.consultation) == []


def _at(words: str) -> tuple[int, int]:
    return span(words).start, span(words).end


@pytest.mark.usefixtures("inside")
def test_a_spoiled_or_missing_count_of_words_comes_back(world: World) -> None:
    world.post(passages=[span("fee")])
    with world.make.writing() as session:
        session.execute(update(PassageTally).values(count=7))
    db.session.expire_all()
    (line,) = mending.recount(world.consultation)
    assert line.endswith("count was 7, is 1")
    with world.make.writing() as session:
        session.execute(PassageTally.__table__.delete())
    db.session.expire_all()
    mending.recount(world.consultation)
    assert list(tallies().values()) == [1]


def said(world: World, *passages: Span, **values: object) -> Comment:
    with world.make.app.app_context():
        comment = world.post(passages=passages, **values)
        db.session.refresh(comment)
        db.session.expunge(comment)
        return comment


def marks(page: Page) -> list[tuple[str, str]]:
    """The marked words of a page with what their marks show."""
    return re.findall(r'<(?:a|mark) class="((?:spoken|at)[^"]*)"[^>]*>([^<]*)<', page.body)


def test_overlapping_words_are_cut_where_they_begin_and_end(world: World, visit: Visit) -> None:
    said(world, span("Users shall ask"), positions={"safety"})
    said(world, span("shall ask, e.g. by"), positions={"profit"})
    said(world, span("ask"), positions={"access"})
    cut = [
        ("spoken safety", "Users"), ("spoken profit safety", "shall"), ("spoken access profit safety", "ask"),
        ("spoken profit", ", e.g. by"),
    ]  # fmt: skip
    for address in (f"/c/{world.consultation.slug}/v1/1", f"/c/{world.consultation.slug}/v1/clauses/1-1"):
        assert marks(visit().open(address)) == cut, address


def test_a_mark_leads_to_the_comments_on_just_these_words(world: World, visit: Visit) -> None:
    on_users, on_ask = said(world, span("Users shall")), said(world, span("shall ask"), positions={"access"})
    elsewhere, whole = said(world, span("fee")), said(world)
    browser = visit()
    page = browser.open(f"/c/{world.consultation.slug}/v1/1")
    address = re.search(r'<a class="spoken access safety"[^>]*href="([^"#]*)', page.body)
    assert address is not None
    page = browser.open(f"/c/{world.consultation.slug}/v1/1" + address[1].replace("&amp;", "&"))
    assert "2 comments on these words of 1.1" in page.text
    assert {on_users.number, on_ask.number} <= set(page.text.replace(",", "").split())
    assert whole.number not in page.text
    assert elsewhere.number not in page.text
    assert ("spoken access safety at", "shall") in marks(page)
    page = browser.open(f"/c/{world.consultation.slug}/v1/1" + page.links()["All 4 comments on 1.1"])
    assert whole.number in page.text
    assert "Words people quote (3)" in page.text


def test_hidden_words_have_no_mark_and_are_in_no_list(world: World, visit: Visit) -> None:
    comment = said(world, span("Users shall"))
    with world.make.app.app_context():
        operations.hide(actor=world.moderator(), thing=_found(world, comment), reason="Spam.")
    page = visit().open(f"/c/{world.consultation.slug}/v1/1?at=1-1")
    assert marks(page) == []
    assert "Words people quote" not in page.text
    page = visit().open(f"/c/{world.consultation.slug}/v1/clauses/1-1?on={span('Users').start}-{span('Users').end}")
    assert "0 comments on these words" in page.text
    assert comment.number not in page.text


@pytest.mark.parametrize("on", ["", "x", "0-0", "5-2", "0-9999", "0-9999999999", "1-2-3", "%00", "٣-٤"])
def test_words_that_are_not_there_open_all_comments(world: World, visit: Visit, on: str) -> None:
    said(world)
    for address in ("v1/1?at=1-1&", "v1/clauses/1-1?"):
        assert "1 comment" in visit().open(f"/c/{world.consultation.slug}/{address}on={on}").text


def test_a_new_comment_is_marked_at_the_next_request(world: World, visit: Visit) -> None:
    browser = visit().client
    there = f"/c/{world.consultation.slug}/v1/1"
    tag = browser.get(there).headers["ETag"]
    assert browser.get(there, headers={"If-None-Match": tag}).status_code == 304
    comment = said(world, span("Users"))
    answer = browser.get(there, headers={"If-None-Match": tag})
    assert "spoken safety" in answer.get_data(as_text=True)
    with world.make.app.app_context():
        operations.hide(actor=world.moderator(), thing=_found(world, comment), reason="Spam.")
    answer = browser.get(there, headers={"If-None-Match": answer.headers["ETag"]})
    assert (answer.status_code, "spoken" in answer.get_data(as_text=True)) == (200, False)


def test_marks_cost_the_same_for_any_number_of_comments(make: Make, visit: Visit, statements: Statements) -> None:
    numbers = {}
    for times in (1, 20):
        world = build_with(make, SHALL, POINT)
        for n in range(times):
            said(
                world, Span("1-1", n, n + 5), Span("1-2", n, n + 3), clauses=world.clauses,
                positions={"safety", "profit"},
            )  # fmt: skip
        for rest in ("v1/1", "v1/1?at=1-1", "v1/1?at=1-1&on=0-5", "v1/clauses/1-1", "v1/clauses/1-1?on=3-9"):
            with statements() as told:
                visit().open(f"/c/{world.consultation.slug}/{rest}")
            numbers.setdefault(rest, []).append(len(told))
    assert all(few == many for few, many in numbers.values()), numbers


TYPED = {"body": "Too short.", "positions": ["safety"], "stance": "object"}


def test_without_javascript_from_sentences_to_the_comment(app: Flask, world: World, visit: Visit) -> None:
    browser = visit(world.make.person("Ada"))
    page = browser.open(f"/c/{world.consultation.slug}/v1/clauses/1-1")
    page = browser.open(page.links()["Quote words of it"])
    form = page.form("Comment on these words")
    assert form.choices["passage"] == ["1-1:0-21", "1-1:22-52", f"1-1:53-{len(SHALL)}"]
    page = browser.press("Comment on these words", passage=["1-1:22-52", f"1-1:53-{len(SHALL)}"])
    assert page.heading == "Your comment on 1.1"
    assert page.form("Post comment").fields["passage"] == [f"1-1:22-{len(SHALL)}"]  # neighbours are one passage
    browser.press("Post comment", **TYPED)
    with app.app_context():
        comment = db.session.scalars(select(Comment)).one()
        assert anchors(comment) == [(SHALL[22:], 22, len(SHALL))]


def test_choosing_nothing_is_about_the_clause(world: World, visit: Visit) -> None:
    browser = visit(world.make.person())
    browser.open(f"/c/{world.consultation.slug}/v1/clauses/1-1/passages")
    page = browser.press("Comment on these words")
    assert page.heading == "Your comment on 1.1"


def test_another_passage_of_another_clause_keeps_what_is_typed(app: Flask, world: World, visit: Visit) -> None:
    browser = visit(world.make.person())
    browser.open(f"/c/{world.consultation.slug}/comments/new?version=1&passage={span('Users')}")
    page = browser.press("Quote another passage", **TYPED)
    assert "What you typed is kept." in page.text
    page = browser.press("Show it", find="9.9", passage=[*page.form("Show it").fields["passage"], "1-1:0-21"])
    assert "This draft has no clause “9.9”." in page.text
    page = browser.press("Show it", find="1.2")
    browser.press("Comment on these words", passage=[*page.form("Show it").fields["passage"], f"1-2:0-{len(POINT)}"])
    page = browser.press("Leave out the words “Providers shall tell. Users”")
    fields = page.form("Post comment").fields
    assert (fields["body"], fields["positions"], fields["stance"]) == (["Too short."], ["safety"], ["object"])
    browser.press("Post comment")
    with app.app_context():
        comment = db.session.scalars(select(Comment)).one()
        assert anchors(comment) == [("", None, None), (POINT, 0, len(POINT))]


def test_words_that_are_not_there_are_told_and_nothing_is_lost(app: Flask, world: World, visit: Visit) -> None:
    browser = visit(world.make.person())
    page = browser.open(f"/c/{world.consultation.slug}/comments/new?version=1&clause=1-1&passage=1-1:0-999&passage=x")
    assert "are not in this draft" in page.text
    fields = page.form("Post comment").fields | TYPED
    for wrong in (["1-1:0-999"], ["nowhere:0-1"], ["1-1:5-5"], ["1-1:9-9", "junk"], ["1-1:0-1"] * 21):
        page = browser.send(f"{world.address}", fields | {"passage": wrong}, status=422)
        assert "are not in this draft" in page.text
        assert page.form("Post comment").fields["body"] == ["Too short."]
    with app.app_context():
        assert db.session.scalars(select(Comment)).all() == []
    browser.press("Post comment")
    with app.app_context():
        assert len(db.session.scalars(select(Comment)).all()) == 1


def test_the_way_to_sign_in_takes_the_words_along(world: World, visit: Visit) -> None:
    page = visit().open(f"/c/{world.consultation.slug}/v1/1?at=1-1&write=1&passage={span('Users')}")
    assert "passage%3D1-1%253A22-27" in page.links()["Sign in to comment"]


def test_a_comment_as_a_web_annotation(world: World, visit: Visit) -> None:
    comment = said(world, span("Users"), clauses=world.clauses[1:], new_text=None, positions={"safety", "access"})
    browser = visit()
    page = browser.open(f"{world.address}/{comment.number}")
    there = re.search(r'<link rel="alternate" type="application/ld\+json"[^>]*href="([^"]*)"', page.body)
    assert there is not None
    answer = browser.client.get(there[1])
    assert answer.content_type == 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
    told = json.loads(answer.get_data(as_text=True))
    assert (told["@context"], told["type"]) == ("http://www.w3.org/ns/anno.jsonld", "Annotation")
    assert told["motivation"] == "commenting"
    assert told["id"].endswith(there[1])
    assert told["id"].startswith("http")
    assert told["creator"] == {"type": "Person", "name": comment.author_name}
    assert told["body"][0]["value"] == comment.html
    assert sorted(body["value"] for body in told["body"][1:]) == ["access", "safety"]
    words, whole = told["target"]
    base = f"/c/{world.consultation.slug}/v1/clauses/"
    assert words["source"].endswith(base + "1-1")
    assert set(whole) == {"source"}
    assert whole["source"].endswith(base + "1-2")
    quote, position = words["selector"]
    assert quote == {
        "type": "TextQuoteSelector", "exact": "Users", "prefix": SHALL[:22], "suffix": SHALL[27:91],
    }  # fmt: skip
    assert position == {"type": "TextPositionSelector", "start": 22, "end": 27}
    assert "modified" not in told


def test_what_is_not_shown_has_no_annotation(world: World, visit: Visit) -> None:
    comment = said(world, span("Users"), body="Buy my secret pills.")
    with world.make.app.app_context():
        operations.hide(actor=world.moderator(), thing=_found(world, comment), reason="Spam.")
    browser = visit()
    assert "annotation" not in browser.open(f"{world.address}/{comment.number}").body
    page = browser.open(f"{world.address}/{comment.number}/annotation", status=404)
    assert "pills" not in page.body
    browser.open(f"{world.address}/P9999-001/annotation", status=404)
