"""How a debate is played: each comment with its edit, replies, votes and names, and what a moderator did about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from consult.consultations.models import Consultation
from consult.core.operations import session
from consult.core.records import Record
from consult.debate import operations as debate
from consult.debate.models import Comment, Reply
from consult.debate.passages import Span
from consult.documents.models import Clause, DraftVersion
from consult.moderation import operations as moderation

from .script import DemoComment, Said
from .staging import at, comment_as_it_is

if TYPE_CHECKING:  # the operations play by this
    from .operations.cast import Cast


class Stage(Record):
    """Where the debate takes place."""

    cast: Cast
    consultation: Consultation
    version: DraftVersion
    clauses: dict[str, Clause]


def clauses_of(version: DraftVersion, comments: Sequence[DemoComment]) -> dict[str, Clause]:
    """The clauses that are spoken about, by label; the first of each."""
    labels = {label for comment in comments for label in comment.on}
    statement = select(Clause).where(Clause.version_id == version.id, Clause.label.in_(labels))
    return {clause.label: clause for clause in session().scalars(statement.order_by(Clause.rank.desc()))}


def play(stage: Stage, said: DemoComment, moment: datetime, step: timedelta) -> None:
    """One comment with its edit, replies and votes, and what a moderator did about it."""
    author = stage.cast.actor(said.by)
    with at(moment):
        comment = _post(stage, said)
    with at(moment + step / 3):
        comment = comment_as_it_is(comment.id)
        if said.first:
            debate.edit_comment(actor=author, comment=comment, body=said.body, seen_edit_number=comment.edit_number)
        for voter, choice in said.votes():
            debate.vote(actor=stage.cast.actor(voter), comment=comment, choice=choice)
        for name in said.cosign.split():
            debate.cosign(actor=stage.cast.actor(name), comment=comment, seen_edit_number=comment.edit_number)
    with at(moment + step / 2):
        for reply in said.reply:
            _reply(stage, comment, None, reply)
    with at(moment + step):
        _settle(stage, comment_as_it_is(comment.id), said)


def _post(stage: Stage, said: DemoComment) -> Comment:
    clauses = [stage.clauses[label] for label in said.on]
    return debate.post_comment(
        actor=stage.cast.actor(said.by), consultation=stage.consultation, version=stage.version, clauses=clauses,
        body=said.first or said.body, positions=said.positions, costs=said.costs, stance=said.stance, type=said.type,
        must_be_satisfied=said.must, named=said.named, new_text=said.new_text(clauses[0].text) if said.edit else None,
        passages=[Span(c.key, *place) for c in clauses[:1] for place in said.places(c.text)],
    )  # fmt: skip


def _reply(stage: Stage, comment: Comment, parent: Reply | None, said: Said) -> None:
    reply = debate.post_reply(
        actor=stage.cast.actor(said.by), comment=comment, parent=parent, body=said.body, positions=said.positions
    )
    for answer in said.reply:
        _reply(stage, comment, reply, answer)


def _settle(stage: Stage, comment: Comment, said: DemoComment) -> None:
    if said.withdrawn:
        debate.withdraw_comment(actor=stage.cast.actor(said.by), comment=comment)
    if said.reported is not None:
        report = said.reported
        moderation.report(actor=stage.cast.actor(report.by), thing=comment, rule=report.rule, text=report.text)
    if said.hidden is not None:
        act = said.hidden
        moderation.hide_contribution(
            actor=stage.cast.actor(act.by), thing=comment, rule=act.rule, passage=act.passage, reason=act.reason,
            seen_act_id=0,
        )  # fmt: skip
