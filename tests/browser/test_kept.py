"""What is typed is never lost: closed windows, expired sessions, full storage; and nobody else sees it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from consult.accounts.models import Person, SignIn
from consult.consultations.models import Consultation
from consult.core import clock, ids

from .conftest import Site, Surfer

BODY, WORDS = "textarea[name=body]", "textarea[name=new_text]"
TYPED = "A long thought about summaries."
PAUSE = 700  # ms: longer than the pause after which the page keeps what is typed
WITHOUT_STORAGE = """
Object.defineProperty(window, "localStorage", {get() { throw new DOMException("no", "SecurityError") }});
Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError") };
"""


@pytest.fixture
def consultation(site: Site) -> Consultation:
    row = site.make.consultation()
    site.make.version(row)
    return row


def sign_in(surfer: Surfer, person: Person) -> None:
    """Be somebody, without the sign-in page."""
    app, token = surfer.site.app, ids.new_token()
    expires = clock.now() + timedelta(days=1)
    surfer.site.make.row(SignIn(token_digest=ids.digest(token), person_id=person.id, expires_at=expires))
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    value = serializer.dumps({"_user_id": token, "_fresh": True})
    surfer.page.context.clear_cookies()
    surfer.page.context.add_cookies(
        [{"name": app.config["SESSION_COOKIE_NAME"], "value": value, "url": surfer.site.url}]
    )


def write(surfer: Surfer, consultation: Consultation) -> Surfer:
    surfer.open(f"/c/{consultation.slug}/comments/new?version=1&clause=1-1")
    return surfer


def type_everything(surfer: Surfer) -> None:
    surfer.fill(body=TYPED, positions="safety", stance="object")
    surfer.page.get_by_text("Propose other words").click()
    surfer.page.fill(WORDS, "Providers shall publish everything.")
    surfer.page.wait_for_timeout(PAUSE)
    surfer.sees("Kept on this device")


def is_restored(surfer: Surfer) -> bool:
    page = surfer.page
    return (
        page.input_value(BODY) == TYPED
        and page.is_checked('[name=positions][value="safety"]')
        and page.is_checked('[name=stance][value="object"]')
        and page.input_value(WORDS) == "Providers shall publish everything."
        and page.is_visible(WORDS)
    )


def kept(surfer: Surfer) -> list[str]:
    return [name for name in surfer.page.evaluate("Object.keys(localStorage)") if name.startswith("consult.kept")]


def test_a_closed_window_loses_nothing_and_posting_forgets(
    site: Site, surfer: Callable[..., Surfer], consultation: Consultation
) -> None:
    ada, somebody = site.make.person("Ada"), site.make.person()
    first = surfer()
    sign_in(first, ada)
    type_everything(write(first, consultation))
    key = first.page.input_value("[name=submission]")
    first.page.close()

    again = Surfer(site, first.page.context, has_script=True)
    assert is_restored(write(again, consultation))
    assert again.page.input_value("[name=submission]") == key  # sent already, answer lost? Still one comment.
    again.sees("This is what you typed on", "Discard it")
    sign_in(again, somebody)
    assert write(again, consultation).page.input_value(BODY) == ""

    sign_in(again, ada)
    write(again, consultation)
    again.press("Post comment")
    again.sees("Your comment is public as", TYPED)
    assert "sent=" not in again.page.url
    assert kept(again) == []
    assert write(again, consultation).page.input_value(BODY) == ""


def test_what_was_restored_can_be_discarded(
    site: Site, surfer: Callable[..., Surfer], consultation: Consultation
) -> None:
    browser = surfer()
    sign_in(browser, site.make.person())
    type_everything(write(browser, consultation))
    write(browser, consultation).page.get_by_role("button", name="Discard it").click()
    assert browser.page.input_value(BODY) == ""
    assert kept(browser) == []
    assert write(browser, consultation).page.input_value(BODY) == ""


def test_a_session_that_expires_in_the_middle_loses_nothing(
    site: Site, surfer: Callable[..., Surfer], consultation: Consultation
) -> None:
    browser, person = surfer(), site.make.person()
    sign_in(browser, person)
    type_everything(write(browser, consultation))
    browser.page.context.clear_cookies()
    browser.page.get_by_role("button", name="Post comment").click()
    browser.page.wait_for_load_state("load")
    assert TYPED in browser.page.content()
    browser.errors.clear()  # the browser reports the 400 of the held page
    sign_in(browser, person)
    assert is_restored(write(browser, consultation))


def test_a_full_or_blocked_storage_is_told_and_breaks_nothing(
    site: Site, surfer: Callable[..., Surfer], consultation: Consultation
) -> None:
    browser = surfer()
    browser.page.context.add_init_script(WITHOUT_STORAGE)
    sign_in(browser, site.make.person())
    write(browser, consultation).fill(body=TYPED, positions="safety", stance="object")
    browser.page.wait_for_timeout(PAUSE)
    browser.sees("This browser cannot keep what you type")
    browser.press("Post comment")
    browser.sees("Your comment is public as")


def test_the_preview_appears_in_place(site: Site, surfer: Callable[..., Surfer], consultation: Consultation) -> None:
    browser = surfer()
    sign_in(browser, site.make.person())
    write(browser, consultation).fill(body="It is **bold**.", positions="safety", stance="object")
    address = browser.page.url
    browser.page.get_by_role("button", name="Preview").click()
    browser.page.wait_for_selector(".shown strong")
    assert browser.page.url == address
    browser.look()
