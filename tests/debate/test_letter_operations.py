"""Whole letters: kept as they came, cut in one transaction, shown only as far as their comments are."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import IntegrityError

from consult.accounts.models import Membership, Person
from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import db, write_transaction
from consult.core.errors import Conflict, Invalid, Missing, Refused
from consult.core.records import replace
from consult.core.rules import VISITOR, Actor
from consult.debate import letters, operations, queries
from consult.debate.letters import Fields, Plan
from consult.debate.models import Comment, CommentPosition, Letter, LetterPiece
from consult.debate.queries.cards import WITH_CARD
from consult.notices.models import Notice
from tests.debate.conftest import World, build
from tests.debate.test_races import at_once
from tests.make import Make

LETTER = """Dear committee,

We speak for 200 libraries in e\u0301very town.

1. Clause 1.1 is too strict. **Say less.**

2. Clause 1.2 should come first, and clause 1.1 after it.

Kind regards,
Ada"""
READY = Fields(positions=("safety",), costs=("profit",), stance="object", type="technical")


def send(world: World, actor: Actor, body: str = LETTER, **values: object) -> Letter:
    given = {
        "consultation": db.session.get_one(Consultation, world.consultation.id),
        "title": "",
        "body": body,
        "is_handed_over": False,
    } | values
    letter = operations.send_letter(actor=actor, **given)  # type: ignore[arg-type]
    return find(world, actor, letter)


def find(world: World, viewer: Actor, letter: Letter) -> Letter:
    db.session.expire_all()
    return queries.find_letter(viewer=viewer, slug=world.consultation.slug, letter_id=letter.id)


def ready(world: World, actor: Actor, letter: Letter) -> Plan:
    """The proposed cut, with everything chosen."""
    plan = queries.cutting(viewer=actor, letter=letter).plan
    return replace(plan, fields={at: replace(READY, clauses=one.clauses) for at, one in plan.fields.items()})


def post(world: World, actor: Actor, letter: Letter, **values: object) -> Letter:
    letter = find(world, actor, letter)
    given = {"version": world.version, "plan": ready(world, actor, letter), "key": None} | values
    operations.post_letter(actor=actor, letter=letter, **given)  # type: ignore[arg-type]
    return find(world, actor, letter)


def comments() -> list[Comment]:
    statement = select(Comment).options(*WITH_CARD).order_by(Comment.id)
    return list(db.session.scalars(statement.execution_options(populate_existing=True)).unique())


def sees(world: World, viewer: Actor, letter: Letter) -> bool:
    try:
        find(world, viewer, letter)
    except Missing:
        return False
    return True


def shown(world: World, viewer: Actor, letter: Letter) -> str:
    page = queries.letter_page(viewer=viewer, letter=find(world, viewer, letter))
    return "\n".join(one.words for one in page.stretches)


@pytest.fixture
def ada(inside: Flask, world: World) -> Actor:
    return world.actor("Ada Lovelace")


def test_a_piece_of_signs_alone_stays_as_it_was_sent(world: World, ada: Actor) -> None:
    letter = send(world, ada, LETTER.replace("2. Clause 1.2 should come first, and clause 1.1 after it.", "2. ?!"))
    post(world, ada, letter)
    assert "2. ?!" in "\n".join(comment.body for comment in comments())


def test_a_letter_becomes_comments_in_the_order_of_its_points(world: World, ada: Actor) -> None:
    letter = post(world, ada, send(world, ada))
    made = comments()
    assert [comment.number for comment in made] == [f"P-00{n}" for n in (1, 2, 3)]
    assert [comment.body for comment in made] == [
        letter.text[piece.start : piece.end] for piece in letter.pieces
    ]  # fmt: skip
    assert [[clause.label for clause in comment.clauses] for comment in made] == [[], ["1.1"], ["1.1", "1.2"]]
    assert made[1].html == "<ol>\n<li>Clause 1.1 is too strict. <strong>Say less.</strong></li>\n</ol>\n" or (
        "<strong>Say less.</strong>" in made[1].html
    )
    assert (made[1].stance, made[1].type, made[1].position_keys(), made[1].position_keys(is_cost=True)) == (
        "object", "technical", ["safety"], ["profit"],
    )  # fmt: skip
    assert letter.cut_at is not None
    assert made[0].placed_by_id is None
    assert db.session.get_one(Consultation, world.consultation.id).comment_count == 3


def test_all_pieces_are_posted_or_none(world: World, ada: Actor) -> None:
    letter = send(world, ada)
    plan = ready(world, ada, letter)
    for at in list(plan.fields):
        broken = replace(plan, fields={**plan.fields, at: replace(plan.fields[at], stance="")})
        with pytest.raises(Invalid, match=r"Comment \d: Choose where it stands"):
            post(world, ada, letter, plan=broken)
    gone = replace(plan, fields={**plan.fields, max(plan.fields): replace(READY, clauses="9.9")})
    with pytest.raises(Invalid, match=r"Comment 3: This draft has no clause “9\.9”"):
        post(world, ada, letter, plan=gone)
    assert world.make.count(Comment) == world.make.count(LetterPiece) == 0
    assert find(world, ada, letter).cut_at is None


def test_sent_twice_it_is_posted_once(world: World, ada: Actor) -> None:
    letter, key = send(world, ada), world.make.key()
    plan = ready(world, ada, letter)
    for _ in range(2):
        operations.post_letter(actor=ada, letter=find(world, ada, letter), version=world.version, plan=plan, key=key)
    with pytest.raises(Refused, match="cut into comments already"):
        operations.post_letter(actor=ada, letter=find(world, ada, letter), version=world.version, plan=plan, key=None)
    assert world.make.count(Comment) == 3


def test_two_at_once_post_it_once(app: Flask, world: World) -> None:
    person = world.make.person("Ada Lovelace")
    actor = world.make.actor(person)
    with app.app_context():
        letter_id = send(world, actor).id

    def cut(_n: int) -> None:
        row = queries.find_letter(viewer=actor, slug=world.consultation.slug, letter_id=letter_id)
        plan = ready(world, actor, row)
        operations.post_letter(actor=actor, letter=row, version=world.version, plan=plan)

    def tried(n: int) -> bool:
        try:
            cut(n)
        except Refused:
            return False
        return True

    assert sorted(at_once(app, tried, 2)) == [False, True]
    assert world.make.count(Comment) == 3


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE letter SET text = 'Other words.'", "UPDATE letter SET category = 'industry'",
        "UPDATE letter SET cut_at = NULL, cut_by_id = NULL", 'UPDATE letter_piece SET "end" = "end" - 1',
        "UPDATE letter_piece SET comment_id = comment_id",
    ],
)  # fmt: skip
def test_the_database_itself_keeps_a_letter_as_it_is(world: World, ada: Actor, statement: str) -> None:
    post(world, ada, send(world, ada))
    with pytest.raises(IntegrityError, match="a letter never changes"), write_transaction() as session:
        session.execute(text(statement))


def test_a_letter_with_comments_cannot_be_deleted(world: World, ada: Actor) -> None:
    letter = post(world, ada, send(world, ada))
    with pytest.raises(Refused, match="it stays"):
        operations.discard_letter(actor=ada, letter=letter)
    with pytest.raises(IntegrityError), write_transaction() as session:
        session.execute(delete(Letter))


def test_an_uncut_letter_can_be_discarded_by_its_author_alone(world: World, ada: Actor) -> None:
    letter = send(world, ada, is_handed_over=True)
    with pytest.raises(Refused, match="Only its author"):
        operations.discard_letter(actor=world.moderator(), letter=letter)
    operations.discard_letter(actor=ada, letter=letter)
    assert world.make.count(Letter) == 0


def test_who_sees_a_letter(world: World, ada: Actor) -> None:
    make = world.make
    moderator, stranger = world.moderator(), world.actor()
    organiser = make.actor(make.staff(world.consultation, "organiser"))
    editor = make.actor(make.staff(world.consultation, "editor"))
    elsewhere = make.actor(make.staff(make.consultation(), "moderator"))
    admin = make.actor(make.person(is_administrator=True))
    everybody = [ada, moderator, organiser, editor, elsewhere, admin, stranger, VISITOR]
    kept, given = send(world, ada), send(world, ada, is_handed_over=True)
    assert [sees(world, one, kept) for one in everybody] == [True] + [False] * 7
    assert [sees(world, one, given) for one in everybody] == [True, True, True] + [False] * 5
    operations.hand_over_letter(actor=ada, letter=given, is_handed_over=False)
    assert [sees(world, one, given) for one in everybody] == [True] + [False] * 7
    post(world, ada, kept)
    assert all(sees(world, one, kept) for one in everybody)
    with write_transaction() as session:
        session.execute(update(Comment).values(state="hidden", state_reason="Spam."))
    assert [sees(world, one, kept) for one in everybody] == [True, True, True] + [False] * 5


@pytest.mark.parametrize("state", ["hidden", "withdrawn"])
def test_what_is_not_shown_as_a_comment_is_not_shown_in_the_letter(world: World, ada: Actor, state: str) -> None:
    moderator = world.moderator()
    letter = post(world, ada, send(world, ada))
    gone = comments()[1]
    if state == "hidden":
        operations.hide(actor=moderator, thing=gone, reason="An insult.")
    else:
        operations.withdraw_comment(actor=ada, comment=gone, reason="An insult.")
    for viewer in (VISITOR, world.actor(), ada):
        told = shown(world, viewer, letter)
        assert "too strict" not in told
        assert "should come first" in told
        page = queries.letter_page(viewer=viewer, letter=find(world, viewer, letter))
        tombstone = next(one for one in page.stretches if one.number == gone.number)
        assert (tombstone.words, tombstone.state, tombstone.state_reason) == ("", state, "An insult.")
    assert ("too strict" in shown(world, moderator, letter)) == (state == "hidden")


def test_the_whole_letter_stands_on_its_page(world: World, ada: Actor) -> None:
    letter = post(world, ada, send(world, ada))
    assert letter.text == LETTER.replace("e\u0301", "é")
    assert "".join(shown(world, VISITOR, letter).split()) == "".join(letter.text.split())


def test_each_comment_knows_its_place(world: World, ada: Actor) -> None:
    letter = post(world, ada, send(world, ada))
    places = [queries.place_in_letter(viewer=VISITOR, comment=comment) for comment in comments()]
    assert [(one.letter_id, one.part, one.of) for one in places if one] == [(letter.id, n, 3) for n in (1, 2, 3)]
    alone = world.post(ada)
    assert queries.place_in_letter(viewer=VISITOR, comment=alone) is None


def test_a_moderator_cuts_what_was_handed_over_in_its_authors_name(world: World, ada: Actor) -> None:
    moderator = world.moderator()
    letter = send(world, ada, is_handed_over=True)
    post(world, moderator, letter)
    made = comments()
    assert {comment.author_id for comment in made} == {ada.person_id}
    assert {comment.placed_by_id for comment in made} == {moderator.person_id}
    assert {comment.number.split("-")[0] for comment in made} == {"P"}
    told = db.session.scalars(select(Notice).where(Notice.person_id == ada.person_id)).all()
    assert [(one.what, one.about, one.kind) for one in told] == [("commented", made[0].id, "answers")]
    operations.place_comment(actor=ada, comment=made[0], positions={"access"})  # she knows better
    found = db.session.scalars(select(CommentPosition).where(CommentPosition.comment_id == made[0].id)).all()
    assert len(found) == 1


def test_nobody_is_told_of_what_she_cut_herself(world: World, ada: Actor) -> None:
    post(world, ada, send(world, ada))
    assert world.make.count(Notice) == 0


def test_a_letter_of_an_organisation_stays_one(world: World, inside: Flask) -> None:
    make = world.make
    person, union = make.person("Ada"), make.organisation("Library Union", code="LIB", category="nonprofit")
    member = make.member(person, union, is_signatory=True)
    letter = send(world, make.actor(person, acting_for_id=union.id))
    assert letter.title == "Letter of Library Union"
    post(world, make.actor(person), letter)  # she acts for herself meanwhile
    found = {(comment.number[:3], comment.organisation_id, comment.signed_by_id) for comment in comments()}
    assert found == {("LIB", union.id, person.id)}
    second = send(world, make.actor(person, acting_for_id=union.id))
    with write_transaction() as session:
        session.execute(update(Membership).where(Membership.id == member.id).values(state="left"))
    with pytest.raises(Invalid, match="does not sign for any more"):
        post(world, make.actor(person), second)


def test_the_letter_of_a_member_who_does_not_sign_waits_for_a_signature_in_its_comments(
    world: World, inside: Flask
) -> None:
    make = world.make
    person, union = make.person("Ada", category="academia"), make.organisation("Library Union", category="nonprofit")
    make.member(person, union)
    letter = send(world, make.actor(person, acting_for_id=union.id))
    post(world, make.actor(person), letter)
    found = {(c.number[0], c.organisation_id, c.unsigned_for_id, c.category, c.signed_at) for c in comments()}
    assert found == {("P", None, union.id, "academia", None)}


def test_an_author_whose_account_is_suspended_posts_nothing_through_others(world: World, ada: Actor) -> None:
    letter, moderator = send(world, ada, is_handed_over=True), world.moderator()
    plan = ready(world, moderator, find(world, moderator, letter))
    with write_transaction() as session:
        session.execute(update(Person).where(Person.id == ada.person_id).values(suspended_at=clock.now()))
    with pytest.raises(Refused, match="is suspended"):
        operations.post_letter(actor=moderator, letter=find(world, moderator, letter), version=world.version, plan=plan)


def test_a_closed_round_takes_no_letters_and_cuts_none(world: World, ada: Actor) -> None:
    letter = send(world, ada)
    plan = ready(world, ada, letter)
    with write_transaction() as session:
        session.execute(update(Consultation).values(state="analysis"))
    with pytest.raises(Refused, match="Comments are closed"):
        operations.post_letter(actor=ada, letter=find(world, ada, letter), version=world.version, plan=plan)
    with pytest.raises(Refused, match="Comments are closed"):
        send(world, ada)
    operations.discard_letter(actor=ada, letter=find(world, ada, letter))


@pytest.mark.parametrize("state", ["draft", "announced", "paused", "analysis", "published"])
def test_only_an_open_consultation_takes_letters(make: Make, inside: Flask, state: str) -> None:
    world = build(make, state)
    with pytest.raises(Refused):
        send(world, world.actor())
    assert make.count(Letter) == 0


def test_a_cut_is_kept_and_never_overwritten_unseen(world: World, ada: Actor) -> None:
    letter = send(world, ada)
    plan = queries.cutting(viewer=ada, letter=letter).plan
    first = replace(plan, cuts=("leave", *plan.cuts[1:]))
    operations.save_cut(actor=ada, letter=letter, plan=first, seen=0)
    assert queries.cutting(viewer=ada, letter=find(world, ada, letter)).plan == first
    operations.save_cut(actor=ada, letter=find(world, ada, letter), plan=first, seen=0)  # the same: nothing to lose
    with pytest.raises(Conflict):
        operations.save_cut(actor=ada, letter=find(world, ada, letter), plan=ready(world, ada, letter), seen=0)
    assert queries.cutting(viewer=ada, letter=find(world, ada, letter)).plan == first


@pytest.mark.parametrize("body", ["", " \n ", "x" * (letters.LONGEST + 1)])
def test_a_letter_has_words_and_not_too_many(world: World, ada: Actor, body: str) -> None:
    with pytest.raises(Invalid):
        send(world, ada, body)
    assert world.make.count(Letter) == 0
