"""What would become of each row of a file, and what became of rows before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consult.consultations.models import Consultation
from consult.core.db import db
from consult.core.errors import Invalid
from consult.core.records import Record, replace
from consult.core.rules import Actor
from consult.core.text import normalise
from consult.debate.models import Comment, Reply
from consult.documents import queries as documents
from consult.documents.models import Clause, DraftVersion
from consult.outcomes.models import Disposition

from .importers.oasis_words import OURS
from .importers.table import Answer, CommentFile, CommentRow
from .models import ImportBatch, ImportRow
from .placing import Found, Placer

APPENDIX_WORDS = ("Appendix ", "Annex ")
SETTLED = ("published", "adopted", "withdrawn", "archived")
TOO_LATE = "This round has its outcome already, so nothing new can come in."


class Fate(Record):
    """What becomes of one row: `fate` is created, updated, duplicate or error; the sentence says why."""

    row: CommentRow
    fate: str
    sentence: str
    fingerprint: str = ""
    clauses: tuple[Clause, ...] = ()
    comment: Comment | None = None  # the one that is here already; of a reply, the one it stands under
    answer: Answer | None = None  # to be recorded
    reply_id: int | None = None  # the reply that is here already
    found: Found | None = None  # the clause whose words it suggests to change; then it is a comment of its own

    @property
    def is_comment(self) -> bool:
        """Whether it is to become a comment, not a reply."""
        return not self.row.top or self.found is not None

    @property
    def changes_something(self) -> bool:
        return self.fate in ("created", "updated")


class Plan(Record):
    """The fates of a file's rows in a consultation, before anything is done."""

    version: DraftVersion
    fates: tuple[Fate, ...]

    @property
    def counts(self) -> dict[str, int]:
        return {f: sum(x.fate == f for x in self.fates) for f in ("created", "updated", "duplicate", "error")}


class _Here(Record):
    """What the consultation holds already."""

    comments: dict[str, Comment]  # by fingerprint
    answers: dict[int, Disposition]  # the newest of each comment
    words: dict[str, int]  # external id → comment, from this log
    clauses: dict[str, Clause]  # headings, by label
    replies: dict[str, Reply]  # by fingerprint


def fingerprint(profile: str, reference: str, row: CommentRow, *, is_stable: bool) -> str:
    """The same for the same row of the same log, wherever it stands in the file."""
    parts = (profile, reference, row.external_id, *(() if is_stable else (row.author, row.body)))
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def plan(
    *, viewer: Actor, consultation: Consultation, file: CommentFile, profile: str,
    since: Mapping[int, datetime] | None = None,
) -> Plan:  # fmt: skip
    """Judge every row of a file; writes nothing. Raises Invalid when there is no public draft to comment on.

    `since`: from when on a version (by its number) was the current one, where that is not when it was frozen here.
    """
    placer = Placer(viewer, consultation, since or {})
    version = _version(viewer, consultation, file.reference)
    prints = [fingerprint(profile, file.reference, row, is_stable=file.has_stable_ids) for row in file.rows]
    here = _here(consultation, version, profile, file, prints)
    fates: list[Fate] = []
    seen: set[str] = set()
    tops: dict[str, Fate] = {}
    for row, mark in zip(file.rows, prints, strict=True):
        fate = _fate_of_reply(row, mark, here, tops, placer) if row.top else _fate(row, mark, here, seen, file)
        fates.append(fate)
        seen.add(row.external_id)
        tops[row.external_id] = fate
    if consultation.state in SETTLED or (version.round is not None and version.round.is_over):
        fates = [replace(f, fate="error", sentence=TOO_LATE) if f.changes_something else f for f in fates]
    return Plan(version, tuple(_without_lost_targets(fates, here)))


def _version(viewer: Actor, consultation: Consultation, reference: str) -> DraftVersion:
    """The public version whose name stands in the file's address of the draft, else the newest one."""
    known = [v for v in documents.versions(viewer=viewer, consultation_id=consultation.id) if v.frozen_at is not None]
    if not known:
        raise Invalid("This consultation has no public draft yet. Announce it first, then bring its comments in.")
    named = [v for v in known if v.name and v.name.lower() in reference.lower()]
    return max(named or known, key=lambda v: v.number)


