"""Doors of whole letters: sending one, cutting it into comments, reading it, discarding it."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue

from consult.consultations import queries as consultations
from consult.consultations.models import Position
from consult.core.doors import me, see_other, show
from consult.core.forms import ActionForm
from consult.core.rules import anyone, signed_in
from consult.debate import letters, operations, queries, rules
from consult.debate.forms import CutForm, LetterForm, PieceForm
from consult.debate.letters import Fields, Plan
from consult.debate.models import Letter
from consult.debate.operations.letters import ELSEWHERE
from consult.documents import importers

from .comments import WAITS
from .proving import sent
from .room import room

ALL = "/c/<slug>/letters"
ONE = f"{ALL}/<int:letter_id>"
OFTEN = "60 per 15 minutes"
UNREADY = "Nothing is posted yet: {names} cannot be posted like this. What is missing is said at each."


@room.get(ALL, permit=anyone)
def all_letters(slug: str) -> ResponseReturnValue:
    """The letters that were sent whole, as far as one may read them."""
    header = consultations.header(viewer=me(), slug=slug)
    page = queries.letters_of(viewer=me(), consultation=header.consultation, after=request.args.get("after"))
    return show("debate/whole_letters.html", header=header, page=page)


@room.get("/me/letters", permit=signed_in)
def my_letters() -> ResponseReturnValue:
    """The letters one sent."""
    return show("debate/my_letters.html", page=queries.my_letters(viewer=me(), after=request.args.get("after")))


@room.get(f"{ALL}/new", permit=anyone)
def new_letter(slug: str) -> ResponseReturnValue:
    """The page on which one sends a letter."""
    return _sending(slug, LetterForm(formdata=None))


@room.post(ALL, permit=signed_in, limit=OFTEN)
def send_letter(slug: str) -> ResponseReturnValue:
    """Keep a letter whole, and go on to cutting it."""
    form = LetterForm()
    letter = _keep(slug, form) if form.validate() else None
    if letter is None:
        return _sending(slug, form, 422)
    if letter.is_handed_over:
        flash(
            "Your letter is kept whole. The moderators can cut it now; you can do it yourself as long as they have not."
        )
        return see_other(".whole_letter", slug=slug, letter_id=letter.id, sent=form.sheet)
    flash(
        "Your letter is kept whole. Nothing of it is public yet. Look where each comment begins, and say what it argues from."
    )
    return see_other(".cut_letter", slug=slug, letter_id=letter.id, sent=form.sheet)


def _keep(slug: str, form: LetterForm) -> Letter | None:
    """Read the file, if there is one, outside of any transaction; then keep the letter."""
    data = form.file.data.read() if form.file.data else b""
    read = form.accept(importers.take_letter, data=data, name=form.file_name) if data or form.file.data else None
    if form.errors:
        return None
    if read is not None:
        for remark in read.remarks:
            flash(remark)
    given = {"body": form.body.data or ""} if read is None else {
        "body": read.text, "kind": read.kind, "source_name": form.file_name,
        "sha256": hashlib.sha256(data).hexdigest(),
    }  # fmt: skip
    return form.accept(
        operations.send_letter, actor=me(), consultation=consultations.find(viewer=me(), slug=slug),
        title=form.title.data or "", is_handed_over=form.cut_by.data == "moderators", named=form.named.data or "", key=form.key, **given,
    )  # fmt: skip


def _sending(slug: str, form: LetterForm, status: int = 200) -> ResponseReturnValue:
    header = consultations.header(viewer=me(), slug=slug)
    may = rules.may_send_letter(me(), header.consultation)
    return show("debate/new_letter.html", header=header, form=form, may=may, status=status)


@room.get(ONE, permit=anyone)
def whole_letter(slug: str, letter_id: int) -> ResponseReturnValue:
    """A whole letter, with its comments marked in it."""
    header = consultations.header(viewer=me(), slug=slug)
    row = queries.find_letter(viewer=me(), slug=slug, letter_id=letter_id)
    return show("debate/whole_letter.html", header=header, page=queries.letter_page(viewer=me(), letter=row))


@room.get(f"{ONE}/cut", permit=signed_in)
def cut_letter(slug: str, letter_id: int) -> ResponseReturnValue:
    """The letter's paragraphs, and what each becomes."""
    row = queries.find_letter(viewer=me(), slug=slug, letter_id=letter_id)
    if row.cut_at is not None:
        return see_other(".whole_letter", slug=slug, letter_id=letter_id)
    page = queries.cutting(viewer=me(), letter=row)
    return _cutting(page, CutForm(formdata=None, seen=row.plan_number))


@room.post(f"{ONE}/cut", permit=signed_in, limit="600 per 15 minutes")
def save_cut(slug: str, letter_id: int) -> ResponseReturnValue:
    """Keep how far one has come."""
    form, page = CutForm(), _sent(slug, letter_id)
    given = {"letter": page.letter, "plan": page.plan, "seen": form.seen.data or 0}
    if form.accept(operations.save_cut, actor=me(), **given):
        flash("Saved. Nothing is public yet; you find this letter under My letters on every device.")
        return see_other(".cut_letter", slug=slug, letter_id=letter_id, sent=form.sheet)
    return _cutting(_again(slug, page, form), form, 409 if ELSEWHERE in form.form_errors else 422)


