"""The code on a receipt, by which the sender of a contribution becomes its author. Pure.

Nothing is stored: a code follows from the installation's secret, the contribution and the count of codes that were
made for it. So the receipt can be printed again, and a new count makes every earlier code worthless.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 that are told apart on paper: no 0 and O, no 1 and I
LENGTH, GROUP = 16, 4  # 80 bits
LIFETIME = timedelta(days=180)


def code(secret: str, entry_id: int, count: int) -> str:
    """The code of a contribution: XXXX-XXXX-XXXX-XXXX."""
    mark = hmac.new(secret.encode(), f"consult.moderation.claim {entry_id} {count}".encode(), hashlib.sha256).digest()
    letters = "".join(LETTERS[byte % len(LETTERS)] for byte in mark[:LENGTH])
    return "-".join(letters[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def fits(typed: str, right: str) -> bool:
    """Whether somebody typed the right code, however it was written; takes as long for a wrong one."""
    plain = "".join(sign for sign in typed.upper() if sign in LETTERS)
    return hmac.compare_digest(plain, right.replace("-", ""))
