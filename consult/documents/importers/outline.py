"""Headings and what stands below them, as units: the same keys and labels whatever the text came in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import escape

from consult.core.errors import Invalid
from consult.core.text import excerpt

from ..parsed import PICTURE, Builder, Unit, slug, words_of
from .numbering import Heading

MOST_HEADINGS = 10_000
MOST_UNITS = 60_000
LONGEST_ID = 400  # characters of an id that is said to be a key; keys made of keys grow
LARGEST_UNIT = 20_000  # characters of HTML; a larger paragraph, table or listing is cut where it can be
LETTERS = {
    "paragraph": "p", "point": "i", "table": "t", "figure": "f", "note": "n", "code": "c", "quote": "q", "term": "d",
    "recital": "r",
}  # fmt: skip
WORDS = {"point": "item", "code": "listing", "quote": "quotation"}
NOTE = re.compile(r"\W*(note|notes|example|examples|warning|\[!\w+\])\b", re.IGNORECASE)
NO_HEADINGS = "There are no headings, so the text is one long page without contents."


class Outline(Builder):
    """A builder that knows which heading it is under."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []  # ids that stood alone before the next unit
        self._links: list[str] = []  # such ids that make no key
        self._above: list[tuple[int, int]] = []  # (level, place) of the headings above
        self._labels: set[tuple[int | None, str]] = set()  # printed numbers, with the heading above
        self._first_title: str | None = None  # of the text's own headings

    @property
    def parent(self) -> int | None:
        """The place of the heading one is under."""
        return self._above[-1][1] if self._above else None

    def close(self, level: int) -> None:
        """End the headings of this level and below."""
        while self._above and self._above[-1][0] >= level:
            self._above.pop()

    def heading(
        self, level: int, heading: Heading, html: str, names: Sequence[str] = (), *, ids: Sequence[str] = (),
        where: str = "", kind: str = "",
    ) -> None:  # fmt: skip
        """Add a heading. `ids` are permanent and make its key, `names` are what links may call it besides;
        `where` begins a remark ("Line 7: "); `kind` is what the source calls it, if it does.
        """
        self.close(level)
        ids, self.names = [*self.names, *ids], []
        names, self._links = [*self._links, *names], []
        wanted = self.heading_key(heading, ids, where)
        if heading.prefix:
            html = (
                html[len(heading.prefix) :].strip() if html.startswith(heading.prefix) else str(escape(heading.title))
            )
        unit = Unit(
            key=wanted, kind=kind or heading.kind, html=html, text=heading.title, label=heading.label,
            own_label=heading.own_label, title=heading.title, parent=self.parent, is_heading=True, is_named=True,
        )  # fmt: skip
        titles = (slug(f"{heading.prefix} {heading.title}"), slug(heading.title))
        self.enter(level, unit, [*ids, *names, *titles])

    def heading_key(self, heading: Heading, ids: Sequence[str] = (), where: str = "") -> str:
        """The key of the next heading; a number that is printed twice, or an id used twice, is told."""
        wanted = key_of(ids[0]) if ids else slug(heading.label or heading.title)
        is_twice = (self.parent, heading.label) in self._labels
        if is_twice:
            self.warnings.append(_sentence(where, f"the number “{heading.label}” is printed twice."))
        self._labels |= {(self.parent, heading.label)} if heading.label else set()
        wanted = wanted or f"section-{self.count(None, 'untitled')}"
        return self._apart(wanted, ids, where, is_twice) if self.is_taken(wanted) else wanted

    def enter(self, level: int, unit: Unit, names: Sequence[str] = ()) -> None:
        """Add a heading that is known already; what follows stands under it."""
        if self._first_title is None:
            self._first_title = unit.title
        self._above.append((level, self.add(unit, names)))

    def called(self, title: str) -> str:
        """What the draft is called: `title`, else its first heading, else its first words; to be asked at the end.

        That a text has no headings of its own is told.
        """
        if self._first_title is None:
            self.warnings.insert(0, NO_HEADINGS)
            return title or excerpt(self.units[0].text, 80)
        return title or self._first_title

    def _apart(self, wanted: str, ids: Sequence[str], where: str, is_twice: bool) -> str:
        """A key for a heading whose own is taken: below its parent's, else with a suffix, which is told."""
        if ids:
            self.warnings.append(
                _sentence(
                    where, f"the id “{ids[0]}” is used twice; the second one is reached as “{self.free(wanted)}”."
                )
            )
        if ids or is_twice or self.parent is None:
            return wanted
        return f"{self.units[self.parent].key}-{wanted}"

    def counted(
        self, kind: str, html: str, parent: int | None, names: Sequence[str] = (), *,
        own_label: str = "", text: str = "", is_kept: bool = False, label: str = "", title: str = "",
        links: Sequence[str] = (),
    ) -> int | None:  # fmt: skip
        """Add a counted unit below `parent`; nothing without words unless `is_kept`. Its place, or None.

        A `label` that is printed takes the place of the counted one. `links` are ids that only links may use.
        """
        if not is_kept and not words_of(html) and not PICTURE.search(html):
            self.names += names
            self._links += links
            return None
        number = self.count(parent, kind)
        wanted = key_of(names[0]) if names else slug(label)
        is_named = bool(wanted) and not self.is_taken(wanted)
        counted, counted_label = self.naming(kind, parent, number)
        wanted, label = wanted if is_named else counted, label or counted_label
        waiting, self.names, self._links = [*self.names, *self._links], [], []
        return self.add(
            Unit(wanted, kind, html, text, label, own_label, title, parent, is_named=is_named),
            [*waiting, *names, *links],
        )

    def naming(self, kind: str, parent: int | None, number: int) -> tuple[str, str]:
        """The key and the label of a unit that has none of its own: the `number`th of its kind below `parent`."""
        above = None if parent is None else self.units[parent]
        letter, word = LETTERS.get(kind, kind), WORDS.get(kind, kind)
        if above is None:
            return f"{letter}{number}", f"{word.capitalize()} {number}"
        return f"{above.key}-{letter}{number}", f"{excerpt(above.label or above.title, 40)}, {word} {number}"

    def numbered(self, kind: str, label: str, html: str, parent: int | None, names: Sequence[str] = ()) -> int:
        """Add a unit with a number of its own, which nothing else has: its key and what it is cited by. Its place."""
        waiting, self.names = self.names, []
        unit = Unit(slug(label), kind, html, "", label, label, parent=parent, is_named=True)
        return self.add(unit, [*waiting, *names])

    def footnotes(self, notes: Sequence[tuple[str, str]], names: Sequence[Sequence[str]] = ()) -> None:
        """Add the footnotes, each a (mark, HTML), at the end of the text. Links call one `#footnote MARK`, or by one
        of its `names`.
        """
        if not notes:
            return
        top = self.add(
            Unit(self.free("footnotes"), "clause", "Footnotes", "Footnotes", title="Footnotes", is_heading=True)
        )
        for at, (mark, html) in enumerate(notes):
            key = f"footnote-{slug(mark) or f'number-{at + 1}'}"
            self.add(
                Unit(key, "footnote", html, "", f"Footnote {mark}", mark, parent=top, is_named=True),
                [f"footnote {mark}", *(names[at] if names else ())],
            )


