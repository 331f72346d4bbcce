"""Forms of the outcomes room."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField

from consult.core.forms import Form, Given, Longest, options
from consult.core.text import normalise

from .models import ANSWERS_TO_OBJECTIONS, CHANGE_CLASSES, OWN, SECTIONS

DECISION_WORDS = {
    "accepted": "Accept",
    "accepted_modified": "Accept with changes",
    "rejected": "Do not accept",
    "noted": "Note",
    "deferred": "Defer",
    "duplicate": "Duplicate",
    "out_of_scope": "Out of scope",
}
LONGEST_ANSWER = 20_000
LONGEST_SENTENCE = 2_000
LONGEST_LINE = 200
MOST_AT_ONCE = 100
# Ids are at most 15 digits, so that no database stumbles over one that was made up.
ID = re.compile(r"[0-9]{1,15}")
SEEN = re.compile(r"(\d{1,15}):(\d{1,15})(?:,|$)")


class _Remembers(Form):
    """A form that remembers the last answers its reader saw: "12:0,13:44" (comment id, answer id)."""

    seen = HiddenField()

    @property
    def seen_answers(self) -> dict[int, int]:
        return {int(comment): int(answer) for comment, answer in SEEN.findall(self.seen.data or "")}


class DecisionForm(_Remembers):
    """The answer to a comment, and to those ticked beside it."""

    code = RadioField(
        "Decision", choices=options(DECISION_WORDS), validate_choice=False,
        validators=[Given("Choose what you decide.")],
    )  # fmt: skip
    observation = TextAreaField("Why (published, in the name of the secretariat)", validators=[Longest(LONGEST_ANSWER)])
    change_class = SelectField("What changes in the draft", choices=options(CHANGE_CLASSES), default="none")
    change_note = StringField("Where it changes", validators=[Longest(LONGEST_LINE)])
    duplicate_of = StringField("Repeats comment number", validators=[Longest(LONGEST_LINE)])
    clauses = SelectMultipleField("Which clauses it is for", validate_choice=False)
    also = SelectMultipleField("Answer together", validate_choice=False)

    @property
    def also_numbers(self) -> list[str]:
        return [normalise(number) for number in self.also.data or []][:MOST_AT_ONCE]

    def ask_where(self, links: Sequence[tuple[str, str, bool]]) -> None:
        """Offer the clauses of a comment: (id, words, whether it is meant unless one says otherwise)."""
        self.clauses.choices = [(clause, words) for clause, words, _ in links]
        if self.clauses.raw_data is None:
            self.clauses.data = [clause for clause, _, is_meant in links if is_meant]

    @property
    def clause_ids(self) -> list[int]:
        return [int(clause) for clause in self.clauses.data or [] if ID.fullmatch(clause)]

    def values(self) -> dict[str, Any]:
        """What the operation takes."""
        return {
            "code": self.code.data, "observation": self.observation.data or "", "clauses": self.clause_ids, "seen": self.seen_answers,
            "change_class": self.change_class.data, "change_note": self.change_note.data or "",
            "duplicate_of": self.duplicate_of.data or "", "key": self.key,
        }  # fmt: skip


class UndoForm(_Remembers):
    """Take back the last answers."""

    numbers = HiddenField()

    @property
    def all_numbers(self) -> list[str]:
        return (self.numbers.data or "").split()[: MOST_AT_ONCE + 1]

    @property
    def answer_ids(self) -> set[int]:
        return {int(answer) for _comment, answer in SEEN.findall(self.seen.data or "")}


class AcknowledgementForm(Form):
    """Whether an answer satisfies, said by the button that is pressed."""

    said = HiddenField()
    reason = TextAreaField("Why it does not satisfy you", validators=[Longest(LONGEST_SENTENCE, "Shorten it.")])
    seen = HiddenField()

    def values(self) -> dict[str, Any]:
        """What the operation takes."""
        seen = int(self.seen.data) if ID.fullmatch(self.seen.data or "") else 0
        return {"said": self.said.data, "reason": self.reason.data or "", "seen": seen}


class HeadlineForm(Form):
    """What came out, in one sentence."""

    headline = TextAreaField(
        "Headline", validators=[Given("Write one sentence that says what came out."), Longest(LONGEST_LINE)]
    )
    seen = HiddenField()


class StatementForm(Form):
    """A sentence of the summary."""

    section = SelectField(
        "Where it belongs", choices=options(SECTIONS | {OWN: "A section of your own"}), default="said"
    )
    heading = StringField("Heading of your own section", validators=[Longest(LONGEST_LINE, "Shorten it.")])
    text = TextAreaField("Sentence", validators=[Given("Write the sentence."), Longest(LONGEST_SENTENCE)])
    is_minority = BooleanField("This is the view of a minority")
    seen = HiddenField()

    def values(self) -> dict[str, Any]:
        """What the operations take."""
        return {
            "section": self.section.data, "heading": self.heading.data or "", "text": self.text.data,
            "is_minority": bool(self.is_minority.data),
        }  # fmt: skip


class NewStatementForm(StatementForm):
    """A new sentence, with its first sources."""

    sources = StringField("Sources", validators=[Longest(LONGEST_SENTENCE)])


class SourceForm(Form):
    """One comment, by its number."""

    number = HiddenField()


class MoveForm(Form):
    """Up or down."""

    direction = HiddenField()


class PublishForm(Form):
    """Publish what was read: the summary's edit number at that moment."""

    seen = HiddenField()

    @property
    def seen_edit(self) -> int:
        return int(self.seen.data) if re.fullmatch(r"\d{1,9}", self.seen.data or "") else -1


