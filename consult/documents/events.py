"""What happens to drafts."""

from __future__ import annotations

from consult.core.records import Record


class DraftImported(Record):
    """A version of a draft was imported."""

    version_id: int


class VersionFrozen(Record):
    """A version became public and can never change again."""

    version_id: int
