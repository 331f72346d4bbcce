"""What both consultations of the demo need: their settings from the script, and a clock that can be put back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from consult.consultations import operations as consultations
from consult.consultations.models import Consultation
from consult.consultations.operations import PositionText
from consult.core import clock
from consult.core.operations import session
from consult.core.rules import Actor
from consult.debate.models import Comment
from consult.documents import operations as documents
from consult.documents.models import DraftVersion

from .material import Text
from .script import DemoConsultation


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let it be `moment` inside the block."""
    with clock.shifted(moment - clock.now()):
        yield


def describe(actor: Actor, row: Consultation, plan: DemoConsultation) -> None:
    """Give a draft consultation its words, bodies, questions, positions, and the notice that it is a demonstration."""
    consultations.describe(
        actor=actor, consultation=row, edit_number=row.edit_number, title=plan.title, summary=plan.summary,
        scope=plan.scope,
    )  # fmt: skip
    consultations.name_bodies(
        actor=actor, consultation=row, edit_number=row.edit_number, co_organisers=plan.co_organisers,
        organiser_name=plan.organiser_name or row.organiser_name,
    )  # fmt: skip
    consultations.ask(
        actor=actor, consultation=row, edit_number=row.edit_number, questions=plan.questions, topics=plan.topics
    )
    texts = [PositionText(p.key, p.name, p.definition) for p in plan.position]
    consultations.define_positions(actor=actor, consultation=row, edit_number=row.edit_number, positions=texts)
    row.is_demo, row.notice, row.language = True, plan.notice.strip(), plan.language
    session().flush()


def bring_in(actor: Actor, consultation: Consultation, text: Text) -> DraftVersion:
    """Import one version of the draft."""
    return documents.import_version(
        actor=actor, consultation=consultation, parsed=text.parsed, source_name=text.version.file, source=text.source,
        name=text.version.name, change_note=text.version.change_note,
    )  # fmt: skip


def comment_as_it_is(comment_id: int) -> Comment:
    """A comment with everything that rules ask about."""
    statement = (
        select(Comment)
        .options(joinedload(Comment.consultation), joinedload(Comment.organisation), selectinload(Comment.changes))
        .where(Comment.id == comment_id)
        .execution_options(populate_existing=True)
    )
    return session().scalars(statement).one()
