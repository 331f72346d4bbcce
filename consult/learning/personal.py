"""What the shelf keeps about people; see core.personal."""

from __future__ import annotations

from sqlalchemy import delete, select

from consult.consultations.models import StoredFile
from consult.core.operations import session
from consult.core.personal import KEPT, PERSON, WITHDRAWN, Held, Leaving, erasing, hold

from .models import Resource

hold(
    Held(Resource, Resource.added_by_id == PERSON, {"added_by_name": WITHDRAWN}),
    Held(Resource, Resource.decided_by_id == PERSON, KEPT, only=("title", "decided_by_id", "decided_at")),
)


@erasing
def proposals_go(leaving: Leaving) -> None:
    """What was proposed and never stood on the shelf, with its file."""
    never = (Resource.added_by_id == leaving.person_id, Resource.state.in_(("proposed", "declined")))
    files = session().scalars(select(Resource.file_id).where(*never, Resource.file_id.is_not(None))).all()
    session().execute(delete(Resource).where(*never))
    used = select(Resource.file_id).where(Resource.file_id.is_not(None))
    session().execute(delete(StoredFile).where(StoredFile.id.in_(files), StoredFile.id.not_in(used)))
