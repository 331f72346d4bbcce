"""What is asked of a file before any parser sees it. Pure: bytes in, a verdict or a sentence out.

`glance` looks at the outside and costs a millisecond; it runs where the file arrives. `unpack` opens an archive, in
the child process only, and gives its parts after every one was looked at. A file is what its content says it is;
its name decides nothing.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from typing import Literal

from consult.core.errors import Invalid
from consult.core.records import Record

from . import odf_guard, ooxml_guard
from .source import check_size
from .strict_xml import refuse_definitions

Kind = Literal["docx", "odt"]

LARGEST_ARCHIVE = 15 * 1024 * 1024  # bytes
MOST_ENTRIES = 2_000
LARGEST_INFLATED = 64 * 1024 * 1024  # bytes, all parts together
HIGHEST_RATIO = 200  # inflated : packed, of parts beyond SMALL_PART; text packs 5 to 30 times
SMALL_PART = 1024 * 1024
CHUNK = 64 * 1024
LONGEST_PART_NAME = 255

ZIP = b"PK\x03\x04"
PDF = b"%PDF-"
END = struct.Struct("<4s4H2LH")  # APPNOTE 4.3.16, end of central directory
END_MARK, ENTRY_MARK = b"PK\x05\x06", b"PK\x01\x02"
LONGEST_COMMENT = 65_535
PACKED_WITH = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1  # general purpose bit 0
IS_LINK = 0o120000

SAVE_AGAIN = "Open it in your editor, save it again as .docx or .odt, and send that."
TOO_DEEP = "Things are nested too deep inside each other in this file. Bring it to fewer levels, and send it again."
BOMB = (
    f"Unpacked, this file is larger than {LARGEST_INFLATED // 1_048_576} MB, or far larger than a document of its size"
    " can be. Take out what is embedded in it, or split it into parts."
)
DAMAGED = f"This file is damaged or was changed by hand: its table of contents does not fit what it holds. {SAVE_AGAIN}"
LOCKED = "This file is protected by a password. Save a copy without the password, and send that."
# Beginnings of files, with what to do about each.
FOREIGN: tuple[tuple[bytes, str], ...] = (
    (PDF, "This is a PDF, which does not say what is a heading and what is a footer. Send the Word, OpenDocument or"
     " Markdown file it was made from."),
    (b"{\\rtf", "This is a rich text file (RTF). Open it in your editor, save it as .docx or .odt, and send that."),
    (b"\x89PNG", "This is a picture, not a text. Send the file that holds the draft; pictures in it come along."),
    (b"\xff\xd8\xff", "This is a picture, not a text. Send the file that holds the draft; pictures in it come along."),
    (b"GIF8", "This is a picture, not a text. Send the file that holds the draft; pictures in it come along."),
    (b"II*\x00", "This is a picture, not a text. Send the file that holds the draft; pictures in it come along."),
    (b"MM\x00*", "This is a picture, not a text. Send the file that holds the draft; pictures in it come along."),
    (b"7z\xbc\xaf", "This is an archive. Unpack it, and send the file that holds the draft."),
    (b"Rar!", "This is an archive. Unpack it, and send the file that holds the draft."),
    (b"\x1f\x8b", "This is an archive. Unpack it, and send the file that holds the draft."),
)  # fmt: skip
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OFFICE_NAMES = re.compile(r"\.(docx|odt)$", re.IGNORECASE)


class Archive(Record):
    """The parts of a document that passed, by their names."""

    kind: Kind
    parts: Mapping[str, bytes]
    warnings: tuple[str, ...] = ()


def is_archive(data: bytes) -> bool:
    """Whether this is a zip archive, as Word and OpenDocument files are."""
    return data.startswith(ZIP)


def is_pdf(data: bytes) -> bool:
    """Whether this is a PDF, which letters may be and drafts may not."""
    return data.startswith(PDF)


def needs_confinement(data: bytes) -> bool:
    """Whether only a process that can reach nothing may read it."""
    return is_archive(data) or is_pdf(data)


def glance(data: bytes, name: str = "") -> None:
    """Refuse by the outside: kinds we cannot read, too large, too many parts. Invalid with a sentence at `file`."""
    if is_archive(data):
        if len(data) > LARGEST_ARCHIVE:
            raise _no(
                f"This file is {len(data) / 1_048_576:,.1f} MB; {LARGEST_ARCHIVE // 1_048_576} MB is the most. Make the"
                " pictures in it smaller, or send it in parts."
            )
        _check_directory(data)
        return
    _refuse_foreign(data)
    if OFFICE_NAMES.search(name) and b"\x00" in data[:CHUNK]:
        raise _no(f"This file is called {name[-40:]}, but it is no such document, or a damaged one. {SAVE_AGAIN}")
    check_size(len(data))


def _no(sentence: str) -> Invalid:
    return Invalid(sentence, field="file")


def _refuse_foreign(data: bytes) -> None:
    if data.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise _no(LOCKED)
        raise _no(
            "This is a file of an old Office program (.doc, before 2007). Open it in your editor, save it as .docx or"
            " .odt, and send that."
        )
    for beginning, sentence in FOREIGN:
        if data.startswith(beginning):
            raise _no(sentence)
    if (data.startswith(b"RIFF") and data[8:12] == b"WEBP") or (data.startswith(b"BM") and b"\x00" in data[:64]):
        raise _no(FOREIGN[2][1])


def _check_directory(data: bytes) -> None:
    """The table of contents is complete, says the truth about its length, and is short enough."""
    place = data.rfind(END_MARK, max(0, len(data) - END.size - LONGEST_COMMENT))
    if place < 0 or place + END.size > len(data):
        raise _no(f"This file is not complete: its end is missing. {SAVE_AGAIN}")
    _, disk, start_disk, here, total, size, start, comment = END.unpack_from(data, place)
    if total > MOST_ENTRIES:
        raise _no(_too_many(total))
    if disk or start_disk or here != total or start + size != place or place + END.size + comment != len(data):
        raise _no(DAMAGED)
    _count_entries(data, start, place, total)


def _too_many(count: int) -> str:
    more = "more than " if count == 0xFFFF else ""
    return f"This file has {more}{count:,} parts inside; {MOST_ENTRIES:,} is the most a document needs. {SAVE_AGAIN}"


def _count_entries(data: bytes, start: int, end: int, total: int) -> None:
    count = 0
    while start < end:
        if data[start : start + 4] != ENTRY_MARK or start + 46 > end:
            raise _no(DAMAGED)
        count += 1
        if count > total:
            raise _no(DAMAGED)
        start += 46 + sum(struct.unpack_from("<3H", data, start + 28))
    if start != end or count != total:
        raise _no(DAMAGED)


def unpack(data: bytes) -> Archive:
    """The parts of a Word or OpenDocument file, each looked at. Only for the child process: it inflates."""
    glance(data)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_names(entries)
            _check_sizes(entries)
            parts = _inflate(archive, entries)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, struct.error, ValueError):
        raise _no(DAMAGED) from None
    kind, warnings = _kind(parts)
    for name, part in parts.items():
        if name.lower().endswith((".xml", ".rels")):
            refuse_definitions(part)
    return Archive(kind, parts, warnings)


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for entry in entries:
        name = entry.orig_filename
        steps = name.split("/")
        is_odd = not name or len(name) > LONGEST_PART_NAME or "\\" in name or "\x00" in name or ":" in name
        is_link = (entry.external_attr >> 16) & 0o170000 == IS_LINK
        if is_odd or is_link or name.startswith("/") or ".." in steps:
            raise _no(f"This file has parts that point outside of it, which no editor writes. {SAVE_AGAIN}")
        if name.lower() in seen:
            raise _no(f"This file holds two parts of the same name, so that nobody knows which counts. {SAVE_AGAIN}")
        seen.add(name.lower())


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise _no(LOCKED)
    if any(entry.compress_type not in PACKED_WITH for entry in entries):
        raise _no(f"This file is packed in a way that editors do not use. {SAVE_AGAIN}")
    for entry in entries:
        if entry.file_size > SMALL_PART and entry.file_size > HIGHEST_RATIO * max(1, entry.compress_size):
            raise _no(BOMB)
    if sum(entry.file_size for entry in entries) > LARGEST_INFLATED:
        raise _no(BOMB)


def _inflate(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    """All parts; what really comes out is counted, whatever the entries claim."""
    room = LARGEST_INFLATED
    parts: dict[str, bytes] = {}
    for entry in entries:
        if entry.is_dir():
            continue
        pieces: list[bytes] = []
        with archive.open(entry) as stream:
            while piece := stream.read(CHUNK):
                room -= len(piece)
                if room < 0:
                    raise _no(BOMB)
                pieces.append(piece)
        parts[entry.filename] = b"".join(pieces)
    return parts


def _kind(parts: Mapping[str, bytes]) -> tuple[Kind, tuple[str, ...]]:
    """What the archive is; Invalid where it is something else, or holds what must not come in."""
    if "[Content_Types].xml" in parts:
        return "docx", ooxml_guard.check(parts)
    if "mimetype" in parts or "META-INF/manifest.xml" in parts:
        return "odt", odf_guard.check(parts)
    raise _no(
        "This is an archive, but neither a Word nor an OpenDocument text. Unpack it, and send the file that holds the"
        " draft."
    )
