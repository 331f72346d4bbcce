"""Many at once: one key gives one comment, numbers are never given twice, counters never drift."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import Flask
from sqlalchemy import select

from consult.consultations import queries as consultations
from consult.core.db import db
from consult.core.rules import SYSTEM
from consult.debate import jobs, mending, operations, queries
from consult.debate.models import Anchor, Comment, CommentPosition, Reply, Revision, Vote
from consult.documents import queries as documents
from tests.debate.conftest import World, build
from tests.debate.drafts import RECORD, Drafts
from tests.make import Make
from tests.visitor import Visitor

THREADS = 50


def at_once(app: Flask, work: Callable[[int], Any], times: int = THREADS) -> list[Any]:
    """Run `work(0)`, `work(1)`, … in threads of their own, each with its own session, like requests."""

    def in_context(n: int) -> Any:
        with app.app_context():
            try:
                return work(n)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(max_workers=times) as pool:
        return list(pool.map(in_context, range(times)))


def post(world: World, actor: Any, key: str, body: str = "Once.") -> str:
    slug = world.consultation.slug
    consultation = consultations.find(viewer=actor, slug=slug)
    version = documents.version(viewer=actor, consultation_id=consultation.id)
    clauses = documents.clauses(viewer=actor, version=version, keys=["1-1"])
    return operations.post_comment(
        actor=actor, consultation=consultation, version=version, clauses=clauses, body=body, positions={"safety"},
        stance="object", type="technical", key=key,
    ).number  # fmt: skip


def corrections(app: Flask, world: World) -> list[str]:
    with app.app_context():
        consultation = consultations.find(viewer=SYSTEM, slug=world.consultation.slug)
        return mending.recount(consultation)


def test_fifty_times_the_same_key_is_one_comment(app: Flask, make: Make) -> None:
    world = build(make)
    actor, key = world.actor(), make.key()
    numbers = at_once(app, lambda _n: post(world, actor, key))
    assert len(set(numbers)) == 1
    assert make.count(Comment) == make.count(CommentPosition) == 1
    assert corrections(app, world) == []


def test_numbers_are_given_once_and_without_gaps(app: Flask, make: Make) -> None:
    world = build(make)
    guild, people = make.organisation("Guild", code="MG"), [make.person() for _ in range(5)]
    for person in people:
        make.member(person, guild, is_signatory=True)
    actors = [make.actor(person, acting_for_id=guild.id) for person in people]
    keys = [make.key() for _ in range(20)]
    numbers = at_once(app, lambda n: post(world, actors[n % 5], keys[n], f"Remark {n}."), 20)
    assert sorted(numbers) == [f"MG-{n:03d}" for n in range(1, 21)]
    assert corrections(app, world) == []


def test_votes_replies_and_an_edit_race_is_lost_by_all_but_one(app: Flask, make: Make) -> None:
    world = build(make)
    author = world.actor()
    with app.app_context():
        number = post(world, author, make.key())
    voters = [world.actor() for _ in range(6)]

    def find() -> Comment:
        return queries.find_comment(viewer=SYSTEM, slug=world.consultation.slug, number=number)

    at_once(app, lambda n: operations.vote(actor=voters[n % 6], comment=find(), choice="agree"), 12)
    at_once(app, lambda n: operations.post_reply(actor=voters[n % 6], comment=find(), parent=None, body=f"{n}"), 12)
    assert make.count(Vote) == 6

    def edit(n: int) -> str:
        try:
            operations.edit_comment(actor=author, comment=find(), body=f"Wording {n}.", seen_edit_number=0)
        except Exception as error:
            return type(error).__name__
        return "saved"

    assert Counter(at_once(app, edit, 8)) == {"saved": 1, "Conflict": 7}
    assert make.count(Revision) == 1
    with app.app_context():
        paths = list(db.session.scalars(select(Reply.path).order_by(Reply.path)))
        assert paths == [f"{n:06d}" for n in range(1, 13)]
        assert (find().agree_count, find().reply_count) == (6, 12)
    assert corrections(app, world) == []


def test_a_withdrawal_and_a_hiding_count_once(app: Flask, make: Make) -> None:
    world = build(make)
    author, moderator = world.actor(), world.moderator()
    with app.app_context():
        number = post(world, author, make.key())

    def end(n: int) -> str:
        comment = queries.find_comment(viewer=SYSTEM, slug=world.consultation.slug, number=number)
        try:
            if n % 2:
                operations.withdraw_comment(actor=author, comment=comment)
            else:
                operations.hide(actor=moderator, thing=comment, reason="Spam.")
        except Exception as error:
            return type(error).__name__
        return "done"

    assert Counter(at_once(app, end, 8))["done"] == 1
    with app.app_context():
        assert consultations.find(viewer=SYSTEM, slug=world.consultation.slug).comment_count == 0
    assert corrections(app, world) == []


def test_the_same_row_from_outside_twice_at_once_is_one_comment(app: Flask, make: Make) -> None:
    world = build(make)

    def record(_n: int) -> int:
        consultation = consultations.find(viewer=SYSTEM, slug=world.consultation.slug)
        version = documents.version(viewer=SYSTEM, consultation_id=consultation.id)
        return operations.record_comment(
            actor=SYSTEM, consultation=consultation, version=version, clauses=[], body="A row.", author_name="A",
            source="csv", fingerprint="row 1",
        ).id  # fmt: skip

    assert len(set(at_once(app, record, 10))) == 1
    assert make.count(Comment) == 1


def test_two_workers_that_carry_at_once_carry_each_anchor_once(app: Flask, make: Make) -> None:
    drafts = Drafts(make)
    for n in range(60):
        drafts.comment(RECORD, RECORD[n : n + 20])
    version = drafts.next(is_carried=False)
    at_once(app, lambda _n: jobs.carry({"version_id": version.id}), times=4)
    assert sorted(row["anchor_id"] for row in drafts.rows()) == [row["id"] for row in drafts.rows(Anchor)]


def test_fifty_submits_of_one_form_are_one_comment_and_one_answer(app: Flask, make: Make) -> None:
    world = build(make)
    person = make.person()
    page = Visitor(app, person).open(f"/c/{world.consultation.slug}/comments/new?version=1&clause=1-1")
    values = page.form("Post comment").fields | {"body": ["Once."], "positions": ["safety"], "stance": ["object"]}
    windows = [Visitor(app, person) for _ in range(THREADS)]
    for window in windows:  # of one browser: they share its token
        with window.client.session_transaction() as mine, windows[0].client.session_transaction() as first:
            mine.update(first)
    token = windows[0].open(page.url).form("Post comment").fields["csrf_token"]
    cookie = windows[0].client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    for window in windows:
        window.client.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie.value)

    def submit(n: int) -> str:
        answer = windows[n].client.post(
            world.address, data=values | {"csrf_token": token},
            headers={"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"},
        )  # fmt: skip
        return f"{answer.status_code} {answer.headers.get('Location', '')}"

    with ThreadPoolExecutor(max_workers=THREADS) as pool:
        answers = set(pool.map(submit, range(THREADS)))
    assert len(answers) == 1
    assert answers.pop().startswith("303 ")
    assert make.count(Comment) == 1
    assert corrections(app, world) == []
