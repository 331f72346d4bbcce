"""People: found, looked at, and what can be done about an account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash
from flask.typing import ResponseReturnValue

from consult.accounts import operations as accounts
from consult.core.doors import me, see_other, show
from consult.core.errors import Missing
from consult.core.records import Record
from consult.core.rules import administrators
from consult.privacy import packing

from .. import operations, queries
from ..forms import ErasureForm, ReasonForm
from ..queries.people import FILTERS
from ..rules import proven_administrators
from .room import asked, page_of_list, room

PersonPage = queries.PersonPage


class Deed(Record):
    """Something that can be done about an account: the noun of its address, and its words."""

    title: str
    button: str
    told: str
    done: str
    act: Callable[..., Any]
    fits: Callable[[PersonPage], bool]
    form: type[ReasonForm] = ReasonForm


DEEDS = {
    "suspension": Deed(
        "Suspend this account", "Suspend it",
        "She is signed out everywhere and cannot sign in until somebody lets her in again. What she wrote stays. She gets your reason by mail.",
        "Suspended. She was told by mail.", accounts.suspend_account, lambda page: page.person.suspended_at is None,
    ),
    "return": Deed(
        "Let in again", "Let her in", "She can sign in as before, and gets your reason by mail.",
        "She can sign in again, and was told by mail.", accounts.let_in_again, lambda page: page.person.suspended_at is not None,
    ),
    "sign-out": Deed(
        "End all sign-ins", "Sign her out everywhere", "Every browser in which she is signed in asks for her password again.",
        "She is signed out everywhere.", accounts.end_all_sign_ins, lambda page: page.sign_ins > 0,
    ),
    "password-mail": Deed(
        "Send a link for a new password", "Send the link",
        "She gets the same mail as if she had forgotten her password. You do not see the link, and nothing changes until she opens it.",
        "The link is on its way to her.", accounts.mail_password, lambda page: page.person.suspended_at is None,
    ),
    "second-step-removal": Deed(
        "Remove the second step", "Remove it",
        "For somebody who lost her device. Make sure first that it is her: call her back on a number you know. App, passkeys and recovery codes go, she is signed out everywhere and told by mail.",
        "Removed. She signs in with her password alone, and was told by mail.", accounts.forget_factors,
        lambda page: page.person.second_factor_at is not None,
    ),
    "power": Deed(
        "Make administrator", "Make her an administrator", "She can then do everything that stands under Administration. She is told by mail.",
        "She is an administrator now.", accounts.make_administrator,
        lambda page: not page.person.is_administrator and page.person.suspended_at is None and page.person.email_verified_at is not None,
    ),
    "power-ending": Deed(
        "End being administrator", "She runs the site no more", "Her account stays as it is. The last administrator cannot go.",
        "She is not an administrator any more.", accounts.unmake_administrator, lambda page: page.person.is_administrator,
    ),
    "erasure": Deed(
        "Erase this account", "Erase it for good",
        "For people who cannot sign in; all others do it under Your data in their account. Make sure that it is really she who asks. It happens at once and cannot be taken back.",
        "Erased.", operations.erase_person, lambda page: True, ErasureForm,
    ),
}  # fmt: skip


@room.get("/administration/people", permit=administrators)
def people() -> ResponseReturnValue:
    """Everybody with an account."""
    wanted, (after, before) = asked(), page_of_list()
    listing = queries.people(viewer=me(), text=wanted.q, shown=wanted.show, after=after, before=before)
    roles = queries.roles_of(viewer=me(), people=[row.id for row in listing.rows])
    names = {key: name for key, (name, _) in FILTERS.items()}
    return show("administration/people.html", listing=listing, roles=roles, asked=wanted, filters=names)


@room.get("/administration/people/<int:person_id>", permit=administrators)
def person(person_id: int) -> ResponseReturnValue:
    """One person: who she is here, and what can be done."""
    page = queries.person_page(viewer=me(), person_id=person_id)
    deeds = {noun: deed for noun, deed in DEEDS.items() if page.may_act and deed.fits(page)}
    return show("administration/person.html", page=page, deeds=deeds)


@room.get("/administration/people/<int:person_id>/<noun>", permit=administrators)
def deed(person_id: int, noun: str) -> ResponseReturnValue:
    """What an act does, before it is done."""
    page = queries.person_page(viewer=me(), person_id=person_id)
    return show(
        "administration/deed.html", page=page, noun=noun, deed=_deed(noun), form=_deed(noun).form(formdata=None)
    )


@room.post("/administration/people/<int:person_id>/<noun>", permit=proven_administrators, limit="200 per hour")
def do(person_id: int, noun: str) -> ResponseReturnValue:
    """Do it, with a reason."""
    page, chosen = queries.person_page(viewer=me(), person_id=person_id), _deed(noun)
    form = chosen.form()
    done = _done(chosen, form, page) if form.validate() else None
    if done is None:
        return show("administration/deed.html", page=page, noun=noun, deed=chosen, form=form, status=422)
    flash(chosen.done)
    return see_other(".person", person_id=person_id)


def _deed(noun: str) -> Deed:
    if noun not in DEEDS:
        raise Missing
    return DEEDS[noun]


def _done(chosen: Deed, form: ReasonForm, page: PersonPage) -> Any:
    """Do it; None when it cannot be, and the form says why. After an erasure its files go."""
    more = {"words_go": form.words.data == "go"} if isinstance(form, ErasureForm) else {}
    done = form.accept(chosen.act, actor=me(), person=page.person, reason=form.reason.data, **more)
    if done is not None and isinstance(form, ErasureForm):
        packing.forget(*done)
    return done
