"""Whom one can tell."""

from __future__ import annotations

from collections.abc import Iterable


def people_of(ids: Iterable[int | None]) -> list[int]:
    """The people among ids, without those of visitors and imported authors, who have no account."""
    return [person_id for person_id in ids if person_id is not None]
