"""The oldest versions of what Consult is built on that it starts with, and why no older ones.

`pyproject.toml` asks for as much when Consult is installed; an installation that was mended by hand, or that takes
libraries from the system, is told here. SQLite is not in the list: an old one is used in a mode that is safe with it.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

from packaging.version import Version

FLOORS: dict[str, tuple[str, str]] = {
    "flask": ("3.1.3", "pages of signed-in people could be kept by a shared cache (CVE-2026-27205)"),
    "werkzeug": ("3.1.6", "forms in many parts could take all memory, and file names could name devices (CVE-2026-27199)"),
    "jinja2": ("3.1.6", "names of attributes in a template were not checked before 3.1.4 (CVE-2024-22195, CVE-2024-34064)"),
    "markdown-it-py": ("4.3", "our rules for Markdown are tested with this one; before 2.2 a text could break it (CVE-2023-26303)"),
    "nh3": ("0.3.8", "what cleans HTML is tested with this one against our collection of attacks"),
    "lxml": ("6.1", "files people send are read with it, without entities and without the network, as tested with this one"),
    "cryptography": ("48", "secrets of apps for codes are sealed with it"),
    "authlib": ("1.6.11", "what a sign-in by OpenID is compared with could be forged (CVE-2025-68158, CVE-2026-28802)"),
    "argon2-cffi": ("25.1", "passwords are kept with it"),
}  # fmt: skip


OPTIONAL = ("authlib",)  # asked for by an extra; where it is not installed nothing needs it


def problems(installed: Callable[[str], str] = version) -> list[str]:
    """A sentence for each library that is too old; `installed` tells the version of one."""
    found = {name: _version(installed, name) for name in FLOORS}
    return [
        f"{name} {found[name]} is too old, Consult needs {floor} or newer: {why}."
        for name, (floor, why) in FLOORS.items()
        if Version(found[name] or floor) < Version(floor)
    ]


def _version(installed: Callable[[str], str], name: str) -> str:
    """The version of a library; empty for one that nothing needs and that is not there."""
    try:
        return installed(name)
    except PackageNotFoundError:
        if name not in OPTIONAL:
            raise
        return ""
