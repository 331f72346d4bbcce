"""What people type comes out as safe HTML, whatever it is."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.core import text
from consult.core.text import BLANK_LETTERS, WRITTEN_SIGNS
from tests.lengths import examples

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "<svg/onload=alert(1)>",
    "![x](https://elsewhere.example/pixel.png)",
    '<a href="x" onclick="y">z</a>',
    "<style>*{display:none}</style>",
]
ALLOWED = text.DRAFT_TAGS | {"html", "head", "body"}
DANGEROUS = ("javascript:", "data:", "vbscript:")


def _check(html: str, tags: set[str]) -> None:
    for node in html5lib.parse(html, namespaceHTMLElements=False).iter():
        assert node.tag in tags
        assert not [a for a in node.keys() if a.startswith("on") or a in ("style", "id", "class")]  # noqa: SIM118
        assert not str(node.get("href", "")).lower().startswith(DANGEROUS)


@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_words_become_words(source: str) -> None:
    _check(text.markdown(source), text.WRITTEN_TAGS | {"html", "head", "body"})
    _check(text.clean(source), ALLOWED)


@given(st.text())
def test_any_text_becomes_safe_html(source: str) -> None:
    _check(text.markdown(source), text.WRITTEN_TAGS | {"html", "head", "body"})
    _check(text.clean(source), ALLOWED)


@given(st.text())
def test_normalising_twice_is_normalising_once(source: str) -> None:
    once = text.normalise(source)
    assert text.normalise(once) == once
    assert "\x00" not in once
    once.encode("utf-8")


SIGNS = st.text(st.characters(categories=["P", "S", "Z", "M", "Cf", "Cc"]).filter(lambda c: not WRITTEN_SIGNS.match(c)))
LETTERS = st.characters(categories=["L", "N"]).filter(lambda c: c not in BLANK_LETTERS)


@given(SIGNS)
def test_signs_are_no_words_in_any_order(signs: str) -> None:
    assert not text.has_words(signs)


@given(SIGNS, LETTERS, SIGNS)
def test_one_letter_of_any_script_is_enough(before: str, letter: str, after: str) -> None:
    assert text.has_words(f"{before}\n\n{letter}\n\n{after}")


@pytest.mark.parametrize(
    "words", ["да", "不", "٣", "½", "Ⅳ", "𞓐", "⠓⠊", "\U0001d800", "> +1", "[x](http://a.b)", "`x`", "👍🏽 ok"]
)
def test_words_are_words_however_they_are_written(words: str) -> None:
    assert text.has_words(words)


@pytest.mark.parametrize(
    "signs",
    [
        "", "!!!", "…", "👍🏽", "\u200b", "\u0301\u0302", "\u3164\u115f\uffa0", "\u2800", "\U000e0041", "***", "1.", "[x]: http://a.b",
        "[](http://a.b)", "&#8203;", "&zwnj;&nbsp;", "```py\n```",
    ],
)  # fmt: skip
def test_what_shows_no_letter_is_no_words(signs: str) -> None:
    assert not text.has_words(signs)


def test_markdown_keeps_what_people_use() -> None:
    html = text.markdown("Two *words*, a [link](https://example.org) and\n\n- a list\n\n> quoted\n\n`<code>`")
    for piece in ("<em>words</em>", 'href="https://example.org"', "<li>a list</li>", "<blockquote>", "&lt;code&gt;"):
        assert piece in html
    assert 'rel="nofollow noopener ugc"' in html


def test_a_heading_in_a_comment_does_not_become_a_heading_of_the_page() -> None:
    assert "<h1" not in text.markdown("# Loud\n\nLouder\n===")


def test_an_excerpt_ends_at_a_word() -> None:
    assert text.excerpt("one two three", 9) == "one two …"
    assert text.excerpt("short", 9) == "short"


def test_characters_that_html_forbids_are_dropped() -> None:
    assert text.normalise("a\x00\ufffe\U0001ffff\ufdd0\ud800b 👩🏽‍🚀 \u200f") == "ab 👩🏽‍🚀 \u200f"


def test_a_line_has_links_and_no_paragraph() -> None:
    assert text.line("See\n[EUR-Lex](https://example.org) *now*.") == (
        'See <a href="https://example.org" rel="noopener">EUR-Lex</a> <em>now</em>.'
    )
    assert text.line("") == ""


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_hostile_gets_through_a_line(hostile: str) -> None:
    tree = html5lib.parseFragment(str(text.line(hostile)), namespaceHTMLElements=False)
    assert {e.tag for e in tree.iter()} <= {"DOCUMENT_FRAGMENT", "a", "code", "em", "strong"}
    assert all(e.get("href", "").startswith("http") for e in tree.iter("a"))


@pytest.mark.parametrize(
    "hostile",
    [
        '<img src="http://evil.example/a.png">', '<img src="javascript:alert(1)">', '<img src="data:image/svg+xml,<svg/>">',
        '<img src="/c/x/sign-out">', '<img src="picture:../../x">', '<img src="picture:ABCDEF0123">', '<a href="picture:00ff00ff">x</a>',
        '<img src="picture:00ff00ff" onerror="alert(1)" style="x" srcset="http://evil.example/b.png">',
    ],
)  # fmt: skip
def test_only_our_own_pictures_stay_in_a_draft(hostile: str) -> None:
    cleaned = text.clean(hostile, with_pictures=True)
    assert "evil" not in cleaned
    assert "src=" not in cleaned.replace('src="picture:00ff00ff"', "")
    assert "href=" not in cleaned
    assert "on" not in cleaned.replace("noopener", "")
    assert "<img" not in text.clean(hostile)


def test_a_picture_of_the_draft_stays() -> None:
    own = '<img src="picture:00ff00ff" alt="A card">'
    assert text.clean(own, with_pictures=True) == own


@settings(max_examples=examples(200), deadline=None)
@given(st.lists(st.tuples(st.integers(1, 6), st.sampled_from(["Words", "**b**", "<b>x</b>"])), max_size=12))
def test_headings_of_an_article_begin_at_three_and_skip_no_level(headings: list[tuple[int, str]]) -> None:
    html = text.article("\n\n".join(f"{'#' * level} {words}" for level, words in headings))
    levels = [int(found) for found in re.findall(r"<h(\d)>", html)]
    assert len(levels) == len(headings)
    assert all(3 <= level <= 6 for level in levels)
    assert not levels or levels[0] == 3
    assert all(following <= level + 1 for level, following in pairwise(levels))
    assert "<b>" not in html


def test_an_article_fetches_nothing_and_runs_nothing() -> None:
    html = text.article("# A\n\n![x](https://example.org/x.png) [y](javascript:alert(1)) <script>z</script>\n\nB\n=")
    assert "<img" not in html
    assert "<script" not in html
    assert 'href="javascript' not in html
    assert html.count("<h3>") == 2


# What costs readers of Markdown most, after the pathological cases of CommonMark's own tests, with ours.
PUMPS = (
    "[", "[a][", "*_[(", "x*x_", "*\n", "<![CDATA[", "[a](", "[a](b", "**x* ", "![[]()", "*a_ ", "~~a~", "a**b",
    "[a]: b\n", "_a __a ", "***a ", "[ (](", "*a **a ", "&", "`", "``a`", "\\", "> ", "- ", "1. ", "|a|\n|-|\n", "<", "<!A",
    "a<b@c.d", "http://a ", "]", "\n", "> - ",
)  # fmt: skip


def _cost(unit: str, length: int) -> float:
    begun = time.process_time()
    text.markdown(unit * (length // len(unit)))
    return time.process_time() - begun


@pytest.mark.parametrize("unit", PUMPS)
def test_twice_as_much_costs_twice_as_much(unit: str) -> None:
    """So the longest comment of mere signs costs 20 times what a thousand of them do, not 400 times."""
    assert any(_cost(unit, 6_000) <= 3 * _cost(unit, 3_000) + 0.002 for _ in range(4))
