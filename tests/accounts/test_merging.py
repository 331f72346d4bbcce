"""Two organisations that are one: joined by an administrator, counted once, found under both addresses, and parted again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from consult.accounts import bodies, operations, queries
from consult.accounts.models import Invitation, Membership, Organisation, OrganisationMerge, Person, SignIn
from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import Base, db
from consult.core.errors import Invalid, Moved, Refused
from consult.core.rules import SYSTEM, Actor
from consult.debate import operations as debate
from consult.debate import recounting
from consult.debate.models import Comment, Cosignature, OrganisationDraft
from consult.debate.queries import find_shown
from consult.debate.rules import is_own
from consult.notices.models import Follow
from tests.make import Make
from tests.visitor import Visitor

Visit = Callable[..., Visitor]
WHY = "Both have the register number 4711."


class Two:
    """ACME, which goes on, and Acme Inc, both of which said something and put a name somewhere."""

    def __init__(self, make: Make) -> None:
        self.make = make
        self.boss = make.person("Boss", is_administrator=True)
        self.into = make.organisation("Acme Works", slug="acme", code="ACME", register_number="4711")
        self.former = make.organisation("Acme Works Inc", slug="acme-inc", code="AINC", register_number="47-11")
        self.ann, self.bob, self.cem = (make.person(name) for name in ("Ann", "Bob", "Cem"))
        make.member(self.ann, self.into, is_signatory=True)
        make.member(self.bob, self.former, is_signatory=True)
        make.member(self.cem, self.former)
        self.consultation = make.consultation(slug="call")
        self.version = make.version(self.consultation)
        self.clause = make.clauses(self.version)[0]
        self.said = {row.id: self.say(person, row) for person, row in ((self.ann, self.into), (self.bob, self.former))}

    def actor(self, person: Person, organisation: Organisation | None = None) -> Actor:
        return self.make.actor(person, organisation.id if organisation else None)

    def say(self, person: Person, organisation: Organisation | None = None) -> Comment:
        return debate.post_comment(
            actor=self.actor(person, organisation), consultation=self.consultation, version=self.version,
            clauses=[self.clause], body="What it says.", positions=["safety"], stance="support", type="general",
        )  # fmt: skip

    def sign(self, person: Person, comment: Comment, organisation: Organisation | None = None) -> Cosignature:
        return debate.cosign(actor=self.actor(person, organisation), comment=self.fresh(comment), seen_edit_number=0)

    def fresh(self, comment: Comment) -> Comment:
        db.session.expire_all()
        return find_shown(viewer=SYSTEM, slug="call", number=comment.number)

    def merge(self, **values: object) -> OrganisationMerge:
        row = operations.merge_organisations(
            actor=self.actor(self.boss), former=self.former, into=self.into, reason=WHY, **values
        )  # type: ignore[arg-type]  # fmt: skip
        db.session.expire_all()
        return queries.merge(viewer=SYSTEM, merge_id=row.id)

    def organisations(self) -> int:
        of = db.session.get_one(Consultation, self.consultation.id, populate_existing=True)
        assert list(recounting.differences(of)) == []
        return of.organisation_count


@pytest.fixture
def two(inside: Flask, make: Make) -> Two:
    return Two(make)


def test_every_column_that_points_to_an_organisation_is_declared() -> None:
    pointing = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if any(key.target_fullname == "organisation.id" for key in column.foreign_keys)
    }
    declared = [f"{one.model.__tablename__}.{one.column.key}" for one in bodies.REFERS]
    assert sorted(declared) == sorted(pointing)


def test_two_count_once_and_nothing_that_was_said_changes(two: Two) -> None:
    stranger = two.make.person()
    hers = two.say(stranger)
    two.sign(two.ann, hers, two.into)
    second = two.sign(two.bob, hers, two.former)
    assert (two.organisations(), two.fresh(hers).cosignature_count) == (2, 2)
    merge = two.merge()
    assert two.organisations() == 1
    comment = db.session.get_one(Comment, two.said[two.former.id].id, populate_existing=True)
    assert (comment.number, comment.organisation_id) == ("AINC-001", two.former.id)
    assert two.fresh(hers).cosignature_count == 1
    assert not db.session.get_one(Cosignature, second.id, populate_existing=True).is_counted
    operations.undo_merge(actor=SYSTEM, merge=merge)
    assert two.organisations() == 2
    assert two.fresh(hers).cosignature_count == 2


def test_signing_for_one_is_not_silently_signing_for_the_other(two: Two) -> None:
    both = two.make.person("Both")
    two.make.member(both, two.into)
    two.make.member(both, two.former, is_signatory=True)
    two.merge(signing=[two.cem.id, two.ann.id])  # Cem never signed; Ann signs anyway
    for person, signs in ((two.ann, True), (two.bob, False), (two.cem, False), (both, False)):
        actor = two.actor(person, two.former)
        assert actor.member_of == {two.into.id, two.former.id}
        assert actor.signatory_of == ({two.into.id, two.former.id} if signs else set())
        assert actor.acting_for_id == two.into.id
    rows = db.session.scalars(select(Membership).where(Membership.organisation_id == two.into.id)).all()
    assert sorted(row.person_id for row in rows) == sorted(one.id for one in (two.ann, two.bob, two.cem, both))


def test_the_administrator_chooses_who_signs_and_somebody_must(two: Two) -> None:
    with two.make.writing() as session:
        session.get_one(
            Membership, session.scalar(select(Membership.id).filter_by(person_id=two.ann.id))
        ).state = "left"
    with pytest.raises(Invalid, match="Choose at least one"):
        two.merge()
    two.merge(signing=[two.bob.id])
    assert two.actor(two.bob).signatory_of == {two.into.id, two.former.id}


def test_new_words_take_the_numbers_of_the_one_that_goes_on(two: Two) -> None:
    waiting = two.say(two.cem, two.former)
    assert waiting.unsigned_for_id == two.former.id
    before = two.actor(two.bob, two.former)
    two.merge(signing=[two.bob.id])
    for actor in (before, two.actor(two.bob, two.former)):  # also who opened the form before
        comment = debate.post_comment(
            actor=actor, consultation=two.consultation, version=two.version, clauses=[two.clause], body="More.",
            positions=["safety"], stance="support", type="general",
        )  # fmt: skip
        assert comment.number.startswith("ACME-")
        assert comment.organisation_id == two.into.id
    debate.sign_comment(actor=two.actor(two.ann), comment=two.fresh(waiting), seen_edit_number=0)
    assert two.fresh(waiting).organisation_id == two.into.id
    assert two.organisations() == 1


def test_one_name_of_one_organisation_under_a_comment(two: Two) -> None:
    hers = two.say(two.make.person())
    two.sign(two.bob, hers, two.former)
    two.merge(signing=[two.bob.id])
    with pytest.raises(Exception, match="is under it already"):
        two.sign(two.ann, hers, two.into)
    two.sign(two.bob, hers, two.into)  # his own, once more
    with pytest.raises(Refused, match="your own comment"):
        two.sign(two.ann, two.said[two.former.id], two.into)
    debate.take_back_name(actor=two.actor(two.bob), comment=two.fresh(hers))
    two.sign(two.ann, hers, two.into)
    assert two.fresh(hers).cosignature_count == 1


def test_the_name_that_did_not_count_counts_when_the_other_goes(two: Two) -> None:
    hers = two.say(two.make.person())
    two.sign(two.ann, hers, two.into)
    two.sign(two.bob, hers, two.former)
    two.merge()
    debate.take_back_name(actor=two.actor(two.ann), comment=two.fresh(hers))
    assert two.fresh(hers).cosignature_count == 1
    assert two.organisations() == 1


def test_nobody_decides_on_what_their_organisation_said_under_another_name(two: Two) -> None:
    above, over = two.make.organisation("Holding"), two.make.person("Over")
    two.make.member(over, above)
    theirs = select(Comment).where(Comment.id == two.said[two.former.id].id)
    operations.set_parent(actor=SYSTEM, organisation=two.into, parent=above)
    two.merge()
    comment = db.session.scalars(theirs).one()
    db.session.refresh(comment, ["organisation", "unsigned_for"])
    assert all(is_own(two.actor(person), comment) for person in (two.ann, two.bob, over))
    db.session.rollback()
    operations.end_parent(actor=SYSTEM, organisation=db.session.get_one(Organisation, two.into.id))
    db.session.expire_all()
    comment = db.session.scalars(theirs).one()
    db.session.refresh(comment, ["organisation", "unsigned_for"])
    assert not is_own(two.actor(over), comment)


def test_families_are_joined_without_a_circle(two: Two) -> None:
    part, between = two.make.organisation("Part"), two.make.organisation("Between")
    operations.set_parent(actor=SYSTEM, organisation=part, parent=two.former)
    operations.set_parent(actor=SYSTEM, organisation=two.into, parent=between)
    operations.set_parent(actor=SYSTEM, organisation=between, parent=two.former)
    with pytest.raises(Invalid, match="a part of a part"):
        two.merge()
    operations.set_parent(actor=SYSTEM, organisation=two.into, parent=two.former)
    merge = two.merge()
    assert db.session.get_one(Organisation, part.id).parent_id == two.into.id
    assert db.session.get_one(Organisation, two.into.id).parent_id is None
    operations.undo_merge(actor=SYSTEM, merge=merge)
    assert db.session.get_one(Organisation, part.id, populate_existing=True).parent_id == two.former.id
    assert db.session.get_one(Organisation, two.into.id, populate_existing=True).parent_id == two.former.id


def test_what_is_about_to_come_moves_and_comes_back(two: Two) -> None:
    until = clock.now() + timedelta(days=3)
    invited = two.make.row(
        Invitation(email="new@example.org", organisation_id=two.former.id, role="signatory", expires_at=until)
    )
    draft = two.make.shared_draft(two.former, two.version, two.cem)
    once = two.make.row(Follow(person_id=two.cem.id, organisation_id=two.former.id))
    twice = [two.make.row(Follow(person_id=two.bob.id, organisation_id=row.id)) for row in (two.former, two.into)]
    sign_in = two.make.row(
        SignIn(token_digest="x", person_id=two.bob.id, acting_for_id=two.former.id, expires_at=until)
    )
    rows = [(Invitation, invited.id), (OrganisationDraft, draft.id), (Follow, once.id), (Follow, twice[0].id)]

    def where() -> list[int]:
        db.session.expire_all()
        found = [db.session.get_one(model, row_id).organisation_id for model, row_id in rows]
        return [*found, db.session.get_one(SignIn, sign_in.id).acting_for_id]

    merge = two.merge()
    assert where() == [*[two.into.id] * 3, two.former.id, two.into.id]
    assert db.session.get_one(Invitation, invited.id).role == "member"
    operations.undo_merge(actor=SYSTEM, merge=merge)
    assert where() == [two.former.id] * 5
    assert db.session.get_one(Invitation, invited.id).role == "signatory"
    assert two.actor(two.bob).signatory_of == {two.former.id}
    assert two.actor(two.bob).member_of == {two.former.id}


def test_merges_run_together_and_are_undone_one_after_the_other(two: Two) -> None:
    third = two.make.organisation("Acme Works International", slug="acme-int")
    two.make.member(two.ann, third, is_signatory=True)
    first = two.merge()
    last = operations.merge_organisations(
        actor=SYSTEM, former=db.session.get_one(Organisation, two.into.id), into=third, reason="The same."
    )
    db.session.expire_all()
    with pytest.raises(Moved) as found:
        queries.organisation(viewer=SYSTEM, slug="acme-inc")
    assert found.value.slug == "acme-int"
    assert two.organisations() == 1
    with pytest.raises(Exception, match="merged further"):
        operations.undo_merge(actor=SYSTEM, merge=queries.merge(viewer=SYSTEM, merge_id=first.id))
    for merge in (last, first):
        operations.undo_merge(actor=SYSTEM, merge=queries.merge(viewer=SYSTEM, merge_id=merge.id))
    assert two.organisations() == 2
    with pytest.raises(Refused, match="undone already"):
        operations.undo_merge(actor=SYSTEM, merge=queries.merge(viewer=SYSTEM, merge_id=first.id))


@pytest.fixture
def outside(app: Flask, make: Make) -> Two:
    """The same for tests with browsers."""
    with app.app_context():
        made = Two(make)
        db.session.remove()
    return made


def test_pages_lead_from_the_old_name_to_the_new_one(outside: Two, visit: Visit) -> None:
    two = outside
    boss = visit(two.boss)
    page = boss.open("/organisations/duplicates")
    assert "The same register number. Names that are alike" in page.text
    page = boss.open("/organisations/acme-inc/merging/acme")
    assert "Comments" in page.text
    assert "Bob" in page.text
    boss.press("Merge them", status=422)
    page = boss.press("Merge them", reason=WHY)
    assert WHY in page.text
    assert "Acme Works Inc (AINC)" in page.text
    reader = visit()
    assert (
        reader.open("/organisations/acme-inc?after=x", follow=False, status=308).headers["Location"]
        == "/organisations/acme?after=x"
    )
    page = reader.open("/organisations/acme-inc")
    assert page.heading == "Acme Works"
    assert "AINC-001" in page.text
    assert WHY in page.text
    assert "Acme Works Inc" not in reader.open("/organisations").text
    assert "AINC-001" in reader.open("/c/call/comments?organisation=acme").text
    assert reader.open("/c/call/comments/AINC-001").status == 200
    boss.open("/organisations/acme")
    page = boss.press("Undo the merge")
    assert page.heading == "Acme Works Inc"
    assert "parted again" in reader.open("/organisations/acme").text


def test_who_is_not_the_same_is_not_proposed_again(outside: Two, visit: Visit) -> None:
    boss = visit(outside.boss)
    boss.open("/organisations/duplicates")
    assert "No two organisations look like one" in boss.press("Not the same").text


def test_after_fourteen_days_it_stays(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    merge = two.merge()
    later = clock.now() + timedelta(days=14)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(Refused, match="days only"):
        operations.undo_merge(actor=SYSTEM, merge=merge)


def test_another_kind_is_on_record_and_what_was_said_keeps_the_earlier_one(outside: Two, visit: Visit) -> None:
    bob = visit(outside.bob)
    bob.open("/organisations/acme-inc/category")
    bob.press("Save", status=422, category="individual")
    page = bob.press("Save", category="industry")
    assert "Industry; Nonprofit until" in page.text
    assert "changed by Bob" in page.text
    assert (
        outside.make.count(Comment, Comment.organisation_id == outside.former.id, Comment.category == "nonprofit") == 1
    )
    visit(outside.cem).open("/organisations/acme-inc/category", status=403)


def test_an_interest_is_declared_with_where_one_can_check_it(outside: Two, visit: Visit) -> None:
    bob = visit(outside.bob)
    bob.open("/me/account")
    bob.press("Declare it", interest="Owns shares.", source="https://example.org/shares")
    bob.open("/me/account")
    bob.press("Declare it", interest="Is paid by a vendor.", source="javascript:alert(1)")
    page = visit().open(f"/people/{outside.bob.id}")
    assert page.links()["https://example.org/shares"] == "https://example.org/shares"
    assert "Source: javascript:alert(1)" in page.text
    assert "javascript:alert(1)" not in page.links().values()
