"""Every address of the product, as it is asked by those who look for what must not be there."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from .asked import value_of
from .world import World


def rules_of(app: Flask, method: str = "GET") -> list[Rule]:
    """Its addresses that answer to a method."""
    return [r for r in app.url_map.iter_rules() if r.endpoint != "asset" and method in (r.methods or ())]


def address_of(world: World, rule: Rule, **instead: object) -> str:
    """One of them with the numbers and ids of the world; `instead`: with others."""
    values = {argument: value_of(world, rule.endpoint, argument) for argument in rule.arguments} | instead
    with world.app.test_request_context():
        return world.app.url_for(rule.endpoint, **values)


def words_of(answer: Any) -> str:
    """What an answer says, where it leads to, and what is in a packed file."""
    data = answer.get_data()
    if data[:2] == b"PK":
        with zipfile.ZipFile(BytesIO(data)) as packed:
            data = b" ".join(packed.read(name) for name in packed.namelist())
    return data.decode("utf-8", "replace") + answer.headers.get("Location", "")
