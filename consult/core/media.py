"""What a file is, by its content: a type from a short list, or a sentence. Pure: bytes in, a verdict out.

Its name decides nothing but the flavour of plain text, and is made to fit what it holds before anybody is given it.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from io import BytesIO

from .errors import Invalid

OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
OFFICE = "application/vnd.openxmlformats-officedocument"
ENDINGS: dict[str, tuple[str, ...]] = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "image/tiff": (".tif", ".tiff"),
    f"{OFFICE}.wordprocessingml.document": (".docx",),
    f"{OFFICE}.spreadsheetml.sheet": (".xlsx",),
    f"{OFFICE}.presentationml.presentation": (".pptx",),
    f"{OPEN_DOCUMENT}.text": (".odt",),
    f"{OPEN_DOCUMENT}.spreadsheet": (".ods",),
    f"{OPEN_DOCUMENT}.presentation": (".odp",),
    "application/zip": (".zip",),
    "text/csv": (".csv",),
    "text/markdown": (".md",),
    "application/json": (".json",),
    "message/rfc822": (".eml",),
    "text/plain": (".txt",),
}
SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})  # every browser draws these without scripts
BEGINNINGS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
TEXTS = ("text/csv", "text/markdown", "application/json", "message/rfc822")
PARTS = (
    ("word/", "wordprocessingml.document"),
    ("xl/", "spreadsheetml.sheet"),
    ("ppt/", "presentationml.presentation"),
)
MIMETYPE = slice(30, 38)  # OpenDocument 1.3 part 2, 3.3: the first entry, neither packed nor with an extra field
MOST_ENTRIES = 10_000
BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")  # what no text holds in any 8-bit encoding or in UTF-8
PROGRAM = re.compile(r"(^|/)vbaproject\.bin$|^(basic|scripts)/", re.IGNORECASE)
UNNAMEABLE = re.compile(r"[^\w .()\[\]+,@&=~-]+")
LONGEST_NAME = 120
UNKNOWN = (
    "This kind of file is not taken. Send a PDF, a picture (PNG, JPEG, GIF, WebP, TIFF), a document of Word, Excel,"
    " PowerPoint or OpenDocument, a text (.txt, .csv, .md, .json, .eml) or a ZIP archive."
)
MACROS = "This file holds macros (programs). Save it without macros, and send that."
BROKEN = "This file is damaged: its table of contents cannot be read. Save it again, and send that."


def type_of(data: bytes, name: str = "") -> str:
    """The media type of a file's content; Invalid with a sentence where it is none of ENDINGS."""
    if not data:
        raise Invalid("This file is empty. Choose the file that holds something.", "file")
    if data.startswith(b"PK\x03\x04"):
        return _archive(data)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    for beginning, kind in BEGINNINGS:
        if data.startswith(beginning):
            return kind
    if BINARY.search(data):
        raise Invalid(UNKNOWN, "file")
    return next((kind for kind in TEXTS if name.lower().endswith(ENDINGS[kind])), "text/plain")


def _archive(data: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise Invalid(BROKEN, "file") from None
    if len(names) > MOST_ENTRIES:
        raise Invalid(f"This archive holds more than {MOST_ENTRIES:,} files. Send it in parts.", "file")
    if any(PROGRAM.search(name) for name in names):
        raise Invalid(MACROS, "file")
    if data[MIMETYPE] == b"mimetype":
        size = int.from_bytes(data[18:22], "little")
        written = data[MIMETYPE.stop : MIMETYPE.stop + min(size, 100)].decode("ascii", "replace")
        return written if written in ENDINGS else "application/zip"
    if "[Content_Types].xml" in names:
        for start, kind in PARTS:
            if any(name.startswith(start) for name in names):
                return f"{OFFICE}.{kind}"
    return "application/zip"


def fitting_name(name: str, media_type: str) -> str:
    """A name to save a file under: no path, nothing invisible, and an ending that says what it holds."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    clean = UNNAMEABLE.sub("_", last).strip(" ._") or "file"
    endings = ENDINGS[media_type]
    ending = next((e for e in endings if clean.lower().endswith(e)), "")
    stem = clean[: -len(ending)] if ending else clean
    return stem[:LONGEST_NAME].rstrip(" .") + (ending or endings[0])
