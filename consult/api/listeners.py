"""What ends with a password ends tokens, too."""

from __future__ import annotations

from consult.accounts.events import SignInsEnded
from consult.core.events import listen
from consult.core.rules import SYSTEM

from . import operations


@listen(SignInsEnded)
def revoke_tokens(event: SignInsEnded) -> None:
    """A new password, or "End all others": whoever was in the account may have made tokens."""
    operations.revoke_all_of(actor=SYSTEM, person_id=event.person_id)
