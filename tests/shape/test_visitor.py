"""The browser of the tests sees what is wrong with a page, also when it has seen one like it."""

from __future__ import annotations

import pytest

from tests.visitor import check_page, words

PAGE = """<!doctype html><html lang="en"><head><title>Title</title></head><body><h1>Heading</h1>{}</body></html>"""


def test_a_page_like_one_that_was_valid_is_read_as_well() -> None:
    for text in ("one &amp; <b>two</b>", "three &lt; <b>four</b>"):
        tree = check_page(PAGE.format(f'<p id="{text[:3]}">{text}</p><svg></svg>'), "/")
        assert words(tree.find(".//p")) == text.replace("&amp;", "&").replace("&lt;", "<").replace("<b>", "").replace(
            "</b>", ""
        )  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("<p>a & <b>b</b></p>", ""),
        ("<p>a &nosuch; b</p>", "invalid HTML"),
        ("<p>a < b</p>", "invalid HTML"),
        ("<div><p>a</p>", "invalid HTML"),
        ("<p><b>a</p>", "invalid HTML"),
        ("<ul><li>a</li></div></ul>", "invalid HTML"),
        ('<p id="a" id="b">a</p>', "invalid HTML"),
        ('<p id="a">a</p><p id="a">b</p>', "ids twice"),
        ("<h1>Another</h1>", "2 h1"),
        ('<p style="">a</p>', "style attribute"),
        ('<input name="a" type="text">', "no label"),
    ],
)
def test_what_is_wrong_is_seen_again_and_again(body: str, problem: str) -> None:
    check_page(PAGE.format("<p>a</p>"), "/")
    for _ in range(2):
        if problem:
            with pytest.raises(AssertionError, match=problem):
                check_page(PAGE.format(body), "/")
        else:
            check_page(PAGE.format(body), "/")
