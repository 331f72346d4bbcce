"""A standard as XML: NISO STS (ANSI/NISO Z39.102) and its elder, ISOSTS.

Sections, annexes, terms and what they hold become units with the ids, labels and titles they have. A label is words:
it is taken as printed, and may be missing, as may titles and ids. Pure: text in, ParsedDraft out; nothing is fetched.
"""

from __future__ import annotations

import re
from collections import Counter

from markupsafe import escape

from ..parsed import ParsedDraft, words_of
from .compose import FOOTNOTE, HEADING, Block, compose
from .dialect import LONGEST_VALUE
from .trees import (
    Element,
    TreeReader,
    attribute,
    characters,
    children,
    descendants,
    is_long,
    local,
    never_empty,
    paragraph_of,
    point,
    settled,
    words,
)
from .xml_text import root_name, xml_tree

METAS = ("std-meta", "iso-meta", "reg-meta", "nat-meta")
# Metadata: what it is called here, and the element that holds it.
FACTS = {
    "stage": "release-version", "project": "proj-id", "committee": "comm-ref", "language": "content-language",
    "ics": "ics", "date": "release-date", "originator": "originator", "number": "doc-number", "part": "part-number",
    "edition": "edition",
}  # fmt: skip
TITLES = {"foreword": "Foreword", "intro": "Introduction", "introduction": "Introduction"}
STATUS = re.compile(r"\((?:normative|informative)\)", re.IGNORECASE)
MARKS = {"alpha-lower": "a)", "alpha-upper": "A)", "order": "1)", "arabic": "1)", "ordered": "1)"}
KNOWN = {
    "standard", "adoption", "adoption-front", "adoption-back", "front", "body", "back", "app-group", "label", "title",
    "caption", "annex-type", "std", "std-ref", "title-wrap", "styled-content", "named-content", "sc", "roman", "sans-serif",
    "inline-formula", "table-wrap-foot", "table-wrap-group", "fig-group", "def", "def-head", "term-head", "list",
    "def-list", "mixed-citation", "element-citation", "langSet", "tig", "ntig", "term", "definition", "note", "example",
    "source", "see", "normativeAuthorization", "partOfSpeech", "grammaticalNumber", "grammaticalGender", "termType",
    "administrativeStatus", "geographicalUsage", "entailedTerm", "crossReference", "subjectField", "usageNote",
    "termEntry", "alternatives", "textual-form", "alt-text", "long-desc", "legend", "disp-formula-group", "boxed-text",
    "editing-instruction", "sig-block", "attrib", "person-group", "year", "publisher-name", "article-title", "string-name",
    "surname", "given-names", "comment", "date-in-citation", "x", "abbrev", "milestone-start", "milestone-end",
}  # fmt: skip


def is_sts(text: str) -> bool:
    """Whether this is a standard in NISO STS or ISOSTS."""
    return root_name(text) in ("standard", "adoption")


def parse(text: str) -> ParsedDraft:
    """Cut a standard into units; Invalid (field `file`) with a sentence when that cannot be done."""
    root = xml_tree(text)
    title, metadata = _metadata(root)
    reader = _Standard(root)
    blocks = reader.content(root)
    reader.count_unknown(root, KNOWN)
    if title:
        blocks = [Block(HEADING, str(escape(title))), *blocks]
    return compose(
        [settled(block) for block in (*blocks, *reader.footnotes)],
        title=title,
        metadata=metadata,
        format="sts",
        remarks=reader.remarks(),
        pictures=reader.album.files,
    )


def _metadata(root: Element) -> tuple[str, dict[str, str]]:
    """The title, and what else the first block of metadata with a reference says."""
    metas = [meta for name in METAS for meta in descendants(root, name)]
    meta = next((m for m in metas if next(descendants(m, "std-ref"), None) is not None), metas[0] if metas else None)
    if meta is None:
        return "", {}
    references = list(descendants(meta, "std-ref"))
    dated = [ref for ref in references if attribute(ref, "type") == "dated"] or references
    found = {"reference": words(dated[0])} if dated else {}
    for name, element in FACTS.items():
        said = next((words(e) for e in descendants(meta, element) if words(e)), "")
        found |= {name: said[:LONGEST_VALUE]} if said else {}
    title = _title(meta, found.get("language", "en"))
    return title, {"title": title[:LONGEST_VALUE], **found} if title else found


def _title(meta: Element, language: str) -> str:
    """The full title in the language of the text, else put together from its parts."""
    wraps = list(descendants(meta, "title-wrap"))
    wraps = [w for w in wraps if attribute(w, "lang") == language] or wraps
    if not wraps:
        return ""
    full = next((words(e) for e in descendants(wraps[0], "full") if words(e)), "")
    parts = [words(e) for name in ("intro", "main", "compl") for e in children(wraps[0], name)]
    return full or " — ".join(part for part in parts if part)


