"""Doors of drafts: keeping what one began, finding it again, putting it away and back."""

from __future__ import annotations

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from consult.core.doors import me, see_other, show
from consult.core.rules import signed_in
from consult.debate import operations, queries
from consult.debate.forms import CommentForm
from consult.debate.queries import Writing

from .room import room

ONE = "/me/drafts/<int:draft_id>"


def begin(target: Writing) -> tuple[Writing, CommentForm, queries.Begun | None]:
    """A fresh form for a new comment, or the one that was begun here, with the words it quotes."""
    begun = queries.begun(viewer=me(), version=target.version, place=target.place)
    if begun is None:
        argued = [p.key for p in target.positions if p.key in request.args.getlist("position")]
        return target, CommentForm(target.positions, formdata=None, new_text=target.old_text, positions=argued), None
    if begun.passages and not target.quotes:
        target = queries.writing_about(
            viewer=me(), consultation=target.consultation, version=target.version, named=target.named,
            passages=begun.passages,
        )  # fmt: skip
    # The same sheet on every device: what is posted from two of them is one comment.
    given = {"new_text": target.old_text} | begun.fields | {"draft": begun.edit_number, "submission": begun.sheet}
    return target, CommentForm(target.positions, formdata=None, **given), begun


@room.get("/me/drafts", permit=signed_in)
def my_drafts() -> ResponseReturnValue:
    """What one began to write and has not posted."""
    page = queries.my_drafts(viewer=me(), after=request.args.get("after"))
    return show("debate/drafts.html", page=page)


@room.post(f"{ONE}/discarding", permit=signed_in)
def discard_draft(draft_id: int) -> ResponseReturnValue:
    """Put a draft away."""
    operations.discard_draft(actor=me(), draft=queries.find_draft(viewer=me(), draft_id=draft_id))
    flash("Discarded. You can put it back here for 30 days.")
    return see_other(".my_drafts")


@room.post(f"{ONE}/restoring", permit=signed_in)
def restore_draft(draft_id: int) -> ResponseReturnValue:
    """Put a discarded draft back."""
    operations.restore_draft(actor=me(), draft=queries.find_draft(viewer=me(), draft_id=draft_id))
    flash("It is a draft again.")
    return see_other(".my_drafts")


def saved(target: Writing, edit_number: int | None) -> ResponseReturnValue:
    """The answer to saving: for the page's own script a number, for a person the form as it was saved."""
    if "quiet" in request.form:
        return Response(status=204, headers={} if edit_number is None else {"X-Draft": str(edit_number)})
    if edit_number is None:
        flash("This was posted already, so there is no draft of it.")
        return see_other(".my_drafts")
    flash("Saved as a draft. You find it here, and under My drafts, on every device on which you sign in.")
    passages = [str(span) for span in target.spans]
    keys = [clause.key for clause in target.named]
    there = url_for(".write", slug=target.slug, version=target.version.number, clause=keys, passage=passages)
    return redirect(there, 303)
