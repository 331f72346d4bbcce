"""What protects in the code itself, for every room at once. docs/security/asvs.csv says which demand each one meets."""

from __future__ import annotations

import ast
import base64
import hashlib
import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher, extract_parameters
from flask import Flask, session
from flask_wtf.csrf import generate_csrf
from wtforms import PasswordField

from consult.accounts import factors, links, passwords
from consult.accounts import forms as accounts_forms
from consult.accounts.models import Person
from consult.accounts.passkeys import ENTER, Site
from consult.core import clock, ids, traps
from consult.core.queue import build
from consult.moderation import receipt_codes
from consult.notices import endings
from consult.settings import Settings
from tests.make import PASSWORD, Make
from tests.visitor import Visitor

from .test_code import SOURCES

Visit = Callable[..., Visitor]
SCRIPTS = sorted(Path("static/js").rglob("*.js"))
KEY = "k" * 40


@cache
def _nodes() -> list[tuple[Path, ast.AST]]:
    """What the tests below look at, read once: calls, imports, and names of attributes."""
    wanted = (ast.Call, ast.Import, ast.ImportFrom, ast.Assign, ast.Attribute)
    trees = ((path, ast.parse(path.read_text("utf-8"))) for path in SOURCES)
    return [(path, node) for path, tree in trees for node in ast.walk(tree) if isinstance(node, wanted)]


def _calls() -> Iterator[tuple[str, str, ast.Call]]:
    """Every call: where, the last part of what is called, and the call."""
    for path, node in _nodes():
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yield f"{path}:{node.lineno}", name, node


def _imported() -> Iterator[tuple[Path, str]]:
    """Every import: where, and the dotted name; of a module that is loaded later, everything that is taken from it."""
    yield from _taken_later()
    for path, node in _nodes():
        if isinstance(node, ast.Import):
            yield from ((path, alias.name) for alias in node.names)
        if isinstance(node, ast.ImportFrom) and not node.level:
            yield from ((path, f"{node.module}.{alias.name}") for alias in node.names)


def _taken_later() -> Iterator[tuple[Path, str]]:
    """What is taken from `name = later.module("…")`, which the test below holds to be written so."""
    names: dict[tuple[Path, str], str] = {}
    for path, node in _nodes():
        if isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("later.module("):
            assert isinstance(node.targets[0], ast.Name)
            assert isinstance(node.value, ast.Call)
            assert isinstance(node.value.args[0], ast.Constant), f"{path}: the name of a module is written out"
            names[path, node.targets[0].id] = str(node.value.args[0].value)
    for path, node in _nodes():
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and (path, node.value.id) in names:
            yield path, f"{names[path, node.value.id]}.{node.attr}"


def test_what_is_loaded_later_is_seen_by_these_tests() -> None:
    written = [at for at, name, call in _calls() if name == "module" and ast.unparse(call.func) == "later.module"]
    assigned = [
        n for _, n in _nodes() if isinstance(n, ast.Assign) and ast.unparse(n.value).startswith("later.module(")
    ]
    inline = [
        at for at in written if at.partition(":")[0] == "consult/core/schema.py"
    ]  # flask_migrate, made into a thing
    assert len(written) == len(assigned) + len(inline) > 10
    assert ("consult/accounts/arrivals.py", "cryptography.fernet.Fernet") in {(str(p), n) for p, n in _taken_later()}


# Code and statements


def test_no_code_runs_what_it_is_told() -> None:
    """No eval, no shell, no objects out of bytes, no template made of words."""
    runs = {
        "eval",
        "exec",
        "compile",
        "__import__",
        "system",
        "popen",
        "render_template_string",
        "from_string",
        "Template",
    }
    assert [at for at, name, call in _calls() if name in runs and not _is_pattern(call)] == []
    assert [at for at, _, call in _calls() if any(k.arg == "shell" for k in call.keywords)] == []
    loads = {"pickle", "marshal", "shelve", "dill", "yaml", "xmlrpc", "code"}
    assert [(p, name) for p, name in _imported() if name.split(".")[0] in loads] == []
    starts = {str(p) for p, name in _imported() if name.split(".")[0] == "subprocess"}
    assert starts == {"consult/documents/importers/taking.py", "consult/outcomes/printing.py"}


def _is_pattern(call: ast.Call) -> bool:
    """A regular expression, or a statement made into SQL."""
    is_of_re = isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") == "re"
    return is_of_re or any(keyword.arg == "dialect" for keyword in call.keywords)


