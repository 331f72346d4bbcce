"""What an importer makes of a text: numbered units in order, with what the editors should look at."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from html import unescape
from urllib.parse import unquote

import msgspec
from markupsafe import escape

from consult.core.records import Record, field, replace
from consult.core.text import plain

BLOCK_END = re.compile(r"(</(?:p|li|dt|dd|t[dhr]|caption|figcaption|blockquote|pre)>|<br ?/?>)")
INNER_LINK = re.compile(r'<a href="#([^"]*)"([^>]*)>(.*?)</a>', re.DOTALL)
LONGEST_KEY = 80
MOST_WARNINGS = 40
RESERVED = ("print", "source", "pictures", "lines")  # /c/<slug>/v1/print is not a page of the draft
PICTURE = re.compile(r'src="picture:([0-9a-f]+)"')  # how a unit shows one of the pictures of its draft
SHOWN = re.compile(r'<img [^>]*src="picture:([0-9a-f]+)"[^>]*>')


class Unit(Record):
    """One addressable unit. `parent` is the place of the unit above it in the list; links inside lead to `#key`."""

    key: str
    kind: str
    html: str
    text: str
    label: str = ""
    own_label: str = ""
    title: str = ""
    parent: int | None = None
    depth: int = 0
    is_heading: bool = False
    is_named: bool = False  # its key comes from an id, a printed number or a title, not from counting


class PictureFile(Record):
    """A picture of the draft, made anew by us; never the bytes that were in the file."""

    media_type: str
    data: bytes


class ParsedDraft(Record):
    """A text cut into units, in the order of the text; `pictures` by the names units call them (`picture:NAME`)."""

    title: str
    units: Sequence[Unit]
    warnings: Sequence[str] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    format: str = "markdown"
    pictures: Mapping[str, PictureFile] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """How many units of each kind, the most frequent first."""
        return dict(Counter(unit.kind for unit in self.units).most_common())


def to_json(parsed: ParsedDraft) -> bytes:
    """All of a parsed draft as UTF-8 JSON, pictures in base64; `from_json` gives the same draft again."""
    return msgspec.json.encode(parsed)


def from_json(data: bytes) -> ParsedDraft:
    """What `to_json` wrote; msgspec.DecodeError when it is anything else."""
    return msgspec.json.decode(data, type=ParsedDraft)


def words_of(html: str) -> str:
    """The plain text of a unit's HTML, blanks collapsed, cells and lines kept apart."""
    return plain(BLOCK_END.sub(r"\1 ", html))


def paragraph(words: str) -> str:
    """Plain words as a paragraph of HTML."""
    return f"<p>{escape(words)}</p>"


def slug(words: str, longest: int = LONGEST_KEY) -> str:
    """A readable address: lower case, hyphens; Latin letters lose their accents, other scripts stay. May be empty."""
    lowered = unicodedata.normalize("NFKD", words).lower()
    ascii_words = re.sub(r"[^a-z0-9]+", "-", lowered.encode("ascii", "ignore").decode()).strip("-")
    found = ascii_words or re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", lowered)).strip("-")
    return found[:longest].strip("-")


class Builder:
    """Collects units and gives each a key of its own."""

    def __init__(self) -> None:
        self.units: list[Unit] = []
        self.warnings: list[str] = []
        self.anchors: dict[str, str] = {}  # what links may call a unit → its key
        self._taken: set[str] = set(RESERVED)
        self._suffix: dict[str, int] = defaultdict(lambda: 1)
        self._counters: dict[tuple[int | None, str], int] = defaultdict(int)

    def add(self, unit: Unit, names: Iterable[str] = ()) -> int:
        """Append a unit under a free key; `names` are further ids links may use. Returns its place."""
        key = self.free(unit.key)
        depth = 0 if unit.parent is None else self.units[unit.parent].depth + 1
        self._taken.add(key)
        self.units.append(replace(unit, key=key, depth=depth, text=unit.text or words_of(unit.html)))
        for name in (key, *names):
            self.anchors.setdefault(name, key)
        return len(self.units) - 1

    def is_taken(self, key: str) -> bool:
        return key in self._taken

    def free(self, key: str) -> str:
        """`key`, or the first of key-2, key-3 … that is not taken."""
        if key not in self._taken:
            return key
        number = self._suffix[key] + 1
        while f"{key}-{number}" in self._taken:
            number += 1
        self._suffix[key] = number - 1  # so that ten thousand equal titles do not count from 2 each time
        return f"{key}-{number}"

    def count(self, parent: int | None, kind: str) -> int:
        """The next number of a unit of `kind` under `parent`."""
        self._counters[parent, kind] += 1
        return self._counters[parent, kind]

    def finish(
        self, title: str, metadata: Mapping[str, str], format: str, pictures: Mapping[str, PictureFile] | None = None
    ) -> ParsedDraft:
        """The draft, with the links between its units resolved."""
        lost: Counter[str] = Counter()
        keys = {unit.key for unit in self.units}

        def lead(match: re.Match[str]) -> str:
            name = unquote(unescape(match[1]))
            key = name if name in keys else self.anchors.get(name) or self.anchors.get(slug(name))
            if key is None:
                lost[name] += 1
                return match[3]
            return f'<a href="#{escape(key)}"{match[2]}>{match[3]}</a>'

        units = [
            replace(unit, html=INNER_LINK.sub(lead, unit.html)) if 'href="#' in unit.html else unit
            for unit in (_with_own_pictures(unit, pictures or {}) for unit in self.units)
        ]
        warnings = list(dict.fromkeys(self.warnings))
        if lost:
            named = ", ".join(f"#{name}" for name in list(lost)[:5]) + (" …" if len(lost) > 5 else "")
            warnings.append(f"Links inside the document that lead nowhere are shown as plain words: {named}.")
        if len(warnings) > MOST_WARNINGS:
            more = len(warnings) - MOST_WARNINGS
            warnings = [*warnings[:MOST_WARNINGS], f"{more:,} more remarks of this sort are not shown."]
        return ParsedDraft(title, units, warnings, dict(metadata), format, dict(pictures or {}))


def _with_own_pictures(unit: Unit, pictures: Collection[str]) -> Unit:
    """A unit that shows no picture but those of its draft: anybody can write `picture:` and a name."""
    if PICTURE.search(unit.html) is None:
        return unit
    return replace(unit, html=SHOWN.sub(lambda match: match[0] if match[1] in pictures else "", unit.html))
