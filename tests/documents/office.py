"""Word and OpenDocument files made of a few lines, for tests: real archives, as small as their formats allow."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO

from PIL import Image

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
NAMESPACES = (
    W + ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
TYPES = (
    f'{HEAD}<Types xmlns="{PACKAGE}content-types"><Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{WORD}document.main+xml"/></Types>'
)
STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/>{more}</w:style>'
    for key, name, more in [
        ("Title", "Title", ""), ("berschrift1", "heading 1", ""), ("berschrift2", "heading 2", ""),
        ("MyClause", "My Clause", '<w:basedOn w:val="berschrift1"/>'),
        ("Annex", "ANNEX", '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>'), ("TOC1", "toc 1", ""),
        ("Caption", "caption", ""), ("Quote", "Quote", ""), ("SourceCode", "Source Code", ""),
        ("DefinitionTerm", "Definition Term", ""), ("Definition", "Definition", ""), ("TermNum", "TermNum", ""),
        ("Hidden", "Editors only", "<w:rPr><w:vanish/></w:rPr>"),
        ("ListNumber", "List Number", '<w:pPr><w:numPr><w:numId w:val="9"/></w:numPr></w:pPr>'),
    ]
)  # fmt: skip


def packed(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of these parts, in this order."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, part in parts.items():
            stored = zipfile.ZIP_STORED if name == "mimetype" else method
            archive.writestr(name, part, stored)
    return out.getvalue()


def relations(*rows: tuple[str, str, str], external: tuple[str, ...] = ()) -> str:
    """A .rels part of (id, kind, target)."""
    out = ' TargetMode="External"'
    made = "".join(
        f'<Relationship Id="{key}" Type="{RELATION}{kind}" Target="{target}"{out if key in external else ""}/>'
        for key, kind, target in rows
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}relationships">{made}</Relationships>'


def docx_parts(
    body: str, *, numbering: str = "", notes: str = "", endnotes: str = "", rows: tuple[tuple[str, str, str], ...] = (),
    external: tuple[str, ...] = (), more: Mapping[str, str | bytes] | None = None,
) -> dict[str, str | bytes]:  # fmt: skip
    """The parts of a Word file. `numbering`, `notes`: the XML inside those parts; `rows`: further relationships."""
    own = (
        ("rIdS", "styles", "styles.xml"), ("rIdN", "numbering", "numbering.xml"),
        ("rIdF", "footnotes", "footnotes.xml"), ("rIdE", "endnotes", "endnotes.xml"),
    )  # fmt: skip
    return {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": relations(("rId1", "officeDocument", "word/document.xml")),
        "word/document.xml": f"{HEAD}<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": relations(*own, *rows, external=external),
        "word/styles.xml": f"{HEAD}<w:styles {W}>{STYLES}</w:styles>",
        "word/numbering.xml": f"{HEAD}<w:numbering {W}>{numbering}</w:numbering>",
        "word/footnotes.xml": f"{HEAD}<w:footnotes {NAMESPACES}>{notes}</w:footnotes>",
        "word/endnotes.xml": f"{HEAD}<w:endnotes {NAMESPACES}>{endnotes}</w:endnotes>",
        **(more or {}),
    }


def docx(body: str, **values: object) -> bytes:
    """A Word file, see `docx_parts`."""
    return packed(docx_parts(body, **values))  # type: ignore[arg-type]


def p(text: str, style: str = "", properties: str = "") -> str:
    """A paragraph; `text` may hold runs and other XML."""
    runs = text if text.startswith("<") else f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{styled}{properties}</w:pPr>{runs}</w:p>"


def r(text: str, properties: str = "") -> str:
    """A run."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def listed(text: str, number: int = 1, depth: int = 0) -> str:
    """A paragraph of a list."""
    return p(text, properties=f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')


def kind(key: int, *levels: tuple[str, str], more: Mapping[int, str] | None = None) -> str:
    """A kind of list whose levels are (number format, text)."""
    made = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{fmt}"/>{(more or {}).get(n, "")}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for n, (fmt, text) in enumerate(levels)
    )
    return f'<w:abstractNum w:abstractNumId="{key}">{made}</w:abstractNum>'


