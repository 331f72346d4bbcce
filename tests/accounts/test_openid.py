"""Coming in by an OpenID provider: a real one, and one that says what is wrong."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask

from consult.accounts import arrivals
from consult.accounts.models import Person, ProviderIdentity, SignIn
from consult.accounts.openid import Provider
from consult.core import clock
from consult.core.records import asdict
from consult.settings import BadSettings, Settings
from tests.make import PASSWORD, Make
from tests.visitor import Page, Visitor

from .conftest import Mails, way_in
from .provider import CLIENT, KEYS, SECRET, LooseProvider

Visit = Callable[..., Visitor]
GOOD = "four plain words together"
BACK = "http://localhost/sign-in/provider/return"


def _use(app: Flask, issuer: str) -> Iterator[None]:
    app.extensions["consult.provider"] = Provider(issuer, CLIENT, SECRET, "Birdhouse", BACK)
    yield
    del app.extensions["consult.provider"]


@pytest.fixture(scope="module")
def loose() -> Iterator[LooseProvider]:
    provider = LooseProvider()
    yield provider
    provider.close()


@pytest.fixture
def birdhouse(app: Flask, loose: LooseProvider) -> Iterator[LooseProvider]:
    loose.metadata, loose.is_down, loose.leads_to, loose.asked = {}, False, "", []
    settled = _use(app, loose.issuer)
    next(settled)
    yield loose
    next(settled, None)


@pytest.fixture(scope="module")
def real() -> Iterator[str]:
    """oidc-provider-mock, a provider built on Authlib's server, in a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    claims = '{"sub": "bird-7", "name": "Ada Bird", "email": "ada@example.org"}'
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--user-claims", claims]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(f"http://127.0.0.1:{port}/.well-known/openid-configuration")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _wait_for(address: str) -> None:
    for _ in range(300):
        try:
            requests.get(address, timeout=5).raise_for_status()
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"{address} does not answer")


def _leave(someone: Visitor, start: str = "/sign-in/provider") -> str:
    """To the provider: the address one is sent to."""
    return str(someone.open(start, status=303, follow=False).headers["Location"])


def _arrive(
    someone: Visitor, loose: LooseProvider, status: int = 200, start: str = "/sign-in/provider", **said: Any
) -> Page:
    return someone.open(loose.agree(_leave(someone, start), **said).removeprefix("http://localhost"), status=status)


def _linked(make: Make, loose: LooseProvider, **person: Any) -> Person:
    ada = make.person("Ada", email="ada@example.org", **person)
    make.row(ProviderIdentity(person_id=ada.id, issuer=loose.issuer, subject="bird 7", label="ada", arrived_at=0))
    return ada


def test_the_whole_way_with_a_real_provider(app: Flask, visit: Visit, make: Make, real: str, mails: Mails) -> None:
    settled, someone = _use(app, real), visit()
    next(settled)

    def go(start: str) -> Page:
        answer = requests.post(_leave(someone, start), data={"sub": "bird-7"}, allow_redirects=False, timeout=10)
        return someone.open(answer.headers["Location"].removeprefix("http://localhost"))

    page = go("/sign-in/provider")
    assert page.heading == "Make an account"
    form = page.form("Make my account")
    assert (form.fields["name"], form.fields["email"]) == (["Ada Bird"], ["ada@example.org"])
    someone.press("Make my account", password=GOOD, category="individual")
    assert make.count(Person, Person.email_verified_at.is_(None)) == 1, "an address of the provider's proves nothing"
    someone.open(way_in(mails()[-1]))
    someone.press("Confirm my e-mail address")
    assert go("/sign-in/provider?next=/consultations").heading == "Is it you?"
    assert make.count(SignIn) == 0, "a GET lets nobody in"
    assert someone.press("Sign in").url == "/consultations"
    someone.open("/me/account")
    someone.press("Unlink")
    assert make.count(ProviderIdentity) == 0
    assert go("/me/account/provider").heading == "Link this account?"
    someone.press("Link it")
    assert make.count(ProviderIdentity, ProviderIdentity.subject == "bird-7") == 1
    next(settled, None)