def test_statements_are_built_without_words_of_people() -> None:
    """SQL that is text is written in the code; full-text search says the names of its own columns."""
    begin = "'BEGIN IMMEDIATE' if is_write else 'BEGIN'"
    own = {"consult/core/engines.py": {begin, "OUR_LIMITS"}, "consult/core/editions.py": {"_bump(engine.dialect, os.getpid() % shards, seen)"}, "consult/search/fulltext.py": {"statement", "source", "f'search_row.{vector}'"}, "consult/documents/frozen.py": {"statement"},
           "consult/demo/sown/aside.py": {"f\"SET LOCAL {setting} = '{value}'\"", "f'PRAGMA cache_size = -{CACHE}'", "f'PRAGMA cache_size = {before}'"},
           "consult/lobby/condition.py": {"asked", "f'PRAGMA {name}'"}}  # fmt: skip
    for at, name, call in _calls():
        path = at.partition(":")[0]
        if (
            path == "consult/backup/rows.py"
        ):  # names of tables, triggers and constraints, from our models and the catalogue
            continue
        if name in ("exec_driver_sql", "literal_column", "sql", "text_clause") and call.args:
            given = call.args[0]
            if not isinstance(given, ast.Constant):
                assert ast.unparse(given) in own.get(path, set()), at
    assert not [p for p, name in _imported() if name == "sqlalchemy.text" and "text as sql" not in p.read_text("utf-8")]


def test_format_strings_are_our_own() -> None:
    """What is formatted is written in the code: a constant, or a name in capitals that is one."""
    handed_on = {
        "way",
        "told",
        "sentence",
        "line",
        "path",
        "shape",
    }  # arguments and loops over constants of the same module
    for at, name, call in _calls():
        if name in ("format", "format_map") and isinstance(call.func, ast.Attribute):
            root = call.func.value
            while isinstance(root, ast.Subscript | ast.Attribute | ast.BoolOp | ast.Call):
                root = getattr(root, "value", None) or getattr(root, "func", None) or root.values[-1]  # type: ignore[union-attr]
            is_own = isinstance(root, ast.Constant) or getattr(root, "id", "").isupper()
            assert is_own or getattr(root, "id", "") in handed_on, at


def test_no_field_is_set_by_a_name_that_was_sent() -> None:
    assert [at for at, name, _ in _calls() if name in ("populate_obj", "get_json")] == []
    for at, _, call in _calls():
        assert not [k for k in call.keywords if k.arg is None and "request.form" in ast.unparse(k.value)], at
    setting = {at.partition(":")[0] for at, name, call in _calls() if name == "setattr" and len(call.args) == 3}
    web = {path for path in setting if "/views" in path or path.endswith("/doors.py")}
    assert web == set(), "names of columns are chosen by operations, from lists of their own"


def test_a_field_counts_where_it_belongs(app: Flask, visit: Visit) -> None:
    someone = visit()
    form = someone.open("/appearance").form("Use this")
    assert 'data-theme="light"' in someone.send("/appearance?theme=dark", form.fields | {"theme": ["light"]}).body
    assert 'data-theme="dark"' in someone.send("/appearance", form.fields | {"theme": ["dark", "light"]}).body
    using = [str(p) for p in SOURCES if "request.values" in p.read_text("utf-8")]
    assert using == ["consult/administration/views/work.py", "consult/documents/views.py"], (
        "which list or part is shown"
    )


# Scripts and pages


def test_scripts_write_text_and_never_html() -> None:
    unsafe = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|postMessage|__proto__|\.constructor\b"
        r"|[\"']message[\"']|WebSocket|importScripts|set(Timeout|Interval)\([\"']|window\.\w+ =|document\.cookie|createContextual"
    )
    assert len(SCRIPTS) > 20
    assert [str(path) for path in SCRIPTS if re.search(unsafe, path.read_text("utf-8"))] == []
    for path in SCRIPTS:  # a form of ours is read into the page with its own markup; nothing else is
        for line in path.read_text("utf-8").splitlines():
            assert "parseFromString" not in line or "answer.text()" in line, path


def test_browsers_keep_only_what_was_typed_for_the_public() -> None:
    kept = {path.stem for path in SCRIPTS if "localStorage.setItem" in path.read_text("utf-8")}
    assert kept == {"kept", "reading", "table-keys", "weigh-in"}, "the last three keep a switch"
    for path in Path("templates").rglob("*.html"):
        text = path.read_text("utf-8")
        if "autosave" in text:
            assert "password" not in text, path
            is_for_all = path.parts[1] in ("debate", "learning", "consultations")
            assert is_for_all, f"{path}: is what is typed here meant for everybody?"


def test_fields_for_passwords_hide_them_and_take_what_is_pasted(visit: Visit) -> None:
    found = 0
    for kind in vars(accounts_forms).values():
        for name, made in vars(kind).items() if isinstance(kind, type) else ():
            if hasattr(made, "field_class") and "password" in name:
                assert issubclass(made.field_class, PasswordField), f"{kind.__name__}.{name}"
                found += 1
            assert not re.search(r"question|hint|maiden|birth", name), f"{kind.__name__}.{name}"
    assert found >= 5
    body = visit().open("/sign-in").body
    assert re.search(r'<input[^>]*type="password"', body)
    assert 'autocomplete="current-password"' in body
    assert not [path for path in SCRIPTS if "paste" in path.read_text("utf-8")]


