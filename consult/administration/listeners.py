"""Every administrative act is kept, in the transaction in which it happens."""

from __future__ import annotations

from consult.core.administered import Administered
from consult.core.events import listen
from consult.core.operations import session

from .models import AdministrativeAct


@listen(Administered)
def keep_act(event: Administered) -> None:
    """Add the row; an act that cannot be kept does not happen."""
    actor = event.actor
    session().add(
        AdministrativeAct(
            verb=event.verb, by_id=actor.person_id, by_name="" if actor.person_id else actor.name,
            person_id=event.person_id, organisation_id=event.organisation_id, consultation_id=event.consultation_id,
            job_id=event.job_id, detail=event.detail, reason=event.reason,
        )
    )  # fmt: skip
