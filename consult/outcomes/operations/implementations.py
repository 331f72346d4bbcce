"""What became of accepted changes in a later draft: only added, verified by somebody else."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from consult.consultations.models import Consultation, Round
from consult.core import text
from consult.core.errors import Conflict, Invalid
from consult.core.operations import operation, session
from consult.core.rules import SYSTEM, Actor

from .. import queries, rules
from ..models import NOTED, Disposition, Implementation

BEFORE = {"to_do": ("applied", "verified"), "applied": ("to_do", "applied"), "verified": ("applied",)}  # what may come
NOT_YET = {
    "to_do": "{number} is to be done already.",
    "applied": "{number} is verified. Say first that it is to be done again, and why.",
    "verified": "{number} is not applied yet, so there is nothing to verify.",
}


@operation(rule=rules.may_implement, on="consultation")
def implement(
    *, actor: Actor, consultation: Consultation, of: Round, answers: Collection[int], state: str, version: int = 0,
    clause: str = "", note: str = "", key: str | None = None,
) -> Implementation:  # fmt: skip
    """Note of answers (ids) of a round that they are applied in a version (its number), verified, or to do again.

    `clause`: the label of its place there; without it each answer is at what continues its own clause. Whatever is
    said already of an answer is not said twice. Conflict when one of the answers was replaced meanwhile.
    """
    rows = queries.implementable(viewer=SYSTEM, of=of, answer_ids=answers)
    if not answers:
        raise Invalid("Tick the changes that you mean first.")
    if len(rows) != len(set(answers)):
        raise Conflict("One of these answers was changed meanwhile. Look at the list once more, then say it again.")
    history = queries.noted(viewer=SYSTEM, answer_ids=[row.id for row in rows])
    words = _words(of, rows, state, version, clause, note)
    said = [_said(actor, row, history.get(row.id, ()), state, words) for row in rows]
    new = [row for row in said if row is not None]
    if not new:
        raise Conflict("This is what the list says already.")
    session().add_all(new)
    session().flush()
    return new[0]


Words = tuple[int | None, Mapping[int, int], str]  # the id of the version, clauses there by answer, a note


def _words(of: Round, rows: Sequence[Disposition], state: str, number: int, label: str, note: str) -> Words:
    note, label = text.normalise(note), text.normalise(label)
    if state not in NOTED:
        raise Invalid("Choose what became of them.")
    if state == "to_do" and not note:
        raise Invalid("Say why it is to be done again.", field="note")
    if state != "applied":
        return None, {}, note
    version = next((v for v in queries.later_versions(viewer=SYSTEM, of=of) if v.number == number), None)
    if version is None:
        raise Invalid("Choose a draft after the one that was commented on.", field="version")
    there = queries.clauses_there(viewer=SYSTEM, version=version, answers=rows, label=label)
    if label and not there:
        raise Invalid(f"Draft {number} has no clause {text.excerpt(label, 40)}.", field="clause")
    return version.id, there, note


def _said(
    actor: Actor, answer: Disposition, history: Sequence[Implementation], state: str, words: Words
) -> Implementation | None:
    """The row to add; None when it says what the newest one says."""
    last = history[-1] if history else None
    before, (version_id, there, note) = last.state if last else "to_do", words
    clause_id = there.get(answer.id)
    if (
        last
        and before == state
        and (state != "applied" or (last.version_id, last.clause_id, last.note) == (version_id, clause_id, note))
    ):
        return None
    if before not in BEFORE[state]:
        raise Invalid(NOT_YET[state].format(number=answer.comment.number))
    row = Implementation(
        disposition_id=answer.id, state=state, version_id=version_id, clause_id=clause_id, note=note, by_id=actor.person_id
    )  # fmt: skip
    if last and state == "verified":
        verdict = rules.may_verify(actor, last.by_id)
        if not verdict:
            raise Invalid(f"{answer.comment.number}: {verdict.reason}")
        row.version_id, row.clause_id, row.applied_by_id = last.version_id, last.clause_id, last.by_id
    return row
