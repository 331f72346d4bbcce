"""The debate over HTTP, without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

from tests.make import Make
from tests.visitor import Visitor

Visit = Callable[..., Visitor]


def test_somebody_comments_and_sees_it(make: Make, visit: Visit) -> None:
    consultation = make.consultation()
    make.version(consultation)
    browser = visit(make.person("Ada Lovelace"))
    browser.open(f"/c/{consultation.slug}/comments/new?version=1&clause=1-1")
    page = browser.press(
        "Preview", body="It is **too long**.", stance="object", positions="safety", new_text="Shorter."
    )
    assert "not posted yet" in page.text
    assert "too long" in page.text
    page = browser.press("Post comment")
    assert page.heading.startswith("P")
    assert "too long" in page.text
    page = browser.press("Post reply", body="I answer myself.")
    page = browser.open(f"/c/{consultation.slug}/comments")
    page = browser.open(f"/c/{consultation.slug}/comments?sort=random&position=safety&q=long")
    page = visit().open(f"/c/{consultation.slug}/comments?sort=random&position=safety&q=long")
    other = visit(make.person("Grace"))
    page = other.open(page.links()["P0001-001"] if "P0001-001" in page.links() else f"/c/{consultation.slug}/comments")
