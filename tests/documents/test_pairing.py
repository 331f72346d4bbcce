"""What an editor says in any order, and takes back in any order, never gives a lineage twice and leaves no trace."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from consult.core.db import db
from consult.core.errors import Conflict, Invalid
from consult.core.rules import SYSTEM
from consult.documents import operations, pairing, queries
from consult.documents.kinship import kinship
from consult.documents.models import Clause, ClausePair, DraftVersion
from tests.documents.test_alignment_page import FIRST, SECOND
from tests.documents.test_operations import bring
from tests.make import Make

VERBS: dict[str, Callable[[DraftVersion, int, int], object]] = {
    "same": lambda version, old, new: operations.confirm_pairs(actor=SYSTEM, version=version, pairs=[(old, new)]),
    "different": lambda version, old, new: operations.part_pairs(actor=SYSTEM, version=version, pairs=[(old, new)]),
    "back": lambda version, old, new: take_back(version, (old, new)),
    "hand": lambda version, old, new: operations.link_by_hand(
        actor=SYSTEM, version=version, new_id=new, name=db.session.get_one(Clause, old).key
    ),
    "alike": lambda version, old, new: operations.confirm_alike(
        actor=SYSTEM, version=version, at_least=80, count=len(pairing.alike(pairs_of(version), 80))
    ),
}  # fmt: skip
STEPS = st.lists(st.tuples(st.sampled_from(sorted(VERBS)), st.integers(0, 20), st.integers(0, 20)), max_size=10)


def pairs_of(version: DraftVersion) -> list[ClausePair]:
    statement = select(ClausePair).where(ClausePair.version_id == version.id).order_by(ClausePair.id)
    return list(db.session.scalars(statement.execution_options(populate_existing=True)))


def take_back(version: DraftVersion, pair: tuple[int, int]) -> None:
    said = {(row.old_id, row.new_id): row.decided for row in pairs_of(version)}
    operations.take_back(actor=SYSTEM, version=version, pairs=[pair], decided=said.get(pair, ""))


def state(version: DraftVersion) -> object:
    """Every lineage and every row."""
    lineages = select(Clause.key, Clause.lineage_id).where(Clause.version_id == version.id).order_by(Clause.rank)
    rows = [(p.old_id, p.new_id, p.kind, p.similarity, p.decided) for p in pairs_of(version)]
    return [tuple(row) for row in db.session.execute(lineages)], rows


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, order=st.randoms())
def check(consultation_id: int, first: object, steps: list[tuple[str, int, int]], order: object) -> None:
    version = queries.version(viewer=SYSTEM, consultation_id=consultation_id, number=2)
    old, new = ids(version.supersedes_id), ids(version.id)
    for verb, o, n in steps:
        version = queries.version(viewer=SYSTEM, consultation_id=consultation_id, number=2)
        with suppress(Conflict, Invalid):
            VERBS[verb](version, old[o % len(old)], new[n % len(new)])
        lineages = db.session.scalars(select(Clause.lineage_id).where(Clause.version_id == version.id)).all()
        assert len(set(lineages)) == len(lineages)
        one_row_each(consultation_id)
    version = queries.version(viewer=SYSTEM, consultation_id=consultation_id, number=2)
    said = [(row.old_id, row.new_id) for row in pairs_of(version) if row.decided]
    order.shuffle(said)  # type: ignore[attr-defined]
    for pair in said:
        take_back(version, pair)
    assert state(version) == first


def ids(version_id: int | None) -> list[int]:
    return list(db.session.scalars(select(Clause.id).where(Clause.version_id == version_id).order_by(Clause.rank)))


def one_row_each(consultation_id: int) -> None:
    """Each clause of both versions is in one row of how they relate, and what can be confirmed is shown so."""
    version, older = queries.versions(viewer=SYSTEM, consultation_id=consultation_id)
    kin = kinship(viewer=SYSTEM, old=older, new=version)
    assert sorted(o for row in kin.alignment.rows for o in row.old) == [*range(len(kin.old))]
    assert sorted(n for row in kin.alignment.rows for n in row.new) == [*range(len(kin.new))]
    assert sum(not row.is_sure for row in kin.alignment.rows) == pairing.questions(pairs_of(version))


def test_any_decisions_in_any_order(inside: Flask, make: Make) -> None:
    consultation = make.consultation("published")
    operations.freeze_version(actor=SYSTEM, version=bring(consultation, FIRST))
    version = bring(consultation, SECOND)
    check(consultation.id, state(version))


def test_any_decisions_about_a_merger(inside: Flask, make: Make) -> None:
    consultation = make.consultation("published")
    operations.freeze_version(actor=SYSTEM, version=bring(consultation, SECOND))
    version = bring(consultation, FIRST)
    check(consultation.id, state(version))
