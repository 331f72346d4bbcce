"""compose.yaml is read, its settings are ours and go together, and what it mounts is there. No container is started."""

from __future__ import annotations

import re
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from consult.settings import Settings

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "compose.yaml").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
EXAMPLE = dict(
    line.split("=", 1) for line in (ROOT / "deploy/example.env").read_text("utf-8").splitlines() if line[:1] not in "#"
)


def filled(value: str) -> str:
    """With what somebody would have put into .env."""
    return re.sub(r"\$\{(\w+):\?\}", lambda found: EXAMPLE[found[1]] or "0123456789abcdef" * 3, value)


def test_all_the_machines_are_there() -> None:
    services = COMPOSE["services"]
    assert {name: services[name]["deploy"]["replicas"] for name in ("web", "work")} == {"web": 2, "work": 2}
    assert {"proxy", "migrate", "primary", "replica", "pooler", "cache", "files"} < services.keys()
    for service in services.values():
        after = service.get("depends_on", ())
        assert set(after) <= services.keys()
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            assert (ROOT / source).is_file() if source.startswith("./") else source in COMPOSE["volumes"]


@pytest.mark.parametrize("service", ["web", "work", "migrate"])
def test_its_settings_are_ours_and_nothing_is_missing(service: str) -> None:
    given = {name: filled(value) for name, value in COMPOSE["services"][service]["environment"].items()}
    settings = Settings(**{name.removeprefix("CONSULT_").lower(): value for name, value in given.items()})
    told = [problem for problem in settings.problems() if "consult[s3]" not in problem]  # it is in the image
    assert told == []


def test_each_secret_has_a_place_to_be_filled_in() -> None:
    assert set(re.findall(r"\$\{(\w+)", TEXT)) == set(EXAMPLE)


@pytest.mark.parametrize("script", sorted((ROOT / "deploy").glob("*.sh")), ids=lambda path: path.name)
def test_its_scripts_can_be_read_by_a_shell(script: Path) -> None:
    assert subprocess.run(["sh", "-n", script], check=False).returncode == 0
    assert script.stat().st_mode & stat.S_IXUSR
