"""The table: filters and saved views, work given to colleagues, many comments at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from consult.core import clock
from consult.core.db import db
from consult.core.errors import Conflict, Invalid, Refused
from consult.debate.models import Comment
from consult.outcomes import operations, queries
from consult.outcomes.models import AssignedComment, Assignment, SavedView
from consult.outcomes.queries import Filters
from tests.listening import listening
from tests.make import Make
from tests.visitor import Page, Visitor

from .world import NAUGHTY, World

Visit = Callable[..., Visitor]


class Team(World):
    """Two moderators."""

    def __init__(self, make: Make, state: str = "analysis") -> None:
        super().__init__(make, state)
        self.otto = make.staff(self.consultation, "moderator", "Otto Other")

    def assign(self, *comments: Comment, to: int | None, days: int | None = 7) -> Assignment:
        due = None if days is None else clock.now().date() + timedelta(days=days)
        return operations.assign(
            actor=self.make.actor(self.moderator), consultation=self.found(),
            comments=[self.row(c) for c in comments], person_id=to, due_on=due,
        )  # fmt: skip

    def listed(self, **narrow: str) -> list[str]:
        page = queries.table(viewer=self.make.actor(self.otto), consultation=self.found(), filters=Filters(**narrow))
        return [row.comment.number for row in page.lines.rows]


def _table(world: World, query: str = "") -> str:
    return f"/c/{world.slug}/manage/answers/table{query}"


def _numbers(page: Page) -> list[str]:
    assert page.tree is not None
    return [i.get("value", "") for i in page.tree.iter("input") if i.get("name") == "also"]


def test_it_is_in_the_order_of_the_draft_and_leads_on_and_back(make: Make, visit: Visit) -> None:
    world = World(make)
    late = [c.number for c in (world.comment(2, place=2) for _ in range(30))]
    early = [c.number for c in (world.comment(1, place=1) for _ in range(30))]
    browser = visit(world.moderator)
    page = browser.open(_table(world))
    first = _numbers(page)
    assert first == [*early, *late][:50]
    page = browser.open(page.links()["Show more"])
    assert first + _numbers(page) == [*early, *late]
    assert _numbers(browser.open(page.links()["Show earlier ones"])) == first


def test_work_is_given_found_and_given_back(inside: Flask, make: Make) -> None:
    team = Team(make)
    one, two, three = team.comments(3)
    team.assign(one, two, to=team.otto.id)
    assert team.listed(assigned="mine") == team.listed(assigned=str(team.otto.id)) == [one.number, two.number]
    assert team.listed(assigned="nobody") == [three.number]
    team.assign(two, to=team.moderator.id)
    last = team.assign(one, to=None)
    assert team.listed(assigned="mine") == []
    assert team.listed(assigned="nobody") == [one.number, three.number]
    operations.take_back_assignment(actor=make.actor(team.otto), assignment=last)
    assert team.listed(assigned="mine") == [one.number]
    assert team.listed(assigned=str(team.moderator.id)) == [two.number]
    with pytest.raises(Conflict, match="taken back already"):
        operations.take_back_assignment(actor=make.actor(team.otto), assignment=last)
    assert make.count(AssignedComment, AssignedComment.is_current) == 2


def test_what_was_given_on_since_is_not_taken_back(inside: Flask, make: Make) -> None:
    team = Team(make)
    one, two = team.comments(2)
    first = team.assign(one, two, to=team.otto.id)
    team.assign(one, to=team.moderator.id)
    operations.take_back_assignment(actor=make.actor(team.moderator), assignment=first)
    assert team.listed(assigned=str(team.moderator.id)) == [one.number]
    assert team.listed(assigned="nobody") == [two.number]


def test_overdue_is_what_waits_after_the_last_minute_of_its_day(inside: Flask, make: Make) -> None:
    team = Team(make)
    one, two = team.comments(2)
    row = team.assign(one, two, to=team.otto.id, days=1)
    operations.decide(actor=make.actor(team.moderator), comments=[team.row(two)], code="accepted")
    assert row.due_at is not None
    with clock.shifted(row.due_at - clock.now() - timedelta(seconds=1)):
        assert team.listed(assigned="overdue") == []
    with clock.shifted(row.due_at - clock.now() + timedelta(seconds=1)):
        assert team.listed(assigned="overdue") == [one.number]


def test_who_can_be_given_work(inside: Flask, make: Make) -> None:
    team = Team(make)
    own, other = team.comment(author=team.otto), team.comment()
    assert team.assign(own, other, to=team.otto.id).size == 1
    assert team.listed(assigned="mine") == [other.number]
    with pytest.raises(Invalid, match="own comments"):
        team.assign(own, to=team.otto.id)
    with pytest.raises(Invalid, match="Choose a moderator"):
        team.assign(other, to=make.staff(team.consultation, "editor").id)
    with pytest.raises(Invalid, match="Choose a moderator"):
        team.assign(other, to=-1)
    with pytest.raises(Invalid, match="This day is over"):
        team.assign(other, to=team.otto.id, days=-1)
    with pytest.raises(Invalid, match="neither withdrawn nor hidden"):
        team.assign(team.comment(state="hidden"), to=team.otto.id)
    with pytest.raises(Refused, match="Only moderators"):
        operations.assign(
            actor=make.actor(make.staff(team.consultation, "editor")), consultation=team.found(),
            comments=[team.row(other)], person_id=team.otto.id,
        )  # fmt: skip
    assert make.count(Assignment) == 1


def test_many_are_assigned_at_once_and_it_is_undone(make: Make, visit: Visit) -> None:
    team = Team(make)
    team.comments(60)
    browser = visit(team.moderator)
    browser.open(_table(team))
    page = browser.press("Assign or group all 60")
    assert page.heading == "60 comments at once"
    day = (clock.now() + timedelta(days=9)).date().isoformat()
    page = browser.press("Assign", person=str(team.otto.id), due_on=day)
    assert "60 comments given to a colleague." in page.text
    assert page.text.count("Otto Other") >= 50
    browser.press("Undo: 60 comments for Otto Other")
    assert make.count(AssignedComment, AssignedComment.is_current) == 0
    browser.open(_table(team))
    browser.press("Assign or group all 60")
    team.comment()
    page = browser.press("Assign", status=422, person=str(team.otto.id))
    assert "The list has 61 comments now" in " ".join(page.errors())
    page = browser.press("Assign", status=422, person=str(team.otto.id), due_on="tomorrow")
    assert "Write the day like" in " ".join(page.errors())
    page = browser.open(f"/c/{team.slug}/manage/answers/chosen")
    assert "Nothing is chosen." in page.text


def test_a_view_is_saved_shared_and_removed(make: Make, visit: Visit) -> None:
    team = Team(make)
    on, off = team.comment(), team.comment(2, body="Costs")
    browser, otto = visit(team.moderator), visit(team.otto)
    page = browser.open(_table(team))
    page = browser.press("Save this view", status=422, name="All of it")
    assert "Narrow the list first" in " ".join(page.errors())
    browser.open(_table(team, "?clause=1.2&show=open"))
    browser.press("Save this view", name="Small providers")
    assert "Small providers" not in otto.open(_table(team)).links()
    browser.press("Save this view", name="Small providers", is_shared="y")
    assert make.count(SavedView) == 1, "the same name means the same view"
    page = otto.open(_table(team))
    page = otto.open(page.links()["Small providers Mia Moderator"])
    assert _numbers(page) == [off.number]
    assert on.number not in _numbers(page)
    assert not [form for form in page.forms if any("Remove" in b[0] for b in form.buttons)]
    browser.press("Remove “Small providers”")
    assert make.count(SavedView) == 0


def test_a_view_of_somebody_else_is_not_there(make: Make, visit: Visit) -> None:
    team = Team(make)
    with make.app.app_context():
        given = {"actor": make.actor(team.moderator), "consultation": team.found(), "query": "show=open"}
        mine = operations.save_view(**given, name="Mine").id
        shared = operations.save_view(**given, name="Ours", is_shared=True).id
    otto = visit(team.otto)
    otto.open(_table(team))
    form = otto.page.form("Save this view") if otto.page else None
    assert form is not None
    token = {"csrf_token": form.fields["csrf_token"]}
    otto.send(f"/c/{team.slug}/manage/answers/views/{mine}/removal", token, status=404)
    otto.send(f"/c/{team.slug}/manage/answers/views/{shared}/removal", token, status=403)
    assert make.count(SavedView) == 2


def test_only_the_staff_narrows_by_whose_work_it_is(make: Make, visit: Visit) -> None:
    team = Team(make, "analysis")
    with make.app.app_context():
        one, two = team.comments(2)
        team.assign(one, to=team.otto.id)
        operations.decide(actor=make.actor(team.moderator), comments=[team.row(one), team.row(two)], code="accepted")
    team.set(team.consultation, state="review")
    for who in (visit(), visit(make.person())):
        page = who.open(f"/c/{team.slug}/outcome?assigned={team.otto.id}")
        assert two.number in page.links()
        assert "Otto Other" not in page.text
    visit(make.person()).open(_table(team), status=403)


@pytest.mark.parametrize("text", NAUGHTY, ids=range(len(NAUGHTY)))
def test_naughty_input_is_no_error(make: Make, visit: Visit, text: str) -> None:
    team = Team(make)
    team.comment()
    browser = visit(team.moderator)
    for name in ("theme", "assigned", "after", "before", "given"):
        browser.send(_table(team), {name: text}, method="get")
    browser.send(f"/c/{team.slug}/manage/answers/chosen", {"also": text}, method="get")
    browser.open(f"/c/{team.slug}/manage/answers/chosen?all=y")
    browser.press("Assign", person=f"{text}!", status=422)
    browser.press("Put them there", theme=text, status=None)
    assert browser.page is not None
    assert browser.page.status in (404, 422)
    browser.open(f"/c/{team.slug}/manage/answers/chosen?all=y")
    page = browser.press("Put them there", all="\x00", name="Not to be lost", status=422)  # somebody meddled
    assert "Not to be lost" in page.text


def test_it_costs_the_same_with_many_comments(app: Flask, make: Make, visit: Visit) -> None:
    team = Team(make)
    with app.app_context():
        team.assign(team.comment(), to=team.otto.id)
    browser = visit(team.moderator)
    with listening(app) as few:
        browser.open(_table(team))
    with app.app_context():
        team.assign(*team.comments(20), to=team.otto.id)
    with listening(app) as many:
        browser.open(_table(team))
    assert len(few) == len(many) <= 24


def test_assignments_survive_a_second_press(inside: Flask, make: Make) -> None:
    team = Team(make)
    one = team.comment()
    given = {
        "actor": make.actor(team.moderator), "consultation": team.found(), "comments": [team.row(one)],
        "person_id": team.otto.id, "key": make.key(),
    }  # fmt: skip
    assert operations.assign(**given).id == operations.assign(**given).id
    assert list(db.session.scalars(select(Assignment.size))) == [1]


def test_everybody_sees_how_far_the_answers_are_and_the_promised_day(make: Make, visit: Visit) -> None:
    team = Team(make)
    one, *_ = team.comments(3)
    with make.app.app_context():
        operations.decide(actor=make.actor(team.moderator), comments=[team.row(one)], code="accepted")
    page = visit().open(f"/c/{team.slug}/outcome")
    assert "1 of 3 comments has a proposed answer; 2 wait." in page.text
    assert "in 52 days" in page.text or "in 53 days" in page.text
    team.set(team.consultation, response_due_at=clock.now() - timedelta(days=3))
    assert "that was 3 days ago" in visit().open(f"/c/{team.slug}/outcome").text
