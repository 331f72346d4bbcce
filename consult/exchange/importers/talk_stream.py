"""A page as one stream of openings, closings and words: what a signature is found in, and what was said is cut from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from consult.core.records import Record
from consult.documents.importers.trees import Element

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
# Never words of somebody: what programs put there, and pictures.
LEFT_OUT = frozenset(
    [
        "audio",
        "canvas",
        "embed",
        "figure-inline",
        "img",
        "link",
        "math",
        "meta",
        "noscript",
        "object",
        "script",
        "style",
        "svg",
        "template",
        "video",
    ]
)
INDENTING = ("li", "dd")


class Token(Record):
    """One opening (`+`), closing (`-`) or run of words (`w`); `indent`: in how many list items it stands."""

    kind: str
    tag: str
    element: Element
    words: str
    indent: int

    @property
    def is_edge(self) -> bool:
        """Whether a line begins or ends here."""
        return self.kind != "w" and (self.tag in BLOCKS or self.tag == "br")


def stream(root: Element) -> list[Token]:
    """Everything below `root` in the order of the page, without what is left out."""
    tokens: list[Token] = []
    waiting: list[tuple[str, Any, int]] = [("+", root, 0)]
    while waiting:
        kind, element, indent = waiting.pop()
        tag = element.tag if isinstance(element.tag, str) else ""
        within = indent + (tag in INDENTING)
        if kind == "w":
            tokens.append(Token("w", tag, element, element.tail or "", indent))
        elif kind == "-":
            tokens.append(Token("-", tag, element, "", indent))
        elif not tag or is_left_out(element):
            continue
        else:
            tokens.append(Token("+", tag, element, "", indent))
            if element.text:
                tokens.append(Token("w", tag, element, element.text, within))
            waiting.append(("-", element, indent))
            for child in reversed(element):
                if child.tail:
                    waiting.append(("w", child, within))
                waiting.append(("+", child, within))
    return tokens


def is_left_out(element: Element) -> bool:
    """Pictures and scripts. What a page folds away is debate all the same: boxes of settled threads are folded."""
    kinds = str(element.get("typeof", "")).split()
    return element.tag in LEFT_OUT or any(kind.startswith(("mw:Image", "mw:File", "mw:FallbackId")) for kind in kinds)


def address(element: Element, base: str) -> str:
    """Where a link leads, made absolute; empty when it leads nowhere on the web."""
    href = str(element.get("href", "")).strip()
    if not href or href.startswith("#"):
        return ""
    try:
        found = urljoin(base, href)
        parts = urlsplit(found)
    except ValueError:
        return ""
    return found if parts.scheme in ("http", "https") and parts.hostname else ""


def page_name(element: Element) -> str:
    """The page of the wiki a link leads to ("User talk:Ann"); empty when it leads elsewhere."""
    href = str(element.get("href", "")).split("#", 1)[0]
    _, found, query = href.partition("index.php?title=")
    if found:
        href = query.split("&", 1)[0]
    elif href.startswith("./"):
        href = href[2:].split("?", 1)[0]
    elif "/wiki/" in href:
        href = href.split("/wiki/", 1)[1].split("?", 1)[0]
    else:
        return ""
    return unquote(href).replace("_", " ").strip()


def words_between(tokens: list[Token], start: int, end: int) -> Iterator[str]:
    """The words of a stretch, `end` not included."""
    return (token.words for token in tokens[start:end] if token.kind == "w")
