"""The whole story of a consultation in a browser, by different people: with JavaScript, without, and by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from consult.accounts.models import Person
from consult.consultations.models import Consultation
from consult.core import clock
from consult.debate.models import Comment, Trail
from tests.make import PASSWORD

from .conftest import Site, Surfer, Typist

DRAFT = Path("tests/data/draft-openchain-18974/v1.0.en.md")
Arrive = Callable[..., Surfer]
WALL = "%Y-%m-%dT%H:%M"


class Story:
    """The people of one consultation, and what each of them does."""

    def __init__(self, site: Site, surfer: Arrive, way: str) -> None:
        self.site, self.mark = site, way
        kind = Typist if way == "keyboard" else Surfer
        self.arrive = lambda: surfer(has_script=way != "plain", kind=kind)
        self.slug = ""
        with site.make.writing() as session:  # the ways are hours apart; else all these new people are a flood
            session.execute(delete(Trail))

    def person(self, name: str, category: str) -> tuple[Person, Surfer]:
        """Somebody with an account signs in."""
        row = self.site.make.person(name, category=category, email=f"{name.split()[0].lower()}@{self.mark}.example")
        someone = self.arrive()
        someone.open("/sign-in")
        someone.fill(email=row.email, password=PASSWORD).press("Sign in")
        return row, someone

    def at(self, **moments: timedelta) -> None:
        """Move the consultation's own clock."""
        with self.site.make.writing() as session:
            row = session.scalars(select(Consultation).where(Consultation.slug == self.slug)).one()
            for name, distance in moments.items():
                setattr(row, name, clock.now() + distance)
        self.site.tick()

    def organiser_registers(self) -> Surfer:
        email = f"olga@{self.mark}.example"
        olga = self.arrive()
        olga.open("/register")
        olga.fill(name="Olga Organiser", email=email, password="a long walk by the sea", category="nonprofit")
        olga.press("Make my account")
        olga.open(self.site.link_in_mail(email))
        olga.press("Confirm my e-mail address")
        if "sign-in" in olga.page.url or olga.page.get_by_role("link", name="Sign in").count():
            olga.open("/sign-in")
            olga.fill(email=email, password="a long walk by the sea").press("Sign in")
        olga.open("/organisations/new")
        olga.fill(name=f"Open Chain Forum {self.mark}", category="nonprofit")
        olga.press("Put it on the list")
        olga.open("/me/account")
        olga.tick(f"Open Chain Forum {self.mark}")
        olga.press("Use this voice")
        return olga

    def organiser_opens(self, olga: Surfer, moderator: Person, moira: Surfer) -> None:
        moment = clock.now()
        olga.open("/consultations/new")
        olga.fill(title=f"Security assurance, {self.mark}").press("Begin")
        self.slug = olga.page.url.split("/c/")[1].split("/")[0]
        olga.fill(summary="How do we know that open source parts are safe?", scope="The whole text.")
        olga.press("Save and go on")
        olga.press("Save and go on")
        olga.fill(questions="What is missing?\nWhat costs too much?").press("Save and go on")
        olga.press("Bring in the draft")
        olga.attach(DRAFT)
        olga.press("Look at it first")
        olga.sees("Is this your draft?", "Component Records")
        olga.press("Keep this draft")
        olga.open(f"/c/{self.slug}/manage/settings/positions")
        assert olga.page.locator("[name=name_1]").input_value() == "Safety"
        olga.press("Save and go on")
        olga.fill(
            timezone="Europe/Brussels",
            opens=(moment + timedelta(days=2)).strftime(WALL),
            closes=(moment + timedelta(days=1)).strftime(WALL),
        ).press("Save and go on")
        olga.sees("Nothing you typed is lost")
        olga.fill(closes=(moment + timedelta(days=40)).strftime(WALL)).press("Save and go on")
        olga.open(f"/c/{self.slug}/manage/settings/people")
        olga.fill(email=moderator.email, role="moderator").press("Send the invitation")
        moira.open("/me/invitations")
        moira.press(f"Accept: Security assurance, {self.mark}")
        stranger = self.arrive()
        assert stranger.page.goto(f"{self.site.url}/c/{self.slug}").status == 404  # type: ignore[union-attr]
        olga.open(f"/c/{self.slug}/manage/settings/check")
        olga.press("Announce it")
        olga.open(f"/c/{self.slug}")
        olga.sees("How do we know that open source parts are safe?")
        self.at(opens_at=timedelta(minutes=-1))

    def comments(self, someone: Surfer, key: str, body: str, **choices: str) -> str:
        """Comment on a clause beside the text, and be back there; returns the comment's number."""
        someone.open(f"/c/{self.slug}/v1/clauses/{key}?write=1")
        new_text = choices.pop("new_text", "")
        if new_text:
            someone.unfold("Propose other words")
            someone.fill(new_text=new_text)
        someone.fill(body=body, **choices).press("Post comment")
        someone.sees(body, "Your comment is public")
        with self.site.make.writing() as session:
            return session.scalars(select(Comment.number).order_by(Comment.id.desc()).limit(1)).one()

    def reader_reports(self, number: str) -> None:
        reader = self.arrive()
        reader.open(f"/c/{self.slug}/comments/{number}")
        reader.press("Report")
        reader.fill(rule="spam", text="It sells watches.").press("Report it")
        reader.sees("moderator")

    def moderator_hides(self, moira: Surfer, number: str) -> None:
        moira.open(f"/c/{self.slug}/manage/moderation")
        moira.open(f"/c/{self.slug}/manage/moderation/comments/{number}")
        moira.sees("It sells watches.")
        moira.fill(verb="hide", rule="spam", passage="cheap watches", reason="It advertises something else.")
        moira.press("Decide")
        stranger = self.arrive()
        stranger.open(f"/c/{self.slug}/comments/{number}")
        stranger.sees("It advertises something else.", number)
        assert "cheap watches" not in stranger.page.content()
        stranger.open("/moderation")
        stranger.sees(number, "It advertises something else.")

    def moderator_answers(self, moira: Surfer, olga: Surfer, first: str, second: str) -> None:
        moira.open(f"/c/{self.slug}/manage/answers/{first}")
        moira.fill(code="accepted_modified", observation="We say who keeps the records.", change_class="technical")
        moira.press("Save and next")
        moira.fill(code="rejected", observation="Ten years is what the law asks for.").press("Save and next")
        moira.open(f"/c/{self.slug}/manage/summary")
        moira.fill(headline="Records get an owner").press("Save headline")
        for section, text in (("said", "Nobody knew who keeps the records."), ("did", "The text now names the owner.")):
            moira.fill(section=section, text=text, sources=first).press("Add sentence")
        moira.fill(section="not_done", text="The ten years stay.").press("Add sentence")
        moira.press("Find sources for: The ten years stay.")
        moira.press(f"Cite {second}")
        moira.open(f"/c/{self.slug}/manage/summary")
        moira.press("Begin the review")
        stranger = self.arrive()
        stranger.open(f"/c/{self.slug}/outcome")
        stranger.sees("proposed")
        olga.open(f"/c/{self.slug}/manage/summary")
        olga.press("Approve these words")
        self.at(review_ends_at=timedelta(minutes=-1))
        moira.open(f"/c/{self.slug}/manage/summary")
        moira.press("Publish the outcome")


