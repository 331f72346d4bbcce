"""Drafts from device to device: saved quietly, both wordings shown when they differ, nothing overwritten unseen."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from consult.consultations.models import Consultation

from .conftest import Site, Surfer
from .test_kept import BODY, TYPED, kept, sign_in, write

OTHER, MORE = "Other words, typed at the desk.", "Words that were added on the phone."


@pytest.fixture
def consultation(site: Site) -> Consultation:
    row = site.make.consultation()
    site.make.version(row)
    return row


def type_and_wait(surfer: Surfer, text: str) -> None:
    surfer.page.fill(BODY, text)
    surfer.page.get_by_text("Saved as a draft at").wait_for()


def test_what_one_device_saved_another_goes_on_with(
    site: Site, surfer: Callable[..., Surfer], consultation: Consultation
) -> None:
    ada, desk, phone = site.make.person("Ada"), surfer(), surfer()
    sign_in(desk, ada)
    sign_in(phone, ada)
    type_and_wait(write(desk, consultation), TYPED)
    assert write(phone, consultation).page.input_value(BODY) == TYPED
    phone.sees("You began this on")
    phone.page.check("[name=positions][value=safety]")
    type_and_wait(phone, f"{TYPED} {MORE}")
    write(desk, consultation)  # the server has all that this device kept: what the phone added simply comes
    desk.page.wait_for_timeout(300)
    assert desk.page.input_value(BODY) == f"{TYPED} {MORE}"
    assert desk.page.is_checked("[name=positions][value=safety]")
    desk.page.check("[name=stance][value=object]")
    desk.press("Post comment")
    assert kept(desk) == []
    write(phone, consultation)
    phone.page.wait_for_timeout(300)
    assert phone.page.input_value(BODY) == ""  # posted elsewhere


def test_two_wordings_stand_side_by_side_until_somebody_decides(
    site: Site, surfer: Callable[..., Surfer], consultation: Consultation
) -> None:
    ada, desk, phone = site.make.person("Ada"), surfer(), surfer()
    sign_in(desk, ada)
    sign_in(phone, ada)
    type_and_wait(write(desk, consultation), TYPED)
    type_and_wait(write(phone, consultation), MORE)
    desk.page.fill(BODY, OTHER)
    desk.page.get_by_text("Two wordings of this comment").wait_for()
    assert desk.page.evaluate("document.activeElement.name") == "body"
    desk.sees(OTHER, MORE, "nothing is overwritten until you press a button")
    desk.look()
    desk.page.wait_for_timeout(700)
    write(desk, consultation)  # the window was closed without a decision
    desk.page.get_by_text("on this device, which is not posted yet").wait_for()
    desk.sees(OTHER)
    assert desk.page.input_value(BODY) == MORE
    desk.page.get_by_role("button", name="Put it back").click()
    assert desk.page.input_value(BODY) == OTHER
    desk.press("Save as draft")
    assert write(phone, consultation).page.input_value(BODY) == OTHER


def test_without_a_net_the_browser_has_it(
    site: Site, surfer: Callable[..., Surfer], consultation: Consultation
) -> None:
    ada, desk = site.make.person("Ada"), surfer()
    sign_in(desk, ada)
    write(desk, consultation)
    desk.page.route("**/comments/draft", lambda route: route.abort())
    desk.page.fill(BODY, TYPED)
    desk.page.wait_for_timeout(4000)
    desk.errors.clear()  # the browser itself tells that there was no net
    desk.sees("Kept on this device")
    assert write(desk, consultation).page.input_value(BODY) == TYPED
