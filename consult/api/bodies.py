"""What of the interface points to an organisation; see accounts.bodies. A token goes on speaking for the same body."""

from __future__ import annotations

from consult.accounts.bodies import Refers, refer

from .models import ApiToken

refer(Refers(ApiToken.acting_for_id, True, ("access token", "access tokens")))
