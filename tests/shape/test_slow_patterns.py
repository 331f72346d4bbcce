"""No regular expression of ours takes the square of what it reads.

Each is taken apart; every part that may repeat without end is pumped with characters it likes, behind what the pattern
wants before it, and before something it does not like. A pattern that goes back and forth over such a text takes
thousands of times as long as one that goes over it once; both are measured in the same moment. What is not tried: a
beginning that is written again and again ("<a <a <a" for "<[^>]*>").
"""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.debate import redaction
from consult.documents import desk, sentences, structure
from consult.documents.exporters import blocks, inline
from consult.documents.importers import density, dialect, markdown, plain_pages
from consult.exchange import suggestions
from consult.exchange.importers import comment_csv, oasis_log, talk_words
from consult.learning import definitions
from consult.moderation import mail_files
from consult.outcomes import sheets

from .test_code import SOURCES

parser = re._parser  # type: ignore[attr-defined]
SCANS = {"search", "sub", "subn", "finditer", "findall", "split"}
WHOLE = {"match", "fullmatch"}
LENGTH = 1_200  # characters
MOST_TIMES = 30  # as long as the yardstick, which goes over a text once; what goes back and forth takes hundreds
YARDSTICK = re.compile(r"(?:a|b)*")
ENDS = ("", "\x00", "\n\x00")
CATEGORIES = {"DIGIT": "1", "SPACE": " ", "WORD": "a", "NOT_DIGIT": "a", "NOT_SPACE": "a", "NOT_WORD": "-"}
USUAL = "ab1 .-\n<>&;:,()[]{}*_~`|/\\\"'=#%\tÄé€\u2014"


@dataclass
class Facts:
    """What one file says of patterns."""

    calls: list[ast.Call] = field(default_factory=list)  # of the module re
    done: dict[str, set[str]] = field(default_factory=dict)  # what is done with each name
    takes: set[str] = field(default_factory=set)  # names of modules and of what is taken from them
    known: dict[str, ast.expr] = field(default_factory=dict)  # constants


@cache
def _facts() -> dict[Path, Facts]:
    """Every file, read once."""
    return {path: _read(ast.parse(text)) for path in SOURCES if "re" in (text := path.read_text("utf-8"))}


def _read(tree: ast.Module) -> Facts:
    facts = Facts()
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            facts.known[node.targets[0].id] = node.value
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            facts.takes |= {(node.module or "").rpartition(".")[2], *(alias.name for alias in node.names)}
        elif isinstance(node, ast.Attribute) and node.attr in SCANS | WHOLE:
            name = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            facts.done.setdefault(name, set()).add(node.attr)
        elif isinstance(node, ast.Call) and node.args and _is_of_re(node.func):
            facts.calls.append(node)
    return facts


def _is_of_re(called: ast.expr) -> bool:
    is_named = isinstance(called, ast.Attribute) and called.attr in SCANS | WHOLE | {"compile"}
    return is_named and getattr(called.value, "id", "") == "re"  # type: ignore[attr-defined]


def uses() -> Iterator[tuple[str, str, int, set[str]]]:
    """Every pattern that is written in the code: where, the pattern, its flags, and what is done with it."""
    for path, facts in _facts().items():
        for call in facts.calls:
            pattern, verb = _constant(facts, call.args[0]), call.func.attr  # type: ignore[attr-defined]
            if isinstance(pattern, str):
                name = next((name for name, value in facts.known.items() if value is call), "")
                yield f"{path}:{call.lineno}", pattern, _flags(call), {verb} if verb != "compile" else _done(path, name)


def _done(path: Path, name: str) -> set[str]:
    """What is done with the compiled pattern of this name: here, or in files that take it from here."""
    found = {
        how for other, facts in _facts().items() if other == path or path.stem in facts.takes
        for how in facts.done.get(name, ())
    }  # fmt: skip
    return found or {"search"}


def _constant(facts: Facts, node: ast.expr) -> object:
    """A pattern that is written out, also of pieces that are constants of the same module."""
    if isinstance(node, ast.JoinedStr):
        parts = [
            p.value if isinstance(p, ast.Constant) else _constant(facts, getattr(p, "value", p)) for p in node.values
        ]
        return "".join(map(str, parts)) if None not in parts else None
    if isinstance(node, ast.Name) and node.id in facts.known:
        return _constant(facts, facts.known[node.id])
    return node.value if isinstance(node, ast.Constant) else None


def _flags(call: ast.Call) -> int:
    """The flags of a call, by their names."""
    given_ = [ast.unparse(a) for a in [*call.args[1:], *(k.value for k in call.keywords if k.arg == "flags")]]
    names = re.findall(r"re\.([A-Z]+)", " ".join(given_))
    return sum({int(getattr(re, name)) for name in names})


