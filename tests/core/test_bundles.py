"""Several behaviours as one file: each once, with what it imports, and nothing else that could be asked for."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from flask import Flask

from consult.core.bundles import FOLDER, bundle, names_of
from consult.core.paths import STATIC

FILES = {path.relative_to(STATIC).as_posix(): path.read_bytes() for path in STATIC.rglob("*.js")}
NAMES = sorted(path.removeprefix(FOLDER).removesuffix(".js") for path in FILES if path.startswith(FOLDER))


def test_what_is_shared_is_there_once_and_before_what_needs_it() -> None:
    text = bundle(["autosave", "sent"], FILES).decode()
    assert text.count('const KEPT = "consult.kept "') == 1
    places = [text.index(part) for part in ("const KEPT", "function autosave(", "function sent(", "export default {")]
    assert all(a < b for a, b in pairwise(places))
    assert "const { accept } = module0;" in text


@pytest.mark.parametrize("other", NAMES)
def test_every_behaviour_can_be_part_of_one(other: str) -> None:
    """All imports and exports are of the kinds that are understood; only main.js stays outside."""
    text = bundle(sorted({"preview", other}), FILES).decode()
    left = re.findall(r"^(?:import|export)\b.*$", text, re.MULTILINE)
    assert [line for line in left if line != 'import { liven } from "../main.js";'] == [left[-1]]
    assert left[-1].startswith("export default {")
    assert f'"{other}": module' in left[-1]


def test_only_what_is_there_in_order_is_served(app: Flask) -> None:
    client = app.test_client()
    home = client.get("/").get_data(as_text=True)
    found = re.search(r'src="(/assets/[^"]+/js/)main.js"', home)
    assert found
    answer = client.get(f"{found[1]}behaviours/peek+quote.js")
    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
    assert "immutable" in answer.headers["Cache-Control"]
    for wrong in ("quote+peek", "peek+peek", "peek+nothing", "peek+../kept", "peek+", "+peek", "peek+quote+"):
        assert client.get(f"{found[1]}behaviours/{wrong}.js").status_code == 404, wrong
    assert names_of("js/peek+quote.js", FILES) == []
