"""Importing, replacing and freezing versions of a draft."""

from __future__ import annotations

import hashlib
import json

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from consult.consultations.events import ConsultationAnnounced
from consult.consultations.models import Consultation
from consult.core.db import db, write_transaction
from consult.core.errors import Conflict, Invalid, Refused
from consult.core.events import emit
from consult.core.records import replace
from consult.core.rules import SYSTEM, VISITOR, Actor
from consult.documents import operations, queries
from consult.documents.importers import read
from consult.documents.models import Clause, Draft, DraftVersion, Picture, ReadingPage, StagedDraft
from consult.documents.parsed import ParsedDraft, PictureFile
from tests.make import Make

FIRST = "# 1 Scope\n\nThis applies to all.\n\nIt is short, see [terms](#2-terms).\n\n# 2 Terms\n\n- model\n- weights\n"
SECOND = "# 1 Scope\n\nA new beginning.\n\nThis applies to all.\n\n# 2 Terms\n\n- model\n- weights and code\n"


def bring(consultation: Consultation, text: str = FIRST, actor: Actor = SYSTEM, **values: object) -> DraftVersion:
    return operations.import_version(
        actor=actor,
        consultation=consultation,
        parsed=read(text),
        source_name="draft.md",
        source=text.encode(),
        **values,
    )


def move(consultation: Consultation, state: str) -> None:
    """Put a consultation into a state, as the clock or its organisers would."""
    with write_transaction():
        consultation.state = state


def by_text(make: Make, version: DraftVersion) -> dict[str, Clause]:
    return {clause.text: clause for clause in make.clauses(version)}


def test_a_text_becomes_pages_and_clauses_below_each_other(inside: Flask, make: Make) -> None:
    consultation = make.consultation("draft")
    version = bring(consultation, name="d1", change_note="First text.")
    rows = make.clauses(version)
    assert [(c.key, c.label, c.kind, c.depth, c.rank) for c in rows] == [
        ("1", "1", "clause", 0, 0), ("1-p1", "1, paragraph 1", "paragraph", 1, 1),
        ("1-p2", "1, paragraph 2", "paragraph", 1, 2), ("2", "2", "clause", 0, 3),
        ("2-i1", "2, item 1", "point", 1, 4), ("2-i2", "2, item 2", "point", 1, 5),
    ]  # fmt: skip
    by_id = {c.id: c for c in rows}
    assert [by_id[c.parent_id].key if c.parent_id else None for c in rows] == [None, "1", "1", None, "2", "2"]
    assert len({c.lineage_id for c in rows}) == len(rows)
    pages = db.session.scalars(select(ReadingPage).order_by(ReadingPage.rank)).all()
    assert [(p.key, p.label, p.title) for p in pages] == [("1", "1", "Scope"), ("2", "2", "Terms")]
    assert {c.page_id for c in rows[:3]} == {pages[0].id}
    assert (version.number, version.name, version.frozen_at) == (1, "d1", None)
    assert version.sha256 == hashlib.sha256(FIRST.encode()).hexdigest()
    assert db.session.scalar(select(DraftVersion.source)) == FIRST.encode()


def test_links_inside_lead_to_the_clause_page_of_this_version(inside: Flask, make: Make) -> None:
    consultation = make.consultation("draft")
    html = make.clauses(bring(consultation))[2].html
    assert f'<a href="/c/{consultation.slug}/v1/clauses/2" rel="noopener">terms</a>' in html


def test_before_it_is_announced_a_new_text_takes_the_place_of_the_old_one(inside: Flask, make: Make) -> None:
    consultation = make.consultation("draft")
    first = bring(consultation)
    second = bring(consultation, SECOND)
    assert (second.id, second.number) == (first.id, 1)
    assert make.count(DraftVersion) == 1
    assert [c.text for c in make.clauses(second)][1] == "A new beginning."


def test_the_same_submission_imports_once(inside: Flask, make: Make) -> None:
    consultation, key = make.consultation("draft"), make.key()
    assert bring(consultation, key=key).id == bring(consultation, SECOND, key=key).id
    assert (
        make.clauses(queries.version(viewer=SYSTEM, consultation_id=consultation.id))[1].text == "This applies to all."
    )


