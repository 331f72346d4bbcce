"""Reads a Word file as somebody has it who accepts or rejects all its changes."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
GOES = {True: ("del", "moveFrom"), False: ("ins", "moveTo")}  # with what, by whether changes are accepted
OURS = ("Title", "About", "Between")  # paragraphs that are about the file


@dataclass
class Block:
    """A paragraph, or a table as its rows of cells."""

    style: str
    text: str
    rows: list[list[str]] | None = None


def part(data: bytes, name: str) -> etree._Element:
    """One part of the file, as XML."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return etree.fromstring(archive.read(name))


def blocks(data: bytes, *, is_accepted: bool) -> list[Block]:
    """What is in the text when all changes are accepted, or all are rejected."""
    body = part(data, "word/document.xml").find(f"{W}body")
    assert body is not None
    found, before = list[Block](), ""
    for element in body:
        if element.tag == f"{W}tbl":
            assert not before, "a paragraph without an end runs into a table"
            rows = list(_rows(element, GOES[is_accepted]))
            found += [Block("table", "", rows)] if rows else []
        elif element.tag == f"{W}p":
            style = element.find(f"{W}pPr/{W}pStyle").get(f"{W}val")
            before += "".join(_words(element, GOES[is_accepted]))
            if _ends(element, GOES[is_accepted]):
                found += [] if style in OURS else [Block(style, before)]
                before = ""
    assert not before
    return found


def _ends(paragraph: etree._Element, goes: tuple[str, ...]) -> bool:
    marks = paragraph.find(f"{W}pPr/{W}rPr")
    return marks is None or not any(marks.find(f"{W}{tag}") is not None for tag in goes)


def _rows(table: etree._Element, goes: tuple[str, ...]) -> Iterator[list[str]]:
    for row in table.iter(f"{W}tr"):
        marks = row.find(f"{W}trPr")
        if marks is None or not any(marks.find(f"{W}{tag}") is not None for tag in goes):
            yield ["".join(_words(cell, goes)) for cell in row.iter(f"{W}tc")]


def _words(element: etree._Element, goes: tuple[str, ...]) -> Iterator[str]:
    """The words that stay, without printed numbers."""
    for child in element:
        tag = child.tag.removeprefix(W)
        if tag in goes or tag == "pPr":
            continue
        if tag == "r":
            style = child.find(f"{W}rPr/{W}rStyle")
            if style is None or style.get(f"{W}val") != "Number":
                yield from (_said(e) for e in child)
        else:
            yield from _words(child, goes)


def _said(element: etree._Element) -> str:
    tag = element.tag.removeprefix(W)
    return {"br": "\n", "tab": "\t"}.get(tag, (element.text or "") if tag in ("t", "delText") else "")
