"""Bringing comments in: every row ends as created, updated, duplicate or error, with a sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, time

from consult.consultations.models import Consultation
from consult.core.operations import operation, session
from consult.core.records import Record
from consult.core.rules import SYSTEM, Actor
from consult.debate import operations as debate
from consult.debate.models import Comment, Reply
from consult.outcomes import operations as outcomes

from . import queries, rules
from .importers.table import CommentFile
from .models import ImportBatch, ImportRow
from .queries import Fate, Plan

NOON = time(12, tzinfo=UTC)  # a log has days, no times


class Imported(Record):
    """What was done: the fates, and the batch that records them (None: nothing changed)."""

    plan: Plan
    batch: ImportBatch | None
    numbers: dict[int, str]  # line → number of its comment


@operation(rule=rules.may_import_comments, on="consultation")
def import_comments(
    *, actor: Actor, consultation: Consultation, file: CommentFile, profile: str, source_name: str, sha256: str,
    since: Mapping[int, datetime] | None = None,
) -> Imported:  # fmt: skip
    """Bring a file of comments in. A row that cannot be taken stays out with its sentence; the others come in.

    The same file again changes nothing. Raises Invalid when the consultation has no public draft yet.
    """
    plan = queries.plan(viewer=actor, consultation=consultation, file=file, profile=profile, since=since)
    if not any(fate.changes_something for fate in plan.fates):
        return Imported(plan, None, _numbers(plan, {}))
    comments = _record_comments(actor, consultation, plan, file)
    replies = _record_replies(actor, plan, comments)
    _record_answers(plan, comments)
    batch = ImportBatch(
        consultation_id=consultation.id, profile=profile, reference=file.reference, source_name=source_name,
        sha256=sha256, imported_by_id=actor.person_id,
    )  # fmt: skip
    session().add(batch)
    session().flush()
    session().add_all(
        _row(batch, fate, comments.get(fate.row.line), replies.get(fate.fingerprint)) for fate in plan.fates
    )
    session().flush()
    return Imported(plan, batch, _numbers(plan, comments))


def _record_comments(
    actor: Actor, consultation: Consultation, plan: Plan, file: CommentFile
) -> dict[int, Comment]:  # fmt: skip
    """The comment of each row that has one, by line."""
    comments = {fate.row.line: fate.comment for fate in plan.fates if fate.comment is not None}
    for fate in plan.fates:
        row = fate.row
        if fate.fate == "updated" and fate.comment is not None and fate.comment.source_note != row.source_note:
            debate.renote_comment(actor=actor, comment=fate.comment, source_note=row.source_note)
        if fate.fate != "created" or not fate.is_comment:
            continue
        comments[row.line] = debate.record_comment(
            actor=actor, consultation=consultation, version=fate.found.version if fate.found else plan.version, clauses=fate.clauses, body=row.body,
            author_name=row.author, category=row.category, source=file.source, source_note=row.source_note or f"{file.title}, {row.top}", source_url=row.source_url,
            external_id=row.external_id, fingerprint=fate.fingerprint, prefix=file.prefix, posted_at=row.posted_at or _noon(row.received_on),
            language=row.language, new_text=fate.found.new_text if fate.found else None,
        )  # fmt: skip
    return comments


def _record_replies(actor: Actor, plan: Plan, comments: dict[int, Comment]) -> dict[str, Reply]:
    """The reply of each row that is one, by its mark; the new ones are entered comment by comment."""
    marks = {fate.row.external_id: fate.fingerprint for fate in plan.fates}
    tops = {fate.row.external_id: comments[fate.row.line] for fate in plan.fates if fate.row.line in comments}
    under: dict[str, list[debate.OutsideReply]] = defaultdict(list)
    for fate in plan.fates:
        row = fate.row
        if not fate.is_comment and fate.fate == "created" and row.posted_at is not None:
            under[row.top].append(debate.OutsideReply(
                fate.fingerprint, row.author, row.body, row.posted_at, marks[row.answers] if row.answers else "",
                row.source_url, row.language,
            ))  # fmt: skip
    found: dict[str, Reply] = {}
    for top, replies in under.items():
        found |= debate.record_replies(actor=actor, comment=tops[top], replies=replies, source="log")
    return found


def _record_answers(plan: Plan, comments: dict[int, Comment]) -> None:
    """Duplicates last, when what they repeat is here. The importer is judged above; the answers are the other body's."""
    by_item = {fate.row.external_id: comments[fate.row.line] for fate in plan.fates if fate.row.line in comments}
    for fate in sorted(plan.fates, key=lambda f: f.answer is not None and f.answer.code == "duplicate"):
        answer = fate.answer
        if answer is None or not fate.changes_something:
            continue
        outcomes.record_decision(
            actor=SYSTEM, comment=comments[fate.row.line], code=answer.code, observation=answer.observation,
            change_class=answer.change_class, change_note=answer.change_note,
            duplicate_of=by_item[answer.duplicate_of].number if answer.code == "duplicate" else "",
            source_note=f"{fate.row.source_note}: “{answer.as_written}”", decided_at=_noon(answer.decided_on),
        )  # fmt: skip


def _row(batch: ImportBatch, fate: Fate, comment: Comment | None, reply: Reply | None) -> ImportRow:
    return ImportRow(
        batch_id=batch.id, line=fate.row.line, external_id=fate.row.external_id, fate=fate.fate,
        sentence=fate.sentence, comment_id=comment.id if comment else (reply.comment_id if reply else None),
        reply_id=reply.id if reply else fate.reply_id,
    )  # fmt: skip


def _numbers(plan: Plan, comments: dict[int, Comment]) -> dict[int, str]:
    here = {fate.row.line: fate.comment.number for fate in plan.fates if fate.comment is not None}
    return here | {line: comment.number for line, comment in comments.items()}


def _noon(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, NOON)
