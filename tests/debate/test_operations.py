"""Comments, replies and votes: what is written, counted and told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from consult.consultations.models import Consultation
from consult.core import clock, events
from consult.core.db import db, write_transaction
from consult.core.errors import Conflict, Invalid, Missing, Refused
from consult.core.records import replace
from consult.core.rules import SYSTEM, Actor
from consult.debate import agreement, branching, operations, queries
from consult.debate.events import (
    CommentEdited,
    CommentPlaced,
    CommentPosted,
    CommentWithdrawn,
    ReplyPosted,
    Voted,
)  # fmt: skip
from consult.debate.models import (
    Anchor,
    Comment,
    CommentPosition,
    ProposedChange,
    Reply,
    Revision,
    Vote,
    VoteTally,
)  # fmt: skip
from consult.debate.passages import Span
from consult.documents.models import Clause
from tests.debate.conftest import World, build
from tests.make import Make

pytestmark = pytest.mark.usefixtures("inside")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The events of the debate, as a listener hears them."""
    heard: list[Any] = []
    for kind in (CommentPosted, CommentEdited, CommentWithdrawn, CommentPlaced, ReplyPosted, Voted):
        monkeypatch.setitem(events._listeners, kind, [*events._listeners[kind], heard.append])
    return heard


def found(world: World, comment: Comment, viewer: Actor = SYSTEM) -> Comment:
    return queries.find_comment(viewer=viewer, slug=world.consultation.slug, number=comment.number)


def counted(world: World) -> tuple[int, int, int]:
    row = db.session.get_one(Consultation, world.consultation.id, populate_existing=True)
    return row.comment_count, row.organisation_count, row.person_count


def test_a_comment_is_placed_numbered_rendered_counted_and_told(world: World, told: list[Any]) -> None:
    actor = world.actor("Ada")
    comment = world.post(actor, body="It is **too** long.", positions={"safety"}, costs={"access"})
    assert comment.number == "P-001"
    assert comment.html == "<p>It is <strong>too</strong> long.</p>\n"
    assert told == [CommentPosted(comment.id)]
    assert counted(world) == (1, 0, 1)
    assert world.make.positions(world.consultation)["safety"].comment_count == 1
    assert world.make.positions(world.consultation)["access"].comment_count == 0
    anchors = db.session.scalars(select(Anchor)).all()
    assert [(a.clause_id, a.status) for a in anchors] == [(world.clauses[1].id, "exact")]
    assert world.post(actor).number == "P-002"
    assert counted(world) == (2, 0, 1)


def test_numbers_and_category_follow_for_whom_one_speaks(world: World) -> None:
    make = world.make
    person, guild = make.person("Ada"), make.organisation("Guild", code="MG", category="nonprofit")
    make.member(person, guild, is_signatory=True)
    first = world.post(make.actor(person, acting_for_id=guild.id))
    second = world.post(make.actor(person, acting_for_id=guild.id))
    own = world.post(make.actor(person))
    assert [first.number, second.number, own.number] == ["MG-001", "MG-002", "P-001"]
    assert (first.category, own.category) == ("nonprofit", "individual")
    assert first.author_name == "Ada"
    assert counted(world) == (3, 1, 1)


def test_several_clauses_or_the_whole_draft(world: World) -> None:
    both = world.post(clauses=world.clauses[1:3])
    whole = world.post(clauses=[])
    assert (both.place, whole.place) == (1, 0)
    statuses = select(Anchor.status).where(Anchor.comment_id == whole.id)
    assert db.session.scalars(statuses).all() == ["global"]
    counts = select(Clause.comment_count).where(Clause.version_id == world.version.id).order_by(Clause.rank)
    assert db.session.scalars(counts).all() == [0, 1, 1]


