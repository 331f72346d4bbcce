"""A second round: the next draft is put to comment, and what was said and answered in the first one stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from consult.accounts.models import Person
from consult.consultations import operations as consultations
from consult.consultations.models import Consultation, Round
from consult.core import clock
from consult.core.db import db
from consult.core.errors import Invalid, Refused
from consult.core.jobs import run_due
from consult.core.rules import SYSTEM
from consult.debate import operations as debate
from consult.debate.models import CarriedAnchor, Comment
from consult.documents.models import Clause, DraftVersion
from consult.outcomes import operations
from consult.settings import Settings
from tests.make import Make
from tests.visitor import Page, Visitor

from .world import World

Visit = Callable[..., Visitor]
NEXT = "# Next draft\n\n## 1 Scope\n\nProviders shall publish a short summary.\n"


class Rounds(World):
    """A consultation whose first round is published: one comment, accepted, and a summary."""

    def __init__(self, make: Make, visit: Visit) -> None:
        super().__init__(make)
        self.visit = visit
        self.author = make.person("Ada First")
        self.first = self.comment(
            author=self.author, number="P9001-001", body="Shorter, please.", html="<p>Shorter, please.</p>"
        )
        self.organiser: Person = make.staff(self.consultation, "organiser", "Olu Organiser")
        browser = visit(self.moderator)
        browser.open(f"/c/{self.slug}/manage/summary")
        browser.press("Save headline", headline="The first round made it shorter.")
        browser.open(f"/c/{self.slug}/manage/answers")
        browser.press("Save and next", code="accepted_modified", observation="Shortened.", change_class="editorial")
        self._go_on(browser, "Begin the review")
        self.set(self.consultation, review_ends_at=None)
        self._go_on(visit(self.organiser), "Approve these words")
        self._go_on(browser, "Publish the outcome")

    def _go_on(self, browser: Visitor, button: str) -> None:
        browser.open(f"/c/{self.slug}/manage/summary")
        browser.press(button)

    def bring_in_the_next_draft(self) -> None:
        browser = self.visit(self.organiser)
        browser.open(f"/c/{self.slug}/manage/draft")
        browser.press("Look at it first", text=NEXT)
        browser.press("Keep this draft")

    def announce(self, **values: str) -> Page:
        """Press the button of the new round; it opens in five days."""
        browser = self.visit(self.organiser)
        browser.open(f"/c/{self.slug}/manage/steps/new-round")
        opens = clock.now() + timedelta(days=5)
        given = {"opens": f"{opens:%Y-%m-%dT%H:%M}", "closes": f"{opens + timedelta(days=40):%Y-%m-%dT%H:%M}"} | values
        return browser.press("Begin a new round", **given)

    def open(self) -> None:
        """The opening time of the second round has come."""
        self.set(self.consultation, opens_at=clock.now() - timedelta(minutes=1))
        with self.make.app.app_context():
            consultations.open_consultation(actor=SYSTEM, consultation=self.found())

    def second(self, person: Person, words: str = "Say how short.") -> Page:
        browser = self.visit(person)
        browser.open(f"/c/{self.slug}/comments/new?version=2")
        return browser.press("Post comment", body=words, positions="access", stance="object")


@pytest.fixture
def rounds(make: Make, visit: Visit) -> Rounds:
    return Rounds(make, visit)


def test_a_new_round_is_about_a_new_text(rounds: Rounds) -> None:
    page = rounds.visit(rounds.organiser).open(f"/c/{rounds.slug}/manage/steps/new-round")
    assert "Bring in the next version of the draft first" in page.text
    assert not [f for f in page.forms if f.method == "post" and "new-round" in f.action]
    rounds.bring_in_the_next_draft()
    page = rounds.announce()
    assert "The new round is announced." in page.text
    assert page.heading == "Manage round 2"
    page = rounds.visit().open(f"/c/{rounds.slug}/draft")
    assert page.url.endswith("/v2/1-scope") or "/v2/" in page.url
    assert "short summary" in page.text
    assert "See what came of the round before" in rounds.visit().open(f"/c/{rounds.slug}").links()


def test_dates_that_cannot_be_are_said_at_their_field(rounds: Rounds) -> None:
    rounds.bring_in_the_next_draft()
    browser = rounds.visit(rounds.organiser)
    browser.open(f"/c/{rounds.slug}/manage/steps/new-round")
    for typed, sentence in (
        ({"opens": "", "closes": ""}, "Say when it opens."),
        ({"opens": "2020-01-01T09:00", "closes": "2020-02-01T09:00"}, "This time has passed."),
        ({"opens": "2190-02-01T09:00", "closes": "2190-01-01T09:00"}, "It must close after it opens."),
    ):
        page = browser.press("Begin a new round", status=422, **typed)
        assert sentence in page.text
        assert page.form("Begin a new round").fields["opens"] == [typed["opens"]], "what was typed is kept"
    assert rounds.visit().open(f"/c/{rounds.slug}/draft").url.count("/v1/") == 1


def test_the_first_round_stays_answered_and_closed_while_the_second_is_open(rounds: Rounds, make: Make) -> None:
    rounds.bring_in_the_next_draft()
    rounds.announce()
    rounds.open()
    page = rounds.visit(make.person()).open(f"/c/{rounds.slug}/comments/{rounds.first.number}")
    assert "Accepted with changes" in page.text
    assert "Round 1 is over." in page.text
    assert "This round is over" in page.text
    assert "Post reply" not in page.body
    page = rounds.visit(rounds.author).open(f"/c/{rounds.slug}/comments/{rounds.first.number}")
    assert "Withdraw" not in page.links()
    page = rounds.visit(make.person()).open(f"/c/{rounds.slug}/v1/clauses/1-1")
    assert "This round is over" in page.text
    assert "Comment on 1.1" not in page.links()
    page = rounds.visit(make.person()).open(f"/c/{rounds.slug}/comments/new?version=1")
    assert "Round 1 is over." in page.text
    assert "Open until" not in page.text
    assert "Round 2 announced" in rounds.visit().open(f"/c/{rounds.slug}/history").text
    page = rounds.visit().open(f"/c/{rounds.slug}/outcome")
    assert page.heading == "The first round made it shorter."
    assert "The outcome of round 1." in page.text
    register = make.app.test_client().get(f"/c/{rounds.slug}/outcome/register.json").get_json()
    assert register["round"] == 1
    assert [row["number"] for row in register["rows"]] == [rounds.first.number]


def test_each_round_has_its_own_comments_answers_and_outcome(rounds: Rounds, make: Make) -> None:
    rounds.bring_in_the_next_draft()
    rounds.announce()
    rounds.open()
    author = make.person("Bo Second")
    page = rounds.second(author)
    assert "Say how short." in page.text
    page = rounds.visit().open(f"/c/{rounds.slug}/comments")
    assert page.heading == "One comment of round 2"
    assert "Say how short." in page.text
    assert "Shorter, please." not in page.text
    page = rounds.visit().open(page.links()["Round 1, 0 comments"])  # made behind the counters' back
    assert "Shorter, please." in page.text
    rounds.visit().open(f"/c/{rounds.slug}/comments?round=3", status=404)
    rounds.set(rounds.consultation, closes_at=clock.now() - timedelta(minutes=1))
    with make.app.app_context():
        consultations.close(actor=SYSTEM, consultation=rounds.found())
    browser = rounds.visit(rounds.moderator)
    page = browser.open(f"/c/{rounds.slug}/manage/answers")
    assert "1to decide" in page.text
    page = browser.press("Save and next", code="rejected", observation="Short is short.")
    second = _number_of(rounds, "Say how short.")
    assert "Short is short." not in rounds.visit().open(f"/c/{rounds.slug}/comments/{second}").text
    browser.open(f"/c/{rounds.slug}/manage/summary")
    page = browser.press("Add sentence", section="said", text="As before.", sources=rounds.first.number, status=422)
    assert f"There is no comment {rounds.first.number} in this round." in page.text
    browser.press("Save headline", headline="The second round left it.")
    rounds._go_on(browser, "Begin the review")
    page = rounds.visit().open(f"/c/{rounds.slug}/outcome")
    assert page.heading == "The second round left it."
    assert "Proposed." in page.text
    page = rounds.visit().open(page.links()["Outcome of round 1"])
    assert page.heading == "The first round made it shorter."
    assert "Proposed." not in page.text
    assert second not in page.text
    page = rounds.visit(author).open("/me")
    assert "Short is short." in page.text
    rounds.set(rounds.consultation, review_ends_at=None)
    rounds._go_on(rounds.visit(rounds.organiser), "Approve these words")
    rounds._go_on(browser, "Publish the outcome")
    page = rounds.visit().open("/")
    assert page.text.count("The second round left it.") == 1
    assert "The first round made it shorter." not in page.text


def _number_of(rounds: Rounds, body: str) -> str:
    with rounds.make.app.app_context():
        return db.session.scalars(select(Comment.number).where(Comment.body == body)).one()


def test_nothing_of_a_published_round_can_be_changed_by_an_operation(
    rounds: Rounds, make: Make, app: Flask
) -> None:  # fmt: skip
    rounds.bring_in_the_next_draft()
    rounds.announce()
    rounds.open()
    moderator, reader = make.actor(rounds.moderator), make.actor(make.person())
    with app.app_context():
        acts: tuple[Callable[[Comment], object], ...] = (
            lambda row: debate.post_reply(actor=reader, comment=row, parent=None, body="Late."),
            lambda row: debate.vote(actor=reader, comment=row, choice="agree"),
            lambda row: debate.withdraw_comment(actor=make.actor(rounds.author), comment=row),
            lambda row: operations.decide(actor=moderator, comments=[row], code="noted", observation="Other."),
        )
        for act in acts:
            with pytest.raises(Refused, match="outcome is published"):
                act(rounds.row(rounds.first))
        version = db.session.scalars(select(DraftVersion).where(DraftVersion.number == 1)).one()
        with pytest.raises(Invalid, match="outcome of this round is published"):
            debate.record_comment(
                actor=SYSTEM, consultation=rounds.found(), version=version, clauses=[], body="By post.",
                author_name="Kari", source="paper",
            )  # fmt: skip
        with pytest.raises(Invalid, match="newer version"):
            debate.post_comment(
                actor=reader, consultation=rounds.found(), version=version, clauses=[], body="On the old one.",
                positions={"safety"}, stance="object", type="general",
            )  # fmt: skip


def test_a_version_that_was_public_already_can_be_put_to_comment(rounds: Rounds, make: Make) -> None:
    rounds.bring_in_the_next_draft()
    browser = rounds.visit(rounds.organiser)
    browser.open(f"/c/{rounds.slug}/manage/draft")
    browser.press("Make it public")
    rounds.announce()
    with make.app.app_context():
        version = db.session.scalars(select(DraftVersion).where(DraftVersion.number == 2)).one()
        current = db.session.scalars(select(Round).where(Round.number == 2)).one()
        row = db.session.scalars(select(Consultation)).one()
    assert version.round_id == current.id
    assert (row.state, row.published_at, current.published_at) == ("announced", None, None)


def test_what_is_withdrawn_after_its_outcome_keeps_the_outcome(rounds: Rounds) -> None:
    browser = rounds.visit(rounds.organiser)
    browser.open(f"/c/{rounds.slug}/manage/steps/withdrawal")
    browser.press("Withdraw", reason="The committee was dissolved.")
    page = rounds.visit().open(f"/c/{rounds.slug}")
    assert "This consultation was withdrawn" in page.text
    assert "It ended after its outcome was published." in page.text
    page = rounds.visit().open(page.links()["See what came of it"])
    assert page.heading == "The first round made it shorter."
    page = rounds.visit().open(f"/c/{rounds.slug}/comments/{rounds.first.number}")
    assert "Accepted with changes" in page.text


def test_the_comments_of_the_first_round_are_carried_to_the_second_draft(
    rounds: Rounds, make: Make, settings: Settings
) -> None:
    rounds.bring_in_the_next_draft()
    rounds.announce()
    with make.app.app_context():
        while run_due():
            pass
        carried = db.session.scalars(select(CarriedAnchor)).one()
        clause = db.session.get_one(Clause, carried.clause_id)
    assert (carried.comment_id, clause.text) == (rounds.first.id, "Providers shall publish a short summary.")
    page = rounds.visit(rounds.moderator).open(f"/c/{rounds.slug}/manage")
    page = rounds.visit(rounds.moderator).open(page.links()["Comments in the new draft"])
    assert page.heading == "Comments in draft 2"
    page = rounds.visit().open(f"/c/{rounds.slug}/v2/clauses/{clause.key}")
    assert rounds.first.number in page.links()
    mails = [path.read_text() for path in Path(settings.instance).glob("mail/*.eml")]
    assert len([m for m in mails if "next draft is here" in m.lower() and rounds.author.email in m]) == 1
    assert carried.status == "shifted"
    assert not any("my-carried-comments" in m for m in mails), "nothing needs a look"
