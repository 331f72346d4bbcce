"""How a draft or an adopted standard is cited: as a sentence, for BibTeX and as CSL-JSON. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

from consult.core.records import Record

# The braces in these keep BibTeX's own count of braces even, whatever a title holds.
LATEX = {
    "\\": r"{\textbackslash}", "{": r"{\textbraceleft}", "}": r"{\textbraceright}", "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "<": r"{\textless}", ">": r"{\textgreater}", "|": r"{\textbar}",
}  # fmt: skip
BIBTEX, CSL = "application/x-bibtex", "application/vnd.citationstyles.csl+json"  # media types
DRAFT = "Draft for public consultation"
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class Source(Record):
    """What is cited: what `bodies` adopted, or put to consultation. Their names stay whole, also with "and" in them."""

    key: str  # ASCII, without blanks: "model-cards-2"
    title: str
    designation: str
    version: int
    bodies: Sequence[str]
    editors: Sequence[str]
    day: date  # of its adoption; of a draft: since when it is public
    url: str
    language: str
    sha256: str
    accessed: date | None = None  # of a draft: when it was looked at, because another one may follow it

    @property
    def is_draft(self) -> bool:
        """Whether it is no standard, and must not be taken for one."""
        return self.accessed is not None

    @property
    def edition(self) -> str:
        """Which text of several it is."""
        return f"{'draft' if self.is_draft else 'version'} {self.version}"

    @property
    def since(self) -> str:
        """Since when it is what it is."""
        return f"{'Public since' if self.is_draft else 'Adopted'} {self.day:%Y-%m-%d}"


def sentence(source: Source) -> str:
    """The citation in plain text: who, when, what, where."""
    name = f"{source.designation}: {source.title}" if source.designation else source.title
    editors = f" Edited by {_listed(source.editors)}." if source.editors else ""
    kind = f" [{DRAFT}]" if source.is_draft else ""
    accessed = f" Accessed {source.accessed}." if source.accessed else ""
    return (
        f"{_listed(source.bodies)} ({source.day.year}). {name}, {source.edition}{kind}.{editors}"
        f" {source.since}.{accessed} {source.url}"
    )


def bibtex(source: Source) -> str:
    """An entry for BibTeX and BibLaTeX, in UTF-8."""
    fields = {
        "author": _names(source.bodies),
        "title": f"{{{latex(source.title)}}}",  # in braces of its own: keeps its capitals
        "institution": latex(_listed(source.bodies)),
        "type": DRAFT if source.is_draft else "Standard",
        "number": latex(f"{source.designation + ', ' if source.designation else ''}{source.edition}"),
        "year": str(source.day.year),
        "url": source.url,
        "note": f"{source.since}. SHA-256 {source.sha256}",
        "language": source.language,
    }
    if source.accessed:
        fields["urldate"] = str(source.accessed)
    if source.editors:
        fields["editor"] = _names(source.editors)
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    month = f"  month = {MONTHS[source.day.month - 1]},"  # a name that every style knows, so not in braces
    return "\n".join([f"@techreport{{{source.key},", *lines, month, "}", ""])


def csl(source: Source) -> str:
    """A list of one item, as citation managers read it (CSL 1.0.2, type "standard"; a draft is a "document")."""
    item = {
        "id": source.key, "type": "document" if source.is_draft else "standard", "title": source.title, "version": str(source.version),
        "author": [{"literal": name} for name in source.bodies], "publisher": _listed(source.bodies),
        "issued": _day(source.day), "URL": source.url, "language": source.language,
        "note": f"SHA-256 {source.sha256}",
    }  # fmt: skip
    if source.accessed:
        item |= {"genre": DRAFT, "status": "draft", "accessed": _day(source.accessed)}
    if source.designation:
        item["number"] = source.designation
    if source.editors:
        item["editor"] = [{"literal": name} for name in source.editors]
    return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


def latex(text: str) -> str:
    """Text as LaTeX prints it and BibTeX reads it; letters of other alphabets stay what they are."""
    return "".join(LATEX.get(character, character) for character in " ".join(text.split()))


def _day(day: date) -> dict[str, list[list[int]]]:
    return {"date-parts": [[day.year, day.month, day.day]]}


def _names(names: Sequence[str]) -> str:
    """Names in braces are whole: nobody looks for a family name or an "and" inside."""
    return " and ".join(f"{{{latex(name)}}}" for name in names)


def _listed(names: Sequence[str]) -> str:
    """'A', 'A and B', 'A, B and C'."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""
