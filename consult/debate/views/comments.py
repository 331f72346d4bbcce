"""Doors of comments: the whole debate, one comment, writing."""

from __future__ import annotations

from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue

from consult.consultations import queries as consultations
from consult.core import text
from consult.core.doors import me, see_other, show
from consult.core.ids import whole
from consult.core.rules import anyone, signed_in
from consult.debate import operations, queries
from consult.debate.composing import NOT_THERE
from consult.debate.forms import SORT_NAMES, SORT_REASONS, CommentForm, ReplyForm, SiftForm
from consult.debate.models import Comment, Reply
from consult.documents import queries as documents
from consult.outcomes import queries as outcomes

from .room import room
from .words import show_choices

OFTEN = "120 per 15 minutes"  # for a whole library behind one address; one person writes far less


@room.get("/c/<slug>/comments", permit=anyone)
def comments(slug: str) -> ResponseReturnValue:
    """The whole debate: filtered, sorted, page by page."""
    header = consultations.header(viewer=me(), slug=slug)
    form = SiftForm(header.consultation.positions, formdata=request.args)
    page = queries.listing(
        viewer=me(), consultation=header.consultation, filters=form.filters(), round_number=form.round_number,
        sort=form.order, seed=form.number, after=request.args.get("after"), before=request.args.get("before"),
    )  # fmt: skip
    if page.since is None:  # nothing is new to somebody of whom no visit is known
        form.new.data = ""
    return show(
        "debate/comments.html", header=header, form=form, page=page, sorts=SORT_NAMES, reasons=SORT_REASONS, next_seed=form.next_seed,
    )  # fmt: skip


@room.get("/c/<slug>/comments/new", permit=anyone)
def write(slug: str) -> ResponseReturnValue:
    """The page with the form, for clauses or for the whole draft."""
    target = _target(slug)
    return _writing(target, CommentForm(target.positions, formdata=None, new_text=target.old_text))


@room.post("/c/<slug>/comments/preview", permit=signed_in, limit=OFTEN)
def preview(slug: str) -> ResponseReturnValue:
    """What the comment would look like, or which words it quotes; nothing is kept."""
    target = _target(slug)
    form = CommentForm(target.positions)
    if "choose" in request.form and target.named:
        return show_choices(target, request.form)
    if not {"leave_out", "chosen"}.isdisjoint(request.form):  # other words, and the comment may not be finished yet
        return _writing(target, form)
    if not form.validate():
        return _writing(target, form, 422)
    return _writing(target, form, preview=form.preview(target.old_text))


@room.post("/c/<slug>/comments", permit=signed_in, limit=OFTEN)
def post_comment(slug: str) -> ResponseReturnValue:
    """Post a comment."""
    target = _target(slug)
    form = CommentForm(target.positions)
    comment = _post(target, form) if form.validate() and not target.is_lost else None
    if comment is not None and form.is_what_was_sent(comment.body, comment.number):
        flash(f"Your comment is public as {comment.number}. Every comment gets an answer; you will be told.")
        return see_other(**_back(target, comment.number, form.sheet))
    return _writing(_target(slug), form, 422)


def _post(target: queries.Writing, form: CommentForm) -> Comment | None:
    also = form.accept(queries.further_clauses, viewer=me(), version=target.version, names=form.also_names)
    if also is None:
        return None
    return form.accept(
        operations.post_comment, actor=me(), consultation=target.consultation, version=target.version,
        clauses={*target.clauses, *also}, passages=target.spans, **form.values(target.old_text),
    )  # fmt: skip


def _back(target: queries.Writing, number: str, key: str) -> dict[str, Any]:
    """After posting: the place one came from, with the new letter on top; else the comment's own page."""
    there: dict[str, Any] = {"slug": target.slug, "sent": key}
    if len(target.named) != 1 or request.form.get("back") not in ("text", "clause"):
        return {"endpoint": ".comment", "number": number, **there}
    clause = target.named[0]
    there |= {"version": target.version.number, "sort": "newest", "posted": number}
    if request.form["back"] == "clause":
        return {"endpoint": ".clause", "key": clause.key, "_anchor": "letters", **there}
    return {
        "endpoint": ".reading_page", "page_key": clause.page.key, "at": clause.key, "_anchor": f"c-{clause.key}", **there,
    }  # fmt: skip


@room.get("/c/<slug>/comments/<number>", permit=anyone)
def comment(slug: str, number: str) -> ResponseReturnValue:
    """One comment with its thread, its history and its answer."""
    return show_comment(slug, number)


def show_comment(slug: str, number: str, form: ReplyForm | None = None, status: int = 200) -> ResponseReturnValue:
    """The page of one comment, with the reply form as it was sent, or a fresh one."""
    header = consultations.header(viewer=me(), slug=slug)
    row = queries.find_comment(viewer=me(), slug=slug, number=text.normalise(number))
    page = queries.thread(viewer=me(), comment=row, after=request.args.get("after", 0, whole))
    if form is None and page.card.may_reply:  # who only reads gets no form, and so no cookie
        form = ReplyForm(header.consultation.positions, formdata=None, quotation=quotation(page.card, row))
    answers = outcomes.answers_of(viewer=me(), comment_ids=[row.id])
    return show(
        "debate/comment.html", header=header, page=page, form=form, answers=answers,
        fates=queries.fates(viewer=me(), comment=row), status=status,
    )  # fmt: skip


def quotation(card: queries.Card, thing: Comment | Reply) -> str:
    """What `?quote=1` puts into the form to reply; `&words=…`: only these words of it."""
    if "quote" not in request.args:
        return ""
    return queries.quoted(viewer=me(), card=card, thing=thing, words=text.normalise(request.args.get("words", "")))


@room.get("/c/<slug>/comments/<number>/card", permit=anyone)
def comment_card(slug: str, number: str) -> ResponseReturnValue:
    """A comment in a few lines, for the place where its number is named."""
    row = queries.find_comment(viewer=me(), slug=slug, number=text.normalise(number))
    card = queries.card(viewer=me(), comment=row)
    return show("debate/_peek.html", card=card, words=card.excerpt, called=card.number)


@room.get("/c/<slug>/v<int:version>/clauses/<key>/card", permit=anyone)
def clause_card(slug: str, version: int, key: str) -> ResponseReturnValue:
    """A clause in a few lines, for the place where its number is named."""
    consultation = consultations.find(viewer=me(), slug=slug)
    row = documents.version(viewer=me(), consultation_id=consultation.id, number=version)
    clause = documents.clauses(viewer=me(), version=row, keys=[text.normalise(key)])[0]
    return show("debate/_peek.html", card=None, words=text.excerpt(clause.text, 400), called=clause.name)


def _target(slug: str) -> queries.Writing:
    """What the address or the form says the comment is about."""
    given = request.form if request.method == "POST" else request.args
    passages = [name for name in given.getlist("passage") if name not in given.getlist("leave_out")]
    keys = given.getlist("clause") or ([] if passages else given.getlist("otherwise"))
    return queries.writing(
        viewer=me(), slug=slug, version=given.get("version", type=whole),
        keys=[text.normalise(key) for key in keys], passages=passages,
    )  # fmt: skip


def _writing(
    target: queries.Writing, form: CommentForm, status: int = 200, preview: tuple[str, str] | None = None
) -> ResponseReturnValue:
    header = consultations.header_of(target.consultation, viewer=me())
    if target.is_lost:
        form.form_errors.append(NOT_THERE)
    return show("debate/write.html", header=header, target=target, form=form, preview=preview, status=status)
