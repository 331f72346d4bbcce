"""The whole life on real input, as docs/guides/whole-life.md tells it: CSAF 2.1, two drafts, 43 and 14 comments, adopted.

Texts and logs come in by `consult draft import` and `consult comments import`; all else by the pages, on the real days.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from click import Command
from flask import Flask

from consult.accounts.models import Person
from consult.core import jobs
from consult.core.db import db
from consult.demo.script import DATA
from consult.demo.staging import at
from consult.documents.cli import draft
from consult.exchange.cli import comments
from consult.moderation.cli import campaigns
from tests.make import Make
from tests.visitor import Page, Visitor

Visit = Callable[..., Visitor]
CARRIED = "/manage/carried?list=check"
FILES = DATA / "csaf-2.1"
LETTER = (
    "Please keep the file format readable by people without a special program, because small teams read it by hand."
)


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class Life:
    """The people of one consultation, and what each of them does."""

    slug = "csaf-2-1"

    def __init__(self, app: Flask, make: Make, visit: Visit) -> None:
        self.app, self.visit = app, visit
        self.administrator = make.person("Ada Administrator", is_administrator=True)
        self.organiser = make.person("Olga Organiser", email="olga@example.org")
        self.moderator = make.person("Mia Moderator", email="mia@example.org")
        self.writers = [make.person(f"Writer {n}", category="industry") for n in range(3)]
        self.reader = make.person("Rafa Reader")

    def command(self, of: Command, *words: str) -> dict[str, Any]:
        done = self.app.test_cli_runner().invoke(of, [words[0], "--consultation", self.slug, "--json", *words[1:]])
        assert done.exit_code == 0, done.output
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    def tick(self) -> None:
        """What a worker does once a minute."""
        with self.app.app_context():
            jobs.sweep()
            while jobs.run_due():
                pass
            db.session.remove()

    def by(self, person: Person | None, address: str) -> Visitor:
        browser = self.visit(person)
        browser.open(f"/c/{self.slug}{address}")
        return browser

    def begin(self) -> None:
        """An administrator prepares what the command began, gives the roles and announces it."""
        told = self.command(draft, "import", "--name", "csd01", str(FILES / "csaf-v2.1-csd01.md"))
        assert (told["version"], told["begun"]) == (1, True)
        browser = self.by(self.administrator, "/manage/settings/words")
        browser.press(
            "Save and go on", summary="A format for security advisories that machines can read.", scope="All."
        )
        browser.press("Save and go on", organiser_name="OASIS CSAF TC")
        browser.press("Save and go on", questions="What in the draft is wrong, unclear, or missing?")
        browser.open(f"/c/{self.slug}/manage/settings/positions")
        browser.press("Save and go on")
        browser.press(
            "Save and go on", timezone="UTC", opens="2025-06-06T12:44", closes="2025-07-06T23:59", response_day="2025-09-30",
            review_days="14",
        )  # fmt: skip
        browser.open(f"/c/{self.slug}/manage/settings/people")
        for person, role in ((self.organiser, "organiser"), (self.moderator, "moderator")):
            browser.press("Send the invitation", email=person.email, role=role)
            invited = self.visit(person)
            invited.open("/me/invitations")
            invited.press("Accept")
        browser.open(f"/c/{self.slug}/manage/settings/check")
        assert "It is announced" in browser.press("Announce it").text

    def say(self, who: Person, body: str) -> str:
        """Comment on the whole draft; returns the comment's number."""
        browser = self.by(who, "/comments/new")
        page = browser.press("Post comment", body=body, positions="access", stance="object", status=None)
        if page.status == 409:  # she is shown who said the same before
            page = browser.press("Post mine anyway")
        return page.url.split("/comments/")[1].split("?")[0].split("#")[0]

    def answer_the_rest(self) -> int:
        """Answer one after the other what waits; returns how many."""
        browser, count = self.by(self.moderator, "/manage/answers"), 0
        while not re.search(r"\b0to decide", browser.page.text):
            browser.press("Save and next", code="noted", observation="The committee reads it for the next edition.")
            count += 1
        return count

    def publish(self, headline: str, sources: str, review: str, end: str) -> None:
        """Summary, review, approval by a second person, publication."""
        with at(day(review)):
            browser = self.by(self.moderator, "/manage/summary")
            browser.press("Save headline", headline=headline)
            browser.press("Add sentence", section="did", text="What was wrong is mended.", sources=sources)
            browser.press("Begin the review")
            assert "Proposed." in self.by(None, "/outcome").page.text
        with at(day(end)):
            self.tick()
            self.by(self.organiser, "/manage/summary").press("Approve these words")
            self.by(self.moderator, "/manage/summary").press("Publish the outcome")

    def register(self, number: int) -> list[dict[str, Any]]:
        found = json.loads(self.visit().client.get(f"/c/{self.slug}/outcome/register.json?round={number}").text)
        assert found["round"] == number
        rows: list[dict[str, Any]] = found["rows"]
        return rows

    def look_at_what_was_carried(self) -> int:
        """The moderator says of each place that is not sure that the second draft solves it; returns how many."""
        browser, count = self.by(self.moderator, CARRIED), 0
        while "Nothing here needs a look." not in browser.page.text:
            browser.press("Solved")
            browser.open(f"/c/{self.slug}{CARRIED}")
            count += 1
        return count


