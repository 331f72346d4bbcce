"""On behalf of an organisation: written together, signed by a signatory, else its author's own."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from consult.accounts.models import Membership, Organisation, Person
from consult.consultations.models import Consultation, Round
from consult.core import clock, events
from consult.core.db import db
from consult.core.errors import Conflict, Invalid, Missing, Refused
from consult.core.rules import SYSTEM, VISITOR, Actor
from consult.debate import operations, queries, rules
from consult.debate.events import CommentPosted, CommentSigned
from consult.debate.models import (
    Comment,
    CommentDraft,
    Cosignature,
    OrganisationDraft,
    OrganisationNote,
    OrganisationRevision,
    Reply,
)  # fmt: skip
from consult.documents.models import DraftVersion
from consult.search.models import SearchRow
from tests.debate.conftest import World, build
from tests.debate.test_races import at_once, corrections
from tests.make import Make

WORDS = {"body": "Say who keeps the record.", "positions": ["safety"], "stance": "object", "type": "technical"}


@dataclass
class Guild:
    """An organisation with a member who writes and two signatories, in a consultation that takes comments."""

    world: World
    body: Organisation
    member: Person
    signatory: Person
    second: Person

    def actor(self, who: str) -> Actor:
        return self.world.make.actor(getattr(self, who), acting_for_id=self.body.id)

    def share(self, who: str = "member", **fields: Any) -> OrganisationDraft:
        """What a member began and shares, as her form for clause 1-1 sends it."""
        row = operations.share_draft(
            actor=self.actor(who), consultation=self.world.consultation, version=self.world.version, place="1-1",
            fields=WORDS | fields,
        )  # fmt: skip
        return self.find(row.id)

    def find(self, shared_id: int, who: str = "member") -> OrganisationDraft:
        return queries.find_shared(viewer=self.actor(who), shared_id=shared_id)

    def unsigned(self, who: str = "member", **values: Any) -> Comment:
        return self.load(self.world.post(self.actor(who), **values).number)

    def load(self, number: str) -> Comment:
        return queries.find_comment(viewer=SYSTEM, slug=self.world.consultation.slug, number=number)

    def voices(self) -> tuple[int, int, int]:
        """Comments, organisations and people of the consultation."""
        row = db.session.get_one(Consultation, self.world.consultation.id, populate_existing=True)
        return row.comment_count, row.organisation_count, row.person_count


def found(make: Make, state: str = "open") -> Guild:
    body = make.organisation("Guild of Makers", slug="guild", code="MG", category="nonprofit")
    people = [make.person(name) for name in ("Mia Member", "Sara Signs", "Sven Signs")]
    for person in people:
        make.member(person, body, is_signatory=person.name.endswith("Signs"))
    return Guild(build(make, state), body, *people)


@pytest.fixture
def guild(inside: Flask, make: Make) -> Guild:
    return found(make)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    heard: list[Any] = []
    for kind in (CommentPosted, CommentSigned):
        monkeypatch.setitem(events._listeners, kind, [*events._listeners[kind], heard.append])
    return heard


# --- rules ----------------------------------------------------------------------------------------

MEMBER = Actor(person_id=1, is_verified=True, acting_for_id=9, member_of=frozenset({9}))
SIGNS = Actor(person_id=2, is_verified=True, member_of=frozenset({9}), signatory_of=frozenset({9}))
UNCONFIRMED = Actor(person_id=2, member_of=frozenset({9}), signatory_of=frozenset({9}))
OTHERS_SIGN = Actor(person_id=3, is_verified=True, member_of=frozenset({8}), signatory_of=frozenset({8}))
ADMIN = Actor(person_id=4, is_verified=True, is_administrator=True, roles=frozenset({(7, "moderator")}))


def _consultation(state: str = "open", closes_in: int = 30) -> Consultation:
    return Consultation(id=7, access="public", state=state, closes_at=clock.now() + timedelta(days=closes_in))


def _comment(at: Consultation | None = None, is_over: bool = False, **values: Any) -> Comment:
    given = {
        "author_id": 1, "consultation": at or _consultation(), "state": "posted", "unsigned_for_id": 9,
        "round": Round(number=1, published_at=clock.now() if is_over else None),
    }  # fmt: skip
    return Comment(**given | values)


@pytest.mark.parametrize(
    ("actor", "comment", "told"),
    [
        (SIGNS, _comment(), ""),
        (MEMBER, _comment(), "Only a signatory"), (OTHERS_SIGN, _comment(), "Only a signatory"),
        (ADMIN, _comment(), "Only a signatory"), (SYSTEM, _comment(), "Sign in"), (VISITOR, _comment(), "Sign in"),
        (UNCONFIRMED, _comment(), "Confirm your e-mail"),
        (SIGNS, _comment(_consultation(closes_in=-1)), "stays its author's own"),
        (SIGNS, _comment(_consultation("analysis")), "stays its author's own"),
        (SIGNS, _comment(_consultation("paused")), "when it goes on"),
        (SIGNS, _comment(is_over=True), "stays its author's own"),
        (SIGNS, _comment(state="hidden"), "not shown"), (SIGNS, _comment(state="withdrawn"), "not shown"),
        (SIGNS, _comment(unsigned_for_id=None, organisation_id=9), "already"),
        (SIGNS, _comment(unsigned_for_id=None), "nothing to sign"),
    ],
)  # fmt: skip
def test_who_may_sign_a_comment(actor: Actor, comment: Comment, told: str) -> None:
    verdict = rules.may_sign_comment(actor, comment)
    assert (bool(verdict), told in verdict.reason) == (not told, True)


def _draft(stage: str = "open", at: Consultation | None = None, is_over: bool = False) -> OrganisationDraft:
    of = Round(number=1, published_at=clock.now() if is_over else None)
    return OrganisationDraft(
        organisation_id=9, stage=stage, begun_by_id=1, consultation=at or _consultation(),
        version=DraftVersion(round=of),
    )  # fmt: skip


WRITE, SIGN, RETURN = rules.may_write_shared, rules.may_sign_shared, rules.may_send_back
OWN, AWAY, UP = rules.may_post_as_own, rules.may_put_away, rules.may_take_up


@pytest.mark.parametrize(
    ("rule", "actor", "draft", "told"),
    [
        (WRITE, MEMBER, _draft(), ""), (WRITE, SIGNS, _draft("proposed"), ""), (WRITE, ADMIN, _draft(), "Only members"),
        (WRITE, SYSTEM, _draft(), "Only members"), (WRITE, MEMBER, _draft("posted"), "posted already"),
        (WRITE, MEMBER, _draft("dropped"), "Take it up"), (WRITE, MEMBER, _draft(at=_consultation("analysis")), "closed"),
        (rules.may_propose_for_signature, MEMBER, _draft("proposed"), "already"),
        (SIGN, SIGNS, _draft("proposed"), ""), (SIGN, SIGNS, _draft(), ""), (SIGN, MEMBER, _draft(), "Only a signatory"),
        (SIGN, OTHERS_SIGN, _draft(), "Only members"), (SIGN, UNCONFIRMED, _draft(), "Confirm your e-mail"),
        (SIGN, SIGNS, _draft(at=_consultation(closes_in=-1)), "closed"), (SIGN, SIGNS, _draft(is_over=True), "over"),
        (RETURN, SIGNS, _draft("proposed"), ""), (RETURN, SIGNS, _draft(), "does not wait"),
        (RETURN, MEMBER, _draft("proposed"), "Only a signatory"),
        (OWN, MEMBER, _draft("proposed"), ""), (OWN, SIGNS, _draft(), "who began it"),
        (AWAY, MEMBER, _draft(), ""), (AWAY, SIGNS, _draft(), ""), (AWAY, ADMIN, _draft(), "Only members"),
        (AWAY, MEMBER, _draft("posted"), "already"), (UP, MEMBER, _draft("dropped"), ""), (UP, SIGNS, _draft(), "not put"),
    ],
)  # fmt: skip
def test_who_may_do_what_with_a_shared_draft(rule: Any, actor: Actor, draft: OrganisationDraft, told: str) -> None:
    verdict = rule(actor, draft)
    assert (bool(verdict), told in verdict.reason) == (not told, True)


def test_words_in_an_organisations_name_are_its_signatories_to_change() -> None:
    signed = _comment(unsigned_for_id=None, organisation_id=9)
    assert rules.may_edit_comment(SIGNS, signed)
    assert rules.may_withdraw_comment(SIGNS, signed)
    for actor in (MEMBER, OTHERS_SIGN, ADMIN, SYSTEM, VISITOR):  # MEMBER wrote it
        assert "signatory" in rules.may_edit_comment(actor, signed).reason
    from_outside = _comment(unsigned_for_id=None, organisation_id=9, author_id=None, source="log")
    assert not rules.may_edit_comment(SIGNS, from_outside)


# --- what a member posts herself ------------------------------------------------------------------


def test_what_a_member_posts_is_her_own_until_a_signatory_signs_it(
    inside: Flask, guild: Guild, told: list[Any]
) -> None:
    comment = guild.unsigned()
    assert (comment.number, comment.category) == ("P-001", "individual")
    assert (comment.organisation_id, comment.unsigned_for_id, comment.signed_at) == (None, guild.body.id, None)
    assert guild.voices() == (1, 0, 1)
    card = queries.card(viewer=guild.actor("signatory"), comment=comment)
    assert (card.who, card.is_organisation, card.may_sign, card.awaits_signature) == ("Mia Member", False, True, True)

    operations.sign_comment(actor=guild.actor("signatory"), comment=comment, seen_edit_number=0)
    signed = guild.load(comment.number)
    assert (signed.number, signed.category) == (comment.number, "nonprofit")
    assert (signed.organisation_id, signed.unsigned_for_id) == (guild.body.id, None)
    assert (signed.author_id, signed.signed_by_id) == (guild.member.id, guild.signatory.id)
    assert guild.voices() == (1, 1, 0)
    assert corrections(inside, guild.world) == []
    assert told == [CommentPosted(comment.id), CommentSigned(comment.id)]
    card = queries.card(viewer=VISITOR, comment=signed)
    assert (card.who, card.written_by, card.signed_by) == ("Guild of Makers", "Mia Member", "Sara Signs")
    assert "guild" in db.session.scalars(select(SearchRow.title).where(SearchRow.comment_id == signed.id)).one().lower()


def test_counts_move_only_for_the_voice_that_changed(inside: Flask, guild: Guild) -> None:
    first, _second = guild.unsigned(), guild.unsigned()
    guild.unsigned("signatory")
    assert guild.voices() == (3, 1, 1)
    operations.sign_comment(actor=guild.actor("second"), comment=first, seen_edit_number=0)
    assert guild.voices() == (3, 1, 1)  # she has another one of her own
    assert corrections(inside, guild.world) == []


def test_a_signatory_signs_by_posting(guild: Guild) -> None:
    comment = guild.unsigned("signatory")
    assert (comment.number, comment.organisation_id, comment.unsigned_for_id) == ("MG-001", guild.body.id, None)
    assert (comment.signed_by_id, comment.signed_at is not None) == (guild.signatory.id, True)


def test_what_is_signed_is_what_was_read(guild: Guild) -> None:
    comment = guild.unsigned()
    operations.edit_comment(actor=guild.actor("member"), comment=comment, body="Much shorter.", seen_edit_number=0)
    with pytest.raises(Conflict, match="changed since"):
        operations.sign_comment(actor=guild.actor("signatory"), comment=guild.load(comment.number), seen_edit_number=0)
    assert guild.load(comment.number).organisation_id is None
    assert "Too long." in queries.wording_before(viewer=SYSTEM, comment=comment, number=0)
    for never in (-1, 1, 2**63 - 1):  # a form may say anything
        assert queries.wording_before(viewer=SYSTEM, comment=comment, number=never) == ""


def test_who_changes_signed_words_answers_for_them(guild: Guild) -> None:
    comment = guild.unsigned("signatory")
    operations.edit_comment(actor=guild.actor("second"), comment=comment, body="Much shorter.", seen_edit_number=0)
    assert guild.load(comment.number).signed_by_id == guild.second.id


def test_only_signatories_give_the_organisations_name_to_replies_and_to_comments_of_others(guild: Guild) -> None:
    other = guild.load(guild.world.post().number)
    for who in ("member", "signatory"):
        operations.cosign(actor=guild.actor(who), comment=other, seen_edit_number=0)
        operations.post_reply(actor=guild.actor(who), comment=guild.load(other.number), parent=None, body="So do we.")
    for table in (Cosignature, Reply):
        rows = db.session.execute(select(table.organisation_id, table.category).order_by(table.id)).all()
        assert [tuple(row) for row in rows] == [(None, "individual"), (guild.body.id, "nonprofit")]


def test_an_organisation_does_not_stand_under_what_waits_for_its_signature(guild: Guild) -> None:
    comment = guild.unsigned()
    for operation in (operations.cosign, operations.vote):
        with pytest.raises(Refused, match="your own comment"):
            operation(
                actor=guild.actor("signatory"), comment=guild.load(comment.number),
                **({"seen_edit_number": 0} if operation is operations.cosign else {"choice": "agree"}),
            )  # fmt: skip


# --- written together -----------------------------------------------------------------------------


def test_a_shared_draft_is_written_by_all_and_signed_by_one(inside: Flask, guild: Guild, told: list[Any]) -> None:
    member = guild.actor("member")
    operations.save_draft(
        actor=member, consultation=guild.world.consultation, version=guild.world.version, place="1-1", fields=WORDS,
        seen=0, sheet="s",
    )  # fmt: skip
    draft = guild.share()
    assert db.session.scalar(select(func.count()).select_from(CommentDraft)) == 0, "it went in the same transaction"
    changed = WORDS | {"body": "Say who keeps it, and where."}
    operations.change_shared(actor=guild.actor("second"), draft=draft, fields=changed, seen=1)
    operations.note_on_shared(actor=member, draft=guild.find(draft.id), body="Better, thank you.")
    operations.propose_for_signature(actor=member, draft=guild.find(draft.id))
    assert [(one.organisation.id, one.proposed, one.signs) for one in queries.in_hand(viewer=guild.actor("second"))] == [
        (guild.body.id, 1, True)
    ]  # fmt: skip
    comment = operations.sign_shared(actor=guild.actor("signatory"), draft=guild.find(draft.id), seen=2)
    assert (comment.number, comment.body) == ("MG-001", changed["body"])
    assert (comment.author_id, comment.signed_by_id) == (guild.signatory.id, guild.signatory.id)
    assert [clause.key for clause in guild.load("MG-001").clauses] == ["1-1"]
    page = queries.shared_page(viewer=member, draft=guild.find(draft.id))
    assert (page.draft.stage, page.number) == ("posted", "MG-001")
    assert [(one.number, one.who) for one in page.wordings] == [(2, "Sven Signs"), (1, "Mia Member")]
    assert [(one.act, one.person.name) for one in page.notes] == [
        ("note", "Mia Member"), ("proposed", "Mia Member"), ("posted", "Sara Signs"),
    ]  # fmt: skip
    assert told == [CommentPosted(comment.id)]
    assert guild.voices() == (1, 1, 0)
    assert corrections(inside, guild.world) == []
    assert queries.in_hand(viewer=guild.actor("second")) == []


def test_nothing_is_overwritten_or_signed_unread(guild: Guild) -> None:
    draft = guild.share()
    operations.change_shared(actor=guild.actor("second"), draft=draft, fields=WORDS | {"body": "Hers."}, seen=1)
    with pytest.raises(Conflict, match="meanwhile"):
        operations.change_shared(
            actor=guild.actor("member"), draft=guild.find(draft.id), fields=WORDS | {"body": "Mine."}, seen=1
        )
    with pytest.raises(Conflict, match="changed since"):
        operations.sign_shared(actor=guild.actor("signatory"), draft=guild.find(draft.id), seen=1)
    db.session.rollback()
    row = guild.find(draft.id)
    assert (json.loads(row.fields)["body"], row.edit_number, row.stage) == ("Hers.", 2, "open")
    assert guild.world.make.count(OrganisationRevision) == 2
    assert guild.world.make.count(Comment) == 0


def test_it_is_sent_back_with_a_reason_and_put_away_and_taken_up(guild: Guild) -> None:
    draft = guild.share()
    operations.propose_for_signature(actor=guild.actor("member"), draft=draft)
    with pytest.raises(Invalid, match="Say what has to change"):
        operations.send_back(actor=guild.actor("signatory"), draft=guild.find(draft.id), reason=" ")
    operations.send_back(actor=guild.actor("signatory"), draft=guild.find(draft.id), reason="Name the clause.")
    assert guild.find(draft.id).stage == "open"
    operations.put_away(actor=guild.actor("member"), draft=guild.find(draft.id))
    with pytest.raises(Refused, match="put away"):
        operations.sign_shared(actor=guild.actor("signatory"), draft=guild.find(draft.id), seen=1)
    operations.take_up(actor=guild.actor("member"), draft=guild.find(draft.id))
    acts = db.session.scalars(select(OrganisationNote.act).order_by(OrganisationNote.id)).all()
    assert acts == ["proposed", "sent_back", "dropped", "taken_up"]


def test_what_is_unfinished_is_not_proposed(guild: Guild) -> None:
    draft = guild.share(positions=[])
    with pytest.raises(Invalid, match="what you argue from"):
        operations.propose_for_signature(actor=guild.actor("member"), draft=draft)


def test_its_drafter_can_post_it_as_her_own(guild: Guild) -> None:
    draft = guild.share()
    comment = operations.post_shared_as_own(actor=guild.actor("member"), draft=draft, seen=1)
    row = guild.load(comment.number)
    assert (row.number, row.unsigned_for_id, row.organisation_id) == (
        "P-001", guild.body.id, None
    )  # fmt: skip
    operations.sign_comment(actor=guild.actor("signatory"), comment=row, seen_edit_number=0)
    assert guild.load(comment.number).organisation_id == guild.body.id


def test_who_left_or_never_was_a_member_sees_nothing(guild: Guild) -> None:
    make, draft = guild.world.make, guild.share()
    moderator = make.actor(make.staff(guild.world.consultation, "moderator"))
    admin, other = make.actor(make.person(is_administrator=True)), make.person("Other")
    make.member(other, make.organisation("Other"), is_signatory=True)
    with make.writing() as session:
        session.scalars(select(Membership).where(Membership.person_id == guild.member.id)).one().state = "left"
    for viewer in (guild.actor("member"), make.actor(other), moderator, admin, SYSTEM, VISITOR):
        with pytest.raises(Missing):
            queries.find_shared(viewer=viewer, shared_id=draft.id)
        with pytest.raises(Missing):
            queries.shared_drafts(viewer=viewer, slug="guild")
        assert queries.in_hand(viewer=viewer) == []
        with pytest.raises(Refused, match="Only members"):
            operations.note_on_shared(actor=viewer, draft=draft, body="Let me in.")


def test_two_signatories_at_once_make_one_comment(app: Flask, make: Make) -> None:
    guild = found(make)
    with app.app_context():
        draft_id = guild.share().id
        number = guild.world.post(guild.actor("member")).number
    actors = [guild.actor(who) for who in ("signatory", "second")]

    def sign(n: int) -> str:
        actor = actors[n % 2]
        try:
            draft = queries.find_shared(viewer=actor, shared_id=draft_id)
            operations.sign_shared(actor=actor, draft=draft, seen=1, key=f"{n:032d}")
        except Refused as error:
            return error.sentence
        return "signed"

    def sign_posted(n: int) -> str:
        try:
            operations.sign_comment(actor=actors[n % 2], comment=guild.load(number), seen_edit_number=0)
        except Refused:
            return "refused"
        return "signed"

    posted_already = "It is posted already; its words are on its page."
    assert Counter(at_once(app, sign, 8)) == {"signed": 1, posted_already: 7}
    assert Counter(at_once(app, sign_posted, 8)) == {"signed": 1, "refused": 7}
    assert make.count(Comment) == 2
    with app.app_context():
        assert guild.voices() == (2, 1, 0)
    assert corrections(app, guild.world) == []


def test_a_key_pressed_twice_signs_once(guild: Guild) -> None:
    draft, key = guild.share(), guild.world.make.key()
    first = operations.sign_shared(actor=guild.actor("signatory"), draft=draft, seen=1, key=key)
    again = operations.sign_shared(actor=guild.actor("signatory"), draft=guild.find(draft.id), seen=1, key=key)
    assert (first.id, guild.world.make.count(Comment)) == (again.id, 1)


# --- all it said ----------------------------------------------------------------------------------


def test_all_it_said_is_on_its_page_a_page_at_a_time(guild: Guild, statements: Any) -> None:
    signs = guild.actor("signatory")
    for n in range(5):
        comment = guild.load(guild.world.post(signs, body=f"Remark {n}.").number)
        operations.post_reply(actor=signs, comment=comment, parent=None, body=f"Reply {n}.")
    guild.unsigned()
    with guild.world.make.writing() as session:  # all at one moment, so that kind and id decide
        moment = clock.now()
        for table in (Comment, Reply):
            for row in session.scalars(select(table)):
                row.posted_at = moment
    seen: list[str] = []
    after: str | None = None
    while True:
        with statements() as told:
            said = queries.said(viewer=VISITOR, organisation=guild.body, after=after, limit=3)
        assert len(told) <= 20
        seen += [one.comment.html if one.comment else one.reply.html for one in said.page.rows]  # type: ignore[union-attr]
        after = said.page.next_cursor
        if after is None:
            break
    remarks = [f"<p>Remark {n}.</p>\n" for n in (4, 3, 2, 1, 0)]
    assert [html.strip() for html in seen] == [
        *(html.strip() for html in remarks), *(f"<p>Reply {n}.</p>" for n in (4, 3, 2, 1, 0))
    ]  # fmt: skip
    assert (said.comments, said.replies, said.consultations, said.page.total) == (5, 5, 1, 10)
    assert queries.said(viewer=VISITOR, organisation=guild.body, after="meddled").page.total == 10


def test_what_is_withdrawn_or_not_public_is_not_shown_on_its_page(guild: Guild) -> None:
    signs = guild.actor("signatory")
    comment = guild.load(guild.world.post(signs, body="Zitronengirlitz").number)
    operations.withdraw_comment(actor=signs, comment=comment, reason="Settled.")
    make = guild.world.make
    hidden_away = make.consultation("draft")
    make.comment(hidden_away, organisation_id=guild.body.id)
    said = queries.said(viewer=VISITOR, organisation=guild.body)
    (one,) = said.page.rows
    assert one.comment is not None
    assert (one.comment.state, one.comment.html, one.comment.state_reason) == ("withdrawn", "", "Settled.")
