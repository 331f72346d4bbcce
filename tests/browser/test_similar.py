"""Who says this already, told while one writes: quietly, at its place, and without a trace."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from consult.consultations.models import Consultation
from consult.debate.models import Comment

from .conftest import Site, Surfer
from .test_kept import BODY, sign_in, write

WORDS = "A summary after thirty days comes too late for those who have to build on the model."
OTHER = "Pictures need their own rule, and nobody here has written one so far."


@pytest.fixture
def said(site: Site) -> tuple[Consultation, Comment]:
    row = site.make.consultation()
    clauses = site.make.clauses(site.make.version(row))
    return row, site.make.comment(row, clauses[1], body=WORDS, html=f"<p>{WORDS}</p>")


def test_it_is_told_while_one_types_and_the_reader_stays_where_she_is(
    site: Site, surfer: Callable[..., Surfer], said: tuple[Consultation, Comment]
) -> None:
    consultation, comment = said
    writer, asked = surfer(), list[str]()
    sign_in(writer, site.make.person())
    page = write(writer, consultation).page
    page.on("request", lambda request: asked.append(request.url))
    place = page.get_by_label("What should change, and why?")
    place.fill("A summary after thirty days")
    place.press_sequentially(" comes too late for those who build on the model.")
    page.get_by_text("A comment says something like this").wait_for()
    assert page.evaluate("document.activeElement.name") == "body"
    writer.sees("Somebody has said this already", comment.number, "Post mine anyway")
    assert any(address.endswith("/comments/similar") for address in asked)
    assert not any("thirty" in address for address in asked)
    writer.look()
    place.fill(OTHER)
    page.get_by_text("Somebody has said this already").wait_for(state="detached")
    assert page.get_by_role("button", name="Post comment").is_visible()


def test_signing_instead_forgets_what_was_kept(
    site: Site, surfer: Callable[..., Surfer], said: tuple[Consultation, Comment]
) -> None:
    consultation, comment = said
    writer = surfer()
    sign_in(writer, site.make.person("Grace Hopper"))
    page = write(writer, consultation).page
    writer.fill(body=WORDS, positions="safety", stance="object")
    page.wait_for_timeout(700)
    page.locator("form.sheet button.go").click()
    page.get_by_text("Not sent yet").wait_for()
    assert page.evaluate("document.activeElement.className") == "problems"
    page.get_by_role("button", name=f"Add my name to {comment.number}").press("Enter")
    page.get_by_role("heading", name=f"Add your name to {comment.number}").wait_for()
    page.get_by_role("button", name="Add my name").press("Enter")
    writer.sees("With 1 name", "Yours is among them")
    write(writer, consultation)
    page.wait_for_timeout(300)
    assert page.input_value(BODY) == ""
