"""What of consultations points to an organisation; see accounts.bodies."""

from __future__ import annotations

from sqlalchemy import select

from consult.accounts.bodies import Refers, hold_first, refer
from consult.core.db import KEY_STAYS
from consult.core.operations import session

from .models import Consultation

refer(Refers(Consultation.organiser_id, False, ("consultation", "consultations")))


@hold_first
def hold_all_consultations() -> None:
    """Whoever says something holds the consultation, which counts organisations: it comes before a merge, or after it."""
    session().execute(select(Consultation.id).order_by(Consultation.id).with_for_update(**KEY_STAYS))
