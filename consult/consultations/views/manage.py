"""The home of those who run one consultation, and the steps in its life."""

from __future__ import annotations

from typing import Any

from flask import flash
from flask.typing import ResponseReturnValue

from consult.core.doors import me, see_other, show
from consult.core.errors import Missing
from consult.core.rules import signed_in
from consult.documents import queries as documents
from consult.outcomes import queries as outcomes

from .. import operations, queries
from ..forms import ExtensionForm, PlainForm, ReasonForm, RoundForm
from ..states import BY_VERB
from .room import room

# The address of a step is a noun; the steps that are not here have pages of their own in other rooms.
STEPS = {
    "opening": ("open", operations.open_consultation, "It is open for comments."),
    "extension": ("extend", operations.extend, "The closing time moved. Everybody sees the new one and your reason."),
    "pause": ("pause", operations.pause, "It is paused. Nobody can comment until you resume it."),
    "resumption": ("resume", operations.resume, "People can comment again."),
    "closing": ("close", operations.close, "It is closed for comments. Now every comment gets its answer."),
    "withdrawal": ("withdraw", operations.withdraw, "It is withdrawn. Everybody sees your reason."),
    "new-round": ("begin_round", operations.begin_round, "The new round is announced. It opens by itself."),
    "publicity": ("make_public", operations.make_public, "It is public. Everybody sees it, and your reason."),
    "archiving": ("archive", operations.archive, "It is archived. Its pages stay where they are."),
}
FORMS = {"extend": ExtensionForm, "begin_round": RoundForm}
NOUNS = {verb: noun for noun, (verb, _operation, _told) in STEPS.items()}


@room.get("/c/<slug>/manage", permit=signed_in)
def manage(slug: str) -> ResponseReturnValue:
    """Where it stands, what is missing, and what can be done now."""
    page = queries.manage(viewer=me(), slug=slug)
    versions = documents.versions(viewer=me(), consultation_id=page.row.id)
    checks = page.opening.checks(has_draft=bool(versions))
    return show(
        "consultations/manage.html", page=page, header=page.header, versions=versions, checks=checks, nouns=NOUNS,
        gaps=outcomes.checklist(viewer=me(), consultation=page.row),
    )  # fmt: skip


@room.get("/c/<slug>/manage/steps/<noun>", permit=signed_in)
def step(slug: str, noun: str) -> ResponseReturnValue:
    """A step before it is taken: what it does, its reason."""
    page, verb = queries.manage(viewer=me(), slug=slug), _verb(noun)
    form = RoundForm(formdata=None, review_days=page.row.review_days) if verb == "begin_round" else _form(verb)
    return _show_step(page, verb, noun, form)


@room.post("/c/<slug>/manage/steps/<noun>", permit=signed_in)
def take_step(slug: str, noun: str) -> ResponseReturnValue:
    """Take the step."""
    page, verb = queries.manage(viewer=me(), slug=slug), _verb(noun)
    form, (_, operation, told) = _form(verb), STEPS[noun]
    values = form.check(page.row.timezone)
    if values is None or not form.accept(operation, actor=me(), consultation=page.row, key=form.key, **values):
        return _show_step(queries.manage(viewer=me(), slug=slug), verb, noun, form, status=422)
    flash(told)
    return see_other("consultations.manage", slug=slug)


def _show_step(page: queries.Manage, verb: str, noun: str, form: Any, status: int = 200) -> ResponseReturnValue:
    versions = documents.versions(viewer=me(), consultation_id=page.row.id)
    return show(
        "consultations/step.html", page=page, act=page.act(verb), noun=noun, form=form, versions=versions, status=status
    )


def _verb(noun: str) -> str:
    if noun not in STEPS:
        raise Missing
    return STEPS[noun][0]


def _form(verb: str) -> Any:
    if verb in FORMS:
        return FORMS[verb]()
    return ReasonForm() if BY_VERB[verb].needs_reason or verb == "resume" else PlainForm()
