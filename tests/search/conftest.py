"""A consultation whose people write as they do: through the operations, so that the listeners hear of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from consult.accounts.models import Person
from consult.consultations.models import Consultation
from consult.core.rules import SYSTEM, VISITOR, Actor
from consult.debate import operations as debate
from consult.debate.models import Comment, Reply
from consult.documents import queries as documents
from consult.moderation.queries import things
from consult.search import operations, queries
from tests.make import Make

TEXTS = (
    "Providers shall publish a detailed summary of the training data.",
    "Small providers may publish the summary later, as Article 53(2) says.",
    "Notified bodies keep records of every café they inspect.",
)


@dataclass
class Searched:
    """One consultation, and what is said in it."""

    make: Make
    row: Consultation
    author: Person
    said: tuple[Comment, Reply] | tuple[()] = ()

    def post(self, body: str, key: str = "1-1", **values: Any) -> Comment:
        version = documents.version(viewer=SYSTEM, consultation_id=self.row.id)
        clauses = documents.clauses(viewer=SYSTEM, version=version, keys=[key])
        given = {
            "positions": ["safety"],
            "stance": "object",
            "type": "technical",
            "actor": self.make.actor(self.author),
        }
        return debate.post_comment(
            consultation=self.row, version=version, clauses=clauses, body=body, key=self.make.key(), **(given | values)
        )

    def reply(self, comment: Comment, body: str) -> Reply:
        return debate.post_reply(
            actor=self.make.actor(self.author), comment=self.load(comment), parent=None, body=body, key=self.make.key()
        )

    def load(self, thing: Comment | Reply) -> Any:
        kind, key = ("comments", thing.number) if isinstance(thing, Comment) else ("replies", str(thing.id))
        return things.find(viewer=SYSTEM, slug=self.row.slug, kind=kind, key=key)

    def page(
        self, typed: str, viewer: Actor = VISITOR, *, everywhere: bool = False, page: int = 1, **filters: Any
    ) -> queries.SearchPage:
        return queries.search(
            viewer=viewer,
            filters=queries.Filters(typed, **filters),
            consultation=None if everywhere else self.row,
            page=page,
        )

    def finds(self, typed: str, viewer: Actor = VISITOR, **given: Any) -> list[str]:
        """What is found, as "clause: 1.1 …", "comment: P0001-001 …"; in order."""
        return [
            f"{hit.kind}: {''.join(part.text for part in hit.title)}" for hit in self.page(typed, viewer, **given).hits
        ]


def searched(make: Make, texts: tuple[str, ...] = TEXTS, **values: Any) -> Searched:
    row = make.consultation(**values)
    make.version(row, texts)
    operations.index_draft(actor=SYSTEM, consultation_id=row.id)
    return Searched(make, row, make.person("Ada Author"))


@pytest.fixture
def there(inside: Flask, make: Make) -> Searched:
    return searched(make)
