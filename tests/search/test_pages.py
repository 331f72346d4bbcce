"""The pages of the search, as a reader without JavaScript has them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from consult.search.excerpts import excerpt, marked
from consult.search.rebuilding import rebuild
from consult.search.words import Term, read
from tests.make import Make
from tests.visitor import Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def slug(app: Flask, make: Make) -> str:
    row = make.consultation()
    version = make.version(row, ("Providers shall publish a <b>summary</b>.", "Small ones may wait."))
    make.comment(
        row,
        make.clauses(version)[1],
        body="x",
        html="<p>A <em>summary</em> &lt;script&gt; is short.</p>",
        number="ACME-012",
    )
    with app.app_context():
        rebuild(row)
    return row.slug


@pytest.mark.parametrize("where", ["", "/c/{slug}"])
def test_words_lead_to_what_has_them(visit: Visit, slug: str, where: str) -> None:
    page = visit().open(f"{where.format(slug=slug)}/search?q=summary")
    assert "2 results" in page.text
    assert '<mark class="search-found">summary</mark>' in page.body
    assert f'href="/c/{slug}/v1/1#c-1-1"' in page.body
    assert f'href="/c/{slug}/comments/ACME-012"' in page.body
    assert "<script>" not in page.body.replace('<script type="module"', "")


def test_nothing_found_says_what_to_do(visit: Visit, slug: str) -> None:
    page = visit().open(f"/c/{slug}/search?q=unicorns&kind=reply")
    assert "Nothing was found." in page.text
    assert f'href="/c/{slug}/search?q=unicorns"' in page.body
    assert "Type a word" in visit().open("/search?q=%22-%22").text
    assert "Numbers work, too" in visit().open("/search").text


def test_what_is_chosen_stays_in_the_address(visit: Visit, slug: str) -> None:
    page = visit().open(f"/c/{slug}/search?q=summary&kind=comment&position=safety&category=individual&answer=open")
    assert "1 result" in page.text
    for piece in (
        'value="comment" checked',
        'value="safety" selected',
        'value="individual" selected',
        'value="open" selected',
    ):
        assert piece in page.body


@pytest.mark.parametrize("q", ["%00", "%22", "a%00b", "*", "-", "%F0%9F%92%A9", "a" * 5000, "(" * 300, "' OR 1=1 --"])
def test_whatever_the_address_says_is_a_page(visit: Visit, slug: str, q: str) -> None:
    for rest in ("", "&page=0", "&page=99999", "&page=x", "&kind=x&position=x&language=%00"):
        visit().open(f"/search?q={q}{rest}")
        visit().open(f"/c/{slug}/search?q={q}{rest}")


def test_marks_stand_on_whole_characters_and_keep_the_text() -> None:
    text = "Ein Café\u0301 e\u0301t <b> 👩‍👩‍👧 " * 40
    for typed in ("cafe", "et", "cafe et"):
        parts = marked(text, read(typed).terms)
        assert "".join(part.text for part in parts) == text
        assert {part.text for part in parts if part.is_mark} <= {"Café\u0301", "e\u0301t", "Café\u0301 e\u0301t"}


def test_an_excerpt_is_short_and_shows_what_was_found() -> None:
    text = "Lorem ipsum dolor sit amet. " * 200 + "Here stands the watermark of it all. " + "More words follow. " * 100
    parts = excerpt(text, (Term(("watermark",)),))
    assert sum(len(part.text) for part in parts) < 260
    assert [part.text for part in parts if part.is_mark] == ["watermark"]
    assert parts[0].text.startswith("… ")
    assert parts[-1].text.endswith(" …")
    assert excerpt("", (Term(("watermark",)),)) == []
