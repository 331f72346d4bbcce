"""Terms where they occur in the draft: on reading pages, on the page of a clause, and on paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree.ElementTree import Element

import pytest
from flask import Flask

from consult.core.db import db
from consult.debate import operations as debate
from consult.debate.passages import Span
from consult.documents.parsed import words_of
from consult.learning import operations
from consult.learning.models import Term
from tests.listening import listening
from tests.visitor import Page, Visitor, words

from .conftest import TEXTS, Class

Visit = Callable[..., Visitor]
READ, CLAUSE, PAPER = "/c/taught/v1/1", "/c/taught/v1/clauses/1-1", "/c/taught/v1/print"


@pytest.fixture
def worded(taught: Class, app: Flask) -> Class:
    """With three terms, one of them in two forms, one with a longer one around it."""
    with app.app_context():
        taught.term("provider", explanation="Who makes a **system**.", variants="providers")
        taught.term("AI system", explanation="A machine that infers.")
        taught.term("system", explanation="Anything.", variants="systems")
        db.session.remove()
    return taught


def marked(page: Page) -> list[str]:
    assert page.tree is not None
    return [words(a) for a in page.tree.iter("a") if a.get("class") == "term"]


def boxes(page: Page) -> list[Element]:
    assert page.tree is not None
    return [e for e in page.tree.iter("details") if e.get("class") == "meanings"]


def test_the_first_of_each_term_in_each_clause_is_marked(worded: Class, visit: Visit) -> None:
    page = visit().open(READ)
    assert marked(page) == ["Provider", "AI system", "systems", "AI system"]
    assert [[words(dt) for dt in box.iter("dt")] for box in boxes(page)] == [
        ["provider", "AI system", "system"],
        ["AI system"],
    ]
    assert "Who makes a system." in page.text
    assert '<dd class="said"><p>Who makes a <strong>system</strong>.</p>' in page.body


def test_every_mark_leads_to_its_explanation_outside_of_the_text(worded: Class, visit: Visit) -> None:
    for address in (READ, CLAUSE):
        page = visit().open(address)
        assert page.tree is not None
        ids = {e.get("id"): e for e in page.tree.iter() if e.get("id")}
        inside = [e for root in page.tree.iter() if root.get("data-words") for e in root.iter()]
        for link in (a for a in page.tree.iter("a") if a.get("class") == "term"):
            target = ids[link.get("href", "").removeprefix("#")]
            assert target.tag == "div"
            assert target not in inside


def test_the_words_of_the_clause_stay_as_they_are_kept(worded: Class, visit: Visit) -> None:
    page = visit().open(READ)
    for nth, text in enumerate(TEXTS, start=1):
        html = re.search(rf'data-words="1-{nth}">(.*?)</div>', page.body, re.DOTALL)
        assert html is not None
        assert words_of(html[1]) == text


def test_the_page_of_a_clause_explains_its_terms(worded: Class, visit: Visit) -> None:
    page = visit().open(CLAUSE)
    assert marked(page) == ["Provider", "AI system", "systems"]
    assert len(boxes(page)) == 1


def test_on_paper_each_term_is_explained_once_at_the_end(worded: Class, visit: Visit) -> None:
    page = visit().open(PAPER)
    assert marked(page) == ["Provider", "AI system", "systems", "AI system"]
    assert page.body.count("A machine that infers.") == 1
    assert "not part of the draft" in page.text
    assert 'href="#term-ai-system"' in page.body
    assert 'id="term-ai-system"' in page.body


def test_words_that_comments_quote_are_not_marked_twice(worded: Class, visit: Visit, app: Flask) -> None:
    with app.app_context():
        version, clause = worded.version, worded.make.clauses(worded.version)[1]
        debate.post_comment(
            actor=worded.actor("reader"), consultation=worded.consultation(), version=version, clauses=[clause],
            body="Who?", positions={"safety"}, stance="object", type="general", passages=[Span("1-1", 4, 12)],
        )  # fmt: skip
        db.session.remove()
    page = visit().open(READ)
    assert ">Provider</a>" in page.body
    assert marked(page) == ["AI system", "providers", "systems", "AI system"], "the next free place takes the mark"


def test_a_heading_takes_no_mark(worded: Class, visit: Visit, app: Flask) -> None:
    with app.app_context():
        worded.term("scope")
        db.session.remove()
    assert "scope" not in [word.lower() for word in marked(visit().open(READ))]


def test_without_terms_nothing_is_added(taught: Class, visit: Visit) -> None:
    for address in (READ, CLAUSE, PAPER):
        page = visit().open(address)
        assert marked(page) == []
        assert "Words explained" not in page.text


@pytest.mark.parametrize("address", [READ, CLAUSE, PAPER])
def test_a_change_of_a_term_renews_kept_pages_at_once(worded: Class, app: Flask, visit: Visit, address: str) -> None:
    client = visit().client
    tag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    with app.app_context():
        row = db.session.query(Term).filter_by(name="provider").one()
        operations.edit_term(
            actor=worded.actor("editor"), consultation=worded.consultation(), term_id=row.id, name="provider",
            explanation="Quite another thing.", seen=0,
        )  # fmt: skip
        db.session.remove()
    answer = client.get(address, headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert "Quite another thing." in answer.text
    with app.app_context():
        operations.remove_term(actor=worded.actor("editor"), consultation=worded.consultation(), term_id=row.id)
        db.session.remove()
    assert "Quite another thing." not in client.get(address, headers={"If-None-Match": answer.headers["ETag"]}).text


def test_a_page_costs_the_same_with_many_terms(taught: Class, app: Flask, visit: Visit) -> None:
    visit().open(READ)
    with listening(app) as few:
        visit().open(READ)
    with app.app_context():
        for name in ("provider", "AI system", "deployer", *(f"word{n}" for n in range(17))):
            taught.term(name)
        db.session.remove()
    with listening(app) as many:
        visit().open(READ)
    assert len(few) == len(many)


def test_a_term_of_another_consultation_is_not_marked(taught: Class, app: Flask, visit: Visit) -> None:
    other = taught.make.consultation(slug="other")
    taught.make.version(other, TEXTS)
    with app.app_context():
        taught.term("provider")
        db.session.remove()
    assert marked(visit().open("/c/other/v1/1")) == []