def _here(
    consultation: Consultation, version: DraftVersion, profile: str, file: CommentFile, prints: list[str]
) -> _Here:
    session = db.session
    comments = session.scalars(
        select(Comment)
        .options(joinedload(Comment.round))
        .where(Comment.consultation_id == consultation.id, Comment.fingerprint.in_(prints))
    ).all()
    answers = session.scalars(
        select(Disposition).where(Disposition.comment_id.in_([c.id for c in comments])).order_by(Disposition.id)
    )
    words = session.execute(
        select(ImportRow.external_id, ImportRow.comment_id)
        .join(ImportRow.batch)
        .where(ImportBatch.consultation_id == consultation.id, ImportBatch.profile == profile)
        .where(ImportBatch.reference == file.reference, ImportRow.comment_id.is_not(None))
    )
    labels = {f"{word}{label}" for row in file.rows for label in row.clauses for word in ("", *APPENDIX_WORDS)}
    headings = session.scalars(
        select(Clause)
        .where(Clause.version_id == version.id, Clause.is_heading, Clause.label.in_(labels))
        .order_by(Clause.rank.desc())
    )
    return _Here(
        {c.fingerprint: c for c in comments if c.fingerprint},
        {a.comment_id: a for a in answers},
        {external: comment for external, comment in words if comment is not None},
        {_bare(c.label): c for c in headings},  # the first of each label is written last
        _replies_here(consultation, prints) if any(row.top for row in file.rows) else {},
    )


def _replies_here(consultation: Consultation, prints: list[str]) -> dict[str, Reply]:
    rows = db.session.scalars(
        select(Reply)
        .join(Reply.comment)
        .where(Comment.consultation_id == consultation.id, Reply.fingerprint.in_(prints))
    )
    return {row.fingerprint: row for row in rows if row.fingerprint is not None}


def _bare(label: str) -> str:
    """What a file calls a heading: C for "Appendix C"."""
    for word in APPENDIX_WORDS:
        label = label.removeprefix(word)
    return label


def _fate(row: CommentRow, mark: str, here: _Here, seen: set[str], file: CommentFile) -> Fate:
    if row.problem:
        return Fate(row, "error", row.problem)
    if row.external_id in seen:
        return Fate(row, "error", f"Item {row.external_id} stands twice in this file; the first one is taken.")
    present = here.comments.get(mark)
    if mark in here.replies:
        return Fate(row, "error", f"{row.external_id} stands here as a reply; at the source it opens a thread now.")
    if present is not None and file.has_stable_ids:
        return _fate_of_archived(row, mark, present)
    if present is not None:
        return _fate_of_known(row, mark, present, here.answers.get(present.id))
    if row.external_id in here.words:
        return Fate(
            row, "error",
            f"Item {row.external_id} was brought in before with other words; what people said is never changed here.",
        )  # fmt: skip
    return _fate_of_new(row, mark, here)


def _fate_of_new(row: CommentRow, mark: str, here: _Here) -> Fate:
    clauses = tuple(here.clauses[label] for label in row.clauses if label in here.clauses)
    lost = [label for label in row.clauses if label not in here.clauses]
    place = ", ".join(c.label for c in clauses) or "the whole draft"
    parts = [f"New, on {place}", *_answered(row.answer)]
    sentence = "; ".join(parts) + "."
    if lost:
        sentence += f" The log names {', '.join(lost)}, which this draft does not have."
    return Fate(row, "created", " ".join([sentence, *row.remarks]), mark, clauses, None, row.answer)


def _answered(answer: Answer | None) -> list[str]:
    return [f"{OURS[answer.code]} (“{answer.as_written}”)"] if answer else []