def test_proposed_words_are_kept_with_their_redline(world: World) -> None:
    clause = world.clauses[1]
    comment = world.post(new_text=clause.text.replace("a summary", "a full summary"), must_be_satisfied=True)
    change = db.session.scalars(select(ProposedChange)).one()
    assert change.old_text == clause.text
    assert "<ins>" in change.redline
    assert "full" in change.redline
    assert comment.must_be_satisfied
    world.post(new_text=clause.text)
    world.post(new_text="  ")
    assert world.make.count(ProposedChange) == 1


def test_marked_words_are_found_in_the_clause(world: World) -> None:
    world.post(passages=[Span("1-1", 16, 33)])
    anchor = db.session.scalars(select(Anchor)).one()
    text = world.clauses[1].text
    assert text[anchor.start : anchor.end] == "publish a summary"
    assert text == f"{anchor.prefix}{anchor.quote}{anchor.suffix}"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"positions": set()}, "positions"),
        ({"positions": {"wealth"}}, "positions"),
        ({"costs": {"wealth"}}, "costs"),
        ({"costs": {"safety"}}, "costs"),
        ({"stance": "furious"}, "stance"),
        ({"stance": ""}, "stance"),
        ({"type": "poem"}, "type"),
        ({"body": " \u0000\n "}, "body"),
        ({"body": "!!!"}, "body"),
        ({"body": "\u200b\u2060"}, "body"),
        ({"body": "x" * 20_001}, "body"),
        ({"must_be_satisfied": True}, "must_be_satisfied"),
        ({"must_be_satisfied": True, "type": "general", "new_text": "Other."}, "must_be_satisfied"),
        ({"new_text": "x" * 21_000}, "new_text"),
        ({"passages": [Span("1-1", 9, 900)]}, "passages"),
        ({"passages": [Span("nowhere", 0, 4)]}, "passages"),
        ({"passages": [Span("1-1", 0, 4)] * 21}, "passages"),
        ({"clauses": [], "new_text": "Other."}, "new_text"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_leaves_no_trace(
    world: World, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as told:
        world.post(**values)
    assert told.value.field == field
    assert world.make.count(Comment) == world.make.count(Anchor) == world.make.count(CommentPosition) == 0
    assert counted(world) == (0, 0, 0)


def test_places_of_another_consultation_are_not_there(world: World) -> None:
    other = build(world.make)
    with pytest.raises(Missing):
        world.post(clauses=[other.clauses[1]])
    with pytest.raises(Missing):
        world.post(version=other.version, clauses=[])


def test_an_older_version_takes_no_comments_any_more(world: World) -> None:
    world.make.version(world.consultation)
    with pytest.raises(Invalid, match="newer version"):
        world.post()


def test_the_deadline_is_decided_on_receipt(world: World) -> None:
    with clock.shifted(timedelta(days=31)), pytest.raises(Refused, match="closed"):
        world.post()
    assert world.make.count(Comment) == 0


def test_the_same_key_gives_the_same_comment(world: World) -> None:
    actor, key = world.actor(), world.make.key()
    assert world.post(actor, key=key).id == world.post(actor, key=key).id
    assert world.make.count(Comment) == 1
    assert counted(world) == (1, 0, 1)


def test_an_edit_keeps_what_was_said_before(world: World, told: list[Any]) -> None:
    actor = world.actor()
    comment = world.post(actor, body="First.")
    row = found(world, comment)
    edited = operations.edit_comment(actor=actor, comment=row, body="*Second*.", seen_edit_number=0)
    assert (edited.html, edited.edit_number) == ("<p><em>Second</em>.</p>\n", 1)
    assert [(r.number, r.body) for r in db.session.scalars(select(Revision))] == [(0, "First.")]
    assert told[-1] == CommentEdited(comment.id)
    with pytest.raises(Conflict, match="Both wordings"):
        operations.edit_comment(actor=actor, comment=found(world, comment), body="Third.", seen_edit_number=0)
    assert found(world, comment).body == "*Second*."


def test_saving_the_same_words_is_no_edit(world: World) -> None:
    actor = world.actor()
    comment = world.post(actor, body="First.")
    operations.edit_comment(actor=actor, comment=found(world, comment), body=" First. ", seen_edit_number=0)
    assert world.make.count(Revision) == 0


def test_withdrawn_stays_as_a_numbered_tombstone_with_its_replies(world: World, told: list[Any]) -> None:
    actor = world.actor()
    comment = world.post(actor)
    operations.post_reply(actor=world.actor(), comment=found(world, comment), parent=None, body="No.")
    operations.withdraw_comment(actor=actor, comment=found(world, comment), reason="Said twice.")
    assert told[-1] == CommentWithdrawn(comment.id)
    assert counted(world) == (0, 0, 0)
    page = queries.thread(viewer=SYSTEM, comment=found(world, comment))
    assert (page.card.number, page.card.html, page.card.state_reason) == (comment.number, "", "Said twice.")
    assert len(page.replies.rows) == 1
    with pytest.raises(Refused, match="already"):
        operations.withdraw_comment(actor=actor, comment=found(world, comment))


def record(world: World, **values: Any) -> Comment:
    given = {
        "actor": SYSTEM, "consultation": world.consultation, "version": world.version, "clauses": [world.clauses[2]],
        "body": "From a letter.", "author_name": "Somebody", "source": "paper", "fingerprint": "f1",
    } | values  # fmt: skip
    return operations.record_comment(**given)


def test_what_comes_from_outside_is_recorded_once_and_placed_later(world: World, told: list[Any]) -> None:
    comment = record(world)
    assert record(world, body="Other words, same row.").id == comment.id
    assert (comment.number, comment.body, comment.author_id) == ("EXT-001", "From a letter.", None)
    assert counted(world) == (1, 0, 1)
    moderator = world.moderator()
    operations.place_comment(actor=moderator, comment=found(world, comment), positions={"access"}, costs={"profit"})
    card = queries.card(viewer=SYSTEM, comment=found(world, comment))
    assert ([p.key for p in card.positions], [p.key for p in card.costs]) == (["access"], ["profit"])
    assert card.placed_by == "Moderator"
    assert told[-1] == CommentPlaced(comment.id)
    operations.place_comment(actor=moderator, comment=found(world, comment), positions={"safety"})
    kept = world.make.positions(world.consultation)
    assert (kept["access"].comment_count, kept["safety"].comment_count) == (0, 1)


def test_signs_that_came_from_outside_stay_as_they_came(world: World) -> None:
    comment = record(world, body="!!!")
    given = operations.OutsideReply(fingerprint="r1", author_name="Somebody", body="👍", posted_at=clock.now())
    replies = operations.record_replies(actor=SYSTEM, comment=comment, replies=[given], source="log")
    assert (comment.body, replies["r1"].body) == ("!!!", "👍")


@pytest.mark.parametrize("signs", ["?!", "👍", "&#8203;"])
def test_a_reply_and_an_edit_are_words_too(world: World, signs: str) -> None:
    ada = world.actor("Ada")
    comment = world.post(ada)
    said = operations.post_reply(actor=ada, comment=found(world, comment), parent=None, body="So be it.")

    def reply() -> Reply:
        return queries.find_reply(viewer=ada, slug=world.consultation.slug, number=comment.number, reply_id=said.id)

    for say in (
        lambda: operations.post_reply(actor=ada, comment=found(world, comment), parent=None, body=signs),
        lambda: operations.edit_reply(actor=ada, reply=reply(), body=signs, seen_edit_number=0),
        lambda: operations.edit_comment(actor=ada, comment=found(world, comment), body=signs, seen_edit_number=0),
    ):
        with pytest.raises(Invalid, match="no letter and no number") as told:
            say()
        assert told.value.field == "body"


def test_only_moderators_record_for_others(world: World) -> None:
    with pytest.raises(Refused, match="moderators"):
        record(world, actor=world.actor())
    assert record(world, actor=world.moderator(), fingerprint=None).number == "EXT-001"


def test_a_reply_stands_under_what_it_answers_and_counts_for_all_above(world: World, told: list[Any]) -> None:
    comment = found(world, world.post())
    ada, grace, kari = world.actor("Ada"), world.actor("Grace"), world.actor("Kari")
    first = operations.post_reply(actor=ada, comment=comment, parent=None, body="One.", positions={"profit"})
    second = operations.post_reply(actor=grace, comment=comment, parent=first, body="Two.")
    third = operations.post_reply(actor=kari, comment=comment, parent=second, body="Three.")
    beside = operations.post_reply(actor=kari, comment=comment, parent=None, body="Four.")
    assert [(r.path, r.depth, r.place) for r in (first, second, third, beside)] == [
        ("000001", 1, 1), ("000001000001", 2, 1), ("000001000001000001", 3, 1), ("000002", 1, 2),
    ]  # fmt: skip
    assert told[-1] == ReplyPosted(beside.id, comment.id)
    db.session.expire_all()
    assert [(r.answer_count, r.below_count) for r in (first, second, third, beside)] == [(1, 2), (1, 1), (0, 0), (0, 0)]
    page = queries.thread(viewer=SYSTEM, comment=found(world, comment))
    shown = [(branch.reply.who, [(a.who, a.answers) for a in branch.answers]) for branch in page.replies.rows]
    assert shown == [("Ada", [("Grace", "Ada")]), ("Kari", [])]
    assert page.card.reply_count == 4


def test_a_thread_has_an_end_in_depth(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(branching, "DEEPEST", 3)
    comment, parent = found(world, world.post()), None
    for n in range(3):
        parent = operations.post_reply(actor=world.actor(), comment=comment, parent=parent, body=f"{n}")
    with pytest.raises(Invalid, match="3 replies deep"):
        operations.post_reply(actor=world.actor(), comment=comment, parent=parent, body="Too deep.")


def test_a_reply_belongs_under_its_own_comment(world: World) -> None:
    one, two = found(world, world.post()), found(world, world.post())
    reply = operations.post_reply(actor=world.actor(), comment=one, parent=None, body="Here.")
    with pytest.raises(Missing):
        operations.post_reply(actor=world.actor(), comment=two, parent=reply, body="There.")


def test_replies_are_edited_and_withdrawn_like_comments(world: World) -> None:
    comment, ada = found(world, world.post()), world.actor("Ada")
    reply = operations.post_reply(actor=ada, comment=comment, parent=None, body="One.")

    def again() -> Reply:
        return queries.find_reply(
            viewer=ada, slug=world.consultation.slug, number=comment.number, reply_id=reply.id
        )  # fmt: skip

    operations.edit_reply(actor=ada, reply=again(), body="Two.", seen_edit_number=0)
    with pytest.raises(Conflict):
        operations.edit_reply(actor=ada, reply=again(), body="Three.", seen_edit_number=0)
    assert [r.body for r in db.session.scalars(select(Revision))] == ["One."]
    operations.withdraw_reply(actor=ada, reply=again())
    assert found(world, comment).reply_count == 0
    with pytest.raises(Refused):
        operations.edit_reply(actor=ada, reply=again(), body="Four.", seen_edit_number=1)


def test_one_vote_a_person_which_may_change(world: World, told: list[Any]) -> None:
    author, voter = world.actor(), world.actor()
    comment = world.post(author)
    for choice in ("agree", "agree", "disagree"):
        operations.vote(actor=voter, comment=found(world, comment), choice=choice)
    row = found(world, comment)
    assert (row.agree_count, row.disagree_count, row.pass_count) == (0, 1, 0)
    assert world.make.count(Vote) == 1
    assert told[-1] == Voted(comment.id, voter.person_id or 0)
    with pytest.raises(Refused, match="your own"):
        operations.vote(actor=author, comment=found(world, comment), choice="agree")
    with pytest.raises(Invalid):
        operations.vote(actor=voter, comment=found(world, comment), choice="maybe")


def test_hidden_is_hidden_from_all_but_moderators_and_counts_no_more(world: World) -> None:
    comment = world.post(body="Buy my pills.", new_text="Pills.", passages=[Span("1-1", 16, 23)])
    moderator, author = world.moderator(), world.actor()
    operations.hide(actor=moderator, thing=found(world, comment), reason="Advertising.")
    assert counted(world) == (0, 0, 0)
    card = queries.card(viewer=author, comment=found(world, comment))
    assert (card.html, card.excerpt, card.changes, card.positions) == ("", "", (), ())
    assert (card.state_reason, [list(p.quotes) for p in card.places]) == ("Advertising.", [[]])
    assert "pills" in queries.card(viewer=moderator, comment=found(world, comment)).html
    with pytest.raises(Conflict):
        operations.hide(actor=moderator, thing=found(world, comment), reason="Again.")
    operations.unhide(actor=moderator, thing=found(world, comment))
    assert counted(world) == (1, 0, 1)
    with pytest.raises(Refused):
        operations.hide(actor=author, thing=found(world, comment), reason="I do not like it.")


def test_a_hidden_reply_leaves_its_place(world: World) -> None:
    comment, ada = found(world, world.post()), world.actor("Ada")
    reply = operations.post_reply(actor=ada, comment=comment, parent=None, body="Insult.")
    row = queries.find_reply(
        viewer=ada, slug=world.consultation.slug, number=comment.number, reply_id=reply.id
    )  # fmt: skip
    operations.hide(actor=world.moderator(), thing=row, reason="An attack on a person.")
    page = queries.thread(viewer=ada, comment=found(world, comment))
    assert [(r.reply.html, r.reply.state_reason) for r in page.replies.rows] == [("", "An attack on a person.")]
    assert page.card.reply_count == 0


def test_dispositions_are_set_by_moderators(world: World) -> None:
    comment = world.post()
    assert operations.set_disposition(
        actor=world.moderator(), comment=found(world, comment), code="noted"
    ).disposition == "noted"  # fmt: skip
    with pytest.raises(Invalid):
        operations.set_disposition(actor=SYSTEM, comment=found(world, comment), code="perhaps")
    with pytest.raises(Refused):
        operations.set_disposition(actor=world.actor(), comment=found(world, comment), code="noted")


def test_unverified_people_read_first(world: World, make: Make, inside: Flask) -> None:
    with pytest.raises(Refused, match="Confirm your e-mail"):
        world.post(world.actor(email_verified_at=None))


def test_where_a_comment_points_can_never_be_changed(inside: Flask, world: World) -> None:
    comment = world.post()
    with pytest.raises(IntegrityError, match="never changes"), write_transaction() as session:
        session.execute(update(Anchor).where(Anchor.comment_id == comment.id).values(quote="other words"))


def test_votes_are_kept_by_category_and_common_ground_follows(world: World) -> None:
    comment = found(world, world.post())
    voters = [world.actor(category=category) for category in ("industry", "academia") for _ in range(3)]
    for voter in voters:
        operations.vote(actor=voter, comment=found(world, comment), choice="agree")
    db.session.expire_all()
    kept = {row.category: row.agree_count for row in db.session.scalars(select(VoteTally))}
    assert kept == {"industry": 3, "academia": 3}
    assert found(world, comment).common_ground == agreement.common_ground([(3, 0, 0), (3, 0, 0)]) == 572
    assert found(world, comment).vote_worth == agreement.worth(6, 0, 0)
    operations.vote(actor=replace(voters[0], category="government"), comment=found(world, comment), choice="disagree")
    db.session.expire_all()
    kept = {
        row.category: (row.agree_count, row.disagree_count) for row in db.session.scalars(select(VoteTally))
    }  # fmt: skip
    assert kept == {"industry": (2, 0), "academia": (3, 0), "government": (0, 1)}
    assert found(world, comment).common_ground == 0
    assert (found(world, comment).agree_count, found(world, comment).disagree_count) == (5, 1)
