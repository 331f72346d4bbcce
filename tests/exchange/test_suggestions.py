"""Suggestions from reviews: placed on the one clause they rewrite, or left where they stand."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from consult.consultations.models import Consultation
from consult.core.db import db
from consult.core.rules import SYSTEM
from consult.debate import mending
from consult.debate.models import Comment, ProposedChange, Reply
from consult.documents import importers as drafts
from consult.documents import operations as documents
from consult.documents.models import Clause, DraftVersion
from consult.exchange import operations, suggestions
from consult.exchange.cli import comments
from consult.exchange.importers.github_archive import MAGIC, read
from consult.exchange.suggestions import Unit
from tests.lengths import examples
from tests.make import Make

DATA = Path(__file__).parents[1] / "data" / "draft-ietf-aipref"
# 03, 05 and 06 as the drafts say; 01 as pull request 48 says; the others between, as no other date is at hand.
CURRENT_SINCE = {
    1: "2025-04-01", 2: "2025-06-19", 3: "2025-07-21", 4: "2025-09-05", 5: "2025-10-20", 6: "2025-12-01", 7: "2026-04-28",
    8: "2026-07-06",
}  # fmt: skip
SINCE = {number: datetime.fromisoformat(day).replace(tzinfo=UTC) for number, day in CURRENT_SINCE.items()}
# Read by eye, each with the old words beside the new ones: all ten change the right words of the right clause.
PLACED = {
    ("pull 17", 1): "Declaring party: The entity that expresses a preference with regards to an Asset.",
    ("pull 23", 1): "The terms defined by the vocabulary can be used to describe, in a standardized way, the types of uses that a",
    ("pull 70", 2): "might indicate that the use of an asset is disallowed for AI Training. If arrangements, such as legal agreements,",
    ("pull 119", 3): "Applicability and Effect",
    ("pull 206", 6): "thereby determine the consequences of a system not respecting a stated preference.",
    ("pull 213", 8): "An entity that receives usage preferences may have a choice whether to follow those preferences. This",
    ("pull 219", 8): "MUST define how any potential overlap between usage categories is resolved. Definitions can identify which usage"
    " category applies when such an overlap occurs.",
}  # fmt: skip


@pytest.fixture
def aipref(app: Flask, make: Make) -> Consultation:
    """A consultation with the eight versions of the vocabulary draft."""
    row = make.consultation("analysis", slug="aipref")
    with app.app_context():
        for number in range(8):
            source = (DATA / f"draft-ietf-aipref-vocab-0{number}.md").read_text()
            version = documents.import_version(
                actor=SYSTEM, consultation=row, parsed=drafts.read(source), source_name=f"vocab-0{number}.md",
                source=source.encode(), name=f"vocab-0{number}",
            )  # fmt: skip
            documents.freeze_version(actor=SYSTEM, version=version)
    return row


def bring(row: Consultation, data: bytes, since: dict[int, datetime] = SINCE) -> operations.Imported:
    return operations.import_comments(
        actor=SYSTEM, consultation=row, file=read(data), profile="github-archive", source_name="a.json", sha256="0" * 64,
        since=since,
    )  # fmt: skip


def changes() -> list[tuple[str, int, str]]:
    """Of each proposed change: under what it was said, the version, the new words."""
    rows = db.session.execute(
        select(Comment.source_note, DraftVersion.number, ProposedChange.new_text)
        .select_from(ProposedChange)
        .join(ProposedChange.comment)
        .join(ProposedChange.clause)
        .join(Clause.version)
        .order_by(Comment.posted_at)
    )
    return [(note.rsplit(", ", 1)[1], number, words) for note, number, words in rows]


def test_suggestions_of_the_real_archive_are_placed_where_it_is_sure_and_nowhere_else(
    aipref: Consultation, inside: Flask, make: Make
) -> None:
    archive = (DATA / "archive.json").read_bytes()
    done = bring(aipref, archive)
    assert done.plan.counts == {"created": 827, "updated": 0, "duplicate": 0, "error": 0}
    assert (make.count(Comment), make.count(Reply), make.count(ProposedChange)) == (234, 593, 10)
    found = changes()
    for (under, version), words in PLACED.items():
        assert any((u, v) == (under, version) and words in new for u, v, new in found), under
    open_ones = [fate for fate in done.plan.fates if "is not certain" in fate.sentence]
    assert len(open_ones) > 60
    again = bring(aipref, archive, since={})
    assert (again.plan.counts["duplicate"], again.batch) == (827, None)
    assert mending.recount(db.session.get_one(Consultation, aipref.id)) == []


def remark(body: str, at: str = "2025-05-02T11:29:14Z") -> bytes:
    said = {"body": body, "createdAt": at, "originalPosition": 1}
    pull = {
        "number": 9, "title": "Words", "author": "ann", "body": "", "createdAt": "2025-05-01T00:00:00Z",
        "reviews": [{"id": "PRR_1", "author": "bob", "createdAt": at, "comments": [said]}],
    }  # fmt: skip
    return json.dumps({"magic": MAGIC, "repo": "o/r", "pulls": [pull]}).encode()


PARTY = "Better:\n```suggestion\n* **Declaring party:** The entity that expresses a preference with regards to an Asset.\n```\n"


def test_a_placed_suggestion_is_a_comment_with_a_redline_on_the_version_of_its_day(
    aipref: Consultation, inside: Flask
) -> None:
    done = bring(aipref, remark(PARTY))
    fate = done.plan.fates[1]
    assert "in version 1; a comment of its own." in fate.sentence
    row = db.session.scalars(select(Comment).where(Comment.author_name == "bob")).one()
    change = db.session.scalars(select(ProposedChange).where(ProposedChange.comment_id == row.id)).one()
    assert (row.source_note, row.body) == ("GitHub o/r, pull 9", PARTY.strip())
    assert change.old_text == "Declaring party: The entity that expresses an opt-out with regards to an Asset."
    assert "<ins>" in change.redline


@pytest.mark.parametrize(("body", "since"), [
    (PARTY, {}),  # all versions are newer than the remark
    (PARTY, {1: datetime(2025, 6, 1, tzinfo=UTC)}),
    (PARTY + PARTY, SINCE),  # two in one remark
    ("```suggestion\nSomething that no version of this draft says anywhere at all.\n```", SINCE),
    ("```suggestion\nToo short.\n```", SINCE),
    ("```suggestion\n# One\n\nTwo units.\n```", SINCE),
    ("```suggestion\n```", SINCE),
])  # fmt: skip
def test_what_is_not_sure_stays_a_reply(
    aipref: Consultation, inside: Flask, make: Make, body: str, since: dict[int, datetime]
) -> None:
    bring(aipref, remark(body), since)
    assert (make.count(Comment), make.count(Reply), make.count(ProposedChange)) == (1, 1, 0)


FIRST = "A provider keeps a model card. It names the data that was used,\nand who may ask for it."
UNITS = [
    Unit("A provider keeps a model card. It names the data that was used, and who may ask for it.", [64]),
    Unit("A buyer keeps the receipt for as long as the law of the country asks for it."),
]


@pytest.mark.parametrize(("new", "words"), [
    ("It names all the data that was used, and who may ask for it.", "A provider keeps a model card. It names all the data that was used, and who may ask for it."),
    ("and who is allowed to ask for it.", "A provider keeps a model card. It names the data that was used, and who is allowed to ask for it."),
    ("And who is allowed to ask for it.", None),  # a sentence where there was none
    ("A provider keeps a model card. It names the data that was used, and who may ask for it.", None),  # says it already
    ("Nothing of this is in any of the units that were given.", None),
])  # fmt: skip
def test_the_words_around_what_is_rewritten_stay(new: str, words: str | None) -> None:
    found = suggestions.find(new, UNITS)
    assert (found.new_text if found else None) == words


def test_what_two_units_say_alike_is_placed_in_neither() -> None:
    twins = [Unit("The provider keeps a card for three years."), Unit("The importer keeps a card for three years.")]
    assert suggestions.find("The producer keeps a card for three years.", twins) is None


@settings(max_examples=examples(200), deadline=None)
@given(st.text(max_size=120), st.lists(st.text(max_size=80), max_size=4))
def test_any_words_are_placed_or_not(new: str, texts: list[str]) -> None:
    found = suggestions.find(new, [Unit(text, suggestions.edges(text, [text[5:40]])) for text in texts])
    assert found is None or new in found.new_text
    suggestions.suggested(new)
    suggestions.words(new)


def test_the_command_takes_the_days_of_versions(aipref: Consultation, app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "archive.json"
    file.write_bytes(remark(PARTY))

    def run(*more: str) -> Result:
        words = ["import", "--consultation", "aipref", "--profile", "github-archive", str(file), "--json", *more]
        return app.test_cli_runner().invoke(comments, words)

    def sentence(told: Result) -> Any:
        return json.loads(told.stdout)["rows"][1]["sentence"]

    assert "is not certain" in sentence(run())
    assert "in version 1;" in sentence(run("--since", "1=2025-04-01"))
    assert "in version 1;" in sentence(run("--since", "1=2025-04-01", "--commit"))
    assert "should read like 4=2025-09-05" in run("--since", "first=2025").output