@pytest.mark.parametrize(
    "said",
    [
        {"alg": "none"},
        {"alg": "HS256"},
        {"key": KEYS[1]},
        {"token": "no token at all"},
        {"key": KEYS[1], "header": {"jwk": KEYS[1].as_dict(private=False)}},
        {"change": lambda claims: claims.update(exp=claims["iat"] - 120)},
        {"change": lambda claims: claims.update(aud="another site")},
        {"change": lambda claims: claims.update(aud=[CLIENT, "another site"], azp="another site")},
        {"change": lambda claims: claims.update(iss="https://other.example.org")},
        {"change": lambda claims: claims.update(nonce="another")},
        {"change": lambda claims: claims.pop("nonce")},
        {"change": lambda claims: claims.pop("sub")},
        {"change": lambda claims: claims.pop("exp")},
        {"change": lambda claims: claims.update(sub=7)},
        {"change": lambda claims: claims.update(sub="x" * 256)},
    ],
)
def test_a_wrong_answer_lets_nobody_in_and_is_told(
    visit: Visit, make: Make, birdhouse: LooseProvider, said: dict[str, Any]
) -> None:
    _linked(make, birdhouse)
    someone = visit()
    page = _arrive(someone, birdhouse, 422, **said)
    assert "What Birdhouse answered does not fit what we asked it" in page.text
    assert page.heading == "Sign in"
    assert someone.open("/sign-in/provider/arrival", status=422).heading == "Sign in", "nothing is kept of it"
    assert make.count(SignIn) == 0


def test_an_answer_counts_for_the_question_this_browser_asked_and_once(
    visit: Visit, make: Make, birdhouse: LooseProvider
) -> None:
    _linked(make, birdhouse)
    attacker, victim = visit(), visit()
    hers = birdhouse.agree(_leave(attacker)).removeprefix("http://localhost")
    assert "does not know of it any more" in victim.open(hers, status=422).text, "in a browser that did not ask"
    _leave(victim)
    assert "does not fit what we asked it" in victim.open(hers, status=422).text, "with the state of another"
    assert attacker.open(hers).heading == "Is it you?"
    assert "does not know of it any more" in attacker.open(hers, status=422).text, "sent twice"
    again = birdhouse.agree(_leave(attacker)).removeprefix("http://localhost")
    birdhouse.codes.clear()
    assert "does not take this answer any more" in attacker.open(again, status=422).text, "a code that was used"


def test_the_answer_of_another_provider_is_not_taken(visit: Visit, make: Make, birdhouse: LooseProvider) -> None:
    _linked(make, birdhouse)
    someone = visit()
    back = birdhouse.agree(_leave(someone)).removeprefix("http://localhost")
    assert "does not fit" in someone.open(f"{back}&iss=https://other.example.org", status=422).text
    birdhouse.metadata = {"authorization_response_iss_parameter_supported": True}
    someone.app.extensions["consult.provider"]._known_at = None
    assert "does not fit" in _arrive(someone, birdhouse, 422).text, "a provider that says who it is must do so"
    back = birdhouse.agree(_leave(someone)).removeprefix("http://localhost")
    assert someone.open(f"{back}&iss={birdhouse.issuer}").heading == "Is it you?"


def test_what_came_back_is_good_for_some_minutes_and_for_one_sign_in(
    visit: Visit, make: Make, birdhouse: LooseProvider
) -> None:
    _linked(make, birdhouse)
    someone = visit()
    back = birdhouse.agree(_leave(someone)).removeprefix("http://localhost")
    with clock.shifted(timedelta(minutes=11)):
        assert "does not know of it any more" in someone.open(back, status=422).text
    _arrive(someone, birdhouse)
    with clock.shifted(timedelta(minutes=11)):
        assert "some time ago" in someone.press("Sign in", status=422).text
    _arrive(someone, birdhouse)
    kept = someone.client.get_cookie("consult-provider")
    assert kept is not None
    assert "bird" not in kept.value
    assert someone.press("Sign in").heading == "Your account"
    assert make.count(SignIn) == 1
    thief = visit()
    thief.client.set_cookie("consult-provider", kept.value)
    thief.open("/sign-in/provider/arrival")
    assert "some time ago" in thief.press("Sign in", status=422).text, "what let in once does so no more"
    assert make.count(SignIn) == 1


