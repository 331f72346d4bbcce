"""Passkeys with Chromium's own authenticator: added, used in place of the password, after it, and as proof."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import update

from consult.accounts.models import Passkey, SignIn
from consult.core import clock
from tests.make import PASSWORD

from .conftest import Site, Surfer, stays_whole_when_small
from .test_kept import sign_in

DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Browsers make passkeys for names only."""
    site = Site(tmp_path_factory.mktemp("named"), "", "localhost")
    site.start()
    yield site
    site.stop()


def _device(someone: Surfer) -> Callable[[bool], None]:
    """Give the browser a device of its own; what comes back says whether its holder shows the finger."""
    session = someone.page.context.new_cdp_session(someone.page)
    session.send("WebAuthn.enable")
    number = session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]

    def verify(is_verified: bool) -> None:
        session.send("WebAuthn.setUserVerified", {"authenticatorId": number, "isUserVerified": is_verified})

    return verify


def _leave(someone: Surfer) -> None:
    someone.open("/me/account")
    someone.press("Sign out")


def test_a_passkey_from_the_first_to_the_last(site: Site, surfer: Callable[..., Surfer]) -> None:
    ada = site.make.person("Ada", email="ada@example.org")
    me = surfer()
    verify = _device(me)
    sign_in(me, ada)
    me.open("/me/account/passkeys/new")
    stays_whole_when_small(me.page, "a new passkey")
    me.fill(name="My laptop")
    me.press("Make the passkey")
    me.sees("Your recovery codes", "Your passkey is added")
    with me.page.expect_download() as saved:
        me.named("Save them as a text file").click()
    assert saved.value.path().read_text().count("-") >= 40

    me.open("/me/account/passkeys/new")  # the same device again
    me.fill(name="Again")
    me.named("Make the passkey").click()
    me.page.get_by_text("holds a passkey for your account already").wait_for()
    me.errors.clear()

    _leave(me)
    me.open("/sign-in?next=/me/account/profile")
    me.press("Sign in with a passkey")
    assert me.page.url == f"{site.url}/me/account/profile"

    _leave(me)
    me.open("/sign-in")
    verify(False)
    me.named("Sign in with a passkey").click()
    me.page.get_by_text("No passkey was used").wait_for()
    me.page.fill("#email", "ada@example.org")
    me.page.fill("#password", PASSWORD)
    me.press("Sign in")
    me.sees("One more step")
    verify(True)
    me.press("Use a passkey")
    me.sees("Your account")

    with site.make.writing() as session:
        session.execute(update(SignIn).values(proved_at=clock.now() - timedelta(hours=1)))
    me.press("Remove")
    me.sees("Is it you?")
    me.press("Use a passkey instead")
    me.press("Do it now")
    assert site.make.count(Passkey) == 0


def test_without_javascript_nothing_is_offered_that_does_not_work(site: Site, surfer: Callable[..., Surfer]) -> None:
    me = surfer(has_script=False)
    me.open("/sign-in")
    assert not me.named("Sign in with a passkey").is_visible()
    sign_in(me, site.make.person())
    me.open("/me/account/passkeys/new")
    me.sees("An app for codes works without")
