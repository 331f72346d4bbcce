"""Doors for coming in by the OpenID provider of the settings, and for linking an account there with one's own.

What comes back from the provider is looked at by a GET, which writes nothing: it is kept, sealed, in a cookie of this
browser, and a page says who came. Only the button on that page lets in, links or registers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, after_this_request, current_app, flash, redirect, request
from flask.typing import ResponseReturnValue

from consult.core import proof
from consult.core.doors import me, see_other, show
from consult.core.errors import Busy, Conflict, DomainError, Invalid, Missing
from consult.core.forms import ActionForm
from consult.core.rules import anyone, proven, signed_in

from .. import arrivals, links, operations, queries, rules
from ..forms import RegistrationForm, SecondStepForm, SignInForm
from ..models import Person
from .entering import enter, secret_key
from .held import Held
from .registering import REGISTERING, make_account
from .room import room

if TYPE_CHECKING:
    from ..openid import Provider

LIMIT = "60 per 15 minutes"
LOST = "You came back from {name}, but this browser does not know of it any more: it took long, or began in another browser or at another address. Begin again here."
TOO_LATE = "It is some time ago that you came back from {name}. Begin again here; nothing else is lost."
NO_ACCOUNT = "What you typed is kept. To register with {name}, begin there again; without it, a password is enough."


def provider() -> Provider:
    """The provider of the settings. Raises Missing when there is none."""
    found: Provider | None = current_app.extensions.get("consult.provider")
    if found is None:
        raise Missing
    return found


@room.app_template_global()
def provider_name() -> str:
    """What people call the provider; empty when there is none."""
    found = current_app.extensions.get("consult.provider")
    return found.name if found else ""


@room.get("/sign-in/provider", permit=anyone, limit=LIMIT)
def leave() -> ResponseReturnValue:
    """To the provider, to sign in; `?next=` says where to go afterwards."""
    held = Held.from_request()
    if me().is_authenticated:
        return redirect(held.next, 303) if held.next else see_other(".account")
    return _leave(held.next if len(held.next) <= arrivals.LONGEST_WAY_ON else "")


@room.get("/me/account/provider", permit=proven, limit=LIMIT)
def leave_to_link() -> ResponseReturnValue:
    """To the provider, to link the account there."""
    return _leave(person_id=me().person_id)


@room.get("/sign-in/provider/return", permit=anyone, limit=LIMIT)
def come_back() -> ResponseReturnValue:
    """Back from the provider: is its answer the one to our question?"""
    away = arrivals.departure(secret_key(), request.cookies.get(_cookie(), ""))
    _keep("")
    try:
        if away is None:
            raise Invalid(LOST.format(name=provider().name))
        found = provider().come_back(away, request.args)
    except (Invalid, Busy) as error:
        return _not_in(error)
    _keep(arrivals.seal(secret_key(), found))
    return see_other(".arrived")


@room.get("/sign-in/provider/arrival", permit=anyone)
def arrived() -> ResponseReturnValue:
    """Who came: with the button that lets in, or links, or with the form for a new account."""
    found = _arrival(arrivals.MINUTES_TO_REGISTER)
    if found is None:
        return _not_in(_too_late())
    person = queries.who_arrived(found)
    if found.person_id is not None or person is not None:
        return show("accounts/arrived.html", arrival=found, person=person, form=ActionForm(formdata=None))
    if me().is_authenticated:
        return see_other(".account")
    return _registering(RegistrationForm(formdata=None, name=found.name, email=found.email), found)


@room.post("/sign-in/provider/arrival", permit=anyone, limit=LIMIT)
def enter_from_provider() -> ResponseReturnValue:
    """Sign in, or go on to the second step when the account has one."""
    found = _arrival()
    person = _let_in(found) if found is not None and found.person_id is None else None
    if found is None or person is None:
        return _not_in(_too_late())
    _keep("")
    held = Held(found.next, ())
    if person.second_factor_at is not None:
        half_way = links.token(secret_key(), links.HALF_WAY, person)
        second = SecondStepForm(formdata=None, half_way=half_way)
        return show("accounts/second_step.html", form=second, held=held, person=person)
    return enter(ActionForm(), person, held, is_long=False) or _not_in(_too_late())


@room.post("/sign-in/provider/registration", permit=rules.may_register, limit="20 per hour")
def register_from_provider() -> ResponseReturnValue:
    """Make an account that the account at the provider opens, too; the answer is the same when the address has one."""
    form, found = RegistrationForm(), _arrival(arrivals.MINUTES_TO_REGISTER)
    if found is None or found.person_id is not None:
        form.form_errors.append(NO_ACCOUNT.format(name=provider().name))
        return show("accounts/register.html", form=form, challenge=proof.ask(REGISTERING), arrival=None, status=422)
    if not make_account(form, found):
        return _registering(form, found, 422)
    _keep("")
    return see_other(".check_mail")


@room.post("/me/account/provider", permit=proven)
def link_identity() -> ResponseReturnValue:
    """Let the account at the provider open one's own."""
    found, form = _arrival(), ActionForm()
    if found is None or found.person_id != me().person_id:
        return _not_in(_too_late())
    _keep("")
    form.accept(operations.link_identity, actor=me(), arrival=found, key=form.key)
    flash(form.form_errors[0] if form.form_errors else f"Linked. You can sign in with {provider().name} from now on.")
    return see_other(".account")


