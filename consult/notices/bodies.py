"""What of notices points to an organisation; see accounts.bodies."""

from __future__ import annotations

from consult.accounts.bodies import Refers, refer

from .models import Follow

refer(Refers(Follow.organisation_id, True, ("follower", "followers")))
