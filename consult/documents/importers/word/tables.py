"""Tables of Word: cells that span columns (`gridSpan`) and rows (`vMerge`) as HTML has them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from .styles import is_on, value

WIDEST = 200  # columns
WRAPPERS = {"ins", "moveTo", "customXml", "sdtContent", "sdt", "smartTag"}


@dataclass(slots=True)
class Cell:
    """A cell as it is shown."""

    html: str
    column: int
    columns: int
    rows: int = 1


class Grid:
    """One table. `render` makes the HTML of a cell."""

    def __init__(self, table: Element, render: Callable[[Element], str]) -> None:
        self._render = render
        self._heads: list[bool] = []
        self._rows: list[list[Cell]] = []
        self._open: dict[int, Cell] = {}  # by column: the cell that cells below may belong to
        for row in _under(table, "tr"):
            properties = row.find("trPr")
            if properties is None or properties.find("del") is None:
                self._heads.append(bool(is_on(properties, "tblHeader")))
                self._rows.append(list(self._cells(row, properties)))

    def _cells(self, row: Element, properties: Element | None) -> Iterator[Cell]:
        column = _count(value(properties, "gridBefore"), least=0)
        for element in _under(row, "tc"):
            cell_properties = element.find("tcPr")
            columns = _count(value(cell_properties, "gridSpan"))
            merge = None if cell_properties is None else cell_properties.find("vMerge")
            above = self._open.get(column)
            if merge is not None and merge.get("val", "continue") == "continue" and above is not None:
                above.rows += 1
            else:
                cell = Cell(self._render(element), column, columns)
                self._open[column] = cell
                yield cell
            if merge is None:
                self._open.pop(column, None)
            column += columns

    def html(self) -> str:
        """The table; rows that repeat on every page are its head."""
        count = next((n for n, is_head in enumerate(self._heads) if not is_head), len(self._heads))
        head = "".join(_row(cells, "th") for cells in self._rows[:count])
        body = "".join(_row(cells, "td") for cells in self._rows[count:])
        head = f"<thead>{head}</thead>" if head else ""
        return f"<table>{head}<tbody>{body}</tbody></table>" if head or body else ""


def _row(cells: list[Cell], tag: str) -> str:
    return f"<tr>{''.join(_cell(cell, tag) for cell in cells)}</tr>"


def _cell(cell: Cell, tag: str) -> str:
    span = f' colspan="{cell.columns}"' if cell.columns > 1 else ""
    span += f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
    return f"<{tag}{span}>{cell.html}</{tag}>"


def _under(element: Element, tag: str) -> Iterator[Element]:
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in WRAPPERS:
            yield from _under(child, tag)


def _count(text: str | None, least: int = 1) -> int:
    return min(WIDEST, max(least, int(text))) if text is not None and text.isdecimal() and len(text) < 6 else least
