"""Every operation that takes an administrator leaves a trace: each is run here, and counted in the list of acts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import joinedload

from consult.accounts import operations as accounts
from consult.accounts import rules
from consult.accounts.models import OrganisationMerge
from consult.administration import operations as administration
from consult.administration.kinds import KINDS, MAILS
from consult.administration.models import VERBS, AdministrativeAct
from consult.administration.rules import may_appoint, may_run_job
from consult.core import clock
from consult.core.db import db
from consult.core.jobs import Job, _handlers, later
from consult.core.rules import SYSTEM, Actor, administrators
from consult.privacy import operations as privacy
from tests.make import Make

from .test_code import _modules, _own_functions

# The rules that say yes to nobody but administrators and the system.
RULES = {
    administrators,
    may_appoint,
    may_run_job,
    rules.may_run_account,
    rules.may_verify_organisation,
    rules.may_merge_organisations,
    rules.may_undo_merge,
}
WHY = {"reason": "It was asked for."}


def _job(make: Make, **values: Any) -> Job:
    with make.writing() as session:
        later("mail.send", {"template": "x", "to": "ada@example.org", "values": {}})
        row = session.scalars(select(Job).order_by(Job.id.desc())).first()
        assert row is not None
        for name, value in values.items():
            setattr(row, name, value)
    return row


def _held(make: Make) -> dict[str, Any]:
    row = make.consultation()
    make.staff(row, "organiser")
    return {"consultation_id": row.id, "person_id": make.staff(row, "moderator").id, "role": "moderator"}


def _merge(make: Make) -> OrganisationMerge:
    into = make.organisation()
    former = make.organisation(merged_into_id=into.id)
    merged = make.row(OrganisationMerge(former_id=former.id, into_id=into.id, reason="They are the same."))
    both = joinedload(OrganisationMerge.former), joinedload(OrganisationMerge.into)
    return db.session.scalars(select(OrganisationMerge).options(*both).where(OrganisationMerge.id == merged.id)).one()


SAID = {"name": "Guild", "category": "industry", "country": "", "size": "", "register_number": "HRB 1", "note": ""}
# What makes each of them succeed.
CALLS: dict[str, Callable[[Make], dict[str, Any]]] = {
    "suspend_account": lambda make: {"person": make.person(), **WHY},
    "let_in_again": lambda make: {"person": make.person(suspended_at=make.person().created_at), **WHY},
    "end_all_sign_ins": lambda make: {"person": make.person(), **WHY},
    "mail_password": lambda make: {"person": make.person(), **WHY},
    "forget_factors": lambda make: {"person": make.person(second_factor_at=make.person().created_at), **WHY},
    "make_administrator": lambda make: {"person": make.person(), **WHY},
    "unmake_administrator": lambda make: {"person": make.person(is_administrator=True), **WHY},
    "verify_organisation": lambda make: {"organisation": make.organisation(), **WHY},
    "unverify_organisation": lambda make: {"organisation": make.organisation(is_verified=True), **WHY},
    "describe_organisation": lambda make: {"organisation": make.organisation(), **SAID, **WHY},
    "merge_organisations": lambda make: {"former": make.organisation(), "into": make.organisation(), **WHY},
    "undo_merge": lambda make: {"merge": _merge(make)},
    "say_apart": lambda make: {"one": make.organisation(), "other": make.organisation()},
    "erase_now": lambda make: {"email": make.person().email, "words_go": False, **WHY},
    "erase_person": lambda make: {"person": make.person(), "words_go": False, **WHY},
    "appoint": lambda make: {
        "consultation_id": make.consultation().id, "person": make.person(), "role": "organiser", **WHY,
    },
    "dismiss": lambda make: {**_held(make), **WHY},
    "retry_job": lambda make: {"job": _job(make)},
    "retry_jobs": lambda make: {"kind": _job(make, is_parked=True).kind},
    "discard_job": lambda make: {"job": _job(make, is_parked=True), **WHY},
}  # fmt: skip


def _operations() -> Iterator[tuple[str, Any]]:
    for module in _modules("operations"):
        for name, function in _own_functions(module):
            if getattr(function, "rule", None) in RULES:
                yield name, function


def test_each_operation_for_administrators_is_here(app: Flask) -> None:
    assert {name for name, _ in _operations()} == set(CALLS), "say in CALLS how to run it; it must leave an act"


@pytest.mark.parametrize("is_command", [False, True])
def test_each_leaves_one_act_with_who_and_why(app: Flask, make: Make, inside: Flask, is_command: bool) -> None:
    root = make.person("Root", is_administrator=True)
    actor = Actor(name="shell", is_system=True) if is_command else make.actor(root)
    for name, operation in _operations():
        given = CALLS[name](make)
        before = make.count(AdministrativeAct)
        operation(actor=actor, **given)
        assert make.count(AdministrativeAct) == before + 1, name
        act = db.session.scalars(select(AdministrativeAct).order_by(AdministrativeAct.id.desc())).first()
        assert act is not None
        assert (act.by_id, act.by_name) == ((None, "shell") if is_command else (root.id, "")), name
        assert act.reason == given.get("reason", ""), name
        assert act.verb in VERBS


def test_an_administrator_who_gives_a_role_without_organising_leaves_one_and_an_organiser_none(
    make: Make, inside: Flask
) -> None:
    row, root = make.consultation(), make.actor(make.person(is_administrator=True))
    organiser, new = make.actor(make.staff(row, "organiser")), make.person()
    given = {"consultation_id": row.id, "person_id": new.id}
    accounts.grant_role(actor=organiser, **given, role="editor")
    assert make.count(AdministrativeAct) == 0
    accounts.grant_role(actor=root, **given, role="moderator")
    accounts.revoke_role(actor=root, **given, role="moderator")
    assert make.count(AdministrativeAct) == 2


def test_an_account_made_as_administrator_by_command_leaves_one(make: Make, inside: Flask) -> None:
    person = {"email": "new@example.org", "password_hash": "x", "category": "other"}
    accounts.create_person(actor=SYSTEM, name="New", **person, is_administrator=True)
    accounts.create_person(actor=SYSTEM, name="Other", **person | {"email": "other@example.org"})
    assert make.count(AdministrativeAct, AdministrativeAct.verb == "make_administrator") == 1


def test_an_act_that_is_refused_or_fails_leaves_none(make: Make, inside: Flask) -> None:
    somebody = make.actor(make.person())
    for name, operation in _operations():
        given = CALLS[name](make)
        with pytest.raises(Exception, match="administrator"):
            operation(actor=somebody, **given)
    assert make.count(AdministrativeAct) == 0


def test_the_database_refuses_to_change_or_remove_an_act_before_its_time(make: Make, inside: Flask) -> None:
    administration.retry_job(actor=SYSTEM, job=_job(make))
    for statement in (update(AdministrativeAct).values(reason="Other"), delete(AdministrativeAct)):
        with pytest.raises(DBAPIError, match="never changes"), make.writing() as session:
            session.execute(statement)
    make.row(AdministrativeAct(verb="verify", kept_until=clock.now() - timedelta(hours=1)))
    with make.writing() as session:
        session.execute(delete(AdministrativeAct).where(AdministrativeAct.verb == "verify"))
    assert make.count(AdministrativeAct) == 1


def test_every_kind_of_jobs_has_words(app: Flask) -> None:
    assert {kind for kind in _handlers if "." in kind and not kind.startswith("test")} <= set(KINDS)
    assert set(MAILS) <= set(KINDS) <= set(_handlers)


assert privacy  # its operations are among those that are looked through
