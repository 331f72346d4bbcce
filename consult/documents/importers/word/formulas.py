"""Formulas (ECMA-376 part 1, 22.1, OMML) as one line that can be read, searched and quoted: (a+b)/2, x^2, √(x)."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import Element

PROPERTIES_END = "Pr"


def line(element: Element) -> str:
    """The formula in one line."""
    return RULES.get(element.tag, _inside)(element)


def _inside(element: Element) -> str:
    return "".join(line(child) for child in element if not child.tag.endswith(PROPERTIES_END))


def _text(element: Element) -> str:
    return element.text or ""


def _part(element: Element, name: str) -> str:
    found = element.find(f"m_{name}")
    return "" if found is None else _inside(found)


def _grouped(words: str) -> str:
    """In brackets, unless it is one thing already."""
    return words if len(words) <= 1 or words.isalnum() else f"({words})"


def _fraction(element: Element) -> str:
    return f"{_grouped(_part(element, 'num'))}/{_grouped(_part(element, 'den'))}"


def _root(element: Element) -> str:
    degree = _part(element, "deg")
    sign = {"": "√", "3": "∛", "4": "∜"}.get(degree, f"√[{degree}]")
    return f"{sign}({_part(element, 'e')})"


def _scripts(element: Element) -> str:
    low, high = _part(element, "sub"), _part(element, "sup")
    return _part(element, "e") + (f"_{_grouped(low)}" if low else "") + (f"^{_grouped(high)}" if high else "")


def _large(element: Element) -> str:
    """A sum, product or integral with its limits."""
    sign = element.find("m_naryPr/m_chr")
    low, high = _part(element, "sub"), _part(element, "sup")
    limits = (f"_{_grouped(low)}" if low else "") + (f"^{_grouped(high)}" if high else "")
    return f"{'∫' if sign is None else sign.get('m_val', '∫')}{limits} {_part(element, 'e')}"


def _brackets(element: Element) -> str:
    begin, end = element.find("m_dPr/m_begChr"), element.find("m_dPr/m_endChr")
    inner = ", ".join(_inside(child) for child in element.findall("m_e"))
    return f"{'(' if begin is None else begin.get('m_val', '')}{inner}{')' if end is None else end.get('m_val', '')}"


def _rows(element: Element) -> str:
    rows = [", ".join(_inside(cell) for cell in row.findall("m_e")) for row in element.findall("m_mr")]
    return f"[{'; '.join(rows)}]"


def _lines(element: Element) -> str:
    return "; ".join(_inside(child) for child in element.findall("m_e"))


def _limit(element: Element) -> str:
    return f"{_part(element, 'e')}_{_grouped(_part(element, 'lim'))}"


def _function(element: Element) -> str:
    return f"{_part(element, 'fName')} {_grouped(_part(element, 'e'))}"


RULES: dict[str, Callable[[Element], str]] = {
    "m_t": _text, "m_f": _fraction, "m_rad": _root, "m_sSub": _scripts, "m_sSup": _scripts, "m_sSubSup": _scripts,
    "m_nary": _large, "m_d": _brackets, "m_m": _rows, "m_eqArr": _lines, "m_limLow": _limit, "m_limUpp": _limit,
    "m_func": _function, "t": _text,
}  # fmt: skip
