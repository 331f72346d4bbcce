"""Doors for organisers and editors: the guide, questions and answers, terms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue

from consult.core.doors import me, see_other, show
from consult.core.forms import ActionForm
from consult.core.ids import whole
from consult.core.records import Record
from consult.core.rules import signed_in
from consult.documents.queries import manage_header

from .. import operations, queries, rules
from ..forms import GuideForm, KeptForm, MoveForm, OfferForm, QuestionForm, TermForm
from .room import OFTEN, room

HOME = "/c/<slug>/manage/learning"
ITEMS = f"{HOME}/<any(questions, terms):kind>"
ITEM = f"{ITEMS}/<int(max=999999999999999):item_id>"  # larger numbers are no ids in any of our databases


class Section(Record):
    """What is done alike with questions and with terms."""

    form: type[KeptForm]
    id_name: str
    find: Callable[..., Any]
    add: Callable[..., Any]
    edit: Callable[..., Any]
    remove: Callable[..., Any]


SECTIONS: Mapping[str, Section] = {
    "questions": Section(
        QuestionForm, "question_id", queries.question, operations.add_question, operations.edit_question,
        operations.remove_question,
    ),
    "terms": Section(
        TermForm, "term_id", queries.term, operations.add_term, operations.edit_term, operations.remove_term
    ),
}  # fmt: skip
SAID = {"questions": "question", "terms": "term"}


@room.get(HOME, permit=signed_in)
def desk(slug: str) -> ResponseReturnValue:
    """Where the guide, the answers, the terms and the shelf are made."""
    header = manage_header(viewer=me(), slug=slug)
    summary = queries.summary(viewer=me(), consultation=header.consultation)
    shelf = queries.shelf(viewer=me(), consultation=header.consultation)
    verdict = rules.may_explain(me(), header.consultation)
    return show("learning/desk.html", slug=slug, header=header, summary=summary, shelf=shelf, verdict=verdict)


@room.get(f"{HOME}/guide", permit=signed_in)
def edit_guide(slug: str) -> ResponseReturnValue:
    """The guide as it is written."""
    header = manage_header(viewer=me(), slug=slug)
    row = queries.guide(viewer=me(), consultation=header.consultation)
    return _guide_page(slug, GuideForm.of(row))


@room.post(f"{HOME}/guide", permit=signed_in)
def save_guide(slug: str) -> ResponseReturnValue:
    """Save it."""
    header = manage_header(viewer=me(), slug=slug)
    form = GuideForm()
    if not (
        form.validate()
        and form.accept(
            operations.write_guide, actor=me(), consultation=header.consultation, seen=form.seen_number, **form.typed()
        )
    ):
        row = queries.guide(viewer=me(), consultation=header.consultation)
        return _guide_page(slug, form, meanwhile=form.meanwhile(row), status=422)
    flash("The guide is saved.")
    return see_other("learning.desk", slug=slug, sent=form.sheet)


@room.post(f"{HOME}/guide/preview", permit=signed_in, limit=OFTEN)
def preview_guide(slug: str) -> ResponseReturnValue:
    """How it will look; nothing is kept."""
    form = GuideForm()
    if not form.validate():
        return _guide_page(slug, form, status=422)
    return _guide_page(slug, form, preview=form.preview())


@room.get(ITEMS, permit=signed_in)
def items(slug: str, kind: str) -> ResponseReturnValue:
    """All questions, or all terms with what the draft defines itself."""
    header = manage_header(viewer=me(), slug=slug)
    row, verdict = header.consultation, rules.may_explain(me(), header.consultation)
    about: dict[str, Any] = {"rows": queries.questions(viewer=me(), consultation=row)}
    if kind == "terms":
        terms = queries.terms_of(viewer=me(), consultation=row)
        offers = queries.offers(viewer=me(), consultation=row, terms=terms) if verdict else ()
        about = {"rows": terms, "offers": offers, "places": queries.places(viewer=me(), consultation=row, terms=terms)}
    action = ActionForm(formdata=None)
    return show(f"learning/{kind}.html", slug=slug, header=header, verdict=verdict, action=action, **about)


@room.get(f"{ITEMS}/new", permit=signed_in)
def new_item(slug: str, kind: str) -> ResponseReturnValue:
    """A question or a term to add."""
    return _item_page(slug, kind, SECTIONS[kind].form.of(None))


@room.post(ITEMS, permit=signed_in)
def add_item(slug: str, kind: str) -> ResponseReturnValue:
    """Add it."""
    header, section = manage_header(viewer=me(), slug=slug), SECTIONS[kind]
    form = section.form()
    row = form.validate() and form.accept(
        section.add, actor=me(), consultation=header.consultation, key=form.key, **form.typed()
    )
    if not row:
        return _item_page(slug, kind, form, status=422)
    flash(f"The {SAID[kind]} is added.")
    return see_other("learning.items", slug=slug, kind=kind, sent=form.sheet, _anchor=f"i{row.id}")


@room.post(f"{ITEMS}/preview", permit=signed_in, limit=OFTEN)
def preview_item(slug: str, kind: str) -> ResponseReturnValue:
    """How it will look; nothing is kept. ?item= is the one that is changed."""
    form = SECTIONS[kind].form()
    item_id = request.args.get("item", 0, type=whole)
    is_fine = form.validate()
    shown = form.preview() if is_fine else ""  # type: ignore[attr-defined]
    return _item_page(slug, kind, form, item_id=item_id, preview=shown, status=200 if is_fine else 422)


@room.get(ITEM, permit=signed_in)
def edit_item(slug: str, kind: str, item_id: int) -> ResponseReturnValue:
    """A question or a term as it is saved."""
    row, known = _saved(slug, kind, item_id)
    return _item_page(slug, kind, SECTIONS[kind].form.of(row, **known), item_id=item_id)


@room.post(ITEM, permit=signed_in)
def save_item(slug: str, kind: str, item_id: int) -> ResponseReturnValue:
    """Save it."""
    header, section = manage_header(viewer=me(), slug=slug), SECTIONS[kind]
    form = section.form()
    values = {section.id_name: item_id, "seen": form.seen_number, **form.typed()}
    if not (form.validate() and form.accept(section.edit, actor=me(), consultation=header.consultation, **values)):
        row, known = _saved(slug, kind, item_id)
        return _item_page(slug, kind, form, item_id=item_id, meanwhile=form.meanwhile(row, **known), status=422)
    flash(f"The {SAID[kind]} is saved.")
    return see_other("learning.items", slug=slug, kind=kind, sent=form.sheet, _anchor=f"i{item_id}")


@room.get(f"{ITEM}/removal", permit=signed_in)
def confirm_removal(slug: str, kind: str, item_id: int) -> ResponseReturnValue:
    """Ask before a question or a term goes."""
    row, _known = _saved(slug, kind, item_id)
    header = manage_header(viewer=me(), slug=slug)
    return show(
        "learning/removal.html", slug=slug, header=header, kind=kind, row=row, form=ActionForm(),
        verdict=rules.may_explain(me(), header.consultation),
    )  # fmt: skip


@room.post(f"{ITEM}/removal", permit=signed_in)
def remove_item(slug: str, kind: str, item_id: int) -> ResponseReturnValue:
    """Take it out."""
    header, section = manage_header(viewer=me(), slug=slug), SECTIONS[kind]
    section.remove(actor=me(), consultation=header.consultation, **{section.id_name: item_id})
    flash(f"The {SAID[kind]} is removed.")
    return see_other("learning.items", slug=slug, kind=kind)


@room.post(f"{HOME}/questions/<int(max=999999999999999):item_id>/moves", permit=signed_in)
def move_question(slug: str, item_id: int) -> ResponseReturnValue:
    """Put a question one place up or down."""
    header = manage_header(viewer=me(), slug=slug)
    is_up = MoveForm().direction.data == "up"
    operations.move_question(actor=me(), consultation=header.consultation, question_id=item_id, is_up=is_up)
    return see_other("learning.items", slug=slug, kind="questions", _anchor=f"i{item_id}")


@room.post(f"{HOME}/terms/definitions", permit=signed_in)
def take_definition(slug: str) -> ResponseReturnValue:
    """Take a definition of the draft into the glossary."""
    header = manage_header(viewer=me(), slug=slug)
    key = OfferForm().clause.data or ""
    row = operations.take_definition(actor=me(), consultation=header.consultation, clause_key=key)
    flash(f"“{row.name}” is in the glossary now, in the words of the draft. Say it more plainly if you can.")
    return see_other("learning.items", slug=slug, kind="terms", _anchor=f"i{row.id}")


def _saved(slug: str, kind: str, item_id: int) -> tuple[Any, dict[str, Any]]:
    """A question or a term, and of a term what people call the clause that defines it."""
    header, section = manage_header(viewer=me(), slug=slug), SECTIONS[kind]
    row = section.find(viewer=me(), consultation=header.consultation, **{section.id_name: item_id})
    if kind != "terms":
        return row, {}
    place = queries.places(viewer=me(), consultation=header.consultation, terms=[row]).get(row.lineage_id)
    return row, {"clause": place.cited if place else ""}


def _item_page(
    slug: str, kind: str, form: KeptForm, *, item_id: int = 0, preview: str = "", meanwhile: Any = (), status: int = 200
) -> ResponseReturnValue:
    header = manage_header(viewer=me(), slug=slug)
    return show(
        f"learning/{SAID[kind]}.html", slug=slug, header=header, kind=kind, form=form, item_id=item_id, preview=preview,
        meanwhile=meanwhile, verdict=rules.may_explain(me(), header.consultation), status=status,
    )  # fmt: skip


def _guide_page(
    slug: str, form: KeptForm, *, preview: str = "", meanwhile: Any = (), status: int = 200
) -> ResponseReturnValue:
    header = manage_header(viewer=me(), slug=slug)
    return show(
        "learning/edit_guide.html", slug=slug, header=header, form=form, preview=preview, meanwhile=meanwhile,
        verdict=rules.may_explain(me(), header.consultation), status=status,
    )  # fmt: skip
