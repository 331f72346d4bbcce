"""A line of a list says what the card of the same comment says, to everybody, and no more."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.core import clock, text
from consult.core.db import db
from consult.core.rules import SYSTEM, VISITOR, Actor
from consult.debate import queries
from consult.debate.models import Anchor, Comment, Visit, Vote
from consult.debate.queries import Filters
from tests.debate.conftest import World, build
from tests.make import Make

pytestmark = pytest.mark.usefixtures("inside")
ALIKE = (
    "id", "slug", "number", "is_readable", "is_mine", "is_new", "who", "category", "signed_by", "came", "stance_word", "type_word",
    "must_be_satisfied", "language", "state", "state_reason", "disposition", "disposition_word", "is_partly_answered", "posted_at",
    "reply_count", "new_replies", "name_count",
)  # fmt: skip


def as_card(card: queries.Card) -> dict[str, Any]:
    said = {name: getattr(card, name) for name in ALIKE}
    return said | {
        "unsigned_for": card.unsigned_for.name if card.unsigned_for else "",
        "excerpt": text.excerpt(text.plain(card.html), 220),
        "positions": [p.key for p in card.positions], "costs": [p.key for p in card.costs],
        "places": [(place.key, place.name, place.version) for place in card.places],
        "is_ranked": card.votes.is_ranked, "ground": card.votes.ground,
    }  # fmt: skip


def as_line(line: queries.Line) -> dict[str, Any]:
    said = {name: getattr(line, name) for name in (*ALIKE, "unsigned_for", "excerpt", "is_ranked", "ground")}
    return said | {
        "positions": [p.key for p in line.positions], "costs": [p.key for p in line.costs],
        "places": [(place.key, place.name, place.version) for place in line.places],
    }  # fmt: skip


def fresh(world: World) -> Consultation:
    db.session.expire_all()
    return consultations.find(viewer=SYSTEM, slug=world.consultation.slug)


def fill(world: World, author: Actor) -> None:
    """Comments in every state, named and not, for organisations and not, on several clauses, answered and not."""
    make, here = world.make, world.consultation
    guild = make.organisation("Guild of Readers")
    signer = make.person("Ida Signs")
    person = author.person_id
    assert person is not None
    told: list[dict[str, Any]] = [
        {},
        {"author_id": person},
        {"state": "hidden", "state_reason": "Advertising."},
        {"state": "hidden", "state_reason": "Spam.", "author_id": person},
        {"state": "held", "held_for": "first"},
        {"state": "held", "held_for": "links", "author_id": person},
        {"state": "withdrawn", "state_reason": "Said better elsewhere."},
        {"organisation_id": guild.id, "signed_by_id": signer.id, "signed_at": clock.now()},
        {"organisation_id": guild.id, "signed_by_id": signer.id, "signed_at": clock.now(), "signer_named": "category"},
        {"unsigned_for_id": guild.id},
        {"unsigned_for_id": guild.id, "named": "nobody", "author_name": "Somebody"},
        {"unsigned_for_id": guild.id, "named": "nobody", "author_name": "Somebody", "author_id": person},
        {
            "unsigned_for_id": guild.id,
            "named": "nobody",
            "author_name": "Somebody",
            "author_id": None,
            "source": "paper",
        },
        {"disposition": "accepted", "reply_count": 3, "cosignature_count": 2, "must_be_satisfied": True},
        {"agree_count": 9, "disagree_count": 1, "common_ground": 700, "language": "fr", "source": "email"},
        {
            "html": "<p>" + "A long <em>thought</em> &amp; more. " * 40 + "</p>",
            "stance": "",
            "released_at": clock.now(),
        },
    ]
    for number, values in enumerate(told):
        make.comment(here, world.clauses[number % 3], positions=("safety", "access")[: number % 3], **values)
    apart = make.comment(here, world.clauses[1])
    with make.writing() as session:
        session.add(Anchor(comment_id=apart.id, clause_id=world.clauses[2].id, status="exact", quote="should"))
        session.add(Anchor(comment_id=apart.id, clause_id=world.clauses[2].id, status="exact", quote="say"))
        session.get(Comment, apart.id).answers_apart = json.dumps({str(world.clauses[2].id): "rejected"})
        before = clock.now() - timedelta(days=2)
        session.add(Visit(person_id=person, consultation_id=here.id, before_at=before, latest_at=before))


@pytest.mark.parametrize("state", ["open", "analysis", "review"])
def test_a_line_says_what_the_card_says_to_everybody(make: Make, state: str) -> None:
    world = build(make, state)
    author = world.actor("Ada Author")
    fill(world, author)
    judges = [make.actor(make.staff(world.consultation, role)) for role in ("moderator", "editor", "organiser")]
    for viewer in (VISITOR, SYSTEM, author, world.actor(), *judges):
        for filters in (Filters(), Filters(type="technical")):
            asked = {"viewer": viewer, "consultation": fresh(world), "filters": filters, "limit": 50}
            page, (cards, _is_more) = queries.listing(**asked), queries.card_listing(**asked)
            lines = {line.id: as_line(line) for line in page.lines.rows}
            assert list(lines) == [card.id for card in cards.rows]
            since = page.since
            shown = queries.cards(
                viewer=viewer, comments=[loaded(world, viewer, card) for card in cards.rows], since=since
            )
            for card in shown:
                assert lines[card.id] | {"ground": 0} == as_card(card) | {"ground": 0}, (viewer, card.number)
            assert page.lines.total == cards.total


def loaded(world: World, viewer: Actor, card: queries.Card) -> Comment:
    return queries.find_comment(viewer=viewer, slug=world.consultation.slug, number=card.number)


def test_how_far_people_agree_is_told_in_that_order_and_as_on_the_card(world: World) -> None:
    comment = world.make.comment(
        world.consultation, world.clauses[1], agree_count=9, disagree_count=1, common_ground=700
    )
    voter = world.actor()
    for viewer in (VISITOR, voter):
        for sort in ("bridging", "text"):
            page = queries.listing(viewer=viewer, consultation=fresh(world), filters=Filters(), sort=sort)
            assert page.lines.rows[0].ground == 0  # she has not voted, and comments are open
    with world.make.writing() as session:
        session.add(Vote(comment_id=comment.id, person_id=voter.person_id, choice="agree", category="academia"))
    page = queries.listing(viewer=voter, consultation=fresh(world), filters=Filters(), sort="bridging")
    (card,) = queries.card_listing(viewer=voter, consultation=fresh(world), filters=Filters())[0].rows
    assert page.lines.rows[0].ground == card.votes.ground > 0
