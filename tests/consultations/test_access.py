"""Who reads a consultation and who takes part: everybody, those invited, or nobody else."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from consult.accounts.models import GuestOrganisation, RoleGrant
from consult.consultations import operations, queries
from consult.consultations.models import Consultation, Transition
from consult.core.db import db
from consult.core.errors import Invalid, Missing, Refused
from consult.core.jobs import Job
from consult.core.rules import SYSTEM, VISITOR
from consult.debate.rules import may_post_comment, may_vote
from tests.make import Make
from tests.visitor import Visitor

Visit = Callable[..., Visitor]


@pytest.mark.parametrize("access", ["public", "invited", "private"])
def test_who_reads_it_and_who_takes_part(access: str, inside: Flask, make: Make) -> None:
    row, club = make.consultation(access=access), make.organisation("Reading Club")
    make.row(GuestOrganisation(consultation_id=row.id, organisation_id=club.id))
    member = make.person("Mia")
    membership = make.member(member, club)
    comment = make.comment(row)
    invited = [make.staff(row, role) for role in ("participant", "observer", "moderator")]
    for person in (*invited, member):
        assert queries.find(viewer=make.actor(person), slug=row.slug)
        assert may_post_comment(make.actor(person), row), person.name
    for outside in (make.person("Otto"), make.person("Admin", is_administrator=True)):
        actor = make.actor(outside)
        assert bool(may_post_comment(actor, row)) == bool(may_vote(actor, comment)) == (access == "public")
    assert "were invited" in may_post_comment(VISITOR, row).reason or access == "public"
    seen = queries.index(viewer=make.actor(make.person("Otto")), group="open").listing
    assert (seen.total, len(seen.rows)) == ((0, 0) if access == "private" else (1, 1))
    if access == "private":
        with pytest.raises(Missing):
            queries.find(viewer=VISITOR, slug=row.slug)
    with make.writing() as session:
        session.merge(membership).state = "left"
    assert bool(may_post_comment(make.actor(member), row)) == (access == "public"), "who left is a member no more"


def test_it_is_chosen_once_and_opened_once(inside: Flask, make: Make) -> None:
    row = make.consultation("draft")
    organiser = make.actor(make.staff(row, "organiser"))
    operations.choose_access(actor=organiser, consultation=row, edit_number=0, access="private")
    with pytest.raises(Invalid, match="Choose who"):
        operations.choose_access(actor=organiser, consultation=row, edit_number=1, access="secret")
    make.version(row)
    operations.announce(actor=organiser, consultation=row)
    with pytest.raises(Refused, match="fixed since"):
        operations.choose_access(actor=organiser, consultation=row, edit_number=1, access="public")
    operations.make_public(actor=organiser, consultation=row, reason="Everybody is concerned by it.")
    assert queries.find(viewer=VISITOR, slug=row.slug).access == "public"
    assert db.session.scalars(select(Transition.reason).where(Transition.verb == "make_public")).all() == [
        "Everybody is concerned by it."
    ]
    with pytest.raises(Refused, match="can read it already"):
        operations.make_public(actor=organiser, consultation=row, reason="Once more.")


def test_nobody_is_invited_to_what_is_public(inside: Flask, make: Make) -> None:
    row = make.consultation()
    organiser = make.actor(make.staff(row, "organiser"))
    with pytest.raises(Invalid, match="everybody can take part"):
        operations.invite(actor=organiser, consultation=row, email="ada@example.org", role="participant")
    with pytest.raises(Invalid, match="everybody can take part"):
        operations.invite_organisation(actor=organiser, consultation=row, organisation=make.organisation())
    with pytest.raises(Refused, match="Only its organisers"):
        operations.invite_organisation(actor=VISITOR, consultation=row, organisation=make.organisation())


def test_an_organisation_and_a_person_are_let_in_and_go(app: Flask, make: Make, visit: Visit) -> None:
    row, club = (
        make.consultation("announced", access="private", title="A quiet question"),
        make.organisation("Reading Club"),
    )
    make.version(row)
    signs, member, ada = make.person("Sig"), make.person("Mia"), make.person("Ada", email="ada@example.org")
    make.member(signs, club, is_signatory=True)
    make.member(member, club)
    here, there, at = visit(make.staff(row, "organiser")), visit(member), f"/c/{row.slug}"
    there.open(at, status=404)
    here.open(f"{at}/manage/settings/people")
    page = here.press("Invite the organisation", name="Reeding Club", status=422)
    assert "No organisation of this name" in page.text
    assert "Reading Club every member" in here.press("Invite the organisation", name="Reading Club").text
    with app.app_context():
        sent = [json.loads(job.payload) for job in db.session.scalars(select(Job)) if job.kind == "mail.send"]
    assert [(mail["template"], mail["to"]) for mail in sent] == [("accounts/organisation_invited", signs.email)]
    assert "Private: only the people who run it" in there.open(at).text
    here.press("Send the invitation", email="ada@example.org", role="participant")
    guest = visit(ada)
    guest.open(at, status=404)
    guest.open("/me/invitations")
    guest.press("Accept")
    assert "A quiet question" in guest.open(at).text
    assert "Ada" in here.open(f"{at}/manage/settings/people").text
    guest.open("/me/invitations")
    guest.press("Give it up")
    guest.open(at, status=404)
    mine = visit(signs)
    assert "A quiet question" in mine.open("/me/invitations").text
    mine.press("Say no for Reading Club")
    there.open(at, status=404)
    assert make.count(GuestOrganisation) == make.count(RoleGrant, RoleGrant.role == "participant") == 0


def test_it_is_made_public_with_a_reason(app: Flask, make: Make, visit: Visit) -> None:
    row = make.consultation(access="private")
    make.version(row)
    here, stranger, at = visit(make.staff(row, "organiser")), visit(), f"/c/{row.slug}"
    stranger.open(at, status=404)
    here.open(f"{at}/manage/steps/publicity")
    here.press("Make public", reason="It concerns everybody.")
    assert "It concerns everybody." in stranger.open(at).text
    assert "Make public" not in here.open(f"{at}/manage").text
    with app.app_context():
        assert db.session.get_one(Consultation, row.id).access == "public"
        assert queries.find(viewer=SYSTEM, slug=row.slug).access_line == ""