class _Standard(TreeReader):
    """What the elements of NISO STS are."""

    tags = {
        "bold": "strong", "italic": "em", "monospace": "code", "underline": "em", "strike": "s", "overline": "em",
        "break": "br", "list": "ul", "list-item": "li", "preformat": "pre", "code": "code", "disp-quote": "blockquote",
        "def-list": "dl", "term": "dfn", "def": "dd", "array": "table",
        **{t: t for t in ("p", "sup", "sub", "table", "thead", "tbody", "tfoot", "tr", "td", "th")},
    }  # fmt: skip
    dropped = (
        *METAS, "std-doc-meta", "metadata", "std-id", "std-id-group", "object-id", "index-term", "processing-meta",
        "custom-meta-group", "custom-meta", "colgroup", "col", "toc", "index", "permissions", "partOfSpeech",
        "private-char", "abstract",
    )  # fmt: skip
    is_nested = True
    whole = ("fn", "alternatives")

    def __init__(self, root: Element) -> None:
        super().__init__(root)
        self.handlers = {
            **dict.fromkeys(("sec", "app", "ref-list"), self._section), "term-sec": self._term_section,
            "termEntry": self._term, "p": self._paragraph, "list": self.container, "list-item": self._item,
            **dict.fromkeys(("non-normative-note", "non-normative-example", "disp-quote"), self._aside),
            "def-item": self._definition, "table-wrap": self._table, "array": self._table, "table": self._table,
            "fig": self._figure, "disp-formula": self._formula, "preformat": self._listing, "code": self._listing,
            "ref": self._reference, "fn-group": self._footnote_group,
            **dict.fromkeys(("tr", "td", "th", "thead", "tbody", "tfoot", "title", "label", "caption", "def",
            "disp-formula-group", "table-wrap-foot", "langSet", "definition", "note", "example"), self.container),
        }  # fmt: skip
        self.special |= {
            "fn": self._footnote, "xref": self._reference_inside, "ext-link": self._link, "uri": self._link,
            "email": self._mail, "graphic": self._graphic, "inline-graphic": self._graphic, "media": self._graphic,
            "alternatives": self._alternative, "tex-math": self._tex,
        }  # fmt: skip
        self.mark_holders()
        self.items: Counter[Element] = Counter()
        self.marks: dict[Element, str] = {}  # of footnotes
        self.labels = {
            attribute(e, "id"): words(label)
            for e in root.iter()
            for label in children(e, "label")
            if attribute(e, "id")
        }

    def _section(self, element: Element) -> list[Block]:
        """A section, an annex or a list of references, with its label and title as printed."""
        if attribute(element, "sec-type") == "toc":
            return []
        names = ("label", "title", "annex-type") if local(element) == "app" else ("label", "title")
        taken = [first[0] for name in names if (first := children(element, name))]
        by_name = {local(e): e for e in taken}
        label = words(by_name["label"]) if "label" in by_name else ""
        html = self.inner(by_name["title"]).strip() if "title" in by_name else ""
        html = html or ("" if label else TITLES.get(attribute(element, "sec-type"), ""))
        if local(element) == "app":
            html = f"{self._status(element, by_name, html)} {html}".strip()
        if not label and not html:
            return self.named(self.content(element, taken), self.names(element))
        self.depth += 1
        kind = "annex" if local(element) == "app" else ""
        heading = Block(HEADING, html, tuple(self.names(element)), self.depth, label, as_kind=kind)
        inside = self.content(element, taken)
        self.depth -= 1
        return [heading, *inside]

    def _status(self, element: Element, by_name: dict[str, Element], html: str) -> str:
        """Whether an annex is normative, in brackets, unless its title says so."""
        if "annex-type" in by_name and words(by_name["annex-type"]):
            return str(escape(words(by_name["annex-type"])))
        said = f"{attribute(element, 'content-type')} {attribute(element, 'specific-use')}".lower()
        status = "(informative)" if "inform" in said else "(normative)" if "norm" in said else ""
        return "" if STATUS.search(html) else status

    def _term_section(self, element: Element) -> list[Block]:
        """A numbered entry is the term; a section around entries stays a section."""
        entries = children(element, "termEntry")
        label = children(element, "label")
        if len(entries) != 1 or children(element, "title", "term-sec"):
            return self._section(element)
        term = self._entry(entries[0], words(label[0]) if label else "", self.names(element))
        return [term, *self.content(element, [*entries, *label[:1]])]

    def _term(self, element: Element) -> list[Block]:
        return [self._entry(element, "", [])]

    def _entry(self, element: Element, label: str, names: list[str]) -> Block:
        """A term with its synonyms, definition, examples and notes, in the order people read them."""
        terms = [e for e in element.iter() if local(e) == "term" and local(e.getparent()) in ("tig", "ntig", "termGrp")]
        parts = "".join(f"<dt>{self._authorised(term)}{self.inner(term)}</dt> " for term in terms)
        languages = children(element, "langSet")
        done = frozenset([*terms, *languages])
        said = [e for lang in (*languages, element) for e in lang if e not in done]
        parts += "".join(self._said(part, done) for part in said if not self.is_dropped(part))
        loose = [t for lang in (element, *languages) for t in (lang.text, *(e.tail for e in lang)) if t and t.strip()]
        parts += "".join(f"<dd>{escape(characters(text))}</dd> " for text in loose)
        all_names = [*names, *self.names_inside(element)]
        title = words(terms[0]) if terms and label else ""
        return Block("term", f"<dl>{parts}</dl>", tuple(all_names), label=label, mark=label, title=title)

    def _said(self, part: Element, done: frozenset[Element]) -> str:
        """A definition, note, example or source of a term, with the words ISO prints before it."""
        inner = self.inner(part, done)
        if not words_of(inner):
            return ""
        begins = words_of(inner).lower()
        if local(part) == "note" and not begins.startswith("note"):
            above = part.getparent()
            self.items[above] += 1
            inner = f"Note {self.items[above]} to entry: {inner}"
        elif local(part) == "example" and not begins.startswith("example"):
            inner = f"EXAMPLE {inner}"
        elif local(part) == "source":
            inner = f"[SOURCE: {inner}]"
        return f"<dd>{inner}</dd> "

    def _authorised(self, term: Element) -> str:
        """ISO prints this word before terms that should no longer be used."""
        values = [attribute(e, "value") for e in descendants(term.getparent(), "normativeAuthorization")]
        return "DEPRECATED: " if any(value.startswith(("deprecated", "superseded")) for value in values) else ""

    def _paragraph(self, element: Element) -> list[Block]:
        if element in self._holders:
            return self.container(element)
        html = self.inner(element).strip()
        names = self.names_inside(element)
        found = paragraph_of(html, names)
        if html and not words(element) and next(descendants(element, "graphic", "inline-graphic"), None) is not None:
            found = Block("figure", f"<figure>{found.html}</figure>", tuple(names))
        return [found] if html or names else []

    def _item(self, element: Element) -> list[Block]:
        """A point: its label, or the mark its place in the list gives it."""
        above = element.getparent()
        self.items[above] += 1
        labels = children(element, "label")[:1]
        style = MARKS.get(attribute(above, "list-type"), "•")
        number = self.items[above]
        counted = {"1)": f"{number})", "•": "•"}.get(style, f"{chr(ord(style[0]) + (number - 1) % 26)})")
        mark = words(labels[0]) if labels else counted
        mark = "•" if mark in ("—", "–", "-", "·") else mark
        made = point(mark, self.content(element, labels), self.names(element))
        return [never_empty(made) if labels else made]

    def _aside(self, element: Element) -> list[Block]:
        """A note, an example or a quotation; one that says nothing of itself gets the word ISO prints."""
        if is_long(element):
            return self.container(element)
        labels = children(element, "label")[:1]
        label = str(escape(words(labels[0]))) if labels else ""
        inner = self.inner(element, labels).strip()
        if local(element) == "disp-quote":
            return [Block("quote", f"<blockquote>{label} {inner}</blockquote>", tuple(self.names_inside(element)))]
        word = "NOTE" if local(element).endswith("note") else "EXAMPLE"
        label = label or ("" if words_of(inner).upper().startswith(word) else word)
        html = f"<p>{label} {inner[3:].lstrip()}" if label and inner.startswith("<p>") else f"{label} {inner}"
        return [Block("note", html, tuple(self.names_inside(element)))]

    def _definition(self, element: Element) -> list[Block]:
        html = "".join(
            f"<dt>{self.inner(e)}</dt> " if local(e) == "term" else f"<dd>{self.element(e)}</dd> " for e in element
        )
        loose = [t for t in (element.text, *(e.tail for e in element)) if t and t.strip()]
        html += "".join(f"<dd>{escape(characters(text))}</dd> " for text in loose)
        return [Block("term", f"<dl>{html}</dl>", tuple(self.names_inside(element)))]

    def _caption(self, element: Element) -> tuple[str, list[Element]]:
        """ "Table 1 — Fields" from a label and a caption, and the elements it was made of."""
        taken = [first[0] for name in ("label", "caption") if (first := children(element, name))]
        parts = [words_of(self.inner(e)) if local(e) == "label" else self.inner(e).strip() for e in taken]
        return " — ".join(
            str(escape(p)) if at == 0 and local(taken[0]) == "label" else p for at, p in enumerate(parts)
        ), taken

    def _table(self, element: Element) -> list[Block]:
        """A table with its label and caption; what stands below it follows."""
        if local(element) != "table-wrap":
            return [Block("table", f"<table>{self.inner(element)}</table>", tuple(self.names_inside(element)))]
        caption, taken = self._caption(element)
        tables = [t for e in (element, *children(element, "alternatives")) for t in children(e, "table", "array")]
        blocks = [
            Block("table", f"<table>{self.inner(table)}</table>", tuple(self.names_inside(table))) for table in tables
        ]
        rest = self.content(element, [*taken, *tables])
        if caption and blocks:
            first = blocks[0]
            html = first.html.replace("<table>", f"<table><caption>{caption}</caption>", 1)
            blocks[0] = Block("table", html, first.names)
        elif caption:
            blocks = [paragraph_of(caption)]
        return self.named([*blocks, *rest], self.names(element), is_first=True)

    def _figure(self, element: Element) -> list[Block]:
        caption, taken = self._caption(element)
        inner = self.inner(element, taken)
        below = f"<figcaption>{caption}</figcaption>" if caption else ""
        return [Block("figure", f"<figure><p>{inner}</p>{below}</figure>", tuple(self.names_inside(element)))]

    def _formula(self, element: Element) -> list[Block]:
        """A formula on a line of its own, with its number after it."""
        labels = children(element, "label")[:1]
        html = " ".join([self.inner(element, labels).strip(), *(str(escape(words(label))) for label in labels)])
        return [Block("paragraph", f"<p>{html}</p>", tuple(self.names_inside(element)))] if html.strip() else []

    def _listing(self, element: Element) -> list[Block]:
        code = characters("".join(element.itertext())).strip("\n")
        return [Block("code", f"{code}\n" if code.strip() else "", tuple(self.names_inside(element)))]

    def _reference(self, element: Element) -> list[Block]:
        labels = children(element, "label")[:1]
        mark = words(labels[0]) if labels else "•"
        return [never_empty(point(mark, self.content(element, labels), self.names(element)))]

    def _footnote_group(self, element: Element) -> list[Block]:
        notes = children(element, "fn")
        for note in notes:
            self._footnote(note)
        return self.content(element, notes)

    def _footnote(self, element: Element) -> str:
        """The mark of a footnote in the text; its words go to the end. Below a table they stay there."""
        labels = children(element, "label")[:1]
        mark = words(labels[0]) if labels else ""
        if local(element.getparent()) == "table-wrap-foot":
            return f"<sup>{escape(mark)}</sup> {self.inner(element, labels)} "
        if element not in self.marks:
            self.marks[element] = mark.strip("()[] ") or str(len(self.marks) + 1)
            html = self.inner(element, labels).strip()
            names = tuple(self.names_inside(element))
            self.footnotes.append(Block(FOOTNOTE, html, names, mark=self.marks[element]))
        mark = self.marks[element]
        address = attribute(element, "id") or f"footnote {mark}"
        return f'<sup><a href="#{escape(address)}">{escape(mark)}</a></sup>'

    def _reference_inside(self, element: Element) -> str:
        """A link to what it names; one without words shows the label of that."""
        address = attribute(element, "rid").split(" ")[0]
        inner = self.inner(element) if words(element) else str(escape(self.labels.get(address, address)))
        return self.link(f"#{address}", inner) if address else inner

    def _link(self, element: Element) -> str:
        return self.link(attribute(element, "href") or words(element), self.inner(element))

    def _mail(self, element: Element) -> str:
        return self.link(f"mailto:{words(element)}", self.inner(element))

    def _graphic(self, element: Element) -> str:
        said = " ".join(words(e) for e in children(element, "alt-text", "long-desc"))
        return self.picture(attribute(element, "href"), said or words(element))

    def _alternative(self, element: Element) -> str:
        """One of several forms of the same: a table or formula before text, text before a picture."""
        order = ("table", "math", "tex-math", "textual-form")
        best = next((e for name in order for e in children(element, name) if words(e)), None)
        others = [e for e in element if local(e) not in (*order, "graphic", "inline-graphic", "media")]
        is_loose = any((text or "").strip() for text in (element.text, *(e.tail for e in element)))
        return self.inner(element) if best is None or others or is_loose else self.element(best)

    def _tex(self, element: Element) -> str:
        self.formulas += 1
        return str(escape(words(element)))
