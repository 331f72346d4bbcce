"""Parts of pages that are rendered once for the same values.

    {% once entry, is_here %}<a href="…">{{ entry.title }}</a>{% endonce %}

What stands between may depend on the values that are named, and on nothing else: neither on the clock, nor on the
viewer, nor on a name of the page around it. A template that tries does not load. So what is kept cannot be stale: with
other values it is another fragment. The values must be ones that can be compared and never change, as tuples of words
and numbers are. It is worth it for what a page has hundreds of.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from itertools import count, islice
from threading import Lock
from typing import Any

from flask import has_request_context, request
from jinja2 import Environment, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser

MOST = 1_000_000  # characters of all fragments; with their keys two or three times as much memory
LEAST = 200  # that a fragment is counted as
PURE = frozenset({"url_for", "range"})  # of what every template has: the same for the same arguments
IMPURE = frozenset({"ago"})  # filters that ask the clock


class Once(Extension):
    """The tag `once`."""

    tags = {"once"}

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self._made: dict[Hashable, str] = {}
        self._size, self._lock = 0, Lock()
        self._unnamed = count()  # templates without a name

    def parse(self, parser: Parser) -> nodes.Node:
        """A call of `_kept` with the values named, and with what renders the rest."""
        line = next(parser.stream).lineno
        given = parser.parse_tuple(with_condexpr=False)
        values = given.items if isinstance(given, nodes.Tuple) else [given]
        body = parser.parse_statements(("name:endonce",), drop_needle=True)
        names = {value.name for value in values if isinstance(value, nodes.Name)}
        if len(names) != len(values):
            parser.fail("once: give names, separated by commas", line)
        for problem in _problems(body, names):
            parser.fail(f"once: {problem}", line)
        place = nodes.Const(f"{parser.name or next(self._unnamed)}:{line}")
        call = self.call_method("_kept", [place, nodes.Tuple(values, "load")])
        return nodes.CallBlock(call, [], [], body).set_lineno(line)

    def _kept(self, place: str, values: tuple[Hashable, ...], caller: Callable[[], str]) -> str:
        key = place, request.root_path if has_request_context() else "", values
        found = self._made.get(key)
        if found is None:
            found = caller()
            self._keep(key, found)
        return found

    def _keep(self, key: Hashable, found: str) -> None:
        with self._lock:
            self._made[key] = found
            self._size += max(LEAST, len(found))
            if self._size > MOST:  # the oldest half goes
                for old in list(islice(self._made, len(self._made) // 2)):
                    del self._made[old]
                self._size = sum(max(LEAST, len(made)) for made in self._made.values())


def _problems(body: Iterable[nodes.Node], names: set[str]) -> Iterable[str]:
    """What in a body depends on more than on these names."""
    inside = nodes.Scope(list(body))
    own = {name.name for name in inside.find_all(nodes.Name) if name.ctx == "store"}
    in_loops = {id(name) for loop in inside.find_all(nodes.For) for name in loop.find_all(nodes.Name)}
    for name in inside.find_all(nodes.Name):
        is_own = name.name in own or (name.name == "loop" and id(name) in in_loops)
        if name.ctx == "load" and not is_own and name.name not in names | PURE:
            yield f"“{name.name}” is not one of its values"
    for one in inside.find_all(nodes.Filter):
        if one.name in IMPURE:
            yield f"the filter “{one.name}” asks the clock"
    parts: tuple[Any, ...] = nodes.Include, nodes.Import, nodes.FromImport, nodes.Block, nodes.CallBlock
    for part in inside.find_all(parts):
        yield f"{type(part).__name__} brings other names"
