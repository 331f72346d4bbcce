"""The parts of a Word file, found by their relationships, with short names for everything in them."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from consult.core.errors import Invalid

from .. import strict_xml
from ..ooxml_guard import RELATIONSHIP

OFFICE, STRICT = "http://schemas.openxmlformats.org", "http://purl.oclc.org/ooxml"
PREFIXES = {
    f"{base}/{path}": prefix
    for path, prefix in {
        "wordprocessingml{}/main": "", "officeDocument{}/math": "m", "officeDocument{}/relationships": "r",
        "drawingml{}/main": "a", "drawingml{}/wordprocessingDrawing": "wp", "drawingml{}/chart": "c",
        "drawingml{}/diagram": "dgm",
    }.items()
    for base, path in ((OFFICE, path.format("/2006")), (STRICT, path.format("")))
} | {
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc", "urn:schemas-microsoft-com:vml": "v",
    "urn:schemas-microsoft-com:office:office": "o", "http://purl.org/dc/elements/1.1/": "dc",
    "http://www.w3.org/XML/1998/namespace": "xml",
}  # fmt: skip
NO_TEXT = (
    "This file is damaged: its text is not where it should be. Open it in your editor, save it again, and send that."
)


class Package:
    """The parts of one file."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self._parts = parts
        self._folded = {name.lower(): name for name in parts}
        self._names = strict_xml.Names(PREFIXES)
        self.main = self._target_of("", "officeDocument")
        self.links = self.relations(self.main)

    def _target_of(self, source: str, kind: str) -> str:
        for target, found, _ in self.relations(source).values():
            if found == kind and self.bytes_of(target) is not None:
                return target
        raise Invalid(NO_TEXT, field="file")

    def relations(self, source: str) -> dict[str, tuple[str, str, bool]]:
        """The relationships of a part by id: (target, last word of its type, whether it leads out of the file)."""
        folder, name = posixpath.split(source)
        part = self.bytes_of(posixpath.join(folder, "_rels", f"{name}.rels"))
        found = {}
        for relation in strict_xml.read(part).iter(RELATIONSHIP) if part is not None else ():
            target, is_out = relation.get("Target", ""), relation.get("TargetMode", "").lower() == "external"
            if not is_out:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            found[relation.get("Id", "")] = (target, relation.get("Type", "").rpartition("/")[2], is_out)
        return found

    def bytes_of(self, name: str) -> bytes | None:
        """A part's bytes; names are compared without regard to case, as Word does."""
        found = self._folded.get(name.lower())
        return None if found is None else self._parts[found]

    def xml(self, name: str) -> Element:
        """A part as a tree with short names; Invalid when it is not there."""
        part = self.bytes_of(name)
        if part is None:
            raise Invalid(NO_TEXT, field="file")
        return self._names.shorten(strict_xml.read(part))

    def beside(self, kind: str) -> Element | None:
        """The part of this kind that belongs to the text: styles, numbering, footnotes …"""
        for target, found, is_out in self.links.values():
            if found == kind and not is_out and self.bytes_of(target) is not None:
                return self.xml(target)
        return None

    def links_of(self, kind: str) -> dict[str, tuple[str, str, bool]]:
        """The relationships of the part of this kind."""
        return next(
            (self.relations(target) for target, found, out in self.links.values() if found == kind and not out), {}
        )
