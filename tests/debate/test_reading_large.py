"""The reading room with real and very large texts: everything is there, and every page stays light."""

from __future__ import annotations

import re
from pathlib import Path

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from consult.accounts.models import Organisation
from consult.consultations.models import Consultation, Round
from consult.core.db import db
from consult.core.rules import SYSTEM
from consult.debate.models import BodyTally
from consult.documents import operations as documents
from consult.documents.importers import eu_act, markdown
from consult.documents.models import Clause
from consult.documents.parsed import ParsedDraft
from tests.make import Make

LIGHT = 150_000  # bytes over the wire for the first view of a page, all included
ACT = Path("consult/demo/data/eu-ai-act/ai_act_full.md")


def opened(make: Make, parsed: ParsedDraft) -> Consultation:
    """An open consultation on this text."""
    consultation = make.consultation("draft")
    with make.app.app_context():
        row = db.session.get(Consultation, consultation.id)
        version = documents.import_version(
            actor=SYSTEM, consultation=row, parsed=parsed, source_name="draft.md", source=b"as it came"
        )
        documents.freeze_version(actor=SYSTEM, version=version)
    with make.writing() as session:
        session.get(Consultation, consultation.id).state = "open"
    return consultation


def wire(client: FlaskClient, address: str) -> tuple[str, int]:
    """The page, and how many bytes travel for it and everything it loads at first."""
    page = client.get(address, headers={"Accept-Encoding": "br"})
    assert page.status_code == 200, address
    html = brotli.decompress(page.data).decode()
    total = len(page.data)
    files = set(re.findall(r'(?:href|src)="(/assets/[^"]+)"', html))
    main = next(file for file in files if file.endswith("js/main.js"))
    for names in re.findall(r'data-behaviour="([^"]+)"', html):
        files |= {main.replace("main.js", f"behaviours/{name}.js") for name in names.split()}
    for file in files:
        answer = client.get(file, headers={"Accept-Encoding": "br"})
        assert answer.status_code == 200, file
        total += len(answer.data)
    return html, total


def test_the_whole_ai_act_is_there_on_light_pages(app: Flask, make: Make) -> None:
    consultation = opened(make, eu_act.parse(ACT.read_text("utf-8")))
    client = app.test_client()
    address = client.get(f"/c/{consultation.slug}/draft").headers["Location"]
    shown, heaviest, pages = set(), 0, 0
    while address:
        html, weight = wire(client, address)
        shown |= set(re.findall(r'id="c-([^"]+)"', html))
        heaviest, pages = max(heaviest, weight), pages + 1
        onward = re.search(r'<link rel="next" href="([^"]+)"', html)
        address = onward[1] if onward else ""
    with app.app_context():
        keys = set(db.session.scalars(db.select(Clause.key)))
    assert shown == keys
    assert {f"article-{n}" for n in range(1, 114)} | {f"recital-{n}" for n in range(1, 181)} <= shown
    assert pages > 30
    _sheet, weight = wire(client, f"/c/{consultation.slug}/v1/print")
    heaviest = max(heaviest, weight)
    assert heaviest <= LIGHT


@pytest.mark.parametrize("level", ["#", "##"])
def test_very_many_headings_do_not_make_a_heavy_page(app: Flask, make: Make, level: str) -> None:
    source = "# Standard\n\n" + "\n\n".join(f"{level} Heading {n}\n\nWords of {n}." for n in range(2500))
    consultation = opened(make, markdown.parse(source))
    client = app.test_client()
    html, weight = wire(client, client.get(f"/c/{consultation.slug}/draft").headers["Location"])
    assert weight <= LIGHT
    assert "very many headings" in html
    assert len(html) < 500_000


def test_of_very_many_clauses_those_with_most_comments_and_the_chosen_one_can_be_chosen(app: Flask, make: Make) -> None:
    source = "# Standard\n\n" + "\n\n".join(f"## {n} Heading\n\nWords of {n}." for n in range(1, 231))
    consultation = opened(make, markdown.parse(source))
    with make.writing() as session:
        for row in session.scalars(select(Clause).where(Clause.is_heading, Clause.depth > 0)):
            row.comment_count = int(row.label or 0)  # the last ones have most
    client = app.test_client()

    def offered(asked: str) -> list[str]:
        page = client.get(f"/c/{consultation.slug}/comments{asked}").text
        listed = page.partition('id="sift-clause"')[2].partition("</select>")[0]
        assert "The 200 with most comments" in page
        return re.findall(r">(\d+), ", listed)

    assert offered("") == [str(n) for n in range(31, 231)]
    with app.app_context():
        key = db.session.scalars(select(Clause.key).where(Clause.label == "7")).one()
    assert offered(f"?clause={key}") == ["7", *(str(n) for n in range(32, 231))]


def test_of_very_many_organisations_those_that_said_most_and_the_chosen_one_can_be_chosen(
    app: Flask, make: Make
) -> None:
    consultation = make.consultation("open")
    with make.writing() as session:
        of = session.scalars(select(Round.id).where(Round.consultation_id == consultation.id)).one()
    for n in range(1, 211):
        body = make.row(Organisation(slug=f"body-{n}", name=f"Body {n:03d}", code=f"B{n}", category="nonprofit"))
        make.row(BodyTally(round_id=of, organisation_id=body.id, count=n))
    client = app.test_client()

    def offered(asked: str) -> list[str]:
        page = client.get(f"/c/{consultation.slug}/comments{asked}").text
        listed = page.partition('id="sift-organisation"')[2].partition("</select>")[0]
        return re.findall(r">Body (\d+)<", listed)

    assert offered("") == [f"{n:03d}" for n in range(11, 211)]
    assert offered("?organisation=body-7") == ["007", *(f"{n:03d}" for n in range(11, 211))]
