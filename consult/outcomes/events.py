"""What is decided."""

from __future__ import annotations

from consult.core.records import Record


class CommentAnswered(Record):
    """A comment, or one of its clauses, got a disposition."""

    disposition_id: int
    comment_id: int


class AnswerTakenBack(Record):
    """A comment, or one of its clauses, waits for its disposition again."""

    disposition_id: int
    comment_id: int


class AnswersChanged(Record):
    """One act answered these comments, or took answers back: told once, after each of them was told."""

    comment_ids: tuple[int, ...]
    disposition_ids: tuple[int, ...]


class AnswerAcknowledged(Record):
    """A commenter said whether the answer satisfies her."""

    acknowledgement_id: int
    comment_id: int


class OutcomePublished(Record):
    """The summary and every answer are final and public."""

    summary_id: int
    consultation_id: int


class StandardAdopted(Record):
    """A text entered the library: a new standard, or the next version of one."""

    version_id: int
    consultation_id: int


class StandardReviewDue(Record):
    """A standard is to be looked at again in so many days."""

    standard_id: int
    consultation_id: int  # where its newest version was adopted: its organisers own it
    review_day: str
    days: int


class CommentsAssigned(Record):
    """Comments were given to a colleague to answer, or to nobody."""

    assignment_id: int


class SummaryCorrected(Record):
    """A new version of a published summary is public."""

    summary_id: int
    consultation_id: int


class ObjectionMade(Record):
    """Somebody objects to a summary under review."""

    objection_id: int
    consultation_id: int


class ObjectionAnswered(Record):
    """An objection got its public answer."""

    objection_id: int
    consultation_id: int


class ObjectionReported(Record):
    """An objection waits for a moderator: a reader reported it, or whoever made it asks for a second look at its hiding."""

    objection_id: int
    consultation_id: int


class ObjectionJudged(Record):
    """A moderator decided on an objection, or on the appeal against its hiding."""

    act_id: int
    objection_id: int
    consultation_id: int
    is_second_look: bool = False
