"""Contents of the store that a row names."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from consult.core.db import db
from consult.core.rules import Actor

from ..models import StoredFile


def named_files(*, viewer: Actor, contents: Collection[str]) -> set[str]:
    """Those of `contents` (SHA-256) that some row names. Only the system asks: a content is of no consultation."""
    if not viewer.is_system:
        return set()
    return set(db.session.scalars(select(StoredFile.sha256).where(StoredFile.sha256.in_(contents))))
