"""What hostile files cost: `python bench/hostile_files.py`. Prints ratios to an honest file of the same size, and ms.

Each file goes the whole way a real one does, with the process that is started for it; the honest one is a Word file
filled up to the same size with a part nobody reads.
"""

from __future__ import annotations

import random
import sys
import time
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from consult.core.errors import Invalid
from consult.documents.importers import take
from tests.documents.office import TYPES, docx_parts, p, packed, relations

BODY = p("1 Scope", "berschrift1") + p("Words.") * 50
MIB = 1024 * 1024


def honest(size: int) -> bytes:
    """A Word file of at least `size` bytes."""
    noise = random.Random(1).randbytes(max(0, size))
    return packed(docx_parts(BODY) | {"word/media/a.bin": noise}, zipfile.ZIP_STORED)


def named(name: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for own, part in docx_parts(BODY).items():
            archive.writestr(own, part)
        entry = zipfile.ZipInfo("x")
        entry.filename = name
        archive.writestr(entry, "x")
    return out.getvalue()


def document(xml: str) -> bytes:
    return packed(docx_parts(BODY) | {"word/document.xml": xml})


DOCUMENT = str(docx_parts(BODY)["word/document.xml"])
DEEP = "<w:sdt><w:sdtContent>" * 2_500 + "</w:sdtContent></w:sdt>" * 2_500
FILES: dict[str, Callable[[], bytes]] = {
    "bomb, 200 MB in 200 KB": lambda: packed(docx_parts(BODY) | {"word/a.bin": bytes(200 * MIB)}),
    "bomb, 70 parts of 1 MB": lambda: packed(docx_parts(BODY) | {f"word/{n}.bin": bytes(MIB - 9) for n in range(70)}),
    "60,000 parts": lambda: packed({f"{n}.xml": "" for n in range(60_000)}),
    "path that leads out": lambda: named("../../evil.xml"),
    "XXE": lambda: document('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + DOCUMENT.split("\n", 1)[1]),
    "XXE in UTF-16": lambda: packed(docx_parts(BODY) | {"word/a.xml": "<!DOCTYPE a><a/>".encode("utf-16")}),
    "UTF-7": lambda: document(DOCUMENT.replace("UTF-8", "UTF-7")),
    "macros": lambda: packed(docx_parts(BODY) | {"word/vbaProject.bin": b"x"}),
    "template on a network": lambda: packed(
        docx_parts(BODY) | {"word/_rels/s.rels": relations(("r", "attachedTemplate", "http://e.example/t"), external=("r",))}
    ),
    "spreadsheet called .docx": lambda: packed(
        docx_parts(BODY) | {"[Content_Types].xml": TYPES.replace("wordprocessingml.document", "spreadsheetml.sheet")}
    ),
    "cut in half": lambda: honest(MIB)[: MIB // 2],
    "password (OLE)": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + bytes(MIB),
    "PDF": lambda: b"%PDF-1.7\n" + bytes(MIB),
    "5,000 deep": lambda: document(DOCUMENT.replace("<w:body>", f"<w:body>{DEEP}")),
    "HTML 500 deep": lambda: b"<div>" * 501 + b"words" + b"</div>" * 501,
    "one line of 10 MB": lambda: b"words " * (10 * MIB // 6),
    "4 MB of Markdown that opens": lambda: b"*_[(" * MIB,
    "4 MB of emphasis, in lines": lambda: b"*a\n" * (4 * MIB // 3),
    "4 MB of brackets, in blocks": lambda: b"[a\n\n" * MIB,
    "4 MB of nested brackets": lambda: b"[" * (2 * MIB) + b"]" * (2 * MIB),
    "4 MB of quotations": lambda: b"> " * (2 * MIB),
}  # fmt: skip


def milliseconds(data: bytes, times: int = 5) -> tuple[float, str]:
    """The best of a few, and what came of it."""
    best, told = float("inf"), ""
    for _ in range(times):
        began = time.perf_counter()
        try:
            told = f"read, {len(take(data=data, name='draft.docx').parsed.units)} units"
        except Invalid as error:
            told = error.sentence
        best = min(best, (time.perf_counter() - began) * 1000)
    return best, told


def main() -> None:
    print(f"{'':28}{'bytes':>12}{'ms':>7}{': honest':>10}")
    for name, make in FILES.items():
        data = make()
        cost, told = milliseconds(data)
        base, _ = milliseconds(honest(len(data)), 3) if len(data) < 14 * MIB else (float("nan"), "")
        print(f"{name:28}{len(data):12,}{cost:7.0f}{cost / base:10.2f}  {told[:70]}")


if __name__ == "__main__":
    main()
