"""The guided form, page by page, by HTTP: saved at each step, left and taken up again, stale and hostile input."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from consult.accounts.models import Interest, Invitation, Person, RoleGrant
from consult.consultations.models import Consultation, Position, Question, Topic, Transition
from consult.core import clock
from consult.core.db import db
from tests.make import Make
from tests.visitor import Page, Visitor

Visit = Callable[..., Visitor]
STAGES = ("words", "bodies", "questions", "draft", "positions", "dates", "people", "check")


@pytest.fixture
def organiser(make: Make) -> Person:
    """Somebody who signs for an organisation."""
    return make.person("Olga Organiser")


@pytest.fixture
def browser(make: Make, visit: Visit, organiser: Person) -> Visitor:
    body = make.organisation("Library Union")
    make.member(organiser, body, is_signatory=True)
    return visit(organiser, acting_for_id=body.id)


def _begin(browser: Visitor, title: str = "Words for machines") -> str:
    browser.open("/consultations/new")
    page = browser.press("Begin", title=title)
    return page.url.split("/")[2]


def _at(browser: Visitor, slug: str, stage: str) -> Page:
    return browser.open(f"/c/{slug}/manage/settings/{stage}")


def _local(days: int, hour: int = 12) -> str:
    return f"{clock.now() + timedelta(days=days):%Y-%m-%d}T{hour:02d}:00"


def test_the_whole_form_from_the_title_to_the_announcement(
    app: Flask, make: Make, visit: Visit, browser: Visitor, organiser: Person
) -> None:
    slug = _begin(browser)
    assert slug == "words-for-machines"
    assert browser.page.heading == "Words for machines"
    browser.press("Save and go on", summary="Who may read what?\n\nIt touches every archive.", scope="All of it.")
    browser.press("Save and go on", co_organisers="Northern Institute\n\nNorthern Institute\nGuild of Archives")
    assert "Saved." in browser.page.text
    browser.press("Save and go on", questions="Is it clear?\nIs it fair?", topics="open source\nhealth")
    assert "/settings/draft" in browser.page.url
    assert "Bring in the draft" in browser.page.text
    with app.app_context():
        row = db.session.scalars(select(Consultation)).one()
    make.version(row)
    _at(browser, slug, "positions")
    browser.press("Save and go on", name_4="Craft", definition_4="What the work needs to be done well.")
    browser.press(
        "Save and go on", timezone="Europe/Madrid", opens=_local(3), closes=_local(45, 18),
        response_day=_local(90)[:10], review_days="21",
    )  # fmt: skip
    browser.press("Save and go on", access="public")
    browser.press("Save and go on", pre_moderation="first", least_named="category")
    moderator = make.person("Mo", email="mo@example.org")
    browser.press("Send the invitation", email=" Mo@Example.org ", role="moderator")
    assert "mo@example.org moderator" in browser.page.text
    visit(moderator).open("/me/invitations")
    with app.app_context():
        assert make.count(RoleGrant) == 1, "an invitation is no role yet"
    mo = visit(moderator)
    mo.open("/me/invitations")
    assert "You have this role" in mo.press("Accept").text
    assert "Mo moderator" in _at(browser, slug, "people").text
    page = _at(browser, slug, "check")
    for frozen in ("The draft", "The positions", "The dates", "never earlier", "18:00 CE"):
        assert frozen in page.text
    page = browser.press("Announce it")
    assert "It is announced" in page.text
    with app.app_context():
        row = db.session.scalars(select(Consultation)).one()
        assert (row.state, row.timezone, row.review_days) == ("announced", "Europe/Madrid", 21)
        assert (row.organiser_name, row.created_by_id) == ("Library Union", organiser.id)
        assert row.co_organisers.splitlines() == ["Northern Institute", "Guild of Archives"]
        assert db.session.scalars(select(Question.text).order_by(Question.rank)).all() == [
            "Is it clear?",
            "Is it fair?",
        ]
        assert set(db.session.scalars(select(Topic.name))) == {"open source", "health"}
        signs = dict(db.session.execute(select(Position.name, Position.sign)).all())
        assert signs == {"Safety": "safety", "Profit": "profit", "Access": "access", "Craft": "p4"}
        grants = set(db.session.execute(select(RoleGrant.person_id, RoleGrant.role)).all())
        assert grants == {(organiser.id, "organiser"), (moderator.id, "moderator")}
        assert db.session.scalars(select(Transition.verb).order_by(Transition.id)).all() == ["begin", "announce"]
    stranger = visit().open(f"/c/{slug}")
    assert stranger.heading == "Words for machines"
    assert "What the work needs to be done well." in stranger.text
    assert "The first comment or reply of somebody new here is looked at by a moderator" in stranger.text


def test_one_can_leave_and_come_back(browser: Visitor) -> None:
    slug = _begin(browser)
    page = browser.press("Save and stop", summary="Half a thought")
    assert page.url.split("?")[0] == f"/c/{slug}/manage"
    assert "Still a draft" in page.text
    page = browser.open("/consultations?state=mine")
    assert "Words for machines" in page.links()
    assert "Half a thought" in _at(browser, slug, "words").body


def test_the_checklist_says_what_is_missing_and_leads_there(browser: Visitor) -> None:
    slug = _begin(browser)
    page = _at(browser, slug, "check")
    assert "Not yet. 3 things are missing" in page.text
    assert "Announce it" not in page.body
    assert page.links()["Fill in what is missing"].endswith("/settings/words")


def test_announcing_too_early_by_hand_says_what_is_missing(browser: Visitor) -> None:
    slug = _begin(browser)
    _at(browser, slug, "people")
    token = browser.page.form("Send the invitation").fields["csrf_token"]
    page = browser.send(f"/c/{slug}/manage/announcement", {"csrf_token": token}, status=422)
    assert any("Say in plain words" in error for error in page.errors())


def test_a_stranger_to_the_draft_gets_the_same_answer_as_for_nothing(
    make: Make, visit: Visit, browser: Visitor
) -> None:
    slug = _begin(browser)
    other = make.consultation("open")
    for who in (visit(make.person()), visit(make.staff(other, "organiser"))):
        for tail in ("", "/history", "/dates.ics", "/manage", "/manage/preview", "/manage/settings/words",
                     "/manage/steps/withdrawal"):  # fmt: skip
            there, nowhere = (
                who.open(f"/c/{one}{tail}", status=404).body.replace(one, "x") for one in (slug, "never-was")
            )
            assert there == nowhere, tail
    for person, role in ((make.person(), "observer"), (make.person(), "appeals_panel")):
        with make.app.app_context():
            row = db.session.scalars(select(Consultation).where(Consultation.slug == slug)).one()
        make.role(person, row, role)
        visit(person).open(f"/c/{slug}", status=404)
    anonymous = visit()
    anonymous.open(f"/c/{slug}", status=404)
    assert "Words for machines" not in anonymous.open("/consultations").body
    assert "Words for machines" not in anonymous.open("/consultations?q=machines").body
    assert "Words for machines" not in anonymous.open("/consultations?state=mine").body
    assert "Words for machines" not in anonymous.open("/").body


def test_its_own_moderator_and_an_administrator_see_the_draft(make: Make, visit: Visit, browser: Visitor) -> None:
    slug = _begin(browser)
    with make.app.app_context():
        row = db.session.scalars(select(Consultation)).one()
    for person in (make.staff(row, "moderator"), make.staff(row, "editor"), make.person(is_administrator=True)):
        who = visit(person)
        assert who.open(f"/c/{slug}").heading == "Words for machines"
        who.open(f"/c/{slug}/manage")
        who.open("/consultations?state=mine")
        assert "Words for machines" in who.page.links()


def test_a_moderator_reads_the_settings_but_cannot_save_them(make: Make, visit: Visit, browser: Visitor) -> None:
    slug = _begin(browser)
    with make.app.app_context():
        row = db.session.scalars(select(Consultation)).one()
    who = visit(make.staff(row, "moderator"))
    page = who.open(f"/c/{slug}/manage/settings/words")
    assert "Only its organisers can do this." in page.text
    assert "Save and go on" not in page.body
    form = page.forms[0]
    who.send(form.action, form.fields | {"title": ["Mine"]}, status=403)


def test_two_organisers_do_not_overwrite_each_other(make: Make, visit: Visit, browser: Visitor) -> None:
    slug = _begin(browser)
    with make.app.app_context():
        row = db.session.scalars(select(Consultation)).one()
    second = visit(make.staff(row, "organiser", "Second"))
    second.open(f"/c/{slug}/manage/settings/words")
    _at(browser, slug, "words")
    browser.press("Save and stop", summary="The first text.")
    page = second.press("Save and go on", summary="My long text.", status=422)
    assert "Somebody saved other settings" in page.text
    assert "The first text." in page.text
    assert "My long text." in page.body
    page = second.press("Save and go on")
    assert "/settings/bodies" in page.url
    assert "My long text." in _at(second, slug, "words").body


def test_the_same_save_twice_is_one_save(browser: Visitor, app: Flask) -> None:
    slug = _begin(browser)
    form = _at(browser, slug, "positions").form("Save and go on")
    values = form.fields | {"name_4": ["Craft"], "definition_4": ["What it needs."]}
    for _ in range(2):
        browser.send(form.action, values)
    with app.app_context():
        assert db.session.scalars(select(Consultation.edit_number)).one() == 1
        assert len(db.session.scalars(select(Position)).all()) == 4


def test_beginning_twice_with_the_same_page_is_one_consultation(browser: Visitor, make: Make) -> None:
    form = browser.open("/consultations/new").form("Begin")
    for _ in range(2):
        browser.send("/consultations/new", form.fields | {"title": ["Twice"]})
    assert make.count(Consultation) == 1


def test_two_with_the_same_title_have_two_addresses(browser: Visitor) -> None:
    assert [_begin(browser) for _ in range(3)] == ["words-for-machines", "words-for-machines-2", "words-for-machines-3"]


@pytest.mark.parametrize(
    ("is_verified", "acting", "sentence"),
    [(False, True, "Confirm your e-mail"), (True, False, "Choose in your account"), (True, None, "in the name of")],
)
def test_who_may_begin_is_told_why_not(
    is_verified: bool, acting: bool | None, sentence: str, make: Make, visit: Visit
) -> None:
    person = make.person(email_verified_at=clock.now() if is_verified else None)
    body = make.organisation()
    if acting is not None:
        make.member(person, body, is_signatory=True)
    who = visit(person, acting_for_id=body.id if acting else None)
    page = who.open("/consultations/new")
    assert sentence in page.text
    token = who.open("/appearance").form("Use this").fields["csrf_token"]
    page = who.send("/consultations/new", {"csrf_token": token, "title": "x"}, status=403)
    assert sentence in page.text


def test_nobody_learns_by_inviting_who_has_an_account(browser: Visitor, make: Make) -> None:
    slug = _begin(browser)
    make.person("Mo", email="mo@example.org")
    make.person(email="unconfirmed@example.org", email_verified_at=None)
    pages = []
    for email in ("mo@example.org", "nobody@example.org", "unconfirmed@example.org"):
        _at(browser, slug, "people")
        page = browser.press("Send the invitation", email=email)
        pages.append(page.text.replace(email, "x"))
        browser.press("Take back")
    assert pages[0] == pages[1] == pages[2]
    assert (make.count(RoleGrant), make.count(Invitation)) == (1, 0)


def test_a_role_can_be_taken_away_but_not_the_last_organiser(browser: Visitor, make: Make, visit: Visit) -> None:
    slug = _begin(browser)
    mo = visit(make.person("Mo", email="mo@example.org"))
    _at(browser, slug, "people")
    browser.press("Send the invitation", email="mo@example.org", role="moderator")
    mo.open("/me/invitations")
    mo.press("Accept")
    page = _at(browser, slug, "people")
    first, second = [f for f in page.forms if f.action.endswith("/end")]
    page = browser.send(first.action, first.fields)
    assert "only organiser" in page.text
    browser.send(second.action, second.fields)
    assert make.count(RoleGrant) == 1


def test_what_could_make_somebody_partial_is_said_before_and_after(make: Make, visit: Visit) -> None:
    row, acme = make.consultation("open", slug="roles"), make.organisation("ACME")
    mo, organiser = make.person("Mo", email="mo@example.org"), visit(make.staff(row, "organiser"))
    make.member(mo, acme)
    make.row(Interest(person_id=mo.id, text="Owns shares of ACME Engines."))
    make.comment(row, make.clauses(make.version(row))[0], organisation_id=acme.id)
    organiser.open("/c/roles/manage/settings/people")
    page = organiser.press("Send the invitation", email="mo@example.org", role="observer")
    assert "ACME" not in page.text, "who has an account is not told"
    invited = visit(mo)
    assert "You can speak for ACME, which commented there." in invited.open("/me/invitations").text
    invited.press("Accept")
    page = organiser.open("/c/roles/manage/settings/people")
    assert "Can speak for ACME, which commented here" in page.text
    assert "Declared: Owns shares of ACME Engines." in page.text
    invited.open("/me/invitations")
    assert "You have none" in invited.press("Give it up").text


POSITION_FAULTS = [
    ({f"{f}_{n}": "" for f in ("name", "definition") for n in (2, 3)}, "at least two"),
    ({"definition_1": ""}, "means here"),
    ({"name_2": ""}, "Give this position a name"),
    ({"name_2": "SAFETY"}, "same name"),
    ({"name_1": "x" * 41}, "A word or two is enough"),
]


@pytest.mark.parametrize(("typed", "sentence"), POSITION_FAULTS)
def test_positions_that_cannot_be_used_are_told_at_their_place(
    typed: dict[str, str], sentence: str, browser: Visitor, make: Make
) -> None:
    slug = _begin(browser)
    _at(browser, slug, "positions")
    page = browser.press("Save and go on", **typed, status=422)
    assert any(sentence in error for error in page.errors()), page.errors()
    assert make.count(Position) == 3


def test_a_position_keeps_its_sign_when_others_go_and_six_fit(browser: Visitor, app: Flask) -> None:
    slug = _begin(browser)
    _at(browser, slug, "positions")
    more = {f"{f}_{n}": f"{f} {n}" for f in ("name", "definition") for n in (4, 5, 6)}
    browser.press("Save and go on", **more)
    _at(browser, slug, "positions")
    browser.press("Save and go on", name_2="", definition_2="", name_4="", definition_4="")
    _at(browser, slug, "positions")
    browser.press("Save and go on", name_5="Back again", definition_5="A new one.")
    with app.app_context():
        found = db.session.execute(select(Position.name, Position.sign, Position.key).order_by(Position.rank)).all()
    assert [tuple(row)[:2] for row in found] == [
        ("Safety", "safety"), ("Access", "access"), ("name 5", "p5"), ("name 6", "p6"), ("Back again", "p4"),
    ]  # fmt: skip
    assert len({row.key for row in found}) == 5


DATE_FAULTS = [
    ({"closes": _local(2)}, "It must close after it opens"),
    ({"opens": ""}, "Say when it opens"),
    ({"closes": "soon"}, "Write the day and the time like"),
    ({"closes": "9999-12-31T23:59"}, "Check the year"),
    ({"opens": "0001-01-01T00:00"}, "Check the year"),
    ({"timezone": "Atlantis/Capital"}, "Choose a time zone"),
    ({"timezone": "../../etc/passwd"}, "Choose a time zone"),
    ({"response_day": _local(4)[:10]}, "after the closing time"),
    ({"response_day": "31 June"}, "Write the day like"),
    ({"review_days": "-1"}, "Between 0 and 365"),
    ({"review_days": "9" * 40}, "Between 0 and 365"),
    ({"review_days": "two weeks"}, "Write a number of days"),
    ({"review_days": ""}, "Write a number of days"),
    ({"timezone": "Europe/Madrid", "opens": "2027-03-28T02:30", "closes": "2027-06-01T12:00"}, "does not exist"),
]


@pytest.mark.parametrize(("typed", "sentence"), DATE_FAULTS)
def test_dates_that_cannot_be_are_told_and_kept(typed: dict[str, str], sentence: str, browser: Visitor) -> None:
    slug = _begin(browser)
    _at(browser, slug, "dates")
    given = {"timezone": "UTC", "opens": _local(3), "closes": _local(45), "response_day": "", "review_days": "14"}
    page = browser.press("Save and go on", **given | typed, status=422)
    assert any(sentence in error for error in page.errors()), page.errors()
    for name, value in typed.items():
        if value and name != "timezone":
            assert value in page.body


@pytest.mark.parametrize("stage", STAGES)
def test_a_page_left_as_it_is_can_be_opened_and_saved(stage: str, browser: Visitor) -> None:
    slug = _begin(browser)
    page = _at(browser, slug, stage)
    if any(button[0] == "Save and go on" for form in page.forms for button in form.buttons):
        expected = 422 if stage == "dates" else 200  # a date is never guessed
        browser.press("Save and go on", status=expected)


def test_a_page_that_is_not_of_the_form_is_not_there(browser: Visitor) -> None:
    slug = _begin(browser)
    browser.open(f"/c/{slug}/manage/settings/secrets", status=404)
    browser.open(f"/c/{slug}/manage/steps/explosion", status=404)
    browser.open(f"/c/{slug}/manage/steps/pause", status=404)


def test_the_preview_is_what_a_stranger_will_see(browser: Visitor, make: Make) -> None:
    slug = _begin(browser)
    browser.press("Save and stop", summary="Who may **read** what?")
    page = browser.open(f"/c/{slug}/manage/preview")
    assert "This is a preview" in page.text
    assert "<strong>read</strong>" in page.body
    assert "Manage" not in page.links()


def test_settings_are_fixed_once_it_is_announced(make: Make, visit: Visit) -> None:
    row = make.consultation("announced")
    who = visit(make.staff(row, "organiser"))
    for stage in ("words", "bodies", "questions", "positions", "dates"):
        page = who.open(f"/c/{row.slug}/manage/settings/{stage}")
        assert "fixed since the consultation was announced" in page.text
        assert "Save and go on" not in page.body
        form = next(f for f in page.forms if f.action.endswith(stage))
        who.send(form.action, form.fields | {"title": ["Other"]}, status=403)


NAUGHTY = Path("tests/data/strings-naughty")
HOSTILE = [
    "<script>alert(1)</script>", "\x00\x07null", "{{ 7*7 }}", "‮right to left", "Z̷̢a̶l̷g̵o̴", "😀" * 50, "'; DROP TABLE person; --",
    "\ud800".encode("utf-8", "replace").decode(), "%s%n", "../../etc/passwd", "𝕋𝕖𝕤𝕥", "\t\n", "＜img src=x＞", "NULL", "0",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_kept_as_text_or_told(text: str, browser: Visitor) -> None:
    slug = _begin(browser)
    for stage, fields in (
        ("words", ("title", "summary", "scope")),
        ("bodies", ("organiser_name", "co_organisers")),
        ("questions", ("questions", "topics")),
        ("positions", ("name_1", "definition_1", "name_5", "definition_5")),
        ("dates", ("timezone", "opens", "closes", "response_day", "review_days")),
    ):
        _at(browser, slug, stage)
        page = browser.press("Save and go on", **dict.fromkeys(fields, text), status=None)
        assert page.status in (200, 422)
        assert "<script>alert" not in page.body
    browser.open(f"/c/{slug}/manage/preview")
    browser.open(f"/c/{slug}/manage")
    browser.open("/consultations?state=mine")
    _at(browser, slug, "people")
    assert browser.press("Send the invitation", email=text, status=None).status in (200, 422)


@pytest.mark.parametrize(
    ("stage", "name"),
    [("words", "title"), ("words", "summary"), ("bodies", "co_organisers"), ("questions", "questions"),
     ("questions", "topics"), ("positions", "definition_1")],
)  # fmt: skip
def test_a_million_letters_are_too_many_and_said_so(stage: str, name: str, browser: Visitor) -> None:
    slug = _begin(browser)
    _at(browser, slug, stage)
    page = browser.press("Save and go on", **{name: "long " * 200_000}, status=422)
    assert any("1,000,000" in e or "999,999" in e for e in page.errors()), page.errors()


def test_too_many_questions_are_told(browser: Visitor) -> None:
    slug = _begin(browser)
    _at(browser, slug, "questions")
    page = browser.press("Save and go on", questions="\n".join(f"Question {n}?" for n in range(21)), status=422)
    assert any("20 is the most" in e for e in page.errors())