@pytest.mark.parametrize("way", ["script", "plain", "keyboard"])
def test_from_the_draft_to_the_published_outcome(site: Site, surfer: Arrive, way: str) -> None:
    story = Story(site, surfer, way)
    moderator, moira = story.person("Moira Moderator", "nonprofit")
    olga = story.organiser_registers()
    story.organiser_opens(olga, moderator, moira)
    sam_row, sam = story.person("Sam Stakeholder", "academia")
    _, ines = story.person("Ines Industry", "industry")
    first = story.comments(
        sam, "2-8-p1", "Who keeps these records?", positions="safety", stance="support_with_changes",
        new_text="The policies, processes and one named person that make up a program.",
    )  # fmt: skip
    sam.open(f"/c/{story.slug}/comments/{first}")
    sam.sees("one named person")
    second = story.comments(ines, "2-9-p1", "Ten years is too long for us.", positions="profit", stance="object")
    spam = story.comments(ines, "2-9-p1", "Buy cheap watches here.", positions="access", stance="neutral")
    ines.open(f"/c/{story.slug}/comments/{first}")
    ines.fill(body="We could name one in each team.").press("Post reply")
    ines.sees("We could name one in each team.")
    ines.press("Agree")
    ines.sees("Agree 1")
    story.reader_reports(spam)
    story.moderator_hides(moira, spam)
    story.at(closes_at=timedelta(minutes=-1))
    sam.open(f"/c/{story.slug}/v1/clauses/2-8-p1")
    assert not sam.page.get_by_role("button", name="Post comment").count()
    story.moderator_answers(moira, olga, first, second)
    sam.open("/me")
    sam.sees(first, "Accepted with changes", "We say who keeps the records.")
    assert "We say who keeps the records." in site.mails(sam_row.email)[-1]
    stranger = story.arrive()
    stranger.open(f"/c/{story.slug}/outcome")
    stranger.sees("Records get an owner", "The ten years stay.", second, "Ten years is what the law asks for.")
    stranger.open(f"/c/{story.slug}/comments?answer=answered")
    stranger.sees(first, second)
