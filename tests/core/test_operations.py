"""An operation judges, writes once and commits once; nothing writes around it."""

from __future__ import annotations

import pytest
from flask import Flask

from consult.accounts.models import Organisation
from consult.core.db import WriteOutsideOperation, db
from consult.core.errors import Refused
from consult.core.operations import Submission, operation, session
from consult.core.rules import SYSTEM, VISITOR, Actor, Verdict, no, signed_in, system_only
from tests.make import Make


@operation(rule=system_only)
def found_organisation(*, actor: Actor, name: str, key: str | None = None) -> Organisation:
    row = Organisation(slug=name.lower(), name=name, code=name[:3].upper(), category="other")
    session().add(row)
    session().flush()
    return row


def _not_verified(actor: Actor, organisation: Organisation) -> Verdict:
    return no("It is verified already.") if organisation.is_verified else signed_in(actor)


@operation(rule=_not_verified, on="organisation")
def rename(*, actor: Actor, organisation: Organisation, name: str) -> Organisation:
    organisation.name = name
    return organisation


def test_a_refused_operation_leaves_no_trace(inside: Flask, make: Make) -> None:
    with pytest.raises(Refused, match="Only the system"):
        found_organisation(actor=VISITOR, name="Acme")
    assert make.count(Organisation) == 0


def test_the_same_key_gives_the_same_result_once(inside: Flask, make: Make) -> None:
    key = make.key()
    first = found_organisation(actor=SYSTEM, name="Acme", key=key)
    again = found_organisation(actor=SYSTEM, name="Acme", key=key)
    assert first.id == again.id
    assert make.count(Organisation) == make.count(Submission) == 1


def test_the_rule_judges_what_is_true_now_not_when_the_page_was_loaded(inside: Flask, make: Make) -> None:
    person = make.actor(make.person())
    row = make.organisation("Acme")
    db.session.refresh(row)
    with inside.app_context(), db.engine.begin() as other:
        other.exec_driver_sql(f"UPDATE organisation SET is_verified = true WHERE id = {row.id}")
    with pytest.raises(Refused, match="verified already"):
        rename(actor=person, organisation=row, name="Acme 2")


def test_a_write_outside_an_operation_raises(inside: Flask) -> None:
    db.session.add(Organisation(slug="a", name="A", code="A", category="other"))
    with pytest.raises(WriteOutsideOperation):
        db.session.flush()
    db.session.rollback()
    with pytest.raises(WriteOutsideOperation):
        db.session.execute(db.update(Organisation).values(name="B"))
