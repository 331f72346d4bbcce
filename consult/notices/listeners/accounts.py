"""What happens to one's own account."""

from __future__ import annotations

from consult.accounts.events import NewBrowserSignedIn
from consult.core.events import listen
from consult.core.rules import SYSTEM

from ..operations import tell_of_browser


@listen(NewBrowserSignedIn)
def tell_whose_account_it_is(event: NewBrowserSignedIn) -> None:
    """A line in her inbox, beside the mail."""
    tell_of_browser(actor=SYSTEM, person_id=event.person_id, sign_in_id=event.sign_in_id)
