"""The guide, questions with their answers, and terms."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import func, select

from consult.consultations.models import Consultation
from consult.core import clock, ids
from consult.core.db import insert_new
from consult.core.errors import Conflict, Invalid, Missing
from consult.core.events import emit
from consult.core.operations import SubmissionKey, operation, session
from consult.core.rules import SYSTEM, Actor
from consult.core.text import article, markdown, normalise, plain
from consult.documents import queries as documents

from .. import queries, rules
from ..events import GuideChanged
from ..glossary import fold, seconds_to_read
from ..models import Guide, GuideQuestion, Term

Row = TypeVar("Row", Guide, GuideQuestion, Term)
LONGEST_GUIDE, LONGEST_ANSWER, LONGEST_EXPLANATION = 60_000, 8_000, 2_000
LONGEST_NAME, LONGEST_QUESTION = 80, 300
MOST_QUESTIONS, MOST_TERMS, MOST_VARIANTS = 100, 300, 20
CHANGED = (
    "Somebody saved other words since you opened this page. Nothing you typed is lost: compare it with what is saved"
    " now, and save again."
)


@operation(rule=rules.may_explain, on="consultation")
def write_guide(*, actor: Actor, consultation: Consultation, text: str, seen: int) -> Guide:
    """Write the guide (Markdown). `seen` is the edit number that was open; another one is a Conflict."""
    words = _words(text, LONGEST_GUIDE, "", "text")
    insert_new(Guide, consultation_id=consultation.id, changed_at=clock.now())
    row = session().scalars(select(Guide).where(Guide.consultation_id == consultation.id)).one()
    session().refresh(row)
    if row.text == words:  # pressed twice
        return row
    _unchanged(row, seen)
    html = article(words) if words else ""
    row.text, row.html, row.seconds = words, html, seconds_to_read(plain(html))
    return _changed(row, consultation)


@operation(rule=rules.may_explain, on="consultation")
def add_question(
    *, actor: Actor, consultation: Consultation, question: str, answer: str, key: SubmissionKey | None = None
) -> GuideQuestion:
    """Add a question with its answer at the end."""
    mine = GuideQuestion.consultation_id == consultation.id
    count, last = session().execute(select(func.count(), func.max(GuideQuestion.rank)).where(mine)).one()
    if count >= MOST_QUESTIONS:
        raise Invalid(f"There are {count} questions already, and nobody reads more. Put some together.", "question")
    asked, words = _question(question, answer)
    html = markdown(words)
    row = GuideQuestion(
        consultation_id=consultation.id, question=asked, answer=words, html=html, rank=(last or 0) + 1,
        seconds=seconds_to_read(f"{asked} {plain(html)}"),
    )  # fmt: skip
    session().add(row)
    session().flush()
    emit(GuideChanged(consultation.id))
    return row


@operation(rule=rules.may_explain, on="consultation")
def edit_question(
    *, actor: Actor, consultation: Consultation, question_id: int, question: str, answer: str, seen: int
) -> GuideQuestion:
    """Change a question or its answer; `seen` as in `write_guide`."""
    row = _question_of(consultation, question_id)
    asked, words = _question(question, answer)
    if (row.question, row.answer) == (asked, words):  # pressed twice
        return row
    _unchanged(row, seen)
    row.question, row.answer, row.html = asked, words, markdown(words)
    row.seconds = seconds_to_read(f"{asked} {plain(row.html)}")
    return _changed(row, consultation)


@operation(rule=rules.may_explain, on="consultation")
def move_question(*, actor: Actor, consultation: Consultation, question_id: int, is_up: bool) -> GuideQuestion:
    """Change places with the question before (or after); at the end nothing happens."""
    row = _question_of(consultation, question_id)
    beyond = GuideQuestion.rank < row.rank if is_up else GuideQuestion.rank > row.rank
    neighbour = session().scalars(
        select(GuideQuestion)
        .where(GuideQuestion.consultation_id == consultation.id, beyond)
        .order_by(GuideQuestion.rank.desc() if is_up else GuideQuestion.rank)
        .limit(1)
    )  # fmt: skip
    other = neighbour.first()
    if other is not None:
        row.rank, other.rank = other.rank, row.rank
    return row


@operation(rule=rules.may_explain, on="consultation")
def remove_question(*, actor: Actor, consultation: Consultation, question_id: int) -> None:
    """Take a question out."""
    session().delete(_question_of(consultation, question_id))
    session().flush()
    emit(GuideChanged(consultation.id))


@operation(rule=rules.may_explain, on="consultation")
def add_term(
    *, actor: Actor, consultation: Consultation, name: str, explanation: str, variants: str = "", clause: str = "",
    key: SubmissionKey | None = None,
) -> Term:  # fmt: skip
    """Explain a term. `variants`: other forms of it, one a line; `clause`: number of the clause that defines it."""
    rows = queries.terms_of(viewer=SYSTEM, consultation=consultation)
    if len(rows) >= MOST_TERMS:
        raise Invalid(f"There are {len(rows)} terms already; more would mark every other word.", "name")
    known, forms, words = _term(consultation, name, variants, explanation)
    lineage_id = _lineage(consultation, clause)
    row = Term(
        consultation_id=consultation.id, key=_free_key(known, {row.key for row in rows}), name=known, variants=forms,
        explanation=words, html=markdown(words), lineage_id=lineage_id,
    )  # fmt: skip
    session().add(row)
    session().flush()
    emit(GuideChanged(consultation.id))
    return row


@operation(rule=rules.may_explain, on="consultation")
def edit_term(
    *, actor: Actor, consultation: Consultation, term_id: int, name: str, explanation: str, seen: int,
    variants: str = "", clause: str = "",
) -> Term:  # fmt: skip
    """Change a term; its address on the guide's page stays. `seen` as in `write_guide`."""
    row = _term_of(consultation, term_id)
    known, forms, words = _term(consultation, name, variants, explanation, row)
    lineage_id = _lineage(consultation, clause)
    if (row.name, row.variants, row.explanation, row.lineage_id) == (known, forms, words, lineage_id):
        return row  # pressed twice
    _unchanged(row, seen)
    row.name, row.variants, row.explanation, row.html = known, forms, words, markdown(words)
    row.lineage_id = lineage_id
    return _changed(row, consultation)


