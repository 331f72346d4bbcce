"""An organiser adopts; a stranger finds the standard in the library and takes it along."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.make import PASSWORD

from .conftest import Site, Surfer

Arrive = Callable[..., Surfer]


def test_from_adoption_to_the_citation(site: Site, surfer: Arrive, tmp_path: Path) -> None:
    make = site.make
    row = make.consultation("published", title="Model cards, a consultation")
    make.version(row, ("Providers shall publish a summary.", "Small providers may wait."))
    organiser = surfer()
    organiser.open("/sign-in")
    organiser.fill(email=make.staff(row, "organiser").email, password=PASSWORD).press("Sign in")
    page = organiser.open(f"/c/{row.slug}/manage")
    page.get_by_role("link", name="Adopt …").click()
    page.get_by_label("Title").fill("Model cards: safety & access")
    page.get_by_label("Adopted by, one name a line").fill("Health and Safety Executive\nGuild")
    organiser.look()
    page.get_by_role("button", name="Adopt").click()
    page.get_by_text("It is adopted, and in the library").wait_for()

    stranger = surfer()
    page = stranger.open("/")
    page.get_by_role("navigation", name="Site").get_by_role("link", name="Library").click()
    page.get_by_label("Words in title").fill("safety")
    page.get_by_role("button", name="Show").click()
    stranger.look()
    page.get_by_role("link", name="Model cards: safety & access").click()
    stranger.look()
    taken = {}
    for name in ("BibTeX (.bib)", "CSL-JSON (.json)", "Download as one file (HTML)"):
        with page.expect_download() as coming:
            page.get_by_role("link", name=name).click()
        coming.value.save_as(tmp_path / coming.value.suggested_filename)
        taken[name] = tmp_path / coming.value.suggested_filename
    bib, csl, file = taken.values()
    assert bib.suffix == ".bib"
    assert "author = {{Health and Safety Executive} and {Guild}}" in bib.read_text("utf-8")
    assert json.loads(csl.read_text("utf-8"))[0]["title"] == "Model cards: safety & access"
    alone = page.context.new_page()
    asked = list[str]()
    alone.on("request", lambda request: asked.append(request.url))
    alone.goto(file.as_uri())
    assert alone.get_by_role("heading", level=1).inner_text() == "Model cards: safety & access"
    assert alone.get_by_text("Providers shall publish a summary.").is_visible()
    assert asked == [file.as_uri()], "it needs nothing else"
