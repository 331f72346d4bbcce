"""Opinion groups: people who vote alike, found in votes. Pure, in plain Python, the same result in any order.

`plane` puts people where their votes put them, `clusters` divides the plane, `telling` asks whether that says anything,
`grouping` chooses how many groups there are or that there are none, `cells` says what may be shown of them.
"""

from __future__ import annotations

from .cells import ground, may_show, typical, uniting
from .grouping import FORMULA, LEAST_VOTES, Opinions, as_before, find

__all__ = ["FORMULA", "LEAST_VOTES", "Opinions", "as_before", "find", "ground", "may_show", "typical", "uniting"]
