"""Objections that break a rule: reported, hidden with a statement, nowhere to be read, looked at a second time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from consult.core import clock
from consult.core.db import db
from consult.outcomes.models import Objection, ObjectionAct, ObjectionReport
from tests.make import Make
from tests.visitor import Visitor

from .test_guards import Review

Visit = Callable[..., Visitor]
CANARY = "Buy kumquats at kumquats.example"
REASON = "It sells something and says nothing about the summary."


@pytest.fixture
def review(app: Flask, make: Make) -> Review:
    with app.app_context():
        return Review(make)


def address(review: Review) -> str:
    return f"/c/{review.slug}/outcome/objections"


def send(visitor: Visitor, review: Review, rest: str, *, status: int = 303, **typed: str) -> str:
    """Send one of the forms about objection 1, found by where it leads."""
    page = visitor.open(address(review))
    form = next(form for form in page.forms if form.action.split("?")[0].endswith(f"/objections/1{rest}"))
    return visitor.send(form.action, form.fields | typed, status=status, follow=False).body


def hidden(review: Review, visit: Visit, make: Make) -> tuple[Visitor, Visitor]:
    """Somebody's objection and the moderator who hid it after a report."""
    critic, moderator = visit(make.person(f"Cleo {CANARY.split()[1]}")), visit(review.moderator)
    critic.open(address(review))
    critic.press("Object", text=f"{CANARY}. They are good.")
    for _ in range(2):
        send(visit(make.person()), review, "/report", rule="spam", text="Advertising.")
    assert "(2 reports)" in moderator.open(address(review)).text
    waiting = moderator.open(f"/c/{review.slug}/manage/moderation?list=objections")
    assert "Objections 1" in waiting.text
    assert "<span>2 reports</span>" in waiting.body
    assert f'href="{address(review)}?round=1#objection-1"' in waiting.body
    assert "Objections 1" in moderator.open(f"/c/{review.slug}/manage/moderation").text
    moderator.open(f"/c/{review.slug}/manage/moderation?list=objections")
    assert moderator.press("Take the next one n").url == f"{address(review)}?round=1"
    told = {"verb": "hide", "rule": "spam", "reason": REASON}
    assert "not in the text" in send(moderator, review, "/decisions", status=422, passage="Other words", **told)
    assert "without the hidden words" in send(
        moderator,
        review,
        "/decisions",
        status=422,
        passage="kumquats",
        **told | {"reason": "No kumquats here, please."},
    )
    send(moderator, review, "/decisions", passage=CANARY, **told)
    return critic, moderator


def test_what_is_hidden_is_nowhere_and_its_statement_is_public(review: Review, make: Make, visit: Visit) -> None:
    critic, moderator = hidden(review, visit, make)
    assert make.count(ObjectionReport, ObjectionReport.closed_at.is_(None)) == 0
    for path in (
        address(review), f"/c/{review.slug}/outcome", f"/c/{review.slug}/moderation", "/moderation",
        f"/c/{review.slug}/outcome/versions", f"/c/{review.slug}/outcome/register.json", "/search?q=kumquats",
        f"/feeds/{review.slug}/answers.atom",
    ):  # fmt: skip
        for who in (visit(), visit(make.staff(review.consultation, "editor"))):
            body = who.open(path, status=None).body.replace("q=kumquats", "").replace('value="kumquats"', "")
            assert CANARY not in body, path
    for path in (address(review), f"/c/{review.slug}/moderation", "/moderation"):
        text = visit().open(path).text
        assert REASON in text, path
        assert "advertising or spam" in text, path
    assert CANARY not in moderator.open("/me/inbox").body
    assert "Objections 0" in moderator.open(f"/c/{review.slug}/manage/moderation").text
    for path in (f"/c/{review.slug}/moderation", "/moderation"):
        assert "Advertising or spam110000000" in visit().open(path).text, path  # hidden once
    for path in (f"/feeds/c/{review.slug}/moderation.atom", "/feeds/moderation.atom"):
        feed = visit().client.get(path).get_data(as_text=True)
        assert "Hidden: objection 1" in feed, path
        assert REASON in feed, path
        assert "kumquats" not in feed, path
    page = critic.open("/me/inbox")
    assert "Moderators decided on your objection 1" in page.text
    assert CANARY in critic.open(address(review)).body  # the words that break the rule, for whoever wrote them
    with make.app.app_context():
        assert "objections" not in review.kinds()


def test_a_second_look_by_somebody_else(review: Review, make: Make, visit: Visit) -> None:
    critic, moderator = hidden(review, visit, make)
    send(critic, review, "/appeal", text="They are about the summary.")
    assert "You decided this yourself" in moderator.open(address(review)).text
    panel = visit(make.staff(review.consultation, "appeals_panel"))
    assert "Appeal: Advertising or spam" in panel.open(f"/c/{review.slug}/manage/moderation").text
    send(panel, review, "/appeal/answer", outcome="restored", reason="It was meant as an example.")
    assert CANARY in visit().open(address(review)).body
    assert "It was meant as an example." in visit().open(f"/c/{review.slug}/moderation").text
    assert "1 taken back" in visit().open("/moderation").text
    assert "After an appeal: It was meant as an example." in visit().client.get("/feeds/moderation.atom").get_data(
        as_text=True
    )
    assert "it is on show" in critic.open("/me/inbox").text
    with make.app.app_context():
        assert "objections" in review.kinds()  # it waits for its answer again


def test_nobody_is_overrun_and_nobody_judges_themselves(review: Review, make: Make, visit: Visit) -> None:
    colleague = visit(make.staff(review.consultation, "moderator"))
    own = visit(review.moderator)
    own.open(address(review))
    own.press("Object", text="I object to my own work.")
    assert not any(f.action.split("?")[0].endswith("/objections/1/decisions") for f in own.open(address(review)).forms)
    late = colleague.open(address(review))
    form = next(f for f in late.forms if f.action.split("?")[0].endswith("/objections/1/decisions"))
    other = visit(make.staff(review.consultation, "moderator"))
    send(other, review, "/decisions", verb="keep", reason="It is fair.")
    page = colleague.send(form.action, form.fields | {"verb": "keep", "reason": "Mine."}, status=422, follow=False)
    assert "a colleague decided" in page.text
    own.send(form.action, form.fields | {"verb": "keep", "reason": "Mine."}, status=None, follow=False)
    assert make.count(ObjectionAct) == 1


def test_the_table_refuses_a_hiding_without_its_statement(review: Review, make: Make, visit: Visit) -> None:
    critic = visit(make.person())
    critic.open(address(review))
    critic.press("Object", text="Words.")
    with make.app.app_context():
        found = db.session.scalars(select(Objection.id)).one()
    whole = {
        "objection_id": found, "verb": "hide", "rule": "spam", "ground": "It sells.", "passage": "Words", "facts": "Them.",
        "reason": "It sells.", "role": "moderator", "moderator_id": review.moderator.id, "appeal_until": clock.now(),
    }  # fmt: skip
    for left_out in (
        {"rule": "", "ground": ""},
        {"passage": ""},
        {"reason": ""},
        {"facts": ""},
        {"appeal_until": None},
    ):
        with pytest.raises(IntegrityError):
            make.row(ObjectionAct(**whole | left_out))
