"""What people see: the list, one consultation, its history, its home for those who run it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from consult.consultations import operations, queries
from consult.consultations.models import STATES, Consultation, Question, Topic, Transition
from consult.consultations.queries.header import FIRST_SENTENCE
from consult.core import clock
from consult.core.rules import SYSTEM, VISITOR
from tests.listening import listening
from tests.make import Make
from tests.visitor import Visitor

Visit = Callable[..., Visitor]
PUBLIC = [state for state in STATES if state != "draft"]


def _busy(make: Make, n: int, state: str = "open") -> Consultation:
    row = make.consultation(state, title=f"Call {n}", organiser_name=f"Body {n % 3}", co_organisers="One\nTwo")
    for rank in range(3):
        make.row(Question(consultation_id=row.id, text=f"Question {rank}?", rank=rank))
        make.row(Topic(consultation_id=row.id, name=f"topic {rank}"))
        make.row(Transition(consultation_id=row.id, verb="extend", from_state="open", to_state="open", reason="More."))
    return row


@pytest.mark.parametrize("address", ["/", "/consultations", "/consultations?state=open&q=call&organiser=Body+1"])
def test_a_list_of_twenty_costs_what_a_list_of_one_costs(address: str, app: Flask, make: Make, visit: Visit) -> None:
    _busy(make, 1)
    reader = visit()
    reader.open(address)
    with listening(app) as one:
        reader.open(address)
    for n in range(2, 40):
        _busy(make, n)
    with listening(app) as many:
        reader.open(address)
    assert len(many) == len(one) <= 9, many


def test_one_consultation_costs_the_same_however_much_happened(app: Flask, make: Make, visit: Visit) -> None:
    row = _busy(make, 1)
    reader = visit()
    with listening(app) as few:
        reader.open(f"/c/{row.slug}")
    for n in range(30):
        make.row(Question(consultation_id=row.id, text=f"Further {n}?", rank=9 + n))
        make.row(Transition(consultation_id=row.id, verb="pause", from_state="open", to_state="paused", reason="x"))
    with listening(app) as many:
        reader.open(f"/c/{row.slug}")
        reader.open(f"/c/{row.slug}")
    assert len(many) == 2 * len(few)


@pytest.mark.parametrize("state", PUBLIC)
def test_every_public_state_has_its_page(state: str, make: Make, visit: Visit) -> None:
    row = make.consultation(state)
    make.version(row)
    page = visit().open(f"/c/{row.slug}")
    assert page.heading == row.title
    assert "What is asked, in plain words." in page.text
    assert "fixed since it was announced" in page.text
    visit().open(f"/c/{row.slug}/history")
    listed = visit().open("/consultations")
    assert row.title in listed.links()


def test_the_page_of_an_open_one_leads_to_the_draft_and_says_how_long(make: Make, visit: Visit) -> None:
    row = make.consultation("open", closes_at=clock.now() + timedelta(days=11, hours=1), timezone="Europe/Madrid")
    make.version(row)
    page = visit().open(f"/c/{row.slug}")
    assert page.links()["Read the draft and comment"] == f"/c/{row.slug}/draft"
    assert "11" in page.text
    assert "days left to comment" in page.text
    assert "Nobody has commented yet" in page.text
    assert "SHA-256 00000000…0000" in page.text


def test_reasons_are_public(app: Flask, make: Make, visit: Visit) -> None:
    row = make.consultation("open")
    organiser = make.staff(row, "organiser", "Olga Organiser")
    who = visit(organiser)
    who.open(f"/c/{row.slug}/manage")
    who.open(who.page.links()["Extend …"])
    later = row.closes_at + timedelta(days=5)
    who.press("Extend", closes_at=f"{later:%Y-%m-%dT%H:%M}", reason="", status=422)
    assert any("Write the reason" in e for e in who.page.errors())
    who.press("Extend", reason="Three bodies asked <b>for</b> more time.")
    assert "The closing time moved" in who.page.text
    who.open(who.page.links()["Pause …"])
    who.press("Pause", reason="The site was under water.")
    page = visit().open(f"/c/{row.slug}")
    assert "Paused for now" in page.text
    assert "The site was under water." in page.text
    page = visit().open(f"/c/{row.slug}/history")
    assert "Three bodies asked <b>for</b> more time." in page.text
    assert "by Olga Organiser" in page.text


def test_withdrawing_tells_everybody_why_and_stands_among_the_outcomes(make: Make, visit: Visit) -> None:
    row = make.consultation("open", comment_count=206)
    who = visit(make.staff(row, "organiser"))
    who.open(f"/c/{row.slug}/manage/steps/withdrawal")
    form = who.page.form("Withdraw")
    for _ in range(2):  # pressed twice
        who.send(form.action, form.fields | {"reason": ["Neither side could live with it."]})
    assert make.count(Transition) == 1
    page = visit().open(f"/c/{row.slug}")
    assert "was withdrawn" in page.text
    assert "Neither side could live with it." in page.text
    home = visit().open("/")
    assert "Withdrawn after 206 comments" in home.text
    assert "Neither side could live with it." in home.text


@pytest.mark.parametrize("noun", ["extension", "pause", "withdrawal"])
def test_a_moderator_cannot_take_an_organisers_step(noun: str, make: Make, visit: Visit) -> None:
    row = make.consultation("open")
    who = visit(make.staff(row, "moderator"))
    page = who.open(f"/c/{row.slug}/manage")
    assert "What you can do" not in page.text
    token = who.open("/appearance").form("Use this").fields["csrf_token"]
    page = who.send(
        f"/c/{row.slug}/manage/steps/{noun}",
        {"csrf_token": token, "reason": "x", "closes_at": "2099-01-01T00:00"}, status=403,
    )  # fmt: skip
    assert "Only its organisers can do this." in page.text


def test_those_who_only_take_part_are_told_so(make: Make, visit: Visit) -> None:
    row = make.consultation("open")
    for person in (make.person(), make.staff(row, "observer")):
        page = visit(person).open(f"/c/{row.slug}/manage", status=403)
        assert "Only the people who run this consultation" in page.text


@pytest.mark.parametrize("state", STATES)
def test_the_home_of_its_organisers_offers_what_is_possible(state: str, make: Make, visit: Visit) -> None:
    row = make.consultation(state)
    make.version(row)
    who = visit(make.staff(row, "organiser"))
    page = who.open(f"/c/{row.slug}/manage")
    offered = {text.removesuffix(" …") for text in page.links() if text.endswith(" …")}
    assert offered == {
        "draft": set(), "announced": {"Extend", "Withdraw"}, "open": {"Extend", "Pause", "Withdraw"},
        "paused": {"Extend", "Resume", "Withdraw"}, "analysis": {"Withdraw"}, "review": {"Withdraw"},
        "published": {"Adopt", "Archive", "Begin a new round", "Withdraw"}, "adopted": {"Archive"}, "withdrawn": {"Archive"}, "archived": set(),
    }[state]  # fmt: skip
    for text, address in page.links().items():
        if text.endswith(" …"):
            who.open(address)


def test_the_list_is_cut_into_pages_that_lead_forth_and_back(make: Make, visit: Visit) -> None:
    moment = clock.now() + timedelta(days=3)
    for n in range(45):
        make.consultation("open", title=f"Call {n:02d}", closes_at=moment + timedelta(hours=n // 2))
    reader = visit()
    seen: list[list[str]] = []
    page = reader.open("/consultations?state=open")
    for _ in range(3):
        seen.append([t for t in page.links() if t.startswith("Call")])
        if "Show more" in page.links():
            page = reader.open(page.links()["Show more"])
    assert [len(s) for s in seen] == [20, 20, 5]
    assert [title for part in seen for title in part] == [f"Call {n:02d}" for n in range(45)]
    page = reader.open(page.links()["Show earlier ones"])
    assert [t for t in page.links() if t.startswith("Call")] == seen[1]
    page = reader.open(page.links()["Show earlier ones"])
    assert [t for t in page.links() if t.startswith("Call")] == seen[0]
    assert "Show earlier ones" not in page.links()


@pytest.mark.parametrize("query", ["after=x", "after=W10", "before=WyJ4IiwxXQ", "after=WzEsMl0", "state=nothing", "q=%00",
                                   "q=%25_%5C", "topic=none", "organiser=%F0%9F%98%80", "after=" + "A" * 4000])  # fmt: skip
def test_an_address_somebody_meddled_with_is_a_list_still(query: str, make: Make, visit: Visit) -> None:
    make.consultation("open")
    visit().open(f"/consultations?{query}")


def test_filters_find_and_say_when_nothing_fits(make: Make, visit: Visit) -> None:
    first = _busy(make, 1)
    make.row(Topic(consultation_id=first.id, name="rare"))
    _busy(make, 2)
    _busy(make, 3, "analysis")
    reader = visit()
    assert "Call 2" not in reader.open("/consultations?topic=rare").links()
    assert "Call 1" in reader.open("/consultations?q=cALL+1").links()
    assert "Call 1" not in reader.open("/consultations?q=100%25").links()
    assert "Call 3" in reader.open("/consultations?state=answering").links()
    assert "Call 1" not in reader.open("/consultations?state=answering").links()
    page = reader.open("/consultations?state=coming")
    assert "Nothing is announced at the moment." in page.text
    assert "Nothing fits these filters." in reader.open("/consultations?q=zebra").text


def test_an_empty_house_says_so(visit: Visit) -> None:
    assert "There are no consultations yet." in visit().open("/consultations").text
    assert "Nothing is open for comments" in visit().open("/").text


def test_outcomes_stand_in_their_own_words(inside: Flask, make: Make) -> None:
    row = make.consultation("review", comment_count=312)
    moderator = make.actor(make.staff(row, "moderator"))
    operations.publish(actor=SYSTEM, consultation=row)
    operations.set_outcome_line(
        actor=moderator, consultation=row, headline="14 changes from 312 comments", line="Small projects are free."
    )
    (outcome,) = queries.recent_outcomes(viewer=VISITOR, limit=3)
    assert (outcome.headline, outcome.line) == ("14 changes from 312 comments", "Small projects are free.")


def test_open_now_is_what_takes_comments_now_soonest_first(inside: Flask, make: Make) -> None:
    moment = clock.now()
    make.consultation("open", slug="later", closes_at=moment + timedelta(days=9))
    make.consultation("open", slug="sooner", closes_at=moment + timedelta(days=2))
    make.consultation("open", slug="over", closes_at=moment - timedelta(seconds=1))
    make.consultation("paused", slug="paused")
    assert [row.slug for row in queries.open_now(viewer=VISITOR, limit=10)] == ["sooner", "later"]


@pytest.mark.parametrize(
    ("notice", "first"),
    [
        ("Demonstration. The text is real.", "Demonstration."),
        ("See [Act. 3](https://a.example/b.c). It is law.", "See [Act. 3](https://a.example/b.c)."),
        ("[Not a link. Two.", "[Not a link."),
        ("Only one sentence.", None),
        ("", None),
    ],
)
def test_the_notice_shows_its_first_sentence_and_cuts_no_link(notice: str, first: str | None) -> None:
    found = FIRST_SENTENCE.fullmatch(notice)
    assert (found[1] if found else None) == first
