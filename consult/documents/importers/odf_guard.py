"""What an OpenDocument text must not bring along: macros and scripts; and what has a password cannot be read.

OASIS OpenDocument 1.3, part 2 (packages): `mimetype` and META-INF/manifest.xml.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from consult.core.errors import Invalid

from . import strict_xml

TEXTS = ("application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text-template")
MANIFEST = "{urn:oasis:names:tc:opendocument:xmlns:manifest:1.0}"
PROGRAM = re.compile(r"<(?:[\w.-]+:)?(?:script|event-listener)[\s/>]")  # also text:script, a field that runs
MACROS = (
    "This file holds macros or scripts (programs). Remove them (in LibreOffice: Tools, Macros, Organize macros), save"
    " it again, and send that."
)
LOCKED = "This file is protected by a password. Save a copy without the password, and send that."


def check(parts: Mapping[str, bytes]) -> tuple[str, ...]:
    """Nothing to remark; Invalid with a sentence for what must not or cannot come in."""
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise Invalid(LOCKED, field="file")
    kind = parts.get("mimetype", b"").decode("ascii", "replace").strip() or _named(parts)
    if kind not in TEXTS or "content.xml" not in parts:
        raise Invalid(
            "This is not an OpenDocument text but a file of another kind. Send the .odt file that holds the draft.",
            field="file",
        )
    if any(name.startswith(("Basic/", "Scripts/", "Dialogs/")) for name in parts):
        raise Invalid(MACROS, field="file")
    for name in ("content.xml", "styles.xml"):
        if name in parts and PROGRAM.search(strict_xml.decode(parts[name])):
            raise Invalid(MACROS, field="file")
    return ()


def _named(parts: Mapping[str, bytes]) -> str:
    """The kind as the manifest has it, for archives without a `mimetype`."""
    if "META-INF/manifest.xml" not in parts:
        return ""
    for entry in strict_xml.read(parts["META-INF/manifest.xml"]).iter(f"{MANIFEST}file-entry"):
        if entry.get(f"{MANIFEST}full-path") == "/":
            return entry.get(f"{MANIFEST}media-type", "")
    return ""
