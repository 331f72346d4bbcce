"""What is asked after the password: an app for codes, recovery codes; over HTTP, without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.message import EmailMessage
from urllib.parse import unquote

import pyotp
import pytest
from flask import Flask

from consult.accounts import factors
from consult.accounts.models import Authenticator, Person, RecoveryCode, SignIn
from consult.core import clock
from consult.core.limits import limiter
from tests.make import PASSWORD, Make
from tests.visitor import Page, Visitor, words

from .conftest import way_in

Visit = Callable[..., Visitor]
Mails = Callable[[], list[EmailMessage]]
ADDRESS = "ada@example.org"
NEW = "seven quiet otters sing"


def _set_up(someone: Visitor) -> tuple[str, list[str]]:
    """Set up an app; its key, and the recovery codes that are shown."""
    page = someone.open("/me/account/authenticator")
    assert page.tree is not None
    secret = next(words(n) for n in page.tree.iter("p") if n.get("id") == "key").replace(" ", "")
    someone.press("Use this app", app_code=_code(secret))
    codes = re.findall(r"\b[a-z2-7]{5}(?:-[a-z2-7]{5,6}){4}\b", someone.page.text)  # type: ignore[union-attr]
    return secret, codes


def _code(secret: str) -> str:
    return pyotp.TOTP(secret).at(clock.now())


def _half_way(someone: Visitor, **typed: str) -> Page:
    someone.open("/sign-in")
    return someone.press("Sign in", email=ADDRESS, password=PASSWORD, **typed)


def _is_refused(page: Page) -> bool:
    """As used; or as too old, when the machine was busy for a minute."""
    told = " ".join(page.errors())
    return "used already" in told or "not right" in told


def _sign_ins(make: Make) -> int:
    return make.count(SignIn, SignIn.ended_at.is_(None))


def test_a_code_is_asked_for_after_the_password_and_counts_once(visit: Visit, make: Make, mails: Mails) -> None:
    ada = make.person("Ada", email=ADDRESS)
    here = visit(ada)
    secret, codes = _set_up(here)
    assert len(set(codes)) == factors.CODES
    assert "An app for codes was set up" in mails()[-1].get_content()
    used = _code(secret)
    someone = visit()
    assert _half_way(someone).heading == "One more step"
    assert someone.open("/me/account").heading == "Sign in", "the password alone opens nothing"
    _half_way(someone)
    page = someone.press("Go on", app_code=used, status=422)
    assert _is_refused(page), "the code that set it up is used"
    with clock.shifted(timedelta(seconds=30)):
        used = _code(secret)
        assert someone.press("Go on", app_code=used).heading == "Your account"
        other = visit()
        _half_way(other)
        assert _is_refused(other.press("Go on", app_code=used, status=422))
    assert _sign_ins(make) == 2


def test_codes_of_long_ago_or_of_nobody_are_refused(visit: Visit, make: Make) -> None:
    ada = make.person("Ada", email=ADDRESS)
    secret, _codes = _set_up(visit(ada))
    someone = visit()
    with clock.shifted(timedelta(minutes=2)):
        _half_way(someone)
        for typed in ("", "000000x", pyotp.TOTP(secret).at(clock.now() - timedelta(minutes=1)), "１２３４５６"):
            page = someone.press("Go on", app_code=typed, status=422)
            assert "not right" in " ".join(page.errors())


def test_a_recovery_code_opens_once_and_the_owner_is_told(visit: Visit, make: Make, mails: Mails) -> None:
    ada = make.person("Ada", email=ADDRESS)
    _secret, codes = _set_up(visit(ada))
    one, two = visit(), visit()
    _half_way(one)
    assert one.press("Go on", recovery_code=codes[0].upper().replace("-", " ")).heading == "Your account"
    assert "9 codes are left" in one.page.text  # type: ignore[union-attr]
    assert "9 are left" in mails()[-1].get_content()
    _half_way(two)
    assert "used already" in " ".join(two.press("Go on", recovery_code=codes[0], status=422).errors())
    stored = {row for row in codes if make.count(RecoveryCode, RecoveryCode.digest == row.replace("-", ""))}
    assert stored == set(), "only their digests are stored"


def test_new_recovery_codes_replace_the_earlier_ones_and_can_be_saved(visit: Visit, make: Make) -> None:
    here = visit(make.person("Ada", email=ADDRESS))
    _secret, codes = _set_up(here)
    here.open("/me/account/recovery-codes")
    page = here.press("Make 10 new codes")
    assert make.count(RecoveryCode) == factors.CODES
    saved = unquote(page.links()["Save them as a text file"])
    assert saved.count("\n") > factors.CODES
    assert codes[0] not in saved
    someone = visit()
    _half_way(someone)
    someone.press("Go on", recovery_code=codes[0], status=422)
    assert someone.press("Go on", recovery_code=saved.split()[-1]).heading == "Your account"


def test_without_a_second_factor_there_is_nothing_to_recover(visit: Visit, make: Make) -> None:
    page = visit(make.person()).open("/me/account/recovery-codes")
    assert "you have none yet" in page.text
    assert not any("Make 10 new codes" in button for form in page.forms for button in form.buttons)


def test_sent_twice_the_same_codes_are_shown(visit: Visit, make: Make) -> None:
    here = visit(make.person("Ada", email=ADDRESS))
    _set_up(here)
    form = here.open("/me/account/recovery-codes").form("Make 10 new codes")
    shown = [here.send(form.action, form.fields).text for _ in range(2)]
    assert shown[0] == shown[1]
    assert make.count(RecoveryCode) == factors.CODES


def test_many_uses_of_one_code_at_once_let_one_in(visit: Visit, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "enabled", False)
    secret, codes = _set_up(visit(make.person("Ada", email=ADDRESS)))
    with clock.shifted(timedelta(seconds=30)):
        for field in ("app_code", "recovery_code"):
            before, visitors = _sign_ins(make), [visit() for _ in range(20)]
            for one in visitors:
                _half_way(one)
            typed = {field: _code(secret) if field == "app_code" else codes[3]}
            with ThreadPoolExecutor(20) as pool:
                pages = list(pool.map(lambda one, t=typed: one.press("Go on", status=None, **t), visitors))
            assert sorted(page.status for page in pages) == [200] + [422] * 19
            assert _sign_ins(make) == before + 1


def test_wrong_codes_are_counted_for_the_person_and_not_for_a_browser_she_uses(visit: Visit, make: Make) -> None:
    ada = make.person("Ada", email=ADDRESS)
    secret, codes = _set_up(visit(ada))
    hers, stranger = visit(), visit()
    _half_way(hers)
    hers.press("Go on", recovery_code=codes[0])
    hers.press("Sign out")
    _half_way(stranger)
    for _ in range(9):
        stranger.press("Go on", app_code="123456", status=422)
    assert "half_way" not in stranger.press("Go on", app_code="123456", status=429).body, (
        "what opens is not shown again"
    )
    with clock.shifted(timedelta(seconds=60)):
        _half_way(hers)
        assert hers.press("Go on", app_code=_code(secret)).heading == "Your account"


def test_what_was_typed_goes_along_through_the_second_step(visit: Visit, make: Make) -> None:
    ada = make.person("Ada", email=ADDRESS)
    _secret, codes = _set_up(visit(ada))
    someone = visit()
    form = someone.open("/sign-in").form("Sign in")
    typed = {
        "email": [ADDRESS],
        "password": [PASSWORD],
        "next": ["/me/account/interests"],
        "held.interest": ["Shares."],
    }
    someone.send(form.action, form.fields | typed)
    someone.press("Go on", app_code="1", status=422)
    page = someone.press("Go on", recovery_code=codes[0])
    assert "nothing is lost" in page.heading
    assert page.form("Send it now").fields["interest"] == ["Shares."]


def test_a_new_password_by_mail_does_not_go_around_the_second_step(visit: Visit, make: Make, mails: Mails) -> None:
    ada = make.person("Ada", email=ADDRESS)
    _set_up(visit(ada))
    someone = visit()
    someone.open("/forgotten-password")
    someone.press("Send me the link", email=ADDRESS)
    someone.open(way_in(mails()[-1]))
    someone.press("Set this password", password=NEW)
    page = someone.press("Sign in", email=ADDRESS, password=NEW)
    assert page.heading == "One more step"
    assert _sign_ins(make) == 0


@pytest.mark.parametrize("minutes", [0, 11])
def test_half_a_sign_in_dies_with_the_password_and_with_time(
    visit: Visit, make: Make, app: Flask, minutes: int
) -> None:
    ada = make.person("Ada", email=ADDRESS)
    secret, _codes = _set_up(visit(ada))
    someone = visit()
    _half_way(someone)
    if not minutes:
        with make.writing() as session:
            session.get_one(Person, ada.id).password_hash = "another"
    with clock.shifted(timedelta(minutes=minutes, seconds=30)):
        page = someone.press("Go on", app_code=_code(secret), status=422)
    assert page.heading == "Sign in"
    assert "once more" in " ".join(page.errors())


def test_the_key_is_sealed_for_one_person_and_an_hour(visit: Visit, make: Make, app: Flask) -> None:
    ada, bob = make.person("Ada"), make.person("Bob")
    key = app.config["SECRET_KEY"]
    sealed = factors.seal(key, ada.id, "ABCDEFGH")
    assert factors.unseal(key, ada.id, sealed) == "ABCDEFGH"
    assert factors.unseal(key, bob.id, sealed) == factors.unseal("k" * 40, ada.id, sealed) == ""
    here = visit(ada)
    secret, _codes = _set_up(here)
    assert make.count(Authenticator, Authenticator.sealed.contains(secret)) == 0
    other = visit(bob)
    form = other.open("/me/account/authenticator").form("Use this app")
    with clock.shifted(timedelta(minutes=61)):
        other.open("/me/proof")
        other.press("Go on", password=PASSWORD)
        page = other.send(form.action, form.fields | {"app_code": ["123456"]}, status=422)
    assert "new one" in " ".join(page.errors())


@pytest.mark.parametrize("typed", ["\x00", "ä" * 100_000, "' OR 1=1 --", "\ud7ff💥", "0" * 26, "1" * 6])
def test_strange_codes_get_a_sentence(visit: Visit, make: Make, typed: str) -> None:
    _set_up(visit(make.person("Ada", email=ADDRESS)))
    someone = visit()
    _half_way(someone)
    for field in ("app_code", "recovery_code", "passkey_answer"):
        form = someone.page.form("Go on")  # type: ignore[union-attr]
        page = someone.send(form.action, form.fields | {field: [typed]}, status=422)
        assert page.errors()


def test_without_the_app_nothing_is_asked_any_more(visit: Visit, make: Make, mails: Mails) -> None:
    here = visit(make.person("Ada", email=ADDRESS))
    _set_up(here)
    here.open("/me/account")
    here.press("Remove the app")
    assert make.count(RecoveryCode) == make.count(Authenticator) == 0
    assert "removed" in mails()[-1].get_content()
    assert _half_way(visit()).heading == "Your account"


def test_the_answer_to_a_wrong_password_does_not_tell_of_a_second_step(visit: Visit, make: Make) -> None:
    make.person("Bob", email="bob@example.org")
    _set_up(visit(make.person("Ada", email=ADDRESS)))
    told = []
    for address in (ADDRESS, "bob@example.org", "eve@example.org"):
        someone = visit()
        someone.open("/sign-in")
        page = someone.press("Sign in", email=address, password="wrong wrong wrong", status=422)
        told.append(page.text.replace(address, ""))
    assert told[0] == told[1] == told[2]
