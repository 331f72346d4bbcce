"""The reading room over HTTP: the text, its margin, the letters beside it, and who may write."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from consult.consultations.models import Consultation
from consult.core import clock, ids
from consult.core.db import db, write_transaction
from consult.debate import operations
from consult.debate.models import Comment
from consult.documents.models import Clause, ClauseTally, DraftVersion, ReadingPage
from tests.listening import listening
from tests.make import Make
from tests.visitor import Page, Visitor, words

Visit = Callable[..., Visitor]


def say(
    make: Make, consultation: Consultation, *clauses: Clause, positions: tuple[str, ...] = ("safety",),
    body: str = "This is too long.",
) -> Comment:  # fmt: skip
    """A comment written as people write it, so that the counters follow."""
    author = make.actor(make.person())
    with make.app.app_context():
        version = db.session.get(DraftVersion, clauses[0].version_id)
        comment = operations.post_comment(
            actor=author, consultation=db.session.get(Consultation, consultation.id), version=version,
            clauses=[db.session.get(Clause, clause.id) for clause in clauses], body=body,
            positions=frozenset(positions), stance="object", type="general", key=make.key(),
        )  # fmt: skip
        db.session.expunge_all()
        return comment


def marks(page: Page) -> dict[str, str]:
    """Clause key → what its margin mark says, as a screen reader hears it."""
    assert page.tree is not None
    return {
        a.get("data-open", ""): words(a) for a in page.tree.iter("a") if "when-wide" in (a.get("class") or "").split()
    }


def address(consultation: Consultation, rest: str = "v1/1") -> str:
    return f"/c/{consultation.slug}/{rest}"


def test_reading_begins_with_the_version_that_was_put_to_comment(make: Make, visit: Visit) -> None:
    consultation = make.consultation()
    make.version(consultation, texts=("Old words.",))
    make.version(consultation, texts=("New words.",))
    page = visit().open(address(consultation, "draft"))
    assert page.url == address(consultation)
    assert "Old words." in page.text
    newer = visit().open(page.links()["draft 2"])
    assert newer.url == address(consultation, "v2/1")
    assert "New words." in newer.text
    assert newer.links()["draft 1"] == address(consultation, "draft?version=1")


def test_reading_begins_with_the_newest_version_when_none_was_put_to_comment(make: Make, visit: Visit) -> None:
    consultation = make.consultation()
    make.version(consultation, round_id=None)
    make.version(consultation, round_id=None)
    assert visit().open(address(consultation, "draft")).url == address(consultation, "v2/1")


def test_the_margin_says_how_many_spoke_and_what_they_argue_from(make: Make, visit: Visit) -> None:
    consultation = make.consultation()
    _heading, first, second = make.clauses(make.version(consultation))
    say(make, consultation, first)
    say(make, consultation, first, second, positions=("profit", "access"))
    page = visit().open(address(consultation))
    said = marks(page)
    assert said["1-1"] == "2 comments on 1.1: safety 1, profit 1, access 1"
    assert said["1-2"] == "1 comment on 1.2: profit 1, access 1"
    assert said["1"] == "Comment on 1: none yet"


def test_large_numbers_are_parted_where_they_stand_alone(make: Make, visit: Visit) -> None:
    consultation = make.consultation()
    first = make.clauses(make.version(consultation))[1]
    say(make, consultation, first)
    with make.app.app_context(), write_transaction() as session:
        session.execute(update(Clause).where(Clause.id == first.id).values(comment_count=12_345))
        session.execute(update(ClauseTally).where(ClauseTally.clause_id == first.id).values(count=6_789))
    page = visit().open(address(consultation))
    assert marks(page)["1-1"] == "12,345 comments on 1.1: safety 6,789"
    assert "<b>12,345</b>" in page.body
    assert "6,789</i>" in page.body


def test_what_is_hidden_or_withdrawn_is_not_counted(make: Make, visit: Visit) -> None:
    consultation = make.consultation()
    _heading, first, _second = make.clauses(make.version(consultation))
    kept, hidden = say(make, consultation, first), say(make, consultation, first, body="Buy my secret pills.")
    moderator = make.actor(make.staff(consultation, "moderator"))
    with make.app.app_context():
        operations.hide(actor=moderator, thing=db.session.get(Comment, hidden.id), reason="Advertising.")
    page = visit().open(address(consultation, "v1/1?at=1-1"))
    assert marks(page)["1-1"] == "1 comment on 1.1: safety 1"
    assert "pills" not in page.body
    assert kept.number in page.text
    assert "Advertising." in page.text


def test_a_clause_opens_beside_the_text(make: Make, visit: Visit) -> None:
    consultation = make.consultation()
    _heading, first, _second = make.clauses(make.version(consultation))
    say(make, consultation, first, body="Nobody can publish this in a day.")
    closed = visit().open(address(consultation))
    assert "Nobody can publish this in a day." not in closed.text
    page = visit().open(address(consultation, "v1/1?at=1-1"))
    assert "1 comment on 1.1" in page.text
    assert "Nobody can publish this in a day." in page.text
    assert "Small providers may publish it later." in page.text  # the text below stays where it was
    assert page.links()["Close the comments on 1.1"] == address(consultation, "v1/1#c-1-1")


@pytest.mark.parametrize(
    "rest",
    ["v1/nothing", "v2/1", "v1/1?at=nothing", "v1/1?at=%00", "v1/clauses/nothing", "v2/clauses/1-1", "v9/print", "v1/clauses/%00", "v1/%00", f"v{9**30}/1",
     "v1/" + "x" * 3000, "v1/1?at=" + "é" * 2000],
)  # fmt: skip
def test_what_is_not_there_is_a_404(make: Make, visit: Visit, rest: str) -> None:
    consultation = make.consultation()
    make.version(consultation)
    visit().open(address(consultation, rest), status=404)


@pytest.mark.parametrize("rest", ["draft", "v1/1", "v1/clauses/1-1", "v1/print"])
def test_an_unannounced_draft_is_for_its_staff_only(make: Make, visit: Visit, rest: str) -> None:
    consultation = make.consultation("draft")
    make.version(consultation)
    visit().open(address(consultation, rest), status=404)
    visit(make.person()).open(address(consultation, rest), status=404)
    assert "publish a summary" in visit(make.staff(consultation, "editor")).open(address(consultation, rest)).text


def test_a_consultation_without_a_text_has_nothing_to_read(make: Make, visit: Visit) -> None:
    visit().open(address(make.consultation(), "draft"), status=404)


def test_one_comments_at_the_clause_and_is_back_there(make: Make, visit: Visit) -> None:
    consultation = make.consultation()
    make.version(consultation)
    browser = visit(make.person("Ada Lovelace"))
    page = browser.open(address(consultation, "v1/1?at=1-1"))
    browser.open(address(consultation, "v1/1" + page.links()["Comment on 1.1"]))
    page = browser.press("Post comment", body="A summary of what?", stance="question", positions="access")
    assert page.url.startswith(address(consultation, "v1/1?"))
    assert "A summary of what?" in page.text
    assert "Your comment is public as" in page.text
    assert marks(page)["1-1"] == "1 comment on 1.1: access 1"


def test_one_comments_on_the_clauses_own_page_and_stays_there(make: Make, visit: Visit) -> None:
    consultation = make.consultation()
    make.version(consultation)
    browser = visit(make.person("Ada Lovelace"))
    browser.open(address(consultation, "v1/clauses/1-1?write=1"))
    page = browser.press("Post comment", body="A summary of what?", stance="question", positions="access")
    assert page.url.startswith(address(consultation, "v1/clauses/1-1?"))
    assert "A summary of what?" in page.text


def test_a_comment_that_says_nothing_keeps_its_place_and_what_was_chosen(make: Make, visit: Visit) -> None:
    consultation = make.consultation()
    make.version(consultation)
    browser = visit(make.person())
    browser.open(address(consultation, "v1/1?at=1-1&write=1"))
    page = browser.press("Post comment", body=" ", stance="object", positions="safety", status=422)
    assert page.errors()
    page = browser.press("Post comment", body="Now with words.")
    assert page.url.startswith(address(consultation, "v1/1?"))  # the way back survives a mistake


@pytest.mark.parametrize(("rest", "back"), [("v1/1?at=1-1", "v1/1?at=1-1"), ("v1/clauses/1-1", "v1/clauses/1-1?")])
def test_a_stranger_is_led_through_sign_in_back_to_the_clause(make: Make, visit: Visit, rest: str, back: str) -> None:
    consultation = make.consultation()
    make.version(consultation)
    page = visit().open(address(consultation, f"{rest}{'&' if '?' in rest else '?'}write=1"))
    assert not [form for form in page.forms if form.method == "post"]
    asked = page.links()["Sign in to comment"]
    assert asked.startswith("/sign-in?next=")
    assert ids.slug(address(consultation, back)) in ids.slug(asked.replace("%2F", "/").replace("%3D", "="))
    assert "write%3D1" in asked


@pytest.mark.parametrize(
    ("state", "sentence"),
    [("announced", "not open yet"), ("paused", "paused"), ("analysis", "Comments are closed"), ("published", "closed")],
)
def test_where_nobody_can_write_it_says_why(make: Make, visit: Visit, state: str, sentence: str) -> None:
    consultation = make.consultation(state)
    make.version(consultation)
    for browser in (visit(), visit(make.person())):
        for rest in ("v1/1?at=1-1&write=1", "v1/clauses/1-1?write=1"):
            page = browser.open(address(consultation, rest))
            assert sentence in page.text
            assert "Post comment" not in page.body
    assert sentence in visit().open(address(consultation)).text


def test_the_clauses_page_shows_where_it_hangs_and_its_neighbours(make: Make, visit: Visit) -> None:
    consultation = make.consultation()
    _heading, first, second = make.clauses(make.version(consultation))
    say(make, consultation, second)
    page = visit().open(address(consultation, "v1/clauses/1-1"))
    assert page.heading == "1.1"
    assert "Scope" in page.text
    assert page.links()["Next: 1.2, 1 comment"] == address(consultation, "v1/clauses/1-2")
    assert page.links()["Before: 1, none yet"] == address(consultation, "v1/clauses/1")
    assert page.links()["Back to the text"] == address(consultation, "v1/1#c-1-1")
    assert first.text in page.text


def test_the_longest_way_leads_through_all_pages(make: Make, visit: Visit) -> None:
    consultation = make.consultation()
    version = make.version(consultation, frozen_at=None)
    with make.writing() as session:
        for rank in (1, 2):
            page = ReadingPage(version_id=version.id, key=f"p{rank}", rank=rank, label=f"{rank + 1}", title="More")
            session.add(page)
            session.flush()
            session.add(
                Clause(
                    version_id=version.id, page_id=page.id, lineage_id=ids.new_key(), key=f"p{rank}", kind="clause",
                    label=f"{rank + 1}", own_label=f"{rank + 1}", title="More", text="More", html="More",
                    rank=100 + rank, depth=0, is_heading=True,
                )
            )  # fmt: skip
        session.flush()
        session.get(DraftVersion, version.id).frozen_at = clock.now()
    browser = visit()
    page = browser.open(address(consultation, "draft"))
    assert "Page 1 of 3" in page.text
    page = browser.open(page.links()["Read on: 2 More"])
    assert "Page 2 of 3" in page.text
    assert page.tree is not None
    current = [
        words(a) for a in page.tree.iter("a") if a.get("aria-current") == "page" and a.get("href") != "/consultations"
    ]
    assert current == ["2More"]
    page = browser.open(page.links()["Read on: 3 More"])
    assert "Read on" not in page.text
    assert page.links()["Before: 2 More"] == address(consultation, "v1/p1")


def test_a_page_costs_the_same_for_any_number_of_clauses_and_comments(app: Flask, make: Make, visit: Visit) -> None:
    small, large = make.consultation(), make.consultation()
    first = make.clauses(make.version(small, texts=("One clause.",)))[1]
    many = make.clauses(make.version(large, texts=tuple(f"Clause {n}." for n in range(40))))
    say(make, small, first)
    for _ in range(20):
        say(make, large, many[1], positions=("safety", "profit"))
    for clause in many[2:12]:
        say(make, large, clause)
    for rest in ("v1/1", "v1/1?at=1-1", "v1/clauses/1-1", "v1/print"):
        numbers = []
        for consultation in (small, large):
            with listening(app) as statements:
                visit().open(address(consultation, rest))
            numbers.append(len(statements))
        assert numbers[0] == numbers[1], rest
        assert numbers[0] <= 18, rest


@pytest.mark.parametrize("rest", ["v1/1", "v1/1?at=1-1", "v1/clauses/1-1", "v1/print"])
def test_a_strangers_browser_keeps_a_page_until_something_on_it_changes(make: Make, visit: Visit, rest: str) -> None:
    consultation = make.consultation()
    _heading, first, _second = make.clauses(make.version(consultation))
    comment = say(make, consultation, first)
    browser = visit().client
    there = address(consultation, rest)

    def is_kept(tag: str, **headers: str) -> bool:
        answer = browser.get(there, headers={"If-None-Match": tag, **headers})
        assert answer.status_code in (200, 304)
        assert not answer.headers.getlist("Set-Cookie")
        return answer.status_code == 304

    tag = browser.get(there).headers["ETag"]
    assert is_kept(tag)
    assert is_kept(tag, **{"Accept-Encoding": "gzip"})
    assert not is_kept('W/"another"')
    has_comments = rest != "v1/print"  # what one prints is the draft
    say(make, consultation, first)
    assert is_kept(tag) is not has_comments
    tag = browser.get(there).headers["ETag"]
    moderator = make.actor(make.staff(consultation, "moderator"))
    with make.app.app_context():
        operations.hide(actor=moderator, thing=db.session.get(Comment, comment.id), reason="Advertising.")
    assert is_kept(tag) is not has_comments
    tag = browser.get(there).headers["ETag"]
    browser.set_cookie("consult-theme", "dark")
    assert not is_kept(tag)
    browser.delete_cookie("consult-theme")
    with make.writing() as session:
        session.get(Consultation, consultation.id).state = "paused"
    assert not is_kept(tag)


def test_the_clock_closes_a_kept_page(make: Make, visit: Visit) -> None:
    consultation = make.consultation()
    make.version(consultation)
    browser = visit().client
    tag = browser.get(address(consultation)).headers["ETag"]
    with clock.shifted(timedelta(days=31)):
        answer = browser.get(address(consultation), headers={"If-None-Match": tag})
    assert answer.status_code == 200


def test_a_signed_in_persons_page_is_never_kept(make: Make, visit: Visit) -> None:
    consultation = make.consultation()
    make.version(consultation)
    answer = visit(make.person()).client.get(address(consultation))
    assert "ETag" not in answer.headers
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_the_sheet_for_paper_has_everything(make: Make, visit: Visit) -> None:
    consultation = make.consultation()
    version = make.version(consultation)
    page = visit().open(address(consultation, "v1/print"))
    assert all(clause.text in page.text for clause in make.clauses(version))
    assert version.sha256 in page.text
    file = visit().client.get(page.links()["Download the file"])
    assert file.status_code == 200


def test_an_import_may_say_nothing_of_positions(make: Make, visit: Visit) -> None:
    consultation = make.consultation()
    _heading, first, _second = make.clauses(make.version(consultation))
    with make.writing() as session:
        session.get(Clause, first.id).comment_count = 2
    assert marks(visit().open(address(consultation)))["1-1"] == "2 comments on 1.1"
