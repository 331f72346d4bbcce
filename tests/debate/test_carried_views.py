"""Pages on which people say what became of comments in the next draft, and on which everybody reads it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import update

from consult.accounts.models import Person
from consult.consultations.models import Consultation
from consult.core import mail
from consult.core.db import db
from consult.core.jobs import Job
from consult.core.shelf import Shelves
from consult.debate import jobs
from consult.debate.models import CarriedAnchor
from consult.notices import letters
from consult.notices.models import Notice
from tests.listening import listening
from tests.make import Make
from tests.visitor import Page, Visitor

from .drafts import FREE, RECORD, SECOND, SHOW, Drafts

Visit = Callable[..., Visitor]


class Carried(Drafts):
    """Comments of Ada on words that stayed, that changed beyond doubt and that are gone; carried to draft 2."""

    def __init__(self, make: Make) -> None:
        super().__init__(make)
        self.moderator: Person = make.staff(self.consultation, "moderator", "Mia Moderator")
        self.ada = make.person("Ada Author")
        self.sure = self.comment(SHOW, "free of charge", self.ada, number="P1-001", html="<p>Who pays?</p>")
        self.unsure = self.comment(RECORD, "30", self.ada, number="P1-002", html="<p>Too short.</p>")
        self.gone = self.comment(FREE, "Small providers", self.ada, number="P1-003", html="<p>Good.</p>")
        self.second = self.next()
        self.list = f"/c/{self.slug}/manage/carried"
        self.mine = f"/c/{self.slug}/my-carried-comments"

    def at(self, words: str) -> str:
        """The page of a clause of draft 2."""
        return f"/c/{self.slug}/v2/clauses/{self.clause(words, self.second).key}"


@pytest.fixture
def drafts(make: Make) -> Carried:
    return Carried(make)


def numbers(page: Page) -> list[str]:
    return [link for link in page.links() if link.startswith("P1-")]


def test_the_moderator_sees_what_needs_a_look_first(drafts: Carried, visit: Visit) -> None:
    page = visit(drafts.moderator).open(drafts.list)
    assert page.heading == "Comments in draft 2"
    assert "2 places need a look. Comments on 3 places of earlier drafts are carried to draft 2." in page.text
    assert numbers(page) == ["P1-002", "P1-003"]
    assert "Gone from draft 2." in page.text
    assert FREE in page.text, "an orphan stands beside its old words"
    page = visit(drafts.moderator).open(f"{drafts.list}?list=found")
    assert numbers(page) == ["P1-001"]
    assert "The same words." in page.text


def test_the_next_one_in_the_workbench_leads_here_when_nothing_else_waits(drafts: Carried, visit: Visit) -> None:
    browser = visit(drafts.moderator)
    page = browser.open(f"/c/{drafts.slug}/manage/moderation")
    assert browser.press("Take the next one n").url == drafts.list
    assert browser.open(page.links()["Only look at the next one"]).url == drafts.list


def test_one_click_each_and_back_to_the_same_place(drafts: Carried, visit: Visit) -> None:
    browser = visit(drafts.moderator)
    browser.open(drafts.list)
    page = browser.press("Still applies")
    assert "P1-002: still applies. Saved." in page.text
    assert "Still applies, Mia Moderator" in page.text
    assert numbers(page) == ["P1-002", "P1-003"], "it stays where it was"
    assert drafts.carried(drafts.unsure, drafts.second).status == "review", "what was found stays"
    browser.press("Take back what was said of P1-002")
    row = drafts.carried(drafts.unsure, drafts.second)
    assert (row.checked_as, row.checked_by_id, row.checked_at) == ("", None, None)
    assert "To be checked 2" in browser.page.links()


def test_who_comes_second_reads_what_the_first_one_said(drafts: Carried, visit: Visit, make: Make) -> None:
    other = make.staff(drafts.consultation, "moderator", "Otto Other")
    first, second = visit(drafts.moderator), visit(other)
    for browser in (first, second):
        browser.open(drafts.list)
    first.press("Solved")
    page = second.press("Still applies", status=422)
    assert "While you were reading, somebody else said what became of it: solved." in page.text
    assert "Solved, Mia Moderator" in page.text


def test_a_comment_is_put_where_it_belongs_and_taken_back(drafts: Carried, visit: Visit) -> None:
    before = drafts.rows()
    browser = visit(drafts.moderator)
    browser.open(f"{drafts.list}?list=orphan")
    page = browser.press("Put it there", clause="77.1", status=422)
    assert "This draft has no clause “77.1”." in page.text
    assert page.form("Put it there").fields["clause"] == ["77.1"]
    browser.press("Put it there", clause="3")
    row = drafts.carried(drafts.gone, drafts.second)
    assert (row.clause_id, row.quote, row.checked_as) == (
        drafts.clause("Duties", drafts.second).id, "", "still_applies",
    )  # fmt: skip
    page = visit().open(drafts.at("Duties"))
    assert "P1-003" in page.links()
    browser.press("Take back what was said of P1-003")
    assert drafts.rows() == before


def test_only_the_author_withdraws(drafts: Carried, visit: Visit, make: Make) -> None:
    page = visit(drafts.moderator).open(drafts.list)
    assert "I withdraw it" not in page.body
    browser = visit(drafts.ada)
    page = browser.open("/me")
    assert "2 of your comments need a look in draft 2" in page.text
    page = browser.open(page.links()["say whether they still apply"])
    assert page.heading == "Your comments in draft 2"
    assert numbers(page) == ["P1-002", "P1-003"]
    browser.press("I withdraw it")
    assert drafts.carried(drafts.unsure, drafts.second).checked_as == "withdrawn"
    page = visit(drafts.moderator).open(f"{drafts.list}?list=done")
    assert "Take back" not in page.body
    assert "1 of your comments needs a look in draft 2" in browser.open("/me").text
    page = visit(make.person()).open(drafts.mine)
    assert numbers(page) == []


def test_who_may_not_say_it(drafts: Carried, visit: Visit, make: Make) -> None:
    row = drafts.carried(drafts.unsure, drafts.second)
    address = f"/c/{drafts.slug}/carried-comments/{row.id}/judgement"
    stranger, moderator = visit(make.person()), visit(drafts.moderator)
    stranger.open(drafts.list, status=403)
    moderator.open(drafts.list)
    assert send(stranger, address, said="solved") == (403, "Only its author and the moderators of this consultation")
    assert send(moderator, address, said="withdrawn") == (403, "Only its author can say that it is not meant any more")
    assert send(moderator, address, said="nonsense") == (422, "Choose what became of it.")
    assert drafts.carried(drafts.unsure, drafts.second).checked_as == ""


def send(browser: Visitor, address: str, **values: str) -> tuple[int, str]:
    """What somebody hears who sends what no form offers: the status, and a known sentence of the answer."""
    token = browser.open("/appearance").forms[0].fields["csrf_token"][0]
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    answer = browser.client.post(address, data={"csrf_token": token, **values}, headers=headers)
    known = (
        "Only its author and the moderators of this consultation", "Choose what became of it.",
        "Only its author can say that it is not meant any more", "a comment of your own organisation",
    )  # fmt: skip
    return answer.status_code, next((k for k in known if k in answer.get_data(as_text=True)), "")


def test_nobody_decides_on_a_comment_of_their_own_organisation(make: Make, visit: Visit) -> None:
    drafts = Drafts(make)
    moderator, vendor = make.staff(drafts.consultation, "moderator"), make.organisation("Vendor")
    make.member(moderator, vendor)
    comment = drafts.comment(FREE, "fee", number="P1-009", organisation_id=vendor.id)
    row = drafts.carried(comment, drafts.next())
    page = visit(moderator).open(f"/c/{drafts.slug}/manage/carried")
    assert "It is a comment of your own organisation." in page.text
    address = f"/c/{drafts.slug}/carried-comments/{row.id}/judgement"
    assert send(visit(moderator), address, said="solved") == (403, "a comment of your own organisation")


def test_readers_find_earlier_comments_beside_the_clause(drafts: Carried, visit: Visit) -> None:
    page = visit().open(drafts.at(SHOW))
    assert "From earlier drafts (1)" in page.text
    assert "“free of charge”" in page.text
    assert "Written on 2, paragraph 2 of draft 1." in page.text
    assert "Perhaps" not in page.text
    page = visit().open(drafts.at("Providers of models"))
    assert "Perhaps about this clause, not checked yet." in page.text
    clause = drafts.clause(SHOW, drafts.second)
    assert clause.comment_count == 0
    page = visit().open(f"/c/{drafts.slug}/v2/3?at={clause.key}")
    assert "From earlier drafts (1)" in page.text
    page = visit().open(f"/c/{drafts.slug}/v1/clauses/{drafts.clause(SHOW).key}")
    assert "From earlier drafts" not in page.text


def test_what_is_solved_is_no_longer_beside_the_clause(drafts: Carried, visit: Visit) -> None:
    browser = visit(drafts.ada)
    browser.open(drafts.mine)
    browser.press("Solved")
    page = visit().open(drafts.at("Providers of models"))
    assert "P1-002" not in page.text
    page = visit().open(f"/c/{drafts.slug}/comments/P1-002")
    assert "solved, says its author" in page.text


def test_moderators_are_named_among_the_staff_only(drafts: Carried, visit: Visit) -> None:
    browser = visit(drafts.moderator)
    browser.open(drafts.list)
    assert "Solved, Mia Moderator" in browser.press("Solved").text
    assert "Solved, a moderator" in visit(drafts.ada).open(f"{drafts.mine}?list=done").text
    page = visit(drafts.ada).open(f"/c/{drafts.slug}/comments/P1-002")
    assert "solved, says a moderator" in page.text
    assert "Mia" not in page.text


def test_a_comment_tells_what_became_of_it(drafts: Carried, visit: Visit) -> None:
    for number, sentence in (
        ("P1-001", "In draft 2: 3, paragraph 2, same words."),
        ("P1-002", "In draft 2: perhaps in 3, paragraph 1; not checked."),
        ("P1-003", "In draft 2: these words are gone."),
    ):
        assert sentence in visit().open(f"/c/{drafts.slug}/comments/{number}").text


def test_a_newer_draft_ends_the_list_of_the_one_before(drafts: Carried, visit: Visit) -> None:
    browser = visit(drafts.moderator)
    browser.open(drafts.list)
    drafts.next(SECOND + "\nOne more.\n")
    page = browser.press("Still applies", status=422)
    assert "There is a newer version of the draft meanwhile." in page.text


def test_pages_cost_the_same_for_one_and_for_many(drafts: Carried, visit: Visit, app: Flask, make: Make) -> None:
    def statements(person: Person | None, address: str) -> int:
        browser = visit(person)
        browser.open(address)
        app.extensions["consult.shelf"] = Shelves()  # what is kept costs nothing
        with listening(app) as seen:
            browser.open(address)
        return len(seen)

    places = [
        (drafts.moderator, f"{drafts.list}?list=all"), (drafts.ada, f"{drafts.mine}?list=all"),
        (None, drafts.at("Providers of models")), (drafts.ada, "/me"),
    ]  # fmt: skip
    few = [statements(*place) for place in places]
    for _ in range(12):
        drafts.comment(RECORD, "30", drafts.ada)
    with app.app_context():
        jobs.carry({"version_id": drafts.second.id})
    assert make.count(CarriedAnchor) == 15
    assert [statements(*place) for place in places] == few


def test_the_list_goes_on_page_by_page(make: Make, visit: Visit) -> None:
    drafts = Drafts(make)
    moderator = make.staff(drafts.consultation, "moderator")
    for n in range(25):
        drafts.comment(RECORD, "30", number=f"P1-1{n:02d}")
    drafts.next()
    browser = visit(moderator)
    first = browser.open(f"/c/{drafts.slug}/manage/carried")
    assert numbers(first) == [f"P1-1{n:02d}" for n in range(20)]
    second = browser.open(first.links()["Show more"])
    assert numbers(second) == [f"P1-1{n:02d}" for n in range(20, 25)]
    page = browser.press("Still applies")
    assert numbers(page) == numbers(second), "back at the same place"


def test_while_it_is_carried_the_moderator_sees_how_far(make: Make, visit: Visit) -> None:
    drafts = Drafts(make)
    moderator = make.staff(drafts.consultation, "moderator")
    drafts.comment(RECORD, "30")
    drafts.next(is_carried=False)
    address = f"/c/{drafts.slug}/manage/carried"
    page = visit(moderator).open(address)
    assert "Carried 0 of 1" in page.text
    assert page.links()["Look again"].startswith(address)
    with make.writing() as session:
        session.execute(update(Job).values(is_parked=True, error="OSError: the disk is full"))
    page = visit(moderator).open(address)
    assert "stopped at 0 of 1" in page.text
    assert "OSError: the disk is full" in page.text


def test_before_a_second_draft_the_lists_say_so(make: Make, visit: Visit) -> None:
    drafts = Drafts(make)
    page = visit(make.staff(drafts.consultation, "moderator")).open(f"/c/{drafts.slug}/manage/carried")
    assert "There is one draft so far." in page.text


def mail_to(drafts: Drafts, person: Person) -> str:
    with drafts.make.app.app_context():
        here = db.session.get_one(Consultation, drafts.consultation.id)
        notice = Notice(what="new_round", consultation_id=here.id, consultation=here)
        template, values = letters.letter(notice, person) or ("", {})
        return mail.written(template, values)[1]


def test_the_mail_of_the_next_round_names_what_needs_a_look(drafts: Carried, make: Make) -> None:
    text = mail_to(drafts, drafts.ada)
    assert "2 of your comments need a look" in text
    assert f"/c/{drafts.slug}/my-carried-comments" in text
    assert "my-carried-comments" not in mail_to(drafts, make.person()), "nothing of hers needs a look"


def test_before_all_is_carried_authors_are_told_so(make: Make, visit: Visit) -> None:
    drafts = Drafts(make)
    author = make.person()
    drafts.comment(FREE, "fee", author)
    drafts.next(is_carried=False)
    assert "are being carried to the new draft at this moment" in mail_to(drafts, author)
    mine = f"/c/{drafts.slug}/my-carried-comments"
    assert "Your comments are being carried to draft 2 at this moment." in visit(author).open(mine).text
    drafts.work()
    assert "1 of your comments needs a look" in mail_to(drafts, author)
    assert "1 place in your comments needs a look." in visit(author).open(mine).text


@pytest.mark.parametrize("query", ["kept=" + "9" * 30, "kept=-1", "kept=x", "after=x", "list=none", "of=mine"])
def test_a_meddled_address_shows_the_list(drafts: Carried, visit: Visit, query: str) -> None:
    assert numbers(visit(drafts.moderator).open(f"{drafts.list}?{query}")) == ["P1-002", "P1-003"]


def test_a_version_that_is_not_there_is_missing(drafts: Carried, visit: Visit) -> None:
    for number in ("1", "3", "9" * 30):
        visit(drafts.moderator).open(f"{drafts.list}?version={number}", status=404)
