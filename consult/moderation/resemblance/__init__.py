"""Which texts of many are nearly the same. Pure, in any language and script, the same result in any order.

`words` cuts what is not the argument, `sketches` makes texts comparable, `groups` puts them together, `letters` finds
the letter inside a group again in other texts, `additions` says what one text adds to another.
"""

from __future__ import annotations

from .groups import Found, Group, Text, find

__all__ = ["Found", "Group", "Text", "find"]
