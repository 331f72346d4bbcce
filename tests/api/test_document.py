"""schemathesis holds every answer to the OpenAPI document: valid and wrong input, as three kinds of people.

`make test` tries a few hundred requests; `make test-long`, or `make test-api-long` alone, 20,000, and says how many. What
it looks for: a 5xx, a status or a shape that the document does not say, and wrong input that is taken.
"""

from __future__ import annotations

from typing import Any

import hypothesis
import pytest
import schemathesis
from flask import Flask
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from consult.core import ids
from consult.core.limits import limiter
from tests.lengths import IS_LONG
from tests.make import Make

from .program import give

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance, negative_data_rejection,
]  # fmt: skip
CASES = 105 if IS_LONG else 5  # in one go, of each kind, endpoint and person: 12 × 2 × 3 of them
REQUESTS = 20_000 // 3 + 1 if IS_LONG else 60  # as one person, at least: not everywhere are there that many to make
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


@pytest.fixture
def programs(app: Flask, make: Make) -> Any:
    """A consultation in which something is said, hidden and waits, one that is published, and three tokens."""
    row = make.consultation("open", slug="press")
    clause = make.clauses(make.version(row))[1]
    make.comment(row, clause, number="P9000-001")
    for number, state in (("P9000-002", "hidden"), ("P9000-003", "withdrawn"), ("P9000-004", "held")):
        make.comment(row, clause, number=number, state=state, held_for="first" if state == "held" else "")
    done = make.consultation("published", slug="done")
    make.comment(done, make.clauses(make.version(done))[1], number="P9000-001", disposition="noted")
    limiter.enabled = False
    administrator = make.person("Administrator", is_administrator=True)
    yield {"visitor": "", "participant": give(make, make.person("Ada")), "administrator": give(make, administrator)}
    limiter.enabled = True


def _is_valid(case: Any, part: str) -> bool:
    found = [info.mode for name, info in case.meta.components.items() if name.value == part] if case.meta else []
    return found == [GenerationMode.POSITIVE]


def _led_somewhere(case: Any, draw: int) -> None:
    """What is well formed leads mostly to something that is there: nothing is learnt from the thousandth 404."""
    if case.path_parameters and _is_valid(case, "path") and draw:
        there = {"slug": ("press", "done")[draw % 2], "number": f"P9000-00{draw}", "version": 1}
        case.path_parameters |= {name: there[name] for name in case.path_parameters}
    if case.headers and "Idempotency-Key" in case.headers and _is_valid(case, "header"):
        case.headers["Idempotency-Key"] = ids.new_key()
    if isinstance(case.body, dict) and _is_valid(case, "body") and draw:
        real = {"positions": ["safety"], "costs": [], "clauses": ["1-1"][: draw % 2], "version": None, "to": None}
        case.body |= {name: real[name] for name in case.body if name in real}


@pytest.mark.parametrize("who", ["visitor", "participant", "administrator"])
def test_the_document_is_true(app: Flask, programs: dict[str, str], who: str) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    sent = {"Accept-Encoding": "identity"} | ({"Authorization": f"Bearer {programs[who]}"} if programs[who] else {})
    operations, counted = [one.ok() for one in schema.get_all_operations()], 0
    while counted < REQUESTS:
        counted += sum(_hold(operation, mode, sent) for operation in operations for mode in MODES)
    print(f"As {who}: {counted:,} requests answered as the document says.")


def _hold(operation: Any, mode: GenerationMode, sent: dict[str, str]) -> int:
    """Try one endpoint; how many requests were sent."""
    count = 0

    @hypothesis.settings(
        max_examples=CASES, deadline=None, database=None, derandomize=not IS_LONG,
        suppress_health_check=list(hypothesis.HealthCheck), phases=[hypothesis.Phase.generate],
    )  # fmt: skip
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode), draw=hypothesis.strategies.integers(0, 4))
    def each(case: Any, draw: int) -> None:
        nonlocal count
        count += 1
        _led_somewhere(case, draw)
        case.validate_response(case.call(headers=sent), checks=CHECKS, headers=sent)

    each()
    return count
