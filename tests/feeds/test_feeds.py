"""Feeds: valid, stable, only what is public, hidden at once, and 304 while nothing changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from consult.core import clock
from consult.debate.models import Comment, Reply
from consult.feeds import queries
from consult.feeds.atom import Entry, Feed, atom
from consult.moderation import operations as moderation
from consult.moderation.queries import things
from consult.outcomes.models import Disposition
from tests.consultations.test_calendar_file import _read
from tests.debate.conftest import statements
from tests.make import Make
from tests.moderation.world import World, build
from tests.visitor import Visitor

__all__ = ["statements"]
Visit = Callable[..., Visitor]
ATOM = "{http://www.w3.org/2005/Atom}"
NOON = datetime(2026, 12, 4, 12, tzinfo=UTC)
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def read(body: str) -> tuple[dict[str, str], list[dict[str, str]]]:
    """A feed and its entries by the names of their elements; what RFC 4287 demands is checked on the way."""
    root = ElementTree.fromstring(body)  # noqa: S314 (our own)
    assert root.tag == f"{ATOM}feed"
    parts = [root, *root.findall(f"{ATOM}entry")]
    for part in parts:
        for name in ("id", "title", "updated"):
            assert len(part.findall(f"{ATOM}{name}")) == 1, name
        assert MOMENT.fullmatch(part.findtext(f"{ATOM}updated") or "")
        assert re.match(r"^(tag|https?):", part.findtext(f"{ATOM}id") or "")
        assert [link for link in part.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
    assert [link for link in root.findall(f"{ATOM}link") if link.get("rel") == "self"]
    for entry in parts[1:]:
        assert entry.findtext(f"{ATOM}author/{ATOM}name")
    names = [part.findtext(f"{ATOM}id") for part in parts[1:]]
    assert len(set(names)) == len(names)
    found = [_flat(part) for part in parts]
    return found[0], found[1:]


def _flat(part: ElementTree.Element) -> dict[str, str]:
    flat = {child.tag.removeprefix(ATOM): child.text or "" for child in part if child.tag != f"{ATOM}entry"}
    links = {link.get("rel"): link.get("href") or "" for link in part.findall(f"{ATOM}link")}
    return flat | {f"{rel} link": href for rel, href in links.items()} | {
        "author": part.findtext(f"{ATOM}author/{ATOM}name") or ""
    }  # fmt: skip


def entries(visitor: Visitor, address: str) -> list[dict[str, str]]:
    answer = visitor.client.get(address)
    assert answer.status_code == 200
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    return read(answer.get_data(as_text=True))[1]


@given(st.text(), st.text(), st.text(), st.datetimes(datetime(1970, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_any_words_make_a_valid_feed(title: str, author: str, html: str, moment: datetime) -> None:
    title, author, html = (text.encode("utf-8", "ignore").decode() for text in (title, author, html))
    entry = Entry("tag:x,2026:1", title, "http://localhost/?a=1&b=2", author or "Somebody", moment, moment, html)
    _, [found] = read_loosely(atom(Feed("tag:x,2026:f", title, "http://localhost/", "http://localhost/f", [entry])))
    assert found["alternate link"] == "http://localhost/?a=1&b=2"


def read_loosely(body: str) -> tuple[dict[str, str], list[dict[str, str]]]:
    root = ElementTree.fromstring(body)  # noqa: S314
    return _flat(root), [_flat(part) for part in root.findall(f"{ATOM}entry")]


def test_an_empty_feed_is_one(make: Make, visit: Visit) -> None:
    for name in ("consultations", "outcomes", "moderation"):
        assert entries(visit(), f"/feeds/{name}.atom") == []


def test_consultations_are_listed_newest_first_and_drafts_are_not(make: Make, visit: Visit) -> None:
    first = make.consultation(announced_at=NOON - timedelta(days=9), summary="For **all**.")
    second = make.consultation("published", announced_at=NOON)
    hidden = make.consultation("draft")
    staff = make.staff(hidden, "organiser")
    for visitor in (visit(), visit(staff), visit(make.person(is_administrator=True))):
        found = entries(visitor, "/feeds/consultations.atom")
        assert [entry["title"] for entry in found] == [second.title, first.title]
        assert visitor.client.get(f"/feeds/c/{hidden.slug}/comments.atom").status_code == 404
    assert found[1]["content"].strip() == "<p>For <strong>all</strong>.</p>"
    assert found[1]["author"] == "Alliance for Tests"
    assert found[1]["alternate link"] == f"http://localhost/c/{first.slug}"
    assert found[1]["published"] == "2026-11-25T12:00:00Z"


def test_comments_say_who_where_and_what(make: Make, visit: Visit) -> None:
    world = build(make, "Too long & <hard>.")
    organisation = make.organisation("Library & Union")
    second = make.comment(world.consultation, author=world.reader, organisation_id=organisation.id)
    found = entries(visit(), f"/feeds/c/{world.slug}/comments.atom")
    assert [entry["title"] for entry in found] == [
        f"{second.number} on the whole draft", f"{world.comment.number} on 1.1",
    ]  # fmt: skip
    assert [entry["author"] for entry in found] == ["Library & Union (Rita Reader)", "Ada Author"]
    assert "Too long &" in found[1]["content"]
    assert found[1]["alternate link"] == f"http://localhost/c/{world.slug}/comments/{world.comment.number}"
    assert re.fullmatch(r"tag:localhost,2026:comment/\d+", found[1]["id"])


def test_a_clause_has_its_own_feed_in_whatever_version(make: Make, visit: Visit) -> None:
    world = build(make)
    make.comment(world.consultation, make.clauses(world.version)[2])
    make.comment(world.consultation)
    address = f"/feeds/c/{world.slug}/v1/clauses/1-1/comments.atom"
    assert [entry["title"] for entry in entries(visit(), address)] == [f"{world.comment.number} on 1.1"]
    assert visit().client.get(address.replace("1-1", "9-9")).status_code == 404


def test_what_is_hidden_or_withdrawn_is_gone_from_the_feed_which_says_that_it_changed(make: Make, visit: Visit) -> None:
    world = build(make)
    address = f"/feeds/c/{world.slug}/comments.atom"
    reader = visit()
    before = reader.client.get(address)
    assert "cheap watches" in before.get_data(as_text=True)
    with clock.shifted(timedelta(hours=1)):
        hide(make, world)
    after = reader.client.get(address, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    [old], [new] = (read(answer.get_data(as_text=True))[1] for answer in (before, after))
    assert (old["id"], old["published"]) == (new["id"], new["published"])
    assert new["updated"] > old["updated"]
    assert "cheap watches" not in after.get_data(as_text=True)
    assert "Hidden by a moderator. Advertising or spam. No adverts." in new["content"]
    moderator = visit(world.moderator).client.get(address)
    assert "cheap watches" not in moderator.get_data(as_text=True)  # a feed is what a stranger reads, whoever asks


def hide(make: Make, world: World) -> None:
    with make.app.app_context():
        thing = things.find(viewer=world.actor("moderator"), slug=world.slug, kind="comments", key=world.comment.number)
        moderation.hide_contribution(
            actor=world.actor("moderator"), thing=thing, rule="spam", passage="cheap watches", reason="No adverts.",
            seen_act_id=0,
        )  # fmt: skip


def test_the_moderation_log_has_a_feed_with_reasons_and_without_passages(make: Make, visit: Visit) -> None:
    world, other = build(make), build(make)
    hide(make, world)
    hide(make, other)
    everywhere, here = (
        entries(visit(), a) for a in ("/feeds/moderation.atom", f"/feeds/c/{world.slug}/moderation.atom")
    )
    assert [len(everywhere), len(here)] == [2, 1]
    assert here[0]["title"] == f"Hidden: {world.comment.number}, {world.consultation.title}"
    assert "Advertising or spam. No adverts." in here[0]["content"]
    assert here[0]["author"] == "A moderator"
    assert "cheap watches" not in str(everywhere)
    assert "Mo First" not in str(everywhere)


@pytest.mark.parametrize(("state", "count"), [("analysis", 0), ("review", 1), ("published", 1)])
def test_answers_are_in_the_feed_once_they_are_public(make: Make, visit: Visit, state: str, count: int) -> None:
    row = make.consultation(state)
    comment, hidden = make.comment(row), make.comment(row, state="hidden")
    for one in (comment, hidden):
        make.row(Disposition(comment_id=one.id, code="rejected", observation="No.", html="<p>No, since it rains.</p>"))
    found = entries(visit(), f"/feeds/c/{row.slug}/answers.atom")
    assert len(found) == count
    if found:
        proposed = " (proposed)" if state == "review" else ""
        assert found[0]["title"] == f"{comment.number}: Not accepted{proposed}"
        assert found[0]["content"] == "<p>No, since it rains.</p>"


def test_steps_have_a_feed_without_those_before_it_was_public(make: Make, visit: Visit) -> None:
    organiser = visit(make.person(is_administrator=True))
    row = make.consultation("open")
    organiser.open(f"/c/{row.slug}/manage/steps/pause")
    organiser.press("Pause", reason="The server moves.")
    [entry] = entries(visit(), f"/feeds/c/{row.slug}/steps.atom")
    assert entry["title"] == "Paused"
    assert entry["content"] == "<p>The server moves.</p>"


def test_a_reader_that_has_it_already_hears_304(make: Make, visit: Visit) -> None:
    world = build(make)
    client = visit().client
    for address in (
        "/feeds/consultations.atom", f"/feeds/c/{world.slug}/comments.atom", f"/feeds/c/{world.slug}/steps.atom",
        "/feeds/moderation.atom", "/feeds/outcomes.atom", "/feeds/dates.ics", f"/feeds/c/{world.slug}/answers.atom",
    ):  # fmt: skip
        first = client.get(address)
        assert "Set-Cookie" not in first.headers
        assert first.headers["Cache-Control"] == "public, no-cache"
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.get_data()) == (304, b"")
    make.comment(world.consultation)
    address = f"/feeds/c/{world.slug}/comments.atom"
    first = client.get(address)
    assert len(read(first.get_data(as_text=True))[1]) == 2


def test_a_feed_costs_the_same_for_one_and_for_many_and_ends_somewhere(
    make: Make, visit: Visit, statements: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    world = build(make)
    address = f"/feeds/c/{world.slug}/comments.atom"
    with statements() as few:
        entries(visit(), address)
    for _ in range(12):
        make.comment(world.consultation, make.clauses(world.version)[1])
    with statements() as many:
        assert len(entries(visit(), address)) == 13
    assert len(few) == len(many)
    monkeypatch.setattr(queries, "NEWEST", 5)
    assert len(entries(visit(), address)) == 5


@pytest.mark.parametrize(
    "page", ["/consultations", "/consultations?state=published", "/moderation", "{c}/comments", "{c}/moderation",
             "{c}/history", "{c}/v1/clauses/1-1"],
)  # fmt: skip
def test_pages_name_their_feed_and_link_to_it(make: Make, visit: Visit, page: str) -> None:
    world = build(make)
    shown = visit().open(page.replace("{c}", f"/c/{world.slug}"))
    visible = shown.links()["Feed"]
    assert shown.tree is not None
    named = [
        link.get("href")
        for link in shown.tree.iter("link")
        if link.get("rel") == "alternate" and link.get("type") == "application/atom+xml"
    ]
    assert visible in named
    answer = visit().client.get(visible)
    head, _ = read(answer.get_data(as_text=True))
    assert head["self link"] == f"http://localhost{visible}"
    assert visit().client.get(head["alternate link"].removeprefix("http://localhost")).status_code == 200


def test_all_dates_are_one_calendar(make: Make, visit: Visit) -> None:
    first = make.consultation("open", closes_at=clock.now() + timedelta(days=3))
    second = make.consultation("announced")
    make.consultation("draft")
    make.consultation("published")
    page = visit().open("/consultations")
    assert page.links()["All dates for your calendar"] == "/feeds/dates.ics"
    answer = visit().client.get("/feeds/dates.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    pairs = _read(answer.get_data(as_text=True))
    names = [value for name, value in pairs if name == "UID"]
    assert len(set(names)) == len(names)
    assert {name.partition("-closes")[0] for name in names if "-closes@" in name} == {first.slug, second.slug}
    own = visit().client.get(f"/c/{first.slug}/dates.ics").get_data(as_text=True)
    assert {value for name, value in _read(own) if name == "UID"} <= set(names)  # one date, whichever is subscribed to


def test_an_edited_comment_says_when(make: Make, visit: Visit) -> None:
    world = build(make)
    with make.writing() as session:
        session.get_one(Comment, world.comment.id).edited_at = NOON + timedelta(days=3650)
        session.get_one(Reply, world.reply.id).edited_at = NOON
    [entry] = entries(visit(), f"/feeds/c/{world.slug}/comments.atom")
    assert entry["updated"] == "2036-12-01T12:00:00Z"


def test_a_feed_does_not_depend_on_how_it_was_asked_for(app: Flask, make: Make) -> None:
    build(make)
    plain = app.test_client().get("/feeds/consultations.atom").get_data()
    local = app.test_client().get("/feeds/consultations.atom", base_url="http://127.0.0.1:5000").get_data()
    assert plain == local