def test_a_next_version_keeps_the_lineage_of_what_is_the_same(inside: Flask, make: Make) -> None:
    consultation = make.consultation("draft")
    first = bring(consultation)
    operations.freeze_version(actor=SYSTEM, version=first)
    move(consultation, "analysis")
    second = bring(consultation, SECOND, name="d2")
    old, new = by_text(make, first), by_text(make, second)
    assert (second.number, second.supersedes_id) == (2, first.id)
    assert new["This applies to all."].lineage_id == old["This applies to all."].lineage_id
    assert new["Scope"].lineage_id == old["Scope"].lineage_id
    assert new["model"].lineage_id == old["model"].lineage_id
    assert new["A new beginning."].lineage_id not in {c.lineage_id for c in old.values()}
    assert new["weights and code"].lineage_id not in {c.lineage_id for c in old.values()}
    assert by_text(make, first).keys() == old.keys()


def test_lineage_follows_edited_words_and_not_the_number(inside: Flask, make: Make) -> None:
    long = "Providers of general-purpose models shall publish a summary of the data they used."
    consultation = make.consultation("draft")
    first = bring(consultation, f"# 1 Scope\n\nThis applies to all.\n\n# 2 Duties\n\n{long}\n")
    operations.freeze_version(actor=SYSTEM, version=first)
    move(consultation, "analysis")
    edited = long.replace("summary", "detailed summary")
    second = bring(
        consultation,
        f"# 1 Purpose of it all\n\nSafety.\n\n# 2 Scope\n\nThis applies to all.\n\n# 3 Duties\n\n{edited}\n",
    )
    old, new = by_text(make, first), by_text(make, second)
    assert new[edited].lineage_id == old[long].lineage_id
    assert (new["Scope"].label, new["Scope"].lineage_id) == ("2", old["Scope"].lineage_id)
    assert new["Purpose of it all"].lineage_id not in {c.lineage_id for c in old.values()}


@pytest.mark.parametrize(
    ("role", "state", "reason"),
    [
        ("editor", "draft", ""), ("organiser", "draft", ""), ("editor", "analysis", ""), ("organiser", "published", ""),
        ("moderator", "draft", "Only the editors and organisers"), ("observer", "draft", "Only the editors and organisers"),
        ("", "draft", "Only the editors and organisers"), ("organiser", "announced", "cannot change now"),
        ("editor", "open", "cannot change now"), ("editor", "paused", "cannot change now"),
        ("organiser", "withdrawn", "has ended"), ("organiser", "archived", "has ended"),
    ],
)  # fmt: skip
def test_who_may_import_when(inside: Flask, make: Make, role: str, state: str, reason: str) -> None:
    consultation = make.consultation(state)
    person = make.staff(consultation, role) if role else make.person()
    if not reason:
        assert bring(consultation, actor=make.actor(person)).number == 1
        return
    with pytest.raises(Refused, match=reason):
        bring(consultation, actor=make.actor(person))
    assert make.count(Draft) == make.count(DraftVersion) == make.count(Clause) == 0


def test_a_visitor_may_not(inside: Flask, make: Make) -> None:
    with pytest.raises(Refused):
        bring(make.consultation("draft"), actor=VISITOR)


def test_nothing_to_comment_on_is_refused_at_the_field(inside: Flask, make: Make) -> None:
    with pytest.raises(Invalid) as caught:
        operations.import_version(
            actor=SYSTEM,
            consultation=make.consultation("draft"),
            parsed=ParsedDraft("", []),
            source_name="",
            source=b"",
        )
    assert caught.value.field == "file"


def announce(consultation: Consultation) -> None:
    with write_transaction():
        emit(ConsultationAnnounced(consultation.id))


def test_announcing_freezes_the_newest_version_for_the_round(inside: Flask, make: Make) -> None:
    consultation = make.consultation("draft")
    version = bring(consultation)
    announce(consultation)
    row = queries.version(viewer=SYSTEM, consultation_id=consultation.id)
    assert row.id == version.id
    assert row.frozen_at is not None
    assert row.round is not None
    first_time = row.frozen_at
    announce(consultation)
    assert queries.version(viewer=SYSTEM, consultation_id=consultation.id).frozen_at == first_time


def test_announcing_without_a_draft_is_refused(inside: Flask, make: Make) -> None:
    with pytest.raises(Refused, match="Add the draft before you announce the consultation"):
        announce(make.consultation("draft"))


