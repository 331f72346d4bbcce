"""Words found again in HTML: marks go around them and nothing else changes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.text import clean
from consult.documents.parsed import words_of
from consult.documents.weaving import Mark, cut, marked, woven

HTML = '<p>Providers <a href="/c/x/v1/clauses/a" title="1 > 0">shall</a> keep &amp; show\n <em>all</em> logs.</p>'


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("keep & show", "<b>keep &amp; show</b>"),
        (
            "Providers shall keep",
            '<b>Providers</b> <a href="/c/x/v1/clauses/a" title="1 > 0"><b>shall</b></a> <b>keep</b>',
        ),
        ("show all", "<b>show</b>\n <em><b>all</b></em>"),
        ("logs.", "<b>logs.</b></p>"),
    ],
)
def test_marks_stand_around_the_words_and_never_across_a_tag(words: str, expected: str) -> None:
    text = "Providers shall keep & show all logs."
    start = text.index(words)
    assert expected in marked(HTML, text, [Mark(start, start + len(words), "<b>", "</b>")])


def test_two_marks_that_touch_stay_two() -> None:
    assert (
        marked("<p>ab</p>", "ab", [Mark(0, 1, "<b>", "</b>"), Mark(1, 2, "<i>", "</i>")]) == "<p><b>a</b><i>b</i></p>"
    )


def test_where_the_words_are_other_words_nothing_is_marked() -> None:
    assert woven("<p>other</p>", "words") is None
    assert marked("<p>other</p>", "words", [Mark(0, 2, "<b>", "</b>")]) == "<p>other</p>"


pieces = st.lists(
    st.sampled_from(["<p>", "</p>", "<em>", "</em>", "<br>", "<td>", "</td>", "a", "é", "\u0301", "&amp;", "&lt;", " ", "\n", "🏳️‍🌈", "<"]),
    max_size=30,
)  # fmt: skip


@given(pieces, st.integers(0, 30), st.integers(0, 30))
def test_marking_changes_nothing_but_adds_marks(parts: list[str], one: int, other: int) -> None:
    html = clean("".join(parts))
    text = words_of(html)
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    assert woven(html, text) is not None
    found = marked(html, text, [Mark(start, end, "[[", "]]")] if start < end else [])
    assert found.replace("[[", "").replace("]]", "") == html
    inside = "".join(re.findall(r"\[\[(.*?)\]\]", found, re.DOTALL))
    assert "".join(words_of(inside).split()) == "".join(text[start:end].split())


@given(pieces, st.lists(st.integers(0, 30), max_size=6).map(sorted), st.booleans())
def test_words_that_stay_together_have_the_places_they_have_one_by_one(
    parts: list[str], edges: list[int], is_kept: bool
) -> None:
    html = "".join(parts)
    text = words_of(html) if is_kept else " ".join(words_of(html).split())
    one_by_one = woven(html, text)
    together = woven(html, text, edges)
    if one_by_one is None or together is None:
        assert one_by_one is together
        return
    assert "".join(thread.html for thread in together) == html
    places = [(thread.at, thread.html) for thread in one_by_one if thread.at is not None]
    found = [(thread.at, thread.html) for thread in together if thread.at is not None]
    apart = [
        (at + n, letter) for at, words in found if words[0] != "&" or len(words) == 1 for n, letter in enumerate(words)
    ]
    assert [pair for pair in apart if not pair[1].isspace()] == [pair for pair in places if len(pair[1]) == 1]
    assert not [edge for edge in edges for at, words in found if words[0] != "&" and at < edge < at + len(words)]


@given(pieces, st.integers(0, 30))
def test_a_cut_gives_two_well_formed_halves_with_all_words(parts: list[str], at: int) -> None:
    html = clean("".join(parts))
    text = words_of(html)
    halves = cut(html, text, at) if 0 < at < len(text) else None
    if halves is None:
        return
    assert words_of(halves[0]) == text[:at].strip()
    assert words_of(halves[1]) == text[at:].strip()
    for half in halves:
        assert clean(half) == half


@pytest.mark.parametrize(
    ("html", "at", "halves"),
    [
        ("<p>One. Two.</p>", "Two", ("<p>One.</p>", "<p>Two.</p>")),
        (
            '<p>One <a href="#x">a <em>b</em></a>.</p>',
            "b",
            ('<p>One <a href="#x">a</a></p>', '<p><a href="#x"><em>b</em></a>.</p>'),
        ),
        ("<blockquote><p>a</p>\n<p>b</p></blockquote>", "b", ("<blockquote><p>a</p></blockquote>", "<blockquote><p>b</p></blockquote>")),
        ("<p>a<br>b</p>", "b", ("<p>a<br></p>", "<p>b</p>")),
        ("<ol><li>a</li><li>b</li></ol>", "b", ("<ol><li>a</li></ol>", '<ol start="2"><li>b</li></ol>')),
        (
            '<ol start="4"><li>a<ul><li>x</li></ul></li><li>b</li></ol>',
            "b",
            ('<ol start="4"><li>a<ul><li>x</li></ul></li></ol>', '<ol start="5"><li>b</li></ol>'),
        ),
        (
            "<table><thead><tr><th>h</th></tr></thead><tbody><tr><td>a</td></tr><tr><td>b</td></tr></tbody></table>",
            "b",
            (
                "<table><thead><tr><th>h</th></tr></thead><tbody><tr><td>a</td></tr></tbody></table>",
                "<table><tbody><tr><td>b</td></tr></tbody></table>",
            ),
        ),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "b", None),
        ("<ul><li>a b</li></ul>", "b", None),
        ("<dl><dt>a</dt><dd>b</dd></dl>", "b", None),
        ("<dl><dt>a</dt><dd>c</dd><dt>b</dt><dd>d</dd></dl>", "b", ("<dl><dt>a</dt><dd>c</dd></dl>", "<dl><dt>b</dt><dd>d</dd></dl>")),
        ("<pre><code>a\n  b</code></pre>", "b", ("<pre><code>a</code></pre>", "<pre><code>  b</code></pre>")),
        ("<p>other</p>", "b", None),
    ],
)  # fmt: skip
def test_where_html_is_cut(html: str, at: str, halves: tuple[str, str] | None) -> None:
    text = words_of(html) if "other" not in html else "a b"
    assert cut(html, text, text.index(at)) == halves
