"""Who is told of a new name under a comment, and of what is proposed for the shelf."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import delete

from consult.accounts.models import Person, RoleGrant
from consult.consultations.queries import find
from consult.core.db import db, write_transaction
from consult.core.rules import SYSTEM
from consult.debate import operations as debate
from consult.debate.queries import find_comment
from consult.learning import operations as learning
from consult.learning.models import Resource
from consult.learning.queries import resource
from consult.notices import operations as notices
from consult.notices.queries import inbox
from tests.learning.conftest import label
from tests.make import Make
from tests.moderation.world import World, build

from .conftest import Post


@pytest.fixture
def world(inside: Flask, make: Make) -> World:
    return build(make)


def sign(world: World, who: Person) -> None:
    row = find_comment(viewer=SYSTEM, slug=world.slug, number=world.comment.number)
    debate.cosign(actor=world.make.actor(who), comment=row, seen_edit_number=0)


def inbox_of(world: World, who: Person) -> list[str]:
    return [entry.line.text for entry in inbox(viewer=world.make.actor(who)).listing.rows]


def test_a_new_name_is_in_the_authors_inbox_and_in_no_mail(world: World, post: Post) -> None:
    ahmed = world.make.person("Ahmed")
    sign(world, ahmed)
    assert inbox_of(world, world.author) == [f"There is a new name under your comment {world.comment.number}: Ahmed"]
    assert inbox_of(world, ahmed) == []
    assert post() == []
    row = find_comment(viewer=SYSTEM, slug=world.slug, number=world.comment.number)
    debate.take_back_name(actor=world.make.actor(ahmed), comment=row)
    assert inbox_of(world, world.author) == ["Somebody took a name back from under your comment"]
    notices.follow(actor=world.actor("author"), subject=row)
    notices.stop_following(actor=world.actor("author"), subject=row)
    sign(world, world.reader)
    assert len(inbox_of(world, world.author)) == 1


def propose(world: World, who: Person) -> Resource:
    row = find(viewer=SYSTEM, slug=world.slug)
    made = learning.propose_resource(actor=world.make.actor(who), consultation=row, label=label())
    return resource(viewer=SYSTEM, consultation=row, resource_id=made.id)


def test_a_proposal_reaches_those_who_decide_and_its_answer_who_made_it(world: World, post: Post) -> None:
    proposal = propose(world, world.reader)
    assert {mail.to for mail in post()} == {world.moderator.email, world.second.email}
    says = f"{world.reader.name} proposes for the shelf: Impact assessment"
    assert inbox_of(world, world.moderator) == [says]
    assert inbox_of(world, world.panel) == []
    learning.decline_proposal(actor=world.actor("moderator"), resource=proposal, reason="It is about another law.")
    assert inbox_of(world, world.second) == ["A proposal for the shelf (decided): Impact assessment"]
    [mail] = post()
    assert (mail.to, mail.subject) == (world.reader.email, "Not taken onto the shelf: Impact assessment")
    assert "It is about another law." in mail.text
    assert mail.links == [f"http://localhost/c/{world.slug}/resources"]
    assert inbox_of(world, world.reader) == ["What you proposed is not taken onto the shelf: Impact assessment"]


def test_a_moderator_is_not_told_of_her_own_proposal_and_an_accepted_one_is_thanked_for(
    world: World, post: Post
) -> None:
    proposal = propose(world, world.moderator)
    assert [mail.to for mail in post()] == [world.second.email]
    learning.accept_proposal(actor=world.actor("second"), resource=proposal, label=label(), seen=proposal.edit_number)
    [mail] = post()
    assert (mail.to, mail.subject) == (world.moderator.email, "On the shelf: Impact assessment")
    assert "is on the shelf of the consultation" in mail.text


def test_who_lost_the_role_is_told_nothing_of_proposals(world: World, post: Post) -> None:
    propose(world, world.reader)
    with write_transaction():
        db.session.execute(delete(RoleGrant).where(RoleGrant.person_id == world.second.id))
    assert [mail.to for mail in post()] == [world.moderator.email]
    assert inbox_of(world, world.second) == []
