"""A name that somebody withholds is at no address: every GET of the URL map is asked, by people and by programs.

What was hidden and what is private have walks of their own: tests/moderation/test_canary.py and test_private.py. That
no search, no mail and no link finds it: tests/moderation/test_withheld.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from consult.core.limits import limiter

from .walking import address_of, rules_of, words_of
from .world import WITHHELD, World

# Everybody; who speaks for the same organisation; who has a role here, or one elsewhere. Only moderators see who it is.
OTHERS = ("visitor", "member", "observer", "organiser", "elsewhere")
OF_HER_ACCOUNT = ("/people/", "/organisations/")  # that she is here, and where a member: it leads to no contribution
HERS = {f"/c/matrix/comments/{number}" for number in ("P-901", "P-902", "LU-901", "LOG-001/names")}


@pytest.fixture(scope="module")
def made(app: Flask) -> Iterator[World]:
    limits, limiter.enabled = limiter.enabled, False
    world = World(app, "published")
    yield world
    world.clear()
    limiter.enabled = limits


@pytest.fixture
def world(made: World) -> World:
    """As it was made: the database is emptied after each test."""
    made.restore()
    return made


def _heard(world: World, client: Any, below: str = "/") -> tuple[set[str], int]:
    """Addresses at which somebody reads the name, or her number in a link; at how many what stands in its place."""
    addresses = (
        {address_of(world, rule) for rule in rules_of(world.app)} | HERS | {f"/c/matrix/letters/{world.unseen.id}"}
    )
    asked = {at for at in addresses if at.startswith(below) and not at.startswith(OF_HER_ACCOUNT)}
    said = {at: words_of(client.get(at)) for at in asked}
    heard = {at for at, words in said.items() if WITHHELD in words or f'"/people/{world.withheld.id}"' in words}
    return heard, sum("Name withheld" in words for words in said.values())


@pytest.mark.parametrize("role", OTHERS)
def test_others_read_it_nowhere(world: World, role: str) -> None:
    heard, in_its_place = _heard(world, world.client(role))
    assert heard == set()
    assert in_its_place > 5


def test_moderators_read_it_where_they_decide(world: World) -> None:
    """The same walk, so that what finds nothing elsewhere is known to find it."""
    assert _heard(world, world.client("moderator"))[0] > HERS


def test_programs_read_it_nowhere(world: World) -> None:
    heard, in_its_place = _heard(world, world.program("observer", "read"), below="/api/")
    assert heard == set()
    assert in_its_place