def reconciled(life: Life, number: int, *, logged: int, withdrawn: int, signatories: int) -> list[dict[str, Any]]:
    """The figures of a round, as everybody can take them along, add up to what came in; each comment has its answer."""
    rows = life.register(number)
    figures = json.loads(life.visit().client.get(f"/c/{life.slug}/outcome/register.json?round={number}").text)[
        "figures"
    ]
    assert (figures["withdrawn"], figures["campaign_signatories"]) == (withdrawn, signatories)
    late = 0  # who came after the closing time was refused
    counted = figures["comments"] - figures["campaign_signatories"]
    assert logged == counted + late + withdrawn + signatories == len({row["number"] for row in rows})
    assert figures["answered"] == figures["comments"]
    assert all(row["disposition"] for row in rows)
    assert all(row["observation"] for row in rows if row["state"] != "withdrawn")
    return rows


def stand_in_the_second_draft(life: Life, rows: list[dict[str, Any]]) -> int:
    """How many comments of the first round a reader finds beside the clause of the second draft they are about now."""
    found = set[str]()
    for number in sorted({row["number"] for row in rows if row["clauses"]}):
        for address in set(
            re.findall(r'href="([^"#]*/v2/clauses/[^"#]*)', life.by(None, f"/comments/{number}").page.body)
        ):
            if number in life.visit().open(address).links():
                found.add(number)
    return len(found)


def outcome(life: Life, number: int = 0) -> Page:
    return life.visit().open(f"/c/{life.slug}/outcome{f'?round={number}' if number else ''}")


def walk(life: Life) -> None:
    """From the first draft over two rounds into the library."""
    with at(day("2025-05-28T09:00")):
        life.begin()
    with at(day("2025-06-10T09:00")):
        life.tick()  # the clock opens it
        letters = [life.say(who, LETTER) for who in life.writers]
        gone = life.say(life.reader, "I read the wrong chapter.")
        life.by(life.reader, f"/comments/{gone}/withdrawal").press("Withdraw it")
        assert [one["comments"] for one in life.command(campaigns, "find")["campaigns"]] == [3]
        life.by(life.moderator, "/manage/campaigns/1").press(
            "Decide", verb="confirm", name="Readable by people", reason="The same letter, sent by three people."
        )
    with at(day("2025-08-27T09:00")):
        life.tick()  # and closes it
        page = life.by(life.reader, "/comments/new").page
        assert not [form for form in page.forms if "comments" in form.action], page.text[:600]
        told = life.command(
            comments, "import", "--profile", "oasis-log", "--commit", str(FILES / "log_from_csd01pr.md")
        )
        assert told["counts"]["created"] == 43
        assert life.answer_the_rest() == 3, "what the log answers is answered; the letters came here"
    life.publish("Most of it was taken up.", f"LOG-001, {letters[0]}", "2025-08-28T09:00", "2025-09-12T09:00")
    first = reconciled(life, 1, logged=43 + 3 + 1, withdrawn=1, signatories=2)
    assert "46 comments, of them 3 in 1 campaign" in outcome(life).text

    with at(day("2026-02-25T09:00")):
        told = life.command(draft, "import", "--name", "csd02", str(FILES / "csaf-v2.1-csd02.md"))
        assert (told["version"], told["begun"]) == (2, False)
        life.by(life.organiser, "/manage/steps/new-round").press(
            "Begin a new round", opens="2026-03-23T11:16", closes="2026-04-07T23:59"
        )
        life.tick()  # carries the comments
        life.look_at_what_was_carried()
        page = life.by(life.moderator, "/manage/carried").page
        assert "Comments on 25 places of earlier drafts are carried to draft 2" in page.text
        assert "Found again 24Decided 1" in page.text
        assert stand_in_the_second_draft(life, first) == 20 - 1, "20 comments name a clause; of one the clause is gone"
    with at(day("2026-03-24T09:00")):
        life.tick()
        page = outcome(life)
        assert page.heading == "Most of it was taken up.", "it stays while the second draft is open"
    with at(day("2026-07-01T09:00")):
        life.tick()
        told = life.command(
            comments, "import", "--profile", "oasis-log", "--commit", str(FILES / "log_from_csd02pr.md")
        )
        assert told["counts"]["created"] == 14
        assert life.answer_the_rest() == 1, "the log has no answer to its last comment"
    new = [row["comment"] for row in told["rows"]]
    life.publish("The second draft was mended.", new[0], "2026-07-02T09:00", "2026-07-20T09:00")
    second = reconciled(life, 2, logged=14, withdrawn=0, signatories=0)
    assert {row["number"] for row in second} == set(new)
    assert life.register(1) == first, "nothing of the first round moved"
    assert outcome(life, 1).heading == "Most of it was taken up."
    assert outcome(life, 2).heading == "The second draft was mended."

    with at(day("2026-07-27T09:00")):
        browser = life.by(life.organiser, "/manage/material-changes")
        browser.press(
            "Make this reason public", reason="They mend words and links; the last of them go into the next edition."
        )
        browser.open(f"/c/{life.slug}/manage/adoption")
        page = browser.press("Adopt", title="Common Security Advisory Framework 2.1", designation="CSAF 2.1")
    assert page.url == "/standards/csaf-2-1"
    page = life.visit().open("/search?q=CSAF 2.1&kind=standard")
    assert page.links()["CSAF 2.1: Common Security Advisory Framework 2.1"] == "/standards/csaf-2-1/1"
    page = life.visit().open("/standards/csaf-2-1")
    assert {"What came of round 1", "What came of round 2"} <= set(page.links())
