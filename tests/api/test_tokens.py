"""Access tokens: made, shown once, used, ended; machines."""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from consult.accounts import operations as accounts
from consult.accounts.models import Membership, Person
from consult.administration.models import AdministrativeAct
from consult.api import jobs, queries, tokens
from consult.api import operations as api
from consult.api.models import ApiToken
from consult.core import clock
from consult.core.db import db
from consult.core.errors import Conflict, Invalid, Refused
from consult.core.jobs import Job
from consult.core.records import replace
from consult.core.rules import SYSTEM, Actor
from consult.debate.models import Comment
from tests.make import Make

from .program import Program, give

ALL = "/consultations/press/comments"
COMMENT = {"body": "Say who measures it.", "positions": ["safety"], "stance": "object"}


@pytest.fixture
def ada(make: Make) -> Person:
    return make.person("Ada")


def proven(make: Make, person: Person) -> Actor:
    """Somebody who has just shown her password."""
    return replace(make.actor(person), proved_at=clock.now())


def mails(make: Make) -> list[str]:
    with make.writing() as session:
        return [job.payload for job in session.scalars(select(Job).where(Job.kind == "mail.send").order_by(Job.id))]


def test_a_token_is_shown_once_and_only_its_digest_is_kept(app: Flask, make: Make, visit: Any, ada: Person) -> None:
    browser = visit(ada)
    browser.open("/me/account/tokens")
    page = browser.press("Make the token", name="Sheet", scopes=["read", "comment"], days="30")
    token = re.search(r"consult_[A-Za-z0-9_-]{43}", page.body)
    assert token
    with make.writing() as session:
        row = session.scalars(select(ApiToken)).one()
        assert token[0] not in str(vars(row))
        assert (row.digest, row.scopes) == (tokens.digest(token[0], app.config["SECRET_KEY"]), "read comment")
        assert timedelta(days=29) < row.expires_at - clock.now() < timedelta(days=30)
    me = Program(app, token[0]).ask("/me").json
    assert (me["name"], me["token"]["scopes"]) == ("Ada", ["read", "comment"])
    again = browser.open("/me/account/tokens")
    assert token[0] not in again.body
    assert tokens.start(token[0]) in again.body
    assert "last used on" in again.text
    (mail,) = mails(make)
    assert "api/token_made" in mail
    assert token[0] not in mail
    browser.press("Revoke")
    dead = Program(app, token[0]).ask("/consultations", status=401)
    assert 'error="invalid_token"' in dead.headers["WWW-Authenticate"]
    assert "revoked" in dead.json["detail"]


