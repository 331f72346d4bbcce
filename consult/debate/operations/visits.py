"""When somebody was here, so that what is new can be told. Pages never write; the browser or a button does."""

from __future__ import annotations

from sqlalchemy.dialects import postgresql, sqlite

from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.operations import operation, session
from consult.core.rules import Actor
from consult.debate import rules
from consult.debate.models import Visit
from consult.debate.queries import visit_of
from consult.debate.rules import since


@operation(rule=rules.may_note_visit, on="consultation")
def note_visit(*, actor: Actor, consultation: Consultation, is_all_read: bool = False, key: str | None = None) -> None:
    """Somebody reads here now. `is_all_read`: nothing that is there counts as new any more."""
    now = clock.now()
    known = visit_of(viewer=actor, consultation_id=consultation.id)
    before = now if known is None or is_all_read else since(known.before_at, known.latest_at, now)
    insert = postgresql.insert if session().get_bind().dialect.name == "postgresql" else sqlite.insert
    times = {"before_at": before, "latest_at": now}
    statement = insert(Visit).values(consultation_id=consultation.id, person_id=actor.person_id, **times)
    session().execute(
        statement.on_conflict_do_update(index_elements=["consultation_id", "person_id"], set_=times)
    )  # fmt: skip
