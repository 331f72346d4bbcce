"""Tests about the code: what people forget, the build does not."""

from __future__ import annotations

import ast
import gzip
import inspect
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from flask import Flask
from sqlalchemy import Table
from sqlalchemy.orm import RelationshipProperty

from consult.api.contract import ENDPOINTS
from consult.core.db import Base
from consult.core.doors import Room

PACKAGE = Path("consult")
SOURCES = sorted(p for p in PACKAGE.rglob("*.py") if "migrations" not in p.parts)
LONGEST_FILE = 400
LONGEST_FUNCTION = 40
MOST_STATEMENTS_IN_A_VIEW = 12
# Read before anybody is known: who is behind a token or a password, and the links in mails.
QUERIES_WITHOUT_A_VIEWER = {"accounts"}


def _modules(floor: str) -> Iterator[ModuleType]:
    for path in SOURCES:
        parts = path.with_suffix("").parts
        if floor in parts[2:] and parts[1] != "core":
            yield import_module(".".join(parts))


def _own_functions(module: ModuleType) -> Iterator[tuple[str, object]]:
    for name, value in vars(module).items():
        if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_"):
            yield name, value


def test_every_door_says_who_may_pass(app: Flask) -> None:
    rooms = {name: room for name, room in app.blueprints.items() if isinstance(room, Room)}
    doors = [rule.endpoint for rule in app.url_map.iter_rules()]
    open_by_design = {"asset"}
    unguarded = [d for d in doors if d not in open_by_design and d.split(".")[-1] not in rooms[d.split(".")[0]].permits]
    assert not unguarded


def test_get_never_writes_and_every_write_is_a_post_or_of_a_program(app: Flask) -> None:
    rules = list(app.url_map.iter_rules())
    writes = [(str(rule), rule.methods - {"GET", "HEAD", "OPTIONS"}) for rule in rules]
    assert not [rule for rule, m in writes if m not in (set(), {"POST"}) and not rule.startswith("/api/v1/")]
    assert not [rule for rule, m in writes if m not in (set(), {"POST"}, {"PUT"})]
    assert not [str(rule) for rule in rules if "GET" in rule.methods and rule.methods & {"POST", "PUT"}]


def test_every_door_below_the_interface_is_declared(app: Flask) -> None:
    """One that is not would be missing in the document, and its answers would be checked by nothing."""
    declared = {f"v1.{endpoint.name}" for endpoint in ENDPOINTS} | {"v1.openapi"}
    below = {
        r.endpoint for r in app.url_map.iter_rules() if str(r).startswith("/api/v1") or r.endpoint.startswith("v1.")
    }
    assert below == declared


def test_addresses_are_lower_case_nouns_with_hyphens(app: Flask) -> None:
    fixed = [re.sub(r"<[^>]+>", "", str(rule)) for rule in app.url_map.iter_rules()]
    assert not [f for f in fixed if not re.fullmatch(r"[a-z0-9/.\-]*", f)]


def test_every_query_takes_a_viewer() -> None:
    missing = [
        f"{module.__name__}.{name}"
        for floor in ("queries", "reading")
        for module in _modules(floor)
        if module.__name__.split(".")[1] not in QUERIES_WITHOUT_A_VIEWER
        for name, function in _own_functions(module)
        if "db" in vars(module) and "db.session" in inspect.getsource(function)
        and "viewer" not in inspect.signature(function).parameters
    ]  # fmt: skip
    assert not missing