def test_who_did_not_agree_there_is_told(visit: Visit, birdhouse: LooseProvider) -> None:
    someone = visit()
    state = parse_qs(urlsplit(_leave(someone)).query)["state"][0]
    page = someone.open(f"/sign-in/provider/return?error=access_denied&state={state}", status=422)
    assert "Birdhouse did not let you go on" in page.text


def test_a_provider_that_is_away_leaves_the_password(
    app: Flask, visit: Visit, make: Make, birdhouse: LooseProvider
) -> None:
    _linked(make, birdhouse)
    someone = visit()
    birdhouse.is_down = True
    page = someone.open("/sign-in/provider?next=/consultations", status=503)
    assert "Birdhouse does not answer just now" in page.text
    assert someone.press("Sign in", email="ada@example.org", password=PASSWORD).url == "/consultations"
    other = visit()
    birdhouse.is_down = False
    back = birdhouse.agree(_leave(other)).removeprefix("http://localhost")
    birdhouse.is_down = True
    assert other.open(back, status=None).status in (422, 503)
    app.extensions["consult.provider"] = Provider("http://127.0.0.1:9", CLIENT, SECRET, "Nobody", BACK)
    assert "Nobody does not answer" in other.open("/sign-in/provider", status=503).text


@pytest.mark.parametrize(
    "metadata",
    [{"issuer": "https://other.example.org"}, {"token_endpoint": "file:///etc/passwd"}, {"jwks_uri": None}],
)
def test_a_provider_that_says_strange_things_of_itself_is_not_used(
    visit: Visit, birdhouse: LooseProvider, metadata: dict[str, Any]
) -> None:
    birdhouse.metadata = metadata
    assert "does not answer just now" in visit().open("/sign-in/provider", status=503).text


def test_only_the_providers_own_addresses_are_asked(visit: Visit, make: Make, birdhouse: LooseProvider) -> None:
    _linked(make, birdhouse)
    _arrive(visit(), birdhouse, change=lambda claims: claims.update(picture="http://127.0.0.1:1/x", jku="http://x"))
    assert set(birdhouse.asked) == {"/.well-known/openid-configuration", "/token", "/jwks"}


def test_a_provider_that_leads_elsewhere_is_not_followed(visit: Visit, make: Make, birdhouse: LooseProvider) -> None:
    _linked(make, birdhouse)
    other = LooseProvider()
    someone = visit()
    back = birdhouse.agree(_leave(someone)).removeprefix("http://localhost")
    birdhouse.leads_to = other.issuer
    assert someone.open(back, status=None).status in (422, 503), "neither with the code and our secret"
    someone.app.extensions["consult.provider"]._known_at = None
    someone.open("/sign-in/provider", status=503)
    other.close()
    assert other.asked == []
    assert make.count(SignIn) == 0


def test_the_same_subject_of_another_provider_is_somebody_else(
    visit: Visit, make: Make, birdhouse: LooseProvider
) -> None:
    ada = make.person("Ada", email="ada@example.org")
    make.row(ProviderIdentity(person_id=ada.id, issuer="https://other.example.org", subject="bird 7", label="ada", arrived_at=0))  # fmt: skip
    assert _arrive(visit(), birdhouse).heading == "Make an account"


def test_a_sign_in_is_ours_from_then_on(visit: Visit, make: Make, birdhouse: LooseProvider) -> None:
    """As docs/security/README.md says: our own clock ends it, the provider is not asked, and no token of its is kept."""
    _linked(make, birdhouse)
    someone = visit()
    _arrive(someone, birdhouse)
    kept = someone.client.get_cookie("consult-provider")
    came = arrivals.arrival(someone.app.config["SECRET_KEY"], kept.value) if kept else None
    assert came is not None
    assert "access" not in asdict(came).values(), (
        "the token for the provider stays on the server, and ends with the request"
    )
    someone.press("Sign in")
    birdhouse.is_down, birdhouse.asked = True, []
    with clock.shifted(timedelta(hours=11)):
        assert someone.open("/me/account").heading == "Your account"
    with clock.shifted(timedelta(hours=13)):
        assert someone.open("/me/account").heading == "Sign in"
    assert birdhouse.asked == []


