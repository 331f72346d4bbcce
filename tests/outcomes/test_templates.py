"""Templates: words that are given often, filled in without JavaScript and copied into each answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from consult.core.db import db
from consult.core.errors import Invalid, Refused
from consult.debate.models import Comment
from consult.outcomes import operations, placeholders, queries
from consult.outcomes.models import AnswerTemplate, Disposition
from tests.listening import listening
from tests.make import Make
from tests.visitor import Visitor

from .world import World

Visit = Callable[..., Visitor]
WORDS = "Thank you for {number}. See {clause}."


def add(world: World, name: str = "Thanks", words: str = WORDS, code: str = "noted") -> AnswerTemplate:
    actor = world.make.actor(world.moderator)
    return operations.add_template(actor=actor, consultation=world.found(), name=name, words=words, code=code)


def test_a_template_fills_in_the_answer_and_keeps_what_was_typed(make: Make, visit: Visit) -> None:
    world = World(make)
    comment = world.comment()
    browser = visit(world.moderator)
    browser.open(f"/c/{world.slug}/manage/templates")
    page = browser.press("Save", status=422, name="Thanks", words="See {claus}.")
    assert "{claus} stands for nothing." in " ".join(page.errors())
    browser.press("Save", name="Thanks", words=WORDS, code="noted")
    page = browser.open(f"/c/{world.slug}/manage/answers/{comment.number}")
    template = page.form("Fill in").choices["template"][0]
    page = browser.press("Fill in", template=template, observation="Typed before.", change_note="1.1")
    form = page.form("Save and next")
    filled = f"Thank you for {comment.number}. See 1.1."
    assert form.fields["observation"] == [f"Typed before.\n\n{filled}"]
    assert form.fields["change_note"] == ["1.1"]
    assert form.fields["code"] == ["noted"]
    assert make.count(Disposition) == 0, "filling in saves nothing"
    page = browser.press("Fill in", status=422, template="999", observation="Mine.")
    assert page.form("Save and next").fields["observation"] == ["Mine."]
    page = browser.press("Fill in", template=template, observation="Typed before.", code=None)
    page = browser.press("Fill in", template=template)
    assert page.form("Save and next").fields["observation"] == [f"Typed before.\n\n{filled}"], (
        "the same words only once"
    )
    browser.press("Save and next", code="rejected")
    with make.app.app_context():
        [row] = db.session.scalars(select(Disposition))
        assert (row.code, row.observation) == ("rejected", f"Typed before.\n\n{filled}")


def test_of_many_each_has_its_own_number_and_clause(make: Make, visit: Visit) -> None:
    world = World(make)
    with make.app.app_context():
        template = add(world).id
    one, two = world.comment(1), world.comment(2)
    browser = visit(world.moderator)
    browser.open(f"/c/{world.slug}/manage/answers")
    browser.press("Answer the ticked ones together", also=[one.number, two.number])
    page = browser.press("Fill in", template=str(template))
    assert page.form("Save and next").fields["observation"] == [WORDS]
    assert page.form("Save and next").fields["also"] == [two.number]
    browser.press("Save and next")
    with make.app.app_context():
        said = set(db.session.scalars(select(Disposition.observation)))
        assert said == {f"Thank you for {one.number}. See 1.1.", f"Thank you for {two.number}. See 1.2."}
    browser.press(f"Undo: {one.number} and 1 more noted")
    assert make.count(Comment, Comment.disposition == "unresolved") == 2


def test_a_theme_takes_a_template_too(make: Make, visit: Visit) -> None:
    world = World(make)
    one, two = world.comments(2)
    with make.app.app_context():
        template = add(world).id
        operations.gather(
            actor=make.actor(world.moderator), consultation=world.found(), comments=[one, two], name="Open"
        )
    browser = visit(world.moderator)
    browser.open(f"/c/{world.slug}/manage/themes/1")
    browser.press("Fill in", template=str(template))
    browser.press("Answer the theme")
    with make.app.app_context():
        assert f"Thank you for {two.number}. See 1.1." in set(db.session.scalars(select(Disposition.observation)))


def test_an_edited_or_removed_template_changes_no_answer(make: Make, visit: Visit) -> None:
    world = World(make)
    comment = world.comment()
    with make.app.app_context():
        row = add(world)
        actor = make.actor(world.moderator)
        operations.decide(actor=actor, comments=[world.row(comment)], code="noted", observation=row.text)
    browser = visit(world.moderator)
    page = browser.open(f"/c/{world.slug}/manage/templates")
    browser.open(page.links()["Thanks"])
    browser.press("Save", words="Other words.", name="Thanks again")
    browser.open(page.links()["Thanks"])
    browser.press("Remove this template")
    assert make.count(AnswerTemplate) == 0
    with make.app.app_context():
        [said] = db.session.scalars(select(Disposition.observation))
        assert said == f"Thank you for {comment.number}. See 1.1."


def test_who_may_keep_templates_and_what_they_are(inside: Flask, make: Make) -> None:
    world = World(make)
    row = add(world)
    with pytest.raises(Invalid, match="of this name"):
        add(world)
    with pytest.raises(Invalid, match="Choose one of the decisions"):
        add(world, name="x", code="maybe")
    for name, words, reason in (("", "x", "a name"), ("x", " ", "the words")):
        with pytest.raises(Invalid, match=reason):
            add(world, name=name, words=words)
    editor = make.actor(make.staff(world.consultation, "editor"))
    with pytest.raises(Refused, match="Only moderators"):
        operations.remove_template(actor=editor, template=row)
    assert queries.templates(viewer=editor, consultation=world.found()) == [row]
    with pytest.raises(Refused):
        queries.templates(viewer=make.actor(make.person()), consultation=world.found())


@given(st.text(), st.text(), st.text())
def test_only_placeholders_are_filled_in_and_only_once(words: str, number: str, clause: str) -> None:
    filled = placeholders.filled(words + "{number}|{clause}", number=number, clause=clause)
    assert filled.endswith(f"{number}|{clause or placeholders.WHOLE}")
    if "{" not in words:
        assert filled.startswith(words)
        assert placeholders.unknown(words + "{number}") == []
    assert placeholders.filled("{number}", number="{clause}", clause="6.3") == "{clause}"


def test_templates_cost_one_statement(app: Flask, make: Make, visit: Visit) -> None:
    world = World(make)
    world.comment()
    browser, address = visit(world.moderator), f"/c/{world.slug}/manage/answers"
    with app.app_context():
        add(world)
    with listening(app) as few:
        browser.open(address)
    with app.app_context():
        for n in range(20):
            add(world, name=f"Number {n}")
    with listening(app) as many:
        browser.open(address)
    assert len(few) == len(many)
