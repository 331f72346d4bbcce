"""Words that were removed are nowhere but with the moderators: on no page, in no feed or file, in no table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Text, select

from consult.core.db import Base, db
from consult.core.errors import Conflict, Invalid, Refused
from consult.core.records import replace
from consult.debate import operations as debate
from consult.debate import queries as debates
from consult.debate.models import Comment, ProposedChange, Removal, Reply, Revision
from consult.debate.references import quote
from consult.documents import queries as documents
from consult.moderation import operations
from consult.moderation.models import ModerationAct
from consult.moderation.queries import things
from tests.make import Make
from tests.visitor import Visitor

from .test_canary import people, singing
from .world import World

Visit = Callable[..., Visitor]
SECRET = "Call Kanarigelb at 555 0199 by night"
HEARD = ("Kanarigelb", "555 0199")
REASON = "It names the telephone of a private person."
# Where what was removed is kept, for the moderators alone; a letter never changes and is shown without it.
KEPT_IN = {"removal.passage", "removal.taken", "moderation_act.passage", "letter.text", "quotation.held"}


def redact(world: World, thing: Any = None, who: str = "moderator", **values: Any) -> ModerationAct:
    given = {"rule": "personal", "passage": SECRET, "reason": REASON, "seen_act_id": 0} | values
    return operations.redact_contribution(actor=world.actor(who), thing=world.load(who, thing), **given)


def take_back(world: World, act: ModerationAct, seen: int | None = None) -> ModerationAct:
    return operations.take_back(
        actor=world.actor("second"), reason="An office has it.", seen_act_id=seen or act.id,
        act=things.find_act(viewer=world.actor("second"), slug=world.slug, act_id=act.id),
    )  # fmt: skip


@pytest.fixture
def told(app: Flask, world: World) -> World:
    """A comment that says it, said it before, and proposes it; two replies that quote all and a part of it."""
    make = world.make
    with app.app_context():
        author, reader = world.actor("author"), world.actor("reader")
        version = documents.version(viewer=author, consultation_id=world.consultation.id)
        comment = debate.post_comment(
            actor=author, consultation=world.consultation, version=version,
            clauses=documents.clauses(viewer=author, version=version, keys=["1-1"]), positions=["access"],
            body=f"A model of it. {SECRET}. That is all.", stance="object", type="technical",
            new_text=f"Providers shall publish. {SECRET}", key=make.key(),
        )  # fmt: skip
        world.comment = comment
        debate.edit_comment(
            actor=author, comment=world.load("author"), seen_edit_number=0,  # type: ignore[arg-type]
            body="A better model of it. Call **Kanarigelb** at\n555 0199 by night. That is all.",
        )  # fmt: skip
        at = f"/c/{world.slug}/comments/{comment.number}"
        for words in (f"{SECRET}.", "Kanarigelb at 555 0199"):
            body = quote(at, "Ada Author", words) + "I disagree, and say it in my own words."
            loaded = world.load("reader")
            world.reply = debate.post_reply(actor=reader, comment=loaded, parent=None, body=body, key=make.key())  # type: ignore[arg-type]
    return world


def where_it_is() -> set[str]:
    """Every text column of every table in which a word of it is kept."""
    return {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, Text)
        for value in db.session.scalars(select(column))
        if value and any(word in value for word in HEARD)
    }


def texts() -> list[tuple[str, str]]:
    """All that is said, before and now, and the words proposed."""
    db.session.expire_all()
    rows: Iterator[Any] = (
        row for table in (Comment, Reply, Revision) for row in db.session.scalars(select(table).order_by(table.id))
    )
    said = [(row.body, row.html) for row in rows]
    return said + [
        (row.new_text, row.redline) for row in db.session.scalars(select(ProposedChange).order_by(ProposedChange.id))
    ]


def test_no_table_has_it_but_those_of_the_moderators(inside: Flask, told: World) -> None:
    assert "comment.body" in where_it_is()
    redact(told)
    assert where_it_is() <= KEPT_IN
    comment = told.load("moderator")
    assert comment.state == "posted"
    assert comment.body.startswith("A better model of it. (Words removed by a moderator, no. ")
    assert f"Personal data or attack on a person: {REASON})" in comment.body
    assert comment.body.endswith(". That is all.")
    assert "<mark>(Words removed by a moderator" in comment.html
    assert "in my own words" in told.load("moderator", told.reply).body


def test_undone_every_text_is_what_it_was(inside: Flask, told: World) -> None:
    before = texts()
    act = redact(told)
    assert texts() != before
    undone = take_back(told, act)
    assert (undone.verb, undone.undoes_id) == ("put_back", act.id)
    assert texts() == before
    with pytest.raises(Conflict, match="taken back already"):
        take_back(told, act, undone.id)


def test_two_removals_are_undone_in_any_order(inside: Flask, told: World) -> None:
    before = texts()
    first = redact(told)
    second = redact(told, passage="That is all", seen_act_id=first.id)
    third = take_back(told, first, second.id)
    assert "555 0199" in told.load("moderator").body
    take_back(told, second, third.id)
    assert texts() == before


def test_an_edit_does_not_bring_it_back(inside: Flask, told: World) -> None:
    act = redact(told)

    def edit(body: str) -> None:
        comment: Any = told.load("author")
        debate.edit_comment(
            actor=told.actor("author"), comment=comment, body=body, seen_edit_number=comment.edit_number
        )

    with pytest.raises(Invalid, match="words that a moderator removed"):
        edit("Again: CALL kanarigelb at *555*\n0199 by night")
    edit("A third model, without the notice.")
    take_back(told, act)
    assert told.load("author").body == "A third model, without the notice."


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"passage": "not there"}, "passage"), ({"passage": " "}, "passage"), ({"rule": "x"}, "rule"),
        ({"reason": " "}, "reason"), ({"reason": SECRET}, "reason"), ({"reason": "x" * 301}, "reason"),
    ],
)  # fmt: skip
def test_without_its_statement_nothing_is_removed(
    inside: Flask, told: World, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as raised:
        redact(told, **wrong)
    assert raised.value.field == field
    assert told.make.count(Removal) == told.make.count(ModerationAct) == 0


def test_what_cannot_be_cut_out_is_not_half_removed(inside: Flask, world: World) -> None:
    body, html = "Call [Kanarigelb](https://a.example) by night", "<p>Call Kanarigelb by night</p>"
    thing = world.make.comment(world.consultation, author=world.author, body=body, html=html)
    with pytest.raises(Invalid, match="Copy them exactly"):
        redact(world, thing, passage="Call Kanarigelb by night")
    assert world.load("moderator", thing).body == body
    redact(world, thing, passage="Kanarigelb")
    assert "Kanarigelb" not in world.load("moderator", thing).body


def test_nobody_removes_from_their_own_side(inside: Flask, told: World) -> None:
    mine = told.make.comment(told.consultation, author=told.moderator, body=SECRET)
    with pytest.raises(Refused, match="Leave it to a colleague"):
        redact(told, mine)
    with pytest.raises(Refused, match="Only the moderators"):
        redact(told, who="panel")


def sent_as_letter(world: World, body: str) -> Callable[[], str]:
    """Send and post a letter; returns what gives the words of its page. Its first comment is the world's then."""
    author = world.actor("author")
    sent = debate.send_letter(
        actor=author, consultation=world.consultation, title="A letter", is_handed_over=False, body=body
    )
    letter = debates.find_letter(viewer=author, slug=world.slug, letter_id=sent.id)
    page = debates.cutting(viewer=author, letter=letter)
    fields = {
        piece.first: replace(piece.fields, positions=("access",), stance="object", type="general")
        for piece in page.pieces
    }
    debate.post_letter(actor=author, letter=letter, version=page.version, plan=replace(page.plan, fields=fields))
    world.comment = db.session.scalars(select(Comment).order_by(Comment.id.desc())).first()  # type: ignore[assignment]

    def words() -> str:
        db.session.expire_all()
        row = debates.find_letter(viewer=world.actor("reader"), slug=world.slug, letter_id=sent.id)
        return " ".join(one.words for one in debates.letter_page(viewer=world.actor("reader"), letter=row).stretches)

    return words


