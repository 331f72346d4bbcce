"""Pages of what is said on behalf of an organisation, without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from consult.accounts.models import Membership
from consult.core import clock
from consult.core.db import db
from consult.core.jobs import run_due
from tests.debate.conftest import Statements
from tests.debate.test_behalf import Guild, found
from tests.make import Make
from tests.visitor import Visitor

Visit = Callable[..., Visitor]
CANARY, SECRET = "Nachtigallenschlag", "Rohrdommelruf"
DRAFTS = "/organisations/guild/drafts"


@pytest.fixture
def guild(app: Flask, make: Make) -> Guild:
    return found(make)


def _browser(visit: Visit, guild: Guild, who: str) -> Visitor:
    return visit(getattr(guild, who), acting_for_id=guild.body.id)


def _shared(guild: Guild, stage: str = "proposed", **fields: Any) -> str:
    draft = guild.world.make.shared_draft(guild.body, guild.world.version, guild.member, stage, **fields)
    return f"{DRAFTS}/{draft.id}"


def test_members_write_it_together_and_a_signatory_signs_it(visit: Visit, guild: Guild) -> None:
    slug = guild.world.consultation.slug
    member, signatory = _browser(visit, guild, "member"), _browser(visit, guild, "signatory")
    page = member.open(f"/c/{slug}/comments/new?clause=1-1")
    assert "a comment you post yourself counts as your own" in page.text
    page = member.press("Share with my organisation", body="Say who.", positions="safety", stance="object")
    at = page.url
    assert "Nobody else can." in page.text
    member.press("Add the note", body="Is this too short?")
    member.press("Save the wording", body="Say who keeps it.")
    assert "The signatories see it" in member.press("Propose for signature").text

    assert "1 draft waits for your signature for Guild of Makers" in signatory.open("/me").text
    assert "Waits for a signature" in signatory.open(DRAFTS).text
    page = signatory.open(at)
    assert "Is this too short?" in page.text
    page = signatory.press("Sign and post for MG")
    assert page.url.endswith("/comments/MG-001")
    assert "signed for it by Sara Signs on" in visit().open(f"/c/{slug}/comments/MG-001").text
    assert "It is public as" in member.open(at).text


def test_what_is_put_away_is_taken_up_again(visit: Visit, guild: Guild) -> None:
    member = _browser(visit, guild, "member")
    member.open(_shared(guild))
    assert "Nobody goes on with it." in member.press("Put it away").text
    assert "Being written" in member.press("Take it up again").text


def test_two_wordings_stand_side_by_side(visit: Visit, guild: Guild) -> None:
    at = _shared(guild)
    member, signatory = _browser(visit, guild, "member"), _browser(visit, guild, "signatory")
    member.open(at)
    signatory.open(at)
    signatory.press("Save the wording", body="Hers.")
    page = member.press("Save the wording", body="Mine.", status=409)
    assert "A colleague changed it meanwhile" in page.text
    assert page.text.count("Mine.") == 2
    assert "Hers." in page.text
    assert "Hers." not in member.press("Save the wording", body="Both.").form("Save the wording").fields["body"][0]


def test_a_signature_needs_what_was_read(visit: Visit, guild: Guild) -> None:
    at = _shared(guild)
    member, signatory = _browser(visit, guild, "member"), _browser(visit, guild, "signatory")
    signatory.open(at)
    member.open(at)
    member.press("Save the wording", body="Other words.")
    page = signatory.press("Sign and post for MG", status=409)
    assert "It was changed since you opened this page" in page.text
    assert "As you read it" in page.text
    assert "Say who." in page.text
    assert signatory.press("Sign and post for MG").url.endswith("/comments/MG-001")


def test_a_comment_of_a_member_is_read_then_signed(visit: Visit, guild: Guild, app: Flask) -> None:
    with app.app_context():
        number = guild.unsigned().number
    at = f"/c/{guild.world.consultation.slug}/comments/{number}"
    assert "not signed for it yet" in visit().open(at).text
    member, signatory = _browser(visit, guild, "member"), _browser(visit, guild, "signatory")
    assert "Only a signatory" in member.open(f"{at}/signature", status=403).text
    assert number in signatory.open(DRAFTS).text
    signatory.open(f"{at}/signature")
    member.open(f"{at}/wording")
    member.press("Save", body="Much shorter.")
    page = signatory.press("Sign it", status=409)
    assert "Too long." in page.text
    assert "Much shorter." in page.text
    assert "stands in the name of the organisation now" in signatory.press("Sign it").text
    page = visit().open(at)
    assert "Guild of Makers" in page.text
    assert "written by Mia Member, signed for it by Sara Signs" in page.text


def test_after_closing_it_is_said_plainly_and_nobody_signs(visit: Visit, guild: Guild, app: Flask) -> None:
    with app.app_context():
        number = guild.unsigned().number
    at = _shared(guild)
    with guild.world.make.writing() as session:
        of = session.get_one(type(guild.world.consultation), guild.world.consultation.id)
        of.opens_at, of.closes_at = clock.now().replace(year=2020), clock.now()
    comment = f"/c/{guild.world.consultation.slug}/comments/{number}"
    assert "<b>not signed for it</b>" in visit().open(comment).body
    signatory = _browser(visit, guild, "signatory")
    assert "nobody can sign it for the organisation now" in signatory.open(f"{comment}/signature", status=403).text
    page = signatory.open(at)
    assert "It was not signed, so it was not said." in page.text
    assert not [form for form in page.forms if form.action.endswith("/signature")]
    assert "waits for your signature" not in signatory.open("/me").text


def test_what_members_say_among_themselves_is_nowhere_else(visit: Visit, guild: Guild, app: Flask, make: Make) -> None:
    at = _shared(guild, body=f"{CANARY} sings.")
    member = _browser(visit, guild, "member")
    member.open(at)
    assert SECRET in member.press("Add the note", body=f"{SECRET} among us.").text
    slug = guild.world.consultation.slug
    left = make.person("Left")
    make.row(Membership(person_id=left.id, organisation_id=guild.body.id, state="left", is_signatory=False))
    others = [None, left, make.staff(guild.world.consultation, "moderator"), make.person(is_administrator=True)]
    values = {"slug": slug, "version": 1, "key": "1-1", "page_key": "1", "person_id": guild.member.id}
    with app.test_request_context():
        pages = [
            app.url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})
            for rule in app.url_map.iter_rules()
            if "GET" in (rule.methods or ()) and rule.arguments <= set(values) and rule.endpoint != "asset"
        ]
    pages += [at, DRAFTS, "/organisations/guild", f"/search?q={SECRET}", f"/c/{slug}/search?q={CANARY}"]
    for person in others:
        browser = visit(person)
        for address in pages:
            answer = browser.client.get(address, follow_redirects=True)
            said = answer.get_data(as_text=True).replace(f"q={SECRET}", "").replace(f"q={CANARY}", "")
            typed = said.count(SECRET) + said.count(CANARY)
            assert not typed or "/search" in address, (address, person and person.name)
            assert " sings." not in said
            assert "among us." not in said
    with app.app_context():
        while run_due():
            pass
        for table in db.metadata.sorted_tables:
            if table.name.startswith("organisation_"):
                continue
            rows = db.session.execute(select(table)).all()
            assert not [row for row in rows if CANARY in str(row) or SECRET in str(row)], table.name


def test_the_list_costs_the_same_for_one_and_for_twenty(
    visit: Visit, guild: Guild, statements: Callable[[], Any]
) -> None:
    member = _browser(visit, guild, "member")
    costs = []
    for more in (1, 19):
        for _ in range(more):
            _shared(guild, "open")
        with statements() as told:
            assert "Being written" in member.open(DRAFTS).text
        costs.append(len(told))
    assert costs[0] == costs[1]
    _shared(guild, "open")
    assert "Show more" in member.open(DRAFTS).text
    assert "20 of 21 shown" in member.page.text  # type: ignore[union-attr]


def test_all_it_said_is_on_its_page(visit: Visit, guild: Guild, app: Flask, statements: Statements) -> None:
    signs = guild.actor("signatory")
    with app.app_context():
        for n in range(21):
            guild.world.post(signs, body=f"Remark number {n}.")
        guild.unsigned(body="Not in its name.")
    stranger = visit()
    page = stranger.open("/organisations/guild")
    assert "21 comments in 1 consultation" in page.text
    assert "Remark number 20." in page.text
    assert "Remark number 0." not in page.text
    assert "Not in its name." not in page.text
    assert "Signed by Sara Signs" in page.text
    page = stranger.open(page.links()["Show more"])
    assert "Remark number 0." in page.text
