"""Comments carried to the next version by a job: what becomes of each, once, and the anchors stay as they were."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.core.db import db
from consult.core.jobs import Job, run_due
from consult.core.rules import SYSTEM
from consult.debate import jobs, operations, queries
from consult.debate.models import Anchor, CarriedAnchor
from consult.documents.models import DraftVersion
from tests.make import Make

from .drafts import FIRST, FREE, RECORD, SECOND, SHOW, Drafts

THIRD = SECOND.replace("90 days", "90 working days")


@pytest.fixture
def drafts(inside: Flask, make: Make) -> Drafts:
    return Drafts(make)


def where(drafts: Drafts, row: CarriedAnchor) -> str:
    clauses = {c.id: c.text for c in drafts.make.clauses(db.session.get_one(DraftVersion, row.version_id))}
    return clauses[row.clause_id] if row.clause_id else ""


def test_a_next_version_carries_every_comment(drafts: Drafts) -> None:
    same = drafts.comment(SHOW, "without undue delay")
    changed = drafts.comment(RECORD, "keep a record of every change for 30 days")
    whole = drafts.comment(SHOW)
    gone = drafts.comment(FREE, "Small providers and research institutes")
    second = drafts.next()
    row = drafts.carried(same, second)
    assert (row.status, row.quote, where(drafts, row)) == ("exact", "without undue delay", SHOW)
    row = drafts.carried(changed, second)
    assert (row.status, row.quote) == ("shifted", "keep a record of every change for 90 days")
    row = drafts.carried(whole, second)
    assert (row.status, row.quote, row.start, where(drafts, row)) == ("exact", "", None, SHOW)
    row = drafts.carried(gone, second)
    assert (row.status, row.clause_id, row.checked_as) == ("orphan", None, "")


def test_the_whole_draft_is_not_carried(drafts: Drafts) -> None:
    drafts.make.comment(drafts.consultation, None)
    drafts.next()
    assert drafts.rows() == []


def test_a_first_version_has_nothing_to_carry(drafts: Drafts) -> None:
    assert drafts.make.count(Job, Job.kind == "debate.carry") == 0


def test_the_same_text_again_is_exact_throughout(drafts: Drafts) -> None:
    for says, quote in ((RECORD, "shall keep"), (SHOW, ""), (FREE, "fee"), ("This applies", "all")):
        drafts.comment(says, quote)
    version = drafts.next(FIRST)
    rows = drafts.rows()
    assert len(rows) == 4
    assert drafts.make.count(CarriedAnchor, CarriedAnchor.status == "exact") == 4
    assert drafts.carried(drafts.comment(RECORD), drafts.next(FIRST + "\nMore.\n")).version_id != version.id


def test_carrying_again_changes_nothing_and_anchors_stay(drafts: Drafts) -> None:
    for says, quote in ((RECORD, "30 days"), (SHOW, ""), (FREE, "fee")):
        drafts.comment(says, quote)
    before = drafts.rows(Anchor)
    second = drafts.next()
    rows = drafts.rows()
    assert len(rows) == 3
    jobs.carry({"version_id": second.id})
    assert drafts.rows() == rows
    assert drafts.rows(Anchor) == before


@pytest.mark.parametrize("killed_after", [0, 1, 2, 3])
def test_killed_after_any_batch_it_goes_on_where_it_stopped(
    drafts: Drafts, monkeypatch: pytest.MonkeyPatch, killed_after: int
) -> None:
    quotes = ["Providers", "of models", "shall keep", "a record", "every change", "30 days", "it was made"]
    for quote in quotes:
        drafts.comment(RECORD, quote)
    monkeypatch.setattr(jobs, "BATCH", 2)
    done = [0]
    carry = operations.carry_anchors

    def killed(**kwargs: object) -> None:
        if done[0] == killed_after:
            raise KeyboardInterrupt
        done[0] += 1
        carry(**kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(operations, "carry_anchors", killed)
    second = drafts.next(is_carried=False)
    with pytest.raises(KeyboardInterrupt):
        jobs.carry({"version_id": second.id})
    db.session.rollback()
    part = drafts.rows()
    assert len(part) == min(2 * killed_after, len(quotes))
    done[0] = -100
    jobs.carry({"version_id": second.id})
    rows = drafts.rows()
    assert rows[: len(part)] == part
    assert [row["anchor_id"] for row in rows] == [row["id"] for row in drafts.rows(Anchor)], (
        "each anchor once, in order"
    )


def test_three_versions_in_a_row(drafts: Drafts) -> None:
    sure, unsure, gone = drafts.comment(SHOW, "free of charge"), drafts.comment(RECORD, "30"), drafts.comment(FREE)
    solved = drafts.comment(SHOW, "undue delay")
    second = drafts.next()
    assert drafts.carried(unsure, second).status == "review"
    judge(drafts, solved, second, "solved")
    third = drafts.next(THIRD)
    assert (drafts.carried(sure, third).status, drafts.carried(gone, third).status) == ("exact", "orphan")
    assert drafts.carried(unsure, third).status == "review", "what nobody checked is no surer now"
    assert drafts.make.count(CarriedAnchor, CarriedAnchor.comment_id == solved.id) == 1, "it is done with"


def test_what_a_person_confirmed_counts_as_known(drafts: Drafts) -> None:
    unsure = drafts.comment(RECORD, "30")
    second = drafts.next()
    judge(drafts, unsure, second, "still_applies")
    third = drafts.next(SECOND.replace("all providers", "each provider"))
    assert drafts.carried(unsure, third).status == "exact"


def judge(drafts: Drafts, comment: object, version: DraftVersion, said: str) -> CarriedAnchor:
    row = drafts.carried(comment, version)  # type: ignore[arg-type]
    found = queries.find_carried(viewer=SYSTEM, slug=drafts.slug, carried_id=row.id)
    return operations.judge_anchor(actor=SYSTEM, carried=found, said=said)


def test_a_late_comment_on_an_earlier_version_is_carried_too(drafts: Drafts) -> None:
    second = drafts.next()
    third = drafts.next(THIRD)
    drafts._set(state="analysis")
    from_outside = operations.record_comment(
        actor=SYSTEM, consultation=drafts.consultation, version=drafts.first, clauses=[drafts.clause(SHOW)],
        body="By post.", author_name="A. Writer", source="paper",
    )  # fmt: skip
    drafts.work()
    assert [drafts.carried(from_outside, v).status for v in (second, third)] == ["exact", "exact"]


def test_hidden_and_withdrawn_comments_are_carried_as_well(drafts: Drafts) -> None:
    hidden = drafts.comment(SHOW, "free of charge", state="hidden", state_reason="Spam.")
    withdrawn = drafts.comment(SHOW, "undue delay", state="withdrawn")
    second = drafts.next()
    assert {drafts.carried(c, second).status for c in (hidden, withdrawn)} == {"exact"}


def test_progress_is_counted_from_the_rows(drafts: Drafts, monkeypatch: pytest.MonkeyPatch) -> None:
    for quote in ("Providers", "shall keep", "30 days"):
        drafts.comment(RECORD, quote)
    second = drafts.next(is_carried=False)
    monkeypatch.setattr(operations, "carry_anchors", lambda **_: 1 / 0)
    assert run_due() == 0
    monkeypatch.undo()
    progress = queries.progress(viewer=SYSTEM, version=second)
    assert (progress.carried, progress.total, progress.is_parked) == (0, 3, False)
    assert progress.failure == "ZeroDivisionError: division by zero"
    jobs.carry({"version_id": second.id})
    assert queries.progress(viewer=SYSTEM, version=second).is_done


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_changes_nothing_is_lost_and_claims_hold(app: Flask, make: Make, data: st.DataObject) -> None:
    sentences = data.draw(st.permutations([RECORD, FREE, SHOW, "Nothing here limits what the law asks for."]))
    kept = sentences[: data.draw(st.integers(1, 4))]
    with app.app_context():
        drafts = Drafts(make, "# 1 All\n\n" + "\n\n".join(sentences) + "\n")
        made = []
        for says in sentences:
            start = data.draw(st.integers(0, len(says) - 1))
            made.append((drafts.comment(says, says[start : data.draw(st.integers(start + 1, len(says)))]), says))
        anchors = drafts.rows(Anchor)
        second = drafts.next("# 1 All\n\nA new one comes first.\n\n" + "\n\n".join(kept) + "\n")
        assert drafts.rows(Anchor) == anchors
        quotes = {anchor["comment_id"]: anchor["quote"] for anchor in anchors}
        for comment, says in made:
            row = drafts.carried(comment, second)
            if row.status == "exact":
                assert row.quote == quotes[comment.id]
            if row.status != "orphan":
                assert where(drafts, row)[row.start : row.end] == row.quote or not row.quote
            assert (row.clause_id is None) == (row.status == "orphan")
            if says not in kept:
                assert row.status in ("orphan", "review")
        db.session.remove()
