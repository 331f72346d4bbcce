"""Who gets which mail, exactly; each mail is read as its reader reads it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from consult.accounts.models import Membership, Person
from consult.consultations import operations as consultations
from consult.consultations import queries as consultation_queries
from consult.consultations.models import Consultation, Round, Transition
from consult.core import clock, jobs
from consult.core.db import db, write_transaction
from consult.core.events import emit
from consult.core.jobs import Job
from consult.core.records import replace
from consult.core.rules import SYSTEM
from consult.debate import operations as debate
from consult.debate.models import Anchor, Comment
from consult.moderation import operations as moderation
from consult.moderation.queries import things
from consult.notices import operations as notices
from consult.notices.happenings import Happening
from consult.notices.models import Notice
from consult.notices.operations import telling
from consult.outcomes import operations as outcomes
from consult.outcomes.events import CommentAnswered, OutcomePublished
from tests.make import Make
from tests.moderation.world import World, build

from .conftest import Post


@pytest.fixture
def world(inside: Flask, make: Make) -> World:
    return build(make)


def hide(world: World, thing: Any = None, **values: Any) -> Any:
    given = {"rule": "spam", "passage": "cheap watches", "reason": "No adverts here.", "seen_act_id": 0} | values
    return moderation.hide_contribution(
        actor=world.actor("moderator"), thing=world.load("moderator", thing), **given
    )  # fmt: skip


def make_appeal(world: World, act_id: int) -> Any:
    act = things.act_for_its_author(viewer=world.actor("author"), slug=world.slug, act_id=act_id)
    return moderation.appeal(actor=world.actor("author"), act=act, text="I quoted somebody else.")


def reply(world: World, who: Person, parent: Any = None, body: str = "I see it\notherwise.") -> Any:
    return debate.post_reply(
        actor=world.make.actor(who), comment=world.load("reader"), parent=parent, body=body, positions=["safety"],  # type: ignore[arg-type]
        key=world.make.key(),
    )  # fmt: skip


# --- to the author of what was judged


def test_the_author_gets_the_statement_of_reasons(world: World, post: Post) -> None:
    act = hide(world)
    [mail] = post()
    assert mail.to == world.author.email
    assert mail.subject == f"A moderator hid your comment {world.comment.number}"
    for words in (
        "Hello Ada Author", "Advertising or spam", "cheap watches", "No adverts here.", world.consultation.title,
    ):  # fmt: skip
        assert words in mail.text
    assert mail.links == [
        f"http://localhost/c/{world.slug}/moderation/{act.id}/appeal",
        f"http://localhost/c/{world.slug}/moderation?number={world.comment.number}",
    ]
    assert "Mo First" not in mail.text
    assert post() == []


def test_the_author_hears_that_it_is_back(world: World, post: Post) -> None:
    act = hide(world, world.reply, passage="unseemly")
    post()
    moderation.restore_contribution(
        actor=world.actor("second"), thing=world.load("second", world.reply), reason="It is mild.", seen_act_id=act.id
    )
    [mail] = post()
    assert (mail.to, mail.subject) == (
        world.reader.email, f"Your reply under comment {world.comment.number} is shown again"
    )  # fmt: skip
    assert "It is mild." in mail.text
    assert mail.links == [f"http://localhost/c/{world.slug}/comments/{world.comment.number}"]


@pytest.mark.parametrize(("outcome", "told"), [("restored", "It is shown again."), ("upheld", "It stays hidden.")])
def test_an_appeal_goes_to_the_others_and_its_answer_to_the_author(
    world: World, post: Post, outcome: str, told: str
) -> None:
    appeal = make_appeal(world, hide(world).id)
    mails = post()
    assert sorted(m.to for m in mails[1:]) == sorted([world.second.email, world.panel.email])
    for mail in mails[1:]:
        assert mail.subject == f"An appeal waits: {world.comment.number}"
        assert "I quoted somebody else." in mail.text
        assert "No adverts here." in mail.text
        assert "cheap watches" not in mail.text
        assert mail.links == [f"http://localhost{world.at_comment}"]
    loaded = things.find_appeal(viewer=world.actor("panel"), slug=world.slug, appeal_id=appeal.id)
    moderation.decide_appeal(actor=world.actor("panel"), appeal=loaded, outcome=outcome, reason="Looked at again.")
    [mail] = post()
    assert mail.to == world.author.email
    assert told in mail.text
    assert "Looked at again." in mail.text


def test_an_appeal_that_was_decided_meanwhile_is_not_mailed(world: World, post: Post) -> None:
    appeal = make_appeal(world, hide(world).id)
    loaded = things.find_appeal(viewer=world.actor("panel"), slug=world.slug, appeal_id=appeal.id)
    moderation.decide_appeal(actor=world.actor("panel"), appeal=loaded, outcome="upheld", reason="Looked at again.")
    assert {m.to for m in post()} == {world.author.email}


# --- to the moderators


def test_moderators_hear_of_the_first_report_only(world: World, post: Post) -> None:
    for who in ("reader", "panel"):
        moderation.report(actor=world.actor(who), thing=world.load(who), rule="spam", text="They sell.")
    mails = post()
    assert sorted(m.to for m in mails) == sorted([world.moderator.email, world.second.email])
    for mail in mails:
        assert mail.subject == f"A reader reports {world.comment.number}: Advertising or spam"
        assert "They sell." in mail.text
        assert "cheap watches" not in mail.text
        assert mail.links == [f"http://localhost{world.at_comment}"]


def test_a_moderator_who_wrote_it_is_not_told_who_reports_it(world: World, post: Post, make: Make) -> None:
    comment = make.comment(world.consultation, author=world.moderator)
    moderation.report(actor=world.actor("reader"), thing=world.load("reader", comment), rule="hate")
    assert [m.to for m in post()] == [world.second.email]


def test_a_report_that_was_judged_meanwhile_is_not_mailed(world: World, post: Post) -> None:
    moderation.report(actor=world.actor("reader"), thing=world.load("reader"), rule="spam")
    hide(world)
    assert [m.to for m in post()] == [world.author.email]


# --- replies


def test_who_is_answered_hears_of_it_once(world: World, post: Post, make: Make) -> None:
    other = make.person("Olga Other")
    first = reply(world, other)
    [mail] = post()
    assert (mail.to, mail.subject) == (world.author.email, f"Olga Other replied to you under {world.comment.number}")
    assert "  I see it\n  otherwise." in mail.text
    assert mail.links == [f"http://localhost/c/{world.slug}/comments/{world.comment.number}/replies/{first.id}"]

    reply(world, world.reader, first)
    assert sorted(m.to for m in post()) == sorted([world.author.email, other.email])
    reply(world, world.author, first)
    assert [m.to for m in post()] == [other.email]
    reply(world, world.author)
    assert post() == []


def test_who_is_named_hears_of_it_once(world: World, post: Post, make: Make) -> None:
    olga, member, gone = make.person("Olga Other"), make.person("Mia Member"), make.person("Gone Away")
    guild = make.organisation("The Guild", code="MG")
    make.member(member, guild)
    make.row(Membership(person_id=gone.id, organisation_id=guild.id, state="left"))
    for n, author in enumerate((olga, world.author)):
        make.comment(world.consultation, author=author, number=f"P-80{n}")
    make.comment(world.consultation, author=member, organisation_id=guild.id, number="MG-001")
    row = reply(world, olga, body="@MG and @P-800 and @P-801 should look at this.")
    mails = post()
    assert sorted(m.to for m in mails) == sorted([world.author.email, member.email])
    assert all("should look at this." in mail.text for mail in mails)
    assert mails[0].links == [f"http://localhost/c/{world.slug}/comments/{world.comment.number}/replies/{row.id}"]
    comment = debate.post_comment(
        actor=make.actor(world.reader), consultation=world.load("reader").consultation, version=world.version,
        clauses=(), body="Ask @MG.", positions={"safety"}, stance="object", type="general", key=make.key(),
    )  # fmt: skip
    [mail] = post()
    assert mail.to == member.email
    assert "names you in a comment on the whole draft" in mail.text
    assert comment.number in mail.text


def test_a_reply_that_was_hidden_meanwhile_is_not_mailed(world: World, post: Post) -> None:
    row = reply(world, world.reader, body="A rude word.")
    hide(world, row, passage="rude")
    assert [m.to for m in post()] == [world.reader.email]


def test_a_name_or_a_text_cannot_write_headers(world: World, post: Post, make: Make) -> None:
    other = make.person("Eve\r\nBcc: all@example.org")
    reply(world, other, body="Bcc: all@example.org\n\n{{ 7*7 }} <b>bold</b>\n.\nmore")
    [mail] = post()
    assert mail.to == world.author.email
    assert "\n" not in mail.subject
    assert "{{ 7*7 }} <b>bold</b>" in mail.text
    assert mail.text.rstrip().splitlines()[-1].startswith("http://localhost/")


# --- who gets no mail


@pytest.mark.parametrize(
    "values", [{"is_demo": True}, {"email_verified_at": None}, {"suspended_at": clock.now()}]
)  # fmt: skip
def test_people_who_cannot_or_must_not_be_reached_get_none(
    world: World, post: Post, make: Make, values: dict[str, Any]
) -> None:
    author = make.person("Not Reachable", **values)
    make.role(author, world.consultation, "moderator")
    comment = make.comment(world.consultation, author=author, body="cheap watches", html="<p>cheap watches</p>")
    hide(world, comment)
    moderation.report(actor=world.actor("reader"), thing=world.load("reader"), rule="spam")
    assert author.email not in {m.to for m in post()}


def test_who_became_unreachable_while_the_mail_waited_gets_none(world: World, post: Post) -> None:
    hide(world)
    with write_transaction() as session:
        session.get_one(Person, world.author.id).suspended_at = clock.now()
    assert post() == []


def test_the_mail_goes_to_the_address_of_now(world: World, post: Post) -> None:
    hide(world)
    with write_transaction() as session:
        session.get_one(Person, world.author.id).email = "new@example.org"
    assert [m.to for m in post()] == ["new@example.org"]


# --- the life of a consultation


def load(consultation: Consultation) -> Consultation:
    return consultation_queries.find(viewer=SYSTEM, slug=consultation.slug)


def test_more_time_is_told_to_each_commenter_once_for_each_extension(world: World, post: Post, make: Make) -> None:
    make.comment(world.consultation, author=world.author)
    make.comment(world.consultation, author=world.reader)
    make.comment(world.consultation, author=make.person("Only hidden"), state="hidden")
    make.comment(world.consultation, author=make.person("Demo", is_demo=True))
    organiser = make.actor(make.staff(world.consultation, "organiser"))
    closes_at = world.consultation.closes_at
    assert closes_at is not None
    for days, reason in ((7, "Holidays."), (14, "A storm.")):
        consultations.extend(
            actor=organiser, consultation=load(world.consultation), closes_at=closes_at + timedelta(days=days),
            reason=reason,
        )  # fmt: skip
        mails = post()
        assert sorted(m.to for m in mails) == sorted([world.author.email, world.reader.email])
        for mail in mails:
            assert mail.subject == f"More time to comment: {world.consultation.title}"
            assert reason in mail.text
            assert f"{closes_at + timedelta(days=days):%H:%M} UTC" in mail.text
            assert mail.links == [f"http://localhost/c/{world.slug}/comments"]


def test_the_staff_hears_when_the_clock_opens_and_closes(make: Make, inside: Flask, post: Post) -> None:
    row = make.consultation("announced")
    make.version(row)
    organiser, moderator = make.staff(row, "organiser"), make.staff(row, "moderator")
    make.staff(row, "observer")
    make.role(moderator, row, "editor")
    assert row.opens_at is not None
    assert row.closes_at is not None
    with clock.shifted(row.opens_at - clock.now() + timedelta(minutes=1)):
        consultations.open_consultation(actor=SYSTEM, consultation=load(row))
        mails = post()
    assert sorted(m.to for m in mails) == sorted([organiser.email, moderator.email])
    assert {m.subject for m in mails} == {f"Open for comments: {row.title}"}
    with clock.shifted(row.closes_at - clock.now() + timedelta(minutes=1)):
        consultations.close(actor=SYSTEM, consultation=load(row))
        mails = post()
    assert sorted(m.to for m in mails) == sorted([organiser.email, moderator.email])
    for mail in mails:
        assert mail.subject == f"Comments are closed: {row.title}"
        assert "0 comments, from 0 organisations and 0 people" in mail.text
        assert mail.links == [f"http://localhost/c/{row.slug}/manage/answers"]


# --- outcomes


def decided(make: Make, count: int = 2) -> tuple[World, list[Comment]]:
    """A consultation under review with `count` answered comments of the author and one of the reader."""
    world = build(make)
    moderator = world.actor("moderator")
    comments = [world.comment, *(make.comment(world.consultation, author=world.author) for _ in range(count - 1))]
    comments.append(make.comment(world.consultation, author=world.reader))
    with write_transaction() as session:
        session.get_one(Consultation, world.consultation.id).state = "analysis"
    for n, comment in enumerate(comments):
        outcomes.decide(
            actor=moderator, comments=[world.load("moderator", comment)],  # type: ignore[list-item]
            code="rejected" if n else "accepted_modified", observation=f"Because of reason {n}.",
        )  # fmt: skip
    return world, comments


def publish(world: World) -> None:
    with write_transaction() as session:
        session.execute(update(Round).values(published_at=clock.now()))
        told = Transition(
            consultation_id=world.consultation.id, verb="publish", from_state="review", to_state="published"
        )
        session.add(told)
        session.flush()
        emit(OutcomePublished(summary_id=1, consultation_id=world.consultation.id))
    jobs.wake()


def test_each_commenter_gets_one_mail_with_all_her_answers(inside: Flask, make: Make, post: Post) -> None:
    world, comments = decided(make)
    make.comment(world.consultation, author=world.author, state="withdrawn")
    post()
    publish(world)
    mails = {m.to: m for m in post()}
    assert set(mails) == {world.author.email, world.reader.email}
    mail = mails[world.author.email]
    assert mail.subject == f"What became of your comments: {world.consultation.title}"
    assert f"{comments[0].number}: Accepted with changes\n  Because of reason 0." in mail.text
    assert f"{comments[1].number}: Not accepted\n  Because of reason 1." in mail.text
    assert comments[2].number not in mail.text
    assert mail.links == [
        f"http://localhost/c/{world.slug}/comments/{comments[0].number}",
        f"http://localhost/c/{world.slug}/comments/{comments[1].number}",
        "http://localhost/me", f"http://localhost/c/{world.slug}/outcome",
    ]  # fmt: skip
    assert mails[world.reader.email].subject == f"What became of your comment: {world.consultation.title}"


def test_an_answer_changed_before_publication_sends_no_mail_and_only_the_last_is_told(
    inside: Flask, make: Make, post: Post
) -> None:
    world, comments = decided(make, 1)
    outcomes.decide(
        actor=world.actor("moderator"), comments=[world.load("moderator", comments[0])], code="noted",  # type: ignore[list-item]
        observation="On second thoughts.",
    )  # fmt: skip
    assert post() == []
    publish(world)
    mail = next(m for m in post() if m.to == world.author.email)
    assert "Noted" in mail.text
    assert "On second thoughts." in mail.text
    assert "Because of reason 0." not in mail.text
    assert CommentAnswered.__name__ not in {j.kind for j in db.session.scalars(select(Job))}


def test_a_duplicate_names_the_other(inside: Flask, make: Make, post: Post) -> None:
    world, comments = decided(make, 2)
    outcomes.decide(
        actor=world.actor("moderator"), comments=[world.load("moderator", comments[1])], code="duplicate",  # type: ignore[list-item]
        observation="Same request.", duplicate_of=comments[0].number,
    )  # fmt: skip
    publish(world)
    mail = next(m for m in post() if m.to == world.author.email)
    assert f"{comments[1].number}: Duplicate of {comments[0].number}" in mail.text


def test_a_comment_on_several_clauses_is_told_clause_by_clause(inside: Flask, make: Make, post: Post) -> None:
    world, (comment, *_) = decided(make, 1)
    clauses = make.clauses(make.version(world.consultation))[1:]
    for clause in clauses:
        make.row(Anchor(comment_id=comment.id, clause_id=clause.id, status="exact"))
    db.session.expire_all()
    outcomes.decide(
        actor=world.actor("moderator"), comments=[world.load("moderator", comment)], code="accepted",  # type: ignore[list-item]
        clauses=[clauses[0].id],
    )  # fmt: skip
    publish(world)
    mail = next(m for m in post() if m.to == world.author.email)
    assert mail.subject == f"What became of your comment: {world.consultation.title}"
    assert f"{comment.number}, {clauses[0].label}: Accepted\n" in mail.text
    assert f"{clauses[1].label}: Accepted with changes\n  Because of reason 0." in mail.text


def test_very_many_answers_fit_into_one_mail(inside: Flask, make: Make, post: Post) -> None:
    world, _ = decided(make, 63)
    publish(world)
    mail = next(m for m in post() if m.to == world.author.email)
    assert "And 3 more, on your page." in mail.text
    assert mail.text.count("Because of reason") == 60


def test_many_readers_are_told_some_hundred_at_a_time_and_never_twice(
    world: World, post: Post, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "AT_ONCE", 3)
    people = [make.person() for _ in range(7)]
    for person in people:
        make.comment(world.consultation, author=person)
    step = extension(world)

    def tell() -> None:
        notices.spread(actor=SYSTEM, of=step)

    tell()
    tell()
    assert make.count(Job, Job.kind == "notices.fan_out") == 1
    fan_out = db.session.scalars(select(Job.payload).where(Job.kind == "notices.fan_out")).one()
    mails = post()
    assert sorted(m.to for m in mails) == sorted(p.email for p in [*people, world.author])
    assert make.count(Job, Job.kind == "notices.fan_out") == 3
    with write_transaction():  # the same piece of work once more, as after a lost lease
        jobs.later("notices.fan_out", json.loads(fan_out))
    assert post() == []
    assert make.count(Notice) == len(people) + 1


def extension(world: World) -> Happening:
    """A step of which commenters are told."""
    step = world.make.row(
        Transition(
            consultation_id=world.consultation.id, verb="extend", from_state="open", to_state="open", reason="Rain."
        )
    )
    return Happening("step", step.id, world.consultation.id, f"step {step.id}")


def test_the_same_event_twice_sends_one_mail(world: World, post: Post) -> None:
    publish(world)
    publish(world)
    assert post() == []  # nothing is answered in this world: nothing to say
    step = extension(world)
    for _ in range(2):
        notices.tell(actor=SYSTEM, people=[world.author.id], kind="answers", of=replace(step, what="extended"))
    assert len(post()) == 1
