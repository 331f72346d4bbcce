"""What is hidden is hidden everywhere: unique words in what was hidden are on no page and in no mail to others."""

from __future__ import annotations

import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from html import unescape
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from consult.accounts.models import Person
from consult.core.db import db
from consult.core.jobs import run_due
from consult.debate import operations as debate
from consult.debate.models import Anchor, CarriedAnchor, Comment, Reply, Revision
from consult.debate.references import quote
from consult.documents import queries as documents
from consult.settings import Settings
from tests.make import Make
from tests.visitor import Visitor

from .world import World

Visit = Callable[..., Visitor]
# In the text before an edit, the text after it, the proposed words, and the reply before and after an edit.
CANARIES = ("Kanarigelb", "Zitronengirlitz", "Stieglitzrot", "Dompfaffblau", "Zaunkoenig")
VARIANTS = 2  # of one page, by its query: filters, sorts, pages
NOT_THESE = {
    "asset", "lobby.mails", "lobby.mail",  # written mail is shown while trying out only
    "moderation.campaign", "moderation.manage_campaign",  # have numbers of their own: test_campaigns asks them
}  # fmt: skip


@pytest.fixture
def sung(app: Flask, world: World) -> World:
    """A comment and a reply, both edited, written as people write them."""
    make = world.make
    with app.app_context():
        actor, reader = world.actor("author"), world.actor("reader")
        version = documents.version(viewer=actor, consultation_id=world.consultation.id)
        clauses = documents.clauses(viewer=actor, version=version, keys=["1-1"])
        comment = debate.post_comment(
            actor=actor, consultation=world.consultation, version=version, clauses=clauses, positions=["access"],
            body=f"{CANARIES[0]} sings.", stance="object", type="technical",
            new_text=f"Providers shall publish {CANARIES[2]}.", key=make.key(),
        )  # fmt: skip
        world.comment = comment
        comment = world.load("author")  # type: ignore[assignment]
        debate.edit_comment(actor=actor, comment=comment, body=f"{CANARIES[1]} sings.", seen_edit_number=0)  # type: ignore[arg-type]
        reply = debate.post_reply(
            actor=reader, comment=world.load("reader"), parent=None, body=f"{CANARIES[3]} answers.",  # type: ignore[arg-type]
            positions=["safety"], key=make.key(),
        )  # fmt: skip
        world.reply = reply
        debate.edit_reply(
            actor=reader, reply=world.load("reader", reply), body=f"{CANARIES[4]} answers.", seen_edit_number=0  # type: ignore[arg-type]
        )  # fmt: skip
        quote_it(world)
        carry_to_the_next_draft(world)
    return world


def quote_it(world: World) -> None:
    """A comment that quotes what was said before and after the edit, a reply that quotes the quotation, and one that
    quoted the reply until it was edited itself.
    """
    reader, second = world.actor("reader"), world.actor("second")
    version = documents.version(viewer=reader, consultation_id=world.consultation.id)
    at, key = f"/c/{world.slug}/comments/{world.comment.number}", world.make.key
    both = [quote(at, "Ada Author", f"{CANARIES[n]} sings.") for n in (0, 1)]
    quoter = debate.post_comment(
        actor=reader, consultation=world.consultation, version=version, positions=["safety"], stance="support",
        clauses=documents.clauses(viewer=reader, version=version, keys=["1-1"]), type="technical", key=key(),
        body=f"{both[0]}I like it.\n\n- {both[1].replace(chr(10), chr(10) + '  ').strip()}\n\nThis as well.",
    )  # fmt: skip
    quoter = world.load("reader", quoter)  # type: ignore[assignment]
    there = f"/c/{world.slug}/comments/{quoter.number}"
    debate.post_reply(
        actor=second, comment=quoter, parent=None, key=key(),
        body=quote(there, "Rita Reader", f"{CANARIES[0]} sings. I like it.") + "So do I.",
    )  # fmt: skip
    reply = debate.post_reply(
        actor=second, comment=world.load("second"), parent=None, key=key(),  # type: ignore[arg-type]
        body=quote(f"{at}/replies/{world.reply.id}", "Rita Reader", f"{CANARIES[4]} answers.") + "Who?",
    )  # fmt: skip
    debate.edit_reply(actor=second, reply=world.load("second", reply), body="Who?", seen_edit_number=0)  # type: ignore[arg-type]


def said_by_others() -> list[tuple[str, str]]:
    """What is kept of everything on show, before and now."""
    db.session.expire_all()
    shown: list[Comment | Reply] = []
    for table in (Comment, Reply):
        shown += db.session.scalars(select(table).where(table.state == "posted").order_by(table.id))
    earlier = [
        row for row in db.session.scalars(select(Revision).order_by(Revision.id))
        if any(row.comment_id == one.id if isinstance(one, Comment) else row.reply_id == one.id for one in shown)
    ]  # fmt: skip
    return [(row.body, row.html) for row in (*shown, *earlier)]


def carry_to_the_next_draft(world: World) -> None:
    """A next version, in which what was said of the first one is perhaps about a clause, too."""
    version = world.make.version(world.consultation, supersedes_id=world.version.id)
    anchor = db.session.scalars(select(Anchor).where(Anchor.comment_id == world.comment.id)).one()
    world.make.row(
        CarriedAnchor(
            anchor_id=anchor.id, comment_id=anchor.comment_id, version_id=version.id, status="review",
            clause_id=world.make.clauses(version)[1].id,
        )
    )  # fmt: skip


