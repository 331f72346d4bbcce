"""What is read, passed on and never changed: made by the hundred while the application is loaded, by the thousand for a page.

A `Record` is written like a frozen dataclass and behaves like one. The library makes such a class in a fortieth of the
time, which was a sixth of a start, and an instance in an eighth. Where fields change, `dataclasses` serve.
"""

from __future__ import annotations

from typing import dataclass_transform

import msgspec
from msgspec import field
from msgspec.structs import asdict, replace


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class Record(msgspec.Struct, frozen=True):
    """Fields by their annotations; equal when they are equal. `replace(row, name=…)` makes another."""


__all__ = ["Record", "asdict", "field", "replace"]
