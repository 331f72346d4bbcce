"""A law or another document in Akoma Ntoso (OASIS LegalDocML), versions 2.0 and 3.0.

Numbers and headings are kept as printed. The id a unit had in the first version (`wId`) is its key, else its id now
(`eId`, in 2.0 `id`). Numbered paragraphs and points are cited as lawyers do: 5(1)(a). Pure: text in, ParsedDraft out.
"""

from __future__ import annotations

from markupsafe import escape

from consult.core.records import replace

from ..parsed import ParsedDraft, words_of
from . import numbering
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
    shown,
    words,
)
from .xml_text import root_name, xml_tree

# Parts of a text that are headings even without a title; the kinds are those of the EU's acts.
DIVISIONS = {
    "book", "tome", "part", "subpart", "title", "subtitle", "chapter", "subchapter", "section", "division",
    "subdivision", "article", "debateSection",
}  # fmt: skip
KINDS = {name: name for name in ("title", "chapter", "section", "subsection", "article")}
# Parts that are words with a number, unless they have a title.
NUMBERED = {
    "subsection", "clause", "subclause", "paragraph", "subparagraph", "point", "indent", "alinea", "rule", "subrule",
    "proviso", "list", "sublist", "level", "hcontainer", "transitional", "subdivision", "item",
}  # fmt: skip
DASHES = {"—", "–", "-", "•", "·", "*"}
NOT_TEXT = ("meta", "toc", "coverPage", "remark")
INLINE = {
    "akomaNtoso", "act", "bill", "doc", "debate", "debateReport", "statement", "amendment", "amendmentList", "judgment",
    "officialGazette", "documentCollection", "portion", "portionBody", "body", "mainBody", "preface", "preamble",
    "collectionBody", "amendmentBody", "judgmentBody", "debateBody", "debateReportBody", "components", "component",
    "attachments", "attachment", "annexes", "annex", "conclusions", "recitals", "citations", "formula", "content",
    "intro", "wrap", "wrapUp", "container", "listIntroduction", "listWrapUp", "listConclusion", "num", "heading",
    "subheading", "docTitle", "docNumber", "docType", "docDate", "docProponent", "docStage", "docStatus", "docPurpose",
    "docAuthority", "docCommittee", "docIntroducer", "docJurisdiction", "docketNumber", "shortTitle", "preparation",
    "def", "term", "date", "time", "person", "role", "organization", "concept", "object", "event", "location",
    "process", "quantity", "entity", "legislature", "session", "inline", "span", "mod", "mmod", "rmod", "signature",
    "blockContainer", "interstitial", "opinion", "speech", "question", "answer", "from", "scene", "narrative", "summary",
    "speechGroup", "foreign", "div", "placeholder", "fillIn", "noteRef", "decoration", "omissis", "outcome", "party",
    "judge", "lawyer", "neutralCitation", "tblock", "embeddedText", "address", "adjournment", "rollCall", "prayers",
    "oralStatements", "writtenStatements", "personalStatements", "ministerialStatements", "resolutions", "petitions",
    "papers", "questions", "proceduralMotions", "pointOfOrder", "nationalInterest", "communication", "declarationOfVote",
    "administrationOfOath", "noticesOfMotion", "other", "li", "caption", "recital", "citation",
}  # fmt: skip


def is_akn(text: str) -> bool:
    """Whether this is a document in Akoma Ntoso."""
    return root_name(text) == "akomaNtoso"


def parse(text: str) -> ParsedDraft:
    """Cut a document into units; Invalid (field `file`) with a sentence when that cannot be done."""
    root = xml_tree(text)
    metadata = _metadata(root)
    reader = _Act(root)
    for note in (n for meta in descendants(root, "meta") for n in descendants(meta, "note")):
        reader.keep_note(note)
    blocks = reader.content(root)
    reader.count_unknown(root, INLINE)
    title = reader.title or metadata.get("title", "")
    return compose(
        [settled(block) for block in (*blocks, *reader.footnotes)], title=title, metadata=metadata,
        format="akn", remarks=reader.remarks(), pictures=reader.album.files,
    )  # fmt: skip


def _metadata(root: Element) -> dict[str, str]:
    """Title, number, language and date of the document itself, not of what is attached to it."""
    identification = next(descendants(root, "identification"), None)
    if identification is None:
        return {}
    found: dict[str, str] = {}
    for name, element, key in (
        ("title", "FRBRtitle", "value"), ("title", "FRBRalias", "value"), ("title", "FRBRname", "value"),
        ("number", "FRBRnumber", "value"), ("language", "FRBRlanguage", "language"), ("date", "FRBRdate", "date"),
        ("country", "FRBRcountry", "value"),
    ):  # fmt: skip
        said = next((attribute(e, key) or words(e) for e in descendants(identification, element)), "")
        if said:
            found.setdefault(name, said[:LONGEST_VALUE])
    return found


