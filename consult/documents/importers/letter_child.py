"""The process that reads one letter: as `child`, with what reads a PDF, which no draft may be."""

from __future__ import annotations

from typing import NoReturn

from . import child
from .letter_files import to_json
from .letters import read

# One page with one word: what PDFium looks up on first use is used once.
SMALL_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Resources<</Font<</F 5 0 R>>>>/Contents 4 0 R>>endobj\n"
    b"4 0 obj<</Length 36>>stream\nBT /F 9 Tf 9 9 Td (So it is.) Tj ET  \nendstream endobj\n"
    b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R/Size 6>>\n%%EOF\n"
)


def main(name: str = "") -> NoReturn:
    """Read a letter from standard input, answer, end. `name` is what the sender calls the file."""
    child.warm_up()
    read(SMALL_PDF, "")
    child.serve(lambda data: to_json(read(data, name)))
