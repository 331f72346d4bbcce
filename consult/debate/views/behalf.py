"""Doors of what members of an organisation write together, and of signing for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue

from consult.consultations import queries as consultations
from consult.core import text
from consult.core.doors import me, see_other, show
from consult.core.errors import Refused
from consult.core.forms import Form
from consult.core.rules import signed_in
from consult.debate import operations, queries, rules
from consult.debate.forms import CommentForm, NoteForm, ReturnForm, SigningForm
from consult.debate.models import Comment, OrganisationDraft
from consult.debate.operations.behalf import ELSEWHERE

from .comments import WAITS
from .room import room

ALL = "/organisations/<slug>/drafts"
ONE = f"{ALL}/<int:shared_id>"
SIGNATURE = "/c/<slug>/comments/<number>/signature"
OFTEN = "120 per 15 minutes"


@room.get(ALL, permit=signed_in)
def shared_drafts(slug: str) -> ResponseReturnValue:
    """What the members have in hand, and what waits for a signature."""
    page = queries.shared_drafts(
        viewer=me(), slug=slug, stage=request.args.get("stage", ""),
        consultation_slug=request.args.get("consultation", ""), after=request.args.get("after"),
    )  # fmt: skip
    return show("debate/shared_drafts.html", page=page, words=queries.STAGE_WORDS)


@room.get(ONE, permit=signed_in)
def shared_draft(slug: str, shared_id: int) -> ResponseReturnValue:
    """One shared draft: its words, what the members say about it, its earlier wordings."""
    return _page(_draft(slug, shared_id))


@room.post(f"{ONE}/wording", permit=signed_in, limit=OFTEN)
def change_shared(slug: str, shared_id: int) -> ResponseReturnValue:
    """Save another wording; the ones before stay."""
    draft = _draft(slug, shared_id)
    target = queries.shared_page(viewer=me(), draft=draft).target
    form = CommentForm(target.positions)
    if form.validate() and _is_saved(draft, target, form):
        flash("Saved. The wording before stays below.")
        return see_other(".shared_draft", slug=slug, shared_id=shared_id)
    draft = _draft(slug, shared_id)
    is_stale = ELSEWHERE in form.form_errors
    form.draft.data = draft.edit_number if is_stale else form.draft.data
    return _page(draft, 409 if is_stale else 422, form=form, is_stale=is_stale)


def _is_saved(draft: OrganisationDraft, target: queries.Writing, form: CommentForm) -> bool:
    fields = form.begun(target.old_text) | {"passages": [str(span) for span in target.spans]}
    saved = form.accept(
        operations.change_shared, actor=me(), draft=draft, fields=fields, seen=form.draft.data or 0, key=form.key
    )
    return saved is not None


@room.post(f"{ONE}/notes", permit=signed_in, limit=OFTEN)
def note_on_shared(slug: str, shared_id: int) -> ResponseReturnValue:
    """Say something to the other members; nobody else reads it."""
    draft, form = _draft(slug, shared_id), NoteForm()
    if form.validate() and form.accept(
        operations.note_on_shared, actor=me(), draft=draft, body=form.body.data or "", key=form.key
    ):
        return see_other(".shared_draft", slug=slug, shared_id=shared_id, _anchor="notes")
    return _page(_draft(slug, shared_id), 422, note=form)


@room.post(f"{ONE}/proposal", permit=signed_in)
def propose_for_signature(slug: str, shared_id: int) -> ResponseReturnValue:
    """Ask the signatories to sign it."""
    draft, form = _draft(slug, shared_id), SigningForm()
    if form.accept(operations.propose_for_signature, actor=me(), draft=draft, key=form.key):
        flash("The signatories see it among what waits for them now.")
        return see_other(".shared_draft", slug=slug, shared_id=shared_id)
    return _page(_draft(slug, shared_id), 422, signing=form)


@room.post(f"{ONE}/return", permit=signed_in, limit=OFTEN)
def send_back(slug: str, shared_id: int) -> ResponseReturnValue:
    """Do not sign it like this, and say why."""
    draft, form = _draft(slug, shared_id), ReturnForm()
    if form.validate() and form.accept(
        operations.send_back, actor=me(), draft=draft, reason=form.reason.data or "", key=form.key
    ):
        flash("Sent back, with your reason among the notes.")
        return see_other(".shared_draft", slug=slug, shared_id=shared_id)
    return _page(_draft(slug, shared_id), 422, returning=form)


@room.post(f"{ONE}/signature", permit=signed_in)
def sign_shared(slug: str, shared_id: int) -> ResponseReturnValue:
    """Sign it: it is public in the organisation's name."""
    return _said(slug, shared_id, operations.sign_shared, "Signed and public as {number}.")


