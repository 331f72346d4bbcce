"""Who is told that an answer is contested, that it is decided again, and that comments wait for her."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete

from consult.accounts.models import Person, RoleGrant
from consult.core import clock
from consult.notices import jobs
from consult.notices.models import Notice
from consult.notices.queries import inbox
from consult.outcomes import operations, queries
from consult.outcomes.models import Assignment
from tests.make import Make
from tests.outcomes.test_acknowledgements import Review
from tests.outcomes.test_table import Team

from .conftest import Mail, Post


def inbox_of(world: Team | Review, who: Person) -> list[str]:
    return [entry.line.text for entry in inbox(viewer=world.make.actor(who)).listing.rows]


@pytest.fixture
def review(inside: Flask, make: Make, post: Post) -> Review:
    made = Review(make)
    post()
    return made


def test_a_contested_answer_reaches_those_who_may_decide_it_again(review: Review, post: Post) -> None:
    review.says("not_satisfied")
    says = f"Ann Author is not satisfied with the answer to {review.one.number}: decide it again"
    [mail] = post()
    assert (mail.to, mail.subject.strip()) == (review.second.email, says)
    assert "It misses the point." in mail.text
    assert mail.links == [f"http://localhost/c/{review.slug}/manage/answers/{review.one.number}"]
    assert inbox_of(review, review.second) == [says]
    assert inbox_of(review, review.moderator) == [], "whose answer it was leaves it to somebody else"
    review.decide(review.second, "accepted")
    assert inbox_of(review, review.second) == [f"{says} (decided)"]


def test_where_nobody_is_left_the_organisers_hear_of_it(review: Review, make: Make, post: Post) -> None:
    with make.writing() as session:
        session.execute(delete(RoleGrant).where(RoleGrant.person_id == review.second.id))
    organiser = make.staff(review.consultation, "organiser")
    review.says("not_satisfied")
    assert [mail.to for mail in post()] == [organiser.email]
    assert len(inbox_of(review, organiser)) == 1


def test_a_satisfied_author_causes_no_work_and_one_who_takes_it_back_ends_it(review: Review, post: Post) -> None:
    review.says("satisfied")
    assert post() == []
    review.says("not_satisfied")
    review.says("satisfied")
    assert post() == [], "there is nothing to decide again any more"
    assert inbox_of(review, review.second)[0].endswith("(decided)")


def test_she_is_told_when_it_is_decided_again_once_for_an_act(review: Review, post: Post) -> None:
    review.says("not_satisfied")
    post()
    review.decide(review.second, "accepted")
    [mail] = post()
    says = f"{review.one.number}, with whose answer you were not satisfied, is decided again: accepted"
    assert (mail.to, mail.subject) == (review.author.email, f"Decided again: {review.one.number}")
    assert says in mail.text
    assert "For these reasons." in mail.text
    assert inbox_of(review, review.author) == [says]
    review.says("satisfied")
    review.decide(review.second, "noted")
    assert post() == [], "she had said that she is satisfied"


def test_of_an_answer_taken_back_before_the_mail_only_what_stands_is_told(review: Review, post: Post) -> None:
    review.says("not_satisfied")
    post()
    row = review.decide(review.second, "accepted")
    operations.undo_decisions(
        actor=review.make.actor(review.second), comments=[review.row(review.one)], answers={row.id}
    )
    [mail] = post()
    assert "is decided again: not accepted" in mail.text
    assert inbox_of(review, review.author)[1] == f"The answer to {review.one.number} was changed once more"


def test_a_colleague_hears_of_her_comments_once_and_of_her_own_pick_never(
    inside: Flask, make: Make, post: Post
) -> None:
    team = Team(make)
    one, two = team.comments(2)
    row = team.assign(one, two, to=team.otto.id)
    [mail] = post()
    assert mail.to == team.otto.email
    assert mail.subject.startswith("Mia Moderator asks you to answer 2 comments until ")
    assert mail.links == [f"http://localhost/c/{team.slug}/manage/answers/table?assigned=mine"]
    team.assign(one, to=team.moderator.id)
    assert post() == []
    operations.take_back_assignment(actor=make.actor(team.otto), assignment=row)
    assert inbox_of(team, team.otto)[0].endswith("(done)")


def remind_at(row: Assignment, before: timedelta, post: Post) -> list[Mail]:
    """The mails that come when the clock strikes so long before the last minute of the day."""
    assert row.due_at is not None
    with clock.shifted(row.due_at - before - clock.now()):
        jobs.remind_of_assignments()
        return post()


def test_she_is_reminded_once_on_the_morning_of_the_day(inside: Flask, make: Make, post: Post) -> None:
    team = Team(make)
    one, two = team.comments(2)
    row = team.assign(one, two, to=team.otto.id, days=3)
    operations.decide(actor=make.actor(team.moderator), comments=[team.row(two)], code="accepted")
    post()
    assert remind_at(row, timedelta(hours=16, seconds=9), post) == []
    [mail] = remind_at(row, timedelta(hours=16) - timedelta(seconds=9), post)
    assert remind_at(row, timedelta(hours=2), post) == []
    assert mail.subject.startswith("1 comment you were asked to answer until ")
    assert mail.subject.endswith(" still waits")
    assert make.count(Notice, Notice.what == "assignment_due") == 1


def test_what_is_done_or_taken_back_is_not_reminded_of(inside: Flask, make: Make, post: Post) -> None:
    team = Team(make)
    one, two = team.comments(2)
    done, back = team.assign(one, to=team.otto.id, days=3), team.assign(two, to=team.otto.id, days=3)
    operations.decide(actor=make.actor(team.moderator), comments=[team.row(one)], code="accepted")
    operations.take_back_assignment(actor=make.actor(team.moderator), assignment=back)
    post()
    assert remind_at(done, timedelta(hours=3), post) == []
    assert make.count(Notice, Notice.what == "assignment_due") == 0
    assert list(queries.assignments_due(viewer=make.actor(team.otto), moment=clock.now() + timedelta(days=9))) == []


def test_who_is_no_moderator_any_more_sees_none_of_it(inside: Flask, make: Make, post: Post) -> None:
    team = Team(make)
    team.assign(team.comment(), to=team.otto.id)
    with make.writing() as session:
        session.execute(delete(RoleGrant).where(RoleGrant.person_id == team.otto.id))
    assert post() == []
    assert inbox_of(team, team.otto) == []
