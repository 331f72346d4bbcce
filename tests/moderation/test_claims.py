"""Who looks at something has it for a while: the others take the next one, and nothing is decided twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from consult.core import clock
from consult.debate.models import Comment
from consult.moderation.jobs import look
from consult.moderation.models import CampaignAct, Claim, ModerationAct, Report
from tests.make import Make
from tests.shape.test_races import at_once, ready, statuses
from tests.visitor import Visitor

from .world import World

Visit = Callable[..., Visitor]
NEXT, TAKE = "Take the next one n", "Take it"
REASON = "A reason for everybody."
COUNTED = {"verb": "confirm", "name": "Keep the thirty days", "reason": REASON}
LETTER = "Keep the thirty days of clause five, because small laboratories need the time to check what a model does."


@pytest.fixture
def waiting(world: World, make: Make) -> World:
    """Two comments by somebody new wait, and the first one is reported as well."""
    for number in ("NEW-001", "NEW-002"):
        make.comment(world.consultation, make.clauses(world.version)[1], number=number, state="held", held_for="first")
    make.row(Report(consultation_id=world.consultation.id, comment_id=world.comment.id, rule="spam", reader="person 0"))
    return world


def test_one_list_of_everything_with_its_counts(visit: Visit, waiting: World) -> None:
    page = visit(waiting.moderator).open(waiting.desk)
    for words in ("Everything 3", "To look at first 2", "Reports 1", "Suspected spam 0", "Appeals 0"):
        assert words in page.text
    assert "NEW-001" in visit(waiting.moderator).open(f"{waiting.desk}?list=held").text
    assert waiting.comment.number not in visit(waiting.moderator).open(f"{waiting.desk}?list=held").text


def test_the_next_one_is_taken_and_the_colleague_gets_another(visit: Visit, waiting: World) -> None:
    first, second = visit(waiting.moderator), visit(waiting.second)
    pages = []
    for browser in (first, second):
        browser.open(f"{waiting.desk}?list=held")
        pages.append(browser.press(NEXT))
    assert [page.url.split("/")[-1].split("?")[0] for page in pages] == ["NEW-001", "NEW-002"]
    assert "You look at this one" in pages[0].text
    assert "Mo First looks at it" in second.open(f"{waiting.desk}?list=held").text
    third = visit(waiting.panel)
    third.open(f"{waiting.desk}?list=held")
    assert "Nothing is left here" in third.press(NEXT).text


def test_without_a_script_a_link_leads_to_the_next_one_and_claims_nothing(visit: Visit, waiting: World) -> None:
    browser = visit(waiting.moderator)
    page = browser.open(f"{waiting.desk}?list=held")
    assert "NEW-001" in browser.open(page.links()["Only look at the next one"]).url
    assert waiting.make.count(Claim) == 0


def test_what_a_colleague_has_is_not_decided_and_what_was_typed_stays(visit: Visit, waiting: World) -> None:
    slow, quick = visit(waiting.second), visit(waiting.moderator)
    slow.open(waiting.at_comment)
    quick.open(waiting.at_comment)
    quick.press(TAKE)
    page = slow.press("Decide", status=422, verb="keep", reason=REASON)
    assert "Mo First looks at it just now" in page.text
    assert REASON in page.body
    slow.open(waiting.at_comment)
    assert "It is yours" in slow.press("Take it over").text
    assert "Kept on show" in slow.press("Decide", verb="keep", reason=REASON).text
    assert waiting.make.count(Claim) == 0, "a decision ends the claim"


def test_a_claim_ends_by_itself_or_by_hand(visit: Visit, waiting: World) -> None:
    browser, other = visit(waiting.moderator), visit(waiting.second)
    browser.open(waiting.at_comment)
    browser.press(TAKE)
    with waiting.make.writing() as session:
        session.execute(update(Claim).values(until=clock.now() - timedelta(seconds=1)))
    other.open(waiting.at_comment)
    other.press(TAKE)
    other.open(waiting.at_comment)
    assert "It waits for whoever takes it next" in other.press("Leave it to others").text
    assert waiting.make.count(Claim) == 0


def test_a_stale_look_shows_what_the_colleague_did(visit: Visit, waiting: World) -> None:
    address = f"{waiting.desk}/comments/NEW-001"
    slow, quick = visit(waiting.second), visit(waiting.moderator)
    slow.open(address)
    quick.open(address)
    quick.press("Decide", verb="hide", rule="spam", passage="Remark", reason=REASON)
    page = slow.press("Put it on show p", status=409)
    assert "a colleague hid it" in page.text
    assert REASON in page.text
    with waiting.make.writing() as session:
        assert session.query(Comment).filter_by(number="NEW-001").one().state == "hidden"


def test_nobody_takes_what_is_their_own(visit: Visit, waiting: World) -> None:
    waiting.make.comment(
        waiting.consultation, waiting.make.clauses(waiting.version)[1], author=waiting.moderator, number="OWN-001",
        state="held", held_for="all",
    )  # fmt: skip
    browser = visit(waiting.moderator)
    browser.open(f"{waiting.desk}/comments/OWN-001")
    assert "Nobody decides" in browser.press(TAKE, status=403).text


def test_twenty_claim_one_thing_and_one_has_it(visit: Visit, waiting: World, make: Make) -> None:
    moderators = [visit(make.staff(waiting.consultation, "moderator")) for _ in range(20)]
    pages = at_once(*(ready(one, waiting.at_comment, TAKE) for one in moderators))
    assert statuses(pages) == [303, *[409] * 19]
    assert make.count(Claim) == 1


@pytest.fixture
def sharing(waiting: World) -> World:
    """Two comments from outside share a text, and nobody said yet what they argue from."""
    make = waiting.make
    here = {"author": None, "source": "email", "body": LETTER, "html": f"<p>{LETTER}</p>"}
    for number in ("EXT-001", "EXT-002"):
        make.comment(
            waiting.consultation,
            make.clauses(waiting.version)[1],
            number=number,
            author_name=number,
            positions=(),
            **here,
        )
    with make.app.app_context():
        look(waiting.consultation.id)
    return waiting


@pytest.mark.parametrize("place", ["manage/campaigns/1", "manage/moderation/comments/EXT-001"])
def test_twenty_claim_what_is_shared_or_not_placed(visit: Visit, sharing: World, make: Make, place: str) -> None:
    moderators = [visit(make.staff(sharing.consultation, "moderator")) for _ in range(20)]
    address = f"/c/{sharing.slug}/{place}"
    assert statuses(at_once(*(ready(one, address, TAKE) for one in moderators))) == [303, *[409] * 19]
    assert make.count(Claim) == 1


def test_what_is_shared_is_taken_decided_and_let_go(visit: Visit, sharing: World, make: Make) -> None:
    quick, slow, address = visit(sharing.moderator), visit(sharing.second), f"/c/{sharing.slug}/manage/campaigns/1"
    slow.open(address)
    quick.open(f"{sharing.desk}?list=campaigns")
    assert quick.press(NEXT).url.endswith("/manage/campaigns/1")
    assert "Mo First looks at it" in visit(sharing.panel).open(f"{sharing.desk}?list=campaigns").text
    page = slow.press("Decide", status=422, **COUNTED)
    assert "Mo First looks at it just now" in page.text
    assert REASON in page.body
    assert "It is yours" in slow.press("Take it over").text
    assert "It waits for whoever takes it next" in slow.press("Leave it to others").text
    slow.press(TAKE)
    slow.press("Decide", **COUNTED)
    assert make.count(CampaignAct) == 1
    assert make.count(Claim) == 0


def test_what_a_colleague_has_is_not_placed(visit: Visit, sharing: World, make: Make) -> None:
    quick, slow = visit(sharing.moderator), visit(sharing.second)
    quick.open(f"{sharing.desk}/comments/EXT-001")
    quick.press(TAKE)
    for address in (f"{sharing.desk}/comments/EXT-001", f"/c/{sharing.slug}/comments/EXT-001/positions"):
        slow.open(address)
        page = slow.press("Place it", status=422, positions=["safety"])
        assert "Mo First looks at it just now" in page.text
    quick.open(f"{sharing.desk}/comments/EXT-001")
    quick.press("Place it", positions=["access"])
    assert make.count(Claim) == 0


def test_twenty_place_one_comment_or_count_one_text_and_one_of_them_did(
    visit: Visit, sharing: World, make: Make
) -> None:
    moderators = [visit(make.staff(sharing.consultation, "moderator", f"Mo {n}")) for n in range(20)]
    here, typed = f"/c/{sharing.slug}", {"positions": ["access"]}
    desks = [ready(one, f"{sharing.desk}/comments/EXT-001", "Place it", **typed) for one in moderators[:10]]
    pages = [ready(one, f"{here}/comments/EXT-001/positions", "Place it", **typed) for one in moderators[10:]]
    placed = at_once(*desks, *pages)
    assert statuses(placed) == [303, *[422] * 19]
    assert all("placed it: " in page.text for page in placed[1:])
    counted = at_once(*(ready(one, f"{here}/manage/campaigns/1", "Decide", **COUNTED) for one in moderators))
    assert statuses(counted) == [303, *[422] * 19]
    assert all("a colleague decided about it" in page.text for page in counted[1:])
    assert make.count(CampaignAct) == 1


def test_twenty_decide_one_thing_and_one_decision_stands(visit: Visit, waiting: World, make: Make) -> None:
    moderators = [visit(make.staff(waiting.consultation, "moderator")) for _ in range(20)]
    address = f"{waiting.desk}/comments/NEW-001"
    pages = at_once(*(ready(one, address, "Put it on show p") for one in moderators))
    assert statuses(pages) == [303, *[409] * 19]
    assert all("a colleague put it on show" in page.text for page in pages[1:])
    assert make.count(ModerationAct) == 1