def test_a_letter_is_shown_without_it(inside: Flask, told: World) -> None:
    words = sent_as_letter(told, f"On clause 1.1: {SECRET}. That is all.")
    assert "555 0199" in words()
    act = redact(told)
    assert "555 0199" not in words()
    assert "Words removed by a moderator" in words()
    take_back(told, act)
    assert "555 0199" in words()


def test_a_letter_does_not_show_what_it_quotes_of_something_hidden(inside: Flask, told: World) -> None:
    source = told.comment
    at = f"/c/{told.slug}/comments/{source.number}"
    words = sent_as_letter(told, f"On clause 1.1: it says this.\n\n{quote(at, 'Ada Author', SECRET)}That is all.")
    assert "555 0199" in words()
    debate.hide(actor=told.actor("moderator"), thing=told.load("moderator", source), reason="It insults.")
    assert "555 0199" not in words()
    assert "These words are not shown any more." in words()
    debate.unhide(actor=told.actor("moderator"), thing=told.load("moderator", source))
    assert "555 0199" in words()


def test_it_is_on_no_page_and_in_no_file(app: Flask, visit: Visit, told: World, make: Make) -> None:
    browser = visit(told.moderator)
    browser.open(told.at_comment)
    browser.press("Decide", verb="redact", rule="personal", passage=SECRET, reason=REASON)
    for role, person in people(told, make).items():
        found = singing(app, told, visit(person), follow=role == "visitor", words=HEARD)
        assert not found, role
    page = visit().open(f"/c/{told.slug}/comments/{told.comment.number}")
    assert f"Personal data or attack on a person: {REASON}" in page.text
    assert SECRET in visit(told.second).open(told.at_comment).text, "moderators must see what they decided on"
