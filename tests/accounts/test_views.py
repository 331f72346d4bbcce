"""Accounts as people meet them: over HTTP, without JavaScript."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select

from consult.accounts.models import CategoryChange, Interest, Membership, Organisation, Person, SignIn
from consult.core import clock
from consult.core.db import db
from consult.core.jobs import sweep
from consult.core.limits import limiter
from tests.listening import listening
from tests.make import PASSWORD, Make
from tests.visitor import Page, Visitor

from .conftest import way_in

Visit = Callable[..., Visitor]
Mails = Callable[[], list[EmailMessage]]
NEW = "seven quiet otters sing"
NAUGHTY = json.loads((Path(__file__).parent.parent / "data" / "strings-naughty" / "blns.json").read_text("utf-8"))


def _fill(someone: Visitor, **typed: object) -> Page:
    someone.open("/register")
    given = {"name": "Ada Lovelace", "email": "ada@example.org", "password": NEW, "category": "academia"} | typed
    return someone.press("Make my account", status=None, **given)


def _sign_in(
    someone: Visitor, email: str, password: str = PASSWORD, *, status: int = 200, way: str = "/sign-in"
) -> Page:
    someone.open(way)
    return someone.press("Sign in", email=email, password=password, status=status)


def _read(app: Flask, statement: object) -> list[object]:
    with app.app_context():
        return list(db.session.scalars(statement))  # type: ignore[call-overload]


# registering


def test_registering_and_confirming_the_address(visit: Visit, mails: Mails, app: Flask) -> None:
    someone = visit()
    page = _fill(someone, country="GB", interest="My employer sells engines.")
    assert page.heading == "Look into your mail"
    (mail,) = mails()
    assert mail["To"] == "ada@example.org"
    someone.open(way_in(mail))
    assert [p.email_verified_at for p in _read(app, select(Person))] == [None], "opening a link changes nothing"
    assert "confirmed" in someone.press("Confirm my e-mail address").text
    (person,) = _read(app, select(Person))
    assert (person.name, person.category, person.country) == ("Ada Lovelace", "academia", "GB")
    assert person.email_verified_at is not None
    assert person.password_hash.startswith("$argon2id$")
    assert [i.text for i in _read(app, select(Interest))] == ["My employer sells engines."]
    assert "do" not in _sign_in(someone, "ADA@example.org", NEW).errors()


def test_a_confirmation_link_works_once_and_for_a_week(visit: Visit, mails: Mails) -> None:
    someone = visit()
    _fill(someone)
    way = way_in(mails()[0])
    with clock.shifted(timedelta(days=8)):
        assert someone.open(way, status=404).heading == "This link does not work any more"
    someone.open(way)
    someone.press("Confirm my e-mail address")
    someone.open(way, status=404)


@pytest.mark.parametrize("token", ["x", "a.b.c", "é" * 40, "W10.abc.def"])
@pytest.mark.parametrize("way", ["/email-confirmation/", "/new-password/", "/new-email/"])
def test_a_forged_link_is_dead(visit: Visit, token: str, way: str) -> None:
    assert visit().open(way + token, status=404).heading == "This link does not work any more"


def test_a_link_opens_nothing_but_what_it_is_for(visit: Visit, mails: Mails) -> None:
    someone = visit()
    _fill(someone)
    token = way_in(mails()[0]).rpartition("/")[2]
    someone.open(f"/new-password/{token}", status=404)
    someone.open(f"/new-email/{token}", status=404)


def test_an_address_with_an_account_gets_the_same_answer_and_a_mail(visit: Visit, make: Make, mails: Mails) -> None:
    make.person("Ada", email="ada@example.org")
    known, unknown = visit(), visit()
    one, two = _fill(known), _fill(unknown, email="bob@example.org")
    assert (one.status, one.url, one.body) == (two.status, two.url, two.body)
    by_address = {mail["To"]: mail for mail in mails()}
    assert "already" in by_address["ada@example.org"]["Subject"]
    assert "Confirm" in by_address["bob@example.org"]["Subject"]
    assert make.count(Person) == 2


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("name", "", "Tell us your name"), ("name", "\u200b \t", "name"), ("name", "x" * 121, "121 characters"),
        ("email", "", "address"), ("email", "ada", "look like"), ("email", "a@b", "look like"),
        ("email", "a@example.org\nBcc: b@example.org", "look like"), ("password", "", "12 characters"),
        ("password", "short", "12 characters"), ("password", "password1234", "first that others"),
        ("password", "aaaaaaaaaaaaaaaa", "repeats"), ("password", "abcabcabcabcabc", "repeats"),
        ("password", "lovelace1815", "your name"), ("category", None, "Choose the one"),
        ("category", "king", "Choose the one"), ("country", "ZZ", "Not a valid choice"), ("interest", "x" * 301, "301"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_told_at_its_field_and_nothing_is_lost(
    visit: Visit, make: Make, field: str, value: str, told: str
) -> None:
    page = _fill(visit(), **{field: value})
    assert page.status == 422
    assert any(told in sentence for sentence in page.errors()), page.errors()
    kept = page.form("Make my account").fields
    assert kept["name"] == ["Ada Lovelace"] or field == "name"
    assert kept["email"] == ["ada@example.org"] or field == "email"
    assert kept["password"] == [""], "a password is never sent back"
    assert make.count(Person) == 0


def test_pressing_twice_makes_one_account_and_one_mail(visit: Visit, mails: Mails, make: Make) -> None:
    someone = visit()
    someone.open("/register")
    form = someone.page.form("Make my account")  # type: ignore[union-attr]
    values = form.fields | {"name": ["A"], "email": ["a@example.org"], "password": [NEW], "category": ["other"]}
    for _ in range(2):
        someone.send(form.action, values)
    assert make.count(Person) == len(mails()) == 1


# signing in


def test_signing_in_goes_on_to_where_one_wanted(visit: Visit, make: Make) -> None:
    make.person("Ada", email="ada@example.org")
    someone = visit()
    page = someone.open("/me/account/password")
    assert page.heading == "Sign in"
    assert someone.press("Sign in", email="ada@example.org", password=PASSWORD).heading == "Change your password"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(visit: Visit, make: Make) -> None:
    make.person("Ada", email="ada@example.org")
    pages = [
        _sign_in(visit(), address, "wrong wrong wrong", status=422)
        for address in ("ada@example.org", "bob@example.org")
    ]
    told = [page.text.replace("ada@", "bob@") for page in pages]
    assert told[0] == told[1]
    assert pages[0].form("Sign in").fields["password"] == [""]


OUTSIDE = [
    "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
    "javascript:alert(1)", "http:evil.example", "/%0d%0aSet-Cookie:x", "///evil.example", " //evil.example",
    "/\n/evil.example", "https:/evil.example", "evil.example", "/\x00/evil",
]  # fmt: skip


@pytest.mark.parametrize("way", OUTSIDE)
def test_nobody_is_sent_to_another_site(visit: Visit, make: Make, way: str, app: Flask) -> None:
    make.person("Ada", email="ada@example.org")
    someone = visit()
    someone.open("/sign-in")
    form = someone.page.form("Sign in")  # type: ignore[union-attr]
    values = form.fields | {"email": ["ada@example.org"], "password": [PASSWORD], "next": [way]}
    answer = someone.send(form.action, values, status=303, follow=False)
    location = answer.headers["Location"]
    assert location == "/me/account" or location == way == "/%0d%0aSet-Cookie:x"
    answer = visit(_read(app, select(Person))[0]).client.get("/sign-in", query_string={"next": way})
    assert answer.headers["Location"] in ("/me/account", "/%0d%0aSet-Cookie:x")
    stranger = visit()
    form = stranger.open("/sign-in").form("Sign in")
    held = form.fields | {
        "email": ["ada@example.org"],
        "password": [PASSWORD],
        "next": [way],
        "held.body": ["My thought"],
    }
    assert "evil" not in stranger.send("/sign-in", held).body


def test_signing_in_changes_the_cookie_and_the_session(visit: Visit, make: Make, app: Flask) -> None:
    make.person("Ada", email="ada@example.org")
    someone = visit()
    someone.open("/sign-in")
    with someone.client.session_transaction() as cookie:
        cookie["planted"] = "yes"
        before = dict(cookie)
    _sign_in(someone, "ada@example.org")
    with someone.client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie["csrf_token"] != before["csrf_token"]
        first = cookie["_user_id"]
    assert first not in [row.token_digest for row in _read(app, select(SignIn))], "only its digest is stored"
    someone.open("/me/account")
    someone.press("Sign out")
    _sign_in(someone, "ada@example.org")
    with someone.client.session_transaction() as cookie:
        assert cookie["_user_id"] != first


def test_a_stolen_cookie_is_worthless_after_signing_out(visit: Visit, make: Make) -> None:
    make.person("Ada", email="ada@example.org")
    someone, thief = visit(), visit()
    _sign_in(someone, "ada@example.org")
    with someone.client.session_transaction() as cookie:
        stolen = dict(cookie)
    with thief.client.session_transaction() as cookie:
        cookie.update(stolen)
    assert thief.open("/me/account").heading == "Your account"
    someone.open("/me/account")
    someone.press("Sign out")
    assert thief.open("/me/account").heading == "Sign in"


def test_a_hash_with_old_parameters_is_made_anew(visit: Visit, make: Make, app: Flask) -> None:
    make.person("Ada", email="ada@example.org")
    _sign_in(visit(), "ada@example.org")
    (person,) = _read(app, select(Person))
    assert not PasswordHasher().check_needs_rehash(person.password_hash)
    assert _sign_in(visit(), "ada@example.org").heading == "Your account"


def test_a_suspended_person_cannot_sign_in(visit: Visit, make: Make) -> None:
    make.person("Ada", email="ada@example.org", suspended_at=clock.now())
    assert "suspended" in _sign_in(visit(), "ada@example.org", status=403).text
    assert "suspended" not in _sign_in(visit(), "ada@example.org", "wrong wrong wrong", status=422).text


@pytest.mark.parametrize(("stay", "hours"), [(None, 12), ("y", 14 * 24)])
def test_how_long_one_stays_signed_in(visit: Visit, make: Make, stay: str | None, hours: int) -> None:
    make.person("Ada", email="ada@example.org")
    someone = visit()
    someone.open("/sign-in")
    someone.press("Sign in", email="ada@example.org", password=PASSWORD, stay=stay)
    with clock.shifted(timedelta(hours=hours - 1)):
        assert someone.open("/me/account").heading == "Your account"
    with clock.shifted(timedelta(hours=hours + 1)):
        assert someone.open("/me/account").heading == "Sign in"


def test_many_wrong_tries_are_slowed_down_for_the_account(visit: Visit, make: Make) -> None:
    make.person("Ada", email="ada@example.org")
    someone = visit()
    for _ in range(20):
        _sign_in(someone, "ada@example.org", "wrong wrong wrong", status=422)
    page = _sign_in(someone, "Ada@example.org", status=429)
    assert "quarter of an hour" in page.text
    assert "ada@example.org" in page.body.lower(), "what was typed is shown"
    assert "correct horse" not in page.body


def test_many_tries_from_one_address_are_slowed_down(visit: Visit, app: Flask) -> None:
    someone = visit()
    someone.open("/sign-in")
    form = someone.page.form("Sign in")  # type: ignore[union-attr]
    for number in range(61):
        page = someone.send(
            form.action, form.fields | {"email": [f"a{number}"], "held.body": ["My thought"]}, status=None
        )
    assert page.status == 429
    assert "My thought" in page.body


def test_old_sign_ins_are_forgotten(visit: Visit, make: Make, app: Flask, mails: Mails) -> None:
    ada = make.person()
    here, _other = visit(ada), visit(ada)
    here.open("/me/account")
    here.press("End this one")
    with clock.shifted(timedelta(days=29)), app.app_context():
        sweep()
    assert make.count(SignIn) == 2
    with clock.shifted(timedelta(days=32)), app.app_context():
        sweep()
    assert make.count(SignIn) == 0


# what was typed when a session ended


def test_nothing_typed_is_lost_when_a_session_ends(visit: Visit, make: Make, app: Flask) -> None:
    ada = make.person("Ada", email="ada@example.org")
    someone = visit(ada)
    someone.open("/me/account")
    form = someone.page.form("Declare it")  # type: ignore[union-attr]
    with clock.shifted(timedelta(days=2)):
        typed = form.fields | {"interest": ["<b>My</b> grant\nfrom the ministry"]}
        page = someone.send(form.action, typed, status=401)
        assert "You are signed out" in page.heading
        page = someone.press("Sign in", email="ada@example.org", password="wrong wrong wrong", status=422)
        assert "<b>My</b> grant" in page.text
        page = someone.press("Sign in", email="ada@example.org", password=PASSWORD)
        assert page.heading == "You are signed in, and nothing is lost"
        assert make.count(Interest) == 0
        assert someone.press("Send it now").heading == "Your account"
    assert [i.text for i in _read(app, select(Interest))] == ["<b>My</b> grant from the ministry"]


def test_a_form_without_fields_is_sent_after_signing_in_too(visit: Visit, make: Make) -> None:
    make.person("Ada", email="ada@example.org")
    body = make.organisation("Guild")
    someone = visit()
    someone.open("/sign-in")
    form = someone.page.form("Sign in")  # type: ignore[union-attr]
    way = f"/organisations/{body.slug}/membership-requests"
    values = form.fields | {"email": ["ada@example.org"], "password": [PASSWORD], "next": [way]}
    someone.send(form.action, values)
    assert "Asked" in someone.press("Send it now").text
    assert make.count(Membership) == 1


# passwords and addresses


def test_choosing_a_new_password_by_mail(visit: Visit, make: Make, mails: Mails, app: Flask) -> None:
    ada = make.person("Ada", email="ada@example.org", email_verified_at=None)
    elsewhere, someone = visit(ada), visit()
    someone.open("/forgotten-password")
    someone.press("Send me the link", email=" Ada@Example.org ")
    way = way_in(mails()[0])
    assert visit().open(way).heading == "Choose a new password"
    someone.open(way)
    assert "12 characters" in " ".join(someone.press("Set this password", password="short", status=422).errors())
    assert "Sign in with it" in someone.press("Set this password", password=NEW).text
    someone.open(way, status=404)
    assert elsewhere.open("/me/account").heading == "Sign in"
    _sign_in(someone, "ada@example.org", status=422)
    assert _sign_in(someone, "ada@example.org", NEW).heading == "Your account"
    assert _read(app, select(Person))[0].email_verified_at is not None, "the link proves the address"
    assert "changed" in mails()[-1]["Subject"]


def test_a_reset_link_lives_an_hour_and_dies_with_any_change(visit: Visit, make: Make, mails: Mails) -> None:
    ada = make.person("Ada", email="ada@example.org")
    someone = visit()
    for _ in range(2):
        someone.open("/forgotten-password")
        someone.press("Send me the link", email="ada@example.org")
    one, two = (way_in(mail) for mail in mails())
    with clock.shifted(timedelta(minutes=61)):
        someone.open(one, status=404)
    someone.open(two)
    someone.press("Set this password", password=NEW)
    someone.open(one, status=404)
    assert ada.email == "ada@example.org"


def test_asking_for_a_new_password_tells_nothing(visit: Visit, make: Make, mails: Mails) -> None:
    make.person("Ada", email="ada@example.org")
    make.person("Out", email="out@example.org", suspended_at=clock.now())
    pages = []
    for address in ("ada@example.org", "bob@example.org", "out@example.org"):
        someone = visit()
        someone.open("/forgotten-password")
        pages.append(someone.press("Send me the link", email=address))
    assert len({(p.status, p.url, p.body) for p in pages}) == 1
    assert [mail["To"] for mail in mails()] == ["ada@example.org"]


def test_few_mails_go_to_one_address(visit: Visit, make: Make, mails: Mails) -> None:
    make.person("Ada", email="ada@example.org")
    for address in ("ada@example.org", "bob@example.org"):
        for number in range(6):
            someone = visit()
            someone.open("/forgotten-password")
            page = someone.press("Send me the link", email=address, status=None)
            assert page.status == (200 if number < 5 else 429)
    assert len(mails()) == 5


def test_changing_the_password(visit: Visit, make: Make, mails: Mails) -> None:
    ada = make.person("Ada", email="ada@example.org")
    here, elsewhere = visit(ada), visit(ada)
    here.open("/me/account/password")
    page = here.press("Set this password", current_password="wrong", password=NEW, status=422)
    assert "not your present password" in " ".join(page.errors())
    here.press("Set this password", current_password=PASSWORD, password="ada ada ada ada", status=422)
    assert "Other browsers" in here.press("Set this password", current_password=PASSWORD, password=NEW).text
    assert elsewhere.open("/me/account").heading == "Sign in"
    assert here.open("/me/account").heading == "Your account"
    assert [mail["To"] for mail in mails()] == ["ada@example.org"]


def test_changing_the_address(visit: Visit, make: Make, mails: Mails, app: Flask) -> None:
    ada = make.person("Ada", email="ada@example.org")
    someone = visit(ada)
    someone.open("/me/account/email")
    someone.press("Send me the link", email="new@example.org", current_password="wrong", status=422)
    someone.press("Send me the link", email="ada@example.org", current_password=PASSWORD, status=422)
    someone.press("Send me the link", email="New@example.org", current_password=PASSWORD)
    (mail,) = mails()
    assert mail["To"] == "new@example.org"
    someone.open(way_in(mail))
    assert _read(app, select(Person.email)) == ["ada@example.org"]
    someone.press("Use this address")
    assert _read(app, select(Person.email)) == ["new@example.org"]
    assert mails()[-1]["To"] == "ada@example.org"
    someone.open(way_in(mail), status=404)


def test_changing_to_an_address_that_is_taken_tells_only_its_owner(visit: Visit, make: Make, mails: Mails) -> None:
    make.person("Bob", email="bob@example.org")
    someone = visit(make.person("Ada", email="ada@example.org"))
    said = []
    for address in ("bob@example.org", "new@example.org"):
        someone.open("/me/account/email")
        said.append(
            someone.press("Send me the link", email=address, current_password=PASSWORD).text.replace(address, "…")
        )
    assert said[0] == said[1]
    assert {mail["To"]: mail["Subject"].split()[0] for mail in mails()} == {
        "bob@example.org": "You", "new@example.org": "Confirm",
    }  # fmt: skip


def test_an_address_that_was_taken_meanwhile(visit: Visit, make: Make, mails: Mails) -> None:
    someone = visit(make.person("Ada", email="ada@example.org"))
    someone.open("/me/account/email")
    someone.press("Send me the link", email="new@example.org", current_password=PASSWORD)
    someone.open(way_in(mails()[0]))
    make.person("Bob", email="new@example.org")
    assert "Another account" in someone.press("Use this address", status=404).text


# the account


@pytest.mark.parametrize("here", ["/", "/about", "/organisations?category=industry", "/consultations?state=published"])
def test_signing_in_from_the_header_leads_back_to_where_one_was(visit: Visit, make: Make, here: str) -> None:
    make.person("Ada", email="ada@example.org")
    someone = visit()
    page = someone.open(here)
    someone.open(page.links()["Sign in"])
    page = someone.press("Sign in", email="ada@example.org", password=PASSWORD)
    assert page.url == here


def test_the_pages_on_the_way_in_are_nothing_to_come_back_to(visit: Visit) -> None:
    for here in ("/sign-in", "/register", "/forgotten-password", "/check-mail"):
        assert visit().open(here).links()["Sign in"] == "/sign-in"


def test_an_unconfirmed_person_may_sign_in_and_is_told(visit: Visit, make: Make, mails: Mails) -> None:
    make.person("Ada", email="ada@example.org", email_verified_at=None)
    someone = visit()
    page = _sign_in(someone, "ada@example.org", way="/sign-in?next=/organisations")
    assert "not confirmed yet" in page.text
    assert "Confirm your e-mail address first" in page.text
    someone.open("/me/account")
    assert "ada@example.org" in someone.press("Send the link again").text
    someone.open(way_in(mails()[0]))
    page = someone.press("Confirm my e-mail address")
    assert page.heading == "Your account"
    assert "Send the link again" not in page.body
    someone.open("/organisations/new")


def test_the_profile_and_the_record_of_a_changed_category(visit: Visit, make: Make, app: Flask) -> None:
    ada = make.person("Ada", category="industry")
    someone = visit(ada)
    someone.open("/me/account/profile")
    someone.press("Keep this", name="Ada King", category="nonprofit", country="PT")
    someone.open("/me/account/profile")
    someone.press("Keep this", name="Ada King")
    page = visit().open(f"/people/{ada.id}")
    assert page.heading == "Ada King"
    assert "Industry, until" in page.text
    assert "Portugal" in page.text
    assert len(_read(app, select(CategoryChange))) == 1


def test_interests_are_declared_and_taken_off(visit: Visit, make: Make, app: Flask) -> None:
    ada = make.person("Ada")
    someone = visit(ada)
    someone.open("/me/account")
    assert "Say what people should know." in " ".join(someone.press("Declare it", interest=" ", status=422).errors())
    someone.press("Declare it", interest="Paid by <script>alert(1)</script>")
    assert "Paid by <script>" in visit().open(f"/people/{ada.id}").text
    someone.press("Take off")
    assert "Paid by" not in visit().open(f"/people/{ada.id}").text
    assert _read(app, select(Interest))[0].ended_at is not None


def test_sign_ins_are_listed_and_ended(visit: Visit, make: Make, app: Flask) -> None:
    ada = make.person("Ada")
    here, one, two = visit(ada), visit(ada), visit(ada)
    assert here.open("/me/account").text.count("Since") == 3
    here.press("End this one")
    assert two.open("/me/account").heading == "Sign in", "the newest stands first"
    here.press("End all others")
    assert one.open("/me/account").heading == "Sign in"
    assert here.open("/me/account").text.count("Since") == 1


def test_other_people_s_things_are_not_there(visit: Visit, make: Make, app: Flask) -> None:
    bob = make.person("Bob")
    visit(bob)
    (sign_in,) = _read(app, select(SignIn))
    interest = make.row(Interest(person_id=bob.id, text="Mine"))
    someone = visit(make.person("Ada"))
    token = someone.open("/me/account").form("Sign out").fields["csrf_token"]
    for way in (f"/me/account/sign-ins/{sign_in.id}/ending", f"/me/account/interests/{interest.id}/ending"):
        someone.send(way, {"csrf_token": token}, status=404)
    assert _read(app, select(SignIn).where(SignIn.id == sign_in.id))[0].ended_at is None


def test_choosing_whom_one_speaks_for(visit: Visit, make: Make, app: Flask) -> None:
    ada, guild, other = make.person("Ada"), make.organisation("Guild"), make.organisation("Other")
    make.member(ada, guild)
    someone = visit(ada)
    someone.open("/me/account")
    someone.press("Use this voice", organisation=str(guild.id))
    assert _read(app, select(SignIn.acting_for_id)) == [guild.id]
    form = someone.page.form("Use this voice")  # type: ignore[union-attr]
    assert form.fields["organisation"] == [str(guild.id)]
    someone.send(form.action, form.fields | {"organisation": [str(other.id)]}, status=403)
    someone.send(form.action, form.fields | {"organisation": ["9" * 30]}, status=403)
    answer = someone.send(form.action, form.fields | {"organisation": [""], "next": ["/about"]})
    assert answer.url == "/about"
    assert _read(app, select(SignIn.acting_for_id)) == [None]


def test_choosing_a_voice_on_the_way(visit: Visit, make: Make) -> None:
    ada, guild = make.person("Ada"), make.organisation("Guild")
    someone = visit(ada)
    assert "find it and ask to join" in someone.open("/me/acting-for?next=/about").text
    make.member(ada, guild)
    page = someone.open("/me/acting-for?next=/about")
    assert page.links()["Back"] == "/about"
    assert someone.press("Use this voice", organisation=str(guild.id)).url == "/about"
    assert someone.open("/me/acting-for?next=//evil.example").links()["Back"] == "/me/account"


def test_a_person_s_page(visit: Visit, make: Make) -> None:
    demo, hidden = make.person("Demo", is_demo=True), make.person("Nobody yet", email_verified_at=None)
    make.member(demo, make.organisation("Guild"))
    page = visit().open(f"/people/{demo.id}")
    assert "demonstration person" in page.text
    assert "Guild" in page.text
    assert demo.email not in page.body
    visit().open(f"/people/{hidden.id}", status=404)
    visit(hidden).open(f"/people/{hidden.id}")
    visit(make.person(is_administrator=True)).open(f"/people/{hidden.id}")
    visit().open("/people/999999", status=404)


# organisations


def test_founding_joining_and_leaving(visit: Visit, make: Make, mails: Mails, app: Flask) -> None:
    ada, bob = make.person("Ada", email="ada@example.org"), make.person("Bob", email="bob@example.org")
    founder, joiner = visit(ada), visit(bob)
    founder.open("/organisations/new")
    page = founder.press("Put it on the list", name="Maintainers Guild", category="nonprofit", country="EE")
    assert "Not verified" in page.text
    joiner.open("/organisations/maintainers-guild")
    joiner.press("Ask to join")
    assert mails()[-1]["To"] == "ada@example.org"
    assert "Bob" in founder.open("/me/account").text
    founder.press("Approve")
    assert "You can speak for" in mails()[-1]["Subject"]
    founder.open("/organisations/maintainers-guild")
    assert "Make another member a signatory" in founder.press("Leave", status=422).text
    founder.open("/organisations/maintainers-guild")
    founder.press("Make signatory")
    assert visit().open("/organisations/maintainers-guild").text.count("Bob") == 1
    founder.press("Leave")
    assert [(m.state, m.is_signatory) for m in _read(app, select(Membership).order_by(Membership.id))] == [
        ("left", False), ("member", True),
    ]  # fmt: skip
    assert joiner.open("/organisations/maintainers-guild").text.count("Leave") == 1
    joiner.press("Leave")
    founder.open("/organisations/maintainers-guild")
    founder.press("Ask to join")


def test_refusing(visit: Visit, make: Make, mails: Mails) -> None:
    guild, ada = make.organisation("Guild"), make.person("Ada")
    make.member(ada, guild, is_signatory=True)
    joiner = visit(make.person("Bob"))
    joiner.open(f"/organisations/{guild.slug}")
    joiner.press("Ask to join")
    signatory = visit(ada)
    signatory.open(f"/organisations/{guild.slug}")
    signatory.press("Refuse")
    assert "refused" in mails()[-1]["Subject"]
    assert "refused" in joiner.open("/me/account").text


def test_only_signatories_and_administrators_decide(visit: Visit, make: Make) -> None:
    guild, asking = make.organisation("Guild"), make.person("Asking")
    row = make.row(Membership(organisation_id=guild.id, person_id=asking.id, state="asked"))
    member = make.person("Member")
    make.member(member, guild)
    for person, status in (
        (asking, 403),
        (member, 404),
        (make.person(), 404),
        (make.person(is_administrator=True), 200),
    ):
        someone = visit(person)
        token = someone.open("/me/account").form("Sign out").fields["csrf_token"]
        someone.send(f"/memberships/{row.id}/approval", {"csrf_token": token}, status=status)


def test_members_who_do_not_sign_are_not_public(visit: Visit, make: Make) -> None:
    guild, quiet, loud = make.organisation("Guild"), make.person("Quiet One"), make.person("Loud One")
    make.member(quiet, guild)
    make.member(loud, guild, is_signatory=True)
    page = visit().open(f"/organisations/{guild.slug}")
    assert "Loud One" in page.text
    assert "Quiet One" not in page.text
    assert "2 people can speak for it" in page.text
    assert "Quiet One" in visit(quiet).open(f"/organisations/{guild.slug}").text


def test_an_organisation_is_on_the_list_once_and_knows_its_parent(visit: Visit, make: Make, app: Flask) -> None:
    parent = make.organisation("Acme Holding")
    ada = make.person()
    someone = visit(ada)
    someone.open("/organisations/new")
    typed = {"name": "Acme Holding", "category": "industry", "register_number": "HRB 1"}
    assert "on the list already" in " ".join(someone.press("Put it on the list", status=422, **typed).errors())
    page = someone.press("Put it on the list", status=422, **typed | {"name": "Acme Labs", "parent": "No such"})
    assert "No organisation of this name" in " ".join(page.errors())
    page = someone.press("Put it on the list", status=422, parent="acme holding")
    assert "You do not sign for Acme Holding" in " ".join(page.errors())
    make.member(ada, parent, is_signatory=True)
    page = someone.press("Put it on the list")
    assert "part of Acme Holding" in page.text
    assert "Acme Labs" in someone.open(f"/organisations/{parent.slug}").text


def test_the_list_is_filtered_and_paged_both_ways(visit: Visit, make: Make) -> None:
    with make.writing() as session:
        session.add_all(
            Organisation(slug=f"o{n}", name=f"Body {n:03}", code=f"O{n}", category="industry" if n % 2 else "academia")
            for n in range(120)
        )
    someone = visit()
    first = someone.open("/organisations")
    assert "50 of 120 shown" in first.text
    second = someone.open(first.links()["Show more"])
    assert ("Body 050" in second.text, "Body 049" in second.text) == (True, False)
    third = someone.open(second.links()["Show more"])
    assert "Show more" not in third.links()
    back = someone.open(third.links()["Show earlier ones"])
    assert back.text == second.text
    assert "Show earlier ones" not in someone.open(back.links()["Show earlier ones"]).links()
    assert "60 shown" in someone.open("/organisations?category=industry").text
    assert "Body 001" in someone.open("/organisations?category=king&after=rubbish").text


def test_an_empty_list_says_so(visit: Visit) -> None:
    assert "No organisation takes part yet" in visit().open("/organisations").text
    assert "of this kind" in visit().open("/organisations?category=industry").text


def _statements(app: Flask, act: Callable[[], object]) -> int:
    with listening(app) as ran:
        act()
    return len(ran)


def test_pages_cost_the_same_for_one_and_for_twenty(visit: Visit, make: Make, app: Flask) -> None:
    guild, ada = make.organisation("Guild"), make.person("Ada", is_administrator=True)
    make.member(ada, guild, is_signatory=True)
    asking = make.person()
    make.row(Membership(organisation_id=guild.id, person_id=asking.id, state="asked"))
    make.row(Interest(person_id=ada.id, text="One"))
    someone = visit(ada)
    ways = ("/organisations", f"/organisations/{guild.slug}", "/me/account", f"/people/{ada.id}")
    before = [_statements(app, lambda way=way: someone.open(way)) for way in ways]  # type: ignore[misc]
    for _ in range(20):
        body, person = make.organisation(parent_id=guild.id), make.person()
        make.member(ada, body)
        make.member(person, guild, is_signatory=True)
        make.row(Membership(organisation_id=guild.id, person_id=make.person().id, state="asked"))
        make.row(Interest(person_id=ada.id, text="More"))
        visit(ada)
    assert [_statements(app, lambda way=way: someone.open(way)) for way in ways] == before  # type: ignore[misc]
    # The page of an organisation shows all it said, what waits for a signature, what it was called and was before.
    assert max(before) <= 22


# anything at all


@pytest.mark.parametrize("start", range(2))
def test_naughty_text_in_every_field_is_kept_or_refused_never_a_crash(visit: Visit, make: Make, start: int) -> None:
    ada = make.person("Ada")
    someone, stranger = visit(ada), visit()
    forms = {}
    for who, way, button in (
        (stranger, "/register", "Make my account"), (stranger, "/sign-in", "Sign in"),
        (someone, "/me/account/profile", "Keep this"), (someone, "/organisations/new", "Put it on the list"),
        (someone, "/me/account", "Declare it"),
    ):  # fmt: skip
        forms[button] = (who, who.open(way).form(button))
    for text in NAUGHTY[start::48]:
        for who, form in forms.values():
            limiter.reset()
            for filled in (
                {name: [text] for name in form.names - {"csrf_token"}},
                {"name": [text], "interest": [text]},
            ):
                page = who.send(form.action, form.fields | {"submission": [make.key()]} | filled, status=None)
                assert page.status in (200, 422), (form.action, text)
    assert visit().open(f"/people/{ada.id}").heading


@pytest.mark.parametrize("way", ["/register", "/sign-in", "/forgotten-password"])
@pytest.mark.parametrize("text", ["", "x" * 1_000_000, "\x00", "\ud7ff" * 9, "a@b.c" * 900])
def test_empty_and_endless_text_gets_a_sentence(visit: Visit, way: str, text: str) -> None:
    someone = visit()
    form = someone.open(way).forms[0]
    page = someone.send(form.action, form.fields | {name: [text] for name in form.names - {"csrf_token"}}, status=422)
    assert page.errors()