def test_addresses_hold_no_secret_but_mailed_links(app: Flask) -> None:
    secret = re.compile(r"token|secret|password|code|key$")
    named = {f"{rule.rule.split('/')[1]}/{name}" for rule in app.url_map.iter_rules() for name in rule.arguments if secret.search(name)}  # fmt: skip
    clauses = {"c/key", "c/page_key", "feeds/key", "me/token_id"}  # and the number of a row
    mailed = {"email-confirmation", "mail-endings", "new-email", "new-password", "organisation-domain"}
    assert named - clauses == {f"{place}/token" for place in mailed}
    asked = {
        name
        for path in SOURCES
        for name in re.findall(r"request\.args(?:\.get|\.getlist)?[(\[]\"(\w+)", path.read_text("utf-8"))
    }
    assert {name for name in asked if secret.search(name)} <= {"code"}, "the code of an answer, in a filter"
    for path in Path("templates").rglob("*.html"):
        for form in re.findall(r'<form[^>]*method="get".*?</form>', path.read_text("utf-8"), re.DOTALL):
            assert "password" not in form or path.name == "style_guide.html", path


def test_only_what_is_meant_to_be_is_answered(app: Flask) -> None:
    client = app.test_client()
    for address in ("/", "/sign-in", "/healthz", "/assets/x/css/consult.css"):
        for method in ("TRACE", "TRACK", "CONNECT", "PUT", "DELETE", "PATCH", "PROPFIND"):
            assert client.open(address, method=method, headers={"X-Told": "again"}).status_code in (400, 403, 405), (
                method
            )


def test_nothing_is_served_but_what_is_meant_to_be(app: Flask) -> None:
    client = app.test_client()
    for address in (
        "/.git/config", "/.env", "/assets/", "/assets/x/", "/assets/x/css", "/assets/x/css/", "/static/", "/templates/",
        "/instance/secret_key", "/assets/x/../../consult/app.py", "/assets/x/..%2f..%2fpyproject.toml", "/files/",
        "/assets/x/%2e%2e/%2e%2e/consult/app.py", "/consult.sqlite3", "/docs/settings.md", "/pyproject.toml",
    ):  # fmt: skip
        assert client.get(address, follow_redirects=True).status_code == 404, address
    assert {path.suffix for path in Path("static").rglob("*") if path.is_file()} == {".css", ".js", ".svg"}


def test_a_fault_shows_a_sentence_and_nothing_of_the_inside(others: Any) -> None:
    site = others(public_url="https://consult.example.org", mode="production", mail_url="smtp://m")

    def broken() -> str:
        raise RuntimeError("SELECT secret FROM inside")

    site.view_functions["lobby.about"] = broken
    answer = site.test_client().get("/about", base_url="https://consult.example.org")
    assert answer.status_code == 500
    assert "The fault is ours" in answer.text
    assert not re.search(r"secret|Traceback|RuntimeError|\.py|sqlite", answer.text)
    assert not site.debug


def test_trying_out_is_not_there_in_production(others: Any) -> None:
    site = others(public_url="https://consult.example.org", mode="production", mail_url="smtp://m")
    for address in ("/written-mail", "/written-mail/1"):
        assert site.test_client().get(address, base_url="https://consult.example.org").status_code == 404


# Secrets


def test_chance_comes_from_the_system() -> None:
    """`random` is for what must come out the same each time: seeded, in the opinion groups and what is made to measure."""
    using = {path.parent.name for path, name in _imported() if name.split(".")[0] == "random"}
    assert using <= {"opinions", "sown"}
    assert [at for at, name, call in _calls() if name == "Random" and not call.args] == []


