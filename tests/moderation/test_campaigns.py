"""Comments that share a text: found, decided, shown to everybody, and disowned."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from consult.accounts.models import Person
from consult.consultations.models import Round
from consult.consultations.queries import find
from consult.core import jobs
from consult.core.db import db
from consult.core.errors import Conflict, Invalid, Missing, Refused
from consult.core.rules import SYSTEM, VISITOR
from consult.debate import mending
from consult.debate.models import Comment
from consult.debate.operations import hide
from consult.debate.queries import find_comment
from consult.exchange.cli import comments as comments_command
from consult.moderation import jobs as moderation_jobs
from consult.moderation import operations
from consult.moderation.cli import campaigns as campaigns_command
from consult.moderation.jobs import look
from consult.moderation.models import Campaign, CampaignAct, CampaignMember, CampaignSearch, Report
from consult.moderation.queries import campaigns, searches, sharing
from tests.listening import listening
from tests.make import Make
from tests.visitor import Visitor, words

from .world import World

Visit = Callable[..., Visitor]
DOCKET = Path(__file__).parents[1] / "data" / "comments-usda" / "docket.csv"
LETTER = "Keep the thirty days of clause five, because small laboratories need the time to check what a model does."
ADDED = "My clinic waited two years for the last answer."
REASON = "The same letter, sent by members of one association."


@pytest.fixture
def letters(world: World) -> list[Comment]:
    """Five comments with the same letter: by three categories, one with words of its own, one with a changed word."""
    make, clause = world.make, world.make.clauses(world.version)[0]
    said = [LETTER, LETTER.upper(), f"{LETTER}\n\n{ADDED}", LETTER.replace("small", "large"), LETTER]
    categories = ("individual", "individual", "academia", "industry", "industry")
    return [
        make.comment(world.consultation, clause, author=None, author_name=f"Sender {n}", category=category,
                     body=body, html=f"<p>{body}</p>", source="email")
        for n, (body, category) in enumerate(zip(said, categories, strict=True))
    ]  # fmt: skip


def found(world: World) -> Campaign:
    """The one campaign there is, as an operation gets it. Inside a context."""
    look(world.consultation.id)
    return campaigns.find(viewer=SYSTEM, slug=world.slug, number=1)


def decide(world: World, campaign: Campaign, verb: str = "confirm", who: str = "moderator", **more: Any) -> CampaignAct:
    act = {
        "confirm": operations.confirm_campaign,
        "dismiss": operations.dismiss_campaign,
        "reopen": operations.reopen_campaign,
    }
    newest = db.session.scalar(select(CampaignAct.id).order_by(CampaignAct.id.desc()).limit(1)) or 0
    given = {"reason": REASON, "seen_act_id": newest} | ({"name": "Keep the thirty days"} if verb == "confirm" else {})
    made: CampaignAct = act[verb](actor=world.actor(who), campaign=campaign, **(given | more))
    return made


def test_the_real_docket_by_command(app: Flask, make: Make) -> None:
    make.version(make.consultation(slug="docket"))
    run = app.test_cli_runner().invoke
    words = [
        "import",
        "--consultation",
        "docket",
        "--profile",
        "csv",
        "--map",
        "external_id=Document ID,body=Text Comment",
    ]
    assert run(comments_command, [*words, "--commit", str(DOCKET)]).exit_code == 0
    told = json.loads(run(campaigns_command, ["find", "--consultation", "docket", "--json"]).stdout)
    assert [one["comments"] for one in told["campaigns"]] == [13, 4, 2]
    assert (told["read"], told["new"], len(told["cut"])) == (199, 19, 1)
    assert told["campaigns"][0]["text"].endswith("conservative waiver reform.")
    again = run(campaigns_command, ["find", "--consultation", "docket"])
    assert "199 comments read; 0 newly found" in again.output
    assert (make.count(Campaign), make.count(CampaignMember)) == (3, 19)
    assert run(campaigns_command, ["find", "--consultation", "nowhere"]).exit_code == 1


def test_a_search_by_job_says_how_far_it_is(app: Flask, world: World, letters: list[Comment]) -> None:
    with app.app_context():
        asked = operations.ask_for_search(actor=world.actor("moderator"), consultation=world.consultation)
        now = searches.progress(viewer=SYSTEM, consultation=world.consultation)
        assert now is not None
        assert (now.is_done, now.done, now.total) == (False, 0, 0)
        with pytest.raises(Conflict, match="at this moment"):
            operations.ask_for_search(actor=world.actor("second"), consultation=world.consultation)
        operations.begin_search(actor=SYSTEM, consultation_id=world.consultation.id, total=9, search_id=asked.id)
        operations.tell_progress(actor=SYSTEM, search_id=asked.id, done=4)
        now = searches.progress(viewer=SYSTEM, consultation=world.consultation)
        assert now is not None
        assert (now.done, now.total) == (4, 9)
        jobs.run_due()
        now = searches.progress(viewer=SYSTEM, consultation=world.consultation)
        assert now is not None
        assert (now.is_done, now.found, now.waiting, now.total) == (True, 5, 0, 6)
        with pytest.raises(Refused, match="Only the moderators"):
            operations.ask_for_search(actor=world.actor("reader"), consultation=world.consultation)


def test_a_large_group_is_kept_in_parts_and_a_search_that_broke_off_goes_on(
    app: Flask, world: World, letters: list[Comment], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moderation_jobs, "AT_ONCE", 2)
    monkeypatch.setattr(searches, "AT_ONCE", 2)
    with app.app_context():
        search = operations.begin_search(actor=SYSTEM, consultation_id=world.consultation.id, total=6)
        part = operations.Part([letters[0].id], letters[0].id, frozenset(), None)
        assert operations.keep_part(actor=SYSTEM, search=search, part=part) is not None
        look(world.consultation.id)
        rows = db.session.scalars(select(CampaignMember.campaign_id)).all()
        now = searches.progress(viewer=SYSTEM, consultation=world.consultation)
    assert (len(rows), len(set(rows))) == (5, 1)
    assert now is not None
    assert (now.is_done, now.found) == (True, 4)


def test_a_search_that_stopped_for_good_can_be_asked_for_again(app: Flask, world: World) -> None:
    with app.app_context():
        first = operations.ask_for_search(actor=world.actor("moderator"), consultation=world.consultation)
        with world.make.writing() as session:
            for row in session.scalars(select(jobs.Job).where(jobs.Job.dedupe_key == searches.job_key(first.id))):
                row.is_parked, row.error = True, "no memory"
        now = searches.progress(viewer=SYSTEM, consultation=world.consultation)
        assert now is not None
        assert (now.is_parked, now.failure) == (True, "no memory")
        second = operations.ask_for_search(actor=world.actor("moderator"), consultation=world.consultation)
        assert second.id > first.id
        assert world.make.count(CampaignSearch, CampaignSearch.finished_at.is_(None)) == 1


def test_confirmed_it_is_one_argument_with_everybody_who_says_it(
    app: Flask, world: World, letters: list[Comment]
) -> None:
    with app.app_context():
        campaign = found(world)
        with pytest.raises(Missing):
            campaigns.find(viewer=VISITOR, slug=world.slug, number=1)
        assert sharing.shared_by(viewer=VISITOR, ids=[letters[0].id]) == {}
        decide(world, campaign)
        page = campaigns.public_page(viewer=VISITOR, slug=world.slug, number=1)
        assert (page.count, page.with_more, page.template) == (5, 2, LETTER)
        assert [(key, count) for key, _, count in page.categories] == [
            ("industry", 2),
            ("academia", 1),
            ("individual", 2),
        ]
        by_number = {row.number: row for row in page.members.rows}
        assert by_number[letters[2].number].added == (ADDED,)
        changed = by_number[letters[3].number]
        assert changed.added == (LETTER.replace("small", "large"),)
        assert changed.left_out == (LETTER,)
        assert [row.is_same for row in page.members.rows] == [False, False, True, True, True]
        shared = sharing.shared_by(viewer=VISITOR, ids=[letters[0].id, world.comment.id])
        assert shared == {letters[0].id: sharing.Shared(1, 5)}
        of = db.session.scalars(select(Round).where(Round.consultation_id == world.consultation.id)).one()
        assert campaigns.tally(viewer=VISITOR, of=of) == campaigns.Tally(5, 1)
        acts = campaigns.latest_acts(viewer=VISITOR, consultation=world.consultation)
        assert [(act.what, act.count, act.reason) for act in acts] == [("Counted as one argument", 5, REASON)]
        assert world.make.count(Comment, Comment.state == "posted") == 6  # nothing was hidden


def test_pages_of_senders_lose_nobody(app: Flask, world: World) -> None:
    clause = world.make.clauses(world.version)[0]
    for n in range(45):
        body = LETTER if n % 3 else f"{LETTER} I am sender number {n}."
        world.make.comment(
            world.consultation, clause, author=None, author_name="Sender", body=body, html="", source="email"
        )
    with app.app_context():
        decide(world, found(world))
        seen: list[str] = []
        after = ""
        for _ in range(3):
            page = campaigns.public_page(viewer=VISITOR, slug=world.slug, number=1, after=after)
            seen += [row.number for row in page.members.rows]
            after = page.members.next_cursor or ""
        assert (len(seen), len(set(seen)), after) == (45, 45, "")


def test_what_was_decided_stays_and_what_is_new_waits(app: Flask, world: World, letters: list[Comment]) -> None:
    with app.app_context():
        numbers = [row.number for row in letters]
        decide(world, found(world), listed=numbers, left_out=[numbers[3]])
        assert campaigns.public_page(viewer=VISITOR, slug=world.slug, number=1).count == 4
        late = world.make.comment(
            world.consultation, world.make.clauses(world.version)[0], author=None, author_name="Late", body=LETTER,
            html="", source="email",
        )  # fmt: skip
        campaign = found(world)
        assert campaigns.public_page(viewer=VISITOR, slug=world.slug, number=1).count == 4
        desk = campaigns.desk_page(viewer=world.actor("moderator"), consultation=world.consultation, number=1)
        assert (desk.waiting, desk.count) == (1, 5)
        assert {row.number: row.standing for row in desk.members.rows}[numbers[3]] == "left_out"
        decide(world, campaign)
        assert late.id in sharing.shared_by(viewer=VISITOR, ids=[late.id])
        assert world.make.count(Campaign) == 1


def test_a_decision_can_be_taken_back_and_a_dismissed_text_is_not_proposed_again(
    app: Flask, world: World, letters: list[Comment]
) -> None:
    with app.app_context():
        campaign = found(world)
        decide(world, campaign, "dismiss")
        look(world.consultation.id)
        assert [line.state for line in campaigns.overview(viewer=SYSTEM, consultation=world.consultation).lines] == [
            "dismissed"
        ]
        with pytest.raises(Conflict, match="dismissed already"):
            decide(world, campaign, "dismiss")
        decide(world, campaign, "reopen", who="second")
        with pytest.raises(Conflict, match="Nothing is decided"):
            decide(world, campaign, "reopen")
        decide(world, campaign)
        decide(world, campaign, "reopen")
        assert campaigns.tally(viewer=VISITOR, of=db.session.get_one(Round, letters[0].round_id)).campaigns == 0
        assert world.make.count(CampaignAct) == 4


def test_a_decision_needs_a_reason_a_name_and_two_comments(app: Flask, world: World, letters: list[Comment]) -> None:
    with app.app_context():
        campaign, numbers = found(world), [row.number for row in letters]
        for given, field in ({"reason": " "}, "reason"), ({"name": " "}, "name"), ({"listed": numbers, "left_out": numbers[1:]}, "left_out"):  # fmt: skip
            with pytest.raises(Invalid) as refused:
                decide(world, campaign, **given)
            assert refused.value.field == field
        assert world.make.count(CampaignMember, CampaignMember.standing != "proposed") == 0
        decide(world, campaign)
        with pytest.raises(Conflict, match="a colleague decided"):
            decide(world, campaign, seen_act_id=0)


@pytest.mark.parametrize("link", ["organisation_id", "unsigned_for_id"])
def test_nobody_decides_about_their_own_side(app: Flask, world: World, letters: list[Comment], link: str) -> None:
    make = world.make
    organisation, parent = make.organisation(), make.organisation("Parent")
    with make.writing() as session:
        session.get_one(type(organisation), organisation.id).parent_id = parent.id
        setattr(session.get_one(Comment, letters[1].id), link, organisation.id)
        session.get_one(Comment, letters[0].id).author_id = world.second.id
    make.member(world.moderator, parent)
    with app.app_context():
        campaign = found(world)
        for who in ("moderator", "second"):
            with pytest.raises(Refused, match="Nobody decides"):
                decide(world, campaign, who=who)
        with pytest.raises(Refused, match="Only the moderators"):
            decide(world, campaign, who="reader")
        with pytest.raises(Refused, match="Only the moderators"):
            decide(world, campaign, who="panel")


def test_hidden_words_are_in_no_template_and_no_addition(app: Flask, world: World, letters: list[Comment]) -> None:
    with app.app_context():
        decide(world, found(world))
        with world.make.writing() as session:
            session.get_one(Comment, letters[2].id).state = "hidden"  # the one with an addition
            session.get_one(Comment, letters[0].id).state = "hidden"  # the template
            session.get_one(Comment, letters[0].id).body = "Kanarigelb words."
        for page in (
            campaigns.public_page(viewer=VISITOR, slug=world.slug, number=1),
            campaigns.desk_page(viewer=world.actor("moderator"), consultation=world.consultation, number=1),
        ):
            assert page.count == 3
            assert page.template == LETTER.upper()
            assert ADDED not in repr(page.members)
            assert "Kanarigelb" not in repr(page)
        line = campaigns.overview(viewer=SYSTEM, consultation=world.consultation).lines[0]
        assert (line.count, line.begins) == (3, "")
        assert letters[2].id not in {
            row.id for row in searches.texts(viewer=SYSTEM, consultation_id=world.consultation.id)
        }
        assert campaigns.tally(viewer=VISITOR, of=db.session.get_one(Round, letters[0].round_id)).comments == 3


# --- in a browser


def test_a_moderator_looks_leaves_one_out_confirms_and_everybody_reads_it(
    app: Flask, visit: Visit, world: World, letters: list[Comment]
) -> None:
    browser = visit(world.moderator)
    page = browser.open(world.desk)
    page = browser.open(page.links()["Shared texts"])
    assert "Nobody has looked yet" in page.text
    assert "Read 0 of all comments" in browser.press("Look through all comments").text
    with app.app_context():
        jobs.run_due()
    page = browser.open(f"/c/{world.slug}/manage/campaigns")
    assert "6 comments were looked through" in page.text
    page = browser.open(page.links()["Shared text 1"])
    page = browser.press("Decide", verb="confirm", reason=REASON, left_out=letters[3].number, status=422)
    assert "Give it a name" in page.text
    assert REASON in page.text
    page = browser.press(
        "Decide", name="Keep the thirty days", verb="confirm", reason=REASON, left_out=letters[3].number
    )
    assert "Counted as one argument" in page.text
    stranger = visit()
    page = stranger.open(f"/c/{world.slug}/comments/{letters[0].number}")
    page = stranger.open(page.links()["One of 4 that share this text"])
    assert page.heading == "Keep the thirty days"
    assert ADDED in page.text
    assert "fake" not in page.text
    assert letters[3].number not in page.text
    assert "one argument, said in 4 comments" in stranger.open(f"/c/{world.slug}/comments").text
    assert "Keep the thirty days" in stranger.open(f"/c/{world.slug}/campaigns").text
    assert REASON in stranger.open(f"/c/{world.slug}/moderation").text
    stranger.open(f"/c/{world.slug}/campaigns/2", status=404)
    stranger.open(f"/c/{world.slug}/campaigns/99999999999999999999999", status=404)
    visit(world.reader).open(f"/c/{world.slug}/manage/campaigns/1", status=403)


def test_in_the_list_one_argument_is_one_line_and_nothing_is_lost(
    app: Flask, visit: Visit, world: World, letters: list[Comment]
) -> None:
    with app.app_context():
        decide(world, found(world))
        mending.recount(find(viewer=SYSTEM, slug=world.slug))
        spam = find_comment(viewer=SYSTEM, slug=world.slug, number=letters[4].number)
        hide(actor=world.actor("moderator"), thing=spam, reason="Spam.")
    page = visit().open(f"/c/{world.slug}/comments")
    assert page.heading == "All 5 comments"
    assert page.tree is not None
    folded = [element for element in page.tree.iter("details") if "same text" in words(element)]
    inside = {article.get("id") for element in folded for article in element.iter("article")}
    assert inside == {comment.number for comment in letters[1:4]}
    everything = [article.get("id") for article in page.tree.iter("article")]
    assert len(everything) == len(set(everything)) == 6  # with the tombstone
    page = visit().open(f"/c/{world.slug}/comments?category=individual")
    assert "3 comments of 5" in page.heading
    assert "1 more on this page with the same text" in page.text


def test_lists_cost_the_same_for_one_and_for_many(
    app: Flask, visit: Visit, world: World, letters: list[Comment]
) -> None:
    def statements(url: str, who: Person | None) -> int:
        browser = visit(who)
        browser.open(url)
        with listening(app) as seen:
            browser.open(url)
        return len(seen)

    with app.app_context():
        decide(world, found(world))
    urls = {f"/c/{world.slug}/campaigns/1": None, f"/c/{world.slug}/campaigns": None,
            f"/c/{world.slug}/manage/campaigns": world.moderator, f"/c/{world.slug}/manage/campaigns/1": world.moderator}  # fmt: skip
    few = {url: statements(url, who) for url, who in urls.items()}
    clause = world.make.clauses(world.version)[0]
    for n in range(30):
        for body in (
            f"{LETTER} Number {n}.",
            f"Letter {n % 10} asks for something quite different, again and again, {n % 10}.",
        ):
            world.make.comment(
                world.consultation, clause, author=None, author_name="Sender", body=body, html="", source="email"
            )
    with app.app_context():
        look(world.consultation.id)
        for number in range(1, 12):
            decide(world, campaigns.find(viewer=SYSTEM, slug=world.slug, number=number))
    assert {url: statements(url, who) for url, who in urls.items()} == few


def test_i_did_not_write_this(app: Flask, visit: Visit, world: World, letters: list[Comment]) -> None:
    stranger = visit()
    page = stranger.open(f"/c/{world.slug}/comments/{letters[0].number}")
    stranger.open(page.links()["I did not write this"])
    page = stranger.press(
        "Send it to the moderators", name="Sender 0", email="nonsense", text="Never sent.", status=422
    )
    assert "does not look like an e-mail address" in page.text
    page = stranger.press(
        "Send it to the moderators", name="Sender 0", email="Zero@Example.org", text="I never sent this."
    )
    assert "The moderators have your statement" in page.text
    assert "zero@example.org" not in page.text
    assert world.make.count(Report, Report.is_disowned, Report.claimant_email == "zero@example.org") == 1
    desk = visit(world.moderator).open(f"{world.desk}/comments/{letters[0].number}")
    assert "“I did not write this”" in desk.text
    assert "zero@example.org" in desk.text
    moderator = visit(world.moderator)
    moderator.open(f"{world.desk}/comments/{letters[0].number}")
    moderator.press(
        "Decide", verb="hide", rule="false_identity", passage="Sender 0", reason="It was sent in a false name."
    )
    assert "Sender 0" not in stranger.open(f"/c/{world.slug}/comments/{letters[0].number}").text
    page = stranger.open(f"/c/{world.slug}/comments/{world.comment.number}")
    assert "I did not write this" not in page.links()
    stranger.open(f"/c/{world.slug}/comments/{world.comment.number}/disowning", status=403)
