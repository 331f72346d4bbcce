"""docs/security/README.md says what the code does: limits, times, files, keys and connections."""

from __future__ import annotations

import ast
import re
from dataclasses import fields
from functools import cache
from pathlib import Path

from consult.accounts import links, passwords
from consult.accounts.operations import sign_ins
from consult.core.media import ENDINGS, SHOWN
from consult.core.rules import PROVEN_FOR
from consult.documents.importers import child, guard, taking
from consult.settings import Settings

from .test_code import SOURCES

PAGE = Path("docs/security/README.md").read_text("utf-8")
RATE = re.compile(r"\d+ per (?:\d+ )?(?:hour|minute|second|day)s?")


def section(title: str) -> str:
    """What stands below a heading of the page."""
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


@cache
def limits_in_code() -> frozenset[str]:
    """Each limit of a door, or of `at_most`, that is written in the code."""
    texts = (path.read_text("utf-8") for path in SOURCES if path.name not in ("settings.py", "limits.py", "doors.py"))
    given = (
        node.value
        for text in texts if "limit" in text or "per hour" in text or " minutes" in text
        for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )  # fmt: skip
    return frozenset(value for value in given if RATE.fullmatch(value))


def test_every_limit_is_on_the_page() -> None:
    told = set(RATE.findall(" ".join(re.findall(r"^\| (`[^|]+`) \|", section("Limits"), re.MULTILINE))))
    assert told == limits_in_code()
    for name in ("writing_per_person", "writing_per_address", "largest_file"):
        assert f"CONSULT_{name.upper()}" in PAGE
    assert "4 MB at most and has 2,000 parts" in PAGE


def test_ways_in_are_on_the_page(app: object) -> None:
    ways = section("Ways in")
    for words in ("password", "passkey", "recovery code", "mailed link", "consult admin", "OpenID", "access token"):
        assert words in ways
    entering = {
        path.stem for path in SOURCES
        if path.parts[1:3] == ("accounts", "views") and re.search(r"(?<!def )\benter\(|start_sign_in,", path.read_text("utf-8"))
    }  # fmt: skip
    assert entering - {"entering"} == {"signing", "passkeys", "providers"}, "a new way in belongs on the page"
    assert links.LIFETIMES[links.RESET].total_seconds() == 3600


def test_words_no_password_may_be_are_on_the_page() -> None:
    listed = re.findall(r"`([^`]+)`", PAGE.split("**Words no password may be**")[1].split("\n\n")[0])
    assert len(listed) >= 5
    for word in listed:
        assert passwords.weakness(word, "Ada Lovelace", "ada@example.org"), word
    assert f"{len(passwords.LISTED):,} passwords" in PAGE


def test_how_long_one_stays_signed_in_is_on_the_page() -> None:
    hours, days = sign_ins.SHORT.total_seconds() / 3600, sign_ins.LONG.days
    assert f"ends after {hours:.0f} hours, or {days} days" in PAGE
    assert f"again after {PROVEN_FOR.total_seconds() / 60:.0f} minutes" in PAGE
    assert "Any number of browsers may be signed in" in PAGE


def test_files_that_are_taken_are_on_the_page() -> None:
    said = section("Files")
    assert {f".{e}" for e in re.findall(r"(?<=[ |])\.(\w+)", said)} == {endings[0] for endings in ENDINGS.values()}
    for size in (guard.LARGEST_ARCHIVE, guard.LARGEST_INFLATED, child.MEMORY):
        assert f"{size // 1_048_576} MB" in said
    assert f"{child.WORK} seconds" in said
    assert {kind.partition("/")[2].upper() for kind in SHOWN} == {"PNG", "JPEG", "GIF", "WEBP"}


def test_what_costs_much_is_on_the_page() -> None:
    said = section("What costs much")
    assert f"{taking.LONGEST} seconds at most" in said
    assert taking.AT_ONCE == 2
    for words in ("reading a file", "passwords", "Markdown", "jobs"):
        assert words in said


def test_keys_and_what_they_are_for_are_on_the_page() -> None:
    said = section("Keys")
    for words in ("HMAC-SHA-256", "Fernet", "HKDF", "argon2id", "SHA-256", "fido2", "384 random bits", "Replace it"):
        assert words in said
    signing = {
        path.stem for path in SOURCES if re.search(r"\bhmac\.new\(|itsdangerous|Fernet\(", path.read_text("utf-8"))
    }
    known = {
        "limits",
        "proof",
        "traps",
        "queue",
        "app",
        "links",
        "passkeys",
        "factors",
        "devices",
        "receipt_codes",
        "endings",
        "arrivals",
        "tokens",
        "making",
    }
    assert signing <= known, "whatever signs or seals belongs into the table"


def test_connections_are_on_the_page() -> None:
    said = section("Connections")
    asked = {f.name for f in fields(Settings) if f.name.endswith("_url")} - {"public_url"}
    assert asked == {"database_url", "database_replica_url", "files_url", "redis_url", "mail_url"}
    assert all(f"CONSULT_{name.upper()}" in said for name in (*asked, "oidc_issuer"))


def test_sign_ins_elsewhere_are_on_the_page() -> None:
    said = PAGE.split("**Sign-ins elsewhere.**")[1].split("\n\n")[0]
    for words in ("OpenID", "second step", "signing out there", "signing out here", "weakest", "Unlinking"):
        assert words in said
    assert f"for {sign_ins.SHORT.total_seconds() / 3600:.0f} hours" in said


def test_logs_are_on_the_page() -> None:
    """Each logger, and that standard error is the only place."""
    said, texts = section("Logs"), {path: path.read_text("utf-8") for path in SOURCES}
    named = {name for text in texts.values() for name in re.findall(r"getLogger\(\"([^\"]+)\"\)", text)} - {"consult"}
    assert named == {"consult.requests", "consult.slow"}
    assert all(f"`{name}`" in said for name in named)
    for words in ("JSON", "UTC", "standard error", "30 days", "No line says who", "NTP"):
        assert words in said
    handlers = {call for text in texts.values() for call in re.findall(r"\b\w*Handler\(|basicConfig\(|syslog", text)}
    assert handlers == {"StreamHandler("}


def test_classes_of_data_are_on_the_page() -> None:
    said = section("Classes of data")
    assert "consult/privacy/inventory.toml" in said
    assert len(re.findall(r"^\| [a-z]", said, re.MULTILINE)) == 4


def test_days_for_libraries_are_on_the_page() -> None:
    said = section("Libraries")
    assert [int(n) for n in re.findall(r"\*\*(\d+) days\*\*", said)] == [7, 30, 90]
    assert "consult/core/floors.py" in said
