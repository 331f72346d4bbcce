"""Formulas of an OpenDocument text (MathML 3, presentation) as one line: (a+b)/2, x^2, √(x)."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import Element

UNSEEN = str.maketrans("", "", "\u2061\u2062\u2063\u2064")  # function application, times, separator, plus


def line(element: Element) -> str:
    """The formula in one line."""
    return RULES.get(element.tag, _inside)(element)


def _inside(element: Element) -> str:
    return "".join(line(child) for child in element)


def _text(element: Element) -> str:
    return " ".join((element.text or "").translate(UNSEEN).split())


def _nothing(element: Element) -> str:
    return ""


def _first(element: Element) -> str:
    """Of a formula with notes on it (`semantics`), the formula."""
    return line(element[0]) if len(element) else ""


def _parts(element: Element) -> list[str]:
    parts = [line(child) for child in element]
    return [part if n == 0 or len(part) <= 1 or part.isalnum() else f"({part})" for n, part in enumerate(parts)]


def _with(*signs: str) -> Callable[[Element], str]:
    def joined(element: Element) -> str:
        parts = _parts(element)
        return "".join(f"{sign}{part}" for sign, part in zip(("", *signs), parts, strict=False) if part)

    return joined


def _fraction(element: Element) -> str:
    above, below = [*(line(child) for child in element), "", ""][:2]
    return "/".join(part if len(part) <= 1 or part.isalnum() else f"({part})" for part in (above, below))


def _root(element: Element) -> str:
    return f"√({_inside(element)})"


def _nth_root(element: Element) -> str:
    inner, degree = [*(line(child) for child in element), "", ""][:2]
    return f"√[{degree}]({inner})"


def _fenced(element: Element) -> str:
    inner = ", ".join(line(child) for child in element)
    return f"{element.get('open', '(')}{inner}{element.get('close', ')')}"


def _row(element: Element) -> str:
    return ", ".join(line(child) for child in element)


def _table(element: Element) -> str:
    return f"[{'; '.join(line(child) for child in element)}]"


RULES: dict[str, Callable[[Element], str]] = {
    "math_mi": _text, "math_mn": _text, "math_mo": _text, "math_mtext": _text, "math_ms": _text,
    "math_annotation": _nothing, "math_annotation-xml": _nothing, "math_semantics": _first, "math_mfrac": _fraction,
    "math_msqrt": _root, "math_mroot": _nth_root, "math_msub": _with("_"), "math_msup": _with("^"),
    "math_msubsup": _with("_", "^"), "math_munder": _with("_"), "math_mover": _with("^"),
    "math_munderover": _with("_", "^"), "math_mfenced": _fenced, "math_mtr": _row, "math_mtable": _table,
}  # fmt: skip