@operation(rule=rules.may_explain, on="consultation")
def remove_term(*, actor: Actor, consultation: Consultation, term_id: int) -> None:
    """Take a term out; it is marked nowhere any more."""
    session().delete(_term_of(consultation, term_id))
    session().flush()
    emit(GuideChanged(consultation.id))


@operation(rule=rules.may_explain, on="consultation")
def take_definition(*, actor: Actor, consultation: Consultation, clause_key: str) -> Term:
    """Take a definition of the draft into the glossary, in the draft's words; taken twice it is there once."""
    rows = queries.terms_of(viewer=SYSTEM, consultation=consultation)
    offers = queries.offers(viewer=actor, consultation=consultation, terms=rows)
    offer = next((one for one in offers if one.key == clause_key), None)
    if offer is None:
        raise Missing("The draft has no such definition, or it is in the glossary already.")
    return add_term(
        actor=actor, consultation=consultation, name=offer.name, explanation=offer.words[:LONGEST_EXPLANATION],
        clause=offer.key,
    )  # fmt: skip


def _words(text: str, longest: int, ask: str, field: str) -> str:
    tidy = normalise(text)
    if not tidy and ask:
        raise Invalid(ask, field)
    if len(tidy) > longest:
        raise Invalid(f"This is {len(tidy):,} characters long; {longest:,} is the most. Shorten it.", field)
    return tidy


def _line(text: str, longest: int, ask: str, field: str) -> str:
    return " ".join(_words(text, longest, ask, field).split())


def _question(question: str, answer: str) -> tuple[str, str]:
    return (
        _line(question, LONGEST_QUESTION, "Write the question as a reader would ask it.", "question"),
        _words(answer, LONGEST_ANSWER, "Write the answer.", "answer"),
    )


def _term(
    consultation: Consultation, name: str, variants: str, explanation: str, row: Term | None = None
) -> tuple[str, str, str]:
    """Name, variants (one a line) and explanation, tidied; Invalid when another term is written like it."""
    known = _line(name, LONGEST_NAME, "Write the term as the draft has it.", "name")
    words = _words(explanation, LONGEST_EXPLANATION, "Say in plain words what it means.", "explanation")
    if not fold(known):
        raise Invalid("Write the term in letters or numbers, so that it can be found in the draft.", "name")
    others = [one for one in queries.terms_of(viewer=SYSTEM, consultation=consultation) if one is not row]
    taken = {fold(form): one.name for one in others for form in one.forms}
    forms = dict.fromkeys(
        form for form in (" ".join(line.split()) for line in normalise(variants).splitlines()) if form
    )
    forms = {form: None for form in forms if fold(form) and fold(form) != fold(known)}
    if len(forms) > MOST_VARIANTS or any(len(form) > LONGEST_NAME for form in forms):
        raise Invalid(f"{MOST_VARIANTS} other forms of {LONGEST_NAME} characters each are the most.", "variants")
    for form, field in ((known, "name"), *((form, "variants") for form in forms)):
        if fold(form) in taken:
            raise Invalid(f"“{form}” is a form of “{taken[fold(form)]}” already. Change it there.", field)
    return known, "\n".join(forms), words


def _lineage(consultation: Consultation, clause: str) -> str:
    """The lineage of the clause people call so; empty for none, Invalid when there is no such clause."""
    named = " ".join(normalise(clause).split())
    if not named:
        return ""
    version = queries.newest(viewer=SYSTEM, consultation=consultation)
    found = documents.named(viewer=SYSTEM, version=version, names=[named]) if version else []
    if not found:
        raise Invalid(f"The draft has no clause {named}. Write its number as printed, or leave this empty.", "clause")
    return found[0].lineage_id


def _free_key(name: str, taken: set[str]) -> str:
    key = ids.slug(name)
    return next(one for n in range(1, MOST_TERMS + 2) if (one := key if n == 1 else f"{key}-{n}") not in taken)


def _unchanged(row: Guide | GuideQuestion | Term, seen: int) -> None:
    if row.edit_number != seen:
        raise Conflict(CHANGED)


def _changed(row: Row, consultation: Consultation) -> Row:
    row.edit_number += 1
    row.changed_at = clock.now()
    session().flush()
    emit(GuideChanged(consultation.id))
    return row


def _question_of(consultation: Consultation, question_id: int) -> GuideQuestion:
    row = queries.question(viewer=SYSTEM, consultation=consultation, question_id=question_id)
    session().refresh(row)
    return row


def _term_of(consultation: Consultation, term_id: int) -> Term:
    row = queries.term(viewer=SYSTEM, consultation=consultation, term_id=term_id)
    session().refresh(row)
    return row
