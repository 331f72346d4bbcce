"""Doors of the summary: its headline, its sentences, their sources, and its publication."""

from __future__ import annotations

from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue

from consult.consultations import queries as consultations
from consult.core.doors import me, see_other, show
from consult.core.errors import Missing
from consult.core.forms import ActionForm
from consult.core.ids import whole
from consult.core.rules import signed_in

from .. import operations, queries
from ..forms import (
    ApprovalForm,
    CorrectionForm,
    HeadlineForm,
    MoveForm,
    NewStatementForm,
    OmissionForm,
    PublishForm,
    SourceForm,
    StatementForm,
)
from ..queries import Filters, SummaryPage
from .room import room

# Larger numbers than this are no ids in any of our databases.
STATEMENT = "/c/<slug>/manage/summary/statements/<int(max=999999999999999):statement_id>"


@room.get("/c/<slug>/manage/summary", permit=signed_in)
def summary(slug: str) -> ResponseReturnValue:
    """The summary as it is written; `statement` shows the search for its sources, `edit` its form."""
    return summary_desk(slug)


@room.post("/c/<slug>/manage/summary/headline", permit=signed_in)
def set_headline(slug: str) -> ResponseReturnValue:
    """Say what came out."""
    form = HeadlineForm()
    header = consultations.header(viewer=me(), slug=slug)
    if not form.validate() or not form.accept(
        operations.set_headline, actor=me(), consultation=header.consultation, headline=form.headline.data,
        seen=form.seen.data,
    ):  # fmt: skip
        return summary_desk(slug, headline_form=form, status=422)
    flash("The headline is saved.")
    return see_other("outcomes.summary", slug=slug)


@room.post("/c/<slug>/manage/summary/statements", permit=signed_in)
def add_statement(slug: str) -> ResponseReturnValue:
    """Add a sentence, then look for its sources."""
    form = NewStatementForm()
    header = consultations.header(viewer=me(), slug=slug)
    row = form.validate() and form.accept(
        operations.add_statement, actor=me(), consultation=header.consultation, key=form.key, **form.values(),
        sources=[form.sources.data or ""],
    )  # fmt: skip
    if not row:
        return summary_desk(slug, add_form=form, status=422)
    flash("The sentence is added.")
    return see_other("outcomes.summary", slug=slug, statement=row.id, _anchor=f"s{row.id}")


@room.post(STATEMENT, permit=signed_in)
def edit_statement(slug: str, statement_id: int) -> ResponseReturnValue:
    """Change a sentence."""
    form = StatementForm()
    header = consultations.header(viewer=me(), slug=slug)
    if not form.validate() or not form.accept(
        operations.edit_statement, actor=me(), consultation=header.consultation, statement_id=statement_id,
        seen=form.seen.data, **form.values(),
    ):  # fmt: skip
        return summary_desk(slug, edit=statement_id, edit_form=form, status=422)
    flash("The sentence is saved.")
    return see_other("outcomes.summary", slug=slug, _anchor=f"s{statement_id}")


@room.post(STATEMENT + "/moves", permit=signed_in)
def move_statement(slug: str, statement_id: int) -> ResponseReturnValue:
    """Put a sentence one place up or down."""
    form = MoveForm()
    header = consultations.header(viewer=me(), slug=slug)
    operations.move_statement(
        actor=me(), consultation=header.consultation, statement_id=statement_id, is_up=form.direction.data == "up"
    )
    return see_other("outcomes.summary", slug=slug, _anchor=f"s{statement_id}")


@room.get(STATEMENT + "/removal", permit=signed_in)
def confirm_removal(slug: str, statement_id: int) -> ResponseReturnValue:
    """Ask before a sentence goes."""
    header = consultations.header(viewer=me(), slug=slug)
    page = queries.summary_page(viewer=me(), consultation=header.consultation, statement_id=statement_id)
    if page.sources is None:
        raise Missing
    return show("outcomes/removal.html", header=header, page=page, form=ActionForm())


@room.post(STATEMENT + "/removal", permit=signed_in)
def remove_statement(slug: str, statement_id: int) -> ResponseReturnValue:
    """Take a sentence out."""
    header = consultations.header(viewer=me(), slug=slug)
    operations.remove_statement(actor=me(), consultation=header.consultation, statement_id=statement_id)
    flash("The sentence is removed.")
    return see_other("outcomes.summary", slug=slug)


@room.post(STATEMENT + "/citations", permit=signed_in)
def cite(slug: str, statement_id: int) -> ResponseReturnValue:
    """Let a sentence rest on a comment."""
    return _source(slug, statement_id, operations.cite)