class _Act(TreeReader):
    """What the elements of Akoma Ntoso are."""

    tags = {
        "b": "strong", "i": "em", "u": "em", "br": "br", "eol": "br", "blockList": "ul", "item": "li",
        **{t: t for t in ("p", "sup", "sub", "ins", "del", "table", "caption", "tr", "td", "th", "ul", "ol", "li", "abbr")},
    }  # fmt: skip
    dropped = NOT_TEXT
    is_nested = True
    whole = ("authorialNote",)

    def __init__(self, root: Element) -> None:
        super().__init__(root)
        self.handlers = {
            **dict.fromkeys(DIVISIONS | NUMBERED, self._part), "crossHeading": self._cross_heading,
            **dict.fromkeys(("p", "block", "longTitle", "subheading"), self._paragraph), "recital": self._recital,
            **dict.fromkeys(("attachment", "annex"), self._attachment), "ul": self.container, "ol": self.container,
            "li": self._bullet, "table": self._table, "blockList": self.container, "heading": self._paragraph,
            **dict.fromkeys(("quotedStructure", "embeddedStructure"), self._quotation), "from": self._paragraph,
            **dict.fromkeys(("content", "intro", "wrapUp", "wrap", "container", "formula", "citation", "tr", "td", "th",
            "listIntroduction", "listWrapUp", "num", "caption", "speech", "div", "tblock"), self.container),
        }  # fmt: skip
        self.special |= {
            "authorialNote": self._note, "noteRef": self._note_mark, "ref": self._link, "a": self._link,
            "rref": self._link, "mref": self.inner, "img": self._image, "quotedText": self._quoted,
        }  # fmt: skip
        self.mark_holders()
        self.cited = [""]  # how the parts around are cited, the innermost last
        self.notes: dict[Element, str] = {}  # marks of footnotes
        self.title = ""
        self.is_titled = False
        self.items: dict[Element, int] = {}

    def names(self, element: Element) -> list[str]:
        found = (attribute(element, name) for name in ("wId", "eId", "id"))
        return list(dict.fromkeys(name for name in found if name))

    def _part(self, element: Element) -> list[Block]:
        """A part of the text: a heading where it has one, else words with a number."""
        taken = [first[0] for name in ("num", "heading", "subheading") if (first := children(element, name))]
        by_name = {local(e): e for e in taken}
        label = words(by_name["num"]) if "num" in by_name else ""
        if "heading" not in by_name and local(element) not in DIVISIONS:
            return self._words(element, label, taken)
        html = " ".join(self.inner(by_name[name]).strip() for name in ("heading", "subheading") if name in by_name)
        if not label and not words_of(html):
            return self.named(self.content(element, taken), self.names(element))
        kind = KINDS.get(local(element), "")
        as_printed = numbering.labelled(label, "") if label else None
        is_article = local(element) == "article" or (as_printed is not None and as_printed.kind == "article")
        cited = (as_printed.own_label if is_article else as_printed.label) if as_printed else ""
        self.depth += 1
        self.cited.append(cited)
        heading = Block(HEADING, html, tuple(self.names(element)), self.depth, label, as_kind=kind)
        inside = self.content(element, taken)
        self.cited.pop()
        self.depth -= 1
        return [heading, *inside]

    def _words(self, element: Element, label: str, taken: list[Element]) -> list[Block]:
        """A paragraph or point with its number in the margin, and what is below it; without one, what it holds."""
        numbers = [e for e in taken if local(e) == "num"]
        if not label:
            return self.named(self.content(element, numbers), self.names(element))
        bare = label.strip("().:, \t") or label
        above = self.cited[-1]
        is_listed = local(element) == "item" or not above or bare in DASHES
        cited = "" if is_listed else f"{above}, point {bare}" if above.startswith("Annex") else f"{above}({bare})"
        self.cited.append(cited if cited else above if local(element) == "item" else "")
        found = point("•" if label in DASHES else label, self.content(element, numbers), self.names(element))
        self.cited.pop()
        kind = (
            "paragraph" if local(element) in ("paragraph", "subsection", "clause") and len(self.cited) < 4 else "point"
        )
        kind = kind if cited else "point"
        return [never_empty(replace(found, kind=kind, label=cited))]

    def _cross_heading(self, element: Element) -> list[Block]:
        html = self.inner(element).strip()
        return [Block(HEADING, html, tuple(self.names(element)), self.depth + 1)] if html else []

    def _paragraph(self, element: Element) -> list[Block]:
        if not self.is_titled and next(descendants(element, "docTitle"), None) is not None:
            return self._title(element)
        if element in self._holders:
            return self.container(element)
        html = self.inner(element).strip()
        names = self.names_inside(element)
        if html and not words(element) and next(descendants(element, "img"), None) is not None:
            return [Block("figure", f"<figure><p>{html}</p></figure>", tuple(names))]
        return [paragraph_of(html, names)] if html or names else []

    def _title(self, element: Element) -> list[Block]:
        """The title of the document, or, below an attachment without a heading, of that."""
        self.is_titled = True
        self.title = self.title or " ".join(words(e) for e in descendants(element, "docTitle"))
        return [Block(HEADING, self.inner(element).strip(), tuple(self.names(element)), min(self.depth, 1))]

    def _recital(self, element: Element) -> list[Block]:
        numbers = children(element, "num")[:1]
        mark = words(numbers[0]) if numbers else ""
        html = "".join(map(shown, self.content(element, numbers)))
        label = f"Recital {mark.strip('(). ')}" if mark else ""
        return [never_empty(Block("recital", html, tuple(self.names(element)), label=label, mark=mark))]

    def _attachment(self, element: Element) -> list[Block]:
        """An annex: its heading, and the document inside."""
        taken = [first[0] for name in ("num", "heading", "subheading") if (first := children(element, name))]
        html = " ".join(self.inner(e).strip() for e in taken)
        names = self.names(element)
        before = (self.depth, self.is_titled, self.cited)
        self.depth, self.is_titled = 1, bool(html)
        self.cited = [numbering.read([(1, words_of(html) or "-")])[0].label if html else ""]
        inside = self.content(element, taken)
        self.depth, self.is_titled, self.cited = before
        if html:
            return [Block(HEADING, html, tuple(names), 1, as_kind="annex"), *inside]
        return self.named(inside, names, is_first=True)

    def _bullet(self, element: Element) -> list[Block]:
        above = element.getparent()
        self.items[above] = self.items.get(above, 0) + 1
        mark = attribute(element, "value") or (f"{self.items[above]}." if local(above) == "ol" else "•")
        return [point(mark, self.content(element), self.names(element))]

    def _table(self, element: Element) -> list[Block]:
        return [Block("table", f"<table>{self.inner(element)}</table>", tuple(self.names_inside(element)))]

    def _quotation(self, element: Element) -> list[Block]:
        """Words of another law, which this one puts in: one unit, as they are no parts of this one."""
        if is_long(element):
            return self.container(element)
        opening, closing = (attribute(element, name) for name in ("startQuote", "endQuote"))
        html = f"<blockquote>{escape(opening)}{self.inner(element).strip()}{escape(closing)}</blockquote>"
        return [Block("quote", html, tuple(self.names_inside(element)))]

    def keep_note(self, element: Element) -> str:
        """Keep a footnote for the end; returns its mark."""
        if element not in self.notes:
            self.notes[element] = attribute(element, "marker").strip("()[] ") or str(len(self.notes) + 1)
            html = self.inner(element).strip()
            names = tuple(self.names_inside(element))
            self.footnotes.append(Block(FOOTNOTE, html, names, mark=self.notes[element]))
        return self.notes[element]

    def _note(self, element: Element) -> str:
        mark = self.keep_note(element)
        address = next(iter(self.names(element)), f"footnote {mark}")
        return f'<sup><a href="#{escape(address)}">{escape(mark)}</a></sup>'

    def _note_mark(self, element: Element) -> str:
        mark = attribute(element, "marker") or words(element) or "*"
        return f"<sup>{self.link(attribute(element, 'href'), str(escape(characters(mark))))}</sup>"

    def _link(self, element: Element) -> str:
        """A link; in 3.0 the address of a part of the document may begin with a tilde."""
        address = attribute(element, "href") or attribute(element, "from")
        return self.link(address.replace("~", "#", 1) if address.startswith("~") else address, self.inner(element))

    def _image(self, element: Element) -> str:
        return self.picture(attribute(element, "src"), attribute(element, "alt") or attribute(element, "title"))

    def _quoted(self, element: Element) -> str:
        opening, closing = (attribute(element, name) for name in ("startQuote", "endQuote"))
        return f"{escape(opening)}{self.inner(element)}{escape(closing)}"
