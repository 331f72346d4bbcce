"""Doors of one's own account, and the page others see."""

from __future__ import annotations

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from consult.core import limits
from consult.core.doors import me, see_other, show
from consult.core.ids import whole
from consult.core.rules import anyone, proven, signed_in

from .. import operations, passwords, queries
from ..addresses import local_path
from ..forms import EmailForm, InterestForm, PasswordForm, ProfileForm
from .registering import MAILS, TOO_MANY_MAILS
from .room import room

TOO_OFTEN = "There were many wrong tries. Wait a quarter of an hour and try again. What you typed is below."
WRONG = "This is not your present password."


@room.get("/me/account", permit=signed_in)
def account() -> ResponseReturnValue:
    """Who one is here, whom one speaks for, where one is signed in."""
    return show("accounts/account.html", page=queries.account_page(viewer=me()), form=InterestForm(formdata=None))


@room.get("/me/account/profile", permit=signed_in)
def profile() -> ResponseReturnValue:
    """Change name, category or country."""
    page = queries.person_page(viewer=me(), person_id=me().person_id or 0)
    return show("accounts/profile.html", form=ProfileForm(formdata=None, obj=page.person))


@room.post("/me/account/profile", permit=signed_in)
def describe() -> ResponseReturnValue:
    """Keep name, category and country."""
    form = ProfileForm()
    if form.validate():
        form.accept(operations.describe_person, actor=me(), name=form.name.data, country=form.country.data,
                    category=form.category.data)  # fmt: skip
    if form.errors:
        return show("accounts/profile.html", form=form, status=422)
    flash("Kept. What you wrote before stays under the name and category it had.")
    return see_other(".account")


@room.post("/me/account/interests", permit=signed_in, limit="60 per hour")
def declare_interest() -> ResponseReturnValue:
    """Declare an interest."""
    form = InterestForm()
    if form.validate():
        form.accept(operations.declare_interest, actor=me(), text=form.interest.data, source=form.source.data,
                    key=form.key)  # fmt: skip
    if form.errors:
        return show("accounts/account.html", page=queries.account_page(viewer=me()), form=form, status=422)
    flash("Declared. It stands on your public page.")
    return see_other(".account")


@room.post("/me/account/interests/<int:interest_id>/ending", permit=signed_in)
def end_interest(interest_id: int) -> ResponseReturnValue:
    """Take an interest off the list."""
    operations.end_interest(actor=me(), interest=queries.interest(viewer=me(), interest_id=interest_id))
    flash("Taken off the list.")
    return see_other(".account")


@room.get("/me/account/password", permit=signed_in)
def password() -> ResponseReturnValue:
    """Change the password."""
    return show("accounts/password.html", form=PasswordForm(formdata=None))


@room.post("/me/account/password", permit=signed_in, limit="30 per hour")
def change_password() -> ResponseReturnValue:
    """Set another password; other sign-ins end."""
    form = PasswordForm()
    known = _checked_hash(form)
    if known:
        new = passwords.hash_password(form.password.data)
        form.accept(operations.change_password, actor=me(), checked_hash=known, password_hash=new)
    if form.errors:
        return show("accounts/password.html", form=form, status=422)
    flash("Your new password is set. Other browsers are signed out.")
    return see_other(".account")


@room.get("/me/account/email", permit=signed_in)
def email() -> ResponseReturnValue:
    """Change the address."""
    return show("accounts/email.html", form=EmailForm(formdata=None))


@room.post("/me/account/email", permit=signed_in, limit="20 per hour")
def change_email() -> ResponseReturnValue:
    """Mail a link to the new address."""
    form = EmailForm()
    if _checked_hash(form):
        limits.at_most(MAILS, "mail", form.email.data.lower(), TOO_MANY_MAILS)
        form.accept(operations.request_email_change, actor=me(), email=form.email.data, key=form.key)
    if form.errors:
        return show("accounts/email.html", form=form, status=422)
    flash(f"We sent a mail to {form.email.data}. Open the link in it; until then your address stays as it is.")
    return see_other(".account")


@room.post("/me/account/sign-ins/<int:sign_in_id>/ending", permit=proven)
def end_sign_in(sign_in_id: int) -> ResponseReturnValue:
    """Sign one browser out."""
    operations.end_sign_in(actor=me(), sign_in=queries.sign_in(viewer=me(), sign_in_id=sign_in_id))
    flash("That browser is signed out.")
    return see_other(".account")


@room.post("/me/account/other-sign-ins/ending", permit=proven)
def end_other_sign_ins() -> ResponseReturnValue:
    """Sign every other browser out."""
    operations.end_other_sign_ins(actor=me())
    flash("Every other browser is signed out.")
    return see_other(".account")


@room.get("/me/acting-for", permit=signed_in)
def voice() -> ResponseReturnValue:
    """Whom one speaks for, on a page of its own; `?next=` is where to go back to."""
    way_on = local_path(request.args.get("next"))
    return show("accounts/voice.html", voices=queries.voices(viewer=me()), next=way_on)


@room.post("/me/acting-for", permit=signed_in)
def act_for() -> ResponseReturnValue:
    """Choose whom this browser speaks for; comes back to the page `next`."""
    operations.act_for(actor=me(), organisation_id=request.form.get("organisation", type=whole))
    way_on = local_path(request.form.get("next"))
    return redirect(way_on, 303) if way_on else see_other(".account")


@room.get("/people/<int:person_id>", permit=anyone)
def person(person_id: int) -> ResponseReturnValue:
    """What everybody may know about a person."""
    return show("accounts/person.html", page=queries.person_page(viewer=me(), person_id=person_id))


def _checked_hash(form: PasswordForm | EmailForm) -> str:
    """The stored hash when the form is well filled in and its present password is right."""
    if not form.validate():
        return ""
    limits.at_most("20 per 15 minutes", "sign-in", me().email, TOO_OFTEN)
    known = queries.who_has(me().email, form.current_password.data)
    if known is None:
        form.current_password.errors = [WRONG]
    return known.password_hash if known else ""
