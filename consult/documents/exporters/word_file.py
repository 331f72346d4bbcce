"""The parts of a Word file around its text (ECMA-376 part 2): the same content gives the same bytes."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from io import BytesIO

from .wordml import AUTHOR, NAMESPACES, Tracker, escaped, run

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
CORE = "application/vnd.openxmlformats-package.core-properties+xml"
MOMENT = (1980, 1, 1, 0, 0, 0)  # the earliest a zip archive knows: when it was packed is nobody's business
PARTS = {"document": "main", "styles": "styles", "comments": "comments", "header1": "header"}
TYPES = (
    f'{HEAD}<Types xmlns="{PACKAGE}content-types">'
    f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/docProps/core.xml" ContentType="{CORE}"/>'
    + "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{WORD}{"document.main" if kind == "main" else kind}+xml"/>'
        for name, kind in PARTS.items()
    )
    + "</Types>"
)
ROOT = (
    f'{HEAD}<Relationships xmlns="{PACKAGE}relationships">'
    f'<Relationship Id="rId1" Type="{RELATION}officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{PACKAGE}relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    "</Relationships>"
)
BESIDE = (
    f'{HEAD}<Relationships xmlns="{PACKAGE}relationships">'
    f'<Relationship Id="rId1" Type="{RELATION}styles" Target="styles.xml"/>'
    f'<Relationship Id="rId2" Type="{RELATION}comments" Target="comments.xml"/>'
    f'<Relationship Id="rId3" Type="{RELATION}header" Target="header1.xml"/>'
    "</Relationships>"
)
PAGE = (
    '<w:sectPr><w:headerReference w:type="default" r:id="rId3"/><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1701" w:right="1417" w:bottom="1417" w:left="1417" w:header="709" w:footer="709" w:gutter="0"/>'
    "</w:sectPr>"
)


def packed(title: str, header: Sequence[str], blocks: Iterable[str], tracker: Tracker, language: str) -> bytes:
    """The whole file; `blocks` are written as they are made, and the comments collected meanwhile after them."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, "[Content_Types].xml", [TYPES])
        _put(archive, "_rels/.rels", [ROOT])
        _put(archive, "word/_rels/document.xml.rels", [BESIDE])
        _put(archive, "word/document.xml", _document(blocks))
        _put(archive, "word/comments.xml", [_part("comments", "".join(tracker.comments))])
        _put(archive, "word/header1.xml", [_part("hdr", "".join(_header_line(line) for line in header))])
        _put(archive, "word/styles.xml", [_part("styles", _styles(language))])
        _put(archive, "docProps/core.xml", [_core(title, tracker.date)])
    return out.getvalue()


def _put(archive: zipfile.ZipFile, name: str, parts: Iterable[str]) -> None:
    entry = zipfile.ZipInfo(name, MOMENT)
    entry.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(entry, "w") as part:
        for piece in parts:
            part.write(piece.encode())


def _document(blocks: Iterable[str]) -> Iterable[str]:
    yield f"{HEAD}<w:document {NAMESPACES}><w:body>"
    yield from blocks
    yield f"{PAGE}</w:body></w:document>"


def _part(name: str, inner: str) -> str:
    return f"{HEAD}<w:{name} {NAMESPACES}>{inner}</w:{name}>"


def _header_line(line: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr>{run(line)}</w:p>'


def _core(title: str, moment: datetime) -> str:
    made = f'xsi:type="dcterms:W3CDTF">{moment:%Y-%m-%dT%H:%M:%SZ}</dcterms:'
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="{PACKAGE}metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escaped(title)}</dc:title><dc:creator>{AUTHOR}</dc:creator>"
        f"<dcterms:created {made}created><dcterms:modified {made}modified></cp:coreProperties>"
    )


def _style(key: str, name: str, inner: str = "", kind: str = "paragraph", based: str = "Normal") -> str:
    base = f'<w:basedOn w:val="{based}"/>' if kind == "paragraph" and key != "Normal" else ""
    default = ' w:default="1"' if key == "Normal" else ""
    return f'<w:style w:type="{kind}"{default} w:styleId="{key}"><w:name w:val="{name}"/>{base}{inner}</w:style>'


def _size(half_points: int, *, is_bold: bool = False) -> str:
    return f'<w:rPr>{"<w:b/>" if is_bold else ""}<w:sz w:val="{half_points}"/></w:rPr>'


HEADING_SIZES: Mapping[int, int] = {1: 32, 2: 28, 3: 25}


def _styles(language: str) -> str:
    """The few looks there are; headings under Word's own names, so that its outline shows them."""
    line = '<w:{0} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    borders = "".join(line.format(side) for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    headings = [
        _style(
            f"Heading{n}", f"heading {n}",
            f'<w:next w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:before="280" w:after="100"/>'
            f'<w:outlineLvl w:val="{n - 1}"/></w:pPr>{_size(HEADING_SIZES.get(n, 23), is_bold=True)}',
        )
        for n in range(1, 10)
    ]  # fmt: skip
    return "".join([
        '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Calibri"/>'
        f'<w:sz w:val="22"/><w:lang w:val="{escaped(language)}"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="264" w:lineRule="auto"/></w:pPr></w:pPrDefault>'
        "</w:docDefaults>",
        _style("Normal", "Normal"),
        *headings,
        _style("Title", "Title", _size(44, is_bold=True)),
        _style("About", "About this file", _size(19)),
        _style("Header", "header", f'<w:pPr><w:spacing w:after="0"/></w:pPr>{_size(15)}'),
        _style("Between", "Between", '<w:pPr><w:spacing w:after="60" w:line="120" w:lineRule="exact"/></w:pPr>'),
        _style(
            "Code", "Source Code",
            '<w:pPr><w:spacing w:line="240" w:lineRule="auto"/></w:pPr><w:rPr><w:rFonts w:ascii="Consolas"'
            ' w:hAnsi="Consolas" w:cs="Consolas"/><w:sz w:val="18"/></w:rPr>',
        ),
        _style("CommentText", "annotation text", _size(20)),
        _style("CommentReference", "annotation reference", '<w:rPr><w:sz w:val="16"/></w:rPr>', "character"),
        _style("Number", "Printed number", "", "character"),
        _style("Lines", "Table Grid", f"<w:tblPr><w:tblBorders>{borders}</w:tblBorders></w:tblPr>", "table"),
    ])  # fmt: skip