@room.post(f"{ONE}/cut/preview", permit=signed_in, limit="600 per 15 minutes")
def preview_cut(slug: str, letter_id: int) -> ResponseReturnValue:
    """What the comments would look like; nothing is kept."""
    return _cutting(_sent(slug, letter_id), CutForm(), is_preview=True)


@room.post(f"{ONE}/comments", permit=signed_in, limit=OFTEN)
def post_letter(slug: str, letter_id: int) -> ResponseReturnValue:
    """Post every piece as a comment, all of them or none."""
    form = CutForm()
    there: dict[str, Any] = {"endpoint": ".whole_letter", "slug": slug, "letter_id": letter_id, "sent": form.sheet}
    if queries.find_letter(viewer=me(), slug=slug, letter_id=letter_id).cut_at is not None:  # sent twice
        return see_other(**there)
    page = _sent(slug, letter_id)
    if not _post(page, form):
        return _cutting(_again(slug, page, form), form, 422)
    flash(_told(queries.find_letter(viewer=me(), slug=slug, letter_id=letter_id)))
    return see_other(**there)


def _told(letter: Letter) -> str:
    count = len(letter.pieces)
    comments = f"{count} {'comment' if count == 1 else 'comments'}"
    if any(piece.comment.state == "held" for piece in letter.pieces):
        return f"We have your letter as {comments}. {WAITS}"
    return f"Public now: {comments}, and the letter. Every comment gets an answer."


def _post(page: queries.Cutting, form: CutForm) -> bool:
    if page.unready:
        names = ", ".join(f"comment {number}" for number in page.unready)
        form.form_errors.append(UNREADY.format(names=names))
        return False
    given = {"letter": page.letter, "version": page.version, "plan": page.plan, "key": form.sheet} | sent()
    return form.accept(operations.post_letter, actor=me(), **given) is not None


def _sent(slug: str, letter_id: int) -> queries.Cutting:
    """The cut as it was sent; pieces that are not on the page keep what was saved of them."""
    row = queries.find_letter(viewer=me(), slug=slug, letter_id=letter_id)
    count = len(letters.blocks(row.text))
    cuts = letters.settled([_cut(at) for at in range(count)], count)
    positions = consultations.find(viewer=me(), slug=slug).positions
    typed = {at: _piece(positions, at).fields() for at in range(count) if f"p{at}-given" in request.form}
    kept = queries.kept_plan(viewer=me(), letter=row).fields
    return queries.cutting(viewer=me(), letter=row, plan=Plan(cuts, {**kept, **typed}))


def _cut(at: int) -> str:
    """What was chosen for a paragraph; where that is lost, a comment that was described there still begins there."""
    chosen = request.form.get(f"cut-{at}", "")
    return letters.BEGIN if chosen not in letters.CUTS and f"p{at}-given" in request.form else chosen


def _again(slug: str, page: queries.Cutting, form: CutForm) -> queries.Cutting:
    """The same page after an operation said no; the next try is judged by what is kept now."""
    row = queries.find_letter(viewer=me(), slug=slug, letter_id=page.letter.id)
    form.seen.data = row.plan_number
    return queries.cutting(viewer=me(), letter=row, plan=page.plan)


def _piece(positions: list[Position], at: int, fields: Fields | None = None) -> PieceForm:
    prefix = f"p{at}-"
    if fields is None:
        return PieceForm(positions, prefix=prefix)
    given = {"clauses": fields.clauses, "positions": fields.positions, "costs": fields.costs, "stance": fields.stance}
    return PieceForm(positions, prefix=prefix, formdata=None, type=fields.type, **given)


def _cutting(
    page: queries.Cutting, form: CutForm, status: int = 200, *, is_preview: bool = False
) -> ResponseReturnValue:  # fmt: skip
    header = consultations.header_of(page.letter.consultation, viewer=me())
    forms = {piece.first: _piece(list(page.positions), piece.first, piece.fields) for piece in page.pieces}
    return show(
        "debate/cut_letter.html", header=header, page=page, form=form, forms=forms, cuts=letters.CUTS,
        is_preview=is_preview, status=status,
    )  # fmt: skip


@room.post(f"{ONE}/handing-over", permit=signed_in)
def hand_over_letter(slug: str, letter_id: int) -> ResponseReturnValue:
    """Let the moderators cut it, or take that back."""
    row = queries.find_letter(viewer=me(), slug=slug, letter_id=letter_id)
    is_handed_over = request.form.get("to") == "moderators"
    operations.hand_over_letter(actor=me(), letter=row, is_handed_over=is_handed_over)
    flash("The moderators can cut it now." if is_handed_over else "Only you can cut it now.")
    return see_other(".whole_letter", slug=slug, letter_id=letter_id)


@room.get(f"{ONE}/discarding", permit=signed_in)
def discard(slug: str, letter_id: int) -> ResponseReturnValue:
    """Ask once more."""
    header = consultations.header(viewer=me(), slug=slug)
    row = queries.find_letter(viewer=me(), slug=slug, letter_id=letter_id)
    page = queries.letter_page(viewer=me(), letter=row)
    return show("debate/discarding.html", header=header, page=page, form=ActionForm(formdata=None))


@room.post(f"{ONE}/discarding", permit=signed_in)
def discard_letter(slug: str, letter_id: int) -> ResponseReturnValue:
    """Discard a letter of which nothing is public."""
    operations.discard_letter(actor=me(), letter=queries.find_letter(viewer=me(), slug=slug, letter_id=letter_id))
    flash("Your letter is deleted. Nothing of it was public.")
    return see_other(".my_letters")
