"""Finding something with the keys alone, and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

from consult.search.rebuilding import rebuild

from .conftest import Site, Surfer

Surf = Callable[..., Surfer]


def a_consultation(site: Site) -> str:
    row = site.make.consultation()
    site.make.version(row)
    with site.app.app_context():
        rebuild(row)
    return row.slug


def test_a_key_leads_to_the_search_and_to_its_field(site: Site, surfer: Surf) -> None:
    slug = a_consultation(site)
    reader = surfer()
    page = reader.open(f"/c/{slug}")
    page.wait_for_load_state("networkidle")  # what listens to keys is fetched after the page
    with page.expect_navigation():
        page.keyboard.press("/")
    page.wait_for_load_state("networkidle")
    assert page.url.endswith(f"/c/{slug}/search")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "s-q"
    page.keyboard.type("summary/later")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    reader.look()
    reader.sees("Nothing was found.")
    assert page.input_value("#s-q") == "summary/later", "in a field the key is a sign like any other"


def test_the_key_can_be_switched_off(site: Site, surfer: Surf) -> None:
    page = surfer().open(f"/c/{a_consultation(site)}")
    page.wait_for_load_state("networkidle")
    page.evaluate("localStorage.setItem('consult.keys-off', '1')")
    before = page.url
    page.keyboard.press("/")
    page.wait_for_timeout(300)
    assert page.url == before


def test_a_clause_is_found_without_javascript(site: Site, surfer: Surf) -> None:
    slug = a_consultation(site)
    reader = surfer(has_script=False)
    reader.open(f"/c/{slug}")
    reader.press("Search")
    reader.fill(q="publish summary").press("Search")
    reader.sees("1 result", "Providers shall publish a summary.")
    reader.page.locator(".search-hits a").first.click()
    assert reader.page.url.endswith(f"/c/{slug}/v1/1#c-1-1")
