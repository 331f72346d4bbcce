"""Whose name is shown: chosen when one posts, limited by the consultation, changed afterwards both ways."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from consult.consultations import naming
from consult.consultations.models import Consultation
from consult.core.db import db
from consult.core.errors import Invalid, Refused
from consult.core.rules import VISITOR
from consult.debate import operations, queries
from consult.debate.letters import BEGIN, Fields, Plan
from consult.debate.models import Comment, Cosignature, Letter, Reply
from consult.debate.references import quote
from tests.visitor import Visitor

from .conftest import World

Visit = Callable[..., Visitor]


def found(world: World, number: str, viewer: Any = VISITOR) -> Comment:
    return queries.find_comment(viewer=viewer, slug=world.consultation.slug, number=number)


def test_everybody_of_a_category_reads_the_same() -> None:
    assert {naming.byline("category", name, "industry") for name in ("Ada", "Bo")} == {"A person from industry"}
    assert {naming.byline("nobody", name, "industry") for name in ("Ada", "Bo")} == {"Name withheld"}
    assert naming.allowed("nobody") == ["name", "category", "nobody"]
    assert naming.allowed("name") == ["name"]


@pytest.mark.usefixtures("inside")
def test_what_is_quoted_and_named_follows_both_ways(world: World) -> None:
    ada, bo = world.actor("Ada Lovelace"), world.actor("Bo")
    number = world.post(ada, body="It is too long.").number
    words = quote(f"{world.address}/{number}", f"Ada Lovelace, {number}", "It is too long.")
    one = operations.post_reply(
        actor=bo, comment=found(world, number), parent=None, body=f"{words}I ask @{number} why."
    )  # fmt: skip
    assert one.html.count("Ada Lovelace") == 2
    operations.name_comment(actor=ada, comment=found(world, number), named="nobody")
    db.session.expire_all()
    reply = db.session.get_one(Reply, one.id)
    assert "Ada" not in reply.html + reply.body
    assert f"[Name withheld, {number}]" in reply.body
    assert f">@{number}</a>" in reply.html
    card = queries.card(viewer=VISITOR, comment=found(world, number))
    assert (card.who, card.author_id, card.known_as) == ("Name withheld", None, "")
    assert queries.card(viewer=world.moderator(), comment=found(world, number)).known_as == "Ada Lovelace"
    assert queries.card(viewer=ada, comment=found(world, number, ada)).known_as == "Ada Lovelace"
    operations.name_comment(actor=ada, comment=found(world, number), named="name")
    db.session.expire_all()
    assert db.session.get_one(Reply, one.id).html.count("Ada Lovelace") == 2
    assert found(world, number).number == number


@pytest.mark.usefixtures("inside")
def test_only_whose_name_it_is_and_only_what_is_allowed(world: World) -> None:
    ada = world.actor("Ada")
    number = world.post(ada).number
    for other in (world.actor("Bo"), world.moderator(), VISITOR):
        with pytest.raises(Refused, match="whose name it is"):
            operations.name_comment(actor=other, comment=found(world, number), named="nobody")
    with world.make.writing() as session:
        session.execute(update(Consultation).values(least_named="category"))
    row = db.session.scalars(select(Consultation).execution_options(populate_existing=True)).one()
    with pytest.raises(Invalid, match="or only what you are here as"):
        world.post(ada, consultation=row, named="nobody")
    with pytest.raises(Invalid, match="Choose whose name"):
        world.post(ada, consultation=row, named="everybody")
    assert world.post(ada, consultation=row, named="category").author_name == "An individual"


@pytest.mark.usefixtures("inside")
def test_who_signed_can_withhold_her_name_and_the_organisation_is_named(world: World) -> None:
    make = world.make
    mia, body = make.person("Mia Member"), make.organisation("The Guild", code="MG")
    make.member(mia, body, is_signatory=True)
    number = world.post(make.actor(mia, body.id), named="category").number
    card = queries.card(viewer=VISITOR, comment=found(world, number))
    assert (number, card.who, card.written_by, card.signed_by) == ("MG-001", "The Guild", "", "")
    operations.name_comment(actor=make.actor(mia), comment=found(world, number), named="name")
    assert queries.card(viewer=VISITOR, comment=found(world, number)).signed_by == "Mia Member"


@pytest.mark.usefixtures("inside")
def test_a_member_who_shows_nothing_is_not_shown_to_belong_there(world: World) -> None:
    make = world.make
    mia, body, sig = make.person("Mia"), make.organisation("The Guild"), make.person("Sig")
    make.member(mia, body)
    make.member(sig, body, is_signatory=True)
    number = world.post(make.actor(mia, body.id), named="nobody").number
    signatory = make.actor(sig, body.id)
    card = queries.card(viewer=signatory, comment=found(world, number))
    assert (card.unsigned_for, card.may_sign) == (None, False)
    with pytest.raises(Refused, match="shows nobody"):
        operations.sign_comment(actor=signatory, comment=found(world, number), seen_edit_number=0)
    operations.name_comment(actor=make.actor(mia), comment=found(world, number), named="category")
    card = queries.card(viewer=signatory, comment=found(world, number))
    assert (card.who, card.unsigned_for and card.unsigned_for.name, card.may_sign) == (
        "An individual",
        "The Guild",
        True,
    )


@pytest.mark.usefixtures("inside")
def test_a_name_under_a_comment_and_what_it_adds_go_together(world: World) -> None:
    bo = world.actor("Bo Barr")
    number = world.post().number
    operations.cosign(actor=bo, comment=found(world, number), seen_edit_number=0, addition="More.", named="nobody")

    def shown() -> tuple[str, str]:
        db.session.expire_all()
        return db.session.scalars(select(Cosignature.name)).one(), db.session.scalars(select(Reply.author_name)).one()

    assert shown() == ("Name withheld", "Name withheld")
    operations.name_cosignature(actor=bo, comment=found(world, number), named="name")
    assert shown() == ("Bo Barr", "Bo Barr")
    reply = db.session.scalars(select(Reply.id)).one()
    row = queries.find_reply(viewer=bo, slug=world.consultation.slug, number=number, reply_id=reply)
    operations.name_reply(actor=bo, reply=row, named="category")
    assert shown() == ("An individual", "An individual")


@pytest.mark.usefixtures("inside")
def test_a_letter_and_its_comments_go_together(world: World) -> None:
    ada = world.actor("Ada Lovelace")
    sent = operations.send_letter(
        actor=ada, consultation=world.consultation, title="", body="One.\n\nTwo.", is_handed_over=False
    )  # fmt: skip

    def letter() -> Letter:
        return queries.find_letter(viewer=ada, slug=world.consultation.slug, letter_id=sent.id)

    fields = Fields(positions=("safety",), stance="support")
    plan = Plan(cuts=(BEGIN, BEGIN), fields={0: fields, 1: fields})
    operations.post_letter(actor=ada, letter=letter(), version=world.version, plan=plan)
    with pytest.raises(Invalid, match="letter as a whole"):
        operations.name_comment(actor=ada, comment=found(world, "P-001"), named="nobody")
    operations.name_letter(actor=ada, letter=letter(), named="nobody")
    db.session.expire_all()
    assert (letter().title, letter().author_name) == ("Letter, name withheld", "Name withheld")
    assert set(db.session.scalars(select(Comment.author_name))) == {"Name withheld"}


def test_from_the_form_to_the_page_and_back(app: Flask, world: World, visit: Visit) -> None:
    ada = world.make.person("Ada Lovelace", category="academia")
    browser, number = visit(ada), "P-001"
    page = browser.open(f"{world.address}/new?version=1&clause=1-1")
    assert "Whose name is shown? Yours" in page.text
    page = browser.press("Post comment", body="Too long.", positions="safety", stance="object", named="nobody")
    assert "Only you and the moderators know that this is yours." in page.text
    page = browser.open(f"{world.address}/new?version=1&clause=1-1")
    assert 'value="nobody" checked' in page.body, "what she chose last here"
    stranger = visit()
    assert "Ada" not in stranger.open(f"{world.address}/{number}").body
    browser.open(f"{world.address}/{number}/name")
    page = browser.press("Show it like this", named="category")
    assert "A person from academia" in page.text
    assert "Whose name is shown was changed" in stranger.open(f"{world.address}/{number}").text
    moderator = visit(world.make.staff(world.consultation, "moderator"))
    assert "Known to moderators only: Ada Lovelace" in moderator.open(f"{world.address}/{number}").text
    assert visit(world.make.person()).client.get(f"{world.address}/{number}/name").status_code == 403
