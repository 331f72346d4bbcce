"""The archive of a GitHub repository: the real one of the IETF's AI Preferences, and any other JSON."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from consult.consultations.models import Consultation
from consult.core.db import db
from consult.core.errors import Refused
from consult.core.rules import SYSTEM, Actor
from consult.debate import mending
from consult.debate import operations as debate
from consult.debate.models import Comment, CommentPosition, Reply
from consult.exchange import operations
from consult.exchange.importers.github_archive import LARGEST, MAGIC, read
from consult.exchange.importers.table import WrongFile
from consult.exchange.models import ImportBatch, ImportRow
from consult.outcomes.models import Disposition
from tests.lengths import examples
from tests.listening import listening
from tests.make import Make

ARCHIVE = Path(__file__).parents[1] / "data" / "draft-ietf-aipref" / "archive.json"
Json = dict[str, Any]


@pytest.fixture(scope="session")
def archive() -> bytes:
    """102 issues and 122 pull requests with 603 comments, reviews and remarks in reviews."""
    return ARCHIVE.read_bytes()


@pytest.fixture
def aipref(make: Make) -> Consultation:
    row = make.consultation("analysis", slug="aipref")
    make.version(row)
    return row


def bring(row: Consultation, data: bytes, actor: Actor = SYSTEM) -> operations.Imported:
    return operations.import_comments(
        actor=actor, consultation=row, file=read(data), profile="github-archive", source_name="a.json", sha256="0" * 64
    )


def assert_counted(row: Consultation) -> None:
    """Every counter says what its rows say."""
    assert mending.recount(db.session.get_one(Consultation, row.id)) == []


def small(**more: Any) -> Json:
    """An issue with one comment, and a pull request with a review that has a remark."""
    issue = {
        "number": 7, "title": "A *bold* title", "author": "ann", "state": "OPEN", "labels": ["scope"],
        "body": "Body.", "createdAt": "2025-05-01T10:00:00Z",
        "comments": [{"author": "bob", "body": "First.", "createdAt": "2025-05-01T11:00:00Z"}],
    }  # fmt: skip
    pull = {
        "number": 8, "title": "Fix", "author": "bob", "state": "MERGED", "closedAt": "2025-05-04T00:00:00Z",
        "labels": [], "body": "", "createdAt": "2025-05-02T10:00:00Z",
        "comments": [{"author": "ann", "body": "Late.", "createdAt": "2025-05-03T12:00:00Z"}],
        "reviews": [
            {"id": "PRR_1", "author": "cid", "body": "", "state": "APPROVED", "createdAt": "2025-05-03T09:00:00Z", "comments": [
                {"originalPosition": 4, "body": "Remark.", "createdAt": "2025-05-03T08:00:00Z"},
                {"originalPosition": 4, "body": "Again.", "createdAt": "2025-05-03T08:00:00Z"},
            ]},
        ],
    }  # fmt: skip
    return {"magic": MAGIC, "repo": "o/r", "issues": [issue], "pulls": [pull]} | more


def as_bytes(value: object) -> bytes:
    return json.dumps(value).encode()


def test_every_post_of_the_real_archive_is_a_row_of_its_own(archive: bytes) -> None:
    file = read(archive)
    assert (len(file.rows), sum(not row.top for row in file.rows)) == (827, 224)
    assert not [row.problem for row in file.rows if row.problem]
    assert len({row.external_id for row in file.rows}) == 827
    assert [row.line for row in file.rows] == list(range(1, 828))
    assert all(row.posted_at and row.posted_at.tzinfo and row.author for row in file.rows)


def test_a_pull_request_is_a_comment_and_its_reviews_stand_under_it_in_the_order_of_time() -> None:
    issue, _, pull, *under = read(as_bytes(small())).rows
    assert issue.body == "**A \\*bold\\* title**\n\nBody."
    assert (issue.source_note, issue.source_url) == (
        "GitHub o/r, issue 7, labelled scope", "https://github.com/o/r/issues/7",
    )  # fmt: skip
    assert (pull.body, pull.source_note) == ("**Fix**", "GitHub o/r, pull request 8, merged on 2025-05-04")
    assert pull.posted_at == datetime(2025, 5, 2, 10, tzinfo=UTC)
    assert [(row.author, row.body, row.top) for row in under] == [
        ("cid", "Remark.", "pull 8"), ("cid", "Again.", "pull 8"), ("ann", "Late.", "pull 8"),
    ]  # fmt: skip


def test_the_real_archive_comes_in_once(aipref: Consultation, inside: Flask, make: Make, archive: bytes) -> None:
    done = bring(aipref, archive)
    assert done.plan.counts == {"created": 827, "updated": 0, "duplicate": 0, "error": 0}
    assert (make.count(Comment), make.count(Reply), make.count(ImportRow)) == (224, 603, 827)
    assert make.count(CommentPosition) == make.count(Disposition) == 0
    assert make.count(ImportRow, ImportRow.reply_id.is_not(None)) == 603
    assert_counted(aipref)
    again = bring(aipref, archive)
    assert again.plan.counts == {"created": 0, "updated": 0, "duplicate": 827, "error": 0}
    assert (again.batch, make.count(Reply), make.count(ImportBatch)) == (None, 603, 1)


def test_replies_keep_their_author_their_moment_and_their_order(
    aipref: Consultation, inside: Flask, archive: bytes
) -> None:
    bring(aipref, archive)
    talk = db.session.scalars(select(Comment).where(Comment.external_id == "pull 17")).one()
    assert (talk.number[:3], talk.author_id, talk.source, talk.stance) == ("GH-", None, "log", "")
    rows = db.session.scalars(select(Reply).where(Reply.comment_id == talk.id).order_by(Reply.path)).all()
    assert len(rows) == talk.reply_count > 5
    assert [row.place for row in rows] == list(range(1, len(rows) + 1))
    assert [row.posted_at for row in rows] == sorted(row.posted_at for row in rows)
    first = rows[0]
    assert (first.author_name, first.author_id, first.source, first.category) == ("lrosenthol", None, "log", "other")
    assert first.posted_at == datetime(2025, 5, 2, 11, 26, 23, tzinfo=UTC)


def test_a_newer_archive_adds_what_is_new_and_says_what_was_reworded(
    aipref: Consultation, inside: Flask, make: Make
) -> None:
    bring(aipref, as_bytes(small()))
    newer = small()
    newer["issues"][0] |= {"state": "CLOSED", "closedAt": "2025-06-01T00:00:00Z"}
    newer["issues"][0]["comments"][0]["body"] = "First, edited."
    newer["pulls"][0]["comments"].append({"author": "dee", "body": "New.", "createdAt": "2025-06-02T00:00:00Z"})
    done = bring(aipref, as_bytes(newer))
    assert done.plan.counts == {"created": 1, "updated": 1, "duplicate": 5, "error": 0}
    sentences = " ".join(fate.sentence for fate in done.plan.fates)
    assert (
        "GH-001 gets the newer note on its source: GitHub o/r, issue 7, labelled scope, closed on 2025-06-01."
        in sentences
    )
    assert "Already here under GH-001; nothing to change. Its words were changed at the source since" in sentences
    assert make.count(Reply, Reply.body == "First.") == make.count(Reply, Reply.body == "New.") == 1
    talk = db.session.scalars(select(Comment).where(Comment.external_id == "pull 8")).one()
    assert db.session.scalars(select(Reply.path).where(Reply.body == "New.")).one() == "000004"
    assert talk.reply_count == 4
    assert_counted(aipref)
    assert bring(aipref, as_bytes(newer)).batch is None


def test_what_cannot_be_taken_stays_out_with_what_answers_it(aipref: Consultation, inside: Flask, make: Make) -> None:
    wrong = small()
    wrong["issues"][0]["createdAt"] = "yesterday"
    wrong["pulls"][0]["comments"][0]["body"] = "x" * 20_001
    wrong["pulls"].append({"number": -1})
    done = bring(aipref, as_bytes(wrong))
    assert [fate.sentence for fate in done.plan.fates if fate.fate == "error"] == [
        "issue 7 does not say when it was written.", "What it answers (issue 7) could not be taken.",
        "pull 8, comment of ann 2025-05-03T12:00:00Z has 20,001 characters; 20,000 is the most.",
        "An entry of “pulls” has no number, but '-1'.",
    ]  # fmt: skip
    assert (make.count(Comment), make.count(Reply)) == (1, 2)


def test_under_what_was_written_here_nothing_is_entered_and_only_by_moderators(
    aipref: Consultation, inside: Flask, make: Make
) -> None:
    here = make.comment(aipref)
    with pytest.raises(Refused, match="written here"):
        debate.record_replies(actor=SYSTEM, comment=here, replies=[], source="log")
    bring(aipref, as_bytes(small()), make.actor(make.staff(aipref, "moderator")))
    came = db.session.scalars(select(Comment).where(Comment.external_id == "issue 7")).one()
    with pytest.raises(Refused, match="Only moderators"):
        debate.record_replies(actor=make.actor(make.person()), comment=came, replies=[], source="log")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "not JSON"), (b"{", "not JSON"), (b"[" * 100_000, "not JSON"), (b"\xff\xfe", "UTF-8"), (b"[]", "magic"),
        (b'{"magic": "other"}', "magic"), (as_bytes({"magic": MAGIC}), "of which repository"),
        (as_bytes(small(repo="o/r?x")), "of which repository"), (as_bytes(small(issues={}, pulls=[])), "no list"),
        (as_bytes(small(issues=[], pulls=[])), "no issues"), (b'{"magic": ' + b"1" * 5_000 + b"}", "not JSON"),
        (b" " * (LARGEST + 1), "at most"),
    ],
)  # fmt: skip
def test_a_file_that_is_something_else_is_refused_with_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(WrongFile, match=sentence):
        read(content)


_any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
    | st.sampled_from(["2025-05-01T10:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "\ud800", "CLOSED"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from([
            "number", "title", "author", "body", "createdAt", "closedAt", "state", "labels", "comments", "reviews", "id",
            "originalPosition",
        ]), inner, max_size=9,
    ), max_leaves=30,
)  # fmt: skip


@settings(max_examples=examples(300), deadline=None)
@given(st.lists(_any, max_size=4) | _any, st.lists(_any, max_size=4), st.sampled_from(["o/r", "", 3, None]))
def test_any_json_is_read_or_refused(issues: object, pulls: object, repo: object) -> None:
    data = json.dumps({"magic": MAGIC, "repo": repo, "issues": issues, "pulls": pulls}).encode()
    with suppress(WrongFile):
        for row in read(data).rows:
            assert row.problem or (row.body and row.posted_at and row.author)
            row.body.encode()


@settings(max_examples=examples(200), deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(WrongFile):
        read(data)


def test_a_long_thread_costs_no_more_for_each_reply_than_a_short_one(aipref: Consultation, inside: Flask) -> None:
    def cost(number: int, replies: int) -> tuple[int, float]:
        one = small()
        one["pulls"] = []
        one["issues"][0] |= {"number": number, "comments": [
            {"author": f"a{n}", "body": "Yes.", "createdAt": "2025-05-01T11:00:00Z"} for n in range(replies)
        ]}  # fmt: skip
        with listening(inside) as told:
            bring(aipref, as_bytes(one))
        return len([s for s in told if "INTO reply " in s]), len([s for s in told if "INTO " not in s]) / replies

    cost(1, 1)
    (few, each), (many, of_many) = cost(2, 2), cost(3, 20)
    assert few <= 2  # SQLite takes them one by one, PostgreSQL all at once
    assert many <= 20
    assert of_many < each < 60
    assert db.session.scalar(select(func.count()).select_from(Reply)) == 23
