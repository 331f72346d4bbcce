"""The life of a consultation by chance: whatever people try, what must hold always holds.

The same few lives each time; `make test-long` plays 500 others.
"""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant, run_state_machine_as_test
from sqlalchemy import select

from consult.consultations.models import Transition
from consult.core.db import db
from consult.debate.models import Comment, Reply, Vote
from consult.documents.models import Draft, DraftVersion
from consult.outcomes.models import Disposition
from tests.lengths import IS_LONG

from ..make import Make
from .life import EDGES, Walk

STEPS = 60


class Life(Walk):
    """What always holds."""

    @invariant()
    def it_is_where_it_should_be(self) -> None:
        assert self.consultation.state == self.state

    @invariant()
    def every_step_is_in_the_log(self) -> None:
        log = db.session.execute(
            select(Transition.verb, Transition.from_state, Transition.to_state)
            .where(Transition.consultation_id == self.id)
            .order_by(Transition.id)
        ).all()
        state = "draft"
        for verb, before, after in log:
            assert before == state
            if verb != "extend":
                origins, target, _who = EDGES[verb]
                assert before in origins
                assert after == target
            state = after
        assert state == self.state

    @invariant()
    def nothing_came_outside_its_window_and_nothing_is_gone(self) -> None:
        of_it = select(Comment.id).where(Comment.consultation_id == self.id)
        count = {
            Comment: of_it,
            Reply: select(Reply.id).where(Reply.comment_id.in_(of_it)),
            Vote: select(Vote.id).where(Vote.comment_id.in_(of_it)),
        }
        found = {model: len(db.session.scalars(rows).all()) for model, rows in count.items()}
        assert found == self.contributions

    @invariant()
    def a_number_is_given_once(self) -> None:
        numbers = db.session.execute(select(Comment.id, Comment.number).where(Comment.consultation_id == self.id)).all()
        found = {row.id: row.number for row in numbers}
        assert found.items() >= self.numbers.items()
        assert len(set(found.values())) == len(found)
        self.numbers = found

    @invariant()
    def answers_are_only_added_and_the_last_one_counts(self) -> None:
        rows = db.session.scalars(
            select(Disposition)
            .join(Disposition.comment)
            .where(Comment.consultation_id == self.id)
            .order_by(Disposition.id)
            .execution_options(populate_existing=True)
        ).all()
        found = {row.id: (row.comment_id, row.code, row.observation, row.decided_by_id, row.decided_at) for row in rows}
        assert found.items() >= self.answers.items()
        self.answers = found
        last = {row.comment_id: row.code for row in rows}
        copies = db.session.execute(select(Comment.id, Comment.disposition).where(Comment.consultation_id == self.id))
        assert {comment: code for comment, code in copies.all() if code != "unresolved"} == last

    @invariant()
    def what_is_published_stays(self) -> None:
        for of, said in self.sealed.items():
            assert self.said_of(of) == said

    @invariant()
    def a_public_text_is_frozen(self) -> None:
        versions = db.session.scalars(
            select(DraftVersion)
            .join(DraftVersion.draft)
            .where(Draft.consultation_id == self.id)
            .execution_options(populate_existing=True)
        ).all()
        newest = self.newest_round()
        for version in versions:
            assert self.state == "draft" or version.frozen_at is not None
        if self.state != "draft":
            assert newest.id in {version.round_id for version in versions}


def test_whatever_people_try_what_must_hold_holds(make: Make) -> None:
    machine = type("Life", (Life,), {"make": make})
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        machine,
        settings=settings(
            max_examples=500 if IS_LONG else 25, stateful_step_count=STEPS, deadline=None, derandomize=not IS_LONG,
            suppress_health_check=list(HealthCheck), phases=[Phase.generate],  # to shrink a life takes minutes
        ),
    )  # fmt: skip
