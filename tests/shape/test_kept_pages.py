"""Pages that are kept in memory are never stale: another process commits, and the next request shows it."""

from __future__ import annotations

import random
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, update

from consult.accounts.models import SignIn
from consult.app import create_app
from consult.consultations.models import Transition
from consult.core import clock
from consult.core.db import db, write_transaction
from consult.core.editions import tables_of_workers, unseen_tables
from consult.core.freshness import LONGEST_KEPT
from consult.core.jobs import Job
from consult.core.limits import limiter
from consult.core.overload import STALEST
from consult.core.shelf import Shelves
from consult.debate.models import Comment
from consult.notices.models import Notice
from consult.settings import Settings
from tests.lengths import examples
from tests.make import Make

from .asked import value_of
from .world import World


@pytest.fixture
def elsewhere(app: Flask, settings: Settings) -> Any:
    """Another process on the same database."""
    before = dict(vars(limiter))
    other = create_app(settings)
    yield other
    with other.app_context():
        other.extensions["consult.edition"].close()
        db.session.remove()
        db.engine.dispose()
    vars(limiter).update(before)


def kept(app: Flask) -> int:
    shelves: Shelves = app.extensions["consult.shelf"]
    return len(shelves.strangers)


def kept_of_readers(app: Flask) -> int:
    shelves: Shelves = app.extensions["consult.shelf"]
    return len(shelves.readers)


def test_no_page_is_stale_after_a_commit_of_another_process(app: Flask, elsewhere: Flask, make: Make) -> None:
    consultation = make.consultation()
    clause = make.clauses(make.version(consultation))[1]
    comment = make.comment(consultation, clause)
    addresses = (f"/c/{consultation.slug}/comments", f"/c/{consultation.slug}/v1/1")
    clients = [one.test_client() for one in (app, elsewhere)]
    dice = random.Random(7)
    from_memory = 0
    for turn in range(examples(300)):
        writer, (reader, client) = (
            dice.choice((app, elsewhere)),
            dice.choice([*zip((app, elsewhere), clients, strict=True)]),
        )
        word = f"Word{turn}"
        with writer.app_context(), write_transaction() as session:
            session.execute(update(Comment).where(Comment.id == comment.id).values(html=f"<p>{word}</p>"))
        page = client.get(addresses[0])
        assert word in page.text, turn
        assert client.get(addresses[0], headers={"If-None-Match": page.headers["ETag"]}).status_code == 304
        with count_statements(reader) as statements:
            assert word in client.get(addresses[0]).text, turn
        from_memory += len(statements) == 0
        client.get(addresses[1])
    assert from_memory > examples(300) * 0.9, "most second requests should need nothing but the edition"


class count_statements:
    """The statements of one application inside the block, as text; the question for the edition is not among them."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.found: list[str] = []

    def __enter__(self) -> list[str]:
        with self.app.app_context():
            self.engine = db.engine
        event.listen(self.engine, "before_cursor_execute", self._note)
        return self.found

    def __exit__(self, *_: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not re.match(r"(BEGIN|PRAGMA)", statement):
            self.found.append(statement)


def test_what_no_stranger_sees_leaves_pages_as_they_are(app: Flask, make: Make) -> None:
    make.consultation()
    with app.app_context():
        reader = app.extensions["consult.edition"]
        before = reader.number()
        make.row(Job(kind="nothing", payload="{}", due_at=clock.now()))
        assert reader.number() == before
        make.consultation()
        assert reader.number() > before


@pytest.mark.parametrize("role", ["visitor", "author", "moderator"])
def test_no_kept_page_shows_what_may_change_without_a_new_edition(app: Flask, role: str) -> None:
    """Every address as somebody gets it: what is kept was read from no table that does not count for her."""
    was_limited, limiter.enabled = limiter.enabled, False
    # Whether a job was put aside; that makes an edition.
    told = {(f"outcomes.{page}", "job") for page in ("standard", "standard_text", "standard_version")}
    tables = unseen_tables() if role == "visitor" else tables_of_workers()
    uncounted = re.compile(rf"\b({'|'.join(sorted(tables - {'edition'}))})\b")
    many = kept if role == "visitor" else kept_of_readers
    seen = 0
    for state in ("open", "published"):
        world = World(app, state)
        for rule in app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or rule.endpoint == "asset":
                continue
            values: dict[str, Any] = {name: value_of(world, rule.endpoint, name) for name in rule.arguments}
            with app.test_request_context():
                address = app.url_for(rule.endpoint, **values)
            before = many(app)
            with count_statements(app) as statements:
                world.client(role).get(address).get_data()  # each a fresh browser: some pages give a cookie
            if many(app) > before:
                seen += 1
                read = {name for s in statements for name in uncounted.findall(s.split("FROM", 1)[-1])}
                assert not {(rule.endpoint, name) for name in read} - told, address
        world.clear()
    limiter.enabled = was_limited
    assert seen > 10


def test_the_clock_alone_makes_a_page_anew(app: Flask, make: Make) -> None:
    consultation = make.consultation(closes_at=clock.now() + timedelta(days=2, seconds=5))
    client = app.test_client()
    address = f"/c/{consultation.slug}/comments"
    make.row(Transition(consultation_id=consultation.id, verb="open", from_state="announced", to_state="open"))
    for _ in range(3):
        first = client.get(address).text
    with count_statements(app) as statements:
        assert client.get(address).text == first
    assert not statements
    with clock.shifted(timedelta(seconds=10)), count_statements(app) as statements:
        assert client.get(address).status_code == 200
    assert statements
    with clock.shifted(-LONGEST_KEPT), count_statements(app) as statements:
        client.get(address)
    assert statements, "a clock that was put back finds nothing from the future"


def unnumbered(answer: Any) -> list[tuple[str, str]]:
    return sorted(pair for pair in answer.headers if pair[0] != "X-Request-ID")


def test_what_is_kept_is_sent_as_it_was_made_and_to_no_other_host(app: Flask, make: Make) -> None:
    client, address = app.test_client(), f"/c/{make.consultation().slug}/comments"
    made = client.get(address)
    for _ in range(2):  # the first asks for the edition
        again = client.get(address)
    assert again.data == made.data
    assert unnumbered(again) == unnumbered(made)
    head = client.head(address)
    assert (head.data, head.headers["Content-Length"]) == (b"", str(len(made.data)))
    same = client.get(address, headers={"If-None-Match": made.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    assert same.headers["Content-Security-Policy"] == made.headers["Content-Security-Policy"]
    assert not [name for name in same.headers if name[0].startswith(("Content-Type", "Content-Length"))]
    assert client.get(address, headers={"Host": "evil.example"}).status_code == 400
    assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200
    assert client.post(address).status_code != 200


def without_tokens(page: str) -> str:
    """A page as it is at any second."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page)