def _fate_of_known(row: CommentRow, mark: str, present: Comment, last: Disposition | None) -> Fate:
    if row.answer is None:
        return Fate(row, "duplicate", f"Already here as {present.number}; nothing to change.", mark, (), present)
    if last is not None and last.decided_by_id is not None:
        sentence = f"Already here as {present.number}, and answered by a moderator here; the log's answer is not taken."
        return Fate(row, "duplicate", sentence, mark, (), present)
    if last is not None and _same(last, row.answer):
        return Fate(row, "duplicate", f"Already here as {present.number}; nothing to change.", mark, (), present)
    sentence = f"{present.number} gets the log's newer answer: {OURS[row.answer.code]}."
    return Fate(row, "updated", sentence, mark, (), present, row.answer)


def _fate_of_archived(row: CommentRow, mark: str, present: Comment) -> Fate:
    if row.source_note != present.source_note:
        sentence = (
            f"{present.number} gets the newer note on its source: {row.source_note}.{_reworded(row, present.body)}"
        )
        return Fate(row, "updated", sentence, mark, (), present)
    sentence = f"Already here as {present.number}; nothing to change.{_reworded(row, present.body)}"
    return Fate(row, "duplicate", sentence, mark, (), present)


def _reworded(row: CommentRow, body: str) -> str:
    return "" if normalise(row.body) == body else " Its words were changed at the source since; what is here stays."


def _fate_of_reply(row: CommentRow, mark: str, here: _Here, before: dict[str, Fate], placer: Placer) -> Fate:
    """Of a row that stands under another one, whose fate is known by now."""
    over = before.get(row.answers or row.top)
    if row.problem:
        return Fate(row, "error", row.problem)
    if row.external_id in before:
        return Fate(row, "error", f"{row.external_id} stands twice in this file; the first one is taken.")
    if over is None or over.fate == "error":
        return Fate(row, "error", f"What it answers ({row.answers or row.top}) could not be taken.")
    top = before[row.top].comment
    known = _fate_of_known_reply(row, mark, here, top)
    if known is not None:
        return known
    if top is not None and top.round.is_over:
        return Fate(row, "error", TOO_LATE)
    under = top.number if top else row.top
    if row.suggests:
        return _fate_of_suggestion(row, mark, top, under, placer.find(row))
    return Fate(row, "created", " ".join([f"New, a reply under {under}.", *row.remarks]), mark, (), top)


def _fate_of_known_reply(row: CommentRow, mark: str, here: _Here, top: Comment | None) -> Fate | None:
    present, comment = here.replies.get(mark), here.comments.get(mark)
    if comment is not None and row.suggests:
        return _fate_of_archived(replace(row, source_note=comment.source_note), mark, comment)
    if comment is not None:
        return Fate(row, "error", f"{row.external_id} opens a thread here; at the source it is a reply now.")
    if present is not None and top is not None:
        sentence = f"Already here under {top.number}; nothing to change.{_reworded(row, present.body)}"
        return Fate(row, "duplicate", sentence, mark, (), top, reply_id=present.id)
    return None


def _fate_of_suggestion(row: CommentRow, mark: str, top: Comment | None, under: str, found: Found | None) -> Fate:
    if found is None:
        sentence = f"New, a reply under {under}. Which words of this draft it would change is not certain."
        return Fate(row, "created", sentence, mark, (), top)
    clause = found.clause
    sentence = f"New, with other words for {clause.name} in version {found.version.number}; a comment of its own."
    return Fate(row, "created", sentence, mark, (clause,), found=found)


def _same(last: Disposition, answer: Answer) -> bool:
    return (last.code, last.observation, last.change_note) == (answer.code, answer.observation, answer.change_note)


def _without_lost_targets(fates: list[Fate], here: _Here) -> Iterable[Fate]:
    """A duplicate of an item that could not be taken has nothing to point at: it is noted instead."""
    reachable = {f.row.external_id for f in fates if f.fate != "error"} | set(here.words)
    for fate in fates:
        answer = fate.answer
        if answer is not None and answer.code == "duplicate" and answer.duplicate_of not in reachable:
            sentence = f"{fate.sentence} It repeats item {answer.duplicate_of}, which is not here, so it is noted."
            yield replace(fate, sentence=sentence, answer=replace(answer, code="noted"))
        else:
            yield fate
