"""A consultation with a draft, and the people around its guide and its shelf."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from consult.accounts.models import Person
from consult.consultations.models import Consultation
from consult.consultations.queries import find
from consult.core.db import db
from consult.core.rules import SYSTEM
from consult.learning import operations
from consult.learning.models import Resource, Term
from consult.learning.operations.shelf import Label
from tests.make import Make

TEXTS = (
    "The Provider of an AI system shall tell providers of other systems.",
    "‘deployer’ means a person using an AI system under its authority;",
    "Deployers keep logs.",
)


def label(**values: str) -> Label:
    """What is said of a thing; believable unless told otherwise."""
    given = {
        "kind": "document", "title": "Impact assessment", "url": "https://example.org/impact.pdf", "licence": "CC-BY-4.0",
        "description": "What the rules would cost.", "language": "en",
    } | values  # fmt: skip
    return Label(**given)


@dataclass
class Class:
    """One consultation and its people, by what they do there."""

    make: Make
    state: str = "open"
    people: dict[str, Person] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.row = self.make.consultation(self.state, slug="taught")
        self.version = self.make.version(self.row, TEXTS)
        for role in ("organiser", "moderator", "editor", "observer"):
            self.people[role] = self.make.staff(self.row, role)
        self.people["reader"] = self.make.person("Reader")

    def actor(self, role: str) -> Any:
        return self.make.actor(self.people[role])

    def consultation(self) -> Consultation:
        """As it is now; needs an application context."""
        return find(viewer=SYSTEM, slug="taught")

    def term(self, name: str = "provider", **values: Any) -> Term:
        given = {"explanation": "Who makes a system.", "variants": ""} | values
        return operations.add_term(
            actor=self.actor("organiser"), consultation=self.consultation(), name=name, **given
        )  # fmt: skip

    def on_shelf(self, **values: str) -> Resource:
        return operations.add_resource(
            actor=self.actor("organiser"), consultation=self.consultation(), label=label(**values)
        )

    def proposed(self, **values: str) -> Resource:
        return operations.propose_resource(
            actor=self.actor("reader"), consultation=self.consultation(), label=label(**values)
        )

    def ask(self, number: int) -> None:
        """Questions, each with an answer."""
        for n in range(number):
            operations.add_question(
                actor=self.actor("editor"), consultation=self.consultation(), question=f"Question {n}?", answer="Yes."
            )


@pytest.fixture
def taught(make: Make) -> Class:
    return Class(make)


@pytest.fixture
def known(inside: Flask, taught: Class) -> Class:
    """The same inside of an application context."""
    return taught


def all_of(model: Any) -> list[Any]:
    return list(db.session.scalars(select(model).order_by(model.id).execution_options(populate_existing=True)))
