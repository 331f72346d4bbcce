"""Somebody new is asked for a calculation, or for patience; nobody is refused, and nobody who is known is asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from consult.accounts.models import Person
from consult.consultations.models import Consultation
from consult.core import clock, proof, traps
from consult.debate.models import Comment, Letter, Reply
from consult.moderation.models import Report
from tests.core.test_proof import solve
from tests.make import Make
from tests.visitor import Page, Visitor

Visit = Callable[..., Visitor]
WRITING = {"body": "The first words of somebody new.", "positions": ["safety"], "stance": "object"}
TYPED = {"name": "Nele", "email": "nele@example.org", "password": "a long and odd sentence", "category": "individual"}
PATIENCE = "A moderator looks at it before it is on show"


@pytest.fixture
def open_one(make: Make) -> Consultation:
    row = make.consultation("open", slug="new")
    make.comment(row, make.clauses(make.version(row))[1], number="P0001-001")
    return row


def solution(page: Page) -> dict[str, str]:
    """What a browser with JavaScript puts into the hidden field."""
    assert page.tree is not None
    (held,) = (e for e in page.tree.iter() if e.get("data-challenge"))
    return {"proof": solve(proof.Challenge(**json.loads(held.get("data-challenge", ""))))}


def states(make: Make, model: type[Comment] | type[Reply] = Comment) -> list[tuple[str, str]]:
    with make.writing() as session:
        rows = session.execute(select(model.state, model.held_for).order_by(model.id))
        return [(state, why) for state, why in rows][-2:]


@pytest.mark.parametrize(
    ("address", "button", "typed", "model"),
    [
        ("/c/new/comments/new", "Post comment", WRITING, Comment),
        ("/c/new/comments/P0001-001", "Post reply", {"body": "A first reply."}, Reply),
        ("/c/new/comments/P0001-001/names/new", "Add my name", {"addition": "A first addition."}, Reply),
    ],
    ids=["comment", "reply", "addition"],
)
def test_with_it_public_at_once_without_it_looked_at_first(
    asking: Flask, visit: Visit, make: Make, open_one: Consultation, address: str, button: str, typed: dict[str, str],
    model: type[Comment] | type[Reply],
) -> None:  # fmt: skip
    plain, able = visit(make.person()), visit(make.person())
    page = plain.open(address)
    assert "Without JavaScript nothing is asked of you" in page.text
    plain.press(button, **typed)
    assert states(make, model)[-1] == ("held", "unproven")
    able.press(button, **solution(able.open(address)), **typed)
    assert states(make, model)[-1] == ("posted", "")


def test_one_solution_is_good_for_one_post_of_one_person(
    asking: Flask, visit: Visit, make: Make, open_one: Consultation
) -> None:
    first, second = visit(make.person()), visit(make.person())
    found = solution(first.open("/c/new/comments/new"))
    second.open("/c/new/comments/new")
    assert PATIENCE in second.press("Post comment", **found, **WRITING).text
    first.press("Post comment", **found, **WRITING)
    with make.writing() as session:
        session.execute(update(Comment).where(Comment.held_for == "").values(state="withdrawn"))
    first.open("/c/new/comments/new")
    assert PATIENCE in first.press("Post comment", **found, **(WRITING | {"body": "Other words, same number."})).text


def test_a_letter_is_asked_as_well(asking: Flask, visit: Visit, make: Make, open_one: Consultation) -> None:
    one = visit(make.person())
    one.open("/c/new/letters/new")
    one.press("Send the letter", body="One paragraph of a letter.")
    page = one.press("Save", **{"cut-0": "begin"})
    fields = {name: name for name in page.form("Save").names}
    typed = {next(n for n in fields if n.endswith("positions")): ["safety"], next(n for n in fields if n.endswith("stance")): "object"}  # fmt: skip
    assert "Without JavaScript" in page.text
    one.press("Post 1 comment", **typed)
    assert states(make)[-1] == ("held", "unproven")
    assert make.count(Letter) == 1


def test_who_is_known_runs_it_or_waits_anyway_is_not_asked(
    asking: Flask, visit: Visit, make: Make, open_one: Consultation
) -> None:
    known = make.person()
    make.comment(open_one, author=known, posted_at=clock.now() - timedelta(hours=1))
    for person in (known, make.staff(open_one, "moderator")):
        assert "data-challenge" not in visit(person).open("/c/new/comments/new").body
    with make.writing() as session:
        session.execute(update(Consultation).values(pre_moderation="first"))
    assert "data-challenge" not in visit(make.person()).open("/c/new/comments/new").body


def registered(make: Make) -> Person:
    with make.writing() as session:
        return session.scalars(select(Person).where(Person.email == TYPED["email"])).one()


def later(page: Page, served: timedelta, app: Flask) -> dict[str, str]:
    """The mark of a page that was opened so long ago."""
    with app.app_context():
        moment = str(int((clock.now() - served).timestamp()))
        return {"served": traps._signer().sign(moment).decode()}


@pytest.mark.parametrize(
    ("more", "is_unproven"),
    [({}, False), ({"leave_empty": "cheap watches"}, True), ({"served": "1.forged"}, True), ({"served": "now"}, True)],
    ids=["person", "hidden field", "forged", "at once"],
)
def test_who_registers_like_a_program_gets_the_account_and_one_look(
    visit: Visit, make: Make, open_one: Consultation, app: Flask, more: dict[str, str], is_unproven: bool
) -> None:
    one = visit()
    page = one.open("/register")
    is_at_once = more.get("served") == "now"  # a busy machine is slower than a person: so it is a moment to come
    served = later(page, timedelta(minutes=-1 if is_at_once else 1), app) | ({} if is_at_once else more)
    assert "We sent you a mail" in one.press("Make my account", **TYPED, **served).text
    person = registered(make)
    assert person.is_unproven == is_unproven
    with make.writing() as session:
        session.execute(update(Person).where(Person.id == person.id).values(email_verified_at=clock.now()))
    writer = visit(person)
    told = writer.open("/c/new/comments/new").text
    assert ("looks at your first contribution" in told, "Public at once" in told) == (is_unproven, not is_unproven)
    writer.press("Post comment", **WRITING)
    assert states(make)[-1] == (("held", "unproven") if is_unproven else ("posted", ""))


def test_registering_without_the_calculation_is_the_same_but_for_one_look(
    asking: Flask, visit: Visit, make: Make
) -> None:
    one = visit()
    page = one.open("/register")
    assert "Without JavaScript nothing is asked of you" in page.text
    one.press("Make my account", **TYPED, **later(page, timedelta(seconds=3), asking))
    assert registered(make).is_unproven
    with make.writing() as session:
        session.execute(update(Person).values(email="other@example.org"))
    page = one.open("/register")
    one.press("Make my account", **TYPED, **later(page, timedelta(seconds=3), asking), **solution(page))
    assert not registered(make).is_unproven


def test_a_report_from_a_program_comes_back_with_a_sentence_and_goes_out_when_emptied(
    visit: Visit, make: Make, open_one: Consultation
) -> None:
    one = visit()
    one.open("/c/new/comments/P0001-001/report")
    page = one.press("Report it", status=422, rule="spam", text="What I typed.", leave_empty="watches")
    assert "it came back with words in it" in page.text
    assert "What I typed." in page.body
    assert make.count(Report) == 0
    one.press("Report it", leave_empty="")
    assert make.count(Report) == 1
