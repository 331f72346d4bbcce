"""Whatever the words: a draft that is written as Markdown is read as the same clauses."""

from __future__ import annotations

from html import unescape

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markupsafe import escape

from consult.core.errors import Invalid
from consult.documents.exporters.held import addresses
from consult.documents.exporters.markdown import write
from consult.documents.importers import read
from consult.documents.importers.dialect import tidy_html
from consult.documents.importers.pictures import Album
from consult.documents.parsed import Builder, ParsedDraft, PictureFile, Unit, slug, words_of
from tests.lengths import examples

from .office import picture
from .test_markdown_export import again, assert_same
from .test_properties import ANYTHING, TEXT

HOSTILE = (
    "*", "**", "_", "__", "`", "``", "[", "]", "](", "![", "<", "<b>", "</p>", "<!--", "&amp;", "&", "&#35;", "#", "##",
    "\\", "|", "~~", "~", "{", "}", "{#id}", "{: #key}", '{: .note label="1"}', "{=html}", "```", "~~~", ">", "-", "+",
    "=", "===", "---", "***", "1.", "1)", "23.", "(a)", "•", ":", ":-|", "|---|", "[^1]", "[^1]:", "[a]: /b", "!", '"',
    "'", "e\u0301", "\u0301", "\u0338", "ﬁ", "Å", "각", "\u1100", "\u1161", "עברית", "العربية", "👩‍👩‍👧", "\u200f", "\u200b",
    "http://example.org", "www.example.org", "a@b.example", "snake_case", "2*3", "NOTE", "Note 1", "Article 5", "1.2.3",
    "7", "Annex A", "\u2028", "\u3000", "\ufeff", "title: x", "$x$", "^", "%", "a  b",
)  # fmt: skip
WORD = st.one_of(st.sampled_from(HOSTILE), st.text("abzäж字1.-", min_size=1, max_size=5))
GLUE = st.sampled_from(["", " ", " ", " ", "\n"])
WORDS = st.lists(st.tuples(WORD, GLUE), min_size=1, max_size=7).map(lambda pairs: "".join(w + g for w, g in pairs))
KEY = st.sampled_from(["a", "article-5", "Scope", "footnotes", "x" * 90, "ключ", "1-p1", "", "p1", "clause-2"])
LABEL = st.sampled_from(
    ["", "5(1)", "53(2)(a)", "1", "1.1", "Article 5", "Annex I, point 1", 'a "b" \\', "§ 4", "{#x}"]
)
MARK = st.sampled_from(["", "•", "1.", "2)", "(a)", "—", "*", "1.1", "12345678901.", "[1]"])
TAG = st.sampled_from(["em", "strong", "s", "code", "sub", "sup", "abbr", "span", "a", "br", "kbd"])


@st.composite
def inline(draw: st.DrawFn, depth: int = 0) -> str:
    """Words as an importer dresses them."""
    html = ""
    for _ in range(draw(st.integers(1, 4))):
        words = str(escape(draw(WORDS)))
        if depth < 2 and draw(st.booleans()):
            tag = draw(TAG)
            inner = draw(inline(depth + 1)) if tag != "code" else words
            bears = (
                draw(st.sampled_from([' href="#a"', ' href="https://example.org/a_b?c=(d)&amp;e"']))
                if tag == "a"
                else ""
            )
            html += "<br>" if tag == "br" else f"<{tag}{bears}>{inner}</{tag}>"
        else:
            html += words
    return html


