"""A first visit to any page of the demo is light, and costs the database little."""

from __future__ import annotations

import pytest

from .conftest import Stage
from .weighing import longest_reading_pages, main_pages, weigh

HEAVIEST = 150_000  # bytes, compressed, with everything the page loads
MOST_REQUESTS = 6
MOST_STATEMENTS = 27


def test_main_pages_are_light(stage: Stage) -> None:
    for name, url in main_pages(stage.app).items():
        found = weigh(stage.app, url)
        assert found.status == 200, (name, url, found.status)
        assert found.size <= HEAVIEST, (name, found)
        assert found.requests <= MOST_REQUESTS, (name, found)
        assert found.statements <= MOST_STATEMENTS, (name, found)


@pytest.mark.parametrize("slug", ["eu-ai-act", "csaf-2-1"])
def test_the_longest_reading_pages_are_light(stage: Stage, slug: str) -> None:
    for url in longest_reading_pages(stage.app, slug, 3):
        found = weigh(stage.app, url)
        assert (found.status, found.size <= HEAVIEST, found.requests <= MOST_REQUESTS) == (200, True, True), found


def test_the_act_is_not_one_page(stage: Stage) -> None:
    assert len(longest_reading_pages(stage.app, "eu-ai-act", 500)) > 20
