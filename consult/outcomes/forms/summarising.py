"""The summary, its approval, corrections and objections."""

from __future__ import annotations

import re
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField

from consult.core.forms import Form, Given, Longest, options
from consult.debate.forms.writing import Named
from consult.moderation.models import RULES

from ..models import ANSWERS_TO_OBJECTIONS, OWN, SECTIONS
from .answering import ID, LONGEST_ANSWER, LONGEST_LINE, LONGEST_SENTENCE


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


class ObjectionForm(Named):
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


class ObjectionJudgementForm(Form):
    """A moderator's decision on an objection; rule and passage only where it is hidden."""

    verb = RadioField(
        "Your decision", choices=options({"keep": "Keep it on show", "hide": "Hide it"}), validate_choice=False,
        validators=[Given("Choose what to do.")],
    )  # fmt: skip
    rule = SelectField(
        "Which rule does it break? (only to hide it)", choices=options({"": "None"} | RULES), validate_choice=False
    )
    passage = StringField(
        "The words that break it (only to hide it)", validators=[Longest(LONGEST_SENTENCE, "Shorten it.")]
    )
    reason = TextAreaField(
        "Why", validators=[Given("Give the reason. Everybody can read it."), Longest(LONGEST_SENTENCE, "Shorten it.")]
    )
    facts = TextAreaField(
        "What else you rely on (you may leave this empty)", validators=[Longest(LONGEST_SENTENCE, "Shorten it.")]
    )
    seen_act = HiddenField()

    def offer(self, *, is_hidden: bool) -> None:
        """What is hidden can only be shown again."""
        if is_hidden:
            self.verb.choices = options({"restore": "Show it again"})

    def values(self) -> dict[str, Any]:
        """What the operation takes."""
        seen = self.seen_act.data or ""
        return {
            "verb": self.verb.data, "rule": self.rule.data or "", "passage": self.passage.data or "",
            "reason": self.reason.data, "facts": self.facts.data or "", "key": self.key,
            "seen_act_id": int(seen) if ID.fullmatch(seen) and seen.isascii() else 0,
        }  # fmt: skip
