"""A long letter without JavaScript, and a draft of an organisation by keyboard alone: from the first word to the public."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from consult.consultations.models import Consultation
from tests.debate.test_letter_operations import LETTER
from tests.make import PASSWORD

from .conftest import Site, Surfer, Typist
from .test_kept import sign_in

Arrive = Callable[..., Surfer]


@pytest.fixture
def consultation(site: Site) -> Consultation:
    row = site.make.consultation()
    site.make.version(row)
    return row


def test_a_letter_becomes_comments_that_keep_their_place(
    site: Site, surfer: Arrive, consultation: Consultation
) -> None:
    author = surfer(has_script=False)
    sign_in(author, site.make.person("Lena Letter"))
    author.open(f"/c/{consultation.slug}/comments")
    author.press("Have a long letter? Send it whole")
    author.fill(title="Our answer", body=LETTER).press("Send the letter")
    author.sees("Cut your letter into comments", "Comment 3, still missing: Choose what it argues from")
    for field in author.page.locator("input[name$=-given]").all():
        piece = str(field.get_attribute("name")).removesuffix("-given")
        author.fill(**{f"{piece}-positions": "safety", f"{piece}-stance": "object"})
    author.press("Post 3 comments")
    author.sees("Public now: 3 comments, and the letter")
    reader = surfer()
    reader.open(author.page.url.partition("?")[0])
    reader.sees("Our answer", "We speak for 200 libraries")
    reader.page.locator("main a[href*='/comments/P']", has_text="-002").first.click()
    reader.look()
    reader.sees("Part 2 of 3 of a letter of")
    reader.press("read it in its place")
    assert reader.page.url.endswith("#part-2")
    assert reader.page.locator("#part-2").is_visible()


def test_a_draft_of_an_organisation_goes_from_member_to_signatory_to_the_public(
    site: Site, surfer: Arrive, consultation: Consultation
) -> None:
    make = site.make
    guild = make.organisation("Guild of Weavers", code="GW")
    people = {}
    for name in ("Mara Member", "Sara Signs"):
        row = make.person(name)
        make.member(row, guild, is_signatory=name == "Sara Signs")
        people[name] = surfer(kind=Typist)
        people[name].open("/sign-in")
        people[name].fill(email=row.email, password=PASSWORD).press("Sign in")
        people[name].open("/me/account")
        people[name].tick("Guild of Weavers")
        people[name].press("Use this voice")
    member, signatory = people.values()
    member.open(f"/c/{consultation.slug}/comments/new?clause=1-1")
    member.fill(body="Say who keeps it.", positions="safety", stance="object").press("Share with my organisation")
    member.sees("Your colleagues can read it", "Nobody else can.")
    shared = member.page.url.partition("?")[0]
    member.walk_to(member.page.locator("#note-body"))
    member.page.keyboard.type("Is this too short?")
    member.press("Add the note")
    member.press("Propose for signature")
    stranger = surfer()
    assert stranger.page.goto(shared).status in (403, 404) or "sign-in" in stranger.page.url  # type: ignore[union-attr]
    signatory.open(shared)
    signatory.sees("Is this too short?")
    assert signatory.page.locator("[name=body]").first.input_value() == "Say who keeps it."
    signatory.press("Sign and post for GW")
    assert signatory.page.url.partition("?")[0].endswith("/comments/GW-001")
    stranger.open(f"/c/{consultation.slug}/comments/GW-001")
    stranger.sees("Say who keeps it.", "Guild of Weavers", "signed for it by Sara Signs")
    assert "Is this too short?" not in stranger.page.content()
