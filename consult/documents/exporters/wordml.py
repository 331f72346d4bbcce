"""WordprocessingML (ECMA-376 part 1, clause 17) of texts with tracked changes: runs, paragraphs, rows, comments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from markupsafe import escape

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
AUTHOR = "Consult"
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
BREAKS = re.compile("([\n\t])")
INS, DEL, MOVE_FROM, MOVE_TO = "ins", "del", "moveFrom", "moveTo"
NUMBER, HEADING, CODE, TEXT, BETWEEN = "Number", "Heading", "Code", "Normal", "Between"


def escaped(text: str) -> str:
    """Words for XML; what XML cannot say is a question mark in a diamond."""
    return str(escape(NOT_IN_XML.sub("\ufffd", text))).replace("\r", "&#13;")


def run(text: str, tag: str = "t", style: str = "") -> str:
    """Words of one look; lines and tabs as Word has them. Nothing for no words."""
    if not text:
        return ""
    marks = {"\n": "<w:br/>", "\t": "<w:tab/>"}
    inner = "".join(
        marks.get(part) or f'<w:{tag} xml:space="preserve">{escaped(part)}</w:{tag}>'
        for part in BREAKS.split(text)
        if part
    )
    return f"<w:r>{look(style)}{inner}</w:r>"


def look(style: str) -> str:
    """The properties of a run."""
    return f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""


@dataclass
class Tracker:
    """Writes changes under one name and date, each with an id of its own, and collects the comments on them."""

    date: datetime
    comments: list[str] = field(default_factory=list)
    count: int = 0

    def who(self) -> str:
        """Attributes of one change."""
        self.count += 1
        return f'w:id="{self.count}" {self.by()}'

    def by(self) -> str:
        """Whose change, and when."""
        return f'w:author="{AUTHOR}" w:date="{self.date:%Y-%m-%dT%H:%M:%SZ}"'

    def track(self, how: str, inner: str) -> str:
        """Runs that are inserted, deleted or moved; `how` "": as they are."""
        return f"<w:{how} {self.who()}>{inner}</w:{how}>" if how and inner else inner

    def words(self, how: str, text: str, style: str = "") -> str:
        """A run that is inserted, deleted, moved, or as it is."""
        return self.track(how, run(text, "delText" if how == DEL else "t", style))

    def paragraph(self, inner: str, style: str = TEXT, mark: str = "", indent: int = 0) -> str:
        """A paragraph; `mark`: what happens to its end. `indent` in steps."""
        ends = f"<w:rPr><w:{mark} {self.who()}/></w:rPr>" if mark else ""
        set_in = f'<w:ind w:left="{567 * indent}"/>' if indent else ""
        return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{set_in}{ends}</w:pPr>{inner}</w:p>'

    def moved(self, how: str, name: str, paragraph: str) -> str:
        """A paragraph between the marks of a move; both ends have the same name."""
        self.count += 1
        start = f'<w:{how}RangeStart w:id="{self.count}" {self.by()} w:name="{name}"/>'
        head, body = paragraph.split("</w:pPr>", 1)
        return f'{head}</w:pPr>{start}{body}<w:{how}RangeEnd w:id="{self.count}"/>'

    def remarked(self, inner: str, remarks: Sequence[str], how: str = "") -> str:
        """Runs with a comment on them; its sign goes and comes with them."""
        if not remarks:
            return inner
        key = len(self.comments)
        paragraphs = "".join(
            f'<w:p><w:pPr><w:pStyle w:val="CommentText"/></w:pPr>{run(remark)}</w:p>' for remark in remarks
        )
        self.comments.append(f'<w:comment w:id="{key}" {self.by()} w:initials="C">{paragraphs}</w:comment>')
        sign = f'<w:r>{look("CommentReference")}<w:commentReference w:id="{key}"/></w:r>'
        return (
            f'<w:commentRangeStart w:id="{key}"/>{inner}<w:commentRangeEnd w:id="{key}"/>{self.track(how, sign)}'
        )  # fmt: skip

    def table(self, rows: Iterable[str], columns: int) -> str:
        """A table with thin lines; an empty paragraph behind it keeps it from growing into the next one."""
        grid = "<w:gridCol/>" * columns
        return (
            '<w:tbl><w:tblPr><w:tblStyle w:val="Lines"/><w:tblW w:w="5000" w:type="pct"/></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>" + self.paragraph("", BETWEEN)
        )

    def row(self, cells: Iterable[str], how: str = "") -> str:
        """A row of cells (each the runs inside), the row as a whole inserted or deleted."""
        marked = f"<w:trPr><w:{how} {self.who()}/></w:trPr>" if how else ""
        inner = "".join(f"<w:tc>{self.paragraph(cell)}</w:tc>" for cell in cells)
        return f"<w:tr>{marked}{inner}</w:tr>"