def test_an_account_is_never_found_by_its_address(
    visit: Visit, make: Make, birdhouse: LooseProvider, mails: Mails
) -> None:
    make.person("Ada", email="ada@example.org")
    someone = visit()
    assert _arrive(someone, birdhouse).heading == "Make an account"
    known = someone.press("Make my account", password=GOOD, category="individual")
    other = visit()
    _arrive(other, birdhouse, change=lambda claims: claims.update(sub="bird 8", email="new@example.org"))
    unknown = other.press("Make my account", password=GOOD, category="individual")
    assert known.text == unknown.text, "nothing tells who has an account"
    assert make.count(ProviderIdentity) == 1, "of the new account alone"
    assert [mail["To"] for mail in mails()] == ["ada@example.org", "new@example.org"]


def test_who_does_not_say_an_address_is_asked_for_it(visit: Visit, birdhouse: LooseProvider) -> None:
    def silent(claims: dict[str, Any]) -> None:
        del claims["email"], claims["name"]

    form = _arrive(visit(), birdhouse, change=silent).form("Make my account")
    assert (form.fields["name"], form.fields["email"]) == (["Asked"], ["asked@example.org"])

    def other(claims: dict[str, Any]) -> None:
        silent(claims)
        claims["sub"] = "somebody else"

    form = _arrive(visit(), birdhouse, change=other).form("Make my account")
    assert form.fields["email"] == [""], "what was told of another is not taken"


def test_a_form_that_took_too_long_keeps_what_was_typed(visit: Visit, make: Make, birdhouse: LooseProvider) -> None:
    someone = visit()
    _arrive(someone, birdhouse)
    with clock.shifted(timedelta(minutes=61)):
        page = someone.press("Make my account", status=422, name="Ada B", password=GOOD, category="individual")
        assert page.form("Make my account").fields["name"] == ["Ada B"]
        someone.press("Make my account", password=GOOD)
    assert make.count(Person) == 1
    assert make.count(ProviderIdentity) == 0


def test_linking_takes_the_password_of_a_short_time_ago_and_the_person_who_began(
    visit: Visit, make: Make, birdhouse: LooseProvider, mails: Mails
) -> None:
    ada, eve = make.person("Ada", email="ada@example.org"), make.person("Eve", email="eve@example.org")
    here = visit(ada)
    with clock.shifted(timedelta(minutes=20)):
        assert here.open("/me/account/provider").heading == "Is it you?"
    _arrive(here, birdhouse, start="/me/account/provider")
    there = visit(eve)
    there.client.set_cookie("consult-provider", here.client.get_cookie("consult-provider").value)  # type: ignore[union-attr]
    there.open("/sign-in/provider/arrival")
    there.press("Link it")
    assert make.count(ProviderIdentity) == 0, "what Ada began links nothing with Eve's"
    here.press("Link it")
    assert make.count(ProviderIdentity, ProviderIdentity.person_id == ada.id) == 1
    (mail,) = mails()
    assert "opens your account here from now on" in mail.get_content()
    _arrive(there, birdhouse, start="/me/account/provider")
    assert "opens another account here" in there.press("Link it").body
    assert make.count(ProviderIdentity) == 1


def test_the_last_way_in_stays(visit: Visit, make: Make, birdhouse: LooseProvider) -> None:
    ada = _linked(make, birdhouse, password_hash="")
    here = visit(ada)
    here.open("/me/account")
    assert "your only way in" in here.press("Unlink").body
    assert make.count(ProviderIdentity) == 1


def test_a_second_step_is_asked_for_as_after_a_password(visit: Visit, make: Make, birdhouse: LooseProvider) -> None:
    _linked(make, birdhouse, second_factor_at=clock.now())
    someone = visit()
    _arrive(someone, birdhouse)
    assert someone.press("Sign in").heading == "One more step"
    someone.press("Go on", app_code="000000", status=422)
    assert make.count(SignIn) == 0


