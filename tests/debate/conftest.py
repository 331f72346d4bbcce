"""A consultation with a draft, open for comments, and how many statements something costs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask

from consult.consultations.models import Consultation
from consult.core.rules import Actor
from consult.debate import operations
from consult.debate.models import Comment
from consult.documents.models import Clause, DraftVersion
from tests.listening import listening
from tests.make import Make

Statements = Callable[[], Any]


@dataclass
class World:
    """One consultation, its version and clauses, and a way to post without filling in everything."""

    make: Make
    consultation: Consultation
    version: DraftVersion
    clauses: list[Clause] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"/c/{self.consultation.slug}/comments"

    def actor(self, name: str = "", **values: Any) -> Actor:
        return self.make.actor(self.make.person(name, **values))

    def moderator(self) -> Actor:
        return self.make.actor(self.make.staff(self.consultation, "moderator"))

    def post(self, actor: Actor | None = None, **values: Any) -> Comment:
        given = {
            "actor": actor or self.actor(), "consultation": self.consultation, "version": self.version,
            "clauses": [self.clauses[1]], "body": "Too long.", "positions": {"safety"}, "stance": "object",
            "type": "technical",
        } | values  # fmt: skip
        return operations.post_comment(**given)


def build(make: Make, state: str = "open", **values: Any) -> World:
    consultation = make.consultation(state, **values)
    version = make.version(consultation)
    return World(make, consultation, version, make.clauses(version))


@pytest.fixture
def world(make: Make) -> World:
    return build(make)


@pytest.fixture
def statements(app: Flask) -> Callable[[], Any]:
    """`with statements() as told:` collects the statements sent to the database."""

    return lambda: listening(app)