def test_pressed_twice_it_is_one_token_and_a_sentence(make: Make, visit: Any, ada: Person) -> None:
    browser = visit(ada)
    browser.open("/me/account/tokens")
    form = browser.page.form("Make the token")
    values = form.fields | {"name": ["Sheet"], "scopes": ["read"]}
    browser.send(form.action, values)
    second = browser.send(form.action, values)
    assert "shown only once" in second.body
    assert make.count(ApiToken) == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Give it a name"), ({"scopes": None}, "at least one"), ({"days": "0"}, "between 1 and 365"),
        ({"days": "366"}, "between 1 and 365"), ({"days": "soon"}, ""), ({"scopes": ["all"]}, "at least one"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_the_field(
    make: Make, visit: Any, ada: Person, typed: dict[str, Any], sentence: str
) -> None:
    browser = visit(ada)
    browser.open("/me/account/tokens")
    page = browser.press("Make the token", status=422, **{"name": "Sheet", "days": "30", "scopes": ["read"]} | typed)
    assert sentence in page.text
    assert "Sheet" in page.body or typed.get("name") == ""
    assert make.count(ApiToken) == 0


def test_a_new_password_ends_every_token_one_has_or_made(inside: Flask, make: Make, ada: Person) -> None:
    machine = make.person("Robot (machine)", is_machine=True)
    hers = [give(make, ada), give(make, machine, made_by_id=ada.id)]
    others = give(make, make.person("Bea"))
    accounts.change_password(
        actor=make.actor(ada), checked_hash=db.session.get_one(Person, ada.id).password_hash, password_hash="new"
    )
    key = inside.config["SECRET_KEY"]
    faults = [queries.presented(viewer=SYSTEM, digest=tokens.digest(t, key)).fault for t in (*hers, others)]
    assert faults == [queries.DEAD["revoked"]] * 2 + [""]


def test_ending_all_sign_ins_suspending_and_expiring_end_it_too(
    app: Flask, make: Make, visit: Any, ada: Person
) -> None:
    token = give(make, ada)
    browser = visit(ada)
    visit(ada)
    browser.open("/me/account")
    browser.press("End all others")
    assert "revoked" in Program(app, token).ask("/me", status=401).json["detail"]
    late = give(make, ada, expires_at=clock.now() - timedelta(seconds=1))
    assert "expired" in Program(app, late).ask("/me", status=401).json["detail"]
    token = give(make, ada)
    with make.writing() as session:
        session.get_one(Person, ada.id).suspended_at = clock.now()
    assert "suspended" in Program(app, token).ask("/me", status=401).json["detail"]
    made_by_her = give(make, make.person("Robot (machine)", is_machine=True), made_by_id=ada.id)
    Program(app, made_by_her).ask("/me", status=401)


def test_it_speaks_for_whom_it_was_made_for_or_not_at_all(app: Flask, make: Make, visit: Any, ada: Person) -> None:
    of = make.organisation("Library Union")
    member = make.member(ada, of, is_signatory=True)
    token = give(make, ada, acting_for_id=of.id)
    make.version(make.consultation("open", slug="press"))
    posted = Program(app, token).post(ALL, **COMMENT).json
    assert (posted["by"]["name"], posted["by"]["written_by"]) == ("Library Union", "Ada")
    with make.writing() as session:
        session.get_one(Membership, member.id).state = "left"
    assert "member" in Program(app, token).ask("/me", status=401).json["detail"]


@pytest.mark.parametrize("scope", ["read", "comment", "vote"])
def test_a_token_does_what_it_was_made_for(app: Flask, make: Make, ada: Person, scope: str) -> None:
    row = make.consultation("open", slug="press")
    make.version(row)
    make.comment(row, number="P9001-001")
    program = Program(app, give(make, ada, scope))
    doors = {
        "read": ("/consultations", "GET", {}, 200),
        "comment": (ALL, "POST", COMMENT, 201),
        "vote": (f"{ALL}/P9001-001/vote", "PUT", {"choice": "agree"}, 200),
    }
    for wanted, (path, method, body, status) in doors.items():
        answer = program.ask(path, method, status if wanted == scope else 403, **({"json": body} if body else {}))
        if wanted != scope:
            assert f'error="insufficient_scope", scope="{wanted}"' in answer.headers["WWW-Authenticate"]


def test_wrong_tokens_are_told_from_none(app: Flask) -> None:
    for given in ("Bearer x", "Bearer", "Basic YTpi", f"Bearer {tokens.new()}", f"bearer  {tokens.new()}"):
        answer = Program(app).ask("/consultations", status=401, headers={"Authorization": given})
        assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_its_owner_is_told_a_week_before_once(app: Flask, inside: Flask, make: Make, ada: Person) -> None:
    give(make, ada, expires_at=clock.now() + timedelta(days=6), made_at=clock.now() - timedelta(days=84))
    give(make, ada, expires_at=clock.now() + timedelta(days=8), made_at=clock.now())
    give(make, ada, expires_at=clock.now() + timedelta(days=3), made_at=clock.now())
    jobs.warn_of_expiry()
    jobs.warn_of_expiry()
    assert ["token_expires" in mail for mail in mails(make)] == [True]


def test_twenty_are_the_most(inside: Flask, make: Make, ada: Person) -> None:
    for _ in range(api.MOST):
        give(make, ada)
    more = {"name": "One", "scopes": ["read"], "days": 1, "digest": "0" * 64, "start": "consult_"}
    with pytest.raises(Conflict, match="20 tokens"):
        api.make_token(actor=proven(make, ada), **more)


def test_a_machine_is_one_wherever_it_speaks(app: Flask, make: Make, visit: Any, ada: Person) -> None:
    of = make.organisation("Library Union")
    make.member(ada, of, is_signatory=True)
    row = make.consultation("open", slug="press")
    make.version(row)
    browser = visit(ada)
    browser.open("/me/account/machines")
    page = browser.press("Make the account", name="Robot", organisation=of.slug)
    assert page.heading == "Robot (machine)"
    page = browser.press("Make the token", name="Import", scopes=["read", "comment"])
    token = re.search(r"consult_[A-Za-z0-9_-]{43}", page.body)
    assert token
    program = Program(app, token[0])
    assert program.ask("/me").json["is_machine"] is True
    posted = program.post(ALL, **COMMENT).json
    assert posted["by"]["name"] == "Robot (machine)"
    assert posted["state"] == "held"  # its first words wait for a look
    with make.writing() as session:
        comment = session.scalars(select(Comment)).one()
        assert (comment.author_name, comment.organisation_id, comment.unsigned_for_id) == (
            "Robot (machine)",
            None,
            of.id,
        )


def test_a_machine_has_no_vote_no_password_and_signs_nothing(
    app: Flask, inside: Flask, make: Make, ada: Person
) -> None:
    of = make.organisation()
    make.member(ada, of, is_signatory=True)
    signatory = proven(make, ada)
    machine = api.make_machine(actor=signatory, organisation=of, name="Robot (machine)")
    assert machine.name == "Robot (machine)"
    found = queries.machine(viewer=signatory, machine_id=machine.id)
    given = {"name": "All", "days": 1, "digest": "0" * 64, "start": "consult_"}
    with pytest.raises(Invalid, match="for people"):
        api.make_machine_token(
            actor=signatory, machine=found.person, membership=found.membership, scopes=["vote"], **given
        )
    assert found.membership is not None
    with pytest.raises(Conflict, match="signs for nobody"):
        accounts.choose_signatory(actor=SYSTEM, membership=found.membership, is_signatory=True)
    with pytest.raises(Invalid, match="belongs to a machine"):
        accounts.describe_person(actor=signatory, name="Ada (Machine)", category="individual")
    with pytest.raises(Refused, match="signatory"):
        api.make_machine(actor=proven(make, make.person()), organisation=of, name="Other")


def test_a_machine_goes_on_speaking_for_its_organisation_through_a_merge_and_back(
    app: Flask, inside: Flask, make: Make
) -> None:
    former, into = make.organisation("Acme Inc", slug="acme-inc"), make.organisation("Acme", slug="acme")
    machine, signer = make.person("Robot (machine)", is_machine=True, password_hash=""), make.person()
    make.member(machine, former)
    make.member(signer, into, is_signatory=True)
    program = Program(app, give(make, machine, "read", acting_for_id=former.id))
    assert program.ask("/me").json["speaks_for"] == "Acme Inc"
    boss = make.actor(make.person("Boss", is_administrator=True))
    merge = accounts.merge_organisations(actor=boss, former=former, into=into, reason="One register number.")
    assert program.ask("/me").json["speaks_for"] == "Acme"
    accounts.undo_merge(actor=SYSTEM, merge=merge)
    assert program.ask("/me").json["speaks_for"] == "Acme Inc"


def test_a_machine_is_closed_for_good_with_a_reason_and_its_words_stay(
    app: Flask, make: Make, visit: Any, ada: Person
) -> None:
    of, machine = make.organisation("Library Union"), make.person("Robot (machine)", is_machine=True, password_hash="")
    make.member(ada, of, is_signatory=True)
    make.member(machine, of)
    row = make.consultation("open", slug="press")
    make.version(row)
    program = Program(app, give(make, machine, acting_for_id=of.id))
    posted = program.post(ALL, **COMMENT).json["number"]
    for stranger in (make.person("Bea"), make.staff(row, "organiser")):
        visit(stranger).open(f"/me/account/machines/{machine.id}/closing", status=404)
    browser = visit(ada)
    browser.open(f"/me/account/machines/{machine.id}")
    form = browser.page.form("Make the token")
    browser.open(browser.page.links()["Close this machine"])
    closing = browser.page.form("Close it")
    assert "Say why." in browser.press("Close it", status=422, reason=" ").text
    assert program.ask("/me").json["name"] == "Robot (machine)"
    page = browser.press("Close it", reason="We use another one.")
    assert "was closed on" in page.text
    assert not {"Make the token", "Revoke"} & {text for form in page.forms for text, *_ in form.buttons}
    assert "machine behind this token is closed" in program.ask("/me", status=401).json["detail"]
    late = browser.send(form.action, form.fields | {"name": ["Late"], "scopes": ["read"]}, status=422)
    assert "was closed on" in late.text
    again = browser.send(closing.action, closing.fields | {"key": [make.key()], "reason": ["Again."]}, status=422)
    assert "closed already" in again.text
    assert "closed on" in browser.open("/me/account/machines").text
    with make.writing() as session:
        assert session.scalars(select(ApiToken.revoked_at)).one() is not None
        assert session.scalars(select(Comment.author_name).where(Comment.number == posted)).one() == "Robot (machine)"
        act = session.scalars(select(AdministrativeAct)).one()
        assert (act.verb, act.by_id, act.person_id) == ("close_machine", ada.id, machine.id)
        assert act.reason == "We use another one."


def test_administrators_find_machines_among_people_and_close_them_on_their_page(
    app: Flask, make: Make, visit: Any, ada: Person
) -> None:
    machine = make.person("Robot (machine)", is_machine=True, password_hash="")
    root = visit(make.person("Root", is_administrator=True))
    root.open("/administration/people?show=machines")
    assert "Ada" not in root.page.text
    root.open(root.page.links()["Robot (machine)"])
    assert not {"Suspend this account", "Make administrator", "Erase this account"} & root.page.links().keys()
    root.open(root.page.links()["Its tokens, and how to close it"])
    root.open(root.page.links()["Close this machine"])
    root.press("Close it", reason="Nobody answers for it.")
    text = root.open(f"/administration/people/{machine.id}").text
    assert "Machine closed" in text
    assert "Nobody answers for it." in text
    assert "closed" in root.open("/administration/people?show=machines").text
    assert "Robot" not in root.open("/administration/people?show=suspended").text
    root.open(f"/administration/people/{machine.id}/return")
    assert "account of a machine" in root.page.text


def test_who_made_it_showed_who_she_is_and_roles_wait_for_a_second_step_here_too(
    app: Flask, make: Make, visit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = make.consultation("draft", slug="press")
    moderator = make.staff(row, "moderator")
    with clock.shifted(-timedelta(minutes=20)):
        browser = visit(moderator)
    browser.open("/me/account/tokens", status=None)
    assert browser.page.heading == "Is it you?"
    program = Program(app, give(make, moderator, "read", "moderate"))
    program.ask("/consultations/press")
    settings = dataclasses.replace(app.extensions["consult.settings"], staff_second_factor="required")
    monkeypatch.setitem(app.extensions, "consult.settings", settings)
    program.ask("/consultations/press", status=404)
    with make.writing() as session:
        session.get_one(Person, moderator.id).second_factor_at = clock.now()
    program.ask("/consultations/press")
