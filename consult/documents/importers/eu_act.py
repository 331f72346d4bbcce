"""An act of the European Union as plain text from EUR-Lex: recitals, chapters, articles, points, annexes.

The plain text has one line per paragraph, and the marks "(a)", "1.", "—" on lines of their own.
Which list a mark belongs to is decided as a lawyer reads it: it goes on with the innermost open list it
follows, else with an outer one, else it begins a new one. "(i)" after "(h)" is looked up: "(ii)" after it
makes it a Roman one. Pure: text in, ParsedDraft out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import escape

from consult.core.records import replace

from ..parsed import Builder, ParsedDraft, Unit, paragraph, slug
from .source import tidy

ADOPTED = re.compile(r"^(HAVE|HAS) ADOPTED THIS (REGULATION|DIRECTIVE|DECISION):?$", re.MULTILINE)
ARTICLE = re.compile(r"Article (\d+[a-z]?)")
CHAPTER = re.compile(r"(CHAPTER|TITLE|SECTION|SUBSECTION) ([IVXLC]+|\d+)")
ANNEX = re.compile(r"ANNEX(?: ([IVXLC]+))?")
ANNEX_SECTION = re.compile(r"Section ([A-Z]|\d+)(?:(?:\.| —) (.*))?")
MARK = re.compile(r"(‘?\((?:[a-z]{1,5}|\d{1,3})\)|\d{1,3}(?:\.\d{1,3})*\.|—)")
NUMBERED = re.compile(r"(\d{1,3}(?:\.\d{1,3})*)\.\s{2,}(\S.*)")
FOOTNOTE = re.compile(r"\((\d+)\)\s{2,}(\S.*)")
ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
RANKS = {"title": 0, "chapter": 1, "section": 2, "subsection": 3}


def is_act(text: str) -> bool:
    """Whether this text is an act as EUR-Lex gives it."""
    return bool(ADOPTED.search(text)) and bool(re.search(r"^Article 1$", text, re.MULTILINE))


def parse(text: str) -> ParsedDraft:
    """Cut the act into units with keys like recital-89, article-53-1-b-ii, annex-iii-1-a."""
    reader = _Reader([line.strip() for line in tidy(text).split("\n") if line.strip()])
    reader.preamble()
    reader.recitals()
    reader.enacting_terms()
    return reader.builder.finish(reader.title, {}, "eu-act")


def roman(letters: str) -> int:
    """The value of a Roman number in small letters; 0 when it is none."""
    if not letters or set(letters) - set(ROMAN):
        return 0
    values = [ROMAN[c] for c in letters]
    return sum(-v if v < w else v for v, w in zip(values, [*values[1:], 0], strict=True))


def letter(letters: str) -> int:
    """The place of "a" … "z", "aa" … in a list by letters; 0 when it is none."""
    if not letters.isalpha() or len(set(letters)) > 1:
        return 0
    return (len(letters) - 1) * 26 + ord(letters[0]) - 96


@dataclass(slots=True)
class _List:
    """A list that is being read: its style, the number of its last point, and that point's place."""

    style: str  # "a", "i", "1", "—", "n." (numbered with a full stop)
    parent: int
    last: int = 0
    place: int = -1


@dataclass(slots=True)
class _Here:
    """Where in the act we are."""

    heading: int
    paragraph: int | None = None
    lists: list[_List] = field(default_factory=list)


