"""Pictures as addresses that hold them (`data:`, RFC 2397), so that a text in one file takes them along. Pure."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable

from ..parsed import PictureFile

MOST = 3_500_000  # characters of all together: a text of more than 5 MB is not read


def addresses(pictures: Iterable[tuple[str, PictureFile]]) -> dict[str, str]:
    """The address of each picture by its name, as long as there is room; the rest stay behind."""
    room = MOST
    held: dict[str, str] = {}
    for name, picture in pictures:
        address = f"data:{picture.media_type};base64,{b64encode(picture.data).decode('ascii')}"
        if len(address) <= room:
            held[name] = address
            room -= len(address)
    return held
