"""What happens to drafts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DraftImported:
    """A version of a draft was imported."""

    version_id: int


@dataclass(frozen=True, slots=True)
class VersionFrozen:
    """A version became public and can never change again."""

    version_id: int