@pytest.mark.parametrize(
    "change",
    [
        update(Clause).values(text="Other words."), update(Clause).values(html="<p>Other words.</p>"),
        update(Clause).values(label="9"), update(ReadingPage).values(title="Other"), delete(Clause),
        update(DraftVersion).values(source=b"Other"), update(DraftVersion).values(frozen_at=None),
        update(DraftVersion).values(sha256="0" * 64), update(Picture).values(data=b"Other"), delete(Picture),
    ],
    ids=str,
)  # fmt: skip
def test_a_frozen_version_never_changes_whoever_asks(inside: Flask, make: Make, change: object) -> None:
    consultation = make.consultation("draft")
    operations.import_version(
        actor=SYSTEM, consultation=consultation, source_name="draft.md", source=FIRST.encode(),
        parsed=replace(read(FIRST), pictures={"00ff": PictureFile("image/png", b"dots")}),
    )  # fmt: skip
    version = operations.freeze_version(
        actor=SYSTEM, version=queries.version(viewer=SYSTEM, consultation_id=consultation.id)
    )
    with pytest.raises(IntegrityError, match="never changes"), write_transaction() as session:
        session.execute(change)  # type: ignore[call-overload]
    assert by_text(make, version).keys() >= {"This applies to all."}


def test_nothing_is_added_to_a_frozen_version(inside: Flask, make: Make) -> None:
    version = operations.freeze_version(actor=SYSTEM, version=bring(make.consultation("draft")))
    page = make.clauses(version)[0].page_id
    with pytest.raises(IntegrityError, match="never changes"):
        make.row(
            Clause(
                version_id=version.id,
                page_id=page,
                lineage_id="x",
                key="x",
                kind="note",
                text="",
                html="",
                rank=9,
                depth=0,
            )
        )


def test_counters_of_a_frozen_version_still_count(inside: Flask, make: Make) -> None:
    version = operations.freeze_version(actor=SYSTEM, version=bring(make.consultation("draft")))
    with write_transaction() as session:
        session.execute(update(Clause).values(comment_count=3))
        session.execute(update(ReadingPage).values(comment_count=3))
    assert {c.comment_count for c in make.clauses(version)} == {3}


@pytest.mark.parametrize(
    ("role", "state", "reason"),
    [
        ("editor", "analysis", "Only the organisers"), ("moderator", "analysis", "Only the organisers"),
        ("organiser", "draft", "when you announce"), ("organiser", "analysis", ""), ("organiser", "published", ""),
    ],
)  # fmt: skip
def test_who_makes_a_version_public_when(inside: Flask, make: Make, role: str, state: str, reason: str) -> None:
    consultation = make.consultation(state)
    version = bring(consultation)
    actor = make.actor(make.staff(consultation, role))
    if not reason:
        assert operations.freeze_version(actor=actor, version=version).frozen_at is not None
        return
    with pytest.raises(Refused, match=reason):
        operations.freeze_version(actor=actor, version=version)


def test_versions_not_frozen_are_for_the_staff_only(inside: Flask, make: Make) -> None:
    consultation = make.consultation("analysis")
    bring(consultation)
    staff = make.actor(make.staff(consultation, "moderator"))
    assert len(queries.versions(viewer=staff, consultation_id=consultation.id)) == 1
    assert not queries.versions(viewer=VISITOR, consultation_id=consultation.id)


def test_a_text_is_looked_at_before_it_is_kept(inside: Flask, make: Make) -> None:
    consultation = make.consultation("draft")
    me = make.actor(make.staff(consultation, "editor"))
    staged = operations.stage_draft(
        actor=me, consultation=consultation, parsed=read(FIRST), source_name="a.md", source=FIRST.encode()
    )
    again = operations.stage_draft(
        actor=me, consultation=consultation, parsed=read(SECOND), source_name="b.md", source=SECOND.encode()
    )
    assert make.count(StagedDraft) == 1
    assert make.count(DraftVersion) == 0
    assert json.loads(again.preview)["counts"] == "2 clauses, 2 paragraphs, 2 points"
    with pytest.raises(Conflict, match="another text"):
        operations.keep_draft(actor=me, staged=again, consultation=consultation, sha256=staged.sha256)
    version = operations.keep_draft(actor=me, staged=again, consultation=consultation, sha256=again.sha256)
    assert make.count(StagedDraft) == 0
    assert (version.source_name, version.sha256) == ("b.md", again.sha256)


def test_nobody_keeps_what_somebody_else_uploaded(inside: Flask, make: Make) -> None:
    consultation = make.consultation("draft")
    me, other = (make.actor(make.staff(consultation, "editor")) for _ in range(2))
    staged = operations.stage_draft(
        actor=me, consultation=consultation, parsed=read(FIRST), source_name="a.md", source=FIRST.encode()
    )
    with pytest.raises(Refused, match="somebody else"):
        operations.discard_draft(actor=other, staged=staged, consultation=consultation)
    operations.discard_draft(actor=me, staged=staged, consultation=consultation)
    assert make.count(StagedDraft) == 0
