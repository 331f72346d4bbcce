"""Text in, safe HTML out: the only place that makes Markup."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

# What people write has no headings (the page has its own) and no images (nothing is fetched from elsewhere).
_md = (
    MarkdownIt("commonmark", {"html": False})
    .enable(["table", "strikethrough"])
    .disable(["heading", "lheading", "image"])
)
# A page's own text, like a guide, has headings; they are set below those of the page around it.
_article = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable(["image"])
HIGHEST_HEADING, LOWEST_HEADING = 3, 6
WRITTEN_TAGS = {
    "a", "blockquote", "br", "code", "em", "hr", "li", "ol", "p", "pre", "s", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
DRAFT_TAGS = WRITTEN_TAGS | {
    "abbr", "caption", "cite", "colgroup", "col", "dd", "del", "dfn", "dl", "dt", "figcaption", "figure", "ins",
    "kbd", "mark", "section", "small", "span", "sub", "sup", "tfoot", "var",
}  # fmt: skip
DRAFT_ATTRIBUTES = {
    "a": {"href", "title"}, "abbr": {"title"}, "ol": {"start", "type"}, "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}  # fmt: skip
OWN_PICTURE = re.compile(r"picture:[0-9a-f]{8,64}")
# What HTML and XML forbid: controls but tab and newline, surrogates, noncharacters. One pattern: 3.5 times faster
# than asking each character, and a megabyte is asked about in every field.
UNUSABLE = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\ufdd0-\\ufdef"
    + "".join(f"\\U{plane:04x}fffe\\U{plane:04x}ffff" for plane in range(17))
    + "]"
)

NO_WORDS = "There is no letter and no number in this. Say it in words, so that others can answer."
BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")  # of Hangul; they show nothing
WRITTEN_SIGNS = re.compile("[\u2801-\u28ff\U0001d800-\U0001da8b]")  # Braille, SignWriting
NEW_SCRIPTS = range(0x10000, 0x20000)  # may have letters that this Python does not know yet


def markdown(source: str) -> str:
    """What a person wrote in Markdown, as safe HTML; raw HTML shows as the text it is."""
    return written(parse(source))


def parse(source: str) -> list[Token]:
    """What a person wrote in Markdown, as tokens, which may be changed before `written` makes HTML of them."""
    return _md.parse(normalise(source))


def written(tokens: Sequence[Token]) -> str:
    """Tokens of `parse` as safe HTML."""
    return nh3.clean(
        _md.renderer.render(tokens, _md.options, {}), tags=WRITTEN_TAGS | {"mark"},  # no Markdown makes a mark
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"}, link_rel="nofollow noopener ugc",
    )  # fmt: skip


def article(source: str) -> str:
    """A longer text in Markdown with headings, as safe HTML: the first is an h3, and none skips a level."""
    tokens, levels = _article.parse(normalise(source)), list[int]()
    for token in tokens:
        if token.type == "heading_open":
            wanted = int(token.tag[1:])
            levels = [*(level for level in levels if level < wanted), wanted]
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(LOWEST_HEADING, HIGHEST_HEADING - 1 + len(levels))}"
    return nh3.clean(
        _article.renderer.render(tokens, _article.options, {}),
        tags=WRITTEN_TAGS | {"h3", "h4", "h5", "h6"}, attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"}, link_rel="noopener",
    )  # fmt: skip


@lru_cache(256)  # what stands over every page of a consultation is one
def line(source: str) -> Markup:
    """One line of Markdown (links, emphasis) as safe HTML without a paragraph around it; empty stays empty."""
    html = _md.renderInline(" ".join(normalise(source).split()))
    return safe(
        nh3.clean(
            html, tags={"a", "code", "em", "strong"}, attributes={"a": {"href"}}, url_schemes={"http", "https"},
            link_rel="noopener",
        )
    )  # fmt: skip


def clean(html: str, *, with_pictures: bool = False) -> str:
    """Draft HTML as safe HTML: structure and tables stay; scripts, ids and classes go.

    Images go too, but for `with_pictures` those that the importer put there itself: `src="picture:NAME"`, which is
    no address before the operation makes it one of ours.
    """
    if not with_pictures:
        return nh3.clean(
            html, tags=DRAFT_TAGS, attributes=DRAFT_ATTRIBUTES, url_schemes={"http", "https", "mailto"},
            link_rel="noopener",
        )  # fmt: skip
    return nh3.clean(
        html, tags=DRAFT_TAGS | {"img"}, attributes=DRAFT_ATTRIBUTES | {"img": {"alt", "src"}},
        url_schemes={"http", "https", "mailto", "picture"}, link_rel="noopener", attribute_filter=_own_picture,
    )  # fmt: skip


def _own_picture(tag: str, attribute: str, value: str) -> str | None:
    """The value of an attribute, or None where an image or a link leads elsewhere than it may."""
    is_picture = OWN_PICTURE.fullmatch(value) is not None
    if attribute == "src":
        return value if is_picture else None
    return None if tag == "a" and attribute == "href" and value.startswith("picture:") else value


def safe(html: str) -> Markup:
    """Mark stored, cleaned HTML as such; in templates the filter `stored`."""
    return Markup(html)  # noqa: S704 (the one place)


def plain(html: str) -> str:
    """The words without the tags."""
    return Markup(html).striptags()  # noqa: S704 (comes out as plain text)


def normalise(text: str) -> str:
    """Composed characters, plain newlines, no control characters, no lone surrogates, no noncharacters."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    return UNUSABLE.sub("", text).strip()


def has_words(source: str) -> bool:
    """Whether of a text in Markdown a reader sees a letter or a number, in any script; signs and emoji are none."""
    return _is_written(source) and _is_written(plain(markdown(source)))


def _is_written(text: str) -> bool:
    if any(c.isalnum() and c not in BLANK_LETTERS for c in text) or WRITTEN_SIGNS.search(text):
        return True
    return any(ord(c) in NEW_SCRIPTS and unicodedata.category(c) == "Cn" for c in text)


def excerpt(text: str, n: int = 160) -> str:
    """The first `n` characters, cut at a word."""
    return text if len(text) <= n else text[:n].rsplit(" ", 1)[0] + " …"
