"""Settings: each documented, each wrong value told in a sentence, nothing unsafe in production."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from consult.settings import BadSettings, Settings, documentation

PRODUCTION = {
    "CONSULT_MODE": "production",
    "CONSULT_PUBLIC_URL": "https://consult.example.org",
    "CONSULT_MAIL_URL": "smtp://mail.example.org",
}


def test_every_setting_is_in_the_table_of_the_docs() -> None:
    assert documentation() in Path("docs/settings.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("CONSULT_DATABSE_URL", "sqlite:///x", "CONSULT_DATABSE_URL is not a setting"),
        ("CONSULT_DATABASE_URL", "mysql://x", "CONSULT_DATABASE_URL must start with"),
        ("CONSULT_DATABASE_REPLICA_URL", "sqlite:///x", "CONSULT_DATABASE_REPLICA_URL must start with"),
        ("CONSULT_DATABASE_REPLICA_URL", "postgresql://x/y", "are for PostgreSQL"),
        ("CONSULT_DATABASE_POOLER", "session", "CONSULT_DATABASE_POOLER is 'session'"),
        ("CONSULT_PUBLIC_URL", "example.org", "CONSULT_PUBLIC_URL must start with"),
        ("CONSULT_REDIS_URL", "http://x", "CONSULT_REDIS_URL must start with"),
        ("CONSULT_MAIL_URL", "mail.example.org", "CONSULT_MAIL_URL must start with"),
        ("CONSULT_WORKERS", "many", "CONSULT_WORKERS is 'many'; it must be a whole number"),
        ("CONSULT_PROXIES", "-1", "CONSULT_PROXIES is '-1'"),
        ("CONSULT_MODE", "debug", "CONSULT_MODE is 'debug'"),
        ("CONSULT_SECRET_KEY", "changeme", "CONSULT_SECRET_KEY is too easy to guess"),
    ],
)
def test_a_wrong_value_is_told_in_a_sentence(name: str, value: str, sentence: str) -> None:
    with pytest.raises(BadSettings, match=sentence):
        Settings.from_environ({name: value})


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(BadSettings) as caught:
        Settings.from_environ({"CONSULT_MODE": "x", "CONSULT_WORKERS": "0", "CONSULT_FOO": "1"})
    assert len(str(caught.value).splitlines()) == 3


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"CONSULT_PUBLIC_URL": "http://consult.example.org"}, "must be the public https:// address"),
        ({"CONSULT_MAIL_URL": ""}, "CONSULT_MAIL_URL is missing"),
        ({"CONSULT_SECRET_KEY": "secret"}, "too easy to guess"),
    ],
)
def test_production_refuses_what_is_unsafe(change: dict[str, str], sentence: str) -> None:
    Settings.from_environ(PRODUCTION)
    with pytest.raises(BadSettings, match=sentence):
        Settings.from_environ(PRODUCTION | change)


def test_requests_are_lines_in_production_and_elsewhere_where_it_is_asked_for() -> None:
    asked = {"CONSULT_REQUEST_LOG": "on"}
    assert Settings.from_environ(PRODUCTION).tells_requests
    assert not Settings.from_environ({}).tells_requests
    assert Settings.from_environ(asked).tells_requests


def test_production_refuses_debug_mode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    with pytest.raises(BadSettings, match="debugging"):
        Settings.from_environ(PRODUCTION)


def test_the_secret_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    settings = Settings.from_environ({"CONSULT_INSTANCE": str(tmp_path / "new")})
    first = settings.key
    assert len(first) >= 32
    assert Settings(instance=str(tmp_path / "new")).key == first
    assert stat.S_IMODE((tmp_path / "new" / "secret_key").stat().st_mode) == 0o600