@st.composite
def body(draw: st.DrawFn) -> tuple[str, str]:
    """The kind and the HTML of a unit that is no heading."""
    kind = draw(st.sampled_from(["paragraph", "point", "note", "table", "code", "quote", "term", "recital", "figure"]))
    inner = draw(inline())
    cell = draw(inline())
    shapes = {
        "table": [
            f"<table><thead><tr><th>{inner}</th><th>x</th></tr></thead><tbody><tr><td>{cell}</td><td></td></tr></tbody></table>",
            f'<table><tbody><tr><td colspan="2">{inner}</td></tr><tr><td>{cell}</td><td></td></tr></tbody></table>',
        ],
        "code": [f"<pre><code>{escape(draw(WORDS))}\n\n  {escape(draw(WORDS))}\n</code></pre>"],
        "quote": [f"<blockquote><p>{inner}</p><p>{cell}</p></blockquote>", f"<blockquote>{inner}</blockquote>"],
        "term": [f"<dl><dt>{inner}</dt><dd>{cell}</dd></dl>", f"<dl><dt>{inner}</dt><dt>b</dt><dd>{cell}</dd></dl>"],
        "point": [f"<p>{inner}</p>", f"<p>{inner}</p><p>{cell}</p>", inner, f"<p>{inner}</p><ul><li>{cell}</li></ul>"],
    }
    return kind, draw(st.sampled_from(shapes.get(kind, [f"<p>{inner}</p>"])))


@st.composite
def trees(draw: st.DrawFn) -> ParsedDraft:
    """A draft as importers make them, with any words, numbers, kinds and keys."""
    builder = Builder()
    above: list[int] = []  # headings
    inside: list[int] = []  # units without a heading
    for _ in range(draw(st.integers(1, 7))):
        if draw(st.integers(0, 2)) == 0:
            above = above[: draw(st.integers(0, len(above)))]
            inside = []
            html = tidy_html(draw(inline()))
            title = words_of(html) or "Untitled"
            wanted = slug(draw(KEY)) or slug(title) or "section-1"
            unit = Unit(
                wanted, draw(st.sampled_from(["clause", "article", "annex", "chapter"])), html, title, draw(LABEL),
                draw(MARK), title, above[-1] if above else None, is_heading=True,
            )  # fmt: skip
            above.append(builder.add(unit))
            continue
        kind, html = draw(body())
        html = tidy_html(html)
        inside = inside[: draw(st.integers(0, len(inside)))]
        parent = inside[-1] if inside else above[-1] if above else None
        text = words_of(html) if kind != "code" else bare(html)
        if not words_of(html):
            continue
        unit = Unit(
            slug(draw(KEY)) or "p",
            kind,
            html,
            text,
            draw(LABEL),
            draw(MARK),
            draw(st.sampled_from(["", "T *"])),
            parent,
        )
        inside.append(builder.add(unit))
    return builder.finish(draw(WORDS.map(lambda w: " ".join(w.split()) or "x")), {}, "html")


def bare(html: str) -> str:
    """The words of a listing."""
    return unescape(html.removeprefix("<pre><code>").removesuffix("</code></pre>")).rstrip("\n")


@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trees())
def test_any_tree_of_units_comes_back(parsed: ParsedDraft) -> None:
    if any(unit.text for unit in parsed.units):
        assert_same(parsed.units, again(parsed).units)


@settings(max_examples=examples(150), deadline=None)
@given(st.one_of(TEXT, ANYTHING, WORDS))
@example("- \n  - a\n\n  b\n")
@example("# 1 A\n\n# 1 A\n\n# 3 May 2025\n")
@example("# \n\ntext\n===\n")
def test_whatever_is_read_from_markdown_comes_back(text: str) -> None:
    try:
        parsed = read(text)
    except Invalid:
        return
    assert_same(parsed.units, again(parsed).units)


PAGE = "<!DOCTYPE html><html><body><h1>1 A</h1>{body}</body></html>"
LAW = (
    '<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><doc name="d"><mainBody><section eId="s">'
    "<num>1</num><heading>A</heading><paragraph><num>(a)</num><content><p>{words}</p></content></paragraph></section>"
    "</mainBody></doc></akomaNtoso>"
)
STANDARD = "<standard><body><sec id='s'><label>1</label><title>A</title><p>{words}</p></sec></body></standard>"
NUMBERED = "1 Scope\n\n{words}\n\n2 Duties\n\n  (a) {words}\n"