def _one_of(items: Sequence[Any]) -> str:
    """A character of a class."""
    is_negated = bool(items) and str(items[0][0]) == "NEGATE"
    if is_negated:
        compiled = [(str(op), value) for op, value in items[1:]]
        return next((c for c in USUAL if not any(_is_in(c, op, value) for op, value in compiled)), "\u2603")
    op, value = items[0]
    return {"LITERAL": lambda: chr(value), "RANGE": lambda: chr(value[0])}.get(
        str(op), lambda: CATEGORIES.get(str(value).removeprefix("CATEGORY_"), "a")
    )()


def _is_in(character: str, op: str, value: Any) -> bool:
    if op == "LITERAL":
        return ord(character) == value
    if op == "RANGE":
        return bool(value[0] <= ord(character) <= value[1])
    kind = str(value).removeprefix("CATEGORY_")
    what = {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w", "NOT_DIGIT": r"\D", "NOT_SPACE": r"\S", "NOT_WORD": r"\W"}
    return re.match(what[kind], character) is not None


def shortest(tree: Any) -> str:
    """A short text that a part of a pattern likes; what looks around is left out."""
    return "".join(_shortest(str(op), value) for op, value in tree)


def _shortest(op: str, value: Any) -> str:
    if op == "LITERAL":
        return chr(value)
    if op == "NOT_LITERAL":
        return next(c for c in USUAL if ord(c) != value)
    if op == "IN":
        return _one_of(value)
    if op == "ANY":
        return "a"
    if op == "BRANCH":
        return shortest(value[1][0])
    if op == "SUBPATTERN":
        return shortest(value[3])
    if op in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return shortest(value[2]) * max(value[0], 0)
    return shortest(value) if op == "ATOMIC_GROUP" else ""


def pumps(tree: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """(what stands before it, what is repeated) for each part that may repeat without end."""
    for op, value in tree:
        name = str(op)
        if name in ("MAX_REPEAT", "MIN_REPEAT") and value[1] > 1_000:
            yield from ((before, unit) for unit in _units(value[2]))
        for inner in _inside(name, value):
            yield from pumps(inner, before)
        before += _shortest(name, value)


def _inside(name: str, value: Any) -> list[Any]:
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return [value[2]]
    if name == "SUBPATTERN":
        return [value[3]]
    if name == "BRANCH":
        return list(value[1])
    return [value[1]] if name in ("ASSERT", "ASSERT_NOT") else [value] if name == "ATOMIC_GROUP" else []


def _units(tree: Any) -> list[str]:
    """What a repeated part likes: its shortest text, and a character of each kind in it."""
    found = {shortest(tree)}
    for op, value in tree:
        if str(op) == "IN" and str(value[0][0]) != "NEGATE":
            found |= {_one_of([item]) for item in value}
        elif str(op) == "IN":
            found |= {c for c in "a .1(" if not any(_is_in(c, str(o), v) for o, v in value[1:])}
        for inner in _inside(str(op), value):
            found |= set(_units(inner))
    return sorted(found - {""})


def _seconds(pattern: re.Pattern[str], text: str, how: str) -> float:
    begun = time.process_time()
    if how == "sub":
        pattern.sub("", text)
    else:
        getattr(pattern, how)(text)
    return time.process_time() - begun


def is_slow(pattern: str, flags: int, how: set[str]) -> str:
    """A beginning, a unit and an end on which it is, each time of three; empty when there is none."""
    compiled, tree = re.compile(pattern, flags), parser.parse(pattern, flags)
    ways = ({"sub"} if how & SCANS else set()) | (how & WHOLE)
    for before, unit in dict.fromkeys(pumps(tree)):
        for end in ENDS:
            short, long = (before + unit * (length // len(unit)) + end for length in (LENGTH // 4, LENGTH))
            if any(all(_grows(compiled, short, long, way) for _ in range(3)) for way in ways):
                return f"{before[:20]!r} + {unit!r} × {LENGTH // len(unit)} + {end!r}"
    return ""


def _grows(compiled: re.Pattern[str], short: str, long: str, how: str) -> bool:
    """Whether four times as much takes nine times as long, and far longer than going over it once."""
    once, took = _seconds(YARDSTICK, "ab" * (LENGTH // 2), "fullmatch"), _seconds(compiled, long, how)
    return took > MOST_TIMES * once and took > 9 * _seconds(compiled, short, how)


def test_no_pattern_takes_the_square_of_what_it_reads() -> None:
    tried = dict.fromkeys((at, pattern, flags, frozenset(how)) for at, pattern, flags, how in uses())
    assert len(tried) > 250
    slow = {at: told for at, pattern, flags, how in tried if (told := is_slow(pattern, flags, set(how)))}
    assert slow == {}


@pytest.mark.parametrize("pattern", [r"\w+ \d+$", r"\s*\n\s*", r"x*y", r"(?:\s?\.){3,}\s*\w{1,6}$"])
def test_one_that_does_is_found(pattern: str) -> None:
    assert is_slow(pattern, 0, {"search"})


# What these were before, which is what they must still do.
BEFORE: dict[str, tuple[re.Pattern[str], re.Pattern[str], str]] = {
    "counted": (desk.COUNTED, re.compile(r"(\w+) \d+$"), "ab 12\n"),
    "edges": (
        blocks.EDGES,
        re.compile(r"\s*(</?(?:table|caption|thead|tbody|tfoot|tr|th|td|dl|dt|dd)\b[^<>]*>)\s*"), "x \n<td></tr>d",
    ),
    "blanks": (inline.BLANKS, re.compile(r"\s*\n\s*"), "a \n\t"),
    "fence": (density.FENCE, re.compile(r"(`{3,})[^`]*|(~{3,}).*"), "`~a "),
    "tag": (dialect.TAG, re.compile(r"<\s*/?\s*([a-zA-Z][\w.-]*)([^<>]*)>?"), "< /a>-1"),
    "own id": (markdown.OWN_ID, re.compile(r"\{#([^\s{}]+)[^{}]*\}"), "{#a }"),
    "leaders": (plain_pages.LEADERS, re.compile(r"(?:\s?\.){3,}\s*\w{1,6}$"), ". \n1a"),
    "sentence": (
        sentences.ENDING,
        re.compile(r"""(?:(?<![.!?…؟۔।॥։።])[.!?…؟۔।॥։።]+["'”’»›)\]]*(?=\s|\Z)|[。！？｡]+[”’」』）]*)\s*|\s*\n\s*"""), "a.!。”) \n",
    ),
    "break": (
        structure.BREAK,
        re.compile(r"(?<=[.!?;:。！？；])[\"”’»)\]]*\s*(?=\S)|\n\s*(?=\S)|\s+(?=\(?[a-zA-Z0-9]{1,4}\)\s)"), "a.;”() \n1",
    ),
    "word": (structure.WORD, re.compile(r"\s+(?=\S)"), "a \n"),
    "between": (comment_csv._BETWEEN, re.compile(r"\s*[;,|]\s*"), "a ;,|\n"),
    "own id of a unit": (suggestions.ID, re.compile(r"\s*\{[#:][^{}\n]*\}"), "a {#}:\n"),
    "quoted": (
        definitions.QUOTED,
        re.compile(r"(?:‘(.{2,80}?)’|“(.{2,80}?)”|„(.{2,80}?)[“”]|«\s?(.{2,80}?)\s?»|「(.{2,80}?)」)\s*[,:–—-]?\s*(?=\S)"), "‘a’« », ",
    ),
    "token of a mail": (
        mail_files.TOKEN,
        re.compile(
            r"<!--.*?(?:-->|\Z)|<(script|style|title)\b.*?(?:</\1\s*>|\Z)|</?([a-z][a-z0-9]*)[^<>]*>|([^<]+|<)",
            re.IGNORECASE | re.DOTALL,
        ), "<a1/> ",
    ),
    "picture": (sheets.NAME, re.compile(r'src="[^"]*?([^"/]*)"'), 'src="/a'),
    "range": (
        oasis_log._RANGE, re.compile(r"(\d[\d.]*)\.(\d{1,3}) ?[-–] ?(\d[\d.]*)\.(\d{1,3})(?![\d.])"), "12.- –",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BEFORE)
@given(data=st.data())
def test_they_do_what_they_did(name: str, data: st.DataObject) -> None:
    now, before, alphabet = BEFORE[name]
    text = data.draw(st.text(alphabet=alphabet, max_size=24))
    assert [(m.span(), m.groups()) for m in now.finditer(text)] == [
        (m.span(), m.groups()) for m in before.finditer(text)
    ]
    assert (now.fullmatch(text) is None) == (before.fullmatch(text) is None)


@given(st.text(alphabet="a-—\\~ (\n\u200e", max_size=24))
def test_what_leads_to_a_signature_goes_as_before(body: str) -> None:
    before = re.compile(r"[\s\u200e\u200f]*(?:--+|[—–-]|(?:\\~)+)?[\s\u200e\u200f(]*$")
    assert talk_words.before_signature(body) == before.sub("", body)


@given(st.text(max_size=30))
def test_words_that_are_made_a_pattern_are_found_as_they_are(words: str) -> None:
    found = redaction.pattern(words)
    assert found is None or redaction.holds(f"before {words} after", words)
    for sign in r".^$*+?{}[]\|()":
        assert not redaction.holds("abc", f"a{sign}c") or sign in "*\\"
