"""Signing in from the top of any page leads back to that page."""

from __future__ import annotations

from collections.abc import Callable

from tests.make import PASSWORD, Make
from tests.visitor import Visitor

Visit = Callable[..., Visitor]


def test_one_comes_back_to_where_one_was(make: Make, visit: Visit) -> None:
    person = make.person()
    row = make.consultation("open")
    make.version(row)
    address = f"/c/{row.slug}/comments?sort=newest&position=safety"
    browser = visit()
    page = browser.open(address)
    browser.open(page.links()["Sign in"])
    page = browser.press("Sign in", email=person.email, password=PASSWORD)
    assert page.url == address
    assert "Sign in" not in page.links()


def test_pages_about_accounts_are_not_come_back_to(visit: Visit) -> None:
    for address in ("/register", "/sign-in"):
        assert visit().open(address).links()["Sign in"] == "/sign-in"
    assert visit().open("/").links()["Sign in"] == "/sign-in?next=/"