class ApprovalForm(Form):
    """Yes to what was read: the fingerprint of the summary at that moment."""

    seen = HiddenField()


class OmissionForm(Form):
    """Why a view of few has no sentence."""

    position = HiddenField()
    clause = HiddenField()
    reason = TextAreaField("Why it has no sentence", validators=[Longest(LONGEST_SENTENCE, "Shorten it.")])


class ReasonedForm(Form):
    """Something that needs a public reason."""

    reason = TextAreaField("Reason", validators=[Given("Write the reason."), Longest(LONGEST_SENTENCE, "Shorten it.")])


class CorrectionForm(ReasonedForm):
    """What the published summary gets wrong."""

    reason = TextAreaField(
        "What is wrong in it", validators=[Given("Write what is wrong."), Longest(LONGEST_SENTENCE, "Shorten it.")]
    )


class ImmaterialityForm(ReasonedForm):
    """Why the changes are not material: said of the answers that were read."""

    reason = TextAreaField(
        "Why these changes are not material",
        validators=[Given("Write the reason."), Longest(LONGEST_SENTENCE, "Shorten it.")],
    )
    seen = HiddenField()

    @property
    def seen_answer(self) -> int:
        return int(self.seen.data) if ID.fullmatch(self.seen.data or "") else -1


class ObjectionForm(Form):
    """What somebody objects to, in one sentence of the summary or in all of it."""

    text = TextAreaField(
        "What is wrong or missing",
        validators=[Given("Say what is wrong or missing."), Longest(LONGEST_ANSWER, "Shorten it.")],
    )
    statement = HiddenField()
    seen = HiddenField()

    @property
    def statement_id(self) -> int:
        return int(self.statement.data) if ID.fullmatch(self.statement.data or "") else 0


class ObjectionAnswerForm(Form):
    """What becomes of an objection, and why."""

    decision = RadioField(
        "What becomes of it", choices=options(ANSWERS_TO_OBJECTIONS), validate_choice=False,
        validators=[Given("Choose what becomes of it.")],
    )  # fmt: skip
    answer = TextAreaField(
        "Why (everybody reads it)", validators=[Given("Give the reason."), Longest(LONGEST_ANSWER, "Shorten it.")]
    )