def test_a_suspended_account_stays_shut(visit: Visit, make: Make, birdhouse: LooseProvider) -> None:
    _linked(make, birdhouse, suspended_at=clock.now())
    someone = visit()
    _arrive(someone, birdhouse)
    someone.press("Sign in", status=403)
    assert make.count(SignIn) == 0


def test_a_new_password_by_mail_ends_what_somebody_linked_before(
    visit: Visit, make: Make, birdhouse: LooseProvider, mails: Mails
) -> None:
    _linked(make, birdhouse, email_verified_at=None)
    someone = visit()
    someone.open("/forgotten-password")
    someone.press("Send me the link", email="ada@example.org")
    someone.open(way_in(mails()[-1]))
    someone.press("Set this password", password=GOOD)
    assert make.count(ProviderIdentity) == 0


def test_a_browser_that_is_new_is_told_by_mail(
    visit: Visit, make: Make, birdhouse: LooseProvider, mails: Mails
) -> None:
    _linked(make, birdhouse, created_at=clock.now() - timedelta(days=2))
    someone = visit()
    _arrive(someone, birdhouse)
    someone.press("Sign in")
    assert "new browser signed in" in mails()[-1]["Subject"]


@pytest.mark.parametrize("way_on", ["//evil.example", "https://evil.example", "/\\evil.example", "/x" * 501])
def test_nobody_is_led_elsewhere_afterwards(visit: Visit, make: Make, birdhouse: LooseProvider, way_on: str) -> None:
    _linked(make, birdhouse)
    someone = visit()
    _arrive(someone, birdhouse, start=f"/sign-in/provider?next={way_on}")
    assert someone.press("Sign in").url == "/me/account"


def test_what_was_typed_stays_while_one_signs_in_in_a_new_tab(
    visit: Visit, make: Make, birdhouse: LooseProvider
) -> None:
    ada = _linked(make, birdhouse)
    here = visit()
    here.open("/")
    page = here.send("/me/account/interests", {"interest": "Works for a vendor."}, status=None)
    while "Works for a vendor." in page.body and page.heading != "Sign in":
        page = here.press(page.forms[-1].buttons[0][0], status=None)
    assert "new tab" in page.body
    kept = page
    _arrive(here, birdhouse)
    here.press("Sign in")
    here.page = kept
    page = here.press("I am signed in now", status=None)
    while page.heading != "Your account":
        assert "Works for a vendor." in page.body, page.text
        page = here.press(next(b[0] for f in page.forms for b in f.buttons if b[0] in ("Send it now",)), status=None)
    assert ada.id
    assert "Works for a vendor." in here.open("/me/account").text


def test_without_a_provider_there_is_no_such_way(visit: Visit) -> None:
    someone = visit()
    assert "Sign in with" not in someone.open("/sign-in").text.replace("Sign in with a passkey", "")
    someone.open("/sign-in/provider", status=404)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"ISSUER": "https://id.example.org"}, "CONSULT_OIDC_CLIENT_ID is missing"),
        ({"NAME": "Birdhouse"}, "CONSULT_OIDC_ISSUER is not"),
        ({"ISSUER": "ftp://id.example.org", "CLIENT_ID": "a", "CLIENT_SECRET": "b"}, "must be an https:// address"),
    ],
)
def test_half_a_provider_is_told_at_start(given: dict[str, str], sentence: str) -> None:
    with pytest.raises(BadSettings, match=sentence):
        Settings.from_environ({f"CONSULT_OIDC_{name}": value for name, value in given.items()})


def test_a_provider_without_what_talks_with_it_is_told_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"ISSUER": "https://id.example.org", "CLIENT_ID": "a", "CLIENT_SECRET": "b"}
    environ = {f"CONSULT_OIDC_{name}": value for name, value in given.items()}
    assert Settings.from_environ(environ).provider_name == "id.example.org"
    assert replace(Settings.from_environ(environ), oidc_name="Birdhouse").provider_name == "Birdhouse"
    monkeypatch.setattr("consult.settings.find_spec", lambda name: None)
    with pytest.raises(BadSettings, match=r"pip install 'consult\[oidc\]'"):
        Settings.from_environ(environ)