def test_what_a_reader_gets_again_was_made_for_her_and_shows_all_that_was_written(
    app: Flask, elsewhere: Flask, make: Make, visit: Any
) -> None:
    consultation = make.consultation()
    ada, grace = make.person("Ada Lovelace"), make.person("Grace Hopper")
    comment = make.comment(consultation, make.clauses(make.version(consultation))[1])
    one, other, address = visit(ada), visit(grace), f"/c/{consultation.slug}/comments"
    for _ in range(3):
        for reader in (one, other):
            reader.open(address)
    assert (kept(app), kept_of_readers(app)) == (0, 2)
    with count_statements(app) as statements:
        hers, others = one.open(address).body, other.open(address).body
    assert not statements
    assert "My comments" in hers
    assert "My comments" not in app.test_client().get(address).text
    answer = one.client.get(address)
    assert (answer.headers["Cache-Control"], answer.headers.get("ETag")) == ("private, no-store", None)
    with elsewhere.app_context(), write_transaction() as session:  # what no stranger sees
        about = {"consultation_id": consultation.id, "kind": "followed", "what": "commented", "about": comment.id}
        session.add(Notice(person_id=ada.id, event="1", **about))
    with count_statements(app) as statements:
        assert without_tokens(one.open(address).body) != without_tokens(hers), "the inbox has something"
        assert without_tokens(other.open(address).body) == without_tokens(others)
    assert statements
    for _ in range(3):
        one.open(address)
    with elsewhere.app_context(), write_transaction() as session:
        session.execute(update(SignIn).where(SignIn.person_id == ada.id).values(ended_at=clock.now()))
    assert "My comments" not in one.open(address).body, "a session that was ended elsewhere is over at once"
    assert "My comments" in other.open(address).body


def test_a_page_with_a_form_for_something_is_not_kept(app: Flask, make: Make, visit: Any) -> None:
    consultation = make.consultation()
    make.version(consultation)
    reader, address = visit(make.person()), f"/c/{consultation.slug}/v1/1?at=1-1&write=1"
    sheets = {reader.open(address).form("Post comment").fields["submission"][0] for _ in range(4)}
    assert len(sheets) == 4


def test_the_shelf_holds_no_more_than_it_may(app: Flask, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    consultation = make.consultation()
    client = app.test_client()
    page = client.get(f"/c/{consultation.slug}/comments").data
    monkeypatch.setattr(app.extensions["consult.shelf"].strangers, "_most", 5 * len(page))
    for number in range(20):
        for _ in range(2):  # what is asked for once is not kept
            client.get(f"/c/{consultation.slug}/comments?anew={number}")
    assert 2 < kept(app) <= 5


def test_the_shelf_lets_go_what_is_too_old_even_for_a_crowd(app: Flask, make: Make) -> None:
    consultation = make.consultation()
    client = app.test_client()
    for number in range(5):
        client.get(f"/c/{consultation.slug}/comments?anew={number}")
    assert kept(app) == 5
    with clock.shifted(STALEST + timedelta(seconds=5)):
        client.get(f"/c/{consultation.slug}/comments?anew=6")
    assert kept(app) == 1
