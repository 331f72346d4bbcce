"""The guide, questions with answers, and terms are found; by nobody who may not see the consultation."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from consult.core.db import db
from consult.core.rules import SYSTEM, VISITOR
from consult.learning import operations as learning
from consult.learning.models import Term
from consult.search import operations, queries
from consult.search.models import SearchRow
from consult.search.rebuilding import rebuild
from tests.learning.conftest import Class
from tests.make import Make
from tests.visitor import Visitor

Visit = Callable[..., Visitor]


def found(viewer: object, words: str, *kinds: str) -> list[tuple[str, str, str]]:
    page = queries.search(viewer=viewer, filters=queries.Filters(typed=words, kinds=frozenset(kinds)))  # type: ignore[arg-type]
    return [(hit.kind, "".join(part.text for part in hit.title), hit.anchor) for hit in page.hits]


def teach(taught: Class) -> Term:
    values = {"actor": taught.actor("editor"), "consultation": taught.consultation()}
    learning.write_guide(**values, text="# Whom\n\nThe lighthouse keeper.", seen=0)
    learning.add_question(**values, question="Why a lighthouse?", answer="Because of ships.")
    return taught.term("beacon", variants="beacons", explanation="What a lighthouse shows.")


def test_what_explains_is_found_where_it_stands(inside: Flask, make: Make) -> None:
    taught = Class(make)
    term = teach(taught)
    hits = found(VISITOR, "lighthouse")
    assert [(kind, title) for kind, title, _ in hits] == [
        ("question", "Why a lighthouse?"), ("term", "beacon"), ("guide", "Guide"),
    ]  # fmt: skip
    assert [anchor for _, _, anchor in hits][1:] == ["term-beacon", "about"]
    assert [kind for kind, *_ in found(VISITOR, "beacons")] == ["term"]
    assert [kind for kind, *_ in found(VISITOR, "lighthouse", "guide")] == ["guide"]
    taught.term("scope")
    operations.index_draft(actor=SYSTEM, consultation_id=taught.row.id)
    assert [kind for kind, *_ in found(VISITOR, "scope")] == ["term", "clause"], "what it means comes first"
    values = {"actor": taught.actor("editor"), "consultation": taught.consultation(), "term_id": term.id}
    learning.edit_term(**values, name="beacon", explanation="A fire.", seen=0)
    assert [kind for kind, *_ in found(VISITOR, "lighthouse")] == ["question", "guide"]
    learning.remove_term(**values)
    assert found(VISITOR, "beacon") == []


def test_the_guide_of_a_draft_is_found_by_its_people_only(inside: Flask, make: Make) -> None:
    taught = Class(make, state="draft")
    teach(taught)
    assert found(VISITOR, "lighthouse") == found(taught.actor("reader"), "lighthouse") == []
    assert len(found(taught.actor("organiser"), "lighthouse")) == 3


def test_a_rebuild_makes_the_same_rows(inside: Flask, make: Make) -> None:
    taught = Class(make)
    teach(taught)
    columns = (SearchRow.kind, SearchRow.learning_id, SearchRow.title, SearchRow.words, SearchRow.place)
    rows = select(*columns).where(SearchRow.learning_id.is_not(None)).order_by(SearchRow.kind)
    before = db.session.execute(rows).all()
    assert len(before) == 3
    rebuild(taught.consultation())
    assert db.session.execute(rows).all() == before


def test_a_hit_leads_to_the_guide(make: Make, app: Flask, visit: Visit) -> None:
    taught = Class(make)
    with app.app_context():
        teach(taught)
        db.session.remove()
    page = visit().open("/c/taught/search?q=beacon")
    assert page.links()["beacon"] == "/c/taught/guide#term-beacon"
    assert "Word explained" in page.text
