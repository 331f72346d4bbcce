"""The garbage collector while things are loaded: it rests, and afterwards what was loaded counts as old.

And the memory of the C library below it, of which what is freed is given back.
"""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress

TRIM, MAPPED, LARGE = -1, -3, 128 * 1024  # M_TRIM_THRESHOLD, M_MMAP_THRESHOLD of mallopt(3); bytes


def rest() -> None:
    """Before things are loaded: they all stay, and looking through them again and again is a fifth of a start."""
    gc.disable()


def resume() -> None:
    """When all is loaded. All that is there becomes old without being looked through.

    Else it would be young, and be looked through twice before it is old: by the process that loaded it, and then by each
    that was forked, which for this copies every page of memory it shares.
    """
    gc.freeze()
    gc.unfreeze()  # and what was frozen is old; why it does not stay frozen: decision 0138
    gc.enable()
    _give_back()


def _give_back() -> None:
    """Keep both limits of the GNU C library where they begin: each large block that is freed would move them up, to 64 MiB.

    Then what pages, files and the database took stays in pieces between what is kept, a little more with each.
    """
    with suppress(OSError, AttributeError):  # another C library
        tell = ctypes.CDLL(None).mallopt
        tell(MAPPED, LARGE)
        tell(TRIM, LARGE)
