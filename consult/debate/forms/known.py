"""What was chosen, as far as it exists."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence


def among(chosen: Sequence[str] | None, known: Collection[str]) -> tuple[str, ...]:
    return tuple(key for key in dict.fromkeys(chosen or ()) if key in known)


def known(value: str | None, words: Mapping[str, str]) -> str:
    return value if value is not None and value in words else ""
