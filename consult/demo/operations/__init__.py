"""Playing the demo: everything happens through the real operations, as the demo people, in one transaction."""

from __future__ import annotations

from consult.core.operations import operation
from consult.core.rules import Actor, system_only

from ..material import Material, Tell
from .act import open_act
from .cast import create_cast
from .circle import open_circle
from .csaf import publish_csaf
from .library import fill_library

__all__ = ["create_cast", "fill_library", "load", "open_act", "open_circle", "publish_csaf"]


@operation(rule=system_only)
def load(*, actor: Actor, material: Material, tell: Tell) -> None:
    """Load the whole demo or, when anything goes wrong or is interrupted, nothing of it."""
    tell("Inviting the demo people")
    cast = create_cast(actor=actor, people=material.script.people, hashes=material.hashes)
    publish_csaf(actor=actor, cast=cast, material=material, tell=tell)
    fill_library(actor=actor, cast=cast, material=material, tell=tell)
    open_act(actor=actor, cast=cast, material=material, tell=tell)
    open_circle(actor=actor, cast=cast, material=material, tell=tell)
