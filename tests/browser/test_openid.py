"""Coming in by a real OpenID provider, in a real browser: registering, signing in, linking, unlinking."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from consult.accounts.models import ProviderIdentity, SignIn

from .conftest import Site, Surfer, free_port, stays_whole_when_small


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site whose people may have an account at a provider, which runs in a process of its own."""
    port = free_port()
    claims = '{"sub": "bird-7", "name": "Ada Bird", "email": "ada@example.org"}'
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--user-claims", claims]
    given = {"oidc_issuer": f"http://127.0.0.1:{port}", "oidc_client_id": "consult", "oidc_client_secret": "secret"}
    before = dict(os.environ)
    os.environ |= {f"CONSULT_{name.upper()}": value for name, value in given.items()} | {
        "CONSULT_OIDC_NAME": "Birdhouse"
    }
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as provider:
        site = Site(tmp_path_factory.mktemp("linked"), "")
        site.settings = replace(site.settings, **given)
        site.start()
        yield site
        site.stop()
        provider.terminate()
    for name in set(os.environ) - set(before):
        del os.environ[name]


def _agree(me: Surfer) -> None:
    """At the provider: go in as the one it knows."""
    me.page.get_by_role("button", name="bird-7").first.click()
    me.page.wait_for_url("**/sign-in/provider/arrival")
    me.errors.clear()  # its page asks for a sheet of somebody else's


def test_the_whole_way(site: Site, surfer: Callable[..., Surfer]) -> None:
    me = surfer()
    me.open("/sign-in")
    me.named("Sign in with Birdhouse").click()
    _agree(me)
    me.sees("Make an account", "Birdhouse opens it from then on")
    stays_whole_when_small(me.page, "a new account from a provider")
    assert me.page.input_value("#name") == "Ada Bird"
    me.fill(password="four plain words together", category="individual")
    me.press("Make my account")
    me.page.goto(site.link_in_mail("ada@example.org"))
    me.press("Confirm my e-mail address")

    me.open("/sign-in?next=/me/account/profile")
    me.named("Sign in with Birdhouse").click()
    _agree(me)
    me.sees("Is it you?", "Ada Bird")
    stays_whole_when_small(me.page, "who came from a provider")
    me.press("Sign in")
    assert me.page.url == f"{site.url}/me/account/profile"
    me.open("/me/account")
    me.press("Sign out")
    assert site.make.count(SignIn, SignIn.ended_at.is_(None)) == 0

    me.open("/sign-in")
    me.named("Sign in with Birdhouse").click()
    _agree(me)
    me.press("Sign in")
    me.sees("Your account")
    me.press("Unlink")
    me.sees("Unlinked")
    assert site.make.count(ProviderIdentity) == 0
    me.named("Link it").click()
    _agree(me)
    me.sees("Link this account?")
    me.press("Link it")
    me.sees("You can sign in with Birdhouse from now on")
    assert site.make.count(ProviderIdentity) == 1
