"""Before what matters one shows once more that it is really oneself; nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from consult.accounts import operations
from consult.accounts.models import Invitation, SignIn
from consult.core import clock
from consult.core.errors import Refused
from tests.make import PASSWORD, Make
from tests.visitor import Visitor

Visit = Callable[..., Visitor]
LATER = timedelta(minutes=16)


def test_a_page_opens_after_the_password_and_for_a_quarter_of_an_hour(visit: Visit, make: Make) -> None:
    here = visit(make.person())
    assert here.open("/me/account/authenticator").heading == "Set up an app for codes"
    with clock.shifted(LATER):
        assert here.open("/me/account/authenticator").heading == "Is it you?"
        assert "not your password" in " ".join(here.press("Go on", password="wrong wrong", status=422).errors())
        assert here.press("Go on", password=PASSWORD).heading == "Set up an app for codes"
    with clock.shifted(2 * LATER + timedelta(minutes=1)):
        assert here.open("/me/account/authenticator").heading == "Is it you?"


def test_what_was_typed_for_a_new_role_goes_on_after_the_password(visit: Visit, make: Make) -> None:
    row = make.consultation("draft", slug="roles")
    here = visit(make.staff(row, "organiser"))
    here.open("/c/roles/manage/settings/people")
    with clock.shifted(LATER):
        page = here.press("Send the invitation", email="grace@example.org", role="moderator", status=403)
        assert page.heading == "Is it you?"
        assert "grace@example.org" in page.body
        assert make.count(Invitation, Invitation.email == "grace@example.org") == 0
        here.press("Go on", password="wrong wrong", status=422)
        page = here.press("Go on", password=PASSWORD)
        assert "nothing is lost" in page.heading
        here.press("Do it now")
    assert make.count(Invitation, Invitation.email == "grace@example.org") == 1


def test_ending_other_browsers_asks_first_and_then_does_it(visit: Visit, make: Make) -> None:
    ada = make.person()
    here, _there = visit(ada), visit(ada)
    here.open("/me/account")
    with clock.shifted(LATER):
        here.press("End all others", status=403)
        assert make.count(SignIn, SignIn.ended_at.is_(None)) == 2
        here.press("Go on", password=PASSWORD)
        here.press("Do it now")
    assert make.count(SignIn, SignIn.ended_at.is_(None)) == 1


def test_the_operation_refuses_whoever_calls_it(make: Make, inside: object) -> None:
    actor = make.actor(make.person())
    with pytest.raises(Refused, match="password once more"):
        operations.remove_authenticator(actor=actor)


def test_an_old_form_of_another_sign_in_does_not_prove_anything(visit: Visit, make: Make) -> None:
    ada, bob = make.person(), make.person()
    hers, his = visit(ada), visit(bob)
    with clock.shifted(LATER):
        hers.open("/me/account/authenticator")
        hers.press("Go on", password=PASSWORD)
        assert his.open("/me/account/authenticator").heading == "Is it you?"
