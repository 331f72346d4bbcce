"""What is private is there for those it let in, and for nobody outside: a token in all its words is on no page of theirs.

Every GET of the URL map is asked, with the numbers and ids of the world, as everybody who was not let in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import Text

from consult.consultations import operations as consultations
from consult.consultations import queries
from consult.consultations.models import Consultation, Topic
from consult.core.db import Base, db
from consult.core.jobs import run_due
from consult.core.limits import limiter
from consult.core.rules import SYSTEM
from consult.notices.models import Follow, Wish
from consult.search.rebuilding import rebuild
from consult.settings import Settings
from tests.rows import Kept

from .walking import address_of, rules_of, words_of
from .world import World

TOKEN = "Zaunammer"
OUTSIDE = ("visitor", "person", "author", "member", "signatory", "elsewhere")
# What people are and have without it; a name of theirs is no secret of a consultation.
OF_PEOPLE = {"person", "organisation", "membership", "sign_in", "job", "submission", "search_row"}
# What is compared, looked up or counted, and no words.
NO_WORDS = re.compile(
    r"(^|_)(slug|number|key|keys|sha256|digest|email|code|token|sheet|event|timezone|language|url|path|licence|country"
    r"|lineage_id|state|kind|verb|rule|role|standing|profile|media_type|credential_id|fields|preview|edits|query|quote"
    r"|prefix|suffix|number_sort|seen|standing|stance|type|source_format|lines_tool|placement|structure|place|rhythm"
    r"|answers_apart|access|sign|detail|positions|clauses|message_id)$"
)
NOT_THESE = ("/static", "/written-mail")
THERE = "matrix"


def _flood(app: Flask, world: World) -> int:
    """Put the token into every word of every row that hangs from the consultation; returns into how many."""
    kept, belongs = Kept(app), {"consultation": {world.consultation.id}}
    tables = [t for t in Base.metadata.sorted_tables if t.name in kept.rows and t.name not in OF_PEOPLE]
    for table in tables:
        if table.name != "consultation":
            belongs[table.name] = {row["id"] for row in kept.rows[table.name] if _hangs(table, row, belongs)}
    many = 0
    for table in tables:
        for column in table.columns:
            if not isinstance(column.type, Text) or NO_WORDS.search(column.name) or _is_judged(table, column.name):
                continue
            for row in kept.rows[table.name]:
                if row["id"] in belongs[table.name] and isinstance(row[column.name], str):
                    row[column.name] += f" {TOKEN}"
                    kept.contents[table.name], many = None, many + 1
    kept.restore()
    with app.app_context():
        rebuild(db.session.get_one(Consultation, world.consultation.id))
    return many


def _hangs(table: Any, row: dict[str, Any], belongs: dict[str, set[int]]) -> bool:
    return any(
        row[key.parent.name] in belongs.get(key.column.table.name, ()) for key in table.foreign_keys
        if key.column.table.name != table.name
    )  # fmt: skip


def _is_judged(table: Any, column: str) -> bool:
    """Whether a CHECK names the column: only some values fit."""
    checks = (str(one.sqltext) for one in table.constraints if hasattr(one, "sqltext"))
    return any(re.search(rf"\b{column}\b", check) for check in checks)


@pytest.fixture(scope="module")
def made(app: Flask) -> Iterator[World]:
    """A private consultation with an outcome, adopted as a standard, full of the token; others once took part in it."""
    csrf, limits = app.config.get("WTF_CSRF_ENABLED", True), limiter.enabled
    app.config["WTF_CSRF_ENABLED"], limiter.enabled = False, False
    world = World(app, "published", access="private")
    make = world.make
    make.row(Topic(consultation_id=world.consultation.id, name="Birds"))
    make.standard(world.consultation, world.version, "secret")
    for role in ("person", "author", "participant", "guest"):
        make.row(Wish(person_id=world.people[role].id, kind="changes", mode="now"))
        make.row(Follow(person_id=world.people[role].id, consultation_id=world.consultation.id))
        make.row(Follow(person_id=world.people[role].id, organisation_id=world.organisation.id))
        make.row(Follow(person_id=world.people[role].id, comment_id=world.comment.id))
    assert _flood(app, world) > 100
    world.kept = Kept(app)
    yield world
    world.clear()
    app.config["WTF_CSRF_ENABLED"], limiter.enabled = csrf, limits


@pytest.fixture
def secret(made: World) -> World:
    """As it was made: the database is emptied after each test."""
    made.restore()
    return made


def _asked_further() -> list[str]:
    """Lists with what one can ask of them."""
    found = [
        f"/search?q={TOKEN}&kind={kind}" for kind in ("", "comment", "clause", "standard", "answer", "term", "reply")
    ]
    found += [f"/consultations?q={TOKEN}", "/consultations?topic=Birds", "/consultations?state=published"]
    return [
        *found,
        f"/consultations?organiser=Alliance for Tests {TOKEN}",
        "/standards?q=secret",
        "/standards/secret",
        "/standards/secret/1",
    ]


def _heard(world: World, role: str, *, follow: bool = False) -> dict[str, str]:
    """Addresses at which somebody hears of it: its words, or where it is."""
    client, found, further = world.client(role), dict[str, str](), dict[str, str]()
    waiting = [address_of(world, rule) for rule in rules_of(world.app)] + _asked_further()
    known = {urlsplit(address).path for address in waiting}
    for address in chain(waiting, further.values() if follow else ()):
        answer = client.get(address)
        words = words_of(answer)
        is_inside = f"/c/{THERE}" in urlsplit(address).path
        if TOKEN.lower() in words.lower() and TOKEN not in unescape(address):
            found[address] = "words"
        elif f"<b>{TOKEN}" in words or (f"/c/{THERE}" in words and not is_inside):
            found[address] = "address"
        if follow and address in waiting and answer.status_code == 200 and not is_inside:
            links = (unescape(link) for link in re.findall(r'href="(/[^"#]*)', words))
            further |= {
                path: link
                for link in links
                if not (path := urlsplit(link).path).startswith(NOT_THESE) and path not in known
            }
    return found


def test_nobody_outside_hears_of_it(secret: World) -> None:
    """But its author of what was decided on her own words, on one page."""
    heard = {role: _heard(secret, role, follow=role in ("visitor", "author")) for role in OUTSIDE}
    assert heard["author"].pop(f"/c/{THERE}/moderation/{secret.fresh_act.id}/appeal") == "words"
    assert [f"{role}: {what} at {at}" for role, found in heard.items() for at, what in found.items()] == []


@pytest.mark.parametrize("role", ["participant", "guest"])
def test_those_it_let_in_read_it_and_no_cache_keeps_it(secret: World, role: str) -> None:
    """The same walk, so that what finds nothing outside is known to find it inside."""
    found, client = _heard(secret, role), secret.client(role)
    everywhere = {f"/c/{THERE}", f"/c/{THERE}/comments", f"/search?q={TOKEN}&kind=", "/standards/secret"}
    assert everywhere <= set(found)
    assert len(found) > 40
    for address in found:
        assert client.get(address).headers["Cache-Control"] == "private, no-store", address
    kept = secret.app.extensions["consult.shelf"].strangers._pages
    assert not [key for key, page in kept.items() if TOKEN.encode() in page.body]


def test_mail_goes_to_those_it_let_in_and_to_nobody_else(secret: World, settings: Settings) -> None:
    """All four followed it, its organiser and a thread of it when they could."""
    with secret.app.app_context():
        row = queries.find(viewer=SYSTEM, slug=THERE)
        actor = secret.make.actor(secret.people["organiser"])
        consultations.withdraw(actor=actor, consultation=row, reason=f"{TOKEN} has flown.")
        while run_due():
            pass
    mails = [path.read_text() for path in Path(settings.instance).glob("mail/*.eml")]
    to = {found[1] for mail in mails if TOKEN in mail and (found := re.search(r"^To: (.*)$", mail, re.MULTILINE))}
    assert to == {secret.people[role].email for role in ("participant", "guest")}
