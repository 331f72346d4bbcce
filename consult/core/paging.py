"""Pages of long lists by key, never by offset: page 400 costs what page 1 costs."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from .records import Record

T = TypeVar("T")


class Listing(Record, Generic[T]):
    """One page of a list: its rows, the cursors to its neighbours, and how many there are in all, or `is_more`."""

    rows: Sequence[T]
    total: int
    next_cursor: str | None = None
    previous_cursor: str | None = None
    is_more: bool = False  # than `total`: nobody counted on


def encode(keys: Sequence[Any]) -> str:
    """Put the sort keys of a row into an opaque cursor for an address."""
    return base64.urlsafe_b64encode(json.dumps(list(keys)).encode()).decode().rstrip("=")


def decode(cursor: str | None, length: int) -> list[Any] | None:
    """Read a cursor back; None when there is none or somebody has meddled with it."""
    if not cursor:
        return None
    try:
        keys = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, UnicodeDecodeError):
        return None
    return keys if isinstance(keys, list) and len(keys) == length and all(map(_can_be_stored, keys)) else None


def _can_be_stored(key: object) -> bool:
    """Whether a database can compare with it: no NUL, no half characters, no number beyond 64 bits."""
    if isinstance(key, str):
        return "\x00" not in key and not any("\ud800" <= c <= "\udfff" for c in key)
    return isinstance(key, int | float) and abs(key) < 2**63