def test_every_public_function_of_operations_is_an_operation() -> None:
    loose = [
        f"{module.__name__}.{name}"
        for module in _modules("operations")
        for name, function in _own_functions(module)
        if not hasattr(function, "rule")
    ]
    assert not loose


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_files_and_functions_can_be_read_in_one_go(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= LONGEST_FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{path}:{node.lineno} {node.name} has {length} lines"


@pytest.mark.parametrize("path", [p for p in SOURCES if "views" in str(p)], ids=str)
def test_views_only_conduct(path: Path) -> None:
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            statements = [n for n in ast.walk(node) if isinstance(n, ast.stmt) and n is not node]
            count = len([n for n in statements if not isinstance(n, ast.Expr) or not isinstance(n.value, ast.Constant)])
            assert count <= MOST_STATEMENTS_IN_A_VIEW, f"{path}:{node.lineno} {node.name} has {count} statements"


def test_numbers_in_addresses_are_ones_a_database_can_hold() -> None:
    found = [str(path) for path in SOURCES if re.search(r"args\.get\(.*\bint\)", path.read_text("utf-8"))]
    assert found == [], "use type=whole"


def test_only_one_place_makes_markup_and_one_commits() -> None:
    for path in SOURCES:
        text = path.read_text("utf-8")
        if path != PACKAGE / "core" / "text.py":
            assert "Markup(" not in text, path
        if path != PACKAGE / "core" / "db.py":
            assert ".commit()" not in text, path


def test_no_import_hides_in_a_function() -> None:
    hidden = [
        f"{path}:{inner.lineno}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert not hidden


def test_rows_are_never_loaded_by_surprise(app: Flask) -> None:
    lazy = [
        str(relation)
        for mapper in Base.registry.mappers
        for relation in mapper.relationships
        if isinstance(relation, RelationshipProperty) and relation.lazy != "raise_on_sql"
    ]
    assert not lazy


def _leads_an_index(table: Table, column: str) -> bool:
    indexed = [[c.name for c in index.columns] for index in table.indexes]
    unique = [
        [c.name for c in k.columns] for k in table.constraints if hasattr(k, "columns") and not hasattr(k, "elements")
    ]
    return any(columns[:1] == [column] for columns in indexed + unique)


def test_every_foreign_key_has_an_index(app: Flask) -> None:
    bare = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.foreign_keys and not _leads_an_index(table, column.name)
    ]
    assert not bare


TEMPLATES = sorted(Path("templates").rglob("*.html"))


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_templates_hold_no_style_script_or_unchecked_html(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"\|\s*safe\b", text)
    assert not re.search(r"\sstyle=", text)
    assert not re.search(r"\son[a-z]+=\"", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)


def test_every_mail_begins_with_its_subject() -> None:
    mails = sorted(Path("templates/mail").rglob("*.txt"))
    assert mails
    shared = {"_"}
    assert not [
        m for m in mails if m.name[0] not in shared and not re.match(r"(\{[^\n]*\}\s*)*Subject: ", m.read_text())
    ]


def test_every_module_of_the_domain_is_kept_from_the_web() -> None:
    contracts = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    kept = {name for contract in contracts if "web" in contract["name"] for name in contract["source_modules"]}
    rooms = {name.split(".")[1] for name in kept}
    knows_the_web = {"views", "forms", "cli", "jobs", "__init__", "__pycache__"}
    there = {
        f"consult.{room}.{path.stem}"
        for room in rooms
        for path in (PACKAGE / room).iterdir()
        if path.stem not in knows_the_web and (path.suffix == ".py" or (path / "__init__.py").exists())
    }
    assert sorted(there - kept) == []


ROOM_SHEETS = sorted(Path("static/css/rooms").glob("*.css"))


def _selectors(css: str) -> Iterator[str]:
    bare = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    for found in re.finditer(r"([^{};]+)\{", bare):
        if not found[1].strip().startswith("@"):
            yield from (part.strip() for part in re.split(r",(?![^(]*\))", found[1]))


def _leading_classes(selector: str) -> set[str]:
    """The class a selector begins with; of `:is(.a, .b)` all of them."""
    first = re.match(r"\.[\w-]+|:(?:is|where)\([^)]*\)", selector)
    return set(re.findall(r"\.([\w-]+)", first[0])) if first else set()


def test_a_class_belongs_to_one_room() -> None:
    owners: dict[str, set[str]] = {}
    for path in ROOM_SHEETS:
        for selector in _selectors(path.read_text("utf-8")):
            for name in _leading_classes(selector):
                owners.setdefault(name, set()).add(path.name)
    assert len(owners) > 100
    assert not {name: sheets for name, sheets in owners.items() if len(sheets) > 1}


def test_the_stylesheet_stays_small(app: Flask) -> None:
    with app.test_request_context():
        address = app.jinja_env.from_string('{{ asset("css/consult.css") }}').render()
    assert len(gzip.compress(app.test_client().get(address).data, 9)) <= 12 * 1024


LOAD_ALL = """
import runpy, sys
for script in sys.argv[1:]:
    runpy.run_path(script, run_name="measured")
"""


def test_every_measurement_loads() -> None:
    scripts = sorted(str(path) for path in Path("bench").glob("*.py"))
    assert scripts
    done = subprocess.run([sys.executable, "-c", LOAD_ALL, *scripts], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