@settings(max_examples=examples(60), deadline=None)
@given(html=inline(), words=WORDS)
def test_whatever_is_read_from_other_formats_comes_back(html: str, words: str) -> None:
    texts = [PAGE.format(body=f"<p>a{html}</p><ul><li>a{html}<ol><li>a{html}</li></ol></li></ul>")]
    texts += [each.format(words=escape(words)) for each in (LAW, STANDARD)] + [NUMBERED.format(words=words)]
    for text in texts:
        parsed = read(text)
        assert_same(parsed.units, again(parsed).units)


@pytest.mark.parametrize("text", [PAGE.format(body="<p>{words}</p>"), LAW, STANDARD])
def test_a_stroke_right_behind_a_tag_belongs_to_the_words(text: str) -> None:
    parsed = read(text.replace("{words}", "\u0338words"))
    assert parsed.units[-1].text == "\u0338words"
    assert_same(parsed.units, again(parsed).units)


@pytest.mark.parametrize(
    "braces", ["{: .letter-list}", '{:numbered="false"}', '{: #t title="x" spacing="y"}', "{: .note", "{:}"]
)
def test_braces_that_say_anything_else_are_words(braces: str) -> None:
    assert braces in read(f"# 1 A\n\n{braces}\nWords.\n").units[1].text


def test_a_line_of_attributes_is_one_only_right_above_a_block() -> None:
    assert [u.text for u in read("# 1 A\n\nWords.\n{: #key .note}\n").units][1:] == ["Words. {: #key .note}"]
    assert [u.text for u in read("# 1 A\n\n{: #key .note}\n\nWords.\n").units][1:] == ["{: #key .note}", "Words."]


def test_pictures_that_stay_behind_leave_the_caption_and_the_words() -> None:
    html = '<figure><img src="picture:0123456789abcdef" alt="A card"><figcaption>Figure 1</figcaption></figure>'
    builder = Builder()
    builder.add(Unit("f1", "figure", html, "", "Figure 1"))
    text = again_text(builder)
    assert "![A card](pictures/0123456789abcdef)\nFigure 1" in text
    found = read(text).units[0]
    assert (found.kind, found.key, found.text) == ("figure", "f1", "Picture: A card Figure 1")


@pytest.mark.parametrize(
    "html",
    [
        '<figure><img src="picture:NAME" alt="A [card]"><figcaption>Figure 1</figcaption></figure>',
        '<figure><p><img src="picture:NAME" alt=""></p></figure>',
        '<p>Before <img src="picture:NAME" alt="a | b"> after.</p>',
        '<table><thead><tr><th>A</th></tr></thead><tbody><tr><td><img src="picture:NAME" alt="a | b"></td></tr></tbody></table>',
        '<table><tbody><tr><td rowspan="2"><p>One</p><p><img src="picture:NAME" alt="&quot;x&quot;"></p></td></tr></tbody></table>',
        '<dl><dt>Card</dt><dd><img src="picture:NAME" alt="It"></dd></dl>',
        '<section><p>One</p><img src="picture:NAME" alt="It"></section>',
    ],
)
def test_pictures_go_along(html: str) -> None:
    album = Album()
    album.show(picture((5, 4)), "")
    (name,) = album.files
    builder = Builder()
    builder.add(Unit("f1", "figure", html.replace("NAME", name), "", "Figure 1"))
    builder.add(Unit("p1", "paragraph", "<p>Words.</p>", "", "Paragraph 1"))
    parsed = builder.finish("Pictures", {}, "docx", album.files)
    text = write(parsed.title, parsed.units, pictures=addresses(album.files.items()))
    found = read(text)
    assert found.pictures == album.files
    assert [(u.key, u.kind, u.text) for u in found.units] == [(u.key, u.kind, u.text) for u in parsed.units]
    assert found.units[0].html.count(f'src="picture:{name}"') == 1
    assert write(found.title, found.units, pictures=addresses(found.pictures.items())) == text


def again_text(builder: Builder) -> str:
    parsed = builder.finish("Pictures", {}, "docx", {"0123456789abcdef": PictureFile("image/png", b"")})
    return write(parsed.title, parsed.units)
