"""The demo as an operator loads it: whole, once, with people who can sign in, and honest about itself."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from flask import Flask
from rich.console import Console
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from consult.accounts.models import CATEGORIES, Organisation, Person, RoleGrant
from consult.accounts.passwords import verify_password, weakness
from consult.app import create_app
from consult.consultations.models import Consultation, Position
from consult.core.db import Base, db
from consult.core.errors import Invalid
from consult.core.rules import SYSTEM, VISITOR
from consult.debate import mending
from consult.debate.models import (
    STANCES,
    Comment,
    CommentPosition,
    Letter,
    LetterPiece,
    ProposedChange,
    Reply,
    Revision,
    Vote,
)
from consult.demo import operations, programme
from consult.demo.cli import demo
from consult.demo.material import Material, prepare
from consult.documents.models import Clause, Draft, DraftVersion
from consult.exchange.models import ImportRow
from consult.moderation.models import IntakeEntry, ModerationAct, Report
from consult.outcomes.models import Disposition, OutcomeSummary, Statement
from consult.outcomes.queries import standard_page
from consult.outcomes.queries.changed import reworded
from tests.make import Make
from tests.visitor import Visitor

from .conftest import Stage

ACT, CSAF, RULES, TERMS = "eu-ai-act", "csaf-2-1", "open-model-documentation", "terms-for-buyers"


@pytest.fixture
def look(stage: Stage) -> Iterator[Stage]:
    """Inside the demo's application context."""
    with stage.app.app_context():
        yield stage
        db.session.remove()


def consultation(slug: str) -> Consultation:
    return db.session.scalars(select(Consultation).where(Consultation.slug == slug)).one()


def comments(slug: str) -> list[Comment]:
    statement = (
        select(Comment)
        .join(Comment.consultation)
        .options(selectinload(Comment.positions).joinedload(CommentPosition.position), selectinload(Comment.anchors))
        .where(Consultation.slug == slug)
        .order_by(Comment.id)
    )
    return list(db.session.scalars(statement))


