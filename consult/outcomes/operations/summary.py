"""The summary: a headline, and statements that each rest on comments."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import delete, func, select, update

from consult.consultations.models import Consultation, Round
from consult.consultations.queries import newest_round
from consult.core.db import insert_new
from consult.core.errors import Conflict, Invalid, Missing, Refused
from consult.core.operations import operation, session
from consult.core.rules import SYSTEM, Actor
from consult.core.text import excerpt, markdown, normalise
from consult.debate.models import Comment

from .. import queries, rules
from ..models import OWN, SECTIONS, Citation, Objection, Omission, OutcomeSummary, Statement, SummaryWriter, mark

MOST_SOURCES = 200
KEPT = "Nothing you typed is lost: save again to replace it."


@operation(rule=rules.may_write_summary, on="consultation")
def set_headline(*, actor: Actor, consultation: Consultation, headline: str, seen: str | None = None) -> OutcomeSummary:
    """Say in one plain sentence what came out. `seen` is the mark of the headline that was open for editing."""
    summary = _summary_of(consultation)
    headline = " ".join(normalise(headline).split())
    if not headline:
        raise Invalid("Write one sentence that says what came out.", field="headline")
    if headline == summary.headline:  # pressed twice
        return summary
    if seen is not None and seen != mark(summary.headline):
        raise Conflict(
            f"Somebody changed the headline meanwhile. It now says: “{summary.headline}” {KEPT}", field="headline"
        )
    summary.headline = headline
    _changed(actor, summary)
    return summary


@operation(rule=rules.may_write_summary, on="consultation")
def add_statement(
    *,
    actor: Actor,
    consultation: Consultation,
    section: str,
    text: str,
    heading: str = "",
    is_minority: bool = False,
    sources: Sequence[str] = (),
    key: str | None = None,
) -> Statement:
    """Add a sentence at the end of a section, resting on the comments with these numbers."""
    summary = _summary_of(consultation)
    words, heading = _words(section, heading, text)
    cited = _comments(consultation, sources)
    last = session().scalar(select(func.max(Statement.rank)).where(Statement.summary_id == summary.id))
    row = Statement(
        summary=summary, section=section, heading=heading, is_minority=is_minority, rank=(last or 0) + 1, text=words,
        html=_line(words),
    )  # fmt: skip
    session().add(row)
    session().flush()
    session().add_all(Citation(statement_id=row.id, comment_id=comment_id) for comment_id in cited)
    _changed(actor, summary)
    return row


@operation(rule=rules.may_write_summary, on="consultation")
def edit_statement(
    *,
    actor: Actor,
    consultation: Consultation,
    statement_id: int,
    section: str,
    text: str,
    heading: str = "",
    is_minority: bool = False,
    seen: str | None = None,
) -> Statement:
    """Change a sentence. `seen` is the mark of the sentence that was open for editing; another one is a Conflict."""
    row = _statement(consultation, statement_id)
    words, heading = _words(section, heading, text)
    if (row.section, row.heading, row.text, row.is_minority) == (section, heading, words, is_minority):  # pressed twice
        return row
    if seen is not None and seen != row.mark:
        raise Conflict(f"Somebody changed this sentence meanwhile. It now says: “{row.text}” {KEPT}", field="text")
    row.section, row.heading, row.is_minority = section, heading, is_minority
    row.text, row.html = words, _line(words)
    _changed(actor, row.summary)
    return row


@operation(rule=rules.may_write_summary, on="consultation")
def move_statement(*, actor: Actor, consultation: Consultation, statement_id: int, is_up: bool) -> Statement:
    """Change places with the sentence before (or after) in the same section; at the end nothing happens."""
    row = _statement(consultation, statement_id)
    is_beside = Statement.heading == row.heading
    beyond = Statement.rank < row.rank if is_up else Statement.rank > row.rank
    neighbour = (
        session()
        .scalars(
            select(Statement)
            .where(Statement.summary_id == row.summary_id, Statement.section == row.section, is_beside, beyond)
            .order_by(Statement.rank.desc() if is_up else Statement.rank)
            .limit(1)
        )
        .first()
    )
    if neighbour is not None:
        row.rank, neighbour.rank = neighbour.rank, row.rank
        _changed(actor, row.summary)
    return row


@operation(rule=rules.may_write_summary, on="consultation")
def remove_statement(*, actor: Actor, consultation: Consultation, statement_id: int) -> None:
    """Take a sentence out of the unpublished summary, with its sources. Objections to it keep its words."""
    row = _statement(consultation, statement_id)
    session().execute(update(Objection).where(Objection.statement_id == row.id).values(statement_id=None))
    session().execute(delete(Citation).where(Citation.statement_id == row.id))
    session().delete(row)
    _changed(actor, row.summary)


@operation(rule=rules.may_cite, on=("comment", "consultation"))
def cite(*, actor: Actor, comment: Comment, consultation: Consultation, statement_id: int) -> Statement:
    """Let a sentence rest on a comment; twice is once."""
    row = _statement(consultation, statement_id)
    if comment.round_id != row.summary.round_id:
        raise Refused(f"{comment.number} belongs to another round than this summary.")
    cited = select(Citation.id).where(Citation.statement_id == row.id, Citation.comment_id == comment.id)
    if session().scalar(cited) is None:
        session().add(Citation(statement_id=row.id, comment_id=comment.id))
        _changed(actor, row.summary)
    return row


@operation(rule=rules.may_write_summary, on="consultation")
def uncite(*, actor: Actor, consultation: Consultation, comment: Comment, statement_id: int) -> Statement:
    """Let a sentence no longer rest on a comment."""
    row = _statement(consultation, statement_id)
    session().execute(delete(Citation).where(Citation.statement_id == row.id, Citation.comment_id == comment.id))
    _changed(actor, row.summary)
    return row


@operation(rule=rules.may_write_summary, on="consultation")
def leave_out(*, actor: Actor, consultation: Consultation, position: str, clause: str, reason: str) -> OutcomeSummary:
    """Say why a view of few has no sentence: that of a position (key) on a clause (key), or ("") in the whole round.

    An empty reason takes back what was said.
    """
    summary, reason = _summary_of(consultation), normalise(reason)
    views = queries.minorities(viewer=SYSTEM, of=_round(consultation), summary_id=summary.id)
    for view in views:
        if (view.position.key, view.clause.key if view.clause else "") == (position, clause):
            break
    else:
        raise Missing("This is not a view of few any more. Open the page again.")
    if reason == view.why_not:  # pressed twice
        return summary
    place = Omission.clause_id == view.clause.id if view.clause else Omission.clause_id.is_(None)
    session().execute(
        delete(Omission).where(Omission.summary_id == summary.id, Omission.position_id == view.position.id, place)
    )
    if reason:
        clause_id = view.clause.id if view.clause else None
        session().add(Omission(summary_id=summary.id, position_id=view.position.id, clause_id=clause_id, reason=reason))
    _changed(actor, summary)
    return summary


def _round(consultation: Consultation) -> Round:
    return newest_round(viewer=SYSTEM, consultation=consultation)


def _summary_of(consultation: Consultation, *, is_sealing: bool = False) -> OutcomeSummary:
    """The version that is being written. The consultation is locked by the rule, so there is one at most.

    Refused when the newest version is published: then a correction is begun first. Where nobody wrote one, an empty
    one is sealed (`is_sealing`) with its round.
    """
    of = _round(consultation)
    newest = select(OutcomeSummary).where(OutcomeSummary.round_id == of.id).order_by(OutcomeSummary.number.desc())
    summary = session().scalars(newest.limit(1)).first()
    if summary is None and (is_sealing or not of.is_over):
        summary = OutcomeSummary(consultation_id=consultation.id, round_id=of.id)
        session().add(summary)
        session().flush()
    if summary is not None:
        session().refresh(summary)
    if summary is None or rules.is_frozen(summary):
        raise Refused(rules.FROZEN)
    return summary


def _changed(actor: Actor, summary: OutcomeSummary) -> None:
    """Other words than before: an approval no longer stands, and whoever changed them does not give the next."""
    summary.edit_number += 1
    if actor.person_id is not None:
        insert_new(SummaryWriter, summary_id=summary.id, person_id=actor.person_id)


def _statement(consultation: Consultation, statement_id: int) -> Statement:
    summary = _summary_of(consultation)
    row = (
        session()
        .scalars(
            select(Statement)
            .where(Statement.id == statement_id, Statement.summary_id == summary.id)
            .execution_options(populate_existing=True)
        )
        .first()
    )
    if row is None:
        raise Missing("This sentence is not there any more. Somebody may have removed it.")
    row.summary = summary
    return row


def _words(section: str, heading: str, words: str) -> tuple[str, str]:
    """The sentence, and the heading of its section where that is one of its own."""
    words, heading = normalise(words), " ".join(normalise(heading).split())
    if section not in (*SECTIONS, OWN):
        raise Invalid("Choose where the sentence belongs.", field="section")
    if section == OWN and not heading:
        raise Invalid("Write the heading of your section.", field="heading")
    if not words:
        raise Invalid("Write the sentence.", field="text")
    return words, heading if section == OWN else ""


def _line(words: str) -> str:
    """A single paragraph loses its tags, so that source marks can follow in the same line."""
    html = markdown(words).strip()
    is_single = html.startswith("<p>") and html.endswith("</p>") and html.count("<p>") == 1
    return html.removeprefix("<p>").removesuffix("</p>") if is_single else html


def _comments(consultation: Consultation, numbers: Sequence[str]) -> Sequence[int]:
    """Ids of the newest round's comments with these numbers, in their order; Invalid names those not there."""
    wanted = list(dict.fromkeys(n.upper() for part in numbers for n in re.split(r"[\s,;]+", part) if n))
    known = select(func.upper(Comment.number), Comment.id).where(
        Comment.round_id == newest_round(viewer=SYSTEM, consultation=consultation).id,
        Comment.state == "posted",
        func.upper(Comment.number).in_(wanted[:MOST_SOURCES]),
    )
    found: dict[str, int] = dict(session().execute(known).all())
    unknown = [n for n in wanted if n not in found]
    if unknown:
        raise Invalid(
            f"There is no comment {excerpt(', '.join(unknown), 100)} in this round. Check the number.",
            field="sources",
        )
    return [found[n] for n in wanted]