def addresses(app: Flask, world: World) -> Iterator[str]:
    """Every page of the URL map that needs nothing we do not know; what it links to is followed as well."""
    known = {
        "slug": world.slug, "number": world.comment.number, "version": 1, "key": "1-1", "page_key": "1",
        "person_id": world.author.id, "reply_id": world.reply.id, "act_id": 1,
    }  # fmt: skip
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.arguments <= set(known) and rule.endpoint not in NOT_THESE:
            counted = {"number": 1} if "int:number" in rule.rule else {}  # of a theme or a standard, not of a comment
            with app.test_request_context():
                yield app.url_for(rule.endpoint, **{name: (known | counted)[name] for name in rule.arguments})
    yield from (f"/c/{world.slug}/v2/clauses/1-1", f"/c/{world.slug}/v2/1?at=1-1")


def singing(
    app: Flask, world: World, browser: Visitor, *, follow: bool = True, words: tuple[str, ...] = CANARIES
) -> dict[str, set[str]]:
    """The pages on which a canary is found, and which; `follow` the links of each page, too."""
    waiting, seen, found = list(addresses(app, world)), Counter[str](), dict[str, set[str]]()
    while waiting:
        address = waiting.pop(0)
        path = urlsplit(address).path
        seen[path] += 1
        if seen[path] > VARIANTS or path.startswith(("/static", "/written-mail")):
            continue
        body = words_of(browser.client.get(address, follow_redirects=True).get_data())
        heard = {word for word in words if word.lower() in body.lower()}
        if heard:
            found[address] = heard
        waiting += [] if not follow else [unescape(link) for link in re.findall(r'href="(/[^"#]*)', body)]
    return found


def words_of(data: bytes) -> str:
    """What an answer says; of a Word file, what is in it."""
    if data[:2] != b"PK":
        return data.decode()
    with zipfile.ZipFile(BytesIO(data)) as packed:
        return " ".join(packed.read(name).decode() for name in packed.namelist())


def hide_all(visit: Visit, world: World) -> None:
    browser = visit(world.moderator)
    for at, passage in ((world.at_comment, CANARIES[1]), (world.at_reply, CANARIES[4])):
        browser.open(at)
        page = browser.press("Decide", verb="hide", rule="personal", passage=passage, reason="It names a bird.")
        assert "Hidden." in page.text


def test_before_it_is_hidden_everybody_reads_it(app: Flask, visit: Visit, sung: World) -> None:
    found = singing(app, sung, visit())
    assert len(found) >= 3
    assert {CANARIES[1], CANARIES[2], CANARIES[4]} <= set.union(*found.values())
    assert f"/c/{sung.slug}/v2/clauses/1-1" in found, "it is carried to the next draft"


def people(world: World, make: Make) -> dict[str, Person | None]:
    elsewhere = make.person("Elsewhere")
    make.role(elsewhere, make.consultation(), "moderator")
    return {
        "visitor": None, "author": world.author, "reader who replied": world.reader, "moderator elsewhere": elsewhere,
        "organiser": make.staff(world.consultation, "organiser"), "observer": make.staff(world.consultation, "observer"),
        "administrator": make.person("Admin", is_administrator=True),
    }  # fmt: skip


def test_what_is_hidden_is_on_no_page(app: Flask, visit: Visit, sung: World, make: Make) -> None:
    hide_all(visit, sung)
    for role, person in people(sung, make).items():
        assert not singing(app, sung, visit(person), follow=role in ("visitor", "author")), role
    assert singing(app, sung, visit(sung.moderator)), "moderators must see what they decided on"


def test_who_quoted_it_has_the_words_no_more_and_has_them_again(app: Flask, visit: Visit, sung: World) -> None:
    def words() -> str:
        return json.dumps(said_by_others())

    with app.app_context():
        before = words()
        assert all(bird in before for bird in (CANARIES[0], CANARIES[1], CANARIES[4]))
    hide_all(visit, sung)
    with app.app_context():
        found = words()
        assert not [bird for bird in CANARIES if bird in found]
        assert "This as well." in found
    search = f"/c/{sung.slug}/manage/answers?q={CANARIES[0]}"
    organiser = visit(sung.make.staff(sung.consultation, "organiser"))
    assert "Rita Reader" not in organiser.open(search).text, "not even a search finds who quoted it"
    restore_all(visit, sung)
    with app.app_context():
        assert words() == before


def test_restored_words_are_back(app: Flask, visit: Visit, sung: World) -> None:
    hide_all(visit, sung)
    restore_all(visit, sung)
    assert singing(app, sung, visit())


def restore_all(visit: Visit, sung: World) -> None:
    browser = visit(sung.second)
    for at in (sung.at_comment, sung.at_reply):
        browser.open(at)
        browser.press("Decide", reason="It is a harmless bird.")


def test_a_mail_that_waited_while_it_was_hidden_is_not_sent(
    app: Flask, visit: Visit, sung: World, settings: Settings
) -> None:
    hide_all(visit, sung)
    with app.app_context():
        while run_due():
            pass
    mails = {path: path.read_text() for path in Path(settings.instance).glob("mail/*.eml")}
    heard = {path: text for path, text in mails.items() if any(word in text for word in CANARIES)}
    assert len(heard) == 2  # to the two authors, with the passage; none about the reply
    assert len(mails) == 3  # and to who was quoted, with what was said of it
    for text, author, passage in zip(
        sorted(heard.values()), (sung.author, sung.reader), (CANARIES[1], CANARIES[4]), strict=True
    ):
        assert f"To: {author.email}" in text
        assert passage in text
