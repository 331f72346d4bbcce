"""What was adopted is found by its title, its scope and its clauses, at the address that stays, with how it stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import select

from consult.accounts.models import Person
from consult.consultations.models import Consultation
from consult.core.db import db
from consult.core.rules import SYSTEM
from consult.outcomes import operations as outcomes
from consult.outcomes import queries as library
from consult.search.models import SearchRow
from consult.search.rebuilding import rebuild
from tests.make import Make
from tests.visitor import Visitor

Visit = Callable[..., Visitor]


def adopt(make: Make, organiser: Person, texts: tuple[str, ...], **terms: Any) -> None:
    """A consultation on two drafts, whose second one is adopted; only the first was put to comment."""
    row = make.consultation("published", summary="About *lighthouses*.", scope="Not for buoys.")
    make.role(organiser, row, "organiser")
    first = make.version(row, ("Words that were given up.",))
    second = make.version(row, texts, supersedes_id=first.id, round_id=None)
    with make.app.app_context():
        outcomes.adopt(
            actor=make.actor(organiser), consultation=db.session.get_one(Consultation, row.id), seen=second.id,
            terms=outcomes.Terms(**{"title": "Beacons at sea", "designation": "AFT 7", "bodies": "Guild of Keepers"} | terms),
        )  # fmt: skip
        db.session.remove()


def test_it_is_found_everywhere_where_it_stays_and_says_how_it_stands(make: Make, app: Flask, visit: Visit) -> None:
    organiser, reader = make.person("Olu Organiser"), visit()
    adopt(make, organiser, ("A foghorn sounds twice.",))
    for words in ("beacons", "AFT 7", "aft7", "lighthouses", "buoys", "keepers", '"beacons at sea version 1"'):
        page = reader.open(f"/search?q={words}")
        assert page.links()["AFT 7: Beacons at sea"] == "/standards/aft-7/1", words
        assert "http://localhost/standards/aft-7/1" in page.text
    page = reader.open("/search?q=foghorn")
    address, _, anchor = page.links()["1.1"].partition("#")
    assert address == "/standards/aft-7/1/text"
    assert f'id="{anchor}"' in reader.open(address).body
    assert "Text of the standard AFT 7" in page.text
    assert "Nothing was found" in reader.open('/search?q="given up"').text, "the drafts before are the history"
    assert "Replaced" not in page.text

    adopt(make, organiser, ("A siren sounds once.",), revises="aft-7")
    assert "Replaced by version 2" in reader.open("/search?q=foghorn").text
    assert "Replaced" not in reader.open("/search?q=siren").text
    with app.app_context():
        version = library.standard_page(viewer=SYSTEM, slug="aft-7").version
        outcomes.review(actor=make.actor(organiser), version=version, decision="withdraw", reason="No more ships.")
        db.session.remove()
    assert reader.open("/search?q=siren").text.count("Withdrawn") == 1
    assert "Withdrawn" in reader.open("/search?q=beacons&kind=standard").text


def test_a_rebuild_makes_the_same_rows(make: Make, app: Flask) -> None:
    adopt(make, make.person("Olu Organiser"), ("A foghorn sounds twice.",))
    columns = (SearchRow.kind, SearchRow.standard_version_id, SearchRow.clause_id, SearchRow.title, SearchRow.words)
    rows = select(*columns).order_by(SearchRow.kind, SearchRow.clause_id)
    with app.app_context():
        before = db.session.execute(rows).all()
        assert {row.kind for row in before} == {"standard", "clause"}
        rebuild(db.session.scalars(select(Consultation)).one())
        assert db.session.execute(rows).all() == before
        db.session.remove()
