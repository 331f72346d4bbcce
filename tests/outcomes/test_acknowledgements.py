"""Commenters say whether the answers satisfy them; what they contest somebody else decides again."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask, has_app_context
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from consult.accounts.models import Person, RoleGrant
from consult.core import clock
from consult.core.db import db
from consult.core.errors import Conflict, Invalid, Refused
from consult.core.events import listen
from consult.core.rules import SYSTEM, VISITOR, Actor
from consult.debate.models import Comment
from consult.outcomes import operations, queries, rules
from consult.outcomes.events import AnswerAcknowledged
from consult.outcomes.models import Acknowledgement, Disposition
from consult.outcomes.queries import Filters
from tests.listening import listening
from tests.make import Make
from tests.visitor import Visitor

from .world import World

Visit = Callable[..., Visitor]
UNTIL = timedelta(days=3)
TOLD: list[AnswerAcknowledged] = []


@listen(AnswerAcknowledged)
def note(event: AnswerAcknowledged) -> None:
    """What is told, for the tests."""
    TOLD.append(event)


@pytest.fixture
def inside(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app


class Review(World):
    """A review that runs three more days, with an answered comment and two moderators."""

    def __init__(self, make: Make, **values: object) -> None:
        super().__init__(make, "analysis")
        self.second = make.staff(self.consultation, "moderator", "Second Moderator")
        self.author = make.person("Ann Author")
        self.one = self.comment(author=self.author, **values)
        self.decide(self.moderator, "rejected")
        self.set(self.consultation, state="review", review_ends_at=clock.now() + UNTIL)

    def decide(self, who: Person, code: str = "noted", comment: Comment | None = None) -> Disposition:
        with nullcontext() if has_app_context() else self.make.app.app_context():
            return operations.decide(
                actor=self.make.actor(who), comments=[comment or self.one], code=code, observation="For these reasons."
            )

    def says(self, said: str, who: Person | None = None, **given: object) -> Acknowledgement:
        reason = given.pop("reason", "It misses the point." if said == "not_satisfied" else "")
        return operations.acknowledge(
            actor=self.make.actor(who or self.author), comment=self.row(self.one), said=said, reason=reason, **given
        )  # type: ignore[arg-type]

    def missing(self) -> list[str]:
        of = self.found().round
        return [gap.sentence for gap in queries.missing(viewer=SYSTEM, of=of) if gap.kind == "contested"]


def facts(**given: object) -> SimpleNamespace:
    """A comment as the rule reads it."""
    values = {
        "author_id": 1, "organisation_id": None, "state": "posted", "disposition": "noted", "number": "A-1",
        "now": "review", "ends": UNTIL, "is_over": False,
    } | given  # fmt: skip
    ends = values.pop("ends")
    consultation = SimpleNamespace(state=values.pop("now"), review_ends_at=clock.now() + ends if ends else None)
    return SimpleNamespace(consultation=consultation, round=SimpleNamespace(is_over=values.pop("is_over")), **values)


ANN, BOB = Actor(person_id=1), Actor(person_id=2)
SIGNER, MEMBER = Actor(person_id=3, signatory_of=frozenset({7})), Actor(person_id=1, member_of=frozenset({7}))


@pytest.mark.parametrize(
    ("actor", "given", "reason"),
    [
        (ANN, {}, ""),
        (ANN, {"ends": None}, ""),
        (VISITOR, {}, "Sign in"),
        (BOB, {}, "Only the person who wrote it"),
        (SIGNER, {"organisation_id": 7}, ""),
        (MEMBER, {"organisation_id": 7}, "Only a signatory"),
        (ANN, {"author_id": None}, "came from outside"),
        (ANN, {"state": "hidden"}, "withdrawn or hidden"),
        (ANN, {"state": "withdrawn"}, "withdrawn or hidden"),
        (ANN, {"disposition": "unresolved"}, "no answer yet"),
        (ANN, {"ends": -UNTIL}, "until its end"),
        (ANN, {"is_over": True}, "until its end"),
        *[
            (ANN, {"now": state}, "until its end")
            for state in ("open", "analysis", "published", "adopted", "withdrawn", "archived")
        ],
    ],
)
def test_who_may_say_whether_an_answer_satisfies(actor: Actor, given: dict[str, object], reason: str) -> None:
    verdict = rules.may_acknowledge(actor, facts(**given))  # type: ignore[arg-type]
    assert bool(verdict) is not bool(reason)
    assert reason in verdict.reason


def test_her_newest_word_counts_and_the_same_again_is_no_new_one(inside: Flask, make: Make) -> None:
    review = Review(make)
    TOLD.clear()
    first = review.says("not_satisfied")
    assert review.says("not_satisfied").id == first.id
    assert [event.acknowledgement_id for event in TOLD] == [first.id]
    assert review.missing()
    review.says("satisfied")
    assert review.missing() == []
    assert make.count(Acknowledgement) == 2
    told = queries.answer_of(viewer=VISITOR, comment=review.one)
    assert told is not None
    assert told.word is not None
    assert told.word.state == "satisfied"


def test_what_cannot_be_said(inside: Flask, make: Make) -> None:
    review = Review(make)
    with pytest.raises(Invalid, match="Say why"):
        review.says("not_satisfied", reason="  ")
    with pytest.raises(Invalid, match="Say whether"):
        review.says("perhaps")
    with pytest.raises(Conflict, match="decided again meanwhile"):
        review.says("satisfied", seen=0)
    with pytest.raises(Refused, match="Only the person who wrote it"):
        review.says("satisfied", who=review.second)
    assert make.count(Acknowledgement) == 0
    with pytest.raises(IntegrityError):
        make.row(
            Acknowledgement(
                comment_id=review.one.id, disposition_id=review.decide(review.moderator).id, said="not_satisfied",
                person_id=review.author.id,
            )
        )  # fmt: skip


def test_somebody_else_decides_again_and_then_it_is_open_again(inside: Flask, make: Make) -> None:
    review = Review(make)
    review.says("not_satisfied")
    with pytest.raises(Refused, match="another moderator decides it again"):
        review.decide(review.moderator, "accepted")
    again = review.decide(review.second, "rejected")
    assert review.missing() == []
    with pytest.raises(Refused, match="another moderator"):
        review.decide(review.moderator)  # nor does she replace what the other one said
    told = queries.answer_of(viewer=VISITOR, comment=review.one)
    assert told is not None
    assert told.word is not None
    assert (told.word.state, told.newest) == ("pending", again.id)
    review.says("not_satisfied")
    with pytest.raises(Refused, match="another moderator"):
        review.decide(review.second)
    review.decide(review.moderator)  # it is the other one's answer that is contested now


def test_who_answered_one_of_several_clauses_is_bound_too(inside: Flask, make: Make) -> None:
    review = Review(make)
    review.one = review.on(0, 1, author=review.author)
    for who, clause in ((review.moderator, 0), (review.second, 1)):
        operations.decide(
            actor=make.actor(who), comments=[review.row(review.one)], code="noted", observation="So.",
            clauses=[review.clauses[clause].id],
        )  # fmt: skip
    review.says("not_satisfied")
    for who in (review.moderator, review.second):
        with pytest.raises(Refused, match="another moderator"):
            review.decide(who)
    review.decide(make.staff(review.consultation, "moderator"))


def test_publication_waits_and_names_them(inside: Flask, make: Make) -> None:
    review = Review(make)
    operations.set_headline(actor=make.actor(review.second), consultation=review.consultation, headline="It came out.")
    review.says("not_satisfied")
    with clock.shifted(UNTIL + timedelta(minutes=1)):
        with pytest.raises(Refused, match=f"{review.one.number}: its author is not satisfied"):
            operations.publish_outcome(actor=make.actor(review.second), consultation=review.consultation)
        assert "only one moderator" not in review.missing()[0]
        review.decide(review.second)
        with pytest.raises(Refused, match="until its end"):
            review.says("not_satisfied")
        review.approve()
        operations.publish_outcome(actor=make.actor(review.second), consultation=review.consultation)
        told = queries.answer_of(viewer=VISITOR, comment=review.one)
    assert told is not None
    assert told.word is not None
    assert told.word.state == "timed_out"


def test_silence_times_out_at_the_end_of_the_review_and_not_before(inside: Flask, make: Make) -> None:
    review = Review(make)
    ends_at = review.found().review_ends_at
    assert ends_at is not None
    for moment, state in ((-timedelta(seconds=20), "pending"), (timedelta(0), "timed_out")):
        with clock.shifted(ends_at - clock.now() + moment):
            told = queries.answer_of(viewer=VISITOR, comment=review.one)
            assert told is not None
            assert told.word is not None
            assert told.word.state == state
    assert make.count(Acknowledgement) == 0, "nothing is written for it, so nothing can be forgotten"


def test_an_only_moderator_is_told_that_another_one_is_needed(make: Make, visit: Visit) -> None:
    review = Review(make)
    with make.writing() as session:
        session.execute(delete(RoleGrant).where(RoleGrant.person_id == review.second.id))
    with make.app.app_context():
        review.says("not_satisfied")
    page = visit(review.moderator).open(f"/c/{review.slug}/manage/answers?show=contested")
    assert "It misses the point." in page.text
    assert "an organiser can invite one" in page.text
    assert "Save and next" not in page.body
    page = visit(review.moderator).open(f"/c/{review.slug}/manage/summary")
    assert "There is only one moderator: it needs another one" in page.text


@pytest.mark.parametrize("seed", range(4))
def test_what_lists_count_is_what_the_history_says(inside: Flask, make: Make, seed: int) -> None:
    chance, review = random.Random(seed), Review(make)
    comments = [review.comment(author=review.author) for _ in range(4)]
    for comment in comments:
        review.decide(review.moderator, comment=comment)
    people = [review.moderator, review.second, make.staff(review.consultation, "moderator")]
    said: dict[int, str] = {}
    for _ in range(30):
        review.one = comment = chance.choice(comments)
        rows = queries.comments_by_number(viewer=SYSTEM, consultation=review.consultation, numbers=[comment.number])
        barred = queries.contested(viewer=SYSTEM, comments=rows).get(comment.id, frozenset())
        who = chance.choice(people)
        if chance.random() < 0.5:
            said[comment.id] = chance.choice(("satisfied", "not_satisfied"))
            review.says(said[comment.id])
        elif who.id in barred:
            with pytest.raises(Refused):
                review.decide(who)
        else:
            review.decide(who)
            said.pop(comment.id, None)
    expected = {comment.id for comment in comments if said.get(comment.id) == "not_satisfied"}
    wanted = select(Comment.id).where(*Filters(show="contested").conditions())
    assert set(db.session.scalars(wanted)) == expected
    told = queries.answers_of(viewer=VISITOR, comment_ids=[comment.id for comment in comments])
    states = {comment_id: answers.word.state for comment_id, answers in told.items() if answers.word}
    assert states == {comment.id: said.get(comment.id, "pending") for comment in comments}
    counted_ = queries.said_in(viewer=VISITOR, of=review.found().round, answered=len(comments) + 1, is_running=True)
    words = list(said.values())
    assert (counted_.satisfied, counted_.not_satisfied) == (words.count("satisfied"), words.count("not_satisfied"))
    assert counted_.silent == len(comments) + 1 - len(words)


def test_on_my_comments_without_javascript(make: Make, visit: Visit) -> None:
    review = Review(make)
    browser = visit(review.author)
    page = browser.open("/me")
    assert "Does this answer satisfy you?" in page.text
    page = browser.press("Not satisfied", status=422)
    assert "Say why." in " ".join(page.errors())
    page = browser.press("Not satisfied", status=422, reason="x" * 2_001)
    assert page.form("Not satisfied").fields["reason"] == ["x" * 2_001]
    page = browser.press("Not satisfied", reason="It answers **another** remark.")
    assert page.url.startswith(f"/c/{review.slug}/comments/{review.one.number}")
    assert "Its author is not satisfied with this answer. It answers another remark." in page.text
    page = browser.press("Satisfied", reason="Explained by phone.")
    assert "Its author is satisfied with this answer. Explained by phone." in page.text


def test_what_was_decided_again_meanwhile_is_shown_with_ones_words(make: Make, visit: Visit) -> None:
    review = Review(make)
    browser = visit(review.author)
    browser.open(f"/c/{review.slug}/comments/{review.one.number}")
    review.decide(review.moderator, "accepted")
    page = browser.press("Not satisfied", status=422, reason="Too little.")
    assert "decided again meanwhile" in page.text
    assert "Accepted" in page.text
    page = browser.press("Not satisfied")
    assert "Too little." in page.text


def test_only_its_author_is_asked_and_only_in_the_review(make: Make, visit: Visit) -> None:
    review = Review(make)
    address = f"/c/{review.slug}/comments/{review.one.number}"
    for person in (None, review.second):
        assert 'name="said"' not in visit(person).open(address).body
    review.set(review.consultation, review_ends_at=clock.now() - UNTIL)
    page = visit(review.author).open(address)
    assert 'name="said"' not in page.body
    assert "did not say whether" in page.text
    review.set(review.consultation, review_ends_at=clock.now() + UNTIL)
    review.set(review.one, author_id=None)
    assert "came from outside" in visit().open(address).text


def test_the_register_and_the_figures_tell(make: Make, visit: Visit) -> None:
    review = Review(make)
    with make.app.app_context():
        review.says("not_satisfied", reason="=1+1 is no answer.")
    page = visit().open(f"/c/{review.slug}/outcome")
    assert "0 satisfied, 1 not satisfied, 0 have not answered yet" in page.text
    assert "Not satisfied: =1+1 is no answer." in page.text
    body = visit().open(f"/c/{review.slug}/outcome/register.csv").body.removeprefix("\ufeff")
    (row,) = csv.DictReader(io.StringIO(body))
    assert (row["acknowledgement"], row["acknowledgement_reason"]) == ("not_satisfied", "'=1+1 is no answer.")
    assert row["acknowledged_at"]
    data = make.app.test_client().get(f"/c/{review.slug}/outcome/register.json").get_json()
    assert data["figures"]["not_satisfied"] == 1
    assert data["rows"][0]["acknowledgement"] == "not_satisfied"


def test_the_second_moderator_finds_it_and_goes_on_to_the_next(make: Make, visit: Visit) -> None:
    review = Review(make)
    first, second = review.one, review.comment(author=review.author)
    review.decide(review.moderator, comment=second)
    with make.app.app_context():
        for review.one in (first, second):
            review.says("not_satisfied")
    browser = visit(review.second)
    page = browser.open(f"/c/{review.slug}/manage/summary")
    assert f"{first.number} and {second.number}: their authors are not satisfied" in page.text
    page = browser.open(page.links()["Decide it again"])
    assert "2 contested" in page.text
    assert f"Decide anew: {first.number}" in page.text
    page = browser.press("Save and next", code="accepted")
    assert f"Decide anew: {second.number}" in page.text
    page = browser.press("Save and next", code="accepted")
    assert "contested, to be decided again" not in page.text


def test_the_number_of_statements_does_not_grow(app: Flask, make: Make, visit: Visit) -> None:
    review = Review(make)
    addresses = ("/me", f"/c/{review.slug}/outcome", f"/c/{review.slug}/manage/answers?show=contested")
    browsers = dict(zip(addresses, (visit(review.author), visit(), visit(review.second)), strict=True))
    with app.app_context():
        review.says("not_satisfied")
    few = {address: count(app, browser, address) for address, browser in browsers.items()}
    for _ in range(9):
        review.one = review.comment(author=review.author)
        review.decide(review.moderator)
        with app.app_context():
            review.says("not_satisfied")
    assert {address: count(app, browser, address) for address, browser in browsers.items()} == few


def count(app: Flask, browser: Visitor, address: str) -> int:
    browser.open(address)
    with listening(app) as statements:
        browser.open(address)
    return len(statements)
