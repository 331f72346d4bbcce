"""A draft as Markdown, and that reading it gives the same clauses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from consult.core.paths import PACKAGE
from consult.core.rules import SYSTEM
from consult.core.text import clean
from consult.documents import operations
from consult.documents.cli import draft
from consult.documents.exporters.held import addresses
from consult.documents.exporters.markdown import write
from consult.documents.importers import read
from consult.documents.importers.readers import parse
from consult.documents.parsed import ParsedDraft, Unit
from tests.make import Make

DATA = Path(__file__).parents[1] / "data"
DEMO = PACKAGE / "demo" / "data"
FILES = sorted(
    path
    for folder in (DATA, DEMO / "csaf-2.1", DEMO / "eu-ai-act")
    for path in folder.rglob("*")
    if path.suffix in (".md", ".txt", ".html", ".xml", ".docx", ".odt") and path.name != "README.md"
)
FIELDS = ("key", "kind", "label", "own_label", "title", "text", "is_heading", "parent", "depth")
AROUND_BLOCKS = re.compile(
    r"\s*(</?(?:p|li|ul|ol|dl|dt|dd|table|thead|tbody|tfoot|tr|td|th|blockquote|pre|figure|figcaption|caption|section"
    r"|br|code)\b[^>]*>)\s*"
)
AROUND_ALL = re.compile(r"^<p>((?:(?!<p>).)*)</p>$|(?<=<blockquote>)<p>((?:(?!<p>).)*)</p>(?=</blockquote>)", re.DOTALL)


def said(unit: Unit) -> dict[str, Any]:
    return {name: getattr(unit, name) for name in FIELDS}


def shown(html: str) -> str:
    """HTML as docs/data-formats.md promises it: but for blanks beside blocks, and the paragraph around a whole."""
    html = AROUND_BLOCKS.sub(r"\1", re.sub(r"\s+", " ", clean(html, with_pictures=True))).strip()
    return AROUND_ALL.sub(lambda match: match[1] or match[2] or "", html)


def assert_same(before: Sequence[Unit], after: Sequence[Unit]) -> None:
    assert [said(unit) for unit in after] == [said(unit) for unit in before]
    assert [shown(unit.html) for unit in after] == [shown(unit.html) for unit in before]


def again(parsed: ParsedDraft) -> ParsedDraft:
    """What is read from its Markdown; that Markdown is written of it once more, byte for byte."""
    text = write(parsed.title, parsed.units, parsed.metadata, addresses(parsed.pictures.items()))
    found = read(text)
    assert found.format == "markdown"
    assert found.title == parsed.title
    assert found.pictures == parsed.pictures
    assert write(found.title, found.units, found.metadata, addresses(found.pictures.items())) == text
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_real_draft_comes_back_as_the_same_clauses(path: Path) -> None:
    parsed = parse(path.read_bytes(), path.name)
    assert_same(parsed.units, again(parsed).units)


ACT_TEXT = """# Act {#act}

## Article 5 Duties

{: .paragraph label="5(1)" mark="1."}
A provider keeps a card, see [the scope](#scope).[^1]

- {: #article-5-1-a label="5(1)(a)" mark="(a)"}
  what it is for;

## Scope

```
code  kept
```

[^1]: A note.
"""


def test_a_long_id_is_cut_as_ever_and_one_that_is_said_to_be_the_key_stays_whole() -> None:
    name = "-".join(["word"] * 20)
    found = read(f'# A {{#{name}}}\n\n# B {{key="{name}"}}\n\n{{: key="{name}-p1"}}\nWords.\n').units
    assert [unit.key for unit in found] == [name[:80].strip("-"), name, f"{name}-p1"]


@pytest.fixture
def slug(app: Flask, make: Make) -> str:
    row = make.consultation("published")
    with app.app_context():
        version = operations.import_version(
            actor=SYSTEM, consultation=row, parsed=read(ACT_TEXT), source_name="act.md", source=ACT_TEXT.encode()
        )
        operations.freeze_version(actor=SYSTEM, version=version)
    return row.slug


def test_attributes_say_what_a_unit_is_called_and_cited_by() -> None:
    found = {unit.key: unit for unit in read(ACT_TEXT).units}
    assert found["5-1"].label == "5(1)"
    assert (found["5-1"].kind, found["5-1"].own_label) == ("paragraph", "1.")
    assert (found["article-5-1-a"].label, found["article-5-1-a"].own_label) == ("5(1)(a)", "(a)")
    assert found["article-5-1-a"].text == "what it is for;"


def test_whoever_reads_a_version_gets_it_as_markdown(slug: str, app: Flask) -> None:
    client = app.test_client()
    answer = client.get(f"/c/{slug}/v1/text.md")
    assert answer.content_type == "text/markdown; charset=utf-8"
    assert_same(read(ACT_TEXT).units, read(answer.text).units)
    kept = client.get(f"/c/{slug}/v1/text.md", headers={"If-None-Match": answer.headers["ETag"]})
    assert (kept.status_code, kept.data) == (304, b"")
    assert f'href="/c/{slug}/v1/text.md"' in client.get(f"/c/{slug}/v1/print").text
    assert client.get(f"/c/{slug}/v2/text.md").status_code == 404


def test_an_unpublished_version_is_not_there_for_others(app: Flask, make: Make) -> None:
    row = make.consultation("draft")
    with app.app_context():
        operations.import_version(
            actor=SYSTEM, consultation=row, parsed=read(ACT_TEXT), source_name="act.md", source=ACT_TEXT.encode()
        )
    assert app.test_client().get(f"/c/{row.slug}/v1/text.md").status_code == 404


def test_the_command_prints_what_the_command_reads(slug: str, app: Flask, tmp_path: Path) -> None:
    run = app.test_cli_runner().invoke
    done = run(draft, ["export", "--consultation", slug, "--version", "1"])
    assert done.exit_code == 0, done.output
    file = tmp_path / "act.md"
    file.write_text(done.stdout)
    assert run(draft, ["import", "--consultation", "another", str(file)]).exit_code == 0
    assert run(draft, ["export", "--consultation", "another"]).stdout == done.stdout
    assert "no such version" in run(draft, ["export", "--consultation", slug, "--version", "9"]).output
