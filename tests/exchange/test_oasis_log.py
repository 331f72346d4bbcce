"""Reading an OASIS resolution log: what is in the real ones, and what every other file is told."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from consult.core.text import markdown
from consult.debate.models import DISPOSITIONS
from consult.exchange.importers import READERS
from consult.exchange.importers.oasis_log import COLUMNS, named_clauses, read
from consult.exchange.importers.oasis_words import OURS, code_for
from consult.exchange.importers.table import CommentRow, WrongFile
from consult.outcomes.models import CHANGE_CLASSES
from tests.lengths import examples

from .conftest import FIRST

HEAD = "| " + " | ".join(COLUMNS) + " |\n| " + " | ".join(["---"] * 7) + " |\n"


def one_row(line: str) -> CommentRow:
    """The first row of a log with this line."""
    return read((HEAD + line).encode()).rows[0]


def row(**cells: str) -> CommentRow:
    """A good row, with some cells replaced."""
    good = {
        "item": "[7](https://groups.oasis-open.org/x)", "day": "2025-06-10", "who": "Art Manion",
        "what": "[Typo](https://github.com/oasis-tcs/x/issues/1)", "acknowledged": "2025-07-18",
        "resolution": "[Fix typo](https://github.com/oasis-tcs/x/pull/2)", "word": "Completed",
    }  # fmt: skip
    return one_row("| " + " | ".join((good | cells).values()) + " |")


def test_the_real_log_has_43_comments_each_with_its_answer(log: bytes) -> None:
    found = read(log)
    assert found.title == "Common Security Advisory Framework Version 2.1"
    assert found.reference.endswith("/csd01/csaf-v2.1-csd01.html")
    assert [r.external_id for r in found.rows] == [str(n) for n in range(1, 44)]
    assert not [r.problem for r in found.rows if r.problem]
    assert Counter(r.answer.code for r in found.rows if r.answer) == {
        "accepted": 33, "accepted_modified": 1, "rejected": 2, "noted": 2, "deferred": 3, "duplicate": 2,
    }  # fmt: skip


def test_the_second_log_has_14_comments_and_one_waits(second_log_file: Path) -> None:
    rows = read(second_log_file.read_bytes()).rows
    assert len(rows) == 14
    assert [r.external_id for r in rows if r.answer is None] == ["14"]
    assert rows[13].remarks == ("The log has no disposition for it yet.",)
    assert rows[5].body.startswith("[\\[CWE-A\\] link malformed](https://")


@pytest.mark.parametrize(
    ("item", "author", "day", "clauses", "code"),
    [
        ("1", "Stefan Hagen", date(2025, 6, 10), (), "noted"),
        ("3", "Thomas Schmidt", date(2025, 6, 10), ("3.2.4.10.1",), "accepted"),
        ("8", "Justin Murphy", date(2025, 6, 11), ("3.1", *(f"3.1.1.{n}" for n in range(1, 6))), "accepted"),
        ("13", "Justin Murphy", date(2025, 6, 16), ("3",), "accepted"),
        ("15", "Justin Murphy", date(2025, 6, 16), ("3.1.3.3.4",), "rejected"),
        ("24", "Michael Hoover", date(2025, 6, 17), (), "deferred"),
        ("27", "Nick Leali", date(2025, 6, 18), (), "accepted"),  # "CVSS v4.0" is no clause
        ("36", "Bernhard Reiter", date(2025, 7, 2), (), "accepted_modified"),
        ("41", "Sonny van Lingen", date(2025, 7, 6), (), "accepted"),  # "CSAF 2.1" is no clause
        ("42", "Sonny van Lingen", date(2025, 7, 6), ("C",), "duplicate"),
    ],
)
def test_an_item_says_who_when_where_and_what_became_of_it(
    log: bytes, item: str, author: str, day: date, clauses: tuple[str, ...], code: str
) -> None:
    found = next(r for r in read(log).rows if r.external_id == item)
    assert found.answer is not None
    assert (found.author, found.received_on, found.clauses, found.answer.code) == (author, day, clauses, code)


def test_words_stay_those_of_the_log_with_their_links(log: bytes) -> None:
    found = read(log).rows[2]
    assert found.body == "[3.2.4.10.1: unnecessary line break](https://github.com/oasis-tcs/csaf/issues/1036)"
    assert found.source_note == "OASIS CSAF TC resolution log, item 3, announced by Stefan Hagen"
    assert found.source_url.startswith("https://groups.oasis-open.org/discussion/")
    assert found.answer is not None
    assert found.answer.observation.endswith("](https://github.com/oasis-tcs/csaf/pull/1108)")
    assert found.answer.decided_on == date(2025, 8, 27)


def test_a_duplicate_names_the_first_item_settled_by_the_same_change(log: bytes) -> None:
    targets = {r.external_id: r.answer.duplicate_of for r in read(log).rows if r.answer and r.answer.duplicate_of}
    assert targets == {"32": "21", "42": "2"}


def test_a_duplicate_of_nothing_is_noted_and_said() -> None:
    found = row(resolution="Classified as duplicate")
    assert found.answer is not None
    assert found.answer.code == "noted"
    assert "without naming of what" in found.remarks[0]


@pytest.mark.parametrize(
    ("word", "resolution", "ours"),
    [
        ("Completed", "Fixed", "accepted"),
        ("completed", "Done, but only in part", "accepted_modified"),
        ("Completed", "Classified as duplicate, fixed through #3", "duplicate"),
        ("No change required", "Treated as user question", "noted"),
        ("No change required", "Tracked for future consideration", "deferred"),
        ("No change required", "No change, as suggestion contradicts overall structure", "rejected"),
        ("No change by the TC needed.", "Replaced by staff", "noted"),
        ("Elaborated", "", None),
    ],
)
def test_the_crosswalk(word: str, resolution: str, ours: str | None) -> None:
    assert code_for(word, resolution) == ours
    assert set(OURS) <= set(DISPOSITIONS)


def test_an_unknown_word_waits_for_an_answer() -> None:
    found = row(word="Withdrawn by chair")
    assert found.answer is None
    assert found.remarks == ("The log's word 'Withdrawn by chair' has no counterpart here, so it waits for an answer.",)


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("6.3.12: Clarify", ("6.3.12",)),
        ("C3.2.4.8 Vulnerabilities", ("3.2.4.8",)),
        ("9.1.5 + 9.1.18: clarify", ("9.1.5", "9.1.18")),
        ("3.1.1.1 - 3.1.1.3 Type", ("3.1.1.1", "3.1.1.2", "3.1.1.3")),
        ("language in 3. Schema Elements", ("3",)),
        ("Appendix A. Acknowledgements", ("A",)),
        ("SSVC 2.0.0 and CVSS v4.0 and CSAF 2.1", ()),
        ("see https://example.org/1.2/3.4", ()),
        ("9.9.1 - 9.9.999", ("9.9.1", "9.9.999")),
        ("", ()),
    ],
)
def test_clauses_are_found_where_they_are_named(text: str, labels: tuple[str, ...]) -> None:
    assert named_clauses(text) == labels


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "This file is empty"),
        (b"  \n\n ", "This file is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not text in UTF-8"),
        (b"PK\x03\x04\x00\x00", "binary"),
        (b"# A letter\n\nDear all,", "no table"),
        (b"| a | b |\n|---|---|\n| 1 | 2 |\n", "has the columns a, b; an OASIS resolution log has item #, date"),
        (HEAD.encode(), "no rows"),
        (HEAD.encode() + b"| 1 |\n" * 5_001, "5,001 rows"),
        (b"a" * 2_000_001, "2,000,001 bytes"),
    ],
)
def test_another_file_is_told_in_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(WrongFile, match=sentence) as caught:
        read(data)
    assert caught.value.field == "file"


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"item": "seven"}, "has no item number, but 'seven'"),
        ({"item": ""}, "has no item number"),
        ({"day": "10 June"}, "Item 7 has the date '10 June'"),
        ({"day": "2025-02-30"}, "Item 7 has the date '2025-02-30'"),
        ({"day": ""}, "Item 7 has the date ''"),
        ({"acknowledged": "soon"}, "Item 7 was acknowledged on 'soon'"),
        ({"what": ""}, "Item 7 has no description"),
        ({"what": "x" * 20_001}, "more than 20,000 characters"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(cells: dict[str, str], sentence: str) -> None:
    assert sentence in row(**cells).problem


def test_a_row_with_other_cells_says_so_and_the_rest_is_read() -> None:
    data = HEAD + "| 1 | 2 |\n| 2 | 2025-06-10 | SH | Something | | | |\n"
    first, second = read(data.encode()).rows
    assert first.problem == "Line 3 has 2 cells where seven are needed."
    assert (second.external_id, second.problem) == ("2", "")


def test_links_that_are_not_https_are_words_only() -> None:
    found = row(what="[Click](javascript:alert)", resolution="[Fix](http://example.org)")
    assert found.body == "Click"
    assert "href" not in markdown(row(what="[Click](javascript:alert(1))").body)
    assert found.answer is not None
    assert found.answer.observation == "Fix"


REAL = FIRST.read_bytes()


@settings(max_examples=examples(60), deadline=None)
@given(st.data())
def test_a_damaged_log_is_read_or_refused_and_never_a_crash(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(REAL) - 1))
    cut = data.draw(st.integers(0, 400))
    put = data.draw(
        st.one_of(st.binary(max_size=40), st.sampled_from([b"|", b"[", b"](", b"\\|", b"\n", b"\x00", b"`"]))
    )
    _reads_or_refuses(REAL[:at] + put + REAL[at + cut :])


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.text(alphabet="|[]()\\ -.`*#0123456789Caé\n", max_size=60), min_size=1, max_size=8))
@example(["[" * 60, "[]" * 30, "[a](" * 15])
def test_any_rows_below_the_heading_are_read(lines: list[str]) -> None:
    _reads_or_refuses((HEAD + "\n".join(f"| {line} |" for line in lines)).encode())


def _reads_or_refuses(data: bytes) -> None:
    try:
        found = READERS["oasis-log"](data)
    except WrongFile:
        return
    for r in found.rows:
        assert r.problem or (r.external_id and r.body and r.received_on)
        if r.answer is not None:
            assert r.answer.code in DISPOSITIONS
            assert r.answer.change_class in CHANGE_CLASSES
            assert r.answer.observation
