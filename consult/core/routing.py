"""Parts of addresses that no database can hold are no addresses: they do not match, so the answer is 404.

What makes addresses is compiled when the first one is made: for all rules at once it was a tenth of the start. A page
has hundreds of addresses, most of them those of the page before: what was made is remembered.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from flask import Flask, has_request_context, request
from werkzeug.routing import IntegerConverter, Map, Rule, UnicodeConverter, ValidationError

from .ids import LARGEST

REMEMBERED = 8192  # addresses, of some 300 bytes each


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


class Addresses:
    """`url_for` for templates. An address without its host depends on nothing but what it is made of."""

    def __init__(self, app: Flask) -> None:
        self._make = app.url_for
        self._made = lru_cache(REMEMBERED, typed=True)(self._below)  # typed: True and 1 are words of their own

    def __call__(self, endpoint: str, /, **values: Any) -> str:
        if not has_request_context():
            return self._make(endpoint, **values)
        try:
            return self._made(request.root_path, endpoint, **values)
        except TypeError:  # a list can be no key
            return self._make(endpoint, **values)

    def _below(self, _root: str, endpoint: str, /, **values: Any) -> str:
        return self._make(endpoint, **values)


def init_app(app: Flask) -> None:
    """Use these for `<int:…>` and `<…>`; before any room's doors are added."""
    app.url_rule_class = Lazy
    url_map: Map = app.url_map
    url_map.converters |= {"int": Number, "string": Words, "default": Words}
