"""Doors of the workbench, where comments are answered."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, request
from flask.typing import ResponseReturnValue

from consult.consultations import queries as consultations
from consult.consultations.queries import Header
from consult.core.doors import me, see_other, show
from consult.core.rules import signed_in
from consult.debate.became import listed
from consult.debate.models import DISPOSITIONS, Comment

from .. import operations, placeholders, queries
from ..forms import MOST_AT_ONCE, DecisionForm, UndoForm
from ..queries import Filters
from .room import room


@room.get("/c/<slug>/manage/answers", permit=signed_in)
def workbench(slug: str) -> ResponseReturnValue:
    """What needs an answer; the first of the list, or those that were ticked, on the desk."""
    also = request.args.getlist("also")[: MOST_AT_ONCE + 1]
    return _bench(slug, "", DecisionForm(formdata=None, also=also[1:]), also=also)


@room.get("/c/<slug>/manage/answers/<number>", permit=signed_in)
def desk(slug: str, number: str) -> ResponseReturnValue:
    """One comment on the desk."""
    return _bench(slug, number, DecisionForm(formdata=None))


@room.post("/c/<slug>/manage/answers/<number>", permit=signed_in)
def decide(slug: str, number: str) -> ResponseReturnValue:
    """Answer it, and those ticked beside it; then the next."""
    form = DecisionForm()
    header = consultations.header(viewer=me(), slug=slug)
    comments = queries.comments_by_number(
        viewer=me(), consultation=header.consultation, numbers=[number, *form.also_numbers]
    )
    if not form.validate() or not form.accept(operations.decide, actor=me(), comments=comments, **form.values()):
        return _bench(slug, number, form, also=form.also_numbers, status=422)
    others = f" and {len(comments) - 1} more" if len(comments) > 1 else ""
    flash(f"{comments[0].number}{others}: {DISPOSITIONS[form.code.data].lower()}. Saved.{_rest(comments[0])}")
    return _next(header, comments)


@room.post("/c/<slug>/manage/answers/<number>/template", permit=signed_in)
def fill(slug: str, number: str) -> ResponseReturnValue:
    """The same page with the words of a template; nothing is saved.

    What it leaves open is filled in now for one comment; for several it stays, and each gets its own when they are answered.
    """
    form = DecisionForm()
    consultation = consultations.header(viewer=me(), slug=slug).consultation
    kept = queries.templates(viewer=me(), consultation=consultation)
    [comment] = queries.comments_by_number(viewer=me(), consultation=consultation, numbers=[number])
    is_there = form.take(kept, lambda words: _filled(words, comment, form))
    return _bench(slug, number, form, also=form.also_numbers, status=200 if is_there else 422)


def _filled(words: str, comment: Comment, form: DecisionForm) -> str:
    if form.also_numbers:
        return words
    clause_ids = form.clause_ids
    clauses = [clause for clause in comment.clauses if clause.id in clause_ids] or comment.clauses
    return placeholders.filled(words, number=comment.number, clause=listed([c.short_name for c in clauses]))


def _rest(comment: Comment) -> str:
    """What a comment on several clauses still waits for."""
    waiting = [c.short_name for c in comment.clauses if comment.disposition_for(c.id) == "unresolved"]
    return f" {comment.number} still waits for an answer for {listed(waiting)}." if waiting else ""


@room.post("/c/<slug>/manage/answers/undoings", permit=signed_in)
def undo(slug: str) -> ResponseReturnValue:
    """Take back the last answers."""
    form = UndoForm()
    header = consultations.header(viewer=me(), slug=slug)
    comments = queries.comments_by_number(viewer=me(), consultation=header.consultation, numbers=form.all_numbers)
    if form.validate() and form.accept(
        operations.undo_decisions, actor=me(), comments=comments, answers=form.answer_ids, key=form.key
    ):
        flash(f"Taken back: the answer to {', '.join(form.all_numbers)}. What stood before stands again.")
    for sentence in form.form_errors:
        flash(sentence)
    return see_other("outcomes.desk", slug=slug, number=comments[0].number, **Filters.read(request.args).args)


def _bench(
    slug: str, number: str, form: DecisionForm, also: list[str] | None = None, status: int = 200
) -> ResponseReturnValue:
    header = consultations.header(viewer=me(), slug=slug)
    page = queries.workbench(
        viewer=me(), consultation=header.consultation, filters=Filters.read(request.args), number=number,
        also=also or (), after=request.args.get("after"), before=request.args.get("before"),
    )  # fmt: skip
    form.ask_where(page.item.links if page.item else ())
    form.offer((row.id, row.name) for row in page.templates)
    return show(
        "outcomes/workbench.html", header=header, page=page, form=form, undo_form=UndoForm(formdata=None), status=status
    )


def _next(header: Header, answered: Sequence[Comment]) -> ResponseReturnValue:
    filters = Filters.read(request.args)
    of = consultations.newest_round(viewer=me(), consultation=header.consultation)
    number = queries.next_to_decide(
        viewer=me(), of=of, filters=filters, after_id=answered[-1].id, stay_at=answered[0].id
    )
    if number is None:
        return see_other("outcomes.workbench", slug=header.slug)
    return see_other("outcomes.desk", slug=header.slug, number=number, **filters.args)