def num(key: int, of: int, start: Mapping[int, int] | None = None) -> str:
    """A list of that kind; `start`: levels that begin anew, and where."""
    made = "".join(
        f'<w:lvlOverride w:ilvl="{n}"><w:startOverride w:val="{at}"/></w:lvlOverride>'
        for n, at in (start or {}).items()
    )
    return f'<w:num w:numId="{key}"><w:abstractNumId w:val="{of}"/>{made}</w:num>'


def drawing(key: str, alt: str = "", attribute: str = "embed") -> str:
    """A run that shows the picture of a relationship."""
    return (
        f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="Picture 1" descr="{alt}"/><a:graphic><a:graphicData>'
        f'<a:blip r:{attribute}="{key}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
    )


def picture(size: tuple[int, int] = (40, 30), format: str = "PNG", mode: str = "RGB", **options: object) -> bytes:
    """A picture of one colour."""
    out = BytesIO()
    Image.new(mode, size, 128 if mode in ("L", "P") else "teal").save(out, format, **options)
    return out.getvalue()


ODF = "urn:oasis:names:tc:opendocument:xmlns:"
ODF_NAMESPACES = " ".join(
    [f'xmlns:{name}="{ODF}{name}:1.0"' for name in ("office", "text", "table", "style")]
    + [f'xmlns:draw="{ODF}drawing:1.0"', f'xmlns:svg="{ODF}svg-compatible:1.0"', f'xmlns:fo="{ODF}xsl-fo-compatible:1.0"',
       'xmlns:xlink="http://www.w3.org/1999/xlink"', 'xmlns:m="http://www.w3.org/1998/Math/MathML"']
)  # fmt: skip
ODF_STYLES = (
    '<style:style style:name="Heading_20_2" style:display-name="Heading 2" style:family="paragraph"'
    ' style:default-outline-level="2"/><style:style style:name="Title" style:family="paragraph"/>'
    '<style:style style:name="Caption" style:family="paragraph"/>'
    '<style:style style:name="Illustration" style:family="paragraph" style:parent-style-name="Caption"/>'
    '<style:style style:name="Contents_20_1" style:family="paragraph"/>'
    '<style:style style:name="Quotations" style:family="paragraph"/>'
    '<style:style style:name="Preformatted_20_Text" style:family="paragraph"/>'
    '<style:style style:name="B" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>'
    '<style:style style:name="Sub" style:family="text"><style:text-properties style:text-position="sub 58%"/></style:style>'
    '<style:style style:name="H" style:family="text"><style:text-properties text:display="none"/></style:style>'
)


def odt(body: str, *, styles: str = "", more: Mapping[str, str | bytes] | None = None) -> bytes:
    """An OpenDocument text. `styles`: XML of further styles, also of lists; `more`: further parts."""
    content = f"{HEAD}<office:document-content {ODF_NAMESPACES}><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    made = f"{HEAD}<office:document-styles {ODF_NAMESPACES}><office:styles>{ODF_STYLES}{styles}</office:styles></office:document-styles>"
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": content,
            "styles.xml": made,
            **(more or {}),
        }
    )


def h(text: str, level: int = 1, attributes: str = "") -> str:
    """A heading of an OpenDocument text."""
    return f'<text:h text:outline-level="{level}" {attributes}>{text}</text:h>'


def tp(text: str, style: str = "Standard") -> str:
    """A paragraph of an OpenDocument text."""
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def frame(address: str, alt: str = "") -> str:
    """A picture in an OpenDocument text."""
    return f'<draw:frame><draw:image xlink:href="{address}"/><svg:desc>{alt}</svg:desc></draw:frame>'


def levels(name: str, *rows: tuple[str, str, str, int], tag: str = "text:list-style") -> str:
    """A list style whose levels are (format, prefix, suffix, levels shown); "•" as format makes bullets."""
    made = "".join(
        f'<text:list-level-style-bullet text:level="{n}" text:bullet-char="•"/>' if fmt == "•" else
        f'<text:list-level-style-number text:level="{n}" style:num-format="{fmt}" style:num-prefix="{before}"'
        f' style:num-suffix="{after}" text:display-levels="{shown}"/>'
        for n, (fmt, before, after, shown) in enumerate(rows, start=1)
    )  # fmt: skip
    made = made.replace("list-level-style-number", "outline-level-style") if "outline" in tag else made
    return f'<{tag} style:name="{name}">{made}</{tag}>'
