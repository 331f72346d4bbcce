"""The link in every notice that ends mails of its kind: signed, for this alone, and good for as long as the mail is.

It opens nothing: whoever holds it can only stop one kind of mail to one person, and everything stays in her inbox.
"""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeSerializer

from consult.core.records import Record

from .models import KINDS

SALT = "consult.notices.ending"
DIGESTS = {"daily": "What happened, once a day", "weekly": "What happened, once a week"}
WORDS = KINDS | DIGESTS


class Ending(Record):
    """A genuine link: whom it is for, and the kind of notice, or the digest, that it ends."""

    person_id: int
    what: str

    @property
    def words(self) -> str:
        """What it ends, in words."""
        return WORDS[self.what]


def token(secret: str, person_id: int, what: str) -> str:
    """The token of a link that ends mails of a kind, or a digest."""
    return str(URLSafeSerializer(secret, salt=SALT).dumps([person_id, what]))


def read(secret: str, text: str) -> Ending | None:
    """The link behind a token; None when it is forged or was made for something else."""
    try:
        person_id, what = URLSafeSerializer(secret, salt=SALT).loads(text)
    except (BadSignature, ValueError, TypeError):
        return None
    return Ending(person_id, what) if isinstance(person_id, int) and what in WORDS else None
