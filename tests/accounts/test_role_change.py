"""What somebody may do grows only with a new token: where she accepts, and elsewhere once she showed that it is her."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from consult.accounts.models import Invitation, Person, RoleGrant, SignIn
from consult.consultations.models import Consultation
from consult.core import clock
from tests.make import PASSWORD, Make
from tests.visitor import Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def ada(make: Make) -> Person:
    return make.person("Ada", email="ada@example.org")


@pytest.fixture
def invited(make: Make, ada: Person) -> Consultation:
    """A draft that only its staff sees, and Ada's invitation to moderate it."""
    row = make.consultation("draft")
    ends = clock.now() + timedelta(days=1)
    make.row(Invitation(email=ada.email, consultation_id=row.id, role="moderator", expires_at=ends))
    return row


def _token(someone: Visitor) -> str:
    with someone.client.session_transaction() as session:
        return str(session["_user_id"])


def _with(someone: Visitor, token: str) -> Visitor:
    with someone.client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    return someone


def _accept(someone: Visitor) -> None:
    someone.open("/me/invitations")
    someone.press("Accept")


def test_who_accepts_goes_on_with_a_new_token(visit: Visit, ada: Person, invited: Consultation, make: Make) -> None:
    here = visit(ada)
    before = _token(here)
    _accept(here)
    assert _token(here) != before
    here.open(f"/c/{invited.slug}")
    stolen = _with(visit(), before)
    assert stolen.open(f"/c/{invited.slug}").heading == "Is it you?", "for a moment it is known, without the role"
    with clock.shifted(timedelta(minutes=2)):
        assert stolen.open("/me/account").heading == "Sign in", "then not at all"
        here.open(f"/c/{invited.slug}")
    assert make.count(SignIn) == 1


def test_a_lost_answer_shuts_nobody_out(visit: Visit, ada: Person, invited: Consultation) -> None:
    here = visit(ada)
    before = _token(here)
    _accept(here)
    again = _with(here, before)
    assert again.open(f"/c/{invited.slug}").heading == "Is it you?"
    again.press("Go on", password=PASSWORD)
    assert again.page is not None
    assert again.page.url == f"/c/{invited.slug}"
    assert _token(again) != before


def test_other_browsers_ask_for_the_password_before_the_new_role_counts(
    visit: Visit, ada: Person, invited: Consultation
) -> None:
    here, there = visit(ada), visit(ada)
    before = _token(there)
    _accept(here)
    assert "A role waits for you" in there.open("/me/account").text
    assert there.open(f"/c/{invited.slug}").heading == "Is it you?"
    there.press("Go on", password="wrong wrong wrong", status=422)
    there.press("Go on", password=PASSWORD)
    assert there.page is not None
    assert there.page.url == f"/c/{invited.slug}"
    assert _token(there) != before
    assert "A role waits for you" not in there.open("/me/account").text


def test_what_somebody_was_sending_with_the_role_waits_behind_the_question(
    visit: Visit, ada: Person, invited: Consultation, make: Make
) -> None:
    make.role(ada, invited, "organiser")
    here, there = visit(ada), visit(ada)
    there.open(f"/c/{invited.slug}/manage/settings/words")
    _accept(here)
    there.press("Save and go on", status=403, title="Another title")
    assert there.page is not None
    assert "Another title" in there.page.body
    there.press("Go on", password=PASSWORD)
    there.press("Do it now")
    assert make.count(Consultation, Consultation.title == "Another title") == 1


def test_an_old_sign_in_accepts_nothing_without_the_password(
    visit: Visit, ada: Person, invited: Consultation, make: Make
) -> None:
    here = visit(ada)
    with clock.shifted(timedelta(minutes=16)):
        here.open("/me/invitations")
        here.press("Accept", status=403)
        assert make.count(RoleGrant) == 0
        here.press("Go on", password=PASSWORD)
        here.press("Do it now")
    assert make.count(RoleGrant) == 1


def test_who_gives_a_role_up_goes_on_with_a_new_token(visit: Visit, ada: Person, invited: Consultation) -> None:
    here = visit(ada)
    _accept(here)
    before = _token(here)
    here.open("/me/invitations")
    here.press("Give it up")
    assert _token(here) != before
    here.open(f"/c/{invited.slug}", status=404)


def test_a_role_that_is_taken_away_is_gone_at_once_everywhere(
    visit: Visit, ada: Person, make: Make, invited: Consultation
) -> None:
    chief, here = make.staff(invited, "organiser"), visit(ada)
    _accept(here)
    boss = visit(chief)
    page = boss.open(f"/c/{invited.slug}/manage/settings/people")
    (form,) = [
        form for form in page.forms if f"/{ada.id}/" in form.action or form.fields.get("person") == [str(ada.id)]
    ]
    boss.send(form.action, form.fields)
    assert make.count(RoleGrant, RoleGrant.person_id == ada.id) == 0
    here.open(f"/c/{invited.slug}", status=404)


def test_proof_gives_a_new_token(visit: Visit, ada: Person) -> None:
    here = visit(ada)
    before = _token(here)
    here.open("/me/proof?next=/me/account")
    here.press("Go on", password=PASSWORD)
    assert _token(here) != before
    here.open("/me/account")
