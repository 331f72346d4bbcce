"""Answers, one or many at once: templates, themes, colleagues."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import parse_qsl

from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Optional

from consult.consultations.forms import DayField
from consult.core.forms import Form, Given, Longest, options
from consult.core.text import normalise

from ..models import CHANGE_CLASSES, AnswerTemplate

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


def whole_or(typed: Any, otherwise: int) -> int:
    """The number that stands in a form, or `otherwise` where somebody meddled with it."""
    return int(typed) if isinstance(typed, str) and ID.fullmatch(typed) and typed.isascii() else otherwise


class _Remembers(Form):
    """A form that remembers the last answers its reader saw: "12:0,13:44" (comment id, answer id)."""

    seen = HiddenField()

    @property
    def seen_answers(self) -> dict[int, int]:
        return {int(comment): int(answer) for comment, answer in SEEN.findall(self.seen.data or "")}


class AnswerForm(Form):
    """A decision and its words. `template` is only for filling them in."""

    code = RadioField(
        "Decision", choices=options(DECISION_WORDS), validate_choice=False,
        validators=[Given("Choose what you decide.")],
    )  # fmt: skip
    observation = TextAreaField("Why (published, in the name of the secretariat)", validators=[Longest(LONGEST_ANSWER)])
    change_class = SelectField("What changes in the draft", choices=options(CHANGE_CLASSES), default="none")
    change_note = StringField("Where it changes", validators=[Longest(LONGEST_LINE)])
    duplicate_of = StringField("Repeats comment number", validators=[Longest(LONGEST_LINE)])
    template = SelectField("Words from a template", validate_choice=False, choices=[])

    def offer(self, templates: Iterable[tuple[int, str]]) -> None:
        """Offer templates by id and name."""
        self.template.choices = options((str(template_id), name) for template_id, name in templates)

    def take(self, templates: Iterable[AnswerTemplate], fill: Callable[[str], str]) -> bool:
        """Add the words of the chosen template below what was typed, and its decision where none was chosen."""
        chosen = next((row for row in templates if str(row.id) == self.template.data), None)
        if chosen is None:
            self.template.errors = ["This template is not there any more. Choose another one."]
            return False
        typed, words = (self.observation.data or "").strip(), fill(chosen.text)
        if words not in typed:
            self.observation.data = f"{typed}\n\n{words}".strip()
        self.code.data = self.code.data or chosen.code or None
        return True

    def answer(self) -> dict[str, Any]:
        """What the operations take of it."""
        return {
            "code": self.code.data, "observation": self.observation.data or "", "change_class": self.change_class.data,
            "change_note": self.change_note.data or "", "duplicate_of": self.duplicate_of.data or "", "key": self.key,
        }  # fmt: skip


class DecisionForm(_Remembers, AnswerForm):
    """The answer to a comment, and to those ticked beside it."""

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
        return self.answer() | {"clauses": self.clause_ids, "seen": self.seen_answers}


class ThemeAnswerForm(AnswerForm):
    """The answer to all comments of a theme; remembers what the theme was like."""

    seen = HiddenField()

    def values(self) -> dict[str, Any]:
        """What the operation takes."""
        return self.answer() | {"seen": self.seen.data or ""}


class ThemeForm(Form):
    """What the comments of a theme say."""

    name = StringField(
        "What they say, in a few words",
        [Given("Say in a few words what these comments say."), Longest(LONGEST_LINE, "Shorten it.")],
    )
    summary = TextAreaField("What they say, in a few sentences", [Longest(LONGEST_SENTENCE, "Shorten it.")])


class TemplateForm(Form):
    """Words that are given often."""

    name = StringField("Name", [Given("Give the template a name."), Longest(LONGEST_LINE, "Shorten it.")])
    code = SelectField("Decision", choices=options({"": "Any"} | DECISION_WORDS), validate_choice=False)
    words = TextAreaField("Words", [Given("Write the words."), Longest(LONGEST_ANSWER, "Shorten it.")])

    def values(self) -> dict[str, Any]:
        """What the operations take."""
        return {"name": self.name.data, "code": self.code.data or "", "words": self.words.data}


class ViewForm(Form):
    """A name for the filters of the table."""

    name = StringField("Name of this view", [Given("Give the view a name."), Longest(LONGEST_LINE, "Shorten it.")])
    is_shared = BooleanField("The other moderators see it, too")
    query = HiddenField()

    @property
    def narrowing(self) -> dict[str, str]:
        """The filters as an address has them."""
        return dict(parse_qsl((self.query.data or "")[:LONGEST_SENTENCE]))


class ChosenForm(Form):
    """Comments by number, or all that fit the filters: then `count` is how many there were when the form was served."""

    also = SelectMultipleField("Comments", validate_choice=False)
    all = HiddenField()
    count = HiddenField()

    @property
    def numbers(self) -> list[str]:
        """The numbers; empty for all that fit, one that nothing has for none at all."""
        if self.all.data:
            return []
        return [normalise(number) for number in self.also.data or []][:MOST_AT_ONCE] or [""]

    def fits(self, found: int) -> bool:
        """Whether as many were found as its reader saw."""
        if self.all.data and found != whole_or(self.count.data, -1):
            self.form_errors.append(
                f"The list has {found:,} comments now. Look at it once more, then press the button again."
            )
            return False
        return True


class AssignForm(ChosenForm):
    """Who answers them, until when."""

    person = SelectField("Who answers them", validate_choice=False, choices=[])
    due_on = DayField("Until (a day, or leave it empty)", [Optional()])

    def offer(self, people: Iterable[tuple[int, str]]) -> None:
        """Offer colleagues by id and name, and nobody."""
        self.person.choices = options([*((str(person_id), name) for person_id, name in people), ("", "Nobody")])

    def values(self) -> dict[str, Any]:
        """What the operation takes; somebody who is not there is -1."""
        return {
            "person_id": whole_or(self.person.data, -1) if self.person.data else None,
            "due_on": self.due_on.data,
            "key": self.key,
        }


class GatherForm(ChosenForm):
    """The theme they go into: one there is, or a new one."""

    theme = SelectField("Theme", validate_choice=False, choices=[])
    name = StringField("Name of a new theme", [Longest(LONGEST_LINE, "Shorten it.")])

    def offer(self, themes: Iterable[tuple[int, str]]) -> None:
        """Offer themes by number and name, and a new one."""
        self.theme.choices = options([("", "A new one"), *((str(number), name) for number, name in themes)])

    @property
    def theme_number(self) -> int:
        """0: a new one."""
        return whole_or(self.theme.data, -1) if self.theme.data else 0


class ImplementationForm(ChosenForm):
    """What became of accepted changes, said by the button that is pressed; `also` are ids of answers here."""

    state = HiddenField()
    version = SelectField("In which draft", validate_choice=False, choices=[])
    clause = StringField("At which clause (else where their own clause is now)", [Longest(LONGEST_LINE, "Shorten it.")])
    note = StringField("Note", [Longest(LONGEST_LINE, "Shorten it.")])

    def offer(self, versions: Iterable[int]) -> None:
        """Offer the versions that can hold a change, by number."""
        self.version.choices = options([(str(number), f"Draft {number}") for number in versions])

    @property
    def answer_ids(self) -> list[int]:
        return [whole_or(number, 0) for number in self.numbers if number]

    def values(self) -> dict[str, Any]:
        """What the operation takes."""
        return {
            "state": self.state.data or "", "version": whole_or(self.version.data, 0), "clause": self.clause.data or "",
            "note": self.note.data or "", "key": self.key,
        }  # fmt: skip


class TakeOutForm(Form):
    """Comments that leave a theme."""

    also = SelectMultipleField("Comments", validate_choice=False)

    @property
    def numbers(self) -> list[str]:
        return [normalise(number) for number in self.also.data or []][:MOST_AT_ONCE]


class UndoThemeForm(Form):
    """Take back the last answer to a theme, named by one of its rows."""

    answer = HiddenField()

    @property
    def answer_id(self) -> int:
        return whole_or(self.answer.data, 0)


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
