"""Parts of addresses that no database can hold are no addresses: they do not match, so the answer is 404."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter, ValidationError

from .ids import LARGEST


class Number(IntegerConverter):
    """`<int:…>`: at most what a 64-bit column holds."""

    def to_python(self, value: str) -> Any:
        if len(value) > len(str(LARGEST)) or int(value) > LARGEST:
            raise ValidationError
        return super().to_python(value)


class Words(UnicodeConverter):
    """`<…>`: no control characters; PostgreSQL refuses NUL."""

    def to_python(self, value: str) -> str:
        if any(ord(c) < 0x20 or c == "\x7f" for c in value):
            raise ValidationError
        return str(super().to_python(value))


def init_app(app: Flask) -> None:
    """Use these for `<int:…>` and `<…>`; before any room's doors are added."""
    url_map: Map = app.url_map
    url_map.converters |= {"int": Number, "string": Words, "default": Words}
