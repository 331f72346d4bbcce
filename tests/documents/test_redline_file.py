"""The Word file of a comparison through HTTP: who gets it, what its comments say."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import update

from consult.consultations.models import Round
from consult.core.limits import limiter
from consult.documents.exporters.word_file import MEDIA_TYPE
from consult.documents.importers import read
from tests.make import Make
from tests.outcomes.test_causes import Changed
from tests.visitor import Visitor

from .test_compare import FIRST, SECOND, bring, statements_of
from .word_reader import W, blocks, part

Visit = Callable[..., Visitor]


@pytest.fixture
def changed(app: Flask, make: Make) -> Changed:
    return Changed(app, make)


def fetch(visitor: Visitor, changed: Changed, query: str = "", status: int = 200) -> bytes:
    answer = visitor.client.get(f"{changed.address}/redline.docx{query}")
    assert answer.status_code == status
    return bytes(answer.data)


def remarks(data: bytes) -> list[str]:
    """The Word comments, each as one line."""
    return [" | ".join("".join(p.itertext()) for p in comment) for comment in part(data, "word/comments.xml")]


def test_the_page_leads_to_a_file_that_is_both_versions(changed: Changed, visit: Visit) -> None:
    visitor = visit()
    address = visitor.open(changed.address).links()["Word file with tracked changes"]
    answer = visitor.client.get(address)
    assert answer.headers["Content-Type"] == MEDIA_TYPE
    assert f"{changed.consultation.slug}-draft-1-to-2.docx" in answer.headers["Content-Disposition"]
    for is_accepted, text in ((True, SECOND), (False, FIRST)):
        assert [b.text for b in blocks(answer.data, is_accepted=is_accepted)] == [u.text for u in read(text).units]
    header = "".join(part(answer.data, "word/header1.xml").itertext())
    assert f"http://localhost{changed.address}?from=1&to=2" in header
    assert header.count("SHA-256") == 2


def test_the_same_twice_and_kept_by_the_browser(changed: Changed, visit: Visit) -> None:
    client = visit().client
    one, other = (client.get(f"{changed.address}/redline.docx") for _ in range(2))
    assert one.data == other.data
    kept = client.get(f"{changed.address}/redline.docx", headers={"If-None-Match": one.headers["ETag"]})
    assert kept.status_code == 304


def test_changes_carry_the_comments_beside_them(changed: Changed, visit: Visit) -> None:
    changed.accepted("ACME-012", "2-p1", "Fixed in pull request 7")
    changed.accepted("P0004-001", "2")
    said = remarks(fetch(visit(), changed))
    edited = next(words for words in said if words.startswith("Technical"))
    assert "Accepted comments on this clause: ACME-012" in edited
    assert "accepted, “Fixed in pull request 7”." in edited
    assert "Accepted comments on the section 2: P0004-001" in edited
    assert sum("ACME-012" in words for words in said) == 1
    assert any(words.startswith("Moved from 1, paragraph 2") for words in said)


@pytest.mark.parametrize("state", ["hidden", "withdrawn", "told later"])
def test_what_may_not_be_read_is_not_in_the_file(changed: Changed, visit: Visit, state: str) -> None:
    is_later = state == "told later"
    changed.accepted("ACME-012", "2-p1", "Fixed", state="posted" if is_later else state)
    if is_later:
        changed.set(Round, Round.consultation_id, published_at=None)
        with changed.make.writing() as session:
            session.execute(update(type(changed.consultation)).values(state="analysis"))
    data = fetch(visit(), changed)
    assert not any("ACME-012" in words or "ccepted" in words for words in remarks(data))
    assert "ACME-012" not in "".join(part(data, "word/document.xml").itertext())


@pytest.mark.parametrize(
    ("query", "status"), [("?to=1", 404), ("?from=1&to=9", 404), ("?from=2&to=1", 200), ("?to=%00", 404)]
)
def test_only_versions_that_are_there(changed: Changed, visit: Visit, query: str, status: int) -> None:
    fetch(visit(), changed, query, status)


def test_a_version_that_is_not_public_is_for_the_staff(app: Flask, make: Make, visit: Visit) -> None:
    changed = Changed(app, make, texts=(FIRST,))
    fetch(visit(), changed, status=404)
    with app.app_context():
        bring(changed.consultation, SECOND, is_public=False)
    fetch(visit(), changed, status=404)
    fetch(visit(), changed, "?from=1&to=2", status=404)
    fetch(visit(make.staff(changed.consultation, "editor")), changed)


def test_many_comments_cost_what_one_costs(app: Flask, make: Make, visit: Visit) -> None:
    costs = []
    for count in (1, 15):
        changed = Changed(app, make)
        for n in range(count):
            changed.accepted(f"P{n:04d}-001", "2-p1")
            changed.accepted(f"P{n:04d}-002", "2")
        visitor = visit()
        fetch(visitor, changed)
        costs.append(statements_of(app, visitor, f"{changed.address}/redline.docx")[1])
    assert costs[0] == costs[1]


def test_nobody_asks_for_it_without_end(changed: Changed, visit: Visit) -> None:
    assert limiter.enabled
    client = visit().client
    statuses = [client.get(f"{changed.address}/redline.docx?to=1").status_code for _ in range(61)]
    assert statuses == [404] * 60 + [429]
    assert client.get(changed.address).status_code == 200


def test_every_paragraph_stands_under_a_style_that_is_there(changed: Changed, visit: Visit) -> None:
    data = fetch(visit(), changed)
    styles = {style.get(f"{W}styleId") for style in part(data, "word/styles.xml").iter(f"{W}style")}
    used = {e.get(f"{W}val") for e in part(data, "word/document.xml").iter(f"{W}pStyle", f"{W}rStyle", f"{W}tblStyle")}
    assert used <= styles
