"""Bringing a log in: the fate of each row, once and again, by command and by operation."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select, update

from consult.consultations.models import Consultation, Round
from consult.core.db import Base, db
from consult.core.errors import Invalid, Refused
from consult.core.rules import SYSTEM, VISITOR, Actor
from consult.debate.models import Anchor, Comment, CommentPosition
from consult.documents import importers as drafts
from consult.documents import operations as documents
from consult.documents.models import Clause
from consult.exchange import operations
from consult.exchange.cli import comments
from consult.exchange.importers.oasis_log import read
from consult.exchange.models import ImportBatch, ImportRow
from consult.outcomes.models import Disposition
from tests.make import Make

DRAFT = """# 2. Design
## 2.1 Construction Principles
Words.
## 2.3 Date and Time
Words.
# 6. Tests
## 6.1 Mandatory
### 6.1.7 Scores
Words.
# Appendix C. Guidance
## Appendix C. File Size
Words.
"""
TABLES: tuple[type[Base], ...] = (Comment, Anchor, Disposition, ImportBatch, ImportRow)
Run = Callable[..., Result]


@pytest.fixture
def review(app: Flask, make: Make) -> Consultation:
    """A closed consultation on a small draft whose clauses have the numbers the log speaks of."""
    row = make.consultation("analysis", slug="csaf")
    with app.app_context():
        version = documents.import_version(
            actor=SYSTEM,
            consultation=row,
            parsed=drafts.read(DRAFT),
            source_name="draft.md",
            source=DRAFT.encode(),
            name="csd01",
        )
        documents.freeze_version(actor=SYSTEM, version=version)
    return row


@pytest.fixture
def run(app: Flask) -> Run:
    """`consult comments import --consultation csaf --profile oasis-log …`"""

    def invoke(file: Path, *more: str, slug: str = "csaf") -> Result:
        words = ["import", "--consultation", slug, "--profile", "oasis-log", str(file), *more]
        return app.test_cli_runner().invoke(comments, words)

    return invoke


def counts(make: Make) -> list[int]:
    return [make.count(table) for table in TABLES]


def rows_of(result: Result) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(result.stdout)["rows"]
    return found


def test_without_commit_every_fate_is_shown_and_nothing_is_written(
    review: Consultation, run: Run, make: Make, log_file: Path
) -> None:
    shown = run(log_file)
    assert shown.exit_code == 0, shown.output
    assert "43 created. Nothing was written; add --commit to do it." in shown.output
    assert "Appendix C" in shown.output
    told = json.loads(run(log_file, "--json").stdout)
    assert (told["committed"], told["counts"]["created"], len(told["rows"])) == (False, 43, 43)
    assert counts(make) == [0, 0, 0, 0, 0]


def test_commit_brings_them_in_and_the_same_file_again_changes_nothing(
    review: Consultation, run: Run, make: Make, log_file: Path
) -> None:
    done = run(log_file, "--commit")
    assert done.exit_code == 0, done.output
    assert "43 created. Done." in done.output
    before = counts(make)
    assert before == [43, 43, 43, 1, 43]
    again = run(log_file, "--commit", "--json")
    assert again.exit_code == 0
    told = json.loads(again.stdout)
    assert told["counts"] == {"created": 0, "updated": 0, "duplicate": 43, "error": 0}
    assert told["rows"][0]["comment"] == "LOG-001"
    assert told["rows"][0]["sentence"] == "Already here as LOG-001; nothing to change."
    assert counts(make) == before
    assert "Nothing changed." in run(log_file, "--commit").output


def test_what_dry_run_says_is_what_commit_does(review: Consultation, run: Run, log_file: Path) -> None:
    dry = [(r["item"], r["fate"], r["sentence"], r["disposition"]) for r in rows_of(run(log_file, "--json"))]
    done = [
        (r["item"], r["fate"], r["sentence"], r["disposition"]) for r in rows_of(run(log_file, "--commit", "--json"))
    ]
    assert dry == done


def _import(review: Consultation, data: bytes, actor: Actor = SYSTEM) -> operations.Imported:
    return operations.import_comments(
        actor=actor, consultation=review, file=read(data), profile="oasis-log", source_name="log.md", sha256="0" * 64
    )


def _comment(item: str) -> Comment:
    return db.session.scalars(select(Comment).where(Comment.external_id == item)).one()


def test_a_comment_keeps_its_source_its_day_and_has_no_position(
    review: Consultation, inside: Flask, make: Make, log: bytes
) -> None:
    _import(review, log)
    found = _comment("29")
    assert (found.author_name, found.author_id, found.category, found.stance) == (
        "Matthew Stradling",
        None,
        "other",
        "",
    )
    assert (found.source, found.source_note) == ("log", "OASIS CSAF TC resolution log, item 29")
    assert found.posted_at.date().isoformat() == "2025-06-20"
    assert found.disposition == "accepted"
    assert make.count(CommentPosition) == 0
    answer = db.session.scalars(select(Disposition).where(Disposition.comment_id == found.id)).one()
    assert answer.decided_by_id is None
    assert answer.change_note == "Comment Resolution CSD01PR #1123 (pull request 1131)"
    assert answer.source_note.endswith("item 29: “Completed”")
    assert answer.decided_at.date().isoformat() == "2025-08-20"


@pytest.mark.parametrize(
    ("item", "labels"),
    [("29", ["6.1.7"]), ("6", ["2.1"]), ("42", ["Appendix C"]), ("11", [None]), ("1", [None])],
)
def test_a_comment_stands_at_the_clause_it_names_else_at_the_whole_draft(
    review: Consultation, inside: Flask, log: bytes, item: str, labels: list[str | None]
) -> None:
    done = _import(review, log)
    anchors = db.session.execute(
        select(Clause.label, Clause.title)
        .select_from(Anchor)
        .outerjoin(Clause, Clause.id == Anchor.clause_id)
        .where(Anchor.comment_id == _comment(item).id)
    ).all()
    assert [a.label for a in anchors] == labels
    if item == "42":
        assert anchors[0].title == "Guidance"  # the first of several with this number
    if item == "11":
        fate = next(f for f in done.plan.fates if f.row.external_id == item)
        assert "The log names 6.3.13, which this draft does not have." in fate.sentence


def test_a_duplicate_leads_to_what_it_repeats(review: Consultation, inside: Flask, log: bytes) -> None:
    _import(review, log)
    answer = db.session.scalars(select(Disposition).where(Disposition.comment_id == _comment("42").id)).one()
    assert (answer.code, answer.duplicate_of_id) == ("duplicate", _comment("2").id)


def test_a_newer_log_brings_the_newer_answer_and_keeps_the_older_one(
    review: Consultation, inside: Flask, make: Make, log: bytes
) -> None:
    _import(review, log)
    changed = log.replace(
        b"[Treated as user question, pointing to", b"[Treated as user question after all, pointing to"
    )
    assert changed != log
    done = _import(review, changed)
    assert done.plan.counts == {"created": 0, "updated": 1, "duplicate": 42, "error": 0}
    answers = db.session.scalars(
        select(Disposition.observation).where(Disposition.comment_id == _comment("14").id).order_by(Disposition.id)
    ).all()
    assert len(answers) == 2
    assert "after all" in answers[1]
    assert make.count(Comment) == 43
    assert _import(review, changed).batch is None


def test_other_words_under_a_known_item_stay_out(review: Consultation, inside: Flask, make: Make, log: bytes) -> None:
    _import(review, log)
    done = _import(review, log.replace(b"Integrate more BOMs", b"Integrate fewer BOMs"))
    assert done.plan.counts["error"] == 1
    assert any("brought in before with other words" in f.sentence for f in done.plan.fates)
    assert make.count(Comment) == 43


def test_what_a_moderator_decided_here_stays(review: Consultation, inside: Flask, make: Make, log: bytes) -> None:
    _import(review, log)
    moderator = make.staff(review, "moderator")
    make.row(
        Disposition(comment_id=_comment("14").id, code="noted", observation="Ours.", decided_by_id=moderator.id)
    )  # fmt: skip
    changed = log.replace(
        b"[Treated as user question, pointing to", b"[Treated as user question after all, pointing to"
    )
    done = _import(review, changed)
    assert done.plan.counts["updated"] == 0
    assert any("answered by a moderator here" in f.sentence for f in done.plan.fates)


def test_good_rows_come_in_and_bad_ones_are_kept_with_their_sentence(
    review: Consultation, run: Run, make: Make, log: bytes, tmp_path: Path
) -> None:
    damaged = tmp_path / "log.md"
    damaged.write_bytes(log.replace(b"2025-06-11 | JM | [Remove", b"June | JM | [Remove"))
    done = run(damaged, "--commit", "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["counts"] == {"created": 42, "updated": 0, "duplicate": 0, "error": 1}
    assert make.count(ImportRow, ImportRow.fate == "error") == 1
    assert make.count(ImportRow, ImportRow.comment_id.is_(None)) == 1
    fixed = tmp_path / "fixed.md"
    fixed.write_bytes(log)
    assert json.loads(run(fixed, "--commit", "--json").stdout)["counts"] == {
        "created": 1, "updated": 0, "duplicate": 42, "error": 0,
    }  # fmt: skip


def test_item_1_of_two_logs_is_two_comments(
    review: Consultation, run: Run, make: Make, log_file: Path, second_log_file: Path
) -> None:
    run(log_file, "--commit")
    run(second_log_file, "--commit")
    assert make.count(Comment) == 57
    assert make.count(Comment, Comment.external_id == "1") == 2
    assert make.count(Comment, Comment.disposition == "unresolved") == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "log.md was not read. This file is empty."),
        (b"\xff\xfe\x00", "not text in UTF-8"),
        (b"PK\x03\x04\x00\x00", "binary"),
        (b"No table here.", "no table in this file"),
        (b"| Clause | Comment |\n|---|---|\n| 1 | no |\n", "has the columns clause, comment"),
    ],
)
def test_a_wrong_file_is_told_in_a_sentence(
    review: Consultation, run: Run, make: Make, tmp_path: Path, content: bytes, sentence: str
) -> None:
    file = tmp_path / "log.md"
    file.write_bytes(content)
    for more in ([], ["--commit"]):
        told = run(file, *more)
        assert told.exit_code == 2
        assert sentence in told.output
        assert "Traceback" not in told.output
    assert counts(make) == [0, 0, 0, 0, 0]


def test_an_unknown_consultation_or_profile_is_told(run: Run, app: Flask, log_file: Path, tmp_path: Path) -> None:
    assert "no consultation at this address" in run(log_file, slug="nothing").output
    assert run(log_file, slug="nothing").exit_code == 2
    words = ["import", "--consultation", "csaf", "--profile", "xlsx", str(log_file)]
    assert "'xlsx' is not one of" in app.test_cli_runner().invoke(comments, words).output
    assert run(tmp_path / "not-there.md").exit_code == 2


def test_a_consultation_without_draft_takes_no_log(inside: Flask, make: Make, log: bytes) -> None:
    empty = make.consultation("analysis")
    with pytest.raises(Invalid, match="no public draft yet"):
        _import(empty, log)
    assert make.count(Comment) == 0


@pytest.mark.parametrize("is_next_round", [False, True])
def test_after_the_outcome_nothing_new_comes_in_and_the_dry_run_says_so(
    run: Run, make: Make, second_log_file: Path, is_next_round: bool
) -> None:
    row = make.consultation("published", slug="csaf")
    make.version(row)
    if is_next_round:
        with make.writing() as session:
            session.execute(update(Consultation).values(state="analysis", published_at=None))
            session.add(Round(consultation_id=row.id, number=2))
    for more in ([], ["--commit"]):
        told = run(second_log_file, "--json", *more)
        assert told.exit_code == 1
        assert {r["fate"] for r in rows_of(told)} == {"error"}
        assert "has its outcome already" in rows_of(told)[0]["sentence"]
    assert counts(make) == [0, 0, 0, 0, 0]


def test_moderators_may_import_and_nobody_else(review: Consultation, inside: Flask, make: Make, log: bytes) -> None:
    for actor in (VISITOR, make.actor(make.person()), make.actor(make.staff(review, "observer"))):
        with pytest.raises(Refused, match="Only moderators of this consultation can bring comments in"):
            _import(review, log, actor)
    moderator = make.staff(review, "moderator")
    done = _import(review, log, make.actor(moderator))
    assert done.batch is not None
    assert done.batch.imported_by_id == moderator.id
