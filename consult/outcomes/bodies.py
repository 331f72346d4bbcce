"""What of outcomes points to an organisation; see accounts.bodies."""

from __future__ import annotations

from consult.accounts.bodies import Refers, refer

from .models import Objection

refer(Refers(Objection.organisation_id, False, ("objection", "objections")))
