"""What a term means, opened where it stands: by mouse, by keyboard, and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from consult.consultations.models import Consultation
from consult.learning.models import Term

from .conftest import Site, Surfer, Typist

Arrive = Callable[..., Surfer]
TEXT = "A provider of a system tells every provider what the system does."
COUNTED = """(address) => import(address).then(({ lettersOf }) =>
  lettersOf(document.querySelector('[data-words="1-1"]')).map((one) => one.letter).join(""))"""


@pytest.fixture
def consultation(site: Site) -> Consultation:
    row = site.make.consultation(language="ar")
    site.make.version(row, (TEXT, "Small providers may wait."))
    for name, meaning in (("provider", "Who makes it."), ("system", "What infers.")):
        site.make.row(Term(consultation_id=row.id, key=name, name=name, explanation=meaning, html=f"<p>{meaning}</p>"))
    return row


def test_a_term_opens_and_closes_what_it_means(consultation: Consultation, surfer: Arrive) -> None:
    one = surfer()
    for address in (f"/c/{consultation.slug}/v1/1", f"/c/{consultation.slug}/v1/clauses/1-1"):
        page = one.open(address)
        term, other = page.locator("a.term").nth(0), page.locator("a.term").nth(1)
        meaning = page.locator(".meanings").first
        assert meaning.is_hidden()
        assert term.get_attribute("aria-expanded") == "false"
        term.click()
        meaning.wait_for(state="visible")
        assert term.get_attribute("aria-expanded") == "true"
        assert meaning.get_by_text("Who makes it.").is_visible()
        assert meaning.get_by_text("What infers.").is_hidden(), "only what was asked for"
        other.click()
        meaning.get_by_text("What infers.").wait_for(state="visible")
        one.look()
        term.click()
        meaning.get_by_text("Who makes it.").wait_for(state="hidden")
        assert page.evaluate("location.hash") == ""
        meaning.locator("summary").click()
        meaning.wait_for(state="hidden")
        assert other.get_attribute("aria-expanded") == "false"


def test_by_keyboard_alone(consultation: Consultation, surfer: Arrive) -> None:
    one = surfer(kind=Typist)
    assert isinstance(one, Typist)
    page = one.open(f"/c/{consultation.slug}/v1/1")
    term, meaning = page.locator("a.term").first, page.locator(".meanings").first
    one.walk_to(term)
    page.keyboard.press("Enter")
    meaning.wait_for(state="visible")
    one.walk_to(meaning.get_by_role("link"))
    page.keyboard.press("Escape")
    meaning.wait_for(state="hidden")
    assert page.evaluate("document.activeElement.textContent") == "provider"


def test_the_text_of_the_clause_is_counted_as_it_is_kept(consultation: Consultation, surfer: Arrive) -> None:
    page = surfer().open(f"/c/{consultation.slug}/v1/1")
    script = page.locator("script[src*='main.js']").get_attribute("src")
    assert script is not None
    address = script.replace("main.js", "behaviours/select-words.js")
    page.locator("a.term").first.click()
    page.locator(".meanings").first.wait_for(state="visible")
    assert page.locator("[data-words='1-1'] a.term").count() == 2
    assert page.evaluate(COUNTED, address) == TEXT


def test_words_with_a_term_in_them_can_be_selected(consultation: Consultation, surfer: Arrive) -> None:
    page = surfer().open(f"/c/{consultation.slug}/v1/1")
    page.evaluate("""() => {
      const link = document.querySelector("a.term"), range = document.createRange();
      range.setStart(link.previousSibling, 0);
      range.setEnd(link.nextSibling, 3);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
    }""")
    bar = page.locator(".picked:not([hidden]) a")
    bar.wait_for(state="visible")
    assert "passage=1-1%3A0-13" in str(bar.get_attribute("href"))
    page.locator("a.term").first.dispatch_event("click")
    assert page.locator(".meanings").first.is_hidden(), "who selects does not want to open it"


def test_without_javascript_it_is_a_disclosure(consultation: Consultation, surfer: Arrive) -> None:
    page = surfer(has_script=False).open(f"/c/{consultation.slug}/v1/1")
    meaning = page.locator(".meanings").first
    assert meaning.is_visible()
    assert meaning.get_by_text("Who makes it.").is_hidden()
    meaning.locator("summary").click()
    meaning.get_by_text("Who makes it.").wait_for(state="visible")
    meaning.locator("summary").click()
    page.locator("a.term").first.click()  # leads to the explanation; browsers open what it is folded into
    assert page.url.endswith("-1-1")


@pytest.mark.parametrize(
    "options",
    [
        {"viewport": {"width": 320, "height": 256}},  # what is left of 1280 by 1024 at 400 % zoom
        {"viewport": {"width": 320, "height": 640}, "forced_colors": "active"},
        {"viewport": {"width": 1280, "height": 900}, "forced_colors": "active"},
    ],
)
def test_small_or_in_forced_colours_from_right_to_left(
    consultation: Consultation, surfer: Arrive, options: dict[str, object]
) -> None:
    viewport = options.pop("viewport")
    one = surfer(**options)
    one.page.set_viewport_size(viewport)  # type: ignore[arg-type]
    page = one.open(f"/c/{consultation.slug}/v1/1")
    page.locator("a.term").first.click()
    page.locator(".meanings").first.wait_for(state="visible")
    one.look()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for address in ("guide", "resources"):
        page = one.open(f"/c/{consultation.slug}/{address}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".empty").is_visible()
