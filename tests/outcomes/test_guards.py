"""What publication, corrections and adoption wait for: each guard holds, and each opens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from consult.accounts.models import Person
from consult.consultations import operations as consultations
from consult.core import clock
from consult.core.db import db
from consult.core.errors import Conflict, Invalid, Missing, Refused
from consult.core.rules import SYSTEM, VISITOR
from consult.debate.models import Anchor, CarriedAnchor, Comment
from consult.notices.models import Notice
from consult.outcomes import operations, queries
from consult.outcomes.models import Approval, Immateriality, Objection, OutcomeSummary, Statement
from tests.make import Make

from .world import World

REASON = "They only make clear what was meant before."


class Review(World):
    """In review: one answered comment, and a summary by the moderator that rests on it."""

    def __init__(self, make: Make, change_class: str = "editorial", **values: object) -> None:
        super().__init__(make, "review", **values)
        self.actor = make.actor(self.moderator)
        self.one = self.comment(positions=("profit",))
        operations.decide(
            actor=self.actor, comments=[self.row(self.one)], code="accepted", observation="Yes.",
            change_class=change_class,
        )  # fmt: skip
        operations.set_headline(actor=self.actor, consultation=self.consultation, headline="It is clearer.")
        self.line = self.add("Some want it clearer.", sources=[self.one.number])

    def add(self, text: str, **values: object) -> Statement:
        given = {"section": "said", "text": text} | values
        return operations.add_statement(actor=self.actor, consultation=self.consultation, **given)

    def answered(self, **values: object) -> None:
        row = self.comment(**values)
        operations.decide(actor=self.actor, comments=[self.row(row)], code="noted", observation="Read.")

    def kinds(self) -> list[str]:
        return [gap.kind for gap in queries.missing(viewer=SYSTEM, of=self.found().round, is_final=True)]

    def publish(self) -> None:
        operations.publish_outcome(actor=self.actor, consultation=self.consultation)

    def objects(self, person: Person, **values: object) -> Objection:
        found = self.found()
        given = {"text": "It leaves out what we said."} | values
        return operations.object_to(actor=self.make.actor(person), consultation=found, of=found.round, **given)

    def objection(self, number: int) -> Objection:
        """As operations want it; a refusal expires what was loaded."""
        return queries.find_objection(viewer=SYSTEM, of=self.found().round, number=number)

    def account(self, number: int = 0) -> queries.Account:
        found = self.found()
        return queries.account(viewer=VISITOR, consultation=found, of=found.round, number=number)


def test_the_writer_cannot_approve_and_an_edit_ends_the_approval(inside: Flask, make: Make) -> None:
    world = Review(make)
    assert world.kinds() == ["approval"]
    with pytest.raises(Refused, match="second person has not approved"):
        world.publish()
    with pytest.raises(Refused, match="You wrote in this summary"):
        world.approve(world.moderator)
    second = world.approve()
    assert world.kinds() == []
    world.approve(second)
    assert make.count(Approval) == 1, "twice is once"
    operations.edit_statement(
        actor=world.actor, consultation=world.consultation, statement_id=world.line.id, section="said", text="Others."
    )
    assert world.kinds() == ["approval"]
    with pytest.raises(Refused, match="second person has not approved"):
        consultations.publish(actor=SYSTEM, consultation=world.consultation)
    world.approve(second)
    world.publish()
    version = world.account().version
    assert version is not None
    assert (version.approved_by, version.digest) == ("Olga Organiser", world.account().digest)


@pytest.mark.parametrize("how", ["headline", "add", "remove", "uncite", "move"])
def test_whatever_is_changed_needs_a_new_approval(inside: Flask, make: Make, how: str) -> None:
    world = Review(make)
    world.add("A second one.", sources=[world.one.number])
    world.approve()
    given = {"actor": world.actor, "consultation": world.consultation}
    line = given | {"statement_id": world.line.id}
    {
        "headline": lambda: operations.set_headline(headline="Other.", **given),
        "add": lambda: world.add("More.", sources=[world.one.number]),
        "remove": lambda: operations.remove_statement(**line),
        "uncite": lambda: operations.uncite(comment=world.row(world.one), **line),
        "move": lambda: operations.move_statement(is_up=False, **line),
    }[how]()
    assert "approval" in world.kinds()


def test_what_changed_since_it_was_read_is_not_approved(inside: Flask, make: Make) -> None:
    world = Review(make)
    seen = world.account().digest
    world.add("One more.", sources=[world.one.number])
    second = make.actor(make.staff(world.consultation, "organiser"))
    with pytest.raises(Conflict, match="changed the summary since"):
        operations.approve_summary(actor=second, consultation=world.consultation, seen=seen)
    outsider = make.actor(make.person())
    with pytest.raises(Refused, match="Only moderators and organisers"):
        operations.approve_summary(actor=outsider, consultation=world.consultation, seen=world.account().digest)


def test_an_objection_waits_for_its_public_answer(inside: Flask, make: Make) -> None:
    world = Review(make)
    second, critic = world.approve(), make.person("Cleo Critic")
    row = world.objects(critic, statement_id=world.line.id, seen=world.line.mark)
    assert (row.quote, row.number) == ("Some want it clearer.", 1)
    assert world.kinds() == ["objections"]
    with pytest.raises(Refused, match="1 objection to the summary has no answer"):
        world.publish()
    with pytest.raises(Invalid) as problem:
        operations.answer_objection(
            actor=make.actor(second), objection=world.objection(1), decision="followed", answer="Yes."
        )
    assert problem.value.field == "answer"
    operations.answer_objection(
        actor=make.actor(second), objection=world.objection(1), decision="not_followed", answer=REASON
    )
    with pytest.raises(Refused, match="answered or taken back"):
        operations.answer_objection(
            actor=make.actor(second), objection=world.objection(1), decision="followed", answer=REASON
        )
    with pytest.raises(Refused, match="answered or taken back"):
        operations.withdraw_objection(actor=make.actor(critic), objection=world.objection(1))
    assert world.kinds() == []
    world.publish()
    told = db.session.execute(select(Notice.what, Notice.person_id).where(Notice.what.contains("objec"))).all()
    assert ("objection_answered", critic.id) in told
    assert ("objected", second.id) in told


def test_who_may_object_answer_and_take_back(inside: Flask, make: Make) -> None:
    world = Review(make)
    critic, other = make.person(), make.person()
    world.objects(critic)
    with pytest.raises(Refused, match="Only whoever made"):
        operations.withdraw_objection(actor=make.actor(other), objection=world.objection(1))
    with pytest.raises(Refused, match="Only moderators and organisers"):
        operations.answer_objection(
            actor=make.actor(other), objection=world.objection(1), decision="followed", answer=REASON
        )
    world.objects(world.moderator)
    with pytest.raises(Refused, match="your own"):
        operations.answer_objection(actor=world.actor, objection=world.objection(2), decision="followed", answer=REASON)
    operations.withdraw_objection(actor=world.actor, objection=world.objection(2))
    operations.withdraw_objection(actor=make.actor(critic), objection=world.objection(1))
    assert "objections" not in world.kinds()
    with pytest.raises(Refused, match="Confirm your e-mail"):
        world.objects(make.person(email_verified_at=None))
    found = world.found()
    with pytest.raises(Refused, match="Sign in"):
        operations.object_to(actor=VISITOR, consultation=found, of=found.round, text="No.")
    with pytest.raises(Missing):
        world.objects(critic, statement_id=Review(make).line.id)
    world.set(world.consultation, review_ends_at=clock.now() - timedelta(minutes=1))
    with pytest.raises(Refused, match="during the review"):
        world.objects(critic)


def test_an_objection_to_a_sentence_that_goes_keeps_its_words(inside: Flask, make: Make) -> None:
    world = Review(make)
    row = world.objects(make.person(), statement_id=world.line.id)
    with pytest.raises(Conflict, match="was changed since"):
        world.objects(make.person(), statement_id=world.line.id, seen="other")
    operations.remove_statement(actor=world.actor, consultation=world.consultation, statement_id=world.line.id)
    db.session.refresh(row)
    assert (row.statement_id, row.quote) == (None, "Some want it clearer.")


def test_a_view_of_few_has_a_sentence_or_a_reason(inside: Flask, make: Make) -> None:
    world = Review(make)
    for _ in range(4):
        world.answered(positions=("profit",))
    world.answered(positions=("safety",))
    world.approve()
    assert world.kinds() == ["minority"]
    with pytest.raises(Refused, match=r"Views of few .*Safety in the whole round: 1 of 6 who speak there"):
        world.publish()
    given = {"actor": world.actor, "consultation": world.consultation}
    operations.leave_out(position="safety", clause="", reason="It is about another draft.", **given)
    assert world.kinds() == ["minority", "approval"], "on the clause it is a view of few as well"
    few = db.session.scalars(select(Comment).order_by(Comment.id.desc())).first()
    world.add("One fears harm.", sources=[few.number], is_minority=True)
    assert world.kinds() == ["approval"]
    operations.leave_out(position="safety", clause="", reason="", **given)
    assert world.kinds() == ["approval"], "the sentence is enough for both"
    with pytest.raises(Missing):
        operations.leave_out(position="access", clause="", reason="Why?", **given)


def test_an_even_split_has_no_view_of_few(inside: Flask, make: Make) -> None:
    world = Review(make)
    world.answered(positions=("safety",))
    world.answered(positions=("access",))
    assert "minority" not in world.kinds()


def test_a_comment_of_an_earlier_draft_must_have_its_place(inside: Flask, make: Make) -> None:
    world = Review(make)
    world.approve()
    version = make.version(world.consultation)
    with make.writing() as session:
        anchor = session.scalars(select(Anchor).where(Anchor.comment_id == world.one.id)).one()
    row = make.row(CarriedAnchor(anchor_id=anchor.id, comment_id=world.one.id, version_id=version.id, status="orphan"))
    assert world.kinds() == ["anchors"]
    with pytest.raises(Refused, match="1 comment of an earlier draft waits"):
        world.publish()
    world.set(row, checked_as="solved", checked_at=clock.now())
    world.publish()


def _published(make: Make, **values: object) -> Review:
    world = Review(make, **values)
    world.approve()
    world.publish()
    return world


def test_a_correction_is_a_new_version_and_the_old_one_stays(inside: Flask, make: Make) -> None:
    world = _published(make)
    before = world.account()
    given = {"actor": world.actor, "consultation": world.consultation}
    with pytest.raises(Refused):
        world.add("Late.", sources=[world.one.number])
    with pytest.raises(Invalid):
        operations.begin_correction(reason=" ", **given)
    operations.begin_correction(reason="A number was wrong.", **given)
    with pytest.raises(Refused, match="being written already"):
        operations.begin_correction(reason="Again.", **given)
    operations.set_headline(headline="It is much clearer.", **given)
    assert world.account().headline == "It is clearer.", "readers still have the published one"
    with pytest.raises(Refused, match="second person has not approved"):
        operations.publish_correction(**given)
    world.approve(make.staff(world.consultation, "organiser"))
    operations.publish_correction(**given)
    now, old = world.account(), world.account(1)
    assert (now.headline, now.version.number, now.version.reason) == ("It is much clearer.", 2, "A number was wrong.")
    assert [line.text for line in now.lines] == ["Some want it clearer."]
    assert now.lines[0].sources == [world.one.number]
    assert (old.headline, old.digest) == (before.headline, before.digest)
    assert world.found().outcome_line == "It is much clearer."
    with pytest.raises(Missing):
        world.account(3)


def test_a_dropped_correction_leaves_nothing(inside: Flask, make: Make) -> None:
    world = _published(make)
    given = {"actor": world.actor, "consultation": world.consultation}
    with pytest.raises(Refused):
        operations.drop_correction(**given)
    operations.begin_correction(reason="A number was wrong.", **given)
    world.add("More.", sources=[world.one.number])
    operations.drop_correction(**given)
    assert (make.count(OutcomeSummary), make.count(Statement)) == (1, 1)
    assert world.account().headline == "It is clearer."


@pytest.mark.parametrize("change_class", ["technical", "new_requirement"])
def test_material_changes_are_not_adopted_without_a_round_or_a_reason(
    inside: Flask, make: Make, change_class: str
) -> None:
    world = _published(make, change_class=change_class)
    with pytest.raises(Refused, match="1 accepted comment changes the draft materially"):
        consultations.adopt(actor=SYSTEM, consultation=world.consultation)
    db.session.refresh(world.consultation)
    assert world.consultation.state == "published"
    editor = make.actor(make.staff(world.consultation, "editor"))
    seen = queries.material(viewer=SYSTEM, of=world.found().round).last_answer_id
    given = {"consultation": world.consultation, "reason": REASON}
    with pytest.raises(Refused, match="Only editors and organisers"):
        operations.state_immaterial(actor=world.actor, seen=seen, **given)
    with pytest.raises(Conflict):
        operations.state_immaterial(actor=editor, seen=seen + 1, **given)
    operations.state_immaterial(actor=editor, seen=seen, **given)
    assert make.count(Immateriality) == 1
    consultations.adopt(actor=SYSTEM, consultation=world.consultation)
    assert world.consultation.state == "adopted"


def test_editorial_changes_are_adopted_as_they_are(inside: Flask, make: Make) -> None:
    world = _published(make)
    consultations.adopt(actor=SYSTEM, consultation=world.consultation)
    assert world.consultation.state == "adopted"
    editor = make.actor(make.staff(world.consultation, "editor"))
    world.set(world.consultation, state="published")
    with pytest.raises(Refused, match="nothing to state"):
        operations.state_immaterial(actor=editor, consultation=world.consultation, reason=REASON, seen=0)