@room.post(STATEMENT + "/citations/removal", permit=signed_in)
def uncite(slug: str, statement_id: int) -> ResponseReturnValue:
    """Let it no longer rest on it."""
    return _source(slug, statement_id, operations.uncite)


@room.post("/c/<slug>/manage/summary/review", permit=signed_in)
def begin_review(slug: str) -> ResponseReturnValue:
    """Show the proposed answers and the summary to everybody."""
    header = consultations.header(viewer=me(), slug=slug)
    operations.begin_review(actor=me(), consultation=header.consultation)
    flash("The review has begun. Everybody can read the proposed answers and the summary now.")
    return see_other("outcomes.show_outcome", slug=slug)


@room.post("/c/<slug>/manage/summary/publication", permit=signed_in)
def publish(slug: str) -> ResponseReturnValue:
    """Make the outcome final."""
    form = PublishForm()
    header = consultations.header(viewer=me(), slug=slug)
    if not form.validate() or not form.accept(
        operations.publish_outcome, actor=me(), consultation=header.consultation, seen=form.seen_edit
    ):
        return summary_desk(slug, publish_form=form, status=422)
    flash("The outcome is published.")
    return see_other("outcomes.show_outcome", slug=slug)


@room.post("/c/<slug>/manage/summary/approval", permit=signed_in)
def approve(slug: str) -> ResponseReturnValue:
    """Say yes, as a second person, to the words as they were read."""
    form = ApprovalForm()
    header = consultations.header(viewer=me(), slug=slug)
    if not form.validate() or not form.accept(
        operations.approve_summary, actor=me(), consultation=header.consultation, seen=form.seen.data or ""
    ):
        return summary_desk(slug, approval_form=form, status=422)
    flash("You approved the summary as it is now. Whoever changes a word of it needs a new approval.")
    return see_other("outcomes.summary", slug=slug)


@room.post("/c/<slug>/manage/summary/omissions", permit=signed_in)
def leave_out(slug: str) -> ResponseReturnValue:
    """Say why a view of few has no sentence."""
    form = OmissionForm()
    header = consultations.header(viewer=me(), slug=slug)
    if not form.validate() or not form.accept(
        operations.leave_out, actor=me(), consultation=header.consultation, position=form.position.data or "",
        clause=form.clause.data or "", reason=form.reason.data or "",
    ):  # fmt: skip
        return summary_desk(slug, omission_form=form, status=422)
    flash("The reason is saved. It is shown with the outcome." if form.reason.data else "The reason is taken back.")
    return see_other("outcomes.summary", slug=slug, _anchor="few")


def _source(slug: str, statement_id: int, operation: Any) -> ResponseReturnValue:
    header = consultations.header(viewer=me(), slug=slug)
    numbers = [SourceForm().number.data or ""]
    comment = queries.comments_by_number(viewer=me(), consultation=header.consultation, numbers=numbers)[0]
    operation(actor=me(), consultation=header.consultation, comment=comment, statement_id=statement_id)
    back = Filters.read(request.args).args | ({"after": request.args["after"]} if request.args.get("after") else {})
    return see_other("outcomes.summary", slug=slug, statement=statement_id, _anchor="sources", **back)


def summary_desk(slug: str, status: int = 200, edit: int = 0, **forms: Any) -> ResponseReturnValue:
    """The page on which the summary is written, with the forms that were sent in place of fresh ones."""
    header = consultations.header(viewer=me(), slug=slug)
    page = queries.summary_page(
        viewer=me(), consultation=header.consultation, statement_id=_id("statement"),
        filters=Filters.read(request.args), after=request.args.get("after"),
    )  # fmt: skip
    edit = edit or _id("edit")
    shown = _forms(page, edit) | forms
    return show("outcomes/summary.html", header=header, page=page, edit=edit, status=status, **shown)


def _forms(page: SummaryPage, edit: int) -> dict[str, Any]:
    line = queries.one_line(page.account, edit) if edit else None
    return {
        "headline_form": HeadlineForm(formdata=None, headline=page.account.headline, seen=page.headline_mark),
        "add_form": NewStatementForm(formdata=None),
        "edit_form": StatementForm(formdata=None, obj=line, seen=line.mark) if line else None,
        "publish_form": PublishForm(formdata=None, seen=page.account.edit_number),
        "approval_form": ApprovalForm(formdata=None, seen=page.account.digest),
        "omission_form": OmissionForm(formdata=None),
        "correction_form": CorrectionForm(formdata=None),
        "action": ActionForm(formdata=None),
    }


def _id(name: str) -> int:
    number: int = request.args.get(name, 0, type=whole)
    return max(number, 0)
