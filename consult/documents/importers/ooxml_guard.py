"""What a Word file must not bring along: macros, and links by which a reader would fetch something.

ECMA-376 part 2 (packages): content types, and relationships with `TargetMode="External"`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

from consult.core.errors import Invalid

from . import strict_xml

RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
WORD = (".wordprocessingml.document.main+xml", ".wordprocessingml.template.main+xml")
OTHERS = {"spreadsheetml": "spreadsheet", "presentationml": "presentation"}
# A template on the author's own disk: Word notes where it was, nobody else can reach it.
LOCAL = re.compile(r"(?:file:/{2,3})?(?:/?[a-z]:[/\\]|/(?!/)|[^/\\:]+$)", re.IGNORECASE)
MACROS = (
    "This file holds macros (programs). Save it as a document without macros: in Word, “Save as”, type “Word document"
    " (.docx)”; and send that."
)
LINKED_PICTURE = (
    "A picture is not in the file but somewhere else ({target}). It is not fetched: a line stands in its place. Embed"
    " it in the document to have it shown."
)
LOCAL_TEMPLATE = "The file names a template on its author’s computer ({target}). That is not used."


def check(parts: Mapping[str, bytes]) -> tuple[str, ...]:
    """Remarks about what is left out; Invalid with a sentence for what must not come in."""
    _check_types(parts)
    if any(name.lower().endswith("vbaproject.bin") for name in parts):
        raise Invalid(MACROS, field="file")
    warnings: list[str] = []
    for name, part in parts.items():
        if name.lower().endswith(".rels"):
            for relation in strict_xml.read(part).iter(RELATIONSHIP):
                if relation.get("TargetMode", "").lower() == "external":
                    warnings += _outward(relation.get("Type", "").rpartition("/")[2], relation.get("Target", ""))
    return tuple(dict.fromkeys(warnings))


def _check_types(parts: Mapping[str, bytes]) -> None:
    types = [
        element.get("ContentType", "") for element in strict_xml.read(parts["[Content_Types].xml"]).iter()
    ]  # fmt: skip
    if any("macroenabled" in each.lower() or "vbaproject" in each.lower() for each in types):
        raise Invalid(MACROS, field="file")
    if any(each.endswith(WORD) for each in types):
        return
    other = next((word for name, word in OTHERS.items() if any(name in each for each in types)), "file of another kind")
    raise Invalid(
        f"This is not a text but a {other} of an Office program. Send the Word, OpenDocument or Markdown file that holds"
        " the draft.",
        field="file",
    )


def _outward(kind: str, target: str) -> list[str]:
    """A remark about a relationship that leads out of the file; Invalid where it would be fetched or run."""
    shown = unquote(target)[:80]
    if kind == "hyperlink":
        return []
    if kind == "image":
        return [LINKED_PICTURE.format(target=shown)]
    if kind == "attachedTemplate" and LOCAL.match(unquote(target)):
        return [LOCAL_TEMPLATE.format(target=shown)]
    raise Invalid(
        f"This file takes a part of itself from somewhere else ({shown}). Nothing is fetched from outside: put"
        " everything into the document (in Word: File, Info, Edit links to files, Break link), and send it again.",
        field="file",
    )