class Key(str):
    """An id of which is said that it is the key, so that it stays whole; others are cut to a readable length."""

    __slots__ = ()


def key_of(name: str) -> str:
    """The key an id gives."""
    if not isinstance(name, Key) or len(name) > LONGEST_ID:
        return slug(name)
    is_whole = all(part and slug(part, LONGEST_ID) == part for part in name.split("-"))
    return str(name) if is_whole else slug(name)


def check_headings(count: int) -> None:
    """Invalid for more headings than anybody could find a place in."""
    if count > MOST_HEADINGS:
        raise Invalid(
            f"This text has {count:,} headings; {MOST_HEADINGS:,} is the most. Are there stray “#” at the start of"
            " lines? Otherwise consult on it in parts.",
            field="file",
        )


def check_units(draft: Builder) -> None:
    """Invalid for a text without words, or with more than anybody could comment on."""
    if not any(unit.text or (unit.is_heading and unit.label) for unit in draft.units):
        raise Invalid("There are no words in this text. Choose the file that holds the draft.", field="file")
    if len(draft.units) > MOST_UNITS:
        raise Invalid(
            f"This text has {len(draft.units):,} paragraphs, points and tables; {MOST_UNITS:,} is the most."
            " Consult on it in parts.",
            field="file",
        )


def _sentence(where: str, words: str) -> str:
    return f"{where}{words}" if where else words[0].upper() + words[1:]


def gather(pieces: Sequence[str], largest: int = LARGEST_UNIT) -> list[str]:
    """Join pieces into parts of at most `largest` characters (a larger piece stays whole)."""
    parts: list[list[str]] = []
    size = largest
    for piece in pieces:
        if size + len(piece) > largest:
            parts.append([])
            size = 0
        parts[-1].append(piece)
        size += len(piece)
    return ["".join(part) for part in parts]
