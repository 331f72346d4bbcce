"""The examples of the CommonMark specification: each is read without a fault, and its words are kept."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from consult.core.errors import Invalid
from consult.core.text import plain
from consult.documents.importers.markdown import parse

EXAMPLES = json.loads((Path(__file__).parent.parent / "data" / "commonmark-spec" / "spec.json").read_text("utf-8"))
SECTIONS = sorted({example["section"] for example in EXAMPLES})
# Raw HTML is cleaned, pictures become their words, and what is set apart by ids or footnotes is ours.
APART = {"HTML blocks", "Raw HTML", "Images", "Entity and numeric character references", "Backslash escapes"}


@pytest.mark.parametrize("section", SECTIONS)
def test_examples_keep_their_words(section: str) -> None:
    for example in (e for e in EXAMPLES if e["section"] == section):
        try:
            draft = parse(example["markdown"])
        except Invalid:
            continue  # nothing but marks, which the specification has many of
        assert len({u.key for u in draft.units}) == len(draft.units)
        if section in APART or "<" in example["markdown"]:
            continue
        expected = set(re.findall(r"\w+", plain(re.sub(r"(</\w+>|<\w+ ?/?>)", r"\1 ", example["html"]))))
        found = set(re.findall(r"\w+", " ".join(f"{u.label} {u.own_label} {u.text}" for u in draft.units)))
        joined = "".join(found)
        missing = {word for word in expected - found if word not in joined}
        if "![" not in example["markdown"]:
            assert not missing, example["markdown"]