def count(model: type[Base]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def everything() -> dict[str, int]:
    return {
        table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
    }


def test_all_articles_recitals_and_annexes_are_there_and_can_be_named(look: Stage) -> None:
    units = db.session.execute(
        select(Clause.key, Clause.kind)
        .join(Clause.version)
        .join(DraftVersion.draft)
        .join(Draft.consultation)
        .where(Consultation.slug == ACT)
    ).all()
    kinds = Counter(unit.kind for unit in units)
    assert (kinds["article"], kinds["recital"], kinds["annex"]) == (113, 180, 13)
    keys = {unit.key for unit in units}
    assert {f"article-{n}" for n in range(1, 114)} <= keys
    assert {f"recital-{n}" for n in range(1, 181)} <= keys
    numbers = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii")
    assert {f"annex-{n}" for n in numbers} <= keys


def test_some_withhold_their_names(stage: Stage) -> None:
    with stage.app.app_context():
        shown = {c.named: c.author_name for c in comments(ACT) if c.source == "web"}
        assert (shown["category"], shown["nobody"]) == ("An individual", "Name withheld")
        assert [c.author_name for c in comments(TERMS) if c.named != "name"] == ["An individual"]
    for word, name in (("choir", "Marco Bellini"), ("poetry", "Hanna Virtanen")):
        page = Visitor(stage.app).open(f"/c/{ACT}/comments?q={word}")
        assert word in page.text
        assert name not in page.body


def test_the_private_one_is_there_for_those_it_let_in_only(stage: Stage) -> None:
    with stage.app.app_context():
        row = consultation(TERMS)
        assert (row.access, row.state, len(comments(TERMS))) == ("private", "open", 4)
        assert mending.recount(row) == []
    people = {key: arrived(stage, key) for key in ("claire", "hanna", "marta")}
    for browser, is_in in (
        (Visitor(stage.app), False), (people["claire"], False), (people["hanna"], True), (people["marta"], True),
    ):  # fmt: skip
        assert browser.client.get(f"/c/{TERMS}").status_code == (200 if is_in else 404)
        listed = browser.client.get("/consultations").get_data(as_text=True)
        assert ("Terms for buying AI systems" in listed) is is_in
    assert stage.told["private"] == f"http://localhost/c/{TERMS}"


def arrived(stage: Stage, key: str) -> Visitor:
    """A browser in which somebody of the demo is signed in with the password that was printed."""
    browser, email = Visitor(stage.app), f"{key}@demo.example.org"
    browser.open("/sign-in")
    browser.press("Sign in", email=email, password=stage.passwords[email])
    return browser


def test_the_act_is_open_from_now_for_sixty_days(look: Stage) -> None:
    row = consultation(ACT)
    assert row.state == "open"
    assert row.opens_at is not None
    assert row.closes_at is not None
    assert row.opens_at < look.before
    assert look.before - row.opens_at < timedelta(hours=6)
    assert timedelta(days=60) <= row.closes_at - look.before < timedelta(days=61, hours=2)
    assert row.takes_comments()
    assert count(OutcomeSummary) == 2  # of the others


def test_the_real_review_has_its_43_comments_with_their_answers_and_its_dates(look: Stage) -> None:
    row, said = consultation(CSAF), comments(CSAF)
    assert (row.state, len(said)) == ("published", 43)
    assert row.opens_at is not None
    assert row.opens_at.isoformat() == "2025-06-06T12:44:00+00:00"
    assert row.closes_at is not None
    assert row.closes_at.isoformat() == "2025-07-06T23:59:00+00:00"
    assert row.published_at is not None
    assert row.published_at.date().isoformat() == "2025-08-27"
    assert Counter(c.disposition for c in said) == {
        "accepted": 33, "accepted_modified": 1, "rejected": 2, "noted": 2, "deferred": 3, "duplicate": 2,
    }  # fmt: skip
    assert not any(c.is_placed for c in said), "comments from outside have no position yet"
    assert {c.source for c in said} == {"log"}
    assert all(c.source_url.startswith("https://groups.oasis-open.org/") for c in said)
    assert said[0].posted_at.date().isoformat() == "2025-06-10"
    assert sum(any(a.clause_id for a in c.anchors) for c in said) == 20
    assert count(ImportRow) == 43
    answers = db.session.scalars(select(Disposition).join(Disposition.comment).where(Comment.source == "log")).all()
    assert len(answers) == 43
    assert all(a.decided_by_id is None and "OASIS CSAF TC resolution log" in a.source_note for a in answers)


def test_it_has_two_versions_named_as_the_body_names_them(look: Stage) -> None:
    versions = db.session.scalars(
        select(DraftVersion).join(DraftVersion.draft).join(Draft.consultation).where(Consultation.slug == CSAF)
    ).all()
    assert [(v.number, v.name, v.frozen_at is not None) for v in versions] == [(1, "csd01", True), (2, "csd02", True)]
    assert versions[0].sha256 != versions[1].sha256


def test_the_summary_is_ours_says_so_and_cites_every_comment(look: Stage) -> None:
    summaries = select(OutcomeSummary).join(OutcomeSummary.consultation).where(Consultation.slug == CSAF)
    summary = db.session.scalars(summaries).one()
    assert "Demonstration summary, not by OASIS" in summary.headline
    assert summary.published_at is not None
    wanted = select(Statement).options(selectinload(Statement.citations)).where(Statement.summary_id == summary.id)
    statements = db.session.scalars(wanted).all()
    assert all(s.citations for s in statements)
    cited = {citation.comment_id for statement in statements for citation in statement.citations}
    assert cited == {c.id for c in comments(CSAF)}


def test_the_debate_comes_from_every_category_position_and_stance(look: Stage) -> None:
    cut = set(db.session.scalars(select(LetterPiece.comment_id)))
    said = [c for c in comments(ACT) if c.state == "posted" and c.id not in cut]
    assert 40 <= len(said) <= 50
    assert {c.category for c in said} == set(CATEGORIES) - {"other"}
    assert {c.stance for c in said} == set(STANCES) - {""}
    assert {c.type for c in said} == {"general", "technical", "editorial"}
    argued = Counter(p.position.key for c in said for p in c.positions if not p.is_cost)
    assert set(argued) == {"safety", "profit", "access"}
    assert min(argued.values()) >= 10
    assert sum(any(p.is_cost for p in c.positions) for c in said) >= 5
    assert sum(c.must_be_satisfied for c in said) >= 5
    assert sum(len(c.anchors) > 1 for c in said) == 1
    assert sum(a.clause_id is None for c in said for a in c.anchors) == 1
    assert all(c.is_placed for c in said)
    assert [later.posted_at > earlier.posted_at for earlier, later in pairwise(said)].count(False) == 0
    assert all(c.posted_at <= look.after for c in said)


def test_one_letter_is_public_with_its_comments_and_one_waits_for_the_moderators(look: Stage) -> None:
    public, waiting = db.session.scalars(select(Letter).order_by(Letter.id)).all()
    pieces = db.session.scalars(select(LetterPiece).where(LetterPiece.letter_id == public.id)).all()
    assert len(pieces) == 3
    assert (public.cut_at is None, waiting.cut_at is None, waiting.is_handed_over) == (False, True, True)


def test_what_came_on_paper_is_public_one_mail_waits_and_one_is_its_senders(look: Stage) -> None:
    entries = select(IntakeEntry).options(
        joinedload(IntakeEntry.comment), joinedload(IntakeEntry.entered_by), joinedload(IntakeEntry.claimed_by),
        selectinload(IntakeEntry.enclosed),
    )  # fmt: skip
    paper, claimed, waiting = db.session.scalars(entries.order_by(IntakeEntry.number)).all()
    assert paper.comment is not None
    assert (paper.comment.author_name, paper.comment.author_id) == ("Name withheld, contribution 1", None)
    assert claimed.comment is not None
    assert claimed.claimed_by is not None
    assert claimed.claimed_by.name == claimed.comment.author_name == claimed.sender == "Nils Quist"
    assert (waiting.state, waiting.sender, len(waiting.enclosed)) == ("entered", "Teodor Blum", 1)
    assert {entry.entered_by.name for entry in (paper, claimed, waiting) if entry.entered_by} == {"Miriam Adler"}


def test_people_reply_vote_edit_take_back_and_are_moderated(look: Stage) -> None:
    assert count(Reply) >= 25
    assert set(db.session.scalars(select(Reply.depth))) == {1, 2, 3, 4}
    assert count(Vote) >= 150
    assert set(db.session.scalars(select(Vote.choice))) == {"agree", "disagree", "pass"}
    assert count(Revision) == 3
    assert count(ProposedChange) >= 20
    states = Counter(c.state for c in comments(ACT))
    assert (states["withdrawn"], states["hidden"]) == (1, 1)
    act = db.session.scalars(select(ModerationAct).options(joinedload(ModerationAct.moderator))).one()
    assert (act.verb, act.rule, act.moderator.name) == ("hide", "spam", "Miriam Adler")
    assert act.reason
    report = db.session.scalars(select(Report)).one()
    assert report.closed_by_act_id == act.id


def test_counters_are_what_the_rows_say(look: Stage) -> None:
    for slug in (ACT, CSAF):
        assert mending.recount(consultation(slug)) == []


def test_everything_says_that_it_is_a_demonstration(look: Stage) -> None:
    assert set(db.session.scalars(select(Consultation.is_demo))) == {True}
    assert set(db.session.scalars(select(Person.is_demo))) == {True}
    assert all("demo" in name.lower() for name in db.session.scalars(select(Organisation.name)))
    assert all("Invented for this demonstration" in note for note in db.session.scalars(select(Organisation.note)))
    assert "CC BY 4.0" in consultation(ACT).notice
    assert "https://eur-lex.europa.eu/" in consultation(ACT).notice
    assert "https://github.com/oasis-tcs/csaf" in consultation(CSAF).notice
    assert "© OASIS Open" in consultation(CSAF).notice
    assert set(db.session.scalars(select(Position.definition))) - {""}


def test_there_is_somebody_for_every_role(look: Stage) -> None:
    for slug in (ACT, CSAF):
        roles = set(
            db.session.scalars(select(RoleGrant.role).where(RoleGrant.consultation_id == consultation(slug).id))
        )
        assert roles == {"organiser", "moderator", "editor", "observer", "appeals_panel"}
    assert db.session.scalar(select(func.count()).select_from(Person).where(Person.is_administrator)) == 1
    told = {person["role"] for person in look.told["people"]}
    assert {"administrator", "organiser", "moderator", "editor", "observer", "appeals panel"} <= told
    assert {f"stakeholder, {CATEGORIES[c].lower()}" for c in CATEGORIES if c != "other"} <= told


def test_passwords_are_strong_different_and_right(look: Stage) -> None:
    people = {p.email: p for p in db.session.scalars(select(Person))}
    assert set(look.passwords) == set(people)
    assert len(set(look.passwords.values())) == len(people)
    for email, password in look.passwords.items():
        assert not weakness(password, people[email].name, email)
    for email in ("ada@demo.example.org", "miriam@demo.example.org", "hanna@demo.example.org"):
        assert verify_password(people[email].password_hash, look.passwords[email])
        assert not verify_password(people[email].password_hash, look.passwords["oskar@demo.example.org"])


def test_they_are_made_anew_each_time_and_stored_nowhere(stage: Stage, material: Material) -> None:
    assert not set(material.passwords.values()) & set(stage.passwords.values())
    if not stage.settings.database_url:
        stored = b"".join(file.read_bytes() for file in sorted(stage.app_folder.glob("consult.sqlite3*")))
        assert not [p for p in stage.passwords.values() if p.encode() in stored]


def test_a_second_time_nothing_happens(stage: Stage) -> None:
    with stage.app.app_context():
        before = everything()
    again = stage.app.test_cli_runner().invoke(demo)
    assert again.exit_code == 0
    assert "The demo is here already; nothing was changed." in again.output
    told = json.loads(stage.app.test_cli_runner().invoke(demo, ["--json"]).stdout)
    assert told["loaded"] is False
    with stage.app.app_context():
        assert everything() == before


def test_production_refuses_it_unless_told_otherwise(stage: Stage) -> None:
    settings = replace(
        stage.settings, mode="production", public_url="https://consult.example.org", mail_url="smtp://mail.example.org"
    )
    runner = create_app(settings).test_cli_runner()
    refused = runner.invoke(demo)
    assert refused.exit_code == 1
    assert "CONSULT_MODE is production" in refused.output
    assert "here already" in runner.invoke(demo, ["--in-production"]).output


@pytest.fixture(scope="module")
def material() -> Material:
    return prepare(lambda _: None)


def test_stopped_in_the_middle_nothing_stays(inside: Flask, make: Make, material: Material) -> None:
    def stop(what: str) -> None:
        if "5 of" in what:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        operations.load(actor=SYSTEM, material=material, tell=stop)
    assert {name: n for name, n in everything().items() if n and name != "edition"} == {}


def test_a_taken_address_is_told_and_nothing_stays(inside: Flask, make: Make, material: Material) -> None:
    make.consultation(slug=ACT)
    with pytest.raises(Invalid, match="This address is taken by another consultation"):
        operations.load(actor=SYSTEM, material=material, tell=lambda _: None)
    assert make.count(Person) == 0
    assert make.count(Consultation) == 1


def test_people_are_shown_with_their_passwords_and_where_to_look(material: Material) -> None:
    paper = io.StringIO()
    programme.show(material, "http://localhost", Console(file=paper))
    shown = paper.getvalue()
    for person in material.script.people.person:
        line = next(line for line in shown.splitlines() if person.email in line)
        assert person.name in line
        assert material.passwords[person.key] in line
    for words in ("administrator", "appeals panel", "stakeholder, academia", "shown only now"):
        assert words in shown
    for address in ("http://localhost/c/eu-ai-act", "http://localhost/c/csaf-2-1", "http://localhost/sign-in"):
        assert address in shown
    private = next(line for line in shown.splitlines() if "/c/terms-for-buyers" in line)
    assert all(name in private for name in ("Hanna Virtanen", "Marta Lindqvist", "Oskar Lindgren"))
    assert "Claire Vasseur" not in private


def test_one_short_standard_is_in_the_library(look: Stage) -> None:
    page = standard_page(viewer=VISITOR, slug="daoa-1")
    assert (page.version.number, page.version.text.number, page.version.licence) == (1, 2, "CC-BY-4.0")
    (comment,) = comments(RULES)
    (change,) = reworded(viewer=VISITOR, comment_ids=[comment.id])[comment.id]
    assert [piece.come for piece in change.pieces if not piece.is_same] == [
        "in words that a reader without training understands, "
    ]
