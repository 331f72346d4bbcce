"""PDFs made of lines at places on paper, for tests: as small as the format allows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Lines = Sequence[tuple[int, str]]  # how high on the page, in points from below; the words
MARGIN = 72


def pdf(*pages: Lines, catalog: str = "", more: Mapping[int, str] | None = None) -> bytes:
    """A PDF of these pages. `catalog`: further entries of its catalogue; `more`: further objects by their numbers."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = {
        1: f"<</Type/Catalog/Pages 2 0 R{catalog}>>".encode(),
        2: f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode(),
        3: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    }
    for n, lines in enumerate(pages):
        words = b" ".join(b"1 0 0 1 %d %d Tm (%s) Tj" % (MARGIN, height, _escaped(line)) for height, line in lines)
        content = b"BT /F1 11 Tf " + words + b" ET"
        objects[4 + 2 * n] = (
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>"
            f"/Contents {5 + 2 * n} 0 R>>"
        ).encode()
        objects[5 + 2 * n] = b"<</Length %d>>stream\n%s\nendstream" % (len(content), content)
    objects |= {number: body.encode() for number, body in (more or {}).items()}
    return _written(objects)


def _escaped(line: str) -> bytes:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)").encode("cp1252")


def _written(objects: Mapping[int, bytes]) -> bytes:
    out, places = b"%PDF-1.4\n", dict[int, int]()
    for number, body in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj" % number + body + b"endobj\n"
    table = "".join(f"{places.get(n, 0):010d} 00000 {'n' if n in places else 'f'} \n" for n in range(max(objects) + 1))
    start = len(out)
    size = max(objects) + 1
    out += f"xref\n0 {size}\n{table}trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode()
    return out
