"""Doors for signing in and out."""

from __future__ import annotations

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from consult.core import limits
from consult.core.doors import me, see_other, show
from consult.core.rules import anyone, signed_in

from .. import links, operations, passwords, queries
from ..factors import Proof
from ..forms import SecondStepForm, SignInForm
from ..models import Person
from .entering import enter, forget_cookie, secret_key, who_tries
from .held import Held
from .passkeys import site
from .room import room

WRONG = "This address and this password do not belong together. Check both, or choose a new password."
TOO_OFTEN = (
    "There were many wrong tries for this account. Wait a quarter of an hour and try again, or choose a new password."
    " What you typed is below."
)
TOO_MANY_CODES = "There were many wrong codes for this account. Wait a quarter of an hour and try again."
TOO_LATE = "That took more than ten minutes, or something was changed meanwhile. Type your password once more."


@room.get("/sign-in", permit=anyone)
def sign_in() -> ResponseReturnValue:
    """The sign-in page; `?next=` says where to go afterwards."""
    held = Held.from_request()
    if me().is_authenticated:
        return redirect(held.next, 303) if held.next else see_other(".account")
    return show("accounts/sign_in.html", form=SignInForm(formdata=None), held=held)


@room.post("/sign-in", permit=anyone, limit="60 per 15 minutes")
def start_session() -> ResponseReturnValue:
    """Sign in, or go on to the second step when the account has one."""
    form, held = SignInForm(), Held.from_request()
    person, answer = _person_behind(form), None
    if person is not None and person.second_factor_at is not None:
        half_way = links.token(secret_key(), links.HALF_WAY, person)
        second = SecondStepForm(formdata=None, half_way=half_way, stay="y" if form.stay.data else "")
        return show("accounts/second_step.html", form=second, held=held, person=person)
    if person is not None:
        answer = enter(form, person, held, is_long=form.stay.data, new_hash=_fresh_hash(person, form.password.data))
    return answer or show("accounts/sign_in.html", form=form, held=held, status=422)


@room.post("/sign-in/second-step", permit=anyone, limit="60 per 15 minutes")
def finish_session() -> ResponseReturnValue:
    """Sign in with what comes after the password."""
    form, held = SecondStepForm(), Held.from_request()
    person = _person_half_way(form.half_way.data)
    if person is None:
        first = SignInForm(formdata=None)
        first.form_errors.append(TOO_LATE)
        return show("accounts/sign_in.html", form=first, held=held, status=422)
    limits.at_most("10 per 15 minutes", "second-step", who_tries(person.email), TOO_MANY_CODES)
    proof = _proof_in(form, person)
    answer = enter(form, person, held, is_long=form.stay.data == "y", proof=proof)
    return answer or show("accounts/second_step.html", form=form, held=held, person=person, status=422)


@room.post("/sign-out", permit=signed_in)
def sign_out() -> ResponseReturnValue:
    """Sign this browser out."""
    row = queries.sign_in(viewer=me(), sign_in_id=me().sign_in_id or 0)
    operations.end_sign_in(actor=me(), sign_in=row)
    forget_cookie()
    flash("You are signed out.")
    return see_other("lobby.home")


def _person_behind(form: SignInForm) -> Person | None:
    """Whose address and password were typed; every wrong pair gets the same sentence at the same place."""
    if not form.validate():
        return None
    limits.at_most("20 per 15 minutes", "sign-in", who_tries(form.email.data.lower()), TOO_OFTEN)
    person = queries.who_has(form.email.data, form.password.data)
    if person is None:
        form.password.errors = [WRONG]
    return person


def _fresh_hash(person: Person, password: str) -> str:
    """A hash to replace one made with old parameters; made here, outside of the transaction."""
    return passwords.hash_password(password) if passwords.is_outdated(person.password_hash) else ""


def _proof_in(form: SecondStepForm, person: Person) -> Proof | None:
    """What was shown: an answer of a passkey, a recovery code, or a code of the app."""
    if form.passkey_answer.data:
        return queries.passkey_shown(site(), person.id, form.passkey_asked.data, form.passkey_answer.data)
    given = {"code": form.app_code.data, "recovery": form.recovery_code.data}
    return queries.proof_shown(secret_key(), person, **given)


def _person_half_way(token: str) -> Person | None:
    """Whose password was right a few minutes ago, and is still the one."""
    link = links.read(secret_key(), links.HALF_WAY, token)
    person = queries.person_for_link(link.person_id) if link else None
    return person if link is not None and person is not None and link.fits(person) else None