@room.post("/me/account/identities/<int:identity_id>/removal", permit=proven)
def unlink_identity(identity_id: int) -> ResponseReturnValue:
    """Let an account elsewhere open one's own no more."""
    row, form = queries.identity(viewer=me(), identity_id=identity_id), ActionForm()
    form.accept(operations.unlink_identity, actor=me(), identity=row)
    flash(form.form_errors[0] if form.form_errors else "Unlinked. You cannot sign in with it any more.")
    return see_other(".account")


@room.post("/sign-in/held", permit=signed_in)
def show_held() -> ResponseReturnValue:
    """What was typed here before one signed in elsewhere: looked at once more, then sent."""
    held = Held.from_request()
    if held.is_for_sending:
        return show("accounts/held.html", held=held, is_same_sign_in=False)
    return redirect(held.next, 303) if held.next else see_other(".account")


def _leave(way_on: str = "", person_id: int | None = None) -> ResponseReturnValue:
    try:
        address, away = provider().leave(way_on, person_id)
    except Busy as error:
        return _not_in(error, way_on)
    _keep(arrivals.seal(secret_key(), away))
    return redirect(address, 303)


def _arrival(minutes: int = arrivals.MINUTES_TO_ENTER) -> arrivals.Arrival | None:
    """Who came back to this browser, from the provider that the settings name now."""
    found = arrivals.arrival(secret_key(), request.cookies.get(_cookie(), ""), minutes)
    return found if found is not None and found.issuer == provider().issuer else None


def _let_in(found: arrivals.Arrival) -> Person | None:
    """Whose account it opens, used up now; None when it opens none or was used."""
    try:
        return operations.arrive(actor=me(), arrival=found)
    except (Conflict, Missing):
        return None


def _too_late() -> Invalid:
    return Invalid(TOO_LATE.format(name=provider().name))


def _not_in(error: DomainError, way_on: str = "") -> ResponseReturnValue:
    """Say why it did not work where one goes on: in the account, or with a password."""
    if me().is_authenticated:
        flash(error.sentence)
        return see_other(".account")
    form = SignInForm(formdata=None)
    form.form_errors.append(error.sentence)
    return show("accounts/sign_in.html", form=form, held=Held(way_on, ()), status=error.status)


def _registering(form: RegistrationForm, found: arrivals.Arrival, status: int = 200) -> ResponseReturnValue:
    return show("accounts/register.html", form=form, challenge=proof.ask(REGISTERING), arrival=found, status=status)


def _cookie() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}-provider"


def _keep(sealed: str) -> None:
    """Keep this in the browser for the way there and back; nothing: take it away."""
    name, age = _cookie(), arrivals.MINUTES_TO_REGISTER * 60 if sealed else 0
    is_secure = current_app.config["SESSION_COOKIE_SECURE"]

    @after_this_request
    def keep(response: Response) -> Response:
        response.set_cookie(name, sealed, max_age=age, secure=is_secure, httponly=True, samesite="Lax")
        return response
