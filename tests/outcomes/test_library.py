"""The library of standards: what is adopted enters it, is found, cited and downloaded, and is looked at again."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import html5lib
import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from consult.accounts.models import Person
from consult.consultations import operations as consultations
from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import db
from consult.core.errors import Conflict, Invalid, Refused
from consult.core.rules import SYSTEM
from consult.documents.models import DraftVersion
from consult.notices.models import Notice
from consult.outcomes import operations, queries
from consult.outcomes.jobs import remind_of_reviews
from consult.outcomes.models import Standard, StandardReview, StandardVersion
from consult.outcomes.operations import Terms
from tests.listening import listening
from tests.make import Make
from tests.visitor import Page, Visitor

from .world import NAUGHTY

Visit = Callable[..., Visitor]


class Published:
    """A consultation whose outcome is published, with its organiser."""

    def __init__(self, make: Make, **values: Any) -> None:
        self.make = make
        self.consultation: Consultation = make.consultation("published", **values)
        self.slug = self.consultation.slug
        self.text: DraftVersion = make.version(self.consultation)
        self.organiser: Person = make.staff(self.consultation, "organiser", "Olu Organiser")

    def adopt(self, **terms: Any) -> StandardVersion:
        """Adopt it by the operation."""
        with self.make.app.app_context():
            return operations.adopt(
                actor=self.make.actor(self.organiser), consultation=db.session.get_one(Consultation, self.consultation.id),
                terms=Terms(**{"title": "Model cards", "bodies": "Alliance for Tests"} | terms), seen=self.text.id,
            )  # fmt: skip


def _adopt_by_hand(world: Published, visit: Visit, **typed: Any) -> Page:
    browser = visit(world.organiser)
    browser.open(browser.open(f"/c/{world.slug}/manage").links()["Adopt …"])
    return browser.press("Adopt", **typed)


def _due(make: Make, standard_id: int, days: int) -> None:
    with make.writing() as session:
        session.execute(
            update(Standard).where(Standard.id == standard_id).values(review_at=clock.now() + timedelta(days=days))
        )


def _told(make: Make) -> list[tuple[int, str]]:
    with make.app.app_context():
        rows = db.session.execute(
            select(Notice.person_id, Notice.event).where(Notice.what == "standard_review").order_by(Notice.id)
        )
        return [(person_id, event) for person_id, event in rows]


def test_what_an_organiser_adopts_is_found_by_a_stranger(make: Make, visit: Visit) -> None:
    world = Published(make, co_organisers="City of Śrem", language="pl")
    page = _adopt_by_hand(world, visit, title="Karty modeli: 50% & więcej", designation="AFT 7", editors="Ewa Łoś")
    assert page.url == "/standards/aft-7"
    stranger = visit()
    page = stranger.open(stranger.open("/").links()["Library"])
    page = stranger.open(page.links()["Karty modeli: 50% & więcej"])
    for words in (
        "AFT 7: Karty modeli: 50% & więcej", "Alliance for Tests, City of Śrem", "Edited by Ewa Łoś", "Licence not stated", "0" * 64,
        f"Alliance for Tests and City of Śrem ({clock.now().year}). AFT 7: Karty modeli: 50% & więcej, version 1.",
        "http://localhost/standards/aft-7/1", "Draft 1", "Round 1",
    ):  # fmt: skip
        assert words.replace("Edited by ", "") in page.text, words
    assert "Confirm, revise or withdraw" not in page.text
    assert "Providers shall publish a summary." in stranger.open(page.links()["Read the text"]).text
    for words, address in page.links().items():
        if address.startswith("/c/"):
            assert stranger.client.get(address).status_code == 200, words
    assert "Karty modeli" in stranger.client.get("/feeds/standards.atom").text
    page = stranger.open(f"/c/{world.slug}")
    assert page.links()["Read the adopted standard"] == "/standards/aft-7"
    assert stranger.open("/").links()["Karty modeli: 50% & więcej"] == "/standards/aft-7"


def test_it_is_taken_along_as_files(make: Make, visit: Visit) -> None:
    world = Published(make)
    world.adopt(title="A {B} & 50% \\c", bodies="Health and Safety Executive\nGuild", editors="Ewa Łoś")
    client = visit().client
    bib = client.get("/standards/a-b-50-c/1/citation.bib")
    assert r"title = {{A {\textbraceleft}B{\textbraceright} \& 50\% {\textbackslash}c}}" in bib.text
    assert "author = {{Health and Safety Executive} and {Guild}}" in bib.text
    assert bib.headers["Content-Disposition"] == 'attachment; filename="a-b-50-c-1.bib"'
    (item,) = json.loads(client.get("/standards/a-b-50-c/1/citation.json").text)
    assert item["title"] == "A {B} & 50% \\c"
    assert item["author"] == [{"literal": "Health and Safety Executive"}, {"literal": "Guild"}]
    assert item["URL"] == "http://localhost/standards/a-b-50-c/1"
    answer = client.get("/standards/a-b-50-c/1/text.html")
    again = client.get("/standards/a-b-50-c/1/text.html", headers={"If-None-Match": answer.headers["ETag"]})
    assert (answer.status_code, again.status_code) == (200, 304)


def test_the_file_needs_nothing_else(make: Make, visit: Visit) -> None:
    world = Published(make, slug="with-picture")
    texts = (
        'See <a href="/c/with-picture/v2/clauses/1-2">1.2</a> and <a href="https://example.org/">elsewhere</a>.',
        'Seen: <img src="/c/with-picture/v2/pictures/abc" alt="A &lt;b&gt; plan"> <img src="/c/with-picture/v2/pictures/gone" alt="&lt;i&gt;">',
    )
    world.text = make.version(world.consultation, texts, pictures={"abc": b"points"})
    world.adopt()
    body = visit().client.get("/standards/model-cards/1/text.html").text
    assert 'href="#1-2"' in body
    assert 'src="data:image/png;base64,cG9pbnRz" alt="A &lt;b&gt; plan"' in body
    assert "[&lt;i&gt;]" in body
    parser = html5lib.HTMLParser(namespaceHTMLElements=False, strict=False)
    tree = parser.parse(body)
    assert [heading.text for heading in tree.iter("h1")] == ["Model cards"]
    ids = [node.attrib["id"] for node in tree.iter() if "id" in node.attrib]
    assert len(ids) == len(set(ids))
    for node in tree.iter():
        for name in ("src", "href", "srcset"):
            assert node.attrib.get(name, "#").startswith(("#", "data:", "http://localhost/", "https://example.org/"))
    assert not list(tree.iter("script"))
    assert not list(tree.iter("link"))


def test_whoever_adopts_it_enters_the_library(app: Flask, make: Make) -> None:
    world = Published(make, organiser_name="Guild", co_organisers="City")
    with app.app_context():
        consultations.adopt(actor=SYSTEM, consultation=db.session.get_one(Consultation, world.consultation.id))
        found = db.session.scalars(select(StandardVersion)).one()
        assert (found.title, found.bodies, found.number) == ("Draft standard", "Guild\nCity", 1)


def test_the_next_version_keeps_the_address(make: Make, visit: Visit) -> None:
    first, second = Published(make), Published(make)
    first.adopt()
    make.role(second.organiser, first.consultation, "organiser")
    page = _adopt_by_hand(second, visit, revises="model-cards", title="Model cards, better")
    assert page.url == "/standards/model-cards"
    assert "Version 2, adopted" in page.text
    old = visit().open("/standards/model-cards/1")
    assert "Replaced by version 2" in old.text
    assert visit().open("/standards/model-cards/2").heading == "Model cards, better"
    visit().open("/standards/model-cards/3", status=404)
    assert len([text for text in visit().open("/standards").links() if text.startswith("Model cards")]) == 1


def test_only_who_keeps_a_standard_adds_a_version(app: Flask, make: Make) -> None:
    first, second = Published(make), Published(make)
    first.adopt()
    with pytest.raises(Invalid, match="Only the organisers"):
        second.adopt(revises="model-cards")
    with pytest.raises(Invalid, match="no such standard"):
        second.adopt(revises="nothing")
    assert make.count(StandardVersion) == 1
    with app.app_context():
        assert db.session.get_one(Consultation, second.consultation.id).state == "published"


def test_another_text_than_was_looked_at_is_not_adopted(make: Make) -> None:
    world = Published(make)
    make.version(world.consultation, ("Another text.",))
    with pytest.raises(Conflict, match="Look at it first"):
        world.adopt()
    assert make.count(Standard) == 0


def test_two_of_one_name_have_two_addresses(make: Make, visit: Visit) -> None:
    Published(make).adopt()
    Published(make).adopt()
    assert visit().open("/standards/model-cards-2").heading == "Model cards"


def test_what_was_adopted_never_changes(app: Flask, make: Make) -> None:
    Published(make).adopt()
    with pytest.raises(IntegrityError, match="never changes"), make.writing() as session:
        session.execute(update(StandardVersion).values(title="Other"))


def test_only_the_organisers_adopt(make: Make, visit: Visit) -> None:
    world = Published(make)
    for person in (make.person(), make.staff(world.consultation, "moderator")):
        visit(person).open(f"/c/{world.slug}/manage/adoption", status=403)
    world.make.consultation("open", slug="still-open")
    visit(make.person(is_administrator=True)).open("/c/still-open/manage/adoption", status=403)


def test_a_form_that_lacks_something_keeps_what_was_typed(make: Make, visit: Visit) -> None:
    world = Published(make)
    browser = visit(world.organiser)
    browser.open(f"/c/{world.slug}/manage/adoption")
    page = browser.press("Adopt", bodies=" ", editors="Ewa Łoś", status=422)
    assert "Say who adopts it." in page.text
    assert "Ewa Łoś" in page.body
    assert "Say which licence it is." in browser.press("Adopt", bodies="Guild", licence="other", status=422).text
    assert browser.press("Adopt", licence_words="Our own").url == "/standards/draft-standard"


def test_the_library_is_sifted(make: Make, visit: Visit) -> None:
    browser = visit()
    assert "Nothing is adopted yet." in browser.open("/standards").text
    Published(make, language="de").adopt(title="Modellkarten", bodies="Bund\nLand")
    Published(make).adopt(title="Model cards", bodies="Bundle")
    for query, found in (
        ("q=MODELL", {"Modellkarten"}), ("body=Bund", {"Modellkarten"}), ("language=en", {"Model cards"}), ("q=bundle", {"Model cards"}),
        ("topic=none", set()), ("q=100%25", set()), ("after=x", {"Modellkarten", "Model cards"}),
    ):  # fmt: skip
        links = set(browser.open(f"/standards?{query}").links())
        assert links & {"Modellkarten", "Model cards"} == found, query
    assert "Nothing fits these filters." in browser.open("/standards?q=xyz").text


def test_the_number_of_statements_does_not_grow(app: Flask, make: Make, visit: Visit) -> None:
    Published(make).adopt()
    found = {}
    for count in (1, 20):
        for _ in range(count - 1):
            Published(make).adopt(title="Another one")
        for url in (
            "/standards",
            "/standards/model-cards",
            "/standards/model-cards/1/text",
            "/standards/model-cards/1/text.html",
        ):
            with listening(app) as seen:
                assert visit().client.get(url).status_code == 200
            found.setdefault(url, []).append(len(seen))
    assert {url: numbers[0] == numbers[1] <= 10 for url, numbers in found.items()} == dict.fromkeys(found, True), found


def test_long_lists_lead_on(make: Make, visit: Visit) -> None:
    for number in range(22):
        Published(make).adopt(title=f"Standard {number:02}")
    browser = visit()
    page = browser.open("/standards")
    assert "Standard 21" in page.text
    assert "Standard 01" not in page.text
    assert "Standard 01" in browser.open(page.links()["Show more"]).text


def test_its_owner_is_reminded_once_for_each_distance(app: Flask, make: Make) -> None:
    world = Published(make)
    standard_id = world.adopt().standard_id
    with app.app_context():
        remind_of_reviews()
        assert _told(make) == []
        for days, told in ((89, 1), (89, 1), (-1, 2), (-1, 2)):
            _due(make, standard_id, days)
            remind_of_reviews()
            assert len(_told(make)) == told, days
    assert {person for person, _event in _told(make)} == {world.organiser.id}
    _due(make, Published(make).adopt().standard_id, -400)  # nobody looked at it for a year
    with app.app_context():
        remind_of_reviews()
    assert len(_told(make)) == 3


def test_who_was_reminded_confirms_it(app: Flask, make: Make, visit: Visit) -> None:
    world = Published(make)
    standard_id = world.adopt().standard_id
    _due(make, standard_id, 30)
    with app.app_context():
        remind_of_reviews()
    browser = visit(world.organiser)
    page = browser.open("/me/inbox")
    line = next(text for text in page.links() if text.startswith("To be looked at again by"))
    browser.open(page.links()[line])
    assert "Choose what you decide." in browser.press("Decide", reason="It is used daily.", status=422).text
    page = browser.press("Decide", decision="confirm", reason="It is used daily.", years="3")
    assert "It is used daily." in page.text
    assert "Confirmed" in page.text
    assert "It was looked at again: Model cards" in browser.open("/me/inbox").text
    with app.app_context():
        row = db.session.get_one(Standard, standard_id)
        assert row.review_at is not None
        assert row.review_at.year == clock.now().year + 3
        remind_of_reviews()
    assert len(_told(make)) == 1


def test_a_withdrawn_standard_stays_with_the_reason(app: Flask, make: Make, visit: Visit) -> None:
    world = Published(make)
    world.adopt()
    browser = visit(world.organiser)
    browser.open("/standards/model-cards/review")
    browser.press("Decide", decision="withdraw", reason="Law took its place.")
    page = visit().open("/standards/model-cards")
    assert "Law took its place." in page.text
    assert "Looked at again" not in page.text
    assert "Withdrawn" in visit().open("/standards").text
    visit(world.organiser).open("/standards/model-cards/review", status=403)
    with app.app_context(), pytest.raises(Refused, match="was withdrawn"):
        operations.review(
            actor=make.actor(world.organiser), version=queries.standard_page(viewer=SYSTEM, slug="model-cards").version,
            decision="confirm", reason="No.",
        )  # fmt: skip
    assert make.count(StandardReview) == 1


def test_only_its_owner_decides(make: Make, visit: Visit) -> None:
    Published(make).adopt()
    visit(make.person()).open("/standards/model-cards/review", status=403)
    visit(Published(make).organiser).open("/standards/model-cards/review", status=403)


def test_nothing_one_can_type_breaks_it(make: Make, visit: Visit) -> None:
    world, other = Published(make), Published(make)
    other.adopt()
    adopting, reviewing = visit(world.organiser), visit(other.organiser)
    for words in NAUGHTY:
        adopting.open(f"/c/{world.slug}/manage/adoption")
        field = ("title", "designation", "revises", "licence", "review_years", "seen")[len(words) % 6]
        adopting.press("Adopt", status=422, **{"bodies": " ", field: words})
        reviewing.open("/standards/model-cards/review")
        reviewing.press("Decide", status=422, decision="confirm", reason=words, years="-1")
        visit().client.get("/standards", query_string={"q": words, "topic": words, "body": words, "after": words})
    for place in ("0", "2147483648", "9" * 30):
        for door in ("", "/text", "/text.html", "/text.pdf", "/citation.bib", "/citation.json"):
            visit().open(f"/standards/model-cards/{place}{door}", status=404)
