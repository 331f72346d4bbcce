"""Numbers that become links, and quotations that hold."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from consult.core import events, text
from consult.core.db import db
from consult.core.errors import Invalid
from consult.core.rules import SYSTEM
from consult.debate import operations, queries, references
from consult.debate.events import Named
from consult.debate.models import Comment, Quotation, Reply
from consult.search.models import SearchRow
from tests.debate.conftest import World, build
from tests.visitor import Visitor

Visit = Callable[..., Visitor]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("As P0001-003 and ACME-012 say.", ["P0001-003", "ACME-012"]),
        ("Clause 6.3.1, § 6.3 and section A.1.", ["6.3.1", "6.3", "A.1"]),
        ("Article 53(2)(a) and Art. 7.", ["Article 53(2)(a)", "Article 7"]),
        ("annex XI, Recital 107", ["Annex XI", "Recital 107"]),
        ("x-ACME-012 ACME-012-x AACME_012 /ACME-012 clauses 6.3, subclause 6.3x 2020-01-02", []),
    ],
)
def test_what_names_a_clause_or_a_comment(line: str, names: list[str]) -> None:
    assert [one.names[0] for one in references.find(line)] == names


@given(st.text(max_size=900))
def test_any_words_can_be_quoted_and_are_found_where_they_were_said(words: str) -> None:
    said = text.plain(text.markdown(words))
    if not said.strip() or references.is_said("", said):
        return
    body = references.quote("/c/one/comments/A-001", "Ada, A-001", said)
    found = references.quotations(text.parse(body + "I agree."), "one")
    assert [one.target for one in found] == [("A-001", 0)]
    assert references.is_said(found[0].words, said) == bool("".join(said.replace("…", "").split()))


@given(st.text(max_size=200))
def test_anything_written_is_still_safe_and_keeps_its_words(source: str) -> None:
    tokens = text.parse(source)
    references.attribute(tokens, references.quotations(tokens, "one"), {})
    references.link(tokens, {"A-001": ("/c/one/comments/A-001", "")})
    assert "".join(text.plain(text.written(tokens)).split()) == "".join(text.plain(text.markdown(source)).split())


def found(world: World, number: str) -> Comment:
    return queries.find_comment(viewer=SYSTEM, slug=world.consultation.slug, number=number)


def find_reply(world: World, number: str, reply_id: int) -> Reply:
    return queries.find_reply(viewer=SYSTEM, slug=world.consultation.slug, number=number, reply_id=reply_id)


@pytest.mark.usefixtures("inside")
def test_numbers_become_links_only_where_they_lead_somewhere_in_this_consultation(world: World) -> None:
    elsewhere = build(world.make).post().number
    one = world.post()
    slug = world.consultation.slug
    body = (
        f"See {one.number}, NOPE-001, clause 1.1 and clause 9.9; `{one.number}` is code,"
        f" [a link {one.number}](https://example.org) stays.\n\n    clause 1.2"
    )
    html = world.post(body=body).html
    assert re.findall(r'href="([^"]+)"', html) == [
        f"/c/{slug}/comments/{one.number}", f"/c/{slug}/v1/clauses/1-1", "https://example.org",
    ]  # fmt: skip
    if elsewhere != one.number:
        assert "href" not in world.post(body=f"See {elsewhere}.").html
    reply = operations.post_reply(
        actor=world.actor(), comment=found(world, one.number), parent=None, body="§ 1.2 says so."
    )
    assert f'<a href="/c/{slug}/v1/clauses/1-2"' in reply.html


def quoted(world: World, number: str, thing: Comment | Reply, words: str = "") -> str:
    db.session.expire_all()
    comment = found(world, number)
    source = comment if isinstance(thing, Comment) else find_reply(world, number, thing.id)
    return queries.quoted(viewer=SYSTEM, card=queries.card(viewer=SYSTEM, comment=comment), thing=source, words=words)


@pytest.mark.usefixtures("inside")
def test_a_quotation_names_who_said_it_and_forged_words_are_refused(world: World) -> None:
    one = world.post(world.actor("Ada"), body="It is *too* long. I would cut it.")
    markdown = quoted(world, one.number, one, "too long.")
    assert "too long" in markdown
    assert "cut it" not in markdown
    forged = markdown.replace("Ada,", "Grace,")
    reply = operations.post_reply(
        actor=world.actor(), comment=found(world, one.number), parent=None, body=forged + "Yes."
    )
    assert f">Ada, {one.number}</a>:" in reply.html
    assert "Grace" not in reply.html
    for words in ("too short.", "long. It is"):
        with pytest.raises(Invalid, match="words you quote are not in"):
            operations.post_reply(
                actor=world.actor(), comment=found(world, one.number), parent=None,
                body=markdown.replace("too long.", words) + "Yes.",
            )  # fmt: skip
    assert "never said" not in quoted(world, one.number, one, "never said")


@pytest.mark.usefixtures("inside")
def test_hidden_words_go_from_where_they_are_quoted_and_come_back_with_their_source(world: World) -> None:
    one = world.post()
    insult = operations.post_reply(
        actor=world.actor("Grace"), comment=found(world, one.number), parent=None, body="Zanzibar insults you."
    )
    markdown = quoted(world, one.number, insult)
    quoter = operations.post_reply(
        actor=(kari := world.actor("Kari")),
        comment=found(world, one.number),
        parent=None,
        body=markdown + "That is unfair.",
    )

    def shown() -> tuple[bool, bool, bool, bool]:
        db.session.expire_all()
        html = find_reply(world, one.number, quoter.id).html
        index = db.session.scalars(select(SearchRow.words).where(SearchRow.reply_id == quoter.id)).one()
        return "Zanzibar" in html, "Grace" in html, "zanzibar" in index, "unfair" in html

    assert shown() == (True, True, True, True)
    operations.edit_reply(
        actor=kari,
        reply=find_reply(world, one.number, quoter.id),
        body=markdown + "That is very unfair.",
        seen_edit_number=0,
    )
    moderator = world.moderator()
    operations.hide(actor=moderator, thing=find_reply(world, one.number, insult.id), reason="It insults.")
    assert shown() == (False, False, False, True)
    assert references.GONE in find_reply(world, one.number, quoter.id).html
    assert quoted(world, one.number, insult) == ""
    with pytest.raises(Invalid, match="not shown any more"):
        operations.post_reply(
            actor=world.actor(), comment=found(world, one.number), parent=None, body=markdown + "Again."
        )
    operations.unhide(actor=moderator, thing=find_reply(world, one.number, insult.id))
    assert shown() == (True, True, True, True)
    assert world.make.count(Quotation) == 1


@pytest.mark.usefixtures("inside")
def test_words_said_before_an_edit_may_be_quoted(world: World) -> None:
    author = world.actor()
    one = world.post(author, body="The first wording.")
    markdown = quoted(world, one.number, one)
    operations.edit_comment(actor=author, comment=found(world, one.number), body="Another.", seen_edit_number=0)
    reply = operations.post_reply(
        actor=world.actor(), comment=found(world, one.number), parent=None, body=markdown + "Hm."
    )
    assert "The first wording." in reply.html


def test_quote_opens_the_form_with_the_words(app: Flask, world: World, visit: Visit) -> None:
    with app.app_context():
        one = world.post(world.actor("Ada"), body="It is too long.")
        reply = operations.post_reply(
            actor=world.actor("Grace"), comment=found(world, one.number), parent=None, body="Is it? *No.*"
        )
    address = f"{world.address}/{one.number}"
    assert f"Quote {one.number}" not in visit().open(address).links()
    browser = visit(world.make.person("Kari"))
    page = browser.open(browser.open(address).links()["Quote Grace"])
    typed = page.form("Post reply").fields["body"][0]
    assert typed == f"> [Grace, {one.number}]({address}/replies/{reply.id}):\n>\n> Is it? No.\n\n"
    page = browser.press("Post reply", body=typed + "Yes.")
    assert page.links()[f"Grace, {one.number}"] == f"{address}/replies/{reply.id}"
    page = browser.open(f"{address}?quote=1&words=too+long")
    typed = page.form("Post reply").fields["body"][0]
    assert "> too long\n" in typed
    page = browser.press("Post reply", body=typed.replace("too long", "too short"), status=422)
    assert any("words you quote are not in" in error for error in page.errors())
    assert "too short" in page.form("Post reply").fields["body"][0]
    browser.open(f"{address}?quote=%00&words=%00{'x' * 3000}")


def test_cards_show_what_their_pages_show(app: Flask, world: World, visit: Visit) -> None:
    with app.app_context():
        one = world.post(body="Zanzibar is too long.")
        reply = operations.post_reply(
            actor=world.actor("Grace"), comment=found(world, one.number), parent=None, body="Zanzibar? No."
        )
    address = f"{world.address}/{one.number}"
    clause = f"/c/{world.consultation.slug}/v1/clauses/1-1/card"
    for card in (f"{address}/card", f"{address}/replies/{reply.id}/card"):
        assert "Zanzibar" in visit().open(card).body
    assert "Providers shall publish a summary." in visit().open(clause).body
    with app.app_context():
        moderator = world.moderator()
        operations.hide(actor=moderator, thing=find_reply(world, one.number, reply.id), reason="It insults.")
        operations.hide(actor=moderator, thing=found(world, one.number), reason="It insults, too.")
    for card in (f"{address}/card", f"{address}/replies/{reply.id}/card"):
        body = visit().open(card).body
        assert "It insults" in body
        assert "Zanzibar" not in body
    for wrong in (f"{world.address}/P9999-001/card", f"{address}/replies/999/card", clause.replace("1-1", "9-9")):
        visit().open(wrong, status=404)
    draft = build(world.make, "draft")
    visit().open(f"/c/{draft.consultation.slug}/v1/clauses/1-1/card", status=404)


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> list[Named]:
    """Whom contributions named, as a listener hears it."""
    heard: list[Named] = []
    monkeypatch.setitem(events._listeners, Named, [*events._listeners[Named], heard.append])
    return heard


@pytest.mark.usefixtures("inside")
def test_voices_are_named_by_the_letters_of_their_comments(world: World, named: list[Named]) -> None:
    guild, member = world.make.organisation("The Guild", code="MG"), world.make.person("Mia")
    world.make.member(member, guild, is_signatory=True)
    world.make.organisation("Silent", code="SIL")
    for_guild, ada = world.make.actor(member, acting_for_id=guild.id), world.make.person("Ada <Lovelace>")
    one = world.post(for_guild)
    hers = world.post(world.make.actor(ada))
    author = world.make.actor(world.make.person("Kari"))
    body = (
        f"@MG and @{hers.number}: not @SIL, @P-099, @P{member.id:04d}, @P, @NOBODY, me@MG.org or `@MG`."
        f"\n\n> @MG in a quotation"
    )
    reply = operations.post_reply(actor=author, comment=found(world, one.number), parent=None, body=body)
    assert re.findall(r'href="([^"]+)"', reply.html) == [f"/organisations/{guild.slug}", f"/people/{ada.id}"]
    assert ">@The Guild</a>" in reply.html
    assert ">@Ada &lt;Lovelace&gt;</a>" in reply.html
    assert named == [Named(None, reply.id, (ada.id,), (guild.id,))]
    assert "@MG in a quotation" in reply.html
    operations.edit_reply(
        actor=author, reply=find_reply(world, one.number, reply.id), body=body + " And again.", seen_edit_number=0
    )
    assert len(named) == 1
    operations.post_reply(actor=for_guild, comment=found(world, one.number), parent=None, body="We, @MG, say so.")
    assert len(named) == 1
    operations.hide(actor=world.moderator(), thing=found(world, one.number), reason="Spam.")
    other = found(world, world.post(body="@MG again?").number)
    assert "@The Guild" in other.html  # its reply is still on show
    assert named[-1] == Named(other.id, None, (), (guild.id,))


@pytest.mark.usefixtures("inside")
def test_who_has_nothing_on_show_is_not_named(world: World, named: list[Named]) -> None:
    author = world.make.person("Spammer")
    one = world.post(world.make.actor(author))
    operations.hide(actor=world.moderator(), thing=found(world, one.number), reason="Spam.")
    assert "href" not in world.post(body=f"@{one.number} was here.").html
    elsewhere = build(world.make)
    assert "href" not in elsewhere.post(body="@P-002 was here.").html
    assert named == []