@room.post(f"{ONE}/own-comment", permit=signed_in)
def post_shared_as_own(slug: str, shared_id: int) -> ResponseReturnValue:
    """Post it without a signature, as a comment of one's own."""
    told = "Your comment is public as {number}. A signatory can still sign it before comments close."
    return _said(slug, shared_id, operations.post_shared_as_own, told)


def _said(slug: str, shared_id: int, operation: Callable[..., Comment], told: str) -> ResponseReturnValue:
    draft, form = _draft(slug, shared_id), SigningForm()
    seen, consultation = form.seen.data or 0, draft.consultation.slug
    comment = form.accept(operation, actor=me(), draft=draft, seen=seen, named=form.named.data or "", key=form.key)
    if comment is not None:
        flash(
            told.format(number=comment.number)
            if comment.state != "held"
            else f"We have it as {comment.number}. {WAITS}"
        )
        return see_other(".comment", slug=consultation, number=comment.number)
    draft = _draft(slug, shared_id)
    is_stale = seen != draft.edit_number
    return _page(draft, 409 if is_stale else 422, signing=form, is_stale=is_stale, seen=seen)


@room.post(f"{ONE}/discarding", permit=signed_in)
def put_away(slug: str, shared_id: int) -> ResponseReturnValue:
    """Do not go on with it."""
    operations.put_away(actor=me(), draft=_draft(slug, shared_id))
    flash("Put away. It can be taken up again here.")
    return see_other(".shared_draft", slug=slug, shared_id=shared_id)


@room.post(f"{ONE}/restoring", permit=signed_in)
def take_up(slug: str, shared_id: int) -> ResponseReturnValue:
    """Go on with it."""
    operations.take_up(actor=me(), draft=_draft(slug, shared_id))
    return see_other(".shared_draft", slug=slug, shared_id=shared_id)


def _draft(slug: str, shared_id: int) -> OrganisationDraft:
    return queries.find_shared(viewer=me(), slug=slug, shared_id=shared_id)


def _page(draft: OrganisationDraft, status: int = 200, **given: Any) -> ResponseReturnValue:
    page = queries.shared_page(viewer=me(), draft=draft)
    fresh: dict[str, Form] = {
        "form": CommentForm(
            page.target.positions, formdata=None,
            **{"new_text": page.target.old_text} | page.fields | {"draft": draft.edit_number},
        ),
        "note": NoteForm(formdata=None), "returning": ReturnForm(formdata=None), "signing": SigningForm(formdata=None),
    }  # fmt: skip
    more = {"is_stale": False, "seen": draft.edit_number}
    return show("debate/shared_draft.html", page=page, status=status, **fresh | more | given)


@room.get(SIGNATURE, permit=signed_in)
def read_to_sign(slug: str, number: str) -> ResponseReturnValue:
    """Read what a member posted, before it stands in the organisation's name."""
    row = _comment(slug, number)
    return _signing(slug, row, SigningForm(formdata=None, seen=row.edit_number))


@room.post(SIGNATURE, permit=signed_in)
def sign_comment(slug: str, number: str) -> ResponseReturnValue:
    """Sign it for the organisation."""
    row, form = _comment(slug, number), SigningForm()
    seen = form.seen.data or 0
    given = {"seen_edit_number": seen, "named": form.named.data or "", "key": form.key}
    if form.accept(operations.sign_comment, actor=me(), comment=row, **given):
        flash(f"{row.number} stands in the name of the organisation now. Its number stays.")
        return see_other(".comment", slug=slug, number=row.number)
    row = _comment(slug, number)
    form.seen.data = row.edit_number
    return _signing(slug, row, form, earlier=queries.wording_before(viewer=me(), comment=row, number=seen), status=409)


def _comment(slug: str, number: str) -> Comment:
    return queries.find_shown(viewer=me(), slug=slug, number=text.normalise(number))


def _signing(slug: str, row: Comment, form: SigningForm, earlier: str = "", status: int = 200) -> ResponseReturnValue:
    verdict = rules.may_sign_comment(me(), row)
    if not verdict:
        raise Refused(verdict.reason)
    header = consultations.header(viewer=me(), slug=slug)
    card = queries.card(viewer=me(), comment=row)
    return show("debate/signature.html", header=header, card=card, form=form, earlier=earlier, status=status)
