"""Tables of OpenDocument as HTML: its spans are HTML's, and what they cover is written out and left away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

GROUPS = {"table_table-rows", "table_table-row-group"}
WIDEST = 200  # columns, and rows a cell may span
MOST_REPEATED = 50


def table_html(table: Element, render: Callable[[Element], str]) -> str:
    """The table; `render` makes the HTML of a cell. Rows that repeat on every page are its head."""
    head = [
        _row(row, "th", render)
        for group in table.findall("table_table-header-rows")
        for row in group.findall("table_table-row")
    ]
    body = [_row(row, "td", render) for row in _rows(table)]
    top = f"<thead>{''.join(head)}</thead>" if head else ""
    return f"<table>{top}<tbody>{''.join(body)}</tbody></table>" if head or body else ""


def _rows(element: Element) -> Iterator[Element]:
    for child in element:
        if child.tag == "table_table-row":
            yield child
        elif child.tag in GROUPS:
            yield from _rows(child)


def _row(row: Element, tag: str, render: Callable[[Element], str]) -> str:
    return f"<tr>{''.join(_cell(cell, tag, render) for cell in row.findall('table_table-cell'))}</tr>"


def _cell(cell: Element, tag: str, render: Callable[[Element], str]) -> str:
    columns = _count(cell.get("table_number-columns-spanned"), WIDEST)
    rows = _count(cell.get("table_number-rows-spanned"), WIDEST)
    times = _count(cell.get("table_number-columns-repeated"), MOST_REPEATED)
    span = (f' colspan="{columns}"' if columns > 1 else "") + (f' rowspan="{rows}"' if rows > 1 else "")
    return f"<{tag}{span}>{render(cell)}</{tag}>" * times


def _count(text: str | None, most: int) -> int:
    return min(most, max(1, int(text))) if text is not None and text.isdecimal() and len(text) < 6 else 1
