"""A moderator answers many comments: narrowed, ticked, from a template, taken back; then a theme at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from consult.core.db import db
from consult.debate.models import Comment
from consult.outcomes.models import AnswerTemplate, Disposition
from tests.outcomes.world import World

from .conftest import Site, Surfer
from .test_kept import sign_in

Arrive = Callable[..., Surfer]


@pytest.mark.parametrize("has_script", [True, False], ids=["with-script", "plain"])
def test_a_moderator_answers_many_at_once(site: Site, surfer: Arrive, has_script: bool) -> None:
    make = site.make
    world = World(make)
    given = {"consultation_id": world.consultation.id, "edited_by_id": world.moderator.id}
    make.row(AnswerTemplate(**given, name="Thanks", text="Thank you for {number}, on {clause}.", code="noted"))
    world.comment(2)
    one, two = world.comment(1, body="Open means open."), world.comment(1, body="What is open?")
    mia, here = surfer(has_script=has_script), world.consultation.id
    sign_in(mia, world.moderator)
    mia.open(f"/c/{world.slug}/manage/answers/table?clause=1.1")
    assert mia.page.locator("tbody tr").count() == 2
    assert mia.page.locator("#keys").is_visible() == has_script
    if has_script:  # by keys alone
        mia.page.keyboard.press("?")
        mia.sees("answer the ticked ones together")
        mia.page.locator("#keys-on").uncheck()
        mia.page.keyboard.press("j")
        assert not mia.page.locator("tbody input:focus").count()
        mia.page.locator("#keys-on").check()
        for key in ("j", "x", "j", "x"):
            mia.page.keyboard.press(key)
        with mia.page.expect_navigation():
            mia.page.keyboard.press("a")
        mia.look()
    else:
        for comment in (one, two):
            mia.page.locator(f"[name=also][value='{comment.number}']").check()
        mia.press("Answer the ticked ones together")
    mia.fill(template=mia.page.locator("[name=template] option").first.get_attribute("value") or "")
    mia.press("Fill in")
    assert mia.page.locator("[name=observation]").input_value() == "Thank you for {number}, on {clause}."
    mia.press("Save and next")
    mia.sees(f"{one.number} and 1 more: noted.")
    assert _said(site, here) == {f"Thank you for {c.number}, on 1.1." for c in (one, two)}
    mia.press(f"Undo: {one.number} and 1 more noted")
    assert make.count(Comment, Comment.consultation_id == here, Comment.disposition == "unresolved") == 3
    mia.open(f"/c/{world.slug}/manage/answers/table?clause=1.1")
    mia.press("Assign or group all 2")
    mia.fill(name="What counts as open")
    mia.press("Put them there")
    mia.fill(code="rejected")
    mia.page.locator("[name=observation]").fill("It is defined in 3.1.")
    mia.press("Answer the theme")
    mia.sees("“What counts as open” is answered.", "all answered")
    assert make.count(Comment, Comment.consultation_id == here, Comment.disposition == "rejected") == 2


def _said(site: Site, consultation_id: int) -> set[str]:
    with site.app.app_context():
        told = select(Disposition.observation).join(Comment, Comment.id == Disposition.comment_id)
        return set(db.session.scalars(told.where(Comment.consultation_id == consultation_id)))
