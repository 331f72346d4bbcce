"""Strangers are read to from a streaming replica, and see nothing older than the primary has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from consult.app import create_app
from consult.core.db import db, write_transaction
from consult.core.limits import limiter
from consult.debate.models import Comment
from consult.settings import Settings
from tests.cluster import Cluster, ask, cluster, programs, url
from tests.conftest import IS_POSTGRESQL
from tests.lengths import examples
from tests.make import Make
from tests.visitor import Visitor

pytestmark = [
    pytest.mark.skipif(not IS_POSTGRESQL, reason="SQLite has no replica"),
    pytest.mark.skipif(programs() is None, reason="no PostgreSQL server to start is installed"),
]


@pytest.fixture(scope="module")
def servers() -> Iterator[Cluster]:
    with cluster() as made:
        yield made


@pytest.fixture(scope="module")
def site(servers: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    before = dict(vars(limiter))
    app = create_app(
        Settings(
            instance=str(tmp_path_factory.mktemp("instance")), mode="test", public_url="http://localhost",
            database_url=url(servers.primary.port), database_replica_url=url(servers.replica.port),
        )
    )  # fmt: skip
    with app.app_context():
        db.create_all()
    yield app
    with app.app_context():
        app.extensions["consult.edition"].close()
        db.session.remove()
        db.engine.dispose()
        app.extensions["consult.replica"].engine.dispose()
    vars(limiter).update(before)


@pytest.fixture(scope="module")
def make(site: Flask) -> Make:
    return Make(site)


@pytest.fixture
def story(make: Make, servers: Cluster) -> tuple[str, Comment]:
    """The address of a list of comments, and one on it."""
    consultation = make.consultation()
    comment = make.comment(consultation, make.clauses(make.version(consultation))[1])
    servers.caught_up()
    return f"/c/{consultation.slug}/comments", comment


def change(site: Flask, comment: Comment, **values: Any) -> None:
    with site.app_context(), write_transaction() as session:
        session.execute(update(Comment).where(Comment.id == comment.id).values(**values))


def reads(site: Flask) -> dict[str, int]:
    totals = site.extensions["consult.metrics"].totals()
    return {where: int(totals["reads", "", where]) for where in ("replica", "behind", "away")}


@contextmanager
def counted(site: Flask, **expected: int) -> Iterator[None]:
    """Where the requests of the block were read."""
    before = reads(site)
    yield
    after = reads(site)
    assert {where: after[where] - before[where] for where in after if after[where] != before[where]} == expected


def rested(site: Flask) -> None:
    """As if its rest were over."""
    site.extensions["consult.replica"]._rests_until = 0.0


@contextmanager
def paused(servers: Cluster) -> Iterator[None]:
    """The replica gets what is written, and shows nothing of it."""
    ask(servers.replica.port, "SELECT pg_wal_replay_pause()")
    try:
        yield
    finally:
        ask(servers.replica.port, "SELECT pg_wal_replay_resume()")


def test_strangers_are_read_to_from_the_replica_and_nobody_else(
    site: Flask, servers: Cluster, make: Make, story: tuple[str, Comment]
) -> None:
    address, _ = story
    with counted(site, replica=1):
        assert "Comments" in site.test_client().get(address).text
    with counted(site, replica=1):
        assert site.test_client().get(f"{address}?stance=object").status_code == 200
    visitor = Visitor(site, make.person())
    servers.caught_up()
    with counted(site):
        visitor.open(address)
        site.test_client().get("/api/v1/consultations", headers={"Authorization": "Bearer nobody's"})
        site.test_client().get("/readyz")
        site.test_client().post(address, data={"body": "x"})


def test_every_kind_of_page_can_be_read_there(site: Flask, story: tuple[str, Comment]) -> None:
    address, comment = story
    room = address.removesuffix("/comments")
    for asked in (
        "/", "/search?q=word", "/standards", room, f"{room}/v1/1", f"{room}/outcome",
        f"{address}/{comment.number}", f"{address}?sort=random", f"{address}?q=word",
    ):  # fmt: skip
        with counted(site, replica=1):
            assert site.test_client().get(asked).status_code == 200, asked


def test_what_is_hidden_is_gone_while_the_replica_still_shows_it(
    site: Flask, servers: Cluster, story: tuple[str, Comment]
) -> None:
    address, comment = story
    change(site, comment, html="<p>Something nasty</p>")
    servers.caught_up()
    assert "Something nasty" in site.test_client().get(address).text
    with paused(servers):
        change(site, comment, html="<p>Nothing bad</p>")
        seen = f"SELECT html FROM comment WHERE id = {comment.id}"
        assert ask(servers.replica.port, seen) == "<p>Something nasty</p>", "the replica is really behind"
        with counted(site, behind=2):
            for question in ("?anew=1", ""):
                page = site.test_client().get(address + question).text
                assert "Something nasty" not in page
                assert "Nothing bad" in page
    servers.caught_up()
    with counted(site, replica=1):
        assert "Nothing bad" in site.test_client().get(f"{address}?anew=2").text


def test_no_page_is_stale_while_the_replica_follows(site: Flask, servers: Cluster, story: tuple[str, Comment]) -> None:
    address, comment = story
    before = reads(site)
    for turn in range(examples(80)):
        change(site, comment, html=f"<p>Word{turn}.</p>")
        if turn % 2:
            servers.caught_up()
        assert f"Word{turn}." in site.test_client().get(address).text, turn
    assert reads(site)["replica"] - before["replica"] >= examples(80) // 2, "what is as new is read on the replica"


def test_a_replica_that_is_away_is_left_alone_and_nobody_notices(
    site: Flask, servers: Cluster, story: tuple[str, Comment]
) -> None:
    address, _ = story
    client = site.test_client()
    assert client.get(address).status_code == 200
    servers.replica.stop()
    with counted(site, away=3):
        for number in range(3):
            assert client.get(f"{address}?anew={number}").status_code == 200
    rested(site)
    with counted(site, away=1):
        assert client.get(f"{address}?anew=4").status_code == 200
    servers.replica.start()
    servers.caught_up()
    rested(site)
    with counted(site, replica=1):
        assert client.get(f"{address}?anew=5").status_code == 200


def test_a_replica_that_dies_in_the_middle_of_a_page_is_not_noticed(
    site: Flask, servers: Cluster, story: tuple[str, Comment], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, _ = story
    replica = site.extensions["consult.replica"]
    begin = replica._begin

    def then_it_dies(session: Any) -> Any:
        found = begin(session)
        ask(servers.primary.port, "SELECT 1")
        ask(servers.replica.port, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'")  # fmt: skip
        return found

    monkeypatch.setattr(replica, "_begin", then_it_dies)
    with counted(site, replica=1):
        answer = site.test_client().get(f"{address}?anew=6")
    assert (answer.status_code, "Comments" in answer.text) == (200, True)
    rested(site)


def test_what_makes_no_edition_is_read_on_the_primary(
    site: Flask, servers: Cluster, story: tuple[str, Comment]
) -> None:
    """A page that reads such a table is answered again from the primary, and from then on there at once."""
    address, _ = story
    replica = site.extensions["consult.replica"]
    was = replica._uncounted
    replica._uncounted = re.compile(r"\bcomment\b")
    try:
        with counted(site, replica=1):
            assert site.test_client().get(f"{address}?anew=7").status_code == 200
        with counted(site):
            assert site.test_client().get(f"{address}?anew=8").status_code == 200
    finally:
        replica._uncounted = was
        replica._elsewhere.clear()
