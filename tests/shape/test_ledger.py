"""docs/security/asvs.csv has a row for each demand we go by, and each row says what proves it, or why there is nothing."""

from __future__ import annotations

import ast
import csv
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

LEDGER = Path("docs/security/asvs.csv")
STATES = {"met", "not applicable", "gap"}
# The levels of OWASP ASVS 5.0.0, section by section, one digit for each demand. Section 17 (WebRTC) is left out.
LEVELS = {
    "1.1": "22", "1.2": "1111122223", "1.3": "112222222223", "1.4": "222", "1.5": "123",
    "2.1": "122", "2.2": "112", "2.3": "12223", "2.4": "23",
    "3.1": "3", "3.2": "113", "3.3": "12223", "3.4": "11222233", "3.5": "11122333", "3.6": "3", "3.7": "22333",
    "4.1": "12233", "4.2": "23333", "4.3": "22", "4.4": "1222",
    "5.1": "2", "5.2": "112333", "5.3": "113", "5.4": "222",
    "6.1": "122", "6.2": "111111112222", "6.3": "11223333", "6.4": "112233", "6.5": "22222333", "6.6": "2223",
    "6.7": "33", "6.8": "2222",
    "7.1": "222", "7.2": "1111", "7.3": "22", "7.4": "11222", "7.5": "223", "7.6": "22",
    "8.1": "1233", "8.2": "1123", "8.3": "133", "8.4": "23", "9.1": "111", "9.2": "1222",
    "10.1": "22", "10.2": "223", "10.3": "22223", "10.4": "1111122222233333", "10.5": "22222", "10.6": "22", "10.7": "222",
    "11.1": "2233", "11.2": "22233", "11.3": "11233", "11.4": "1222", "11.5": "23", "11.6": "23", "11.7": "33",
    "12.1": "12233", "12.2": "11", "12.3": "22223", "13.1": "2333", "13.2": "222223", "13.3": "2233", "13.4": "1222233",
    "14.1": "22", "14.2": "12223333", "14.3": "122", "15.1": "12233", "15.2": "12233", "15.3": "1222222", "15.4": "3333",
    "16.1": "2", "16.2": "22222", "16.3": "2222", "16.4": "222", "16.5": "2223",
}  # fmt: skip
# All of levels 1 and 2, and of level 3 what a public debate is attacked by.
CHOSEN = {
    "1.2.10", "1.3.12", "2.4.2", "3.4.7", "5.2.4", "5.3.3", "6.3.5", "6.3.7", "6.3.8", "7.5.3", "8.3.2", "14.2.7",
    "14.2.8", "15.4.2",
}  # fmt: skip
ASKED = {
    f"{section}.{n}": level
    for section, levels in LEVELS.items()
    for n, level in enumerate(levels, 1)
    if level < "3" or f"{section}.{n}" in CHOSEN
}
Row = dict[str, str]


def rows() -> list[Row]:
    """The ledger as it is."""
    with LEDGER.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def held_by(file: str) -> frozenset[str]:
    """The names of the tests a file holds, none of them run."""
    path = Path(file)
    tree = (
        ast.parse(path.read_text("utf-8")) if path.is_file() and path.name.startswith("test_") else ast.Module([], [])
    )
    return frozenset(n.name for n in tree.body if isinstance(n, ast.FunctionDef) and n.name.startswith("test_"))


def problems(ledger: list[Row]) -> list[str]:
    """What is wrong with a ledger, a sentence each."""
    counts = Counter(row["id"] for row in ledger)
    found = [f"{i} has no row" for i in ASKED if i not in counts]
    found += [f"{i} stands there {n} times" for i, n in counts.items() if n > 1]
    return found + [f"{row['id']}: {told}" for row in ledger for told in _wrong_with(row)]


def _wrong_with(row: Row) -> list[str]:
    told = []
    if ASKED.get(row["id"]) != row["level"]:
        told.append("it is not asked for, or of another level")
    if row["state"] not in STATES:
        told.append(f"{row['state']!r} is no state")
    if len(row["asks"].split()) < 2:
        told.append("it does not say what is asked")
    named = row["tests"].split()
    if row["state"] == "met":
        told += [] if named else ["no test proves it"]
        told += [f"there is no {name}" for name in named if not _is_there(name)]
    elif named or len(row["because"].split()) < 2 or not row["because"].endswith("."):
        told.append("it has tests, or no sentence that says why")
    return told


def _is_there(name: str) -> bool:
    file, _, test = name.partition("::")
    return test in held_by(file)


def test_every_demand_has_its_row_and_every_row_its_reason() -> None:
    ledger = rows()
    assert problems(ledger) == []
    figures = Counter((row["level"], row["state"]) for row in ledger)
    for level in "123":
        print(f"ASVS 5.0.0, level {level}:", ", ".join(f"{figures[level, state]} {state}" for state in sorted(STATES)))
    assert len(ledger) == 260


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"state": "perhaps"}, "no state"), ({"tests": ""}, "no test proves it"), ({"level": "3"}, "another level"),
        ({"tests": "tests/core/test_web.py::test_that_is_not_there"}, "there is no"), ({"id": "1.2.99"}, "1.2.1 has no row"),
        ({"tests": "consult/app.py::create_app"}, "there is no"), ({"id": "1.2.2"}, "2 times"), ({"asks": ""}, "what is asked"),
        ({"state": "gap", "tests": "", "because": ""}, "no sentence"), ({"state": "not applicable"}, "it has tests"),
    ],
)  # fmt: skip
def test_a_row_that_lacks_something_is_found(change: Row, told: str) -> None:
    ledger = rows()
    row = next(row for row in ledger if row["id"] == "1.2.1")
    row |= change
    assert any(told in problem for problem in problems(ledger))


def test_the_page_of_figures_is_true() -> None:
    figures = Counter(row["state"] for row in rows())
    said = f"{figures['met']} are met, {figures['gap']} are gaps, {figures['not applicable']} do not apply"
    assert said in Path("docs/security/README.md").read_text("utf-8")