def test_secrets_have_bits_enough(settings: Settings) -> None:
    assert len(base64.urlsafe_b64decode(ids.new_token() + "=")) * 8 == 256
    assert len(bytes.fromhex(ids.new_key())) * 8 == 128
    assert len(base64.b32decode(factors.new_secret())) * 8 == 160
    codes = [factors.recovery_codes(KEY, 1, sheet) for sheet in ("a", "b")]
    assert {len(code.replace("-", "")) * 5 // 8 * 8 for code in codes[0]} == {128}
    assert not set(codes[0]) & set(codes[1])
    assert 5 * receipt_codes.LENGTH == 80
    assert len(settings.key) >= 64


def test_cryptography_comes_from_known_libraries() -> None:
    used = {
        name
        for _, name in _imported()
        if name.split(".")[0] in ("cryptography", "Crypto", "nacl", "OpenSSL", "jwt", "authlib")
    }
    assert used == {
        "cryptography.fernet.Fernet", "cryptography.fernet.InvalidToken", "cryptography.hazmat.primitives.hashes.SHA256",
        "cryptography.hazmat.primitives.kdf.hkdf.HKDF",
        "authlib.common.errors.AuthlibBaseError", "authlib.integrations.requests_client.OAuth2Session",
        "authlib.oidc.core.CodeIDToken",
    }, "a new one belongs on the page docs/security/how-it-is-kept.md"  # fmt: skip
    weak = {"md5", "sha1", "md4", "ripemd160", "new_hash", "DES", "ARC4", "ECB", "PKCS1v15"}
    assert [at for at, name, _ in _calls() if name in weak] == []
    assert not [p for p in SOURCES if re.search(r"[\"'](md5|sha1|MD5|SHA1)[\"']", p.read_text("utf-8"))]


def test_what_we_sign_is_signed_with_sha_256(app: Flask) -> None:
    person = Person(id=1, email="a@example.org", password_hash="h", password_changed_at=clock.now())
    with app.test_request_context():
        session["x"] = 1
        cookie = app.session_interface.get_signing_serializer(app).dumps(dict(session))  # type: ignore[attr-defined, union-attr]
        signed = [
            links.token(KEY, links.RESET, person), endings.token(KEY, 1, "replies"), generate_csrf(), traps._moment(), cookie,
            Site("https://c.example.org", "Consult", KEY).ask(ENTER).asked,
        ]  # fmt: skip
    for text in signed:
        signature = text.rpartition(".")[2]
        assert len(base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))) == hashlib.sha256().digest_size, (
            text
        )


def test_a_sealed_key_that_was_changed_opens_nothing() -> None:
    sealed = factors.seal(KEY, 1, "ABCDEFGH")
    assert factors.unseal(KEY, 1, sealed) == "ABCDEFGH"
    for place in range(0, len(sealed) - 4, 7):  # the last letters hold bits that mean nothing
        other = "A" if sealed[place] != "A" else "B"
        assert factors.unseal(KEY, 1, sealed[:place] + other + sealed[place + 1 :]) == ""


def test_passwords_cost_enough() -> None:
    """ASVS appendix C: argon2id with 12 MiB and three passes, or more memory and fewer."""
    of = extract_parameters(passwords.hash_password("seven quiet otters sing"))
    assert (of.type.name, of.time_cost >= 3, of.memory_cost >= 12 * 1024) == ("ID", True, True)
    assert of.memory_cost >= PasswordHasher().memory_cost


def test_long_passwords_are_taken_whole() -> None:
    for length in (64, 128, passwords.LONGEST):
        long = ("seven quiet otters sing about öld rivers; " * 20)[: length - 1] + "!"
        assert passwords.weakness(long, "Ada", "ada@example.org") == ""
    kept = passwords.hash_password(long)
    assert passwords.verify_password(kept, long)
    assert not passwords.verify_password(kept, long[:-1] + "?"), "the last sign counts"


def test_no_password_grows_old(visit: Visit, make: Make) -> None:
    make.person("Ada", email="ada@example.org", password_changed_at=clock.now() - timedelta(days=9_000))
    someone = visit()
    someone.open("/sign-in")
    assert someone.press("Sign in", email="ada@example.org", password=PASSWORD).heading == "Your account"


def test_the_queue_takes_only_what_we_signed(app: Flask, tmp_path: Path) -> None:
    (queue, wake), other = build(app, "", tmp_path), Flask("other")
    other.config["SECRET_KEY"] = "another key, another key, another"
    stranger, wake_by_stranger = build(other, "", tmp_path)
    wake(7, None)
    assert queue.deserialize_task(queue.storage.dequeue()).args == (7,)
    wake_by_stranger(7, None)
    with pytest.raises(ValueError, match="mismatch"):
        queue.deserialize_task(stranger.storage.dequeue())


# Libraries


def test_every_library_is_locked_with_its_hash() -> None:
    told = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))
    wanted = {
        "requirements.lock": told["project"]["dependencies"],
        "requirements-dev.lock": [*told["project"]["dependencies"], *told["dependency-groups"]["dev"]],
    }
    for name, needed in wanted.items():
        text = Path(name).read_text("utf-8")
        blocks = re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).strip())
        locked = {}
        for block in blocks:
            first = re.match(r"([A-Za-z0-9._-]+)(?:\[[\w,]+\])?==([^\s;\\]+)", block)
            assert first, f"{name}: {block[:80]} is no version from the registry"
            assert "--hash=sha256:" in block, f"{name}: {first[1]} has no hash"
            locked[first[1].lower().replace("_", "-")] = first[2]
        missing = {re.match(r"[\w.-]+", one)[0].lower() for one in needed} - set(locked)  # type: ignore[index]
        assert missing == set(), name
    assert "--require-hashes" in Path("Makefile").read_text("utf-8")
