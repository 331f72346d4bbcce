"""The settings as they are now, without anything secret in them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from consult.core.records import Record
from consult.settings import PREFIX, Settings

SECRET = ("secret", "password", "token", "key")


class Setting(Record):
    """One setting: its variable, what it is now (a secret: only whether it is set), from where, and what it means."""

    name: str
    value: str
    source: str
    meaning: str


def settings_now(settings: Settings, environ: Mapping[str, str]) -> list[Setting]:
    """Every setting in the order of docs/settings.md."""
    return [
        Setting(
            name, _shown(name, str(getattr(settings, _key(name)))), _source(name, default, settings, environ), meaning
        )
        for name, default, meaning in Settings.described()
    ]


def _key(name: str) -> str:
    return name.removeprefix(PREFIX).lower()


def _source(name: str, default: str, settings: Settings, environ: Mapping[str, str]) -> str:
    if name in environ:
        return f"variable {name}"
    return "default" if str(getattr(settings, _key(name))) == default else "given at start"


def _shown(name: str, value: str) -> str:
    if any(part in SECRET for part in _key(name).split("_")):
        return "set" if value else "not set"
    return _without_credentials(value) if "://" in value else value or "not set"


def _without_credentials(address: str) -> str:
    """An address without name, password and whatever stands after a question mark."""
    try:
        parts = urlsplit(address)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "set"
    who = "(name and password)@" if "@" in parts.netloc else ""
    return f"{parts.scheme}://{who}{parts.hostname or ''}{port}{parts.path}"