class _Reader:
    def __init__(self, blocks: Sequence[str]) -> None:
        self.blocks = blocks
        self.at = 0
        self.builder = Builder()
        self.title = ""
        self.divisions: list[tuple[int, int]] = []  # (rank, place) of the open chapters and sections

    @property
    def block(self) -> str:
        return self.blocks[self.at] if self.at < len(self.blocks) else ""

    def take(self) -> str:
        """The next line, which is done with; empty after the last."""
        line = self.block
        self.at += 1
        return line

    def preamble(self) -> None:
        """The title and what the act has regard to, until "Whereas:"."""
        top = self._heading("preamble", "clause", "", "", "Title and citations", None)
        lines: list[str] = []
        while self.at < len(self.blocks) and self.block != "Whereas:" and not ADOPTED.fullmatch(self.block):
            lines.append(self.block)
            self._text(top, self.take())
        start = next((n for n, line in enumerate(lines) if line.startswith(("REGULATION", "DIRECTIVE", "DECISION"))), 0)
        short = re.search(r"\(([A-Z][^()]*(?:Act|Regulation|Directive))\)", " ".join(lines))
        self.title = short[1] if short else (lines[start] if lines else "Act").capitalize()

    def recitals(self) -> None:
        """(1), (2) … each with its words, until the act is adopted."""
        top = self._heading("recitals", "clause", "", "", "Recitals", None)
        if self.block == "Whereas:":
            self._text(top, self.take())
        number = 0
        while self.at < len(self.blocks) and not ADOPTED.fullmatch(self.block):
            if self.block != f"({number + 1})":
                self._text(top, self.take())
                continue
            self.take()
            number += 1
            words = []
            while self.block and self.block != f"({number + 1})" and not ADOPTED.fullmatch(self.block):
                words.append(self.take())
            self.builder.add(
                Unit(
                    key=f"recital-{number}", kind="recital", html="".join(map(paragraph, words)), text="",
                    label=f"Recital {number}", own_label=f"({number})", parent=top, is_named=True,
                )
            )  # fmt: skip

    def enacting_terms(self) -> None:
        """Chapters, articles and annexes; then the signatures and footnotes that stand between them."""
        here = _Here(self._heading("enacting-formula", "clause", "", "", "Enacting formula", None))
        while self.at < len(self.blocks):
            division, article, annex = (p.fullmatch(self.block) for p in (CHAPTER, ARTICLE, ANNEX))
            if division:
                here = _Here(self._division(division))
            elif article:
                here = _Here(self._article(article[1]))
            elif annex:
                here = _Here(self._annex(annex[1]))
            elif FOOTNOTE.fullmatch(self.block):
                self._footnotes()
            elif self.block.startswith("Done at "):
                here = _Here(self._heading("signatures", "clause", "", "", "Signatures", None))
                self._text(here.heading, self.take())
            else:
                here = self._content(here)

    def _division(self, match: re.Match[str]) -> int:
        self.take()
        word, number = match[1].lower(), match[2]
        rank = RANKS[word]
        self.divisions = [(r, place) for r, place in self.divisions if r < rank]
        above = self.divisions[-1][1] if self.divisions else None
        key = (
            f"{word}-{number.lower()}" if above is None else f"{self.builder.units[above].key}-{word}-{number.lower()}"
        )
        title = self.take() if not ARTICLE.fullmatch(self.block) else ""
        place = self._heading(key, word, f"{word.capitalize()} {number}", number, _sentence(title), above)
        self.divisions.append((rank, place))
        return place

    def _article(self, number: str) -> int:
        self.take()
        above = self.divisions[-1][1] if self.divisions else None
        return self._heading(f"article-{number}", "article", f"Article {number}", number, self.take(), above)

    def _annex(self, number: str | None) -> int:
        self.take()
        self.divisions = []
        name = f"Annex {number}" if number else "Annex"
        return self._heading(slug(name), "annex", name, number or "", self.take(), None)

    def _content(self, here: _Here) -> _Here:
        """One block of an article or annex: a section, a numbered paragraph, a point, or words that go on."""
        head = self.builder.units[here.heading]
        section = ANNEX_SECTION.fullmatch(self.block)
        if section and head.key.startswith("annex"):
            return self._annex_section(section, here)
        numbered = NUMBERED.fullmatch(self.block)
        if self.block in (";", "."):  # what ends a quoted paragraph
            self._end_with(self.take())
        elif numbered:
            self.take()
            here.lists = []
            here.paragraph = self._numbered(here.heading, numbered[1], numbered[2])
        elif MARK.fullmatch(self.block) and self.at + 1 < len(self.blocks):
            self._point(here)
        else:
            self._text(self._goes_on(here), self.take())
        return here

    def _annex_section(self, match: re.Match[str], here: _Here) -> _Here:
        self.take()
        place = here.heading
        while self.builder.units[place].kind != "annex":
            place = self.builder.units[place].parent or 0
        annex = self.builder.units[place]
        title = match[2] or self.take()
        return _Here(
            self._heading(
                f"{annex.key}-section-{match[1].lower()}", "section", f"{annex.label}, Section {match[1]}", match[1],
                title, place,
            )
        )  # fmt: skip

    def _numbered(self, parent: int, number: str, words: str) -> int:
        above = self.builder.units[parent]
        label = f"{above.own_label}({number})" if above.kind == "article" else f"{above.label}, point {number}"
        key = f"{above.key}-{number.replace('.', '-')}"
        return self.builder.add(
            Unit(key, "paragraph", paragraph(words), "", label, f"{number}.", parent=parent, is_named=True)
        )

    def _point(self, here: _Here) -> None:
        """A mark on a line of its own, and the words after it."""
        mark = self.take()
        words = self.take()
        if re.fullmatch(r"\d{1,3}(\.\d{1,3})*\.", mark):
            here.lists = []
            here.paragraph = self._numbered(here.heading, mark[:-1], words)
            return
        bare = mark.strip("‘()")
        if mark.startswith("‘"):  # a point quoted from another act is part of the words it belongs to
            self._text(self._innermost(here), f"{mark} {words}")
            return
        row = self._list_of(here, bare)
        above = self.builder.units[row.parent]
        row.last = _value(bare, row.style, row.last)
        own = bare if row.style != "—" else f"d{row.last}"
        base = above.own_label if above.kind == "article" else above.label
        label = f"{base}, indent {row.last}" if row.style == "—" else f"{base}({bare})"
        row.place = self.builder.add(
            Unit(f"{above.key}-{own}", "point", paragraph(words), "", label, mark, parent=row.parent, is_named=True)
        )

    def _list_of(self, here: _Here, bare: str) -> _List:
        """The list a mark belongs to, opened if need be; lists inside the one it goes on with are closed."""
        if not self._begins_roman(here, bare):
            for depth in range(len(here.lists) - 1, -1, -1):
                row = here.lists[depth]
                if _value(bare, row.style, row.last) == row.last + 1:
                    del here.lists[depth + 1 :]
                    return row
        style = "—" if bare == "—" else "1" if bare.isdigit() else "i" if roman(bare) == 1 else "a"
        row = _List(style, self._innermost(here))
        here.lists.append(row)
        return row

    def _begins_roman(self, here: _Here, bare: str) -> bool:
        """ "(i)" right after "(h)": a Roman one if "(ii)" comes before the next letter."""
        if bare != "i" or not any(row.style == "a" and row.last == 8 for row in here.lists):
            return False
        for block in self.blocks[self.at : self.at + 12]:
            if block in ("(ii)", "(j)") or NUMBERED.fullmatch(block) or ARTICLE.fullmatch(block):
                return block == "(ii)"
        return False

    def _innermost(self, here: _Here) -> int:
        if here.lists:
            return here.lists[-1].place
        return here.heading if here.paragraph is None else here.paragraph

    def _goes_on(self, here: _Here) -> int:
        """Words without a mark belong to a point that announces them (":") or whose list goes on after them."""
        following = self._next_mark()
        while here.lists:
            row = here.lists[-1]
            is_announced = row.place == len(self.builder.units) - 1 and self.builder.units[row.place].text.endswith(":")
            if is_announced or _value(following, row.style, row.last) == row.last + 1:
                return row.place
            here.lists.pop()
        return self._innermost(here)

    def _next_mark(self) -> str:
        """The mark that comes next in the same paragraph, if one comes soon."""
        for block in self.blocks[self.at + 1 : self.at + 6]:
            if NUMBERED.fullmatch(block) or ARTICLE.fullmatch(block):
                break
            if MARK.fullmatch(block):
                return block.strip("()")
        return ""

    def _text(self, parent: int, words: str) -> None:
        """Words without a mark of their own: a subparagraph, counted below its parent."""
        above = self.builder.units[parent]
        number = self.builder.count(parent, "text")
        number += above.kind in ("paragraph", "point")  # the first subparagraph is the parent's own words
        label = f"{above.label or above.title}, subparagraph {number}"
        self.builder.add(Unit(f"{above.key}-sub{number}", "paragraph", paragraph(words), "", label, parent=parent))

    def _end_with(self, mark: str) -> None:
        last = self.builder.units[-1]
        words = last.text + mark
        self.builder.units[-1] = replace(last, text=words, html=paragraph(words))

    def _footnotes(self) -> None:
        top = self._heading("footnotes", "clause", "", "", "Footnotes", None)
        while self.block and (match := FOOTNOTE.fullmatch(self.block)):
            self.take()
            number = match[1]
            self.builder.add(
                Unit(
                    f"footnote-{number}", "footnote", paragraph(match[2]), "", f"Footnote {number}", f"({number})",
                    parent=top, is_named=True,
                )
            )  # fmt: skip

    def _heading(self, key: str, kind: str, label: str, own: str, title: str, parent: int | None) -> int:
        title = title.rstrip("`")  # a slip of the source: "Subject matter`"
        return self.builder.add(
            Unit(
                key, kind, str(escape(title)), title, label, own, title, parent, is_heading=True, is_named=True
            )
        )  # fmt: skip


def _value(bare: str, style: str, last: int) -> int:
    """The place of a mark in a list of that style; 0 when it does not fit."""
    if style == "—":
        return last + 1 if bare == "—" else 0
    if style == "1":
        return int(bare) if bare.isdigit() else 0
    return roman(bare) if style == "i" else letter(bare)


def _sentence(capitals: str) -> str:
    """A title in capitals as people write it: "GENERAL-PURPOSE AI MODELS" → "General-purpose AI models"."""
    if not capitals.isupper():
        return capitals
    return re.sub(r"\b(ai|eu|ce)\b", lambda m: m[1].upper(), capitals.capitalize(), flags=re.IGNORECASE)
