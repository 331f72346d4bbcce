"""What accounts are called."""

from __future__ import annotations

MACHINE = (
    "(machine)"  # ends the name of every account that is a program, and of no other: so it is said wherever it speaks
)
