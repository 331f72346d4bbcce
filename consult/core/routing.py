"""Parts of addresses that no database can hold are no addresses: they do not match, so the answer is 404.

What makes addresses is compiled when the first one is made: for all rules at once it was a tenth of the start.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map, Rule, UnicodeConverter, ValidationError

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


class Lazy(Rule):
    """A rule whose builder of addresses is made when it is asked for. Where werkzeug has no such method, it is a Rule."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        made = cache(super()._compile_builder)

        def build(_self: Rule, /, *args: Any, **values: Any) -> tuple[str, str]:
            return made(append_unknown)(_self, *args, **values)

        return build


def init_app(app: Flask) -> None:
    """Use these for `<int:…>` and `<…>`; before any room's doors are added."""
    app.url_rule_class = Lazy
    url_map: Map = app.url_map
    url_map.converters |= {"int": Number, "string": Words, "default": Words}
