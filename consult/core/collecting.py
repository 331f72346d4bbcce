"""The garbage collector while things are loaded: it rests, and afterwards what was loaded counts as old."""

from __future__ import annotations

import gc


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
