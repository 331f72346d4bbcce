"""What can go wrong in the domain, each with a sentence a person can act on."""

from __future__ import annotations


class DomainError(Exception):
    """Something a person asked for cannot be done. `sentence` says why and what to do."""

    status = 400

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class Refused(DomainError):
    """A rule said no."""

    status = 403


class Missing(DomainError):
    """The thing is not there, or this viewer may not know that it is."""

    status = 404

    def __init__(self, sentence: str = "There is nothing at this address.", field: str | None = None) -> None:
        super().__init__(sentence, field)


class Moved(DomainError):
    """The thing is at another address for good: there `slug` stands for the one that was asked for."""

    status = 308

    def __init__(self, slug: str) -> None:
        super().__init__("This has moved to another address.")
        self.slug = slug


class Conflict(DomainError):
    """Somebody else changed the thing meanwhile."""

    status = 409


class Invalid(DomainError):
    """What was given cannot be used; `field` says where on the form."""

    status = 422


class Busy(DomainError):
    """Too many at once; trying again in a moment helps."""

    status = 503


class TooOften(DomainError):
    """Tried again and again in a short time; waiting helps."""

    status = 429
